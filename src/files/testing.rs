//! Files for tests, made by hand.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// A picture whose left upper corner is red and whose other pixels differ from each other.
pub(super) fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut picture = RgbImage::from_fn(width, height, |x, y| Rgb([0, (x * 7) as u8, (y * 5) as u8]));
    for (x, y) in (0..width.min(16)).flat_map(|x| (0..height.min(16)).map(move |y| (x, y))) {
        picture.put_pixel(x, y, Rgb([255, 0, 0]));
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A TIFF block as cameras write it: the orientation, and a place (48° 12′ north) in a directory of its own.
pub(super) fn exif(orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, format: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &format.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let mut short = [0; 4];
    short[..2].copy_from_slice(&orientation.to_le_bytes());
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(2u16.to_le_bytes());
    block.extend(entry(0x0112, 3, 1, short));
    block.extend(entry(0x8825, 4, 1, 38u32.to_le_bytes()));
    block.extend(0u32.to_le_bytes());
    block.extend(2u16.to_le_bytes());
    block.extend(entry(1, 2, 2, *b"N\0\0\0"));
    block.extend(entry(2, 5, 3, 68u32.to_le_bytes()));
    block.extend(0u32.to_le_bytes());
    for (number, divisor) in [(48u32, 1u32), (12, 1), (0, 1)] {
        block.extend(number.to_le_bytes());
        block.extend(divisor.to_le_bytes());
    }
    block.extend(b"GPS-SECRET");
    block
}

/// An archive of empty files with these names.
pub(super) fn zip(names: &[&str]) -> Vec<u8> {
    let files: Vec<_> = names.iter().map(|name| (*name, &b""[..])).collect();
    archive(&files)
}

/// The smallest archive that passes for an OpenDocument file of this type.
pub(super) fn open_document(mime: &str) -> Vec<u8> {
    archive(&[("mimetype", mime.as_bytes()), ("META-INF/manifest.xml", b""), ("content.xml", b"")])
}

/// Stored without compression; the checksums are not right.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut content, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = content.len() as u32;
        let size = (bytes.len() as u32).to_le_bytes();
        let name_len = (name.len() as u16).to_le_bytes();
        let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &size, &size, &name_len, &[0, 0]].concat();
        content.extend([b"PK\x03\x04", &common[..], name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (start, size) = ((content.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let count = (files.len() as u16).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0, 0]].concat();
    content.into_iter().chain(directory).chain(end).collect()
}
