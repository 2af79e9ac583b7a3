//! What a page does with its connection: comes back by itself, takes in what arrives. As `ui/live.rs` and
//! `ui/conversation.rs`, with the same rules of numbers.

use crate::hub::ConnId;
use crate::node::Body;
use crate::page::{Shown, Wake, Why};
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::{EPOCH, Happening, World};
use frontdesk::model::chat::{Actor, Command, Event, Seq, Side, take_rows};
use frontdesk::model::delivery;
use frontdesk::model::ids::ChatId;
use frontdesk::model::live::{ClientFrame, ServerFrame};
use frontdesk::model::outbox::wait_ms;
use std::collections::HashMap;

/// What is looked at has this long to be read before it is called delivered.
const READ_FIRST_MS: Ms = 1_000;

impl World {
    /// The page's clock.
    pub fn page_time(&self, page: usize) -> Ms {
        EPOCH + self.now + self.pages[page].clock
    }

    /// The page begins.
    pub fn load(&mut self, page: usize) {
        match self.pages[page].actor.clone() {
            Actor::Visitor(visitor) => self.call(page, Why::State, Body::State(visitor)),
            Actor::Agent(_) | Actor::System => self.call(page, Why::Load, Body::Live),
        }
    }

    pub fn wake(&mut self, page: usize, why: Wake) {
        if self.pages[page].away.is_some() {
            return self.pages[page].slept.push(why);
        }
        match why {
            Wake::Load => self.load(page),
            Wake::Connect { attempt } if attempt == self.pages[page].attempts => self.connect(page),
            Wake::Connect { .. } => {}
            Wake::Form => self.submit(page),
            Wake::Outbox => self.poke(page),
            Wake::Refresh => self.refresh(page),
            Wake::TellDelivered => self.tell_delivered(page),
        }
    }

    pub fn wake_after(&mut self, page: usize, ms: Ms, why: Wake) {
        let life = self.pages[page].life;
        self.after(ms, Happening::Wake { page, life, why });
    }

    pub fn connect(&mut self, page: usize) {
        let this = &self.pages[page];
        if this.conn.is_some() || !this.wants || this.refused {
            return;
        }
        let node = (page + this.attempts as usize + this.life as usize) % self.nodes.len();
        if self.is_offline(page) || !self.nodes[node].up {
            return self.connect_later(page);
        }
        let (cursors, life) = (self.pages[page].cursors(), self.nodes[node].life);
        let conn = self.fresh_number();
        self.pages[page].conn = Some((node, conn));
        self.after(crate::link::NET_MS, Happening::Hello { node, life, conn, page, cursors });
    }

    pub fn connect_later(&mut self, page: usize) {
        self.pages[page].attempts += 1;
        let attempt = self.pages[page].attempts;
        let wait = wait_ms(attempt - 1, self.pages[page].rng.f64());
        self.wake_after(page, wait.into(), Wake::Connect { attempt });
    }

    pub fn closed(&mut self, page: usize, conn: ConnId, refused: bool) {
        let this = &self.pages[page];
        if this.conn.is_none_or(|(_, own)| own != conn) {
            return;
        }
        self.note_here(page);
        self.pages[page].conn = None;
        if refused {
            self.kept_out(page);
        } else {
            self.connect_later(page);
        }
    }

    /// The visitor is blocked: the chat leaves the screen.
    pub fn kept_out(&mut self, page: usize) {
        let this = &mut self.pages[page];
        (this.refused, this.copy, this.form) = (true, None, None);
        if let Some((node, conn)) = this.conn.take() {
            self.after(0, Happening::Left { node, conn });
        }
    }

    pub fn receive(&mut self, page: usize, conn: ConnId, frame: ServerFrame) {
        if self.pages[page].conn.is_none_or(|(_, own)| own != conn) {
            return;
        }
        let shown = self.pages[page].chat();
        match frame {
            ServerFrame::Welcome { .. } => {
                self.counts.reconnects += u64::from(self.pages[page].attempts > 0);
                self.pages[page].attempts = 0;
                self.pages[page].welcomed_at = self.now;
                self.poke(page);
                if !self.pages[page].is_visitor() {
                    self.refresh(page);
                }
            }
            ServerFrame::Rows { rows } => take_rows(&mut self.pages[page].rows, rows),
            ServerFrame::Events { chat, prev, events } if shown == Some(chat) => self.deliver(page, prev, &events),
            ServerFrame::Current { chat, seq } if shown == Some(chat) => self.caught_up(page, seq),
            ServerFrame::NoSuchChat { chat } if shown == Some(chat) => {
                let who = self.pages[page].whose;
                self.broken("own chat", format!("{who} is told that chat {chat} does not exist"));
            }
            _ => {}
        }
    }

    fn refresh(&mut self, page: usize) {
        let asked_at: HashMap<ChatId, Seq> = self.pages[page].rows.values().map(|row| (row.id, row.last_seq)).collect();
        self.call(page, Why::Refresh(asked_at), Body::Live);
    }

    fn deliver(&mut self, page: usize, prev: Seq, events: &[Event]) {
        let Some(copy) = &self.pages[page].copy else { return };
        let (chat, cursor) = (copy.conversation.chat.id, copy.conversation.chat.last_seq);
        let prev = if self.sabotage == Some(Sabotage::IgnorePrevInClient) { prev.min(cursor) } else { prev };
        let Some(news) = delivery::news(cursor, prev, events) else {
            self.counts.gaps_in_client += 1;
            return self.say(page, ClientFrame::Follow { chat, after: cursor });
        };
        if news.is_empty() {
            return;
        }
        for event in news {
            self.check_shown(page, chat, event);
            if let Some(copy) = &mut self.pages[page].copy {
                copy.conversation.apply(event);
                copy.held.push(event.clone());
            }
        }
        self.settle(page, news);
        let ms = if page.is_multiple_of(2) { 0 } else { READ_FIRST_MS };
        self.wake_after(page, ms, Wake::TellDelivered);
    }

    fn caught_up(&mut self, page: usize, seq: Seq) {
        let Some(copy) = &mut self.pages[page].copy else { return };
        let chat = copy.conversation.chat.id;
        if delivery::is_of_another_history(copy.conversation.chat.last_seq, seq) {
            *copy = Shown::new(chat);
            self.say(page, ClientFrame::Follow { chat, after: 0 });
        } else {
            copy.current = true;
        }
    }

    fn tell_delivered(&mut self, page: usize) {
        let this = &self.pages[page];
        let side = this.actor.side();
        if side == Side::Agents && !this.answers() {
            return;
        }
        let undelivered = this.copy.as_ref().and_then(|copy| copy.conversation.chat.undelivered(side));
        if let (Some(up_to), Some(chat)) = (undelivered, this.chat()) {
            self.once(page, chat, Command::MarkDelivered { up_to });
        }
    }

    /// Follows a chat, in place of the one before.
    pub fn open_chat(&mut self, page: usize, chat: ChatId) {
        if self.pages[page].chat() == Some(chat) {
            return;
        }
        self.close_chat(page);
        self.pages[page].copy = Some(Shown::new(chat));
        if self.pages[page].is_visitor() {
            self.open_outbox(page);
        }
        self.say(page, ClientFrame::Follow { chat, after: 0 });
        let this = &mut self.pages[page];
        // Whom the server did not want tries again with a new chat.
        let idle = !std::mem::replace(&mut this.wants, true) | std::mem::take(&mut this.refused);
        if idle {
            self.connect(page);
        }
    }

    pub fn close_chat(&mut self, page: usize) {
        if let Some(chat) = self.pages[page].chat() {
            self.say(page, ClientFrame::Unfollow { chat });
            self.pages[page].copy = None;
        }
    }
}
