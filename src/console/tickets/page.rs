//! One ticket: its head, what is known of it, all that happened, and the answer.

use super::answer::Answer;
use super::entry::draw;
use super::open_ticket::OpenTicket;
use super::side::Side;
use crate::console::desk::Desk;
use crate::model::chat::Author;
use crate::model::error::ApiError;
use crate::model::ids::TicketId;
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A ticket.
#[component]
pub fn TicketPage(desk: Desk, id: TicketId) -> impl IntoView {
    let open = OpenTicket::open(desk, id);
    follow_chat(open);
    let is_here = Memo::new(move |_| open.ticket.with(Option::is_some));
    let subject =
        move || open.ticket.with(|ticket| ticket.as_ref().map_or(format!("Ticket #{id}"), |t| t.subject.clone()));
    let meta = move || {
        open.ticket.get().map(|ticket| {
            view! {
                <span>{format!("#{id}")}</span>
                <span>{ticket.display_name().to_owned()}</span>
                <span>{format!("created {}", time::moment(ticket.created_at))}</span>
            }
        })
    };
    view! {
        <header class="bar">
            <a class="ibtn" href="/console/tickets" aria-label="Back to the tickets">
                <Icon shape=Shape::BACK />
            </a>
            <div class="convo__who">
                <h1 class="ticket__title">{subject}</h1>
                <p class="convo__meta">{meta}</p>
            </div>
        </header>
        {move || {
            if is_here.get() {
                view! {
                    <Side open=open />
                    <Timeline open=open />
                    <Answer open=open />
                }
                    .into_any()
            } else {
                open.error.get().map_or_else(|| view! { <Loading /> }.into_any(), |error| missing(open, &error))
            }
        }}
    }
}

/// While the ticket is shown, so is the chat that it came from.
fn follow_chat(open: OpenTicket) {
    let desk = open.desk;
    let chat = Memo::new(move |_| open.ticket.with(|ticket| ticket.as_ref().and_then(|ticket| ticket.chat)));
    Effect::new(move |_| {
        if let Some(chat) = chat.get() {
            desk.show(Some(chat));
        }
    });
    let path = use_location().pathname;
    on_cleanup(move || {
        // Who goes on to the chat itself finds it open.
        if path.try_get_untracked().is_none_or(|path| !path.starts_with("/console/chats/")) {
            desk.show(None);
        }
    });
}

#[component]
fn Timeline(open: OpenTicket) -> impl IntoView {
    let body = NodeRef::<html::Section>::new();
    // The latest is what one comes for: at first, and when it is one's own.
    Effect::new(move |before: Option<i64>| {
        let me = open.desk.me.with_untracked(|me| me.id);
        let (last, mine) = open.entries.with(|entries| {
            let last = entries.last();
            let mine = last.is_some_and(|entry| matches!(&entry.by, Author::Agent(agent) if agent.id == me));
            (last.map_or(0, |entry| entry.seq), mine)
        });
        let before = before.unwrap_or(0);
        if before < last && (before == 0 || mine) {
            request_animation_frame(move || {
                if let Some(body) = body.try_get_untracked().flatten() {
                    body.set_scroll_top(body.scroll_height());
                }
            });
        }
        last
    });
    view! {
        <section class="ticket__body" aria-label="Messages and notes" tabindex="0" node_ref=body>
            <ol class="timeline" aria-label="What happened">
                <For
                    each=move || open.entries.get()
                    // Of an entry only the way of its mail changes.
                    key=|entry| (entry.seq, entry.delivery.map(|delivery| delivery as u8))
                    children=move |entry| draw(open, entry)
                />
            </ol>
        </section>
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <section class="ticket__body" aria-busy="true">
            <p class="visually-hidden" role="status">"Loading the ticket"</p>
        </section>
    }
}

fn missing(open: OpenTicket, error: &ApiError) -> AnyView {
    let rest = if *error == ApiError::NoSuchTicket {
        view! { <p class="empty__text"><a href="/console/tickets">"To the tickets"</a></p> }.into_any()
    } else {
        view! {
            <p class="empty__text">{error.to_string()}</p>
            <button class="btn btn--line" type="button" on:click=move |_| open.fetch()>"Try again"</button>
        }
        .into_any()
    };
    let title =
        if *error == ApiError::NoSuchTicket { "There is no such ticket" } else { "The ticket could not be loaded" };
    view! {
        <section class="ticket__body">
            <div class="empty" role="alert">
                <h2 class="empty__title">{title}</h2>
                {rest}
            </div>
        </section>
    }
    .into_any()
}
