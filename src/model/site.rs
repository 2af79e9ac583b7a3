//! Sites: the websites that one installation serves, each with a look, texts and departments of its own.

use super::ids::{DepartmentId, SiteId};
use super::origin::origin;
use super::visitor::cut;
use serde::{Deserialize, Serialize};

/// Longest accepted name of a site, in characters.
pub const MAX_NAME_CHARS: usize = 60;
/// Longest accepted key of a site, in characters.
pub const MAX_KEY_CHARS: usize = 40;
/// Most websites that one site may name.
pub const MAX_ORIGINS: usize = 20;
/// Longest accepted text for visitors, in characters.
pub const MAX_TEXT_CHARS: usize = 300;
/// Most sites of one installation.
pub const MAX_SITES: usize = 200;

/// A site as a chat remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRef {
    pub id: SiteId,
    pub name: String,
}

/// A site as an admin sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    #[serde(flatten)]
    pub form: SiteForm,
}

/// What an admin fills in for a site. What is empty is as it is without sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteForm {
    pub name: String,
    /// What the website's script tag names in `data-site`.
    pub key: String,
    /// The websites that may embed the chat of this site.
    pub origins: Vec<String>,
    /// The chat's colour, as `#rrggbb`.
    pub color: String,
    /// What visitors read in the form while somebody is available.
    pub greeting: String,
    /// What they read while nobody is.
    pub away: String,
    /// The departments that visitors can choose from; all of them when it is empty.
    pub departments: Vec<DepartmentId>,
}

/// What of a site a visitor's widget needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteLook {
    pub color: String,
    pub greeting: String,
    pub away: String,
}

/// What is wrong with a field of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFault {
    /// Its name in [`SiteForm`].
    pub field: &'static str,
    /// What is accepted there.
    pub sentence: String,
}

impl Site {
    /// As a chat remembers it.
    pub fn to_ref(&self) -> SiteRef {
        SiteRef { id: self.id, name: self.form.name.clone() }
    }

    /// As visitors see it.
    pub fn look(&self) -> SiteLook {
        let SiteForm { color, greeting, away, .. } = self.form.clone();
        SiteLook { color, greeting, away }
    }

    /// Whether visitors can choose this department.
    pub fn offers(&self, department: DepartmentId) -> bool {
        self.form.departments.is_empty() || self.form.departments.contains(&department)
    }
}

impl SiteForm {
    /// The form as it is kept.
    ///
    /// # Errors
    /// The first [`SiteFault`].
    pub fn checked(self) -> Result<SiteForm, SiteFault> {
        let fault = |field, sentence: String| Err(SiteFault { field, sentence });
        let name = line(&self.name);
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return fault("name", format!("Please enter a name of at most {MAX_NAME_CHARS} characters."));
        }
        let key = self.key.trim().to_ascii_lowercase();
        if !is_key(&key) {
            let sentence = format!("A key has letters, digits and hyphens, at most {MAX_KEY_CHARS}, such as shop-de.");
            return fault("key", sentence);
        }
        let mut origins: Vec<String> = Vec::new();
        for typed in self.origins.iter().filter(|typed| !typed.trim().is_empty()) {
            let Some(origin) = origin(typed) else {
                let typed = cut(typed.trim(), 80);
                let sentence =
                    format!("“{typed}” is no website’s address without a path, such as https://www.example.com.");
                return fault("origins", sentence);
            };
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        if origins.len() > MAX_ORIGINS {
            return fault("origins", format!("A site can have at most {MAX_ORIGINS} websites."));
        }
        let color = self.color.trim().to_ascii_lowercase();
        if !color.is_empty() && !is_color(&color) {
            return fault("color", "A colour is written as # and six hexadecimal digits, such as #0f766e.".into());
        }
        let (greeting, away) = (line(&self.greeting), line(&self.away));
        for (field, text) in [("greeting", &greeting), ("away", &away)] {
            if text.chars().count() > MAX_TEXT_CHARS {
                return fault(field, format!("Please shorten this to {MAX_TEXT_CHARS} characters."));
            }
        }
        let mut departments = self.departments;
        departments.sort();
        departments.dedup();
        Ok(SiteForm { name, key, origins, color, greeting, away, departments })
    }
}

/// A text on one line.
fn line(typed: &str) -> String {
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn is_key(key: &str) -> bool {
    (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> SiteForm {
        SiteForm { name: "Shop".into(), key: "shop".into(), ..SiteForm::default() }
    }

    fn fault(form: SiteForm) -> &'static str {
        form.checked().expect_err("a fault").field
    }

    #[test]
    fn a_form_is_kept_as_it_is_meant() {
        let typed = SiteForm {
            name: "  The \n Shop ".into(),
            key: " Shop-DE ".into(),
            origins: vec!["https://Shop.example/".into(), String::new(), "https://shop.example".into()],
            color: "#0F766E".into(),
            greeting: " Welcome!\n Ask us. ".into(),
            away: String::new(),
            departments: vec![DepartmentId(2), DepartmentId(1), DepartmentId(2)],
        };
        let kept = typed.checked().unwrap();
        assert_eq!((kept.name.as_str(), kept.key.as_str(), kept.color.as_str()), ("The Shop", "shop-de", "#0f766e"));
        assert_eq!(kept.origins, ["https://shop.example"]);
        assert_eq!(kept.greeting, "Welcome! Ask us.");
        assert_eq!(kept.departments, [DepartmentId(1), DepartmentId(2)]);
        assert_eq!(kept.clone().checked(), Ok(kept));
    }

    #[test]
    fn what_cannot_be_kept_names_its_field() {
        assert!(good().checked().is_ok());
        assert_eq!(fault(SiteForm { name: " \u{0} ".into(), ..good() }), "name");
        assert_eq!(fault(SiteForm { name: "x".repeat(61), ..good() }), "name");
        for key in ["", "a b", "ä", "a/b", "<b>", "a&site=b", &"k".repeat(41)] {
            assert_eq!(fault(SiteForm { key: key.into(), ..good() }), "key", "{key}");
        }
        for origin in ["shop.example", "https://a.example; x", "*"] {
            assert_eq!(fault(SiteForm { origins: vec![origin.into()], ..good() }), "origins", "{origin}");
        }
        let many = (0..21).map(|i| format!("https://{i}.example")).collect();
        assert_eq!(fault(SiteForm { origins: many, ..good() }), "origins");
        for color in ["red", "#fff", "#12345g", "#0f766e;}", "url(x)"] {
            assert_eq!(fault(SiteForm { color: color.into(), ..good() }), "color", "{color}");
        }
        assert_eq!(fault(SiteForm { greeting: "x".repeat(301), ..good() }), "greeting");
        assert_eq!(fault(SiteForm { away: "x".repeat(301), ..good() }), "away");
    }
}
