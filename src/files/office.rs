//! What a ZIP archive is: an office document, a program in disguise, or just an archive.

/// What the directory of an archive says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archive {
    /// An office document without macros, with its extension.
    Office(&'static str),
    /// A document with macros, or a program.
    Active,
    Plain,
}

/// Parts that documents have for macros, and archives have that are programs.
const ACTIVE: &[&str] = &["meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex", "appxmanifest.xml"];

/// Reads the directory at the end of an archive. `None` when there is none.
pub(super) fn archive(content: &[u8]) -> Option<Archive> {
    let mut has_types = false;
    let mut main = None;
    for name in Names::of(content)? {
        let name = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
        if ACTIVE.contains(&name.as_str()) || name.ends_with("vbaproject.bin") || name.contains("macrosheets/") {
            return Some(Archive::Active);
        }
        has_types |= name == "[content_types].xml";
        main = main.or(match name.split_once('/') {
            Some(("word", _)) => Some("docx"),
            Some(("xl", _)) => Some("xlsx"),
            Some(("ppt", _)) => Some("pptx"),
            _ => None,
        });
    }
    Some(main.filter(|_| has_types).map_or(Archive::Plain, Archive::Office))
}

/// The names in an archive's directory, in its order.
struct Names<'a> {
    rest: &'a [u8],
}

impl<'a> Names<'a> {
    const END: &'static [u8] = b"PK\x05\x06";
    const END_BYTES: usize = 22;
    const LONGEST_COMMENT: usize = 0xffff;

    /// Finds the directory from the record at the end, which a comment may follow.
    fn of(content: &'a [u8]) -> Option<Self> {
        let tail = content.len().saturating_sub(Self::END_BYTES + Self::LONGEST_COMMENT);
        let at = tail + content.get(tail..)?.windows(4).rposition(|window| window == Self::END)?;
        let start = match number(content, at + 16, 4)? {
            0xffff_ffff => start_of_zip64(content, at)?,
            start => start,
        };
        Some(Names { rest: content.get(start..at)? })
    }
}

impl<'a> Iterator for Names<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let entry = self.rest.strip_prefix(b"PK\x01\x02")?;
        let (name, extra, comment) = (number(entry, 24, 2)?, number(entry, 26, 2)?, number(entry, 28, 2)?);
        self.rest = entry.get(42 + name + extra + comment..)?;
        entry.get(42..42 + name)
    }
}

/// Where the directory of a very large archive starts, found from the record before its end.
fn start_of_zip64(content: &[u8], end: usize) -> Option<usize> {
    let locator = content.get(end.checked_sub(20)?..end)?.strip_prefix(b"PK\x06\x07")?;
    let record = content.get(number(locator, 4, 8)?..)?.strip_prefix(b"PK\x06\x06")?;
    number(record, 44, 8)
}

/// The little-endian number of that many bytes.
fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let mut number = [0; 8];
    number.get_mut(..len)?.copy_from_slice(bytes.get(at..)?.get(..len)?);
    usize::try_from(u64::from_le_bytes(number)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::testing::zip;
    use proptest::prelude::*;

    #[test]
    fn an_archive_is_what_its_directory_says() {
        let office = |extension| Some(Archive::Office(extension));
        assert_eq!(archive(&zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"])), office("docx"));
        assert_eq!(archive(&zip(&["xl/workbook.xml", "[Content_Types].xml"])), office("xlsx"));
        assert_eq!(archive(&zip(&["docProps/app.xml", "[Content_Types].xml", "ppt/presentation.xml"])), office("pptx"));
        assert_eq!(archive(&zip(&["word/holiday.txt"])), Some(Archive::Plain));
        assert_eq!(archive(&zip(&[])), Some(Archive::Plain));
        for part in ["word/vbaProject.bin", "xl/macrosheets/sheet1.xml", "META-INF\\MANIFEST.MF", "classes.dex"] {
            assert_eq!(archive(&zip(&["[Content_Types].xml", "word/document.xml", part])), Some(Archive::Active));
        }
    }

    #[test]
    fn an_archive_without_its_end_is_none() {
        let whole = zip(&["a.txt"]);
        assert_eq!(archive(&whole[..whole.len() - 22]), None);
        assert_eq!(archive(b"PK\x03\x04"), None);
    }

    proptest! {
        #[test]
        fn nonsense_does_no_harm(noise in proptest::collection::vec(any::<u8>(), 0..200), start in any::<u32>()) {
            let _ = archive(&noise);
            let mut end = noise;
            end.extend(b"PK\x06\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0");
            end.extend(start.to_le_bytes());
            let _ = archive(&end);
        }
    }
}
