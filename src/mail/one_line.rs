//! Names and answers from outside, made fit for a header, a heading or a log.

/// `text` on one line: control characters and white space become single spaces, and the invisible characters that
/// turn the direction of the text around them are left out. At most `max` characters.
pub(super) fn one_line(text: &str, max: usize) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let joined = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() <= max {
        joined
    } else {
        joined.chars().take(max.saturating_sub(1)).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn whatever_it_was_it_is_one_bounded_line() {
        assert_eq!(one_line(" Ada\r\nBcc: x@y.z\u{2028}\t\0!", 99), "Ada Bcc: x@y.z !");
        assert_eq!(one_line("Ada \u{202e}ecarG", 99), "Ada ecarG");
        assert_eq!(one_line("äöüß", 4), "äöüß");
        assert_eq!(one_line("äöüßé", 4), "äöü…");
    }
}
