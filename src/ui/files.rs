//! Links to the files of a chat. They are asked for together, kept, and asked for anew when they are old.

use super::browser::{now, sleep, spawn_local};
use super::small_map::SmallMap;
use super::state::*;
use crate::model::Millis;
use crate::model::attachment::FileLink;
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, FileId};
use futures::future::LocalBoxFuture;
use std::rc::Rc;

/// Links are not used for longer than this; the server's are valid for longer.
const FRESH_MS: Millis = 600_000;
/// What is asked for within this time is asked for with one call.
const COLLECT_MS: u32 = 10;
/// Most files that one call asks for.
const MOST_AT_ONCE: usize = 50;

/// A link to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is asked for.
    Asked,
    /// Where it is shown, and where it is saved.
    Ready { url: String, download: String },
    /// There is no such file any more.
    Gone,
}

impl Link {
    /// Where it leads to, once it is there: to see the file, or to save it.
    pub fn address(&self, save: bool) -> Option<String> {
        match self {
            Link::Ready { download, .. } if save => Some(download.clone()),
            Link::Ready { url, .. } => Some(url.clone()),
            _ => None,
        }
    }
}

/// Files with the paths where they are shown and saved.
pub type Answer = Result<Vec<FileLink>, ApiError>;

type Ask = dyn Fn(ChatId, Vec<FileId>) -> LocalBoxFuture<'static, Answer>;

/// Links to the files of one chat. Copied freely.
#[derive(Clone, Copy)]
pub struct FileLinks {
    /// The picture that is shown large.
    pub viewed: RwSignal<Option<FileId>>,
    work: StoredValue<Work, LocalStorage>,
}

struct Work {
    chat: ChatId,
    ask: Rc<Ask>,
    known: SmallMap<FileId, Known>,
    wanted: Vec<FileId>,
    asking: bool,
}

struct Known {
    link: ArcRwSignal<Link>,
    /// When it was made.
    at: Millis,
}

impl FileLinks {
    /// Links to files of this chat; `ask` is the call that makes them. Files that it leaves out are gone.
    pub fn new(chat: ChatId, ask: impl Fn(ChatId, Vec<FileId>) -> LocalBoxFuture<'static, Answer> + 'static) -> Self {
        FileLinks {
            viewed: RwSignal::new(None),
            work: StoredValue::new_local(Work {
                chat,
                ask: Rc::new(ask),
                known: SmallMap::new(),
                wanted: Vec::new(),
                asking: false,
            }),
        }
    }

    /// The link to a file, which is asked for unless it is known and fresh.
    pub fn of(&self, id: FileId) -> ArcRwSignal<Link> {
        self.refresh(id);
        self.work
            .try_with_value(|work| work.known.get(id).map(|known| known.link.clone()))
            .flatten()
            .unwrap_or_else(|| ArcRwSignal::new(Link::Asked))
    }

    /// The link to a file as far as it was asked for.
    pub fn known(&self, id: FileId) -> Option<Link> {
        self.work.try_with_value(|work| work.known.get(id).map(|known| known.link.get()))?
    }

    /// Asks for the link anew when it is old: before it is followed.
    pub fn refresh(&self, id: FileId) {
        let wanted = self.work.try_update_value(|work| {
            let fresh = now() - FRESH_MS;
            let known = work.known.get_or(id, || Known { link: ArcRwSignal::new(Link::Asked), at: 0 });
            // What is gone may be there by now: a file is of no message before its message arrives.
            let wanted = known.at < fresh || known.link.with_untracked(|link| *link == Link::Gone);
            if wanted {
                known.at = now();
            }
            wanted
        });
        if wanted == Some(true) {
            self.renew(id);
        }
    }

    /// The link did not work: forgets it, and asks for another.
    pub fn replace(&self, id: FileId) {
        let link = self.work.try_with_value(|work| work.known.get(id).map(|known| known.link.clone())).flatten();
        if let Some(link) = link {
            link.set(Link::Asked);
        }
        self.renew(id);
    }

    fn renew(&self, id: FileId) {
        let begin = self.work.try_update_value(|work| {
            if !work.wanted.contains(&id) {
                work.wanted.push(id);
            }
            !std::mem::replace(&mut work.asking, true)
        });
        if begin == Some(true) {
            spawn_local(run(self.work));
        }
    }
}

async fn run(work: StoredValue<Work, LocalStorage>) {
    let mut failures = 0;
    loop {
        let wait = if failures == 0 { COLLECT_MS } else { 500 << failures };
        sleep(wait).await;
        let call = work.try_update_value(|work| {
            let ids: Vec<FileId> = work.wanted.drain(..work.wanted.len().min(MOST_AT_ONCE)).collect();
            work.asking = !ids.is_empty();
            work.asking.then(|| (ids.clone(), (work.ask)(work.chat, ids)))
        });
        let Some((ids, call)) = call.flatten() else { return };
        let found = match call.await {
            Ok(found) => found,
            Err(error) if error.is_passing() => {
                failures = (failures + 1).min(6);
                let _ = work.try_update_value(|work| work.wanted.extend(ids));
                continue;
            }
            Err(_) => Vec::new(),
        };
        failures = 0;
        let answered = work.try_update_value(|work| {
            ids.iter()
                .filter_map(|id| {
                    let known = work.known.get_mut(*id)?;
                    known.at = now();
                    Some((*id, known.link.clone()))
                })
                .collect::<Vec<_>>()
        });
        for (id, link) in answered.unwrap_or_default() {
            link.set(match found.iter().find(|found| found.id == id) {
                Some(FileLink { url, download, .. }) => Link::Ready { url: url.clone(), download: download.clone() },
                None => Link::Gone,
            });
        }
    }
}
