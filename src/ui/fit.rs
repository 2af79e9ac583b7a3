//! How files look: the size of a picture on the screen, and the kind of anything else.

use super::words::t;

/// Pictures are fitted into a square of this size, in pixels, and never made larger.
pub const FIT_PX: u32 = 280;

/// The size at which a picture is shown.
pub fn fitted(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    let fit = |length: u32| {
        if longest <= FIT_PX {
            length
        } else {
            ((f64::from(length) * f64::from(FIT_PX) / f64::from(longest)).round()) as u32
        }
    };
    (fit(width).max(1), fit(height).max(1))
}

/// What a file is, in a word: the ending of its name.
pub fn kind_of(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| (1..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map_or_else(|| t("File"), str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_made_smaller_and_never_larger() {
        assert_eq!(fitted(1600, 1067), (280, 187));
        assert_eq!(fitted(1200, 1600), (210, 280));
        assert_eq!(fitted(40, 30), (40, 30));
        assert_eq!(fitted(10_000, 2), (280, 1));
        assert_eq!(fitted(0, 0), (1, 1));
        assert_eq!(fitted(u32::MAX, u32::MAX), (280, 280));
    }

    #[test]
    fn a_file_is_named_by_its_ending() {
        assert_eq!(kind_of("price list.xlsx"), "XLSX");
        assert_eq!(kind_of("README"), "File");
        assert_eq!(kind_of("a.much too long"), "File");
    }
}
