//! JPEG: a row of segments, of which the last ones carry the pixels.

use super::Stripped;
use image::metadata::Orientation;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const COMMENT: u8 = 0xfe;

/// Keeps the tables, the pixels, the colour profile and what says how to read the colours. `None` when it is no JPEG.
pub(super) fn strip(jpeg: &[u8]) -> Option<Stripped> {
    let mut rest = jpeg.strip_prefix(&[0xff, START])?;
    let mut bytes = Vec::with_capacity(jpeg.len());
    bytes.extend([0xff, START]);
    let mut size = None;
    let mut orientation = None;
    let mut scans = 0;
    while let Some(marker) = next_marker(&mut rest) {
        match marker {
            END => break,
            // Markers without a segment have no business here.
            0x01 | 0xd0..=0xd7 => continue,
            START => return None,
            _ => {}
        }
        let segment = segment(&mut rest)?;
        match marker {
            0xe0 if segment.starts_with(b"JFIF\0") => {
                // It may hold a preview, which shows what has been cut off the photo.
                keep(&mut bytes, marker, &[segment.get(..12)?, &[0, 0]].concat());
            }
            0xe1 if segment.starts_with(b"Exif\0") => {
                orientation = orientation.or(segment.get(6..).and_then(Orientation::from_exif_chunk));
            }
            0xe2 if segment.starts_with(b"ICC_PROFILE\0") => keep(&mut bytes, marker, segment),
            0xee if segment.starts_with(b"Adobe") => keep(&mut bytes, marker, segment.get(..12)?),
            0xe0..=0xef | COMMENT => {}
            SCAN => {
                keep(&mut bytes, marker, segment);
                bytes.extend(scan(&mut rest));
                scans += 1;
            }
            _ => {
                if let Some(found) = frame_size(marker, segment)
                    && size.replace(found).is_some()
                {
                    return None;
                }
                keep(&mut bytes, marker, segment);
            }
        }
    }
    // Some end too early; browsers show what there is, and so does this.
    bytes.extend([0xff, END]);
    let (width, height) = size.filter(|_| scans > 0)?;
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Some(Stripped { bytes, width, height, orientation, animated: false })
}

/// The next marker. What is not a segment in between is left out.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    loop {
        let at = rest.iter().position(|byte| *byte == 0xff)?;
        rest.split_off(..=at)?;
        match *rest.first()? {
            0xff => {}
            0x00 => drop(rest.split_off_first()),
            marker => {
                rest.split_off_first()?;
                return Some(marker);
            }
        }
    }
}

/// What a segment holds: it begins with its length, which counts itself.
fn segment<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    rest.split_off(..len)?.get(2..)
}

fn keep(bytes: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    // What came out of a segment, or is shorter, fits into one.
    let len = u16::try_from(segment.len() + 2).unwrap_or(u16::MAX);
    bytes.extend([0xff, marker]);
    bytes.extend(len.to_be_bytes());
    bytes.extend(segment);
}

/// Width and height, if this is the segment that has them.
fn frame_size(marker: u8, segment: &[u8]) -> Option<(u32, u32)> {
    if !matches!(marker, 0xc0..=0xcf) || matches!(marker, 0xc4 | 0xc8 | 0xcc) {
        return None;
    }
    let side = |at| segment.get(at..)?.first_chunk().map(|side| u32::from(u16::from_be_bytes(*side)));
    Some((side(3)?, side(1)?))
}

/// Pixels, up to the next marker that is not one of those within pixels.
fn scan<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = rest
        .array_windows()
        .position(|[first, second]| *first == 0xff && !matches!(second, 0x00 | 0xff | 0xd0..=0xd7))
        .unwrap_or(rest.len());
    rest.split_off(..end).unwrap_or_default()
}
