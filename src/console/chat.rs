//! The conversation as an agent sees it: the visitor's messages blue, the agents' gray, and the pages between them.

use super::create_ticket::CreateTicket;
use super::desk::{Desk, Open};
use super::notices::notice;
use super::reply::Reply;
use crate::model::chat::{Author, Side, Status};
use crate::model::ids::AgentId;
use crate::model::live::Presence;
use crate::model::visitor::VisitorCard;
use crate::ui::delivery::Byline;
use crate::ui::dialog::EndDialog;
use crate::ui::icon::{Icon, Shape};
use crate::ui::log::{Log, Style};
use crate::ui::people::Avatar;
use crate::ui::time;
use crate::ui::tray::DropZone;
use leptos::prelude::*;
use std::sync::Arc;

/// The conversation.
#[component]
pub fn ChatPane(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let followed = open.followed;
    let status = Memo::new(move |_| followed.chat.with(|chat| chat.status));
    let visitor = Memo::new(move |_| followed.chat.with(|chat| chat.visitor_name().to_owned()));
    let me = desk.me.with_untracked(|me| me.to_ref());
    let my_id = me.id;
    let owner = Memo::new(move |_| followed.chat.with(|chat| chat.agent.clone()));
    let is_mine = Memo::new(move |_| owner.get().is_some_and(|agent| agent.id == my_id));
    let asking = RwSignal::new(false);
    let ticketing = RwSignal::new(false);
    let takes_files = move || status.get() == Status::Open && is_mine.get();

    let meta = move || {
        let (site, department, visitor) =
            followed.chat.with(|chat| (chat.site.clone(), chat.department.clone(), chat.visitor.clone()));
        let is_verified = visitor.as_ref().is_some_and(|visitor| visitor.proven.is_some());
        let is_unproven = visitor.as_ref().is_some_and(VisitorCard::has_unproven_email);
        let email = visitor.and_then(|visitor| visitor.email);
        let (class, presence) = match desk.presence(open) {
            Some(Presence::Here) => ("here", "Here now"),
            Some(Presence::Away) => ("", "On another tab"),
            Some(Presence::Gone) => ("", "Left"),
            None => ("", ""),
        };
        let presence =
            (status.get().is_live() && !presence.is_empty()).then(|| view! { <span class=class>{presence}</span> });
        view! {
            {presence}
            {site.map(|site| view! { <span>{site.name}</span> })}
            {department.map(|department| view! { <span>{department.name}</span> })}
            {is_verified.then(|| view! { <span class="verified">"Verified"</span> })}
            {email.map(|email| view! { <span>{email.as_str().to_owned()}</span> })}
            {is_unproven
                .then(|| {
                    view! {
                        <span class="unproven" title="This email was typed, not proven. Do not discuss sensitive data.">
                            "Not proven"
                        </span>
                    }
                })}
        }
    };
    let ticket_button = move || {
        (status.get() != Status::New).then(|| {
            view! {
                <button class="btn btn--line" type="button" on:click=move |_| ticketing.set(true)>
                    <Icon shape=Shape::TICKET />
                    "Create ticket"
                </button>
            }
        })
    };
    let banner = move || {
        let tickets = followed.chat.with(|chat| chat.tickets.clone());
        (!tickets.is_empty()).then(|| {
            let links = tickets
                .into_iter()
                .map(|ticket| {
                    view! {
                        " "
                        <a href=format!("/console/tickets/{}", ticket.id)>
                            {format!("#{} {}", ticket.id, ticket.subject)}
                        </a>
                    }
                })
                .collect_view();
            view! {
                <p class="banner">
                    <Icon shape=Shape::TICKET />
                    <span>"Ticket"{links}</span>
                </p>
            }
        })
    };
    let end_button = move || {
        (status.get() == Status::Open && is_mine.get()).then(|| {
            view! {
                <button class="btn btn--line btn--bad" type="button" on:click=move |_| asking.set(true)>
                    <Icon shape=Shape::END_CHAT />
                    "End chat"
                </button>
            }
        })
    };
    let log = move || {
        followed.current.get().then(|| {
            let my =
                Byline { side: Side::Agents, name: me.name.clone(), shown: "You".into(), photo: me.photo, mine: true };
            let style = Style {
                side: Side::Agents,
                me: my,
                // Their name may be proven while they chat.
                byline: Arc::new(move |author| byline(author, &visitor.get_untracked(), my_id)),
                notice: Arc::new(move |entry| notice(entry, my_id)),
                links: open.links,
            };
            view! {
                <Log
                    followed=followed
                    outbox=desk.outbox
                    style=style
                    on_seen=Callback::new(move |(up_to, seen)| desk.mark_read(followed.id, up_to, seen))
                    tail=Signal::derive(move || open.typing.typist.with(Option::is_some) || is_mine.get())
                    after=move || ghost(open, visitor)
                />
            }
        })
    };
    let dock = move || match status.get() {
        Status::Waiting => view! { <AcceptDock desk=desk open=open /> }.into_any(),
        Status::Open if is_mine.get() => view! { <Reply desk=desk open=open /> }.into_any(),
        Status::Open => {
            let name = owner.get().map(|agent| agent.name).unwrap_or_default();
            view! { <Dock text=format!("{name} answers this chat.") /> }.into_any()
        }
        Status::Ended => view! { <Dock text="This chat has ended and can only be read.".to_owned() /> }.into_any(),
        Status::New => ().into_any(),
    };
    let end_text = followed.chat.with_untracked(|chat| chat.visitor_name().to_owned());
    let end_text = move || {
        let email = followed.chat.with(|chat| chat.visitor.as_ref().and_then(|visitor| visitor.email.clone()));
        match email {
            Some(email) => {
                format!("The chat with {end_text} ends for both sides. A transcript is sent to {}.", email.as_str())
            }
            None => format!("The chat with {end_text} ends for both sides."),
        }
    };
    view! {
        <section class="col convo" id="convo" aria-label=move || format!("Chat with {}", visitor.get())>
            <header class="bar">
                <a class="ibtn back" href="/console" aria-label="Back to the list"><Icon shape=Shape::BACK /></a>
                <Avatar
                    name=visitor
                    presence=Signal::derive(move || desk.presence(open).filter(|_| status.get().is_live()))
                />
                <div class="convo__who">
                    <h2 class="convo__name">{move || visitor.get()}</h2>
                    <p class="convo__meta">{meta}</p>
                </div>
                {ticket_button}
                {end_button}
                <button
                    class="ibtn narrow-only"
                    type="button"
                    aria-label="Chat details"
                    aria-expanded=move || panel.get().to_string()
                    aria-controls="panel"
                    on:click=move |_| panel.set(true)
                >
                    <Icon shape=Shape::PANEL />
                </button>
            </header>
            {banner}
            {move || {
                if followed.missing.get() {
                    view! {
                        <div class="empty">
                            <h2 class="empty__title">"There is no such chat"</h2>
                            <p class="empty__text"><a href="/console">"To the chats"</a></p>
                        </div>
                    }
                        .into_any()
                } else if !followed.current.get() {
                    view! {
                        <div class="thread" aria-busy="true">
                            <p class="visually-hidden" role="status">"Loading the conversation"</p>
                        </div>
                    }
                        .into_any()
                } else {
                    ().into_any()
                }
            }}
            {log}
            {dock}
            <Show when=takes_files><DropZone uploads=open.uploads within="#convo" /></Show>
            <Show when=move || ticketing.get()>
                <CreateTicket desk=desk open=open on_close=Callback::new(move |()| ticketing.set(false)) />
            </Show>
            <Show when=move || asking.get()>
                <EndDialog
                    text=end_text.clone()()
                    on_end=Callback::new(move |()| {
                        asking.set(false);
                        desk.end(followed.id);
                    })
                    on_cancel=Callback::new(move |()| asking.set(false))
                />
            </Show>
        </section>
    }
}

/// What the visitor types, as they type it.
fn ghost(open: Open, visitor: Memo<String>) -> impl IntoView {
    open.typing.typist.get().map(|typist| match typist.name {
        Some(colleague) => view! { <p class="sys" role="status">{colleague}" is typing"</p> }.into_any(),
        None => view! {
            <div class="ghost" role="status" aria-label="Visitor is typing" aria-live="off">
                <Avatar name=visitor />
                <div class="ghost__draft">
                    <span class="ghost__label">
                        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                        "Visitor is typing"
                    </span>
                    <span>{typist.draft}</span>
                </div>
            </div>
        }
        .into_any(),
    })
}

fn byline(author: &Author, visitor: &str, me: AgentId) -> Byline {
    match author {
        Author::Agent(agent) => Byline {
            side: Side::Agents,
            name: agent.name.clone(),
            shown: if agent.id == me { "You".into() } else { agent.name.clone() },
            photo: agent.photo,
            mine: true,
        },
        _ => Byline {
            side: Side::Visitor,
            name: visitor.to_owned(),
            shown: visitor.to_owned(),
            photo: None,
            mine: false,
        },
    }
}

/// In place of the reply box while nobody has accepted.
#[component]
fn AcceptDock(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    let waited = move || time::duration(desk.clock.get() - followed.chat.with(|chat| chat.waiting_since()));
    let department = move || followed.chat.with(|chat| chat.department.as_ref().map(|d| format!("{}. ", d.name)));
    view! {
        <div class="dock dock--accept">
            <p class="dock__text">
                <b class="dock__title">"Waiting for "{waited}</b>
                <br />
                {department}
                {move || match followed.chat.with(|chat| chat.was_accepted()) {
                    true => "The agent who answered is gone.",
                    false => "Nobody has accepted yet.",
                }}
            </p>
            <button class="btn btn--primary btn--big" type="button" on:click=move |_| desk.accept(followed.id)>
                "Accept"
            </button>
        </div>
    }
}

#[component]
fn Dock(text: String) -> impl IntoView {
    view! {
        <div class="dock">
            <Icon shape=Shape::INFO />
            <p class="dock__text">{text}</p>
        </div>
    }
}
