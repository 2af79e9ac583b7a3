//! Turning photos.

use super::Prepared;
use crate::files::error::Rejected;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageFormat};

/// Of 100: what is lost cannot be seen.
const JPEG_QUALITY: u8 = 88;

/// The picture as it is to be shown, written anew in the same format: JPEG with a little loss, the others without any.
pub(super) fn turn(
    format: ImageFormat,
    mut picture: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
) -> Result<Prepared, Rejected> {
    picture.apply_orientation(orientation);
    let profile = profile.filter(|profile| is_for(profile, &picture));
    let mut bytes = Vec::new();
    match format {
        ImageFormat::Jpeg => write(&picture, JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY), profile),
        ImageFormat::Png => write(&picture, PngEncoder::new(&mut bytes), profile),
        _ => write(&picture, WebPEncoder::new_lossless(&mut bytes), profile),
    }?;
    Ok(Prepared { bytes, dimensions: Some((picture.width(), picture.height())) })
}

fn write(picture: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<Vec<u8>>) -> Result<(), Rejected> {
    if let Some(profile) = profile {
        // Without its profile a picture is still that picture.
        let _ = encoder.set_icc_profile(profile);
    }
    picture.write_with_encoder(encoder).map_err(|_| Rejected::BrokenPicture)
}

/// Whether a colour profile fits the pixels. Photos for print are decoded to red, green and blue, and lose theirs.
fn is_for(profile: &[u8], picture: &DynamicImage) -> bool {
    let colours = if picture.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.get(16..20) == Some(colours)
}
