//! PNG: a row of chunks, each with a name of four letters.

use super::Stripped;
use image::metadata::Orientation;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What a viewer needs: pixels, transparency, colours, the size of a pixel, animation.
const KEPT: &[&[u8]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Keeps the chunks in [`KEPT`] as they are, with their checksums. `None` when it is no PNG, or one that ends too
/// early.
pub(super) fn strip(png: &[u8]) -> Option<Stripped> {
    let mut rest = png.strip_prefix(SIGNATURE)?;
    let mut bytes = Vec::with_capacity(png.len());
    bytes.extend(SIGNATURE);
    let mut size = None;
    let mut orientation = None;
    let mut animated = false;
    loop {
        let len = number(rest, 0)?;
        // Length, name and checksum are 12 bytes.
        let chunk = rest.split_off(..usize::try_from(len).ok()?.checked_add(12)?)?;
        let (name, content) = (chunk.get(4..8)?, chunk.get(8..chunk.len() - 4)?);
        match name {
            // It comes first, and once.
            b"IHDR" if size.is_none() => size = Some((number(content, 0)?, number(content, 4)?)),
            b"IHDR" => return None,
            b"fcTL" if !fits(content, size?) => return None,
            b"acTL" => animated = true,
            b"eXIf" => orientation = orientation.or(Orientation::from_exif_chunk(content)),
            _ => {}
        }
        if KEPT.contains(&name) {
            bytes.extend(chunk);
        } else if name.first()?.is_ascii_uppercase() {
            // Without what is critical and unknown, the rest may mean something else.
            return None;
        }
        if name == b"IEND" {
            let (width, height) = size?;
            let orientation = orientation.unwrap_or(Orientation::NoTransforms);
            return Some(Stripped { bytes, width, height, orientation, animated });
        }
    }
}

/// Whether a frame of an animation lies within the picture.
fn fits(frame: &[u8], (width, height): (u32, u32)) -> bool {
    let within = |len, at, max| Some(number(frame, at)?.checked_add(number(frame, len)?)? <= max);
    within(4, 12, width) == Some(true) && within(8, 16, height) == Some(true)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|number| u32::from_be_bytes(*number))
}
