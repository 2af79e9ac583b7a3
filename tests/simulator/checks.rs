//! The promises. Each is looked at from outside, with its own words for what is for agents alone: what the product says
//! of it is what is being checked.

use crate::ledger::{Given, kind};
use crate::node::may_mail_stranger;
use crate::page::Shown;
use crate::plan::Ms;
use crate::world::{EPOCH, World};
use frontdesk::model::chat::{
    Audience, Chat, ChatRow, Command, Conversation, Entry, EntryKind, Event, EventBody, Status, decide,
};
use frontdesk::model::ids::{ChatId, VisitorId};
use frontdesk::model::outbox::OutgoingState;
use frontdesk::store::{JobKind, NewJob};
use std::collections::{BTreeMap, BTreeSet};

/// What no visitor may hold.
fn is_for_agents_alone(body: &EventBody) -> bool {
    matches!(
        body,
        EventBody::VisitRecorded { .. }
            | EventBody::DataTold { .. }
            | EventBody::PageViewed { .. }
            | EventBody::Dismissed
            | EventBody::LabelsChanged { .. }
            | EventBody::TicketCreated { .. }
            | EventBody::Blocked { .. }
            | EventBody::BlockLifted
            | EventBody::Unknown
    )
}

impl World {
    /// What is shown is in the log already, and for the one who sees it.
    pub fn check_shown(&mut self, page: usize, chat: ChatId, event: &Event) {
        let who = self.pages[page].whose;
        let log = self.disk.logs.get(&chat);
        if !log.is_some_and(|log| log.iter().any(|stored| stored == event)) {
            self.broken("shown is stored", format!("{who} sees event {chat}/{}, which is not in the log", event.seq));
        }
        if self.pages[page].is_visitor() && is_for_agents_alone(&event.body) {
            self.broken("for agents alone", format!("{who} holds event {chat}/{}: {:?}", event.seq, event.body));
        }
    }

    /// All promises, when everything has come to rest.
    pub fn check_all(&mut self) {
        self.check_logs();
        self.check_answers();
        self.check_outboxes();
        self.check_live_chats();
        self.check_owners();
        self.check_transcripts();
        for page in 0..self.pages.len() {
            self.check_view(page);
            self.check_rows(page);
        }
    }

    /// Numbers without gaps, each command once, times that do not go back, and a projection that is the fold.
    fn check_logs(&mut self) {
        let mut wrong = Vec::new();
        let mut commands = BTreeSet::new();
        let mut texts = BTreeSet::new();
        for (id, log) in &self.disk.logs {
            if log.iter().enumerate().any(|(i, event)| event.seq != i as i64 + 1) {
                let seqs: Vec<i64> = log.iter().map(|event| event.seq).collect();
                wrong.push(("numbers", format!("chat {id} has the numbers {seqs:?}")));
            }
            for event in log {
                if event.command.is_some_and(|command| !commands.insert(command)) {
                    wrong.push(("exactly once", format!("the command of event {id}/{} is there twice", event.seq)));
                }
                if let EventBody::Message { text, .. } = &event.body
                    && !texts.insert(text.to_plain())
                {
                    wrong.push(("exactly once", format!("{:?} is there twice: {id}/{}", text.to_plain(), event.seq)));
                }
            }
            let fold = Conversation::of(*id, log);
            if self.disk.chats.get(id) != Some(&fold.chat) {
                wrong.push(("projection", format!("the row of chat {id} is not the fold of its log")));
            }
            let said: Vec<i64> = fold.entries.iter().map(|entry| entry.at).collect();
            if fold.entries.iter().zip(fold.entries.iter().skip(1)).any(|(a, b)| is_message(a) && b.at < a.at) {
                wrong.push(("times", format!("the times of chat {id} go back: {said:?}")));
            }
            self.counts.ended += u64::from(fold.chat.status == Status::Ended);
        }
        wrong.into_iter().for_each(|(rule, what)| self.broken(rule, what));
    }

    /// Every acknowledged command is in the log, or there was nothing to do.
    fn check_answers(&mut self) {
        let stored: BTreeSet<_> = self.disk.logs.values().flatten().filter_map(|event| event.command).collect();
        let mut wrong = Vec::new();
        for (id, given) in &self.ledger.given {
            let Some(ack) = given.ack else { continue };
            if stored.contains(id) {
                continue;
            }
            if !self.had_nothing_to_do(given, ack.chat, ack.seq) {
                let who = self.pages[given.page].whose;
                let what = kind(&given.command);
                wrong.push(format!("{who} was told that {what} is stored as {}/{}; it is not", ack.chat, ack.seq));
            }
        }
        wrong.into_iter().for_each(|what| self.broken("acknowledged is stored", what));
    }

    /// Whether the rules, asked on the state of that moment, make nothing of the command.
    fn had_nothing_to_do(&self, given: &Given, chat: ChatId, seq: i64) -> bool {
        let Some(log) = self.disk.logs.get(&chat) else { return false };
        let mut state = Chat::new(chat);
        log.iter().take_while(|event| event.seq <= seq).for_each(|event| state.apply(event));
        let id = log[0].command.expect("the first event has a command");
        let mut context = self.context(0, &given.actor, self.true_time(), id, &given.command);
        context.blocked_until = None;
        given.chat.is_some() && decide(&state, given.command.clone(), &context).is_ok_and(|events| events.is_empty())
    }

    /// What was written is in the log or still with its writer, and in the order of its writing.
    fn check_outboxes(&mut self) {
        let stored: BTreeMap<_, _> =
            self.disk.logs.values().flatten().filter_map(|event| Some((event.command?, event.seq))).collect();
        let mut wrong = Vec::new();
        let mut last: BTreeMap<(usize, ChatId), i64> = BTreeMap::new();
        for written in &self.ledger.written {
            let page = &self.pages[written.page];
            let kept = self.storage.get(&page.storage_key()).is_some_and(|all| all.contains_key(&written.id));
            match stored.get(&written.id) {
                Some(seq) if !written.failed => {
                    let before = last.insert((written.page, written.chat), *seq).unwrap_or(0);
                    if before > *seq {
                        let what = format!("{} wrote {:?} after what is {before}", page.whose, written.text);
                        wrong.push(("order", format!("{what}, but it is {}/{seq}", written.chat)));
                    }
                }
                Some(_) => {}
                None if kept => {}
                None => wrong.push(("nothing lost", format!("{:?} of {} is gone", written.text, page.whose))),
            }
        }
        for page in self.pages.iter().filter(|page| page.away.is_none()) {
            let Some(outbox) = &page.outbox else { continue };
            for message in &outbox.messages {
                let shown_twice = page.chat() == Some(message.chat) && stored.contains_key(&message.id);
                let text = message.text.to_plain();
                if shown_twice {
                    wrong.push(("shown once", format!("{} sees {text:?} twice", page.whose)));
                }
                if message.state == OutgoingState::Sending && page.conn.is_some() {
                    wrong.push(("arrives", format!("{text:?} of {} is still on its way", page.whose)));
                }
            }
        }
        wrong.into_iter().for_each(|(rule, what)| self.broken(rule, what));
    }

    /// A live chat has an owner or waits, and a visitor has one at most, or none when they are kept out.
    fn check_live_chats(&mut self) {
        let mut wrong = Vec::new();
        let mut busy = BTreeSet::new();
        for chat in self.disk.chats.values().filter(|chat| chat.status.is_live()) {
            let owned = chat.agent.is_some();
            if owned != (chat.status == Status::Open) {
                wrong.push((
                    "owner or queue",
                    format!("chat {} is {:?}, its owner {:?}", chat.id, chat.status, chat.agent),
                ));
            }
            let visitor = chat.visitor.as_ref().map(|visitor| visitor.id.0).unwrap_or_default();
            if self.is_kept_out_by_all(VisitorId(visitor)) {
                wrong.push(("kept out", format!("visitor {visitor} is blocked and has the live chat {}", chat.id)));
            }
            if !busy.insert(visitor) {
                wrong.push(("one live chat", format!("visitor {visitor} has a second live chat: {}", chat.id)));
            }
        }
        wrong.into_iter().for_each(|(rule, what)| self.broken(rule, what));
    }

    /// Whether no clock has shown a time, since this visitor was blocked, at which the block is over.
    fn is_kept_out_by_all(&self, visitor: VisitorId) -> bool {
        let blocked = self.disk.blocked.iter().filter(|blocked| blocked.visitor == visitor);
        blocked.into_iter().any(|blocked| self.latest_shown_since(blocked.at) < blocked.until)
    }

    /// The latest time that the clock of a node has shown since then.
    fn latest_shown_since(&self, since: Ms) -> Ms {
        let of_node = |node: usize| {
            let jumps = self.jumps.iter().filter(move |jump| jump.node == node);
            let ends = jumps.clone().map(|jump| jump.at).chain([self.now]);
            let clocks = [0].into_iter().chain(jumps.map(|jump| jump.clock));
            ends.zip(clocks).filter(|(end, _)| *end >= since).map(|(end, clock)| EPOCH + end + clock).max()
        };
        (0..self.nodes.len()).filter_map(of_node).max().unwrap_or(Ms::MAX)
    }

    /// An ended chat with an email has one transcript job; of those that nobody of the house took, where mails to
    /// strangers are permitted. Nobody is sent two.
    fn check_transcripts(&mut self) {
        let mut wrong = Vec::new();
        for (id, log) in &self.disk.logs {
            let mut due: BTreeSet<String> = BTreeSet::new();
            let mut state = Chat::new(*id);
            let (mut command, mut accepted) = (None, false);
            for event in log {
                state.apply(event);
                command = event.command.or(command);
                let given = command.and_then(|command| self.ledger.given.get(&command));
                match &event.body {
                    EventBody::Accepted => accepted = true,
                    EventBody::Ended => {
                        let left = given.is_some_and(|given| matches!(given.command, Command::LeaveMessage { .. }));
                        let permitted = accepted || command.is_some_and(may_mail_stranger);
                        let email = state.visitor.as_ref().and_then(|visitor| visitor.email.as_ref());
                        due.extend(
                            email.filter(|_| permitted && (!left || accepted)).map(|email| email.as_str().to_owned()),
                        );
                    }
                    EventBody::TranscriptRequested { email } => {
                        due.insert(email.as_str().to_owned());
                    }
                    _ => {}
                }
            }
            let jobs = self.disk.jobs.iter().filter(|job| job.chat == Some(*id));
            let mut mailed: Vec<String> = jobs.filter_map(transcript_to).collect();
            mailed.sort();
            if mailed != due.iter().cloned().collect::<Vec<_>>() {
                wrong.push(format!("the transcript of chat {id} is due to {due:?} and goes to {mailed:?}"));
            }
            self.counts.transcripts += mailed.len() as u64;
        }
        wrong.into_iter().for_each(|what| self.broken("one transcript", what));
    }

    /// What a page shows is the fold of what its audience may see.
    fn check_view(&mut self, page: usize) {
        let this = &self.pages[page];
        let Some(copy) = this.copy.as_ref().filter(|_| this.away.is_none()) else { return };
        let chat = copy.conversation.chat.id;
        let log = self.disk.events(chat, Audience::Agents, 0, usize::MAX);
        let theirs: Vec<Event> =
            log.into_iter().filter(|event| !this.is_visitor() || !is_for_agents_alone(&event.body)).collect();
        let seen = seqs(copy);
        let who = this.whose;
        let wrong = if this.conn.is_none() {
            format!("{who} does not come back")
        } else if copy.held != theirs {
            let there: Vec<i64> = theirs.iter().map(|event| event.seq).collect();
            format!("{who} sees {seen:?} of chat {chat}, where {there:?} is to be seen")
        } else if copy.conversation != Conversation::of(chat, &theirs) {
            format!("the copy of {who} is not the fold of what was sent of chat {chat}")
        } else if !copy.current {
            format!("{who} was never told to have all of chat {chat}")
        } else {
            return;
        };
        self.broken("view", wrong);
    }

    /// A console lists the live chats as they are: what waits has its place in the queue of everybody.
    fn check_rows(&mut self, page: usize) {
        let this = &self.pages[page];
        if this.is_visitor() || this.away.is_some() {
            return;
        }
        let live: BTreeMap<ChatId, ChatRow> = self
            .disk
            .chats
            .values()
            .filter(|chat| chat.status.is_live())
            .map(|chat| (chat.id, ChatRow::from(chat)))
            .collect();
        let listed: BTreeMap<ChatId, ChatRow> =
            this.rows.values().filter(|row| row.status.is_live()).map(|row| (row.id, row.clone())).collect();
        if live != listed {
            let of = |rows: &BTreeMap<ChatId, ChatRow>| {
                rows.values().map(|row| format!("{}@{}", row.id, row.last_seq)).collect::<Vec<_>>().join(" ")
            };
            let what = format!("{} lists the live chats {}, where there are {}", this.whose, of(&listed), of(&live));
            self.broken("list", what);
        }
    }
}

fn is_message(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::Message { .. })
}

fn transcript_to(job: &NewJob) -> Option<String> {
    match &job.kind {
        JobKind::Transcript { to } => Some(to.clone()),
        _ => None,
    }
}

fn seqs(shown: &Shown) -> Vec<i64> {
    shown.held.iter().map(|event| event.seq).collect()
}
