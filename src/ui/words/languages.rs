//! The languages: a JSON file each, from English text to translation.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Code and texts. A new language is a file here and a line.
const FILES: &[(&str, &str)] = &[
    ("ar", include_str!("ar.json")),
    ("de", include_str!("de.json")),
    ("es", include_str!("es.json")),
    ("fr", include_str!("fr.json")),
    ("it", include_str!("it.json")),
    ("ja", include_str!("ja.json")),
    ("nl", include_str!("nl.json")),
    ("pl", include_str!("pl.json")),
    ("pt", include_str!("pt.json")),
    ("tr", include_str!("tr.json")),
    ("zh", include_str!("zh.json")),
];

/// The languages that are written from right to left, spoken here or not yet.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"];

static TEXTS: LazyLock<HashMap<&str, HashMap<String, String>>> = LazyLock::new(|| {
    // A test reads every file, so that none is unreadable here.
    FILES.iter().map(|(code, json)| (*code, serde_json::from_str(json).unwrap_or_default())).collect()
});

/// A language that the widget speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// `en`, `de`, …
    code: &'static str,
}

impl Language {
    /// English, which needs no file.
    pub const ENGLISH: Language = Language { code: "en" };

    /// The language of a tag such as `de-AT`; nothing when it is not spoken here.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if primary == "en" {
            return Some(Self::ENGLISH);
        }
        FILES.iter().find(|(code, _)| *code == primary).map(|(code, _)| Language { code })
    }

    /// As it stands in a page's `lang`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// As it stands in a page's `dir`.
    pub fn direction(&self) -> &'static str {
        if RIGHT_TO_LEFT.contains(&self.code) { "rtl" } else { "ltr" }
    }

    /// Whether it has texts of its own: English needs none.
    pub fn has_texts(&self) -> bool {
        *self != Self::ENGLISH
    }

    /// The translation of an English text.
    pub fn text(&self, english: &str) -> Option<&'static str> {
        TEXTS.get(self.code)?.get(english).map(String::as_str)
    }
}

/// The language of a page: the first of what its website asks for, with commas between them, that is spoken here; else what
/// the browser's `Accept-Language` prefers; else English.
pub fn choose(wanted: &str, accepted: &str) -> Language {
    wanted.split(',').find_map(Language::of_tag).or_else(|| preferred(accepted)).unwrap_or(Language::ENGLISH)
}

/// The best of `de-AT,de;q=0.9,en;q=0.8` that is spoken here.
fn preferred(accepted: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for part in accepted.split(',').take(20) {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if let Some(language) = Language::of_tag(tag)
            && weight > best.map_or(0.0, |(weight, _)| weight)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The texts of the widget: what stands in the sources between `t("`, `fill("`, `around("` or `word("` and the quote.
    fn used() -> BTreeSet<String> {
        fn read(folder: &Path, found: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, found);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let source = std::fs::read_to_string(&path).unwrap();
                    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
                    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
                    let source = lines.collect::<Vec<_>>().join("\n");
                    let called =
                        |call: &str| source.match_indices(call).map(|(at, _)| at + call.len()).collect::<Vec<_>>();
                    for call in ["t(", "fill(", "around(", "word("] {
                        for at in called(call) {
                            let before = source[..at - call.len()].chars().next_back();
                            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
                                continue;
                            }
                            if let Some(literal) = source[at..].trim_start().strip_prefix('"') {
                                found.insert(literal.split('"').next().unwrap().to_owned());
                            }
                        }
                    }
                }
            }
        }
        let mut found = BTreeSet::new();
        for folder in ["src/ui", "src/widget", "src/site"] {
            read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
        }
        found
    }

    fn all() -> Vec<(&'static str, HashMap<String, String>)> {
        let texts = |json| serde_json::from_str(json);
        FILES.iter().map(|(code, json)| (*code, texts(json).unwrap_or_else(|e| panic!("{code}: {e}")))).collect()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.match_indices('{').filter_map(|(at, _)| text.get(at..at + 3)).collect()
    }

    #[test]
    fn every_language_says_everything_and_nothing_else() {
        let used = used();
        assert!(used.len() > 60, "the texts are found: {used:?}");
        for (code, texts) in all() {
            let missing: Vec<_> = used.iter().filter(|text| !texts.contains_key(*text)).collect();
            assert!(missing.is_empty(), "{code}.json lacks {missing:#?}");
            let old: Vec<_> = texts.keys().filter(|text| !used.contains(*text)).collect();
            assert!(old.is_empty(), "{code}.json has what is used nowhere: {old:#?}");
            for (english, translation) in &texts {
                assert!(!translation.trim().is_empty(), "{code}: {english}");
                assert_eq!(places(english), places(translation), "{code}: {english}");
            }
        }
    }

    #[test]
    fn every_file_of_texts_is_a_language() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/words");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<_> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
        assert_eq!(files, FILES.iter().map(|(code, _)| (*code).to_owned()).collect());
    }

    /// The launcher's badge has room for what stands at the beginning, and shows no more of it.
    #[test]
    fn how_many_messages_are_unread_begins_with_the_number() {
        for (code, texts) in all() {
            assert!(texts["1 unread message"].starts_with('1'), "{code}");
            assert!(texts["{0} unread messages"].starts_with("{0}"), "{code}");
        }
    }

    #[test]
    fn the_website_decides_then_the_browser() {
        let code = |wanted, accepted| choose(wanted, accepted).code();
        assert_eq!(code("fr-CA", "de"), "fr");
        assert_eq!(code("", "xx,de-AT;q=0.8,pl;q=0.9"), "pl");
        assert_eq!(code("tlh", "sv, ja;q=0.1"), "ja");
        assert_eq!(code("", "de;q=0, *"), "en");
        assert_eq!(code("PT_br", ""), "pt");
        assert_eq!(code("tlh,fr-CA", "de"), "fr", "what nobody speaks leaves it to the page");
        assert_eq!(code("de,fr", "pl"), "de");
        assert_eq!(code(",", "pl"), "pl");
        assert_eq!(code("en", "de"), "en");
        assert_eq!(choose("ar-EG", "").direction(), "rtl");
        assert_eq!(choose("de", "").direction(), "ltr");
        assert_eq!(Language { code: "he" }.direction(), "rtl", "as soon as it has a file");
    }
}
