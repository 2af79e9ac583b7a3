//! Where the pictures of a conversation are fetched from. What is on the screen stays when its link is made anew; only
//! what could not be loaded is loaded again, once.

use super::session::Open;
use crate::model::ids::FileId;
use crate::ui::files::Link;
use crate::ui::small_map::SmallMap;
use crate::ui::state::*;

/// Failures after which a picture is shown as a file.
const TRIES: u32 = 2;

/// The pictures of one chat.
#[derive(Clone, Copy)]
pub struct Pictures(StoredValue<SmallMap<FileId, Picture>>);

#[derive(Clone, Default)]
struct Picture {
    failures: u32,
    /// What is shown, and after how many failures.
    shown: Option<(u32, String)>,
}

impl Pictures {
    pub fn new() -> Self {
        Pictures(StoredValue::new(SmallMap::new()))
    }

    /// Where the picture is fetched from, once that is known.
    pub fn source(self, open: Open, id: FileId) -> Option<String> {
        let link = open.links.of(id).get();
        self.0.try_update_value(|all| {
            let picture = all.get_or(id, Picture::default);
            let failures = picture.failures;
            if picture.shown.as_ref().is_none_or(|(after, _)| *after != failures) {
                let Link::Ready { url, .. } = link else { return None };
                // The other name makes the browser try again although the link may be the same.
                let url = if failures > 0 { format!("{url}#{failures}") } else { url };
                picture.shown = Some((failures, url));
            }
            picture.shown.as_ref().map(|(_, url)| url.clone())
        })?
    }

    /// It could not be loaded.
    pub fn failed(self, open: Open, id: FileId) {
        self.0.update_value(|all| all.get_or(id, Picture::default).failures += 1);
        open.links.replace(id);
    }

    /// Whether it is shown as a picture.
    pub fn is_shown(self, open: Open, id: FileId) -> bool {
        self.failures(id) < TRIES && open.links.known(id) != Some(Link::Gone)
    }

    /// Another number for everything that makes the file look another way.
    pub fn version(self, open: Open, id: FileId) -> u64 {
        let link = match open.links.known(id) {
            None | Some(Link::Asked) => 0,
            Some(Link::Gone) => 1,
            Some(Link::Ready { url, .. }) => url.bytes().fold(2, |sum, byte| sum * 31 % 0xffff_ffff + u64::from(byte)),
        };
        link * 8 + u64::from(self.failures(id).min(7))
    }

    fn failures(self, id: FileId) -> u32 {
        self.0.with_value(|all| all.get(id).map_or(0, |picture| picture.failures))
    }
}
