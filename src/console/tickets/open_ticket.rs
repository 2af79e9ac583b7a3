//! The ticket on the screen: what the server says of it, and what was just changed here.

use crate::api::{TicketView, colleagues, ticket, ticket_command};
use crate::console::desk::Desk;
use crate::model::agent::AgentRef;
use crate::model::error::ApiError;
use crate::model::ids::{CommandId, TicketId};
use crate::model::ticket::{Ticket, TicketCommand, TicketEntry};
use crate::ui::browser::command_id;
use crate::ui::live::Link;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// The ticket on the screen. Copied freely.
#[derive(Clone, Copy)]
pub struct OpenTicket {
    pub desk: Desk,
    pub id: TicketId,
    /// As it is shown; nothing before it was fetched.
    pub ticket: RwSignal<Option<Ticket>>,
    pub entries: RwSignal<Vec<TicketEntry>>,
    /// Why it could not be fetched.
    pub error: RwSignal<Option<ApiError>>,
    pub colleagues: RwSignal<Vec<AgentRef>>,
    /// As the server said last.
    settled: StoredValue<Option<Ticket>>,
    changes: StoredValue<Rc<Changes>, LocalStorage>,
    fetching: StoredValue<Fetching>,
}

/// Changes on their way, in order. They outlive the page: who goes elsewhere has changed the ticket all the same.
#[derive(Default)]
struct Changes {
    waiting: RefCell<VecDeque<(CommandId, TicketCommand)>>,
    sending: RefCell<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetching {
    No,
    Yes,
    /// Something has changed since it was asked: asked again afterwards.
    Again,
}

impl OpenTicket {
    /// Fetches the ticket, now and whenever something happens to it.
    pub fn open(desk: Desk, id: TicketId) -> Self {
        let this = OpenTicket {
            desk,
            id,
            ticket: RwSignal::new(None),
            entries: RwSignal::default(),
            error: RwSignal::new(None),
            colleagues: RwSignal::default(),
            settled: StoredValue::new(None),
            changes: StoredValue::new_local(Rc::default()),
            fetching: StoredValue::new(Fetching::No),
        };
        this.fetch();
        spawn_local(async move {
            if let Ok(all) = colleagues().await {
                this.colleagues.set(all);
            }
        });
        Effect::new(move |_| {
            if desk.ticket_news.with(|news| news.iter().any(|ticket| ticket.id == id)) {
                this.fetch();
            }
        });
        // What happened without a connection was not told.
        Effect::new(move |was_online: Option<bool>| {
            let online = desk.live.link().get() == Link::Online;
            if online && was_online == Some(false) {
                this.fetch();
            }
            online
        });
        this
    }

    /// Fetches it anew; one request at a time.
    pub fn fetch(self) {
        match self.fetching.try_get_value() {
            Some(Fetching::No) => self.fetching.set_value(Fetching::Yes),
            Some(_) => return self.fetching.set_value(Fetching::Again),
            None => return,
        }
        spawn_local(async move {
            let answer = ticket(self.id).await;
            let Some(fetching) = self.fetching.try_get_value() else { return };
            match answer {
                Ok(TicketView { ticket, entries }) => {
                    self.error.set(None);
                    self.take(ticket);
                    self.entries.set(entries);
                }
                Err(error @ ApiError::NotLoggedIn) => self.desk.fail(error),
                // What is on the screen stays; the next news asks again.
                Err(error) => self.error.set(Some(error)),
            }
            self.fetching.set_value(Fetching::No);
            if fetching == Fetching::Again {
                self.fetch();
            }
        });
    }

    /// The ticket as the server has it now.
    pub fn take(self, ticket: Ticket) {
        let Some(known) = self.settled.try_get_value() else { return };
        if known.is_some_and(|known| known.last_seq > ticket.last_seq) {
            return;
        }
        self.settled.set_value(Some(ticket));
        if !self.changes.with_value(|changes| *changes.sending.borrow()) {
            self.show_settled();
        }
    }

    fn show_settled(self) {
        let settled = self.settled.get_value();
        if self.ticket.with_untracked(|shown| *shown != settled) {
            self.ticket.set(settled);
        }
    }

    /// Changes the ticket: `show` does so on the screen at once, and it is undone when the server refuses.
    pub fn change(self, command: TicketCommand, show: impl FnOnce(&mut Ticket)) {
        self.ticket.update(|ticket| {
            if let Some(ticket) = ticket {
                show(ticket);
            }
        });
        let changes = self.changes.get_value();
        changes.waiting.borrow_mut().push_back((command_id(), command));
        if !changes.sending.replace(true) {
            spawn_local(async move { self.send(&changes).await });
        }
    }

    /// One after the other: what is chosen last is what holds.
    async fn send(self, changes: &Changes) {
        loop {
            let Some((id, command)) = changes.waiting.borrow_mut().pop_front() else { break };
            match ticket_command(self.id, id, command).await {
                Ok(ticket) => self.take(ticket),
                Err(error) => {
                    changes.waiting.borrow_mut().clear();
                    self.desk.fail(error);
                }
            }
        }
        changes.sending.replace(false);
        if !self.ticket.is_disposed() {
            self.show_settled();
            self.fetch();
        }
    }
}
