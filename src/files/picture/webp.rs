//! WebP: a RIFF file, that is chunks with names of four letters, some with chunks inside.

use super::Stripped;
use image::metadata::Orientation;

/// What a viewer needs: features, pixels, transparency, colours, animation.
const KEPT: &[&[u8]] = &[b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Flags of the features in `VP8X`.
const HAS_ANIMATION: u8 = 0x02;
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;

/// Bytes of a frame of an animation before the chunks in it.
const FRAME_HEAD: usize = 16;

/// Keeps the chunks in [`KEPT`], also inside of frames. `None` when it is no WebP, or one that ends too early.
pub(super) fn strip(webp: &[u8]) -> Option<Stripped> {
    let riff = webp.strip_prefix(b"RIFF")?;
    let len = usize::try_from(u32::from_le_bytes(*riff.first_chunk()?)).ok()?;
    let mut rest = riff.get(4..)?.get(..len)?.strip_prefix(b"WEBP")?;
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut size = None;
    let mut orientation = None;
    let mut animated = false;
    while !rest.is_empty() {
        let (name, content) = chunk(&mut rest)?;
        match name {
            b"VP8X" => {
                let mut content = content.to_vec();
                let flags = content.first_mut()?;
                animated = *flags & HAS_ANIMATION != 0;
                *flags &= !(HAS_EXIF | HAS_XMP);
                size = size.or(Some((triple(&content, 4)? + 1, triple(&content, 7)? + 1)));
                keep(&mut bytes, name, &content)?;
            }
            b"ANMF" => keep(&mut bytes, name, &frame(content, size?)?)?,
            b"EXIF" => {
                let block = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
                orientation = orientation.or(Orientation::from_exif_chunk(block));
            }
            _ if KEPT.contains(&name) => {
                size = size.or_else(|| simple_size(name, content));
                keep(&mut bytes, name, content)?;
            }
            _ => {}
        }
    }
    let len = u32::try_from(bytes.len().checked_sub(8)?).ok()?;
    bytes.get_mut(4..8)?.copy_from_slice(&len.to_le_bytes());
    let (width, height) = size?;
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Some(Stripped { bytes, width, height, orientation, animated })
}

/// A frame with only those chunks that it needs, if it lies within the picture.
fn frame(content: &[u8], (width, height): (u32, u32)) -> Option<Vec<u8>> {
    let mut rest = content;
    let head = rest.split_off(..FRAME_HEAD)?;
    let within = |at, len, max| Some(triple(head, at)? * 2 + triple(head, len)? < max);
    if !(within(0, 6, width)? && within(3, 9, height)?) {
        return None;
    }
    let mut kept = head.to_vec();
    while !rest.is_empty() {
        let (name, content) = chunk(&mut rest)?;
        if matches!(name, b"VP8 " | b"VP8L" | b"ALPH") {
            keep(&mut kept, name, content)?;
        }
    }
    Some(kept)
}

/// The next chunk. One of odd length is followed by a byte that fills it up, which some leave out at the end.
fn chunk<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let name = rest.split_off(..4)?;
    let len = usize::try_from(u32::from_le_bytes(*rest.split_off(..4)?.first_chunk()?)).ok()?;
    let content = rest.split_off(..len)?;
    if len % 2 == 1 {
        rest.split_off_first();
    }
    Some((name, content))
}

fn keep(bytes: &mut Vec<u8>, name: &[u8], content: &[u8]) -> Option<()> {
    bytes.extend(name);
    bytes.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    bytes.extend(content);
    if content.len() % 2 == 1 {
        bytes.push(0);
    }
    Some(())
}

/// Width and height of a picture without `VP8X`.
fn simple_size(name: &[u8], content: &[u8]) -> Option<(u32, u32)> {
    match name {
        b"VP8 " => {
            let side = |at| content.get(at..)?.first_chunk().map(|side| u32::from(u16::from_le_bytes(*side) & 0x3fff));
            Some((side(6)?, side(8)?))
        }
        b"VP8L" => {
            let sides = content.get(1..)?.first_chunk().map(|sides| u32::from_le_bytes(*sides))?;
            Some(((sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// A number of three bytes.
fn triple(bytes: &[u8], at: usize) -> Option<u32> {
    let [low, middle, high] = *bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([low, middle, high, 0]))
}
