//! Links in text: where a plain text names a web or mail address.

use super::letters::is_of_word;

/// A piece of text: plain, or a link with what is shown and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Plain(&'a str),
    Link { text: &'a str, href: String },
}

/// Parts `text` into plain pieces and links. A link starts with `http://`, `https://` or `www.` at the start of a word,
/// and ends before white space and before punctuation that ends a sentence; nothing else ever becomes one.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let mut found = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = part(at, text.len());
        let word_start = part(0, at).chars().next_back().is_none_or(|c| !is_of_word(c));
        let prefix = ["https://", "http://", "www."]
            .into_iter()
            .find(|p| word_start && rest.get(..p.len()).is_some_and(|start| start.eq_ignore_ascii_case(p)));
        if let Some(prefix) = prefix {
            let link = link_of(rest);
            let host = link.get(prefix.len()..).unwrap_or_default();
            if host.starts_with(|c: char| is_of_word(c) || c == '[') {
                if plain_from < at {
                    found.push(Piece::Plain(part(plain_from, at)));
                }
                let href = if prefix == "www." { format!("https://{link}") } else { link.to_owned() };
                found.push(Piece::Link { text: link, href });
                at += link.len();
                plain_from = at;
                continue;
            }
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    if plain_from < text.len() {
        found.push(Piece::Plain(part(plain_from, text.len())));
    }
    found
}

/// What of the start of `rest` belongs to the link.
fn link_of(rest: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`');
    let mut link = rest.split(ends).next().unwrap_or_default();
    while let Some(last) = link.chars().next_back() {
        let unbalanced = last == ')' && link.matches('(').count() < link.matches(')').count();
        if unbalanced || matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '*' | '_' | '…') {
            link = link.strip_suffix(last).unwrap_or_default();
        } else {
            break;
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<String> {
        pieces(text)
            .into_iter()
            .filter_map(|p| match p {
                Piece::Link { href, .. } => Some(href),
                Piece::Plain(_) => None,
            })
            .collect()
    }

    #[test]
    fn addresses_in_a_sentence_become_links_without_its_punctuation() {
        assert_eq!(links("See https://a.example/x?y=1."), ["https://a.example/x?y=1"]);
        assert_eq!(links("(www.shop.example/en_(x))"), ["https://www.shop.example/en_(x)"]);
        assert_eq!(links("HTTP://A.example, http://b.example!"), ["HTTP://A.example", "http://b.example"]);
    }

    #[test]
    fn nothing_else_becomes_a_link() {
        for text in ["javascript:alert(1)", "xhttps://a.example", "https://", "www.", "data:text/html,x", "a.example"] {
            assert_eq!(links(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "(\\PC|https?://|www\\.|[ .)(])*") {
            let joined: String = pieces(&text)
                .iter()
                .map(|p| match p { Piece::Plain(t) => *t, Piece::Link { text, .. } => *text })
                .collect();
            prop_assert_eq!(joined, text);
        }
    }
}
