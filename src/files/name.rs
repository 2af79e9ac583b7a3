//! Names of files: what people and programs from anywhere call them, made fit for screens, headers and disks.

use super::extension;
use super::kind::Kind;
use super::limits::MAX_NAME_CHARS;

/// What a file is called whose name has nothing in it.
const NAMELESS: &str = "file";

/// The name without folders, with letters of any script, digits, spaces and `- _ . ( ) , +`. Other visible characters
/// become spaces; invisible ones, such as those that turn the direction of the text, are left out. It has neither dots
/// nor spaces at its ends, no two spaces in a row, at most [`MAX_NAME_CHARS`] characters (a long one keeps its
/// extension), is no name that Windows keeps for devices and is never empty. Cleaning it again changes nothing.
pub fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let visible: String =
        name.chars().filter(|c| !is_invisible(*c)).map(|c| if is_kept(c) { c } else { ' ' }).collect();
    let joined = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = joined.trim_matches(['.', ' ']);
    if name.is_empty() {
        return NAMELESS.to_owned();
    }
    let name = if is_device(name) { format!("_{name}") } else { name.to_owned() };
    match extension::split(&name) {
        Some((stem, extension)) => {
            format!("{}.{extension}", cut(stem, MAX_NAME_CHARS.saturating_sub(1 + extension.chars().count())))
        }
        None => cut(&name, MAX_NAME_CHARS),
    }
}

/// The clean name with an extension that tells what the file is. One that tells of another kind is replaced, so
/// `photo.png` with a PDF inside becomes `photo.pdf`; one that tells nothing stays in front, as in `notes.draft.txt`.
pub fn file_name(name: &str, kind: Kind) -> String {
    let name = clean_name(name);
    match extension::split(&name) {
        Some((_, extension)) if kind.has_extension(extension) => name,
        Some((stem, extension)) if Kind::from_extension(extension).is_some() => match extension::split(stem) {
            Some((_, inner)) if kind.has_extension(inner) => clean_name(stem),
            _ => clean_name(&format!("{stem}.{}", kind.extension)),
        },
        _ => clean_name(&format!("{name}.{}", kind.extension)),
    }
}

/// At most `max` characters of the start, without the dots and spaces that it would end with.
fn cut(text: &str, max: usize) -> String {
    let text: String = text.chars().take(max).collect();
    let end = text.trim_end_matches(['.', ' ']);
    if end.is_empty() { NAMELESS.to_owned() } else { end.to_owned() }
}

fn is_kept(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')' | ',' | '+') || is_mark(c)
}

/// Signs that belong to a letter before them: accents as macOS writes them, and vowel signs and the like of scripts
/// that cannot be written without. The standard library knows only some.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'       // accents
        | '\u{591}'..='\u{5c7}'     // Hebrew
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6ed}' // Arabic
        | '\u{900}'..='\u{109f}'    // the scripts of India, Thai, Lao, Tibetan, Burmese
        | '\u{17b6}'..='\u{17d3}'   // Khmer
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}'   // Japanese
        | '\u{fe20}'..='\u{fe2f}')
}

/// What shows nothing and may deceive: control characters, zero widths, directions, fillers, tags. Those of the control
/// characters that are white space count as such.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Names that Windows keeps for devices, with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" | "conin" | "conout" => true,
        stem => ["com", "lpt"].iter().any(|port| {
            let rest = stem.strip_prefix(port).map(|rest| rest.chars().collect::<Vec<_>>());
            rest.is_some_and(|rest| matches!(rest[..], ['0'..='9' | '¹' | '²' | '³']))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_keep_their_words_and_lose_their_tricks() {
        for (name, clean) in [
            ("Übersicht (final), v1.2+3.pdf", "Übersicht (final), v1.2+3.pdf"),
            ("請求書 2024.pdf", "請求書 2024.pdf"),
            ("हिन्दी.txt", "हिन्दी.txt"),
            ("Cafe\u{301}.png", "Cafe\u{301}.png"),
            ("C:\\fakepath\\photo.png", "photo.png"),
            ("../../etc/passwd", "passwd"),
            ("folder/", "folder"),
            ("..", "file"),
            ("/", "file"),
            ("", "file"),
            (" \u{200b}\u{3164} ", "file"),
            (".htaccess", "htaccess"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("a\u{200b}.e\u{feff}xe", "a.exe"),
            ("page.html. . ", "page.html"),
            ("a\r\nContent-Type: text.txt", "a Content-Type text.txt"),
            ("party 🎉\u{fe0f} .png", "party.png"),
            ("\"quoted\"; <b>x.txt", "quoted b x.txt"),
            ("CON.txt", "_CON.txt"),
            ("com1", "_com1"),
            ("lpt².tar.gz", "_lpt².tar.gz"),
            ("console.log", "console.log"),
        ] {
            assert_eq!(clean_name(name), clean, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = clean_name(&format!("{}.pdf", "ä".repeat(500)));
        assert!(name.chars().count() == MAX_NAME_CHARS && name.ends_with("ä.pdf"), "{name}");
        assert_eq!(clean_name(&"x".repeat(500)).len(), MAX_NAME_CHARS);
    }

    #[test]
    fn the_extension_tells_what_the_file_is() {
        let named = |name, extension| file_name(name, Kind::from_extension(extension).unwrap());
        assert_eq!(named("IMG_1.JPG", "jpg"), "IMG_1.JPG");
        assert_eq!(named("IMG_1.jpeg", "jpg"), "IMG_1.jpeg");
        assert_eq!(named("photo.png", "pdf"), "photo.pdf");
        assert_eq!(named("photo.pdf.png", "pdf"), "photo.pdf");
        assert_eq!(named("report", "pdf"), "report.pdf");
        assert_eq!(named("notes.draft", "txt"), "notes.draft.txt");
        assert_eq!(named("mail.eml", "eml"), "mail.eml");
        let long = named(&"x".repeat(500), "docx");
        assert!(long.len() == MAX_NAME_CHARS && long.ends_with("x.docx"), "{long}");
    }

    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-zA-Z0-9 ./\\\\\u{300}\u{202e}\u{200b}\u{3164}ä()_-]{0,200}",
            "(con|nul|com1| |\\.|x){0,5}\\.?[a-z .]{0,30}",
        ]
    }

    proptest! {
        #[test]
        fn whatever_it_was_it_is_a_name(name in any_name()) {
            let clean = clean_name(&name);
            prop_assert!(!clean.is_empty() && clean.chars().count() <= MAX_NAME_CHARS);
            prop_assert!(clean.chars().all(|c| (is_kept(c) || c == ' ') && !is_invisible(c) && !c.is_control()));
            prop_assert!(!clean.starts_with(['.', ' ']) && !clean.ends_with(['.', ' ']) && !clean.contains("  "));
            prop_assert!(!is_device(&clean));
            prop_assert_eq!(clean_name(&clean), clean.clone());
            for kind in ["png", "txt", "docx"].map(|extension| Kind::from_extension(extension).unwrap()) {
                let named = file_name(&name, kind);
                let (_, extension) = extension::split(&named).unwrap();
                prop_assert!(kind.has_extension(extension));
                prop_assert!(named.chars().count() <= MAX_NAME_CHARS && clean_name(&named) == named);
            }
        }
    }
}
