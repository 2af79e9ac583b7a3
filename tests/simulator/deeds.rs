//! What people do at a page, where the page lets them: a button that is not there cannot be pressed.

use crate::ledger::Written;
use crate::plan::Deed;
use crate::sabotage::Sabotage;
use crate::world::World;
use frontdesk::model::chat::{Actor, Command, Side, Status};
use frontdesk::model::ids::{ChatId, LabelId};
use frontdesk::model::outbox::{Outgoing, OutgoingState, written_at};
use frontdesk::model::text::RichText;
use frontdesk::model::visitor::{PageView, Visit};

/// Most files in one message.
const MAX_FILES: usize = 10;

impl World {
    pub fn act(&mut self, page: usize, deed: Deed) {
        let this = &self.pages[page];
        if let Some(away) = this.away {
            if deed == Deed::ComeBack {
                self.come_back(page, away);
            }
            return;
        }
        let shown = this.copy.as_ref().map(|copy| (copy.conversation.chat.id, copy.conversation.chat.status));
        match (deed, shown) {
            (Deed::Reload, _) => self.reload(page),
            (Deed::CloseLid, _) => self.close_lid(page),
            (Deed::CloseWindow, _) => self.close_window(page),
            (Deed::ComeBack, _) => {}
            (Deed::Start { email }, None | Some((_, Status::Ended))) => self.start(page, email),
            (Deed::Accept, _) => self.accept(page),
            (Deed::Open { nth }, _) => {
                let mut chats: Vec<ChatId> = this.rows.keys().copied().collect();
                chats.sort();
                if let Some(chat) = chats.get(nth % chats.len().max(1)) {
                    self.open_chat(page, *chat);
                }
            }
            // Who has something to say and no chat begins one, or takes one.
            (Deed::Write, None | Some((_, Status::Ended))) if this.is_visitor() => {
                let email = this.called.is_multiple_of(2);
                self.start(page, email);
            }
            (Deed::Write, None | Some((_, Status::Ended))) => self.accept(page),
            (Deed::Write, Some((chat, Status::Waiting))) if !this.is_visitor() => {
                self.once(page, chat, Command::Accept);
            }
            (_, None) => {}
            (Deed::Write, Some((chat, _))) => self.compose(page, chat),
            (Deed::Read, Some((chat, _))) => self.look(page, chat),
            (_, Some((chat, status))) => {
                if let Some(command) = self.button(page, deed, status) {
                    self.once(page, chat, command);
                }
            }
        }
    }

    fn reload(&mut self, page: usize) {
        self.cut(page);
        self.pages[page].reload();
        self.load(page);
    }

    fn start(&mut self, page: usize, email: bool) {
        let this = &self.pages[page];
        if !this.is_visitor() || this.form.is_some() || this.refused || this.calls.values().any(is_state) {
            return;
        }
        self.close_chat(page);
        let id = self.fresh_id(page);
        let command = Command::Start {
            name: String::new(),
            email: if email { self.own_address(page) } else { String::new() },
            department: None,
            text: self.fresh_text(),
            visit: Visit::default(),
            page: Some(self.website()),
        };
        self.give(page, id, None, &command);
        self.pages[page].form = Some((id, command));
        self.submit(page);
    }

    /// Takes the chat that waits longest, and shows it.
    fn accept(&mut self, page: usize) {
        let waiting = self.pages[page].rows.values().filter(|row| row.status == Status::Waiting);
        if let Some(chat) = waiting.map(|row| (row.started_at, row.id)).min().map(|(_, chat)| chat) {
            self.open_chat(page, chat);
            self.once(page, chat, Command::Accept);
        }
    }

    /// Writes a message: the rules are asked on the copy at hand, then it goes into storage and on its way.
    fn compose(&mut self, page: usize, chat: ChatId) {
        let (text, mut at) = (self.fresh_text(), self.page_time(page));
        if let Some(outbox) = &self.pages[page].outbox
            && self.sabotage != Some(Sabotage::TrustClock)
        {
            at = written_at(&outbox.messages, at);
        }
        let id = self.fresh_id_at(page, at);
        let this = &mut self.pages[page];
        let Some(outbox) = &mut this.outbox else { return };
        let (actor, state) = (this.actor.clone(), OutgoingState::Sending);
        let message = Outgoing { id, chat, at, text, attachments: Vec::new(), side: actor.side(), state };
        let Some(copy) = &this.copy else { return };
        let known = copy.conversation.chat.visitor.is_some();
        if !known || message.check(&copy.conversation.chat, actor, MAX_FILES).is_err() {
            return;
        }
        outbox.messages.push(message.clone());
        self.give(page, id, Some(chat), &message.command());
        let text = message.text.to_plain();
        self.ledger.written.push(Written { page, chat, id, text, failed: false });
        self.keep(page, message);
        self.poke(page);
    }

    /// Sees what there is.
    fn look(&mut self, page: usize, chat: ChatId) {
        let this = &self.pages[page];
        let side = this.actor.side();
        if side == Side::Agents && !this.answers() {
            return;
        }
        let newest = this.copy.as_ref().and_then(|copy| copy.conversation.chat.receipts(side).unread.last().copied());
        if let Some(up_to) = newest {
            self.once(page, chat, Command::MarkRead { up_to });
        }
    }

    /// The command of a button, if the page shows it in this state of the chat.
    fn button(&mut self, page: usize, deed: Deed, status: Status) -> Option<Command> {
        let text = self.fresh_text();
        let own = self.own_address(page);
        let few = self.pages[page].rng.i64(0..3);
        match (&self.pages[page].actor, deed) {
            (Actor::Visitor(_), Deed::End) if status.is_live() => Some(Command::End),
            (Actor::Visitor(_), Deed::ViewPage) if status.is_live() => Some(Command::ViewPage { page: self.website() }),
            (Actor::Visitor(_), Deed::LeaveMessage) if status == Status::Waiting => {
                Some(Command::LeaveMessage { name: String::new(), email: own, text })
            }
            (Actor::Visitor(_), Deed::Rate) if status == Status::Ended => {
                Some(Command::Rate { helpful: text.to_plain().len().is_multiple_of(2), comment: String::new() })
            }
            (Actor::Visitor(_), Deed::RequestTranscript { own: theirs }) if status == Status::Ended => {
                let email = if theirs { own } else { "somebody.else@example.com".into() };
                Some(Command::RequestTranscript { email })
            }
            (Actor::Agent(_), Deed::End) if status.is_live() => Some(Command::End),
            (Actor::Agent(_), Deed::Dismiss) if status == Status::Waiting => Some(Command::Dismiss),
            (Actor::Agent(_), Deed::SetLabels) => {
                let labels = (0..few).map(LabelId).collect();
                Some(Command::SetLabels { labels })
            }
            (Actor::Agent(_), Deed::CreateTicket) => Some(Command::CreateTicket {
                email: "entered@example.com".into(),
                subject: "secret subject".into(),
                description: text,
                department: None,
                labels: Vec::new(),
            }),
            (Actor::Agent(_), Deed::Block) => Some(Command::Block { reason: "secret reason".into(), address: false }),
            _ => None,
        }
    }

    fn own_address(&self, page: usize) -> String {
        format!("{}@example.com", self.pages[page].storage_key())
    }

    fn website(&self) -> PageView {
        PageView { at: self.now, url: "https://shop.example/secret".into(), ..PageView::default() }
    }

    /// A text that nobody else writes.
    fn fresh_text(&mut self) -> RichText {
        let number = self.fresh_number();
        RichText::from_typed(&format!("message {number}"))
    }
}

fn is_state(why: &crate::page::Why) -> bool {
    matches!(why, crate::page::Why::State)
}
