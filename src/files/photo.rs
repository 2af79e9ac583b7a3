//! Photos of people: a small square picture made of whatever picture was sent.

use super::error::Rejected;
use super::picture::pixels_in_turn;
use super::sniff::sniff;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};

/// Width and height of a photo, in pixels.
pub const PHOTO_PIXELS: u32 = 128;
/// What every photo is stored and served as.
pub const PHOTO_MIME: &str = "image/jpeg";
/// Of 100.
const QUALITY: u8 = 85;

/// Makes a photo: the middle of the picture, upright, on white where it is transparent, written anew as JPEG. Only the
/// pixels are kept; so nothing goes along that came with or behind them. It has at most some 20 KB.
///
/// # Errors
/// [`Rejected`] for what is no picture that browsers show, is broken or too large; of an animation the first frame is
/// taken.
pub async fn photo_in_turn(bytes: Vec<u8>) -> Result<Vec<u8>, Rejected> {
    const NAME: &str = "photo";
    let kind = sniff(&bytes, NAME)?;
    if !kind.inline {
        return Err(Rejected::TypeNotAllowed { name: NAME.to_owned() });
    }
    pixels_in_turn(kind, bytes, square).await
}

fn square(picture: &DynamicImage) -> Result<Vec<u8>, Rejected> {
    let side = picture.width().min(picture.height());
    // Cut before it is scaled: a line of one pixel would become one of 128, and as much longer.
    let middle = picture.crop_imm((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
    let small = middle.resize_exact(PHOTO_PIXELS, PHOTO_PIXELS, FilterType::CatmullRom).to_rgba8();
    let on_white = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        // At most 255.
        ((colour * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    let flat = RgbImage::from_fn(small.width(), small.height(), |x, y| {
        let [red, green, blue, alpha] = small.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|colour| on_white(colour, alpha)))
    });
    let mut bytes = Vec::new();
    flat.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).map_err(|_| Rejected::BrokenPicture)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};
    use std::io::Cursor;

    fn png(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
        let picture = RgbaImage::from_fn(width, height, |x, y| Rgba(colour(x, y)));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn read(photo: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(photo, ImageFormat::Jpeg).unwrap().to_rgb8()
    }

    #[tokio::test]
    async fn the_middle_of_a_picture_becomes_a_small_square() {
        // Red at the left and at the right, blue in the middle.
        let wide = png(400, 100, |x, _| if (150..250).contains(&x) { [0, 0, 255, 255] } else { [255, 0, 0, 255] });
        let photo = read(&photo_in_turn(wide).await.unwrap());
        assert_eq!(photo.dimensions(), (PHOTO_PIXELS, PHOTO_PIXELS));
        for (x, y) in [(8, 8), (64, 64), (120, 120)] {
            let [red, _, blue] = photo.get_pixel(x, y).0;
            assert!(red < 40 && blue > 215, "{x}, {y}");
        }
        for (width, height) in [(1, 60_000), (60_000, 1)] {
            let line = photo_in_turn(png(width, height, |_, _| [9, 9, 9, 255])).await.unwrap();
            assert_eq!(read(&line).dimensions(), (PHOTO_PIXELS, PHOTO_PIXELS));
        }
        let tiny = photo_in_turn(png(1, 1, |_, _| [9, 9, 9, 255])).await.unwrap();
        assert_eq!(read(&tiny).dimensions(), (PHOTO_PIXELS, PHOTO_PIXELS));
    }

    #[tokio::test]
    async fn what_is_transparent_is_white() {
        let photo = read(&photo_in_turn(png(10, 10, |_, _| [0, 0, 0, 0])).await.unwrap());
        assert!(photo.get_pixel(64, 64).0.iter().all(|colour| *colour > 250));
    }

    #[tokio::test]
    async fn nothing_goes_along_with_the_pixels() {
        const PAYLOAD: &[u8] = b"<script>alert(1)</script>";
        let mut both = png(300, 300, |x, y| [x as u8, y as u8, 0, 255]);
        both.extend_from_slice(PAYLOAD);
        let photo = photo_in_turn(both).await.unwrap();
        assert!(!photo.windows(PAYLOAD.len()).any(|bytes| bytes == PAYLOAD));
        assert!(photo.len() < 20_000);
    }

    #[tokio::test]
    async fn only_pictures_are_taken() {
        assert_eq!(photo_in_turn(Vec::new()).await, Err(Rejected::Empty));
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for other in [svg.as_slice(), b"%PDF-1.7\n", b"<html><body>hello</body></html>", b"\x7fELF\x02\x01\x01"] {
            assert!(matches!(photo_in_turn(other.to_vec()).await, Err(Rejected::TypeNotAllowed { .. })));
        }
        let mut cut = png(300, 300, |x, y| [x as u8, y as u8, 7, 255]);
        cut.truncate(cut.len() / 2);
        assert_eq!(photo_in_turn(cut).await, Err(Rejected::BrokenPicture));
    }
}
