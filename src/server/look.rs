//! How a page of the widget looks as its website wishes: light or dark, and the colour. The loader wrote it into the
//! frame's address. The page itself says it, and no script, so that nothing is drawn in another colour first, and a frame
//! without scripts has it, too. `style/tokens.css` makes every colour readable.

use crate::model::site::Site;
use crate::model::visitor::cut;
use serde::Deserialize;

/// Longest colour that is taken in, in characters.
const MAX_COLOR_CHARS: usize = 100;

/// What the address says of it. Anybody may have written it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// `light`, `dark`, or `page`: as the website's own page is.
    theme: String,
    color: String,
}

/// How a page looks.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// `light` or `dark`; else as the visitor's system.
    pub theme: Option<&'static str>,
    /// It follows the page around it, which a script has to ask.
    pub follows: bool,
    /// A style sheet of its own; empty without a wish.
    pub style: String,
    color: String,
}

impl Look {
    /// What the website's page wishes, else the colour of its site.
    pub fn new(wishes: &Wishes, site: Option<&Site>) -> Self {
        let wish = cut(wishes.color.trim(), MAX_COLOR_CHARS);
        let known = site.map(|site| site.form.color.clone()).unwrap_or_default();
        // What is not written like a colour could be another rule. Whether it is one the browser knows best.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "#(),.%+-/ ".contains(c);
        let wish = if wish.chars().all(is_plain) { wish } else { String::new() };
        let mut style = String::new();
        if !known.is_empty() {
            style += &accent(&known);
        }
        if !wish.is_empty() {
            style += &format!("@supports(color:{wish}){{{}}}", accent(&wish));
        }
        if !is_opaque(&wish) {
            // What is written on it is written on nothing else.
            let opaque = format!("rgb(from {wish} r g b / 1)");
            style += &format!("@supports(color:{opaque}){{{}}}", accent(&opaque));
        }
        let theme = ["light", "dark"].into_iter().find(|theme| *theme == wishes.theme);
        let color = if wish.is_empty() { known } else { wish };
        Look { theme, follows: wishes.theme == "page", style, color }
    }

    /// The same in the address of another page: what is to be put behind its parameters.
    pub fn in_address(&self) -> String {
        let theme = self.theme.or(self.follows.then_some("page"));
        let theme = theme.map(|theme| format!("&theme={theme}")).unwrap_or_default();
        if self.color.is_empty() { theme } else { format!("{theme}&color={}", escaped(&self.color)) }
    }
}

fn accent(color: &str) -> String {
    format!(":root{{--accent:{color}}}")
}

/// One cannot see through it: as far as that is seen without knowing all colours.
fn is_opaque(color: &str) -> bool {
    let has_digits = |digits: &str| matches!(digits.len(), 3 | 6);
    let is_short = color.strip_prefix('#').is_some_and(has_digits);
    color.is_empty()
        || is_short
        || (color.starts_with("rgb(") && !color.contains('/') && color.matches(',').count() < 3)
        // So the loader writes what it has made opaque itself.
        || (color.starts_with("color(") && !color.contains('/'))
}

/// In an address; only ASCII.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => text + char::from(byte).encode_utf8(&mut [0; 4]),
        _ => text + &format!("%{byte:02X}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(theme: &str, color: &str) -> Look {
        Look::new(&Wishes { theme: theme.into(), color: color.into() }, None)
    }

    #[test]
    fn a_colour_is_taken_as_it_is_or_as_opaque() {
        assert_eq!(look("", "#0f766e").style, "@supports(color:#0f766e){:root{--accent:#0f766e}}");
        for color in ["rgb(15, 118, 110)", "color(srgb 0.06 0.46 0.43)"] {
            assert!(!look("", color).style.contains("from"), "{color}");
        }
        for color in [
            "teal",
            "#0f766e80",
            "#0f78",
            "rgb(0 0 255 / 0.1)",
            "rgba(0, 0, 255, 0.1)",
            "rgb(0, 0, 255, 0.1)",
            "color(srgb 0 0 1 / 0.1)",
        ] {
            assert!(look("", color).style.contains(&format!("{{--accent:rgb(from {color} r g b / 1)}}")), "{color}");
        }
        assert_eq!(look("", "").style, "");
    }

    #[test]
    fn what_is_no_colour_becomes_no_rule() {
        for color in ["red;}*{color:blue", "</style><script>", "red}a{b", "url(\"x\")", "/*", "red\n", "Ü"] {
            let style = look("", color).style;
            assert!(
                !style.contains(['<', ';', '"', 'Ü']) && style.matches('{').count() == style.matches('}').count(),
                "{style}"
            );
        }
        assert_eq!(look("", &"a".repeat(1_000)).color.len(), MAX_COLOR_CHARS);
    }

    #[test]
    fn a_page_in_the_page_looks_the_same() {
        assert_eq!(look("dark", "rgb(1, 2, 3)").in_address(), "&theme=dark&color=rgb%281%2C%202%2C%203%29");
        assert_eq!(look("page", "").in_address(), "&theme=page");
        assert_eq!(look("<b>", "").in_address(), "");
    }
}
