//! The rows of the ticket list: fetched page by page, and kept true by what the connection tells.

use crate::api::{TicketCursor, TicketQuery, ticket_list};
use crate::console::desk::Desk;
use crate::model::error::ApiError;
use crate::model::pages::{TICKETS_PER_PAGE, is_last};
use crate::model::ticket::{Ticket, TicketStatus};
use crate::ui::live::Link;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::cmp::Reverse;

thread_local! {
    /// What the list showed last: who comes back from a ticket finds it so.
    static LAST: RefCell<TicketQuery> =
        RefCell::new(TicketQuery { status: Some(TicketStatus::Open), ..TicketQuery::default() });
}

/// What the list showed last.
pub fn last_query() -> TicketQuery {
    LAST.with_borrow(Clone::clone)
}

/// The rows. Copied freely.
#[derive(Clone, Copy)]
pub struct Rows {
    desk: Desk,
    query: Memo<TicketQuery>,
    tickets: RwSignal<Vec<Ticket>>,
    /// A page is being fetched.
    pub busy: RwSignal<bool>,
    /// There are no more.
    pub complete: RwSignal<bool>,
    /// Why they could not be fetched.
    pub error: RwSignal<Option<String>>,
    /// Counts the fetches: only the answer to the last one is of use.
    round: StoredValue<u64>,
    /// What changed while a page was on its way.
    late: StoredValue<Vec<Ticket>>,
}

impl Rows {
    /// The rows of this query, now and whenever it changes.
    pub fn open(desk: Desk, query: Memo<TicketQuery>) -> Self {
        let rows = Rows {
            desk,
            query,
            tickets: RwSignal::default(),
            busy: RwSignal::new(true),
            complete: RwSignal::new(false),
            error: RwSignal::new(None),
            round: StoredValue::new(0),
            late: StoredValue::default(),
        };
        Effect::new(move |_| {
            LAST.set(query.get());
            rows.fetch(true);
        });
        Effect::new(move |_| {
            for ticket in desk.ticket_news.get() {
                rows.take(ticket);
            }
        });
        // What happened without a connection was not told.
        Effect::new(move |was_online: Option<bool>| {
            let online = desk.live.link().get() == Link::Online;
            if online && was_online == Some(false) {
                rows.fetch(true);
            }
            online
        });
        rows
    }

    /// What is shown, latest change first.
    pub fn shown(self) -> Vec<Ticket> {
        let query = self.query.get();
        let mut shown: Vec<Ticket> =
            self.tickets.with(|all| all.iter().filter(|ticket| belongs(ticket, &query)).cloned().collect());
        shown.sort_by_key(|ticket| Reverse((ticket.updated_at, ticket.id)));
        shown
    }

    /// Fetches the next page; from the start, what was there is replaced.
    pub fn fetch(self, from_start: bool) {
        if !from_start && self.busy.get_untracked() {
            return;
        }
        let round = self.round.get_value() + 1;
        self.round.set_value(round);
        self.late.set_value(Vec::new());
        self.busy.set(true);
        let query = self.query.get_untracked();
        // What is found comes by number, what is listed by its last change.
        let searching = !query.words.trim().is_empty();
        let oldest = self.tickets.with_untracked(|all| {
            all.iter().map(|t| (t.updated_at, t.id)).min_by_key(|(at, id)| (if searching { 0 } else { *at }, *id))
        });
        let after = oldest.filter(|_| !from_start).map(|(updated_at, id)| TicketCursor { updated_at, id });
        spawn_local(async move {
            let answer = ticket_list(query, after).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.complete.set(is_last(page.len(), TICKETS_PER_PAGE));
                    self.error.set(None);
                    self.tickets.update(|all| {
                        if from_start {
                            all.clear();
                        }
                        all.retain(|old| page.iter().all(|new| new.id != old.id));
                        all.extend(page);
                    });
                    self.late.get_value().into_iter().for_each(|ticket| self.show(ticket));
                }
                Err(error @ ApiError::NotLoggedIn) => self.desk.fail(error),
                Err(error) => self.error.set(Some(error.to_string())),
            }
            self.busy.set(false);
        });
    }

    /// A ticket changed.
    fn take(self, ticket: Ticket) {
        if self.busy.get_untracked() {
            self.late.update_value(|late| late.push(ticket.clone()));
        }
        self.show(ticket);
    }

    fn show(self, ticket: Ticket) {
        let query = self.query.get_untracked();
        let complete = self.complete.get_untracked();
        self.tickets.update(|all| {
            let oldest = all.iter().map(|t| (t.updated_at, t.id)).min();
            match all.iter_mut().find(|known| known.id == ticket.id) {
                Some(known) if known.last_seq <= ticket.last_seq => *known = ticket,
                Some(_) => {}
                // Those of later pages come with them.
                None => {
                    let in_reach = complete || oldest.is_some_and(|oldest| oldest < (ticket.updated_at, ticket.id));
                    if in_reach && belongs(&ticket, &query) && says(&ticket, &query.words) {
                        all.push(ticket);
                    }
                }
            }
        });
    }
}

/// Whether a ticket has the status and the assignee that are asked for.
fn belongs(ticket: &Ticket, query: &TicketQuery) -> bool {
    query.status.is_none_or(|status| ticket.status == status)
        && query.assignee.is_none_or(|wanted| ticket.assignee.as_ref().is_some_and(|agent| agent.id == wanted))
}

/// Whether all words are in what a row shows. The server searches the texts as well; this is for tickets that it has
/// not been asked about.
fn says(ticket: &Ticket, words: &str) -> bool {
    let shown = format!("{} {} {}", ticket.subject, ticket.display_name(), ticket.email.as_str()).to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| shown.contains(word))
}
