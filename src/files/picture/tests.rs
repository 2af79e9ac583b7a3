use super::*;
use crate::files::testing::{exif, picture as made};
use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, Frame, Rgba, RgbaImage};
use proptest::prelude::*;

const SECRET: &[u8] = b"SECRET";

fn kind(extension: &str) -> Kind {
    Kind::from_extension(extension).unwrap()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// What a viewer shows.
fn shown(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
    let [red, green, blue] = picture.to_rgb8().get_pixel(x, y).0;
    red > 200 && green < 80 && blue < 80
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

/// A JPEG with these segments behind its start.
fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = made(ImageFormat::Jpeg, 60, 40);
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

fn png_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut checksum = 0xffff_ffff_u32;
    for byte in name.iter().chain(content) {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = if checksum & 1 == 1 { checksum >> 1 ^ 0xedb8_8320 } else { checksum >> 1 };
        }
    }
    [&(content.len() as u32).to_be_bytes(), name, content, &(!checksum).to_be_bytes()].concat()
}

/// A PNG with these chunks behind its header.
fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = made(ImageFormat::Png, 60, 40);
    [&plain[..33], &chunks.concat(), &plain[33..]].concat()
}

fn riff_chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    [name, &(content.len() as u32).to_le_bytes(), content, &[0][..content.len() % 2]].concat()
}

/// A WebP with the extended header and these chunks behind its pixels.
fn webp_with(flags: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = made(ImageFormat::WebP, 60, 40);
    let head = riff_chunk(b"VP8X", &[flags, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
    let body = [b"WEBP", &head[..], &plain[12..], &chunks.concat()].concat();
    [b"RIFF", &(body.len() as u32).to_le_bytes(), &body[..]].concat()
}

fn gif(frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for frame in 0..frames {
        let picture = RgbaImage::from_pixel(60, 40, Rgba([255, frame, 0, 255]));
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

#[test]
fn a_jpeg_loses_the_place_and_nothing_of_the_picture() {
    let profile = [b"ICC_PROFILE\0\x01\x01", &[7; 40][..]].concat();
    let jpeg = jpeg_with(&[
        segment(0xe1, &[b"Exif\0\0", &exif(1)[..]].concat()),
        segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0SECRET"),
        segment(0xe2, &profile),
        segment(0xe2, b"MPF\0SECRET"),
        segment(0xed, b"Photoshop 3.0\0SECRET"),
        segment(0xfe, b"SECRET comment"),
    ]);
    let sent = [&jpeg[..], b"<script>SECRET</script>"].concat();
    let prepared = prepare(kind("jpg"), sent).unwrap();
    assert_eq!(prepared.dimensions, Some((60, 40)));
    assert!(!contains(&prepared.bytes, SECRET) && !contains(&prepared.bytes, b"Exif"));
    assert!(contains(&prepared.bytes, &profile));
    assert_eq!(shown(&prepared.bytes), shown(&made(ImageFormat::Jpeg, 60, 40)));
    assert!(prepared.bytes.ends_with(&[0xff, 0xd9]));
}

#[test]
fn a_plain_jpeg_stays_as_it_is_and_a_preview_in_it_goes() {
    let plain = made(ImageFormat::Jpeg, 60, 40);
    assert_eq!(prepare(kind("jpg"), plain.clone()).unwrap().bytes, plain);
    assert_eq!(&plain[6..11], b"JFIF\0");
    let preview = segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x02SECRET");
    let with = [&plain[..2], &preview, &plain[20..]].concat();
    let prepared = prepare(kind("jpg"), with).unwrap();
    assert!(!contains(&prepared.bytes, SECRET) && contains(&prepared.bytes, b"JFIF\0"));
}

#[test]
fn a_photo_that_lies_on_its_side_is_set_upright() {
    // Where the red corner comes to lie, for each way to hold a camera.
    for (orientation, right, bottom) in [
        (2, true, false),
        (3, true, true),
        (4, false, true),
        (5, false, false),
        (6, true, false),
        (7, true, true),
        (8, false, true),
    ] {
        let block = [b"Exif\0\0", &exif(orientation)[..]].concat();
        let prepared = prepare(kind("jpg"), jpeg_with(&[segment(0xe1, &block)])).unwrap();
        let turned = shown(&prepared.bytes);
        let size = if orientation >= 5 { (40, 60) } else { (60, 40) };
        assert_eq!((prepared.dimensions, (turned.width(), turned.height())), (Some(size), size), "{orientation}");
        let (x, y) = (if right { size.0 - 4 } else { 3 }, if bottom { size.1 - 4 } else { 3 });
        assert!(is_red(&turned, x, y), "{orientation}");
        assert!(!contains(&prepared.bytes, SECRET) && !contains(&prepared.bytes, b"Exif"));
    }
}

#[test]
fn a_png_loses_its_texts_and_what_hides_behind_it() {
    let png = png_with(&[
        png_chunk(b"gAMA", &45_455u32.to_be_bytes()),
        png_chunk(b"tEXt", b"Author\0SECRET"),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET"),
        png_chunk(b"eXIf", &exif(1)),
        png_chunk(b"tIME", &[7, 232, 1, 1, 0, 0, 0]),
        png_chunk(b"prVt", b"SECRET"),
    ]);
    let sent = [&png[..], b"<!doctype html><script>SECRET</script>"].concat();
    let prepared = prepare(kind("png"), sent).unwrap();
    let expected = png_with(&[png_chunk(b"gAMA", &45_455u32.to_be_bytes())]);
    assert_eq!(prepared, Prepared { bytes: expected, dimensions: Some((60, 40)) });
}

#[test]
fn a_webp_loses_its_metadata_and_says_so_in_its_flags() {
    let sent =
        webp_with(0x0c, &[riff_chunk(b"EXIF", &exif(1)), riff_chunk(b"XMP ", b"SECRET"), riff_chunk(b"junk", SECRET)]);
    let prepared = prepare(kind("webp"), [&sent[..], b"<script>SECRET"].concat()).unwrap();
    assert_eq!(prepared, Prepared { bytes: webp_with(0, &[]), dimensions: Some((60, 40)) });
    let plain = made(ImageFormat::WebP, 60, 40);
    assert_eq!(prepare(kind("webp"), plain.clone()).unwrap().bytes, plain);
}

#[test]
fn png_and_webp_are_set_upright_without_loss() {
    let png = prepare(kind("png"), png_with(&[png_chunk(b"eXIf", &exif(6))])).unwrap();
    let webp = prepare(kind("webp"), webp_with(0x08, &[riff_chunk(b"EXIF", &exif(6))])).unwrap();
    let expected = shown(&made(ImageFormat::Png, 60, 40)).rotate90();
    for prepared in [png, webp] {
        assert_eq!(prepared.dimensions, Some((40, 60)));
        assert_eq!(shown(&prepared.bytes), expected);
        assert!(!contains(&prepared.bytes, SECRET));
    }
}

#[test]
fn the_frames_of_an_animated_webp_are_cleaned_too() {
    let still = made(ImageFormat::WebP, 60, 40);
    let frame = |hidden: &[u8]| {
        let head = [0, 0, 0, 0, 0, 0, 59, 0, 0, 39, 0, 0, 100, 0, 0, 0];
        riff_chunk(b"ANMF", &[&head[..], &still[12..], hidden].concat())
    };
    let animation = |flags, hidden: &[u8]| {
        let head = riff_chunk(b"VP8X", &[flags, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
        let body = [b"WEBP", &head[..], &riff_chunk(b"ANIM", &[0; 6]), &frame(hidden), &frame(hidden)].concat();
        [b"RIFF", &(body.len() as u32).to_le_bytes(), &body[..]].concat()
    };
    let prepared = prepare(kind("webp"), animation(0x0e, &riff_chunk(b"junk", SECRET))).unwrap();
    assert_eq!(prepared, Prepared { bytes: animation(0x02, &[]), dimensions: Some((60, 40)) });
}

#[test]
fn a_gif_keeps_moving_and_loses_the_rest() {
    let moving = gif(3);
    let at = moving.windows(2).position(|pair| pair == [EXTENSION_START, 0xff]).unwrap();
    let extras =
        [&b"\x21\xfe\x06SECRET\0"[..], b"\x21\xff\x0bXMP DataXMP\x06SECRET\0", b"\x21\xff\x0bNETSCAPE2.0\x06SECRET\0"]
            .concat();
    let sent = [&moving[..at], &extras, &moving[at..], b"<script>SECRET"].concat();
    let prepared = prepare(kind("gif"), sent).unwrap();
    assert_eq!(prepared, Prepared { bytes: moving.clone(), dimensions: Some((60, 40)) });
    let open = moving[..moving.len() - 1].to_vec();
    assert_eq!(prepare(kind("gif"), open).unwrap().bytes, moving);
}

const EXTENSION_START: u8 = 0x21;

#[test]
fn a_bomb_is_refused_by_what_its_header_says() {
    let mut png = made(ImageFormat::Png, 1, 1);
    png.splice(16..33, {
        let header = [&20_000u32.to_be_bytes()[..], &20_000u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        png_chunk(b"IHDR", &header)[8..].to_vec()
    });
    let mut jpeg = made(ImageFormat::Jpeg, 8, 8);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let mut gif = gif(1);
    gif[6..10].fill(0xff);
    let mut webp = webp_with(0, &[]);
    webp[24..30].fill(0xff);
    for (extension, bomb) in [("png", png), ("jpg", jpeg), ("gif", gif), ("webp", webp)] {
        assert_eq!(prepare(kind(extension), bomb), Err(Rejected::TooManyPixels), "{extension}");
    }
}

#[test]
fn deep_colours_need_more_memory_and_are_refused_earlier() {
    let header = [&8_000u32.to_be_bytes()[..], &6_000u32.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    let mut png = made(ImageFormat::Png, 1, 1);
    png.splice(8..33, png_chunk(b"IHDR", &header));
    assert_eq!(prepare(kind("png"), png), Err(Rejected::TooManyPixels));
}

#[test]
fn what_is_no_picture_is_said_to_be_broken() {
    for (extension, format) in
        [("png", ImageFormat::Png), ("gif", ImageFormat::Gif), ("webp", ImageFormat::WebP), ("jpg", ImageFormat::Jpeg)]
    {
        let whole = made(format, 60, 40);
        for broken in [&whole[..12], &whole[..whole.len() / 4], &[]] {
            assert_eq!(prepare(kind(extension), broken.to_vec()), Err(Rejected::BrokenPicture), "{extension}");
        }
    }
    assert_eq!(prepare(kind("jpg"), b"\xff\xd8\xff\xe0 and nothing else".to_vec()), Err(Rejected::BrokenPicture));
}

#[tokio::test]
async fn other_files_are_left_alone() {
    let prepared = prepare_in_turn(kind("txt"), b"\xff\xd8 text".to_vec()).await.unwrap();
    assert_eq!(prepared, Prepared { bytes: b"\xff\xd8 text".to_vec(), dimensions: None });
    let picture = prepare_in_turn(kind("png"), made(ImageFormat::Png, 3, 2)).await.unwrap();
    assert_eq!(picture.dimensions, Some((3, 2)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_is_refused_or_harmless(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000) {
        let pictures = [
            ("jpg", jpeg_with(&[segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat())])),
            ("png", png_with(&[png_chunk(b"eXIf", &exif(3))])),
            ("webp", webp_with(0x08, &[riff_chunk(b"EXIF", &exif(8))])),
            ("gif", gif(2)),
        ];
        for (extension, mut picture) in pictures {
            let len = picture.len();
            picture[at % len] = byte;
            if let Ok(prepared) = prepare(kind(extension), picture.clone()) {
                prop_assert!(prepared.dimensions.is_some());
                // What was taken is taken again, and stays as it is.
                let again = prepare(kind(extension), prepared.bytes.clone()).unwrap();
                prop_assert_eq!(again, prepared);
            }
            picture.truncate(cut % len);
            let _ = prepare(kind(extension), picture);
        }
    }
}
