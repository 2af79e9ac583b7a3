//! Letters and digits of whatever script. The tables of all of them are more than a kilobyte of every visitor's download,
//! so they are told from the rest by the blocks in which punctuation, signs and emoji are.

/// Whether this character is of a word: a letter or a digit.
pub fn is_of_word(c: char) -> bool {
    match c {
        ..='\u{7f}' => c.is_ascii_alphanumeric(),
        // Of Latin, Hebrew, Arabic and Indian scripts.
        '\u{80}'..='\u{bf}' | '×' | '÷' | '־' | '،' | '؛' | '؟' | '٪'..='٭' | '۔' | '।' | '॥' => false,
        // Quotes and dashes, arrows, signs.
        '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}' => false,
        // Of Chinese and Japanese, and wide ones.
        '\u{3000}'..='〄' | '〈'..='〠' | '・' | '\u{fe00}'..='\u{fe6f}' | '\u{feff}'..='／' => false,
        '：'..='＠' | '［'..='｀' | '｛'..='･' | '￠'..='\u{ffff}' => false,
        // Of private use; emoji.
        '\u{e000}'..='\u{f8ff}' | '\u{1f000}'..='\u{1faff}' => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_and_digit_is_of_a_word_but_those_that_are_signs() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric() && !is_of_word(*c)) {
            let is_sign = matches!(c, 'ª' | '²' | '³' | 'µ' | '¹' | 'º' | '¼'..='¾' | '\u{2000}'..='\u{2bff}');
            assert!(is_sign || matches!(c, '\u{2e2f}' | '\u{1f000}'..='\u{1faff}'), "{c} U+{:X}", u32::from(c));
        }
    }

    #[test]
    fn punctuation_signs_and_emoji_are_of_no_word() {
        for c in "\n .,-_!?()[]“”„«»‹›—–…·¿¡©™€→✓×、。「」《》：（）！？・،؛؟٪।־🙂❤\u{fe0f}\u{200d}🇦📎".chars()
        {
            assert!(!is_of_word(c), "{c}");
        }
    }
}
