//! The kinds of files that are taken. What is not here is refused.

/// A kind of file, known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What it is served as: nothing else is ever told to a browser.
    pub mime: &'static str,
    /// A raster picture that all browsers show and that cannot carry script.
    pub inline: bool,
    /// The usual extension, in small letters.
    pub extension: &'static str,
}

const fn picture(mime: &'static str, extension: &'static str) -> Kind {
    Kind { mime, inline: true, extension }
}

const fn file(mime: &'static str, extension: &'static str) -> Kind {
    Kind { mime, inline: false, extension }
}

/// All kinds. Of those with the same type the first is the general one.
const KINDS: &[Kind] = &[
    picture("image/png", "png"),
    picture("image/jpeg", "jpg"),
    picture("image/gif", "gif"),
    picture("image/webp", "webp"),
    file("application/pdf", "pdf"),
    file("application/rtf", "rtf"),
    file("text/plain", "txt"),
    file("text/plain", "log"),
    file("text/plain", "eml"),
    file("text/csv", "csv"),
    file("text/tab-separated-values", "tsv"),
    file("text/markdown", "md"),
    file("text/calendar", "ics"),
    file("text/vcard", "vcf"),
    file("application/json", "json"),
    file("application/zip", "zip"),
    file("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    file("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    file("application/vnd.oasis.opendocument.text", "odt"),
    file("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    file("application/vnd.oasis.opendocument.presentation", "odp"),
    file("audio/mpeg", "mp3"),
    file("audio/mp4", "m4a"),
    file("audio/ogg", "ogg"),
    file("audio/wav", "wav"),
    file("video/mp4", "mp4"),
    file("video/webm", "webm"),
    file("video/quicktime", "mov"),
];

/// Other extensions of the same kinds.
const ALIASES: &[(&str, &str)] = &[
    ("jpeg", "jpg"),
    ("jpe", "jpg"),
    ("jfif", "jpg"),
    ("text", "txt"),
    ("markdown", "md"),
    ("oga", "ogg"),
    ("opus", "ogg"),
    ("wave", "wav"),
    ("m4v", "mp4"),
    ("qt", "mov"),
];

impl Kind {
    /// The kind that files with this extension should be, in letters of any case and without a dot.
    pub fn from_extension(extension: &str) -> Option<Kind> {
        let extension = extension.to_ascii_lowercase();
        let usual =
            ALIASES.iter().find(|(alias, _)| *alias == extension).map_or(extension.as_str(), |(_, usual)| usual);
        KINDS.iter().find(|kind| kind.extension == usual).copied()
    }

    /// The kind that was stored with a file as its type. `text/plain` comes back as `txt`, also for a `log` or `eml`.
    pub fn from_mime(mime: &str) -> Option<Kind> {
        KINDS.iter().find(|kind| kind.mime == mime).copied()
    }

    /// Whether a name with this extension tells the truth about the kind.
    pub fn has_extension(self, extension: &str) -> bool {
        Kind::from_extension(extension) == Some(self)
    }

    pub(super) fn is_text(self) -> bool {
        self.mime.starts_with("text/") || self.extension == "json"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::extension::is_dangerous;

    #[test]
    fn extensions_and_types_lead_back_to_their_kinds() {
        for kind in KINDS {
            assert_eq!(Kind::from_extension(kind.extension), Some(*kind));
            assert_eq!(Kind::from_mime(kind.mime).unwrap().mime, kind.mime);
            assert!(!is_dangerous(&format!("name.{}", kind.extension)), "{kind:?}");
        }
        for (alias, usual) in ALIASES {
            assert!(Kind::from_extension(alias).is_some_and(|kind| kind.has_extension(usual)), "{alias}");
        }
        assert_eq!(Kind::from_extension("JPEG").unwrap().mime, "image/jpeg");
        assert_eq!(Kind::from_mime("text/plain").unwrap().extension, "txt");
        assert_eq!((Kind::from_extension("svg"), Kind::from_mime("text/html")), (None, None));
    }

    #[test]
    fn only_raster_pictures_are_shown_in_place() {
        let inline: Vec<_> = KINDS.iter().filter(|kind| kind.inline).map(|kind| kind.mime).collect();
        assert_eq!(inline, ["image/png", "image/jpeg", "image/gif", "image/webp"]);
    }
}
