//! The log of a conversation: its lines, what is on its way, and the place of the reader in it.

use super::dom::{El, Node, button, el, part};
use super::message::{self, Shown};
use super::parts::icon;
use super::session::{Open, Session};
use super::{chat, viewer};
use crate::model::attachment::Attachment;
use crate::model::chat::{Author, Entry, EntryKind, Seq, Side};
use crate::model::ids::CommandId;
use crate::ui::browser::{document, next_frame};
use crate::ui::conversation::{Followed, GROUP_MS, Line};
use crate::ui::delivery::{Byline, Delivery};
use crate::ui::icon::Shape;
use crate::ui::outbox::{Outgoing, OutgoingState};
use crate::ui::place::Place;
use crate::ui::resized::Resized;
use crate::ui::seen::{Seen, element_id};
use crate::ui::state::*;
use crate::ui::time;
use crate::ui::words::{fill, t};
use gloo_timers::callback::Timeout;
use web_sys::Element;

/// Where the reader is in the log, and what the log last looked like.
#[derive(Clone, Copy)]
pub struct LogState {
    place: StoredValue<Place>,
    /// Something new is below what is on the screen.
    news: RwSignal<bool>,
    /// It has been on the screen.
    pub begun: RwSignal<bool>,
    seen: Seen,
    before: StoredValue<Before>,
    looking: StoredValue<Option<Timeout>, LocalStorage>,
    resized: StoredValue<Option<Resized>, LocalStorage>,
}

/// What was there at the last drawing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Before {
    opened: bool,
    last: Option<Seq>,
    on_way: usize,
    tail: bool,
}

impl LogState {
    pub fn new(followed: Followed) -> Self {
        LogState {
            place: StoredValue::new(Place::at_end()),
            news: RwSignal::new(false),
            begun: RwSignal::new(false),
            seen: Seen::new(followed, Side::Visitor),
            before: StoredValue::new(Before::default()),
            looking: StoredValue::new_local(None),
            resized: StoredValue::new_local(None),
        }
    }

    /// Looks what the visitor can see, and tells it.
    pub fn look(self, session: Session, open: Open) {
        if let Some(up_to) = log().and_then(|log| self.seen.look(&log)) {
            session.mark_read(open.followed.id, up_to, self.seen);
        }
    }

    fn to_end(self) {
        if let Some(log) = log() {
            log.set_scroll_top(log.scroll_height());
            if self.news.get_untracked() {
                self.news.set(false);
            }
        }
    }

    /// Stays at the end where it was there, or goes there at any rate.
    fn settle(self, session: Session, open: Open, at_any_rate: bool) {
        // The next change may come before the browser says what this one did.
        if let Some(log) = log() {
            self.place.update_value(|place| place.fit(log.scroll_height() - log.client_height()));
        }
        next_frame(move || {
            if at_any_rate || self.place.get_value().is_at_end() {
                self.to_end();
            }
            self.look(session, open);
        });
    }

    /// After a drawing: goes along with what has come.
    fn follow(self, session: Session, open: Open, tail: bool) {
        let followed = open.followed;
        let before = self.before.get_value();
        let now = Before {
            opened: true,
            last: followed.lines.with_untracked(|lines| lines.last().map(|line| line.seq)),
            on_way: open.outbox.messages.with_untracked(|all| all.iter().filter(|m| m.chat == followed.id).count()),
            tail,
        };
        if now == before {
            return;
        }
        self.before.set_value(now);
        if !before.opened {
            next_frame(move || self.begin(session, open));
            return;
        }
        let theirs = now.last != before.last
            && followed.lines.with_untracked(|lines| {
                let by = lines.last().and_then(|line| line.entry.with_untracked(|entry| entry.by.side()));
                by == Some(Side::Agents)
            });
        if theirs && !self.place.get_value().is_at_end() {
            self.news.set(true);
        }
        // One's own message is always shown.
        self.settle(session, open, now.on_way > before.on_way);
    }

    /// The first view: the first unread message at the top when the unread ones do not fit, else the end.
    fn begin(self, session: Session, open: Open) {
        self.begun.set(true);
        self.to_end();
        let unread = open.followed.chat.with_untracked(|chat| chat.receipts(Side::Visitor).unread.first().copied());
        let first = unread.and_then(|seq| document().get_element_by_id(&element_id(seq)));
        if let (Some(log), Some(first)) = (log(), first)
            && first.get_bounding_client_rect().top() < log.get_bounding_client_rect().top()
        {
            first.scroll_into_view();
            self.place.update_value(Place::begin_above);
        }
        self.look(session, open);
    }

    fn scrolled(self, session: Session, open: Open) {
        let Some(log) = log() else { return };
        self.place.update_value(|place| place.scrolled(log.scroll_top(), log.scroll_height(), log.client_height()));
        if self.place.get_value().is_at_end() && self.news.get_untracked() {
            self.news.set(false);
        }
        self.looking.set_value(Some(Timeout::new(80, move || self.look(session, open))));
    }
}

fn log() -> Option<Element> {
    document().get_element_by_id("log")
}

/// The log with what stands above it and after its last line. `tail` changes when what stands there changes its height.
pub fn draw(session: Session, open: Open, tail: bool, above: El, after: El) -> El {
    let state = open.log;
    let mine = own_byline(open);
    let mut lines = open
        .followed
        .lines
        .with(|lines| lines.iter().flat_map(|line| draw_line(open, line, &mine)).collect::<Vec<Node>>());
    // Among the lines: a message that has arrived stays the element it was, and is announced once.
    lines.extend(on_way(open, &mine));
    let log = part("div", "log")
        .set("id", "log")
        .set("role", "log")
        .set("aria-label", t("Conversation"))
        .set("tabindex", "0")
        .on("scroll", move |_| state.scrolled(session, open))
        .mounted(move |log| {
            // It also changes its height when the box below it grows with what is typed.
            state.resized.set_value(Resized::watch(log, move || state.settle(session, open, false)));
        })
        .drawn(move |_| state.follow(session, open, tail))
        .with(lines)
        .with(after);
    let latest = state
        .news
        .get()
        .then(|| button("latest", move || state.to_end()).with(icon(Shape::DOWN)).text(t("New messages")));
    part("div", "thread").with(above).with(log).with(latest).with(viewer::draw(open))
}

/// The visitor as the author of a message.
fn own_byline(open: Open) -> Byline {
    let name = open.followed.chat.with(|chat| chat.visitor.as_ref().and_then(|visitor| visitor.name.clone()));
    let name = name.map_or_else(|| t("You"), |name| fill("{0} (you)", &[&name]));
    Byline { side: Side::Visitor, name, shown: String::new(), photo: None, mine: true }
}

fn byline(by: &Author, mine: &Byline) -> Byline {
    match by {
        Author::Agent(agent) => {
            let (name, shown) = (agent.name.clone(), agent.name.clone());
            Byline { side: Side::Agents, name, shown, photo: agent.photo, mine: false }
        }
        Author::Visitor | Author::System => mine.clone(),
    }
}

/// A line, after the day that begins with it.
fn draw_line(open: Open, line: &Line, mine: &Byline) -> Vec<Node> {
    let day_key = line.seq as u64 * 2 + 1;
    let mut drawn = Vec::with_capacity(2);
    let is_shown = line.entry.with(is_shown);
    // A day whose first line is not shown begins all the same, unless nothing more comes.
    let is_after =
        line.entry.with(|entry| matches!(entry.kind, EntryKind::Rated { .. } | EntryKind::TranscriptRequested { .. }));
    if line.new_day && (is_shown || !is_after) {
        let at = line.entry.with(|entry| entry.at);
        drawn.push(Node::Kept { key: day_key, version: 0, draw: Box::new(move || day(at)) });
    }
    if is_shown {
        let (version, entry) = (version(open, line), line.entry.clone());
        let key = line.entry.with(key_of);
        let (continues, mine) = (line.continues, mine.clone());
        let draw = Box::new(move || entry.with(|entry| draw_entry(open, entry, continues, &mine)));
        drawn.push(Node::Kept { key, version, draw });
    }
    drawn
}

fn is_shown(entry: &Entry) -> bool {
    match &entry.kind {
        EntryKind::Message { .. } | EntryKind::Accepted | EntryKind::Released { .. } | EntryKind::Ended => true,
        EntryKind::DepartmentChanged { department } => department.is_some(),
        _ => false,
    }
}

/// Another number for everything that makes the line look another way.
fn version(open: Open, line: &Line) -> u64 {
    line.entry.with(|entry| {
        let delivery = match Delivery::of(entry) {
            Delivery::Read(at) => at as u64,
            Delivery::Delivered => 1,
            _ => 0,
        };
        match &entry.kind {
            EntryKind::Message { attachments, .. } => with_files(open, delivery, attachments),
            _ => 0,
        }
    })
}

/// The same of a message on its way, which looks another way than any line.
fn version_on_way(open: Open, message: &Outgoing, continues: bool) -> u64 {
    let state = match message.state {
        OutgoingState::Sending => 0,
        OutgoingState::Sent => 1,
        OutgoingState::Failed(_) => 2,
    };
    with_files(open, u64::MAX - state * 2 - u64::from(continues), &message.attachments)
}

fn with_files(open: Open, version: u64, files: &[Attachment]) -> u64 {
    files.iter().fold(version, |sum, file| sum.wrapping_mul(31) ^ open.pictures.version(open, file.id))
}

fn day(at: crate::model::Millis) -> El {
    let name = time::day_name(at);
    part("div", "day").set("role", "separator").set("aria-label", name.clone()).text(name)
}

fn draw_entry(open: Open, entry: &Entry, continues: bool, mine: &Byline) -> El {
    match &entry.kind {
        EntryKind::Message { text, attachments, .. } => message::draw(
            open,
            Shown {
                id: Some(element_id(entry.seq)),
                at: entry.at,
                byline: byline(&entry.by, mine),
                body: text,
                files: attachments,
                continues,
                delivery: Delivery::of(entry),
            },
            None,
        ),
        _ => chat::notice(entry).unwrap_or_else(|| el("p")),
    }
}

/// The messages on their way.
fn on_way(open: Open, mine: &Byline) -> Vec<Node> {
    let mut first = true;
    open.outbox.messages.with(|messages| {
        messages
            .iter()
            .filter(|message| message.chat == open.followed.id)
            .map(|message| {
                let continues = !std::mem::replace(&mut first, false) || continues_own(open, message);
                let (key, version) = (key_of_command(message.id), version_on_way(open, message, continues));
                let (message, mine) = (message.clone(), mine.clone());
                Node::Kept { key, version, draw: Box::new(move || draw_outgoing(open, &message, &mine, continues)) }
            })
            .collect()
    })
}

/// Whether a message on its way stands together with the last line.
fn continues_own(open: Open, message: &Outgoing) -> bool {
    open.followed.lines.with_untracked(|lines| {
        lines.last().is_some_and(|line| {
            line.entry.with_untracked(|last| {
                matches!(last.kind, EntryKind::Message { .. })
                    && last.by.side() == Some(message.side)
                    && message.at - last.at < GROUP_MS
            })
        })
    })
}

fn draw_outgoing(open: Open, message: &Outgoing, mine: &Byline, continues: bool) -> El {
    let (outbox, id) = (open.outbox, message.id);
    let (delivery, failed) = match &message.state {
        OutgoingState::Sending => (Delivery::Sending, None),
        OutgoingState::Sent => (Delivery::Sent, None),
        OutgoingState::Failed(sentence) => (Delivery::Failed, Some(sentence)),
    };
    let below = failed.map(|sentence| {
        part("p", "msg__foot")
            .set("role", "alert")
            .text(t(sentence))
            .text(" ")
            .with(button("retry", move || outbox.retry(id)).text(t("Retry")))
            .text(" ")
            .with(button("retry", move || outbox.discard(id)).text(t("Delete")))
    });
    let shown = Shown {
        id: None,
        at: message.at,
        byline: mine.clone(),
        body: &message.text,
        files: &message.attachments,
        continues,
        delivery,
    };
    message::draw(open, shown, below)
}

/// One's own message has the key that it had on its way.
fn key_of(entry: &Entry) -> u64 {
    match &entry.kind {
        EntryKind::Message { command: Some(id), .. } if entry.by == Author::Visitor => key_of_command(*id),
        _ => entry.seq as u64 * 2,
    }
}

/// Different from the keys of other lines, which are small.
fn key_of_command(id: CommandId) -> u64 {
    id.0.as_u64_pair().1 | 1 << 63
}
