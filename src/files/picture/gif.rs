//! GIF: a header, then frames with blocks between them.

use super::{Stripped, pixels};
use crate::files::limits::MAX_PIXELS;
use image::metadata::Orientation;

const EXTENSION: u8 = 0x21;
const FRAME: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// Says how long a frame is shown.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

/// Keeps the frames, how long each is shown, and how often all are. `None` when it is no GIF, or one that ends too
/// early. That it ends without its trailer happens, and is mended.
pub(super) fn strip(gif: &[u8]) -> Option<Stripped> {
    let mut rest = gif;
    let header = rest.split_off(..13)?;
    if !matches!(header.get(..6)?, b"GIF87a" | b"GIF89a") {
        return None;
    }
    let mut bytes = Vec::with_capacity(gif.len());
    bytes.extend(header);
    bytes.extend(rest.split_off(..palette(*header.get(10)?))?);
    let mut frames = 0;
    while let Some(block) = rest.split_off_first() {
        match *block {
            EXTENSION => {
                let label = *rest.split_off_first()?;
                let content = blocks(&mut rest)?;
                if let Some(needed) = needed(label, content) {
                    bytes.extend([EXTENSION, label]);
                    bytes.extend(needed);
                    bytes.push(0);
                }
            }
            FRAME => {
                let head = rest.split_off(..9)?;
                if pixels(side(head, 4)?, side(head, 6)?) > MAX_PIXELS {
                    return None;
                }
                bytes.push(FRAME);
                bytes.extend(head);
                bytes.extend(rest.split_off(..palette(*head.get(8)?))?);
                bytes.push(*rest.split_off_first()?);
                bytes.extend(blocks(&mut rest)?);
                frames += 1;
            }
            // Some have an empty block too many.
            0 => {}
            TRAILER => break,
            _ => return None,
        }
    }
    bytes.push(TRAILER);
    let (width, height) = (side(header, 6)?, side(header, 8)?);
    (frames > 0).then_some(Stripped {
        bytes,
        width,
        height,
        orientation: Orientation::NoTransforms,
        animated: frames > 1,
    })
}

/// What is to be kept of an extension: how long a frame is shown, or how often all are. Both have a fixed length.
fn needed(label: u8, content: &[u8]) -> Option<&[u8]> {
    let looping = || {
        let name = content.get(..12)?;
        let known = matches!(name, b"\x0bNETSCAPE2.0" | b"\x0bANIMEXTS1.0");
        content.get(..16).filter(|loops| known && loops.get(12..14) == Some(&[3, 1]))
    };
    match label {
        CONTROL => content.get(..5).filter(|control| control.starts_with(&[4])),
        APPLICATION => looping(),
        _ => None,
    }
}

/// Bytes of the palette that these flags announce.
fn palette(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Blocks, each of which begins with its length, up to and with the empty one that ends them.
fn blocks<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut len = 0;
    loop {
        let block = usize::from(*rest.get(len)?);
        len += 1 + block;
        if block == 0 {
            return rest.split_off(..len);
        }
    }
}

fn side(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|side| u32::from(u16::from_le_bytes(*side)))
}
