//! What a file is, by its content.

use super::error::Rejected;
use super::kind::Kind;
use super::name::clean_name;
use super::office::{Archive, archive};
use super::{extension, text};

/// As much of a file as its magic numbers are looked for in.
const HEAD_BYTES: usize = 8192;

/// The kind of a file. The content decides: the name only tells apart what looks the same inside, such as CSV and plain
/// text, and gives away what should not be sent at all, such as `invoice.pdf.exe`.
///
/// `content` is the whole file: whether it is text, and what an archive holds, does not show in its first bytes. Of a
/// large text each character is looked at, which takes some tens of ms.
///
/// # Errors
/// [`Rejected::Empty`], and [`Rejected::TypeNotAllowed`] for all that is not in the list of [`Kind`]s.
pub fn sniff(content: &[u8], name: &str) -> Result<Kind, Rejected> {
    if content.is_empty() {
        return Err(Rejected::Empty);
    }
    let name = clean_name(name);
    let allowed = !extension::is_dangerous(&name);
    allowed.then(|| known(content, &name)).flatten().ok_or(Rejected::TypeNotAllowed { name })
}

fn known(content: &[u8], name: &str) -> Option<Kind> {
    let claimed = extension::split(name).and_then(|(_, extension)| Kind::from_extension(extension));
    // These two begin like text, and may be nothing else.
    if content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content).trim_ascii_start().starts_with(b"%PDF-") {
        return Kind::from_extension("pdf");
    }
    if content.starts_with(b"{\\rtf") {
        return Kind::from_extension("rtf");
    }
    if text::is_script(content) {
        return None;
    }
    // Text comes before magic numbers: some are just two letters, and a list of BMW parts is no bitmap. Markup is text
    // too, and stays it: it is served as plain text that is only ever downloaded.
    let claimed_text = claimed.filter(|kind| kind.is_text());
    if text::is_unicode(content) {
        return claimed_text.or(Kind::from_extension("txt"));
    }
    binary(content).or_else(|| claimed_text.filter(|_| text::may_be_legacy(content)))
}

fn binary(content: &[u8]) -> Option<Kind> {
    let found = infer::get(content.get(..HEAD_BYTES).unwrap_or(content))?;
    let extension = match found.mime_type() {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "audio/mpeg" => "mp3",
        "audio/m4a" => "m4a",
        "audio/ogg" | "audio/opus" => "ogg",
        "audio/x-wav" => "wav",
        "video/mp4" | "video/x-m4v" => "mp4",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        "application/zip"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => match archive(content)? {
            Archive::Office(extension) => extension,
            Archive::Plain => "zip",
            Archive::Active => return None,
        },
        mime @ ("application/vnd.oasis.opendocument.text"
        | "application/vnd.oasis.opendocument.spreadsheet"
        | "application/vnd.oasis.opendocument.presentation") => {
            return Kind::from_mime(mime).filter(|_| archive(content) == Some(Archive::Plain));
        }
        _ => return None,
    };
    Kind::from_extension(extension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::testing::{self, zip};
    use image::ImageFormat;
    use proptest::prelude::*;

    fn extension(content: &[u8], name: &str) -> Option<&'static str> {
        sniff(content, name).ok().map(|kind| kind.extension)
    }

    #[test]
    fn the_content_decides_and_not_the_name() {
        for (format, expected) in [
            (ImageFormat::Png, "png"),
            (ImageFormat::Jpeg, "jpg"),
            (ImageFormat::Gif, "gif"),
            (ImageFormat::WebP, "webp"),
        ] {
            let picture = testing::picture(format, 3, 2);
            assert_eq!(extension(&picture, "photo.pdf"), Some(expected));
            assert!(sniff(&picture, "x").unwrap().inline);
        }
        for (content, name, expected) in [
            (&b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"[..], "photo.png", "pdf"),
            (b"{\\rtf1 hello}", "a.txt", "rtf"),
            (b"hello", "a.txt", "txt"),
            (b"hello", "a.rs", "txt"),
            (b"hello", "a.png", "txt"),
            (b"a,b\r\n", "a.CSV", "csv"),
            (b"# Title", "read.markdown", "md"),
            (b"{}", "a.json", "json"),
            (b"BEGIN:VCALENDAR", "a.ics", "ics"),
            (b"From: a@b.example", "a.eml", "eml"),
            (b"BMW, GIF, MZ, ID3 and M4A are words", "a.txt", "txt"),
            (b"caf\xe9;1\r\n", "a.csv", "csv"),
            (b"\xff\xfeh\0i\0", "a.txt", "txt"),
            (b"<!doctype html><script>alert(1)</script>", "a.txt", "txt"),
            (b"ID3\x04\0\0\0\0\0\0", "a.mp3", "mp3"),
            (b"OggS\0\x02\0\0\0\0", "a.ogg", "ogg"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "a.wav", "wav"),
            (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", "a.m4a", "m4a"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "a.mp4", "mp4"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a.mov", "mov"),
        ] {
            assert_eq!(extension(content, name), Some(expected), "{name}");
        }
        let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec();
        webm.resize(300, 0);
        assert_eq!(extension(&webm, "a.webm"), Some("webm"));
    }

    #[test]
    fn office_documents_are_told_from_archives() {
        let docx = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
        assert_eq!(extension(&docx, "letter.docx"), Some("docx"));
        assert_eq!(extension(&docx, "letter.zip"), Some("docx"));
        assert_eq!(extension(&zip(&["photo.jpg"]), "photos.zip"), Some("zip"));
        assert_eq!(extension(&zip(&["photo.jpg"]), "letter.docx"), Some("zip"));
        for (kind, expected) in [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")] {
            let document = testing::open_document(&format!("application/vnd.oasis.opendocument.{kind}"));
            assert_eq!(extension(&document, "a.zip"), Some(expected));
        }
        assert_eq!(extension(&zip(&["[Content_Types].xml", "word/vbaProject.bin"]), "letter.docx"), None);
        assert_eq!(extension(&zip(&["META-INF/MANIFEST.MF"]), "tools.zip"), None);
    }

    #[test]
    fn what_runs_or_shows_script_is_refused_with_its_name() {
        for name in ["a.html", "a.svg", "a.js", "a.pdf.exe", "a.PS1", "a.docm", "a.e\u{200b}xe", "a.html. "] {
            assert!(matches!(sniff(b"hello", name), Err(Rejected::TypeNotAllowed { .. })), "{name}");
        }
        for content in [
            &b"#!/bin/sh\necho"[..],
            b"MZ\x90\0\x03\0",
            b"\x7fELF\x02\x01\x01\0",
            b"\0asm\x01\0\0\0",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"Rar!\x1a\x07\0",
            b"\x1f\x8b\x08\0",
            b"BM\0\0\0\0",
            b"\0\x01\x02\x03",
            b"caf\xe9",
            b"PK\x03\x04 and no directory\0",
        ] {
            assert_eq!(extension(content, "a.pdf"), None, "{content:?}");
        }
        let refused = sniff(b"MZ\0", "../my <b>tool.scr").unwrap_err();
        assert_eq!(refused, Rejected::TypeNotAllowed { name: "my b tool.scr".into() });
        assert_eq!(sniff(b"", "a.txt"), Err(Rejected::Empty));
    }

    /// What the readers behind the magic numbers begin with.
    const STARTS: &[&[u8]] = &[
        b"",
        b"\0\0\0\x18ftyp",
        b"PK\x03\x04",
        b"RIFF",
        b"\x1a\x45\xdf\xa3",
        b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0[Content_Types].xml",
    ];

    proptest! {
        #[test]
        fn nonsense_is_refused_or_taken_for_something_harmless(
            start in proptest::sample::select(STARTS),
            noise in proptest::collection::vec(any::<u8>(), 0..400),
            name in any::<String>(),
        ) {
            let _ = sniff(&[start, &noise].concat(), &name);
        }
    }
}
