//! Pictures: proved to be some, and freed of what was not meant to be sent.
//!
//! Each format's file reads the structure of a picture and writes it again with only those parts that a viewer needs.
//! The pixels stay as they are, except for photos that are to be turned when shown: these are turned here, since what
//! says so is among the things that go. Everything behind the end of the picture goes too.

mod gif;
mod jpeg;
mod png;
#[cfg(test)]
mod tests;
mod upright;
mod webp;

use super::error::Rejected;
use super::kind::Kind;
use super::limits::MAX_PIXELS;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Pictures prepared at one time: each may take half a GB and a core for some seconds.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Memory for the pixels of one picture. Those with more than 8 bits per colour may have fewer of them.
const MAX_PIXEL_BYTES: u64 = MAX_PIXELS * 5;

/// A file as it is to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// They may be more than came, when a photo was turned.
    pub bytes: Vec<u8>,
    /// Width and height in pixels, as it is shown; only of pictures that browsers show.
    pub dimensions: Option<(u32, u32)>,
}

/// What a format's file makes of a picture.
struct Stripped {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    /// How the picture is to be turned when it is shown.
    orientation: Orientation,
    /// Of an animation only the first frame is ever decoded, so it cannot be turned.
    animated: bool,
}

/// Does the work of [`prepare`] off the async threads, for two pictures at a time.
///
/// # Errors
/// Those of [`prepare`].
pub async fn prepare_in_turn(kind: Kind, bytes: Vec<u8>) -> Result<Prepared, Rejected> {
    if format(kind).is_none() {
        return prepare(kind, bytes);
    }
    // It is never closed, and where a decoder panics the picture is to blame.
    let turn = TURNS.acquire().await.map_err(|_| Rejected::BrokenPicture)?;
    let work = move || {
        // Until it is done, also when nobody waits for it any more.
        let _turn = turn;
        prepare(kind, bytes)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Rejected::BrokenPicture)?
}

/// Takes from a picture what says where, when and with what it was taken (EXIF, XMP, comments, previews) and what
/// follows its end, and turns it upright. Colour profiles and animations stay. Other files are given back untouched,
/// with all that is in them.
///
/// Takes up to some seconds and half a GB for the largest photos: see [`prepare_in_turn`].
///
/// # Errors
/// [`Rejected::TooManyPixels`], found out before anything is decoded, and [`Rejected::BrokenPicture`].
pub fn prepare(kind: Kind, bytes: Vec<u8>) -> Result<Prepared, Rejected> {
    let Some(format) = format(kind) else { return Ok(Prepared { bytes, dimensions: None }) };
    let stripped = strip(format, &bytes)?;
    drop(bytes);
    let (picture, profile) = decode(format, &stripped.bytes)?;
    if (picture.width(), picture.height()) != (stripped.width, stripped.height) {
        return Err(Rejected::BrokenPicture);
    }
    if stripped.animated || stripped.orientation == Orientation::NoTransforms {
        return Ok(Prepared { bytes: stripped.bytes, dimensions: Some((stripped.width, stripped.height)) });
    }
    upright::turn(format, picture, stripped.orientation, profile)
}

/// Reads a picture as it is shown, off the async threads and in turn with others, and makes something of its pixels.
///
/// # Errors
/// Those of [`prepare`], and of `make`; [`Rejected::BrokenPicture`] for what is no picture.
pub async fn pixels_in_turn<T: Send + 'static>(
    kind: Kind,
    bytes: Vec<u8>,
    make: fn(&DynamicImage) -> Result<T, Rejected>,
) -> Result<T, Rejected> {
    let format = format(kind).ok_or(Rejected::BrokenPicture)?;
    let turn = TURNS.acquire().await.map_err(|_| Rejected::BrokenPicture)?;
    let work = move || {
        let _turn = turn;
        let stripped = strip(format, &bytes)?;
        let (mut picture, _) = decode(format, &stripped.bytes)?;
        if (picture.width(), picture.height()) != (stripped.width, stripped.height) {
            return Err(Rejected::BrokenPicture);
        }
        picture.apply_orientation(stripped.orientation);
        make(&picture)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Rejected::BrokenPicture)?
}

/// The format of pictures that browsers show.
fn format(kind: Kind) -> Option<ImageFormat> {
    match kind.mime {
        "image/png" => Some(ImageFormat::Png),
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

fn strip(format: ImageFormat, bytes: &[u8]) -> Result<Stripped, Rejected> {
    let stripped = match format {
        ImageFormat::Png => png::strip(bytes),
        ImageFormat::Jpeg => jpeg::strip(bytes),
        ImageFormat::Gif => gif::strip(bytes),
        _ => webp::strip(bytes),
    };
    let stripped = stripped.ok_or(Rejected::BrokenPicture)?;
    match pixels(stripped.width, stripped.height) {
        0 => Err(Rejected::BrokenPicture),
        pixels if pixels > MAX_PIXELS => Err(Rejected::TooManyPixels),
        _ => Ok(stripped),
    }
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The pixels, of an animation those of the first frame, and the colour profile.
fn decode(format: ImageFormat, bytes: &[u8]) -> Result<(DynamicImage, Option<Vec<u8>>), Rejected> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXEL_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let decoded = || {
        let mut decoder = reader.into_decoder()?;
        limits.reserve(decoder.total_bytes())?;
        decoder.set_limits(limits)?;
        let profile = decoder.icc_profile()?;
        Ok((DynamicImage::from_decoder(decoder)?, profile))
    };
    decoded().map_err(|error: ImageError| match error {
        ImageError::Limits(_) => Rejected::TooManyPixels,
        _ => Rejected::BrokenPicture,
    })
}
