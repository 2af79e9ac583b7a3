//! What visitors read, in their language. The English text is its own key: `t("Send")` is "Send" where nothing else is
//! known, so English costs no download, and a missing translation is readable. The other languages are one file each in
//! this folder; the browser gets the one that its page needs.

mod errors;
#[cfg(feature = "ssr")]
mod languages;

pub use errors::{say, say_refusal};
#[cfg(feature = "ssr")]
pub use languages::{Language, choose};

use crate::model::attachment::size_in_words;

/// The text in the language of this page.
pub fn t(english: &str) -> String {
    known(english).unwrap_or_else(|| english.to_owned())
}

/// The text in the language of this page, with values in the places `{0}`, `{1}`.
pub fn fill(english: &str, values: &[&str]) -> String {
    place(&t(english), values)
}

/// The text in the language of this page, before and after the place `{0}`: for a value that is drawn and not only text.
pub fn around(english: &str) -> (String, String) {
    let text = t(english);
    let parts = text.split_once('{').and_then(|(before, after)| Some((before, after.strip_prefix("0}")?)));
    let (before, after) = parts.unwrap_or((&text, ""));
    (before.to_owned(), after.to_owned())
}

/// A size for people, as the language of this page writes it: `1,4 MB`. Its texts say what parts the whole from the tenths.
pub fn say_size(bytes: u64) -> String {
    let words = size_in_words(bytes);
    match words.split_once('.') {
        Some((whole, tenths)) => [whole, &t("."), tenths].concat(),
        None => words,
    }
}

/// Marks a text that [`t`] gets later, so that those who translate find it.
pub const fn word(english: &'static str) -> &'static str {
    english
}

/// A text with values in its places. One pass over it: a value that looks like a place stays what it is.
pub fn place(text: &str, values: &[&str]) -> String {
    let mut placed = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        placed.push_str(before);
        let value = after.as_bytes().first().and_then(|digit| values.get(usize::from(digit.wrapping_sub(b'0'))));
        match value.zip(after.get(1..).and_then(|end| end.strip_prefix('}'))) {
            Some((value, end)) => {
                placed.push_str(value);
                rest = end;
            }
            None => {
                placed.push('{');
                rest = after;
            }
        }
    }
    placed + rest
}

#[cfg(feature = "ssr")]
fn known(english: &str) -> Option<String> {
    leptos::prelude::use_context::<Language>().and_then(|language| language.text(english)).map(str::to_owned)
}

/// The texts that `boot/widget.js` has fetched.
#[cfg(not(feature = "ssr"))]
fn known(english: &str) -> Option<String> {
    use js_sys::Reflect;
    thread_local! {
        static TEXTS: Option<wasm_bindgen::JsValue> =
            Reflect::get(&js_sys::global(), &"frontdeskTexts".into()).ok().filter(|texts| texts.is_object());
    }
    TEXTS.with(|texts| Reflect::get(texts.as_ref()?, &english.into()).ok()?.as_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_the_text_says() {
        assert_eq!(place("{1} of {0}", &["8 MB", "3"]), "3 of 8 MB");
        assert_eq!(place("Thank you, {0}.", &["{0} {1}"]), "Thank you, {0} {1}.");
        assert_eq!(place("{0", &["a"]), "{0");
        assert_eq!(place("{} {x} {9} {é", &["a"]), "{} {x} {9} {é");
    }

    #[test]
    fn english_is_its_own_key() {
        assert_eq!(t("Start chat"), "Start chat");
        assert_eq!(around("Thank you. We reply to {0}."), ("Thank you. We reply to ".into(), ".".into()));
    }
}
