//! Telling text from anything else.

/// Whether this is text as UTF-8, or as UTF-16 with a byte order mark. A few control characters are part of logs;
/// a NUL is part of no text.
pub(super) fn is_unicode(content: &[u8]) -> bool {
    match content {
        [0xff, 0xfe, rest @ ..] => is_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => is_utf16(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(content).is_ok_and(|text| text.chars().all(is_of_text)),
    }
}

/// Whether this may be text in one of the older encodings of one byte per character.
pub(super) fn may_be_legacy(content: &[u8]) -> bool {
    content.iter().all(|byte| is_of_text(char::from(*byte)))
}

/// Whether a Unix system would run this.
pub(super) fn is_script(content: &[u8]) -> bool {
    content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content).starts_with(b"#!")
}

fn is_utf16(content: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let (pairs, odd) = content.as_chunks::<2>();
    odd.is_empty() && char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).all(|c| c.is_ok_and(is_of_text))
}

fn is_of_text(c: char) -> bool {
    !matches!(c, '\0'..='\u{1f}' | '\u{7f}') || matches!(c, '\t' | '\n' | '\r' | '\u{8}' | '\u{c}' | '\u{1b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_the_rest() {
        for text in ["plain\r\n\ttext", "日本語", "\u{feff}with a mark", "\u{1b}[31mred\u{1b}[0m"] {
            assert!(is_unicode(text.as_bytes()), "{text}");
        }
        assert!(is_unicode(b"\xff\xfeh\0i\0") && is_unicode(b"\xfe\xff\0h\0i"));
        for other in [&b"nul\0"[..], b"\xff\xfeh\0i", b"\xff\xfe\0\0", b"caf\xe9", b"\x01\x02"] {
            assert!(!is_unicode(other), "{other:?}");
        }
        assert!(may_be_legacy(b"caf\xe9") && !may_be_legacy(b"caf\xe9\0"));
        assert!(is_script(b"#!/bin/sh") && is_script(b"\xef\xbb\xbf#!/bin/sh") && !is_script(b"# !"));
    }
}
