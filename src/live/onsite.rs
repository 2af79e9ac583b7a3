//! Visitors on websites whose pages tell of themselves as they are opened (`data-visitors="live"`), also without a chat.
//! In the memory of this process, bounded, and soon forgotten.

use crate::model::Millis;
use crate::model::ids::{CommandId, OnsiteId};
use crate::model::visitor::{PageView, SiteVisitor};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most visitors that are remembered. When there are more, who was seen longest ago is forgotten.
const MAX_VISITORS: usize = 2_000;
/// Who opens no page for so long is not on the website any more: a session of the loader.
const GONE_AFTER_MS: Millis = 30 * 60 * 1_000;
/// While beacons come, those who are gone are forgotten this often.
const TIDY_EVERY_MS: Millis = 1_000;
/// Most visitors in one list.
const MAX_LISTED: usize = 200;

/// Who is on the websites.
#[derive(Default)]
pub struct Onsite {
    visitors: Mutex<HashMap<OnsiteId, Known>>,
    /// When those who are gone were last forgotten.
    tidied: AtomicI64,
}

/// A visitor, and the name of the last page view. The loader makes greater ones only, so what is not greater was told of
/// before.
struct Known {
    visitor: SiteVisitor,
    last: CommandId,
}

impl Onsite {
    /// A visitor has opened pages, the last of them just now; views that come again count once. All of it is the visitor's
    /// word.
    pub fn saw(&self, id: OnsiteId, pages: Vec<(CommandId, PageView)>, now: Millis) {
        let names: Vec<CommandId> = pages.iter().map(|(name, _)| *name).collect();
        let Some((last, page)) = pages.into_iter().next_back() else { return };
        let page = page.bounded();
        // Beacons are many, and who is gone a little longer is in nobody's way.
        let late = (now - self.tidied.load(Ordering::Relaxed)).abs() >= TIDY_EVERY_MS;
        let mut visitors = if late { self.present(now) } else { self.lock() };
        if let Some(known) = visitors.get_mut(&id) {
            let new = names.iter().filter(|name| **name > known.last).count() as u32;
            known.visitor.seen = now;
            known.visitor.pages = known.visitor.pages.saturating_add(new);
            if last > known.last {
                known.visitor.page = page;
                known.last = last;
            }
            return;
        }
        if visitors.len() >= MAX_VISITORS {
            let longest_ago = visitors.values().map(|known| &known.visitor).min_by_key(|visitor| visitor.seen);
            let longest_ago = longest_ago.map(|visitor| visitor.id);
            if let Some(id) = longest_ago {
                visitors.remove(&id);
            }
        }
        let visitor = SiteVisitor { id, since: now, seen: now, pages: names.len() as u32, page };
        visitors.insert(id, Known { visitor, last });
    }

    /// Who is there, the last seen first; at most 200.
    pub fn list(&self, now: Millis) -> Vec<SiteVisitor> {
        let mut listed: Vec<SiteVisitor> = self.present(now).values().map(|known| known.visitor.clone()).collect();
        listed.sort_by_key(|visitor| (std::cmp::Reverse(visitor.seen), visitor.id));
        listed.truncate(MAX_LISTED);
        listed
    }

    /// Those who are not gone.
    fn present(&self, now: Millis) -> MutexGuard<'_, HashMap<OnsiteId, Known>> {
        let mut visitors = self.lock();
        self.tidied.store(now, Ordering::Relaxed);
        visitors.retain(|_, known| now - known.visitor.seen < GONE_AFTER_MS);
        visitors
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OnsiteId, Known>> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: usize) -> OnsiteId {
        OnsiteId(Uuid::from_u128(number as u128))
    }

    /// A page view, by its number.
    fn page(number: u128, path: &str) -> (CommandId, PageView) {
        let page = PageView { url: format!("https://shop.example{path}"), ..PageView::default() };
        (CommandId(Uuid::from_u128(number)), page)
    }

    #[test]
    fn who_opens_pages_is_listed_with_the_last_of_them_latest_first() {
        let onsite = Onsite::default();
        onsite.saw(id(1), vec![page(1, "/"), page(2, "/tents")], 1_000);
        onsite.saw(id(2), vec![page(1, "/lamps")], 2_000);
        onsite.saw(id(1), vec![page(3, "/pegs")], 3_000);
        let listed = onsite.list(3_000);
        assert_eq!(listed.iter().map(|visitor| visitor.id).collect::<Vec<_>>(), [id(1), id(2)]);
        let SiteVisitor { since, seen, pages, page, .. } = &listed[0];
        assert_eq!((*since, *seen, *pages, page.url.as_str()), (1_000, 3_000, 3, "https://shop.example/pegs"));
    }

    #[test]
    fn a_page_view_that_comes_again_counts_once_and_takes_nobody_back() {
        let onsite = Onsite::default();
        onsite.saw(id(1), vec![page(1, "/"), page(2, "/tents")], 1_000);
        onsite.saw(id(1), vec![page(2, "/tents"), page(3, "/pegs")], 2_000);
        onsite.saw(id(1), vec![page(1, "/")], 3_000);
        let SiteVisitor { seen, pages, page, .. } = &onsite.list(3_000)[0];
        assert_eq!((*seen, *pages, page.url.as_str()), (3_000, 3, "https://shop.example/pegs"));
    }

    #[test]
    fn silence_is_forgotten_and_nothing_is_no_visit() {
        let onsite = Onsite::default();
        onsite.saw(id(1), vec![], 0);
        onsite.saw(id(2), vec![page(1, "/")], 0);
        assert_eq!(onsite.list(GONE_AFTER_MS - 1).len(), 1);
        assert!(onsite.list(GONE_AFTER_MS).is_empty());
    }

    #[test]
    fn there_are_never_more_than_fit_and_the_latest_stay() {
        let onsite = Onsite::default();
        for number in 0..MAX_VISITORS + 10 {
            onsite.saw(id(number), vec![page(1, "/")], number as Millis);
        }
        assert_eq!(onsite.visitors.lock().unwrap().len(), MAX_VISITORS);
        let listed = onsite.list(MAX_VISITORS as Millis + 10);
        assert_eq!(listed.len(), MAX_LISTED);
        assert_eq!(listed[0].id, id(MAX_VISITORS + 9));
    }

    #[test]
    fn what_a_page_says_of_itself_is_kept_within_bounds() {
        let onsite = Onsite::default();
        let page = PageView { url: "javascript:alert(1)".into(), title: "t".repeat(5_000), ..PageView::default() };
        onsite.saw(id(1), vec![(CommandId(Uuid::nil()), page)], 0);
        let SiteVisitor { page, .. } = &onsite.list(0)[0];
        assert_eq!((page.url.as_str(), page.title.len()), ("", 300));
    }
}
