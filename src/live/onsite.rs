//! Visitors on websites whose pages tell of themselves as they are opened (`data-visitors="live"`), also without a chat.
//! In the memory of this process, bounded, and soon forgotten.

use super::hub::{Hub, frame, lock};
use crate::model::Millis;
use crate::model::ids::{ChatId, CommandId, OnsiteId};
use crate::model::live::ServerFrame;
use crate::model::visitor::{PageView, SiteVisitor};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

/// Most visitors that are remembered. When there are more, who was seen longest ago is forgotten.
const MAX_VISITORS: usize = 2_000;
/// Who opens no page for so long is not on the website any more: a session of the loader.
const GONE_AFTER_MS: Millis = 30 * 60 * 1_000;
/// While beacons come, those who are gone are forgotten this often.
const TIDY_EVERY_MS: Millis = 1_000;
/// Whether somebody is gone is looked at this often, so that lists on the screen lose them, too.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Those who watch are told at most once in this time.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// Most visitors in one list.
const MAX_LISTED: usize = 200;

/// Who is on the websites.
#[derive(Default)]
pub struct Onsite {
    visitors: Mutex<HashMap<OnsiteId, Known>>,
    /// When those who are gone were last forgotten.
    tidied: AtomicI64,
    /// Rung when somebody came, went or opened a page.
    changed: Notify,
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
        self.changed.notify_one();
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
        let visitor = SiteVisitor { id, since: now, seen: now, pages: names.len() as u32, page, chat: None };
        visitors.insert(id, Known { visitor, last });
    }

    /// The visitor has a chat.
    pub fn chats_in(&self, id: OnsiteId, chat: ChatId) {
        if let Some(Known { visitor, .. }) = self.lock().get_mut(&id)
            && visitor.chat != Some(chat)
        {
            visitor.chat = Some(chat);
            self.changed.notify_one();
        }
    }

    /// Who is there, the last seen first; at most 200.
    pub fn list(&self, now: Millis) -> Vec<SiteVisitor> {
        let present = self.present(now);
        let mut listed: Vec<&SiteVisitor> = present.values().map(|known| &known.visitor).collect();
        listed.sort_by_key(|visitor| (std::cmp::Reverse(visitor.seen), visitor.id));
        listed.into_iter().take(MAX_LISTED).cloned().collect()
    }

    /// Those who are not gone. That somebody is, is told to whoever has them on the screen.
    fn present(&self, now: Millis) -> MutexGuard<'_, HashMap<OnsiteId, Known>> {
        let mut visitors = self.lock();
        self.tidied.store(now, Ordering::Relaxed);
        let before = visitors.len();
        visitors.retain(|_, known| now - known.visitor.seen < GONE_AFTER_MS);
        if visitors.len() < before {
            self.changed.notify_one();
        }
        visitors
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OnsiteId, Known>> {
        lock(&self.visitors)
    }
}

impl Hub {
    /// Tells the consoles that watch the visitors when these have changed. That they have, and not how: a console asks
    /// when it has time to, one question at a time, and two hundred long addresses never wait in its queue.
    pub(super) async fn announce_visitors(self: Arc<Self>) {
        let mut look = interval_at(Instant::now() + LOOK_EVERY, LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.onsite().changed.notified() => {}
                _ = look.tick() => {
                    // Should somebody be gone, the bell rings.
                    drop(self.onsite().present(jiff::Timestamp::now().as_millisecond()));
                    continue;
                }
                () = self.closing().cancelled() => return,
            }
            let outgoing = Arc::new(frame(&ServerFrame::VisitorsChanged));
            for console in lock(&self.consoles).values().filter(|console| console.watches_visitors()) {
                console.send(outgoing.clone());
            }
            // What changes meanwhile is told afterwards, as one.
            sleep(TOLD_EVERY).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Viewer;
    use crate::model::agent::{Agent, Role};
    use crate::model::ids::AgentId;
    use tokio_util::sync::CancellationToken;
    use uuid::Uuid;

    fn agent(id: i64) -> Viewer {
        Viewer::Agent(Agent {
            id: AgentId(id),
            name: "Grace".into(),
            email: "grace@example.com".into(),
            role: Role::Agent,
            available: true,
            departments: vec![],
            photo: None,
        })
    }

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

    #[test]
    fn a_chat_is_of_whom_it_is_told_as_long_as_they_are_there() {
        let onsite = Onsite::default();
        onsite.chats_in(id(1), ChatId(7));
        onsite.saw(id(1), vec![page(1, "/")], 0);
        assert_eq!(onsite.list(0)[0].chat, None);
        onsite.chats_in(id(1), ChatId(7));
        onsite.saw(id(1), vec![page(2, "/tents")], 1);
        assert_eq!(onsite.list(1)[0].chat, Some(ChatId(7)));
    }

    #[tokio::test]
    async fn only_consoles_that_watch_are_told_and_many_changes_within_a_second_are_one() {
        let hub = Hub::new(CancellationToken::new());
        let (watching, mut told) = hub.connect(agent(1));
        let (_other, mut not_told) = hub.connect(agent(2));
        watching.watch_visitors(true);
        let see = |number| hub.onsite().saw(id(number), vec![page(1, "/")], jiff::Timestamp::now().as_millisecond());
        let began = Instant::now();
        see(1);
        assert!(told.recv().await.is_some());
        assert!(began.elapsed() < TOLD_EVERY, "the first is told at once");
        (2..50).for_each(see);
        assert!(told.recv().await.is_some());
        assert!(began.elapsed() >= TOLD_EVERY);
        assert!(told.try_recv().is_err() && not_told.try_recv().is_err());
    }
}
