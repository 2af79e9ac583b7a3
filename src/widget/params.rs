//! What the loader says in the frame's address.

use crate::model::department;
use crate::model::site;
use crate::model::visitor::cut;
use crate::ui::browser::window;
use serde::Deserialize;

/// Longest accepted list of languages: a tag has at most 35 characters.
const MAX_LANGS: usize = 71;

/// What the loader says in the frame's address. The visitor's page wrote it: a hint, never a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct WidgetParams {
    /// The origin of the page around the frame: the only one that is spoken to.
    pub origin: String,
    /// `1` when a chat goes on: the form is not shown first.
    pub resume: String,
    /// The department to choose at first, by name.
    pub department: String,
    /// The language that the website asks for, and that in which it is written: tags such as `de-AT`, with a comma
    /// between them.
    pub lang: String,
    /// The key of the site that the website says to be.
    pub site: String,
}

impl WidgetParams {
    /// The same within bounds.
    pub fn bounded(self) -> Self {
        WidgetParams {
            origin: cut(&self.origin, 300),
            resume: cut(&self.resume, 1),
            department: cut(&self.department, department::MAX_NAME_CHARS),
            lang: cut(&self.lang, MAX_LANGS),
            site: cut(&self.site, site::MAX_KEY_CHARS),
        }
    }

    /// As the server read them from this frame's address.
    pub fn from_address() -> Self {
        let search = window().location().search().unwrap_or_default();
        let Ok(query) = web_sys::UrlSearchParams::new_with_str(&search) else { return Self::default() };
        let get = |name: &str| query.get(name).unwrap_or_default();
        WidgetParams {
            origin: get("origin"),
            resume: get("resume"),
            department: get("department"),
            lang: get("lang"),
            site: get("site"),
        }
        .bounded()
    }

    pub fn resumes(&self) -> bool {
        self.resume == "1"
    }
}
