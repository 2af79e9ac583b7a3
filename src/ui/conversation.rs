//! A followed chat on the screen: the fold of its events as signals, so that an event redraws what it changed.

use super::live::Live;
use super::state::*;
use super::time;
use crate::model::chat::{Chat, Conversation, Entry, EntryKind, Event, Seq, Side};
use crate::model::delivery;
use crate::model::ids::{ChatId, CommandId};
use crate::model::live::{ClientFrame, Cursor};
use crate::model::visitor::{Connection, Visit};

/// What is looked at has this long to be read before it is called delivered.
pub const READ_FIRST_MS: u32 = 1_000;
/// Messages of one author within this time stand together.
pub const GROUP_MS: i64 = 300_000;

/// One line of the log.
#[derive(Clone)]
pub struct Line {
    pub seq: Seq,
    pub entry: ArcRwSignal<Entry>,
    /// The day begins with this line.
    pub new_day: bool,
    /// It goes on with the message above.
    pub continues: bool,
}

/// A followed chat. Copied freely.
#[derive(Clone, Copy)]
pub struct Followed {
    pub id: ChatId,
    /// The state that the rules need.
    pub chat: RwSignal<Chat>,
    pub lines: RwSignal<Vec<Line>>,
    /// What is known of the visit; for agents.
    pub visit: RwSignal<Option<(Connection, Visit)>>,
    /// Everything up to now has arrived.
    pub current: RwSignal<bool>,
    /// There is no such chat, or not for this person.
    pub missing: RwSignal<bool>,
    fold: StoredValue<Conversation>,
}

impl Followed {
    pub fn new(id: ChatId) -> Self {
        Followed {
            id,
            chat: RwSignal::new(Chat::new(id)),
            lines: RwSignal::new(Vec::new()),
            visit: RwSignal::new(None),
            current: RwSignal::new(false),
            missing: RwSignal::new(false),
            fold: StoredValue::new(Conversation::new(id)),
        }
    }

    /// How far this copy is.
    pub fn cursor(&self) -> Cursor {
        Cursor { chat: self.id, after: self.fold.with_value(|fold| fold.chat.last_seq) }
    }

    /// The newest message that `side` has neither read nor said to have received.
    pub fn undelivered(&self, side: Side) -> Option<Seq> {
        self.chat.try_with_untracked(|chat| chat.undelivered(side))?
    }

    /// Takes in a delivery and returns the commands that it answers. Asks again when something before it is missing.
    pub fn deliver(&self, live: Live, prev: Seq, events: &[Event]) -> Vec<CommandId> {
        let cursor = self.cursor();
        let Some(news) = delivery::news(cursor.after, prev, events) else {
            live.send(ClientFrame::Follow { chat: self.id, after: cursor.after });
            return Vec::new();
        };
        let mut answered = Vec::new();
        let mut added = Vec::new();
        for event in news {
            answered.extend(event.command);
            self.apply(event, &mut added);
        }
        self.fold.with_value(|fold| {
            self.chat.set(fold.chat.clone());
            if fold.visit != self.visit.get_untracked() {
                self.visit.set(fold.visit.clone());
            }
        });
        if !added.is_empty() {
            self.lines.update(|lines| lines.extend(added));
        }
        answered
    }

    /// The server says that everything up to `seq` was sent. A copy that is further is of another history: begin anew.
    pub fn caught_up(&self, live: Live, seq: Seq) {
        if delivery::is_of_another_history(self.cursor().after, seq) {
            self.fold.set_value(Conversation::new(self.id));
            self.lines.set(Vec::new());
            live.send(ClientFrame::Follow { chat: self.id, after: 0 });
        } else if !self.current.get_untracked() {
            self.current.set(true);
        }
    }

    fn apply(&self, event: &Event, added: &mut Vec<Line>) {
        self.fold.update_value(|fold| {
            let change = fold.apply(event);
            if change.added {
                let previous = fold.entries.len().checked_sub(2).map(|i| &fold.entries[i]);
                if let Some(entry) = fold.entries.last() {
                    let new_day = previous.is_none_or(|previous| time::day(previous.at) != time::day(entry.at));
                    added.push(Line {
                        seq: entry.seq,
                        new_day,
                        continues: !new_day && previous.is_some_and(|previous| continues(previous, entry)),
                        entry: ArcRwSignal::new(entry.clone()),
                    });
                }
            }
            if let Some(from) = change.touched_from {
                self.lines.with_untracked(|lines| {
                    for (line, entry) in lines.iter().chain(added.iter()).zip(&fold.entries).skip(from) {
                        if line.entry.with_untracked(|shown| shown != entry) {
                            line.entry.set(entry.clone());
                        }
                    }
                });
            }
        });
    }
}

pub fn continues(previous: &Entry, entry: &Entry) -> bool {
    matches!(previous.kind, EntryKind::Message { .. })
        && matches!(entry.kind, EntryKind::Message { .. })
        && previous.by == entry.by
        && entry.at - previous.at < GROUP_MS
}
