//! One thing that happened to a ticket: what was written as an article, what was changed as a line.

use super::fold::ChatFold;
use super::open_ticket::OpenTicket;
use crate::model::agent::{AgentRef, Role};
use crate::model::chat::Author;
use crate::model::ids::{AgentId, PhotoId};
use crate::model::text::RichText;
use crate::model::ticket::{MailDelivery, TicketEntry, TicketEntryBody};
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use crate::ui::{text, time};
use leptos::prelude::*;

/// Draws an entry; below the first one the chat that the ticket came from.
pub fn draw(open: OpenTicket, entry: TicketEntry) -> AnyView {
    let (requester, email, chat) = open.ticket.with_untracked(|ticket| {
        let ticket = ticket.as_ref();
        (
            ticket.map_or_else(String::new, |ticket| ticket.display_name().to_owned()),
            ticket.map_or_else(String::new, |ticket| ticket.email.as_str().to_owned()),
            ticket.and_then(|ticket| ticket.chat),
        )
    });
    let me = open.desk.me.with_untracked(|me| me.id);
    let author = match &entry.by {
        Author::Agent(agent) => agent.name.clone(),
        Author::Visitor => requester,
        Author::System => "Frontdesk".to_owned(),
    };
    let (photo, mine) = match &entry.by {
        Author::Agent(agent) => (agent.photo, agent.id == me),
        Author::Visitor | Author::System => (None, false),
    };
    let shown = if mine { "You".to_owned() } else { author.clone() };
    let item = |kind: &'static str, name: String, meta: String, text: RichText| Item {
        kind,
        name,
        meta,
        author: author.clone(),
        photo,
        shown: shown.clone(),
        at: entry.at,
        text,
    };
    match entry.body {
        TicketEntryBody::Described { text } => {
            let meta = if matches!(entry.by, Author::Agent(_)) { "created this · " } else { "" };
            let described = item("", format!("Description by {author}"), meta.to_owned(), text);
            let fold = (entry.seq == 1).then_some(chat).flatten();
            view! {
                <li>{described.draw(None, None)}</li>
                {fold.map(|chat| view! { <li><ChatFold desk=open.desk chat=chat /></li> })}
            }
            .into_any()
        }
        TicketEntryBody::Replied { text } => {
            let reply = item(" mailitem--agent", format!("Reply by {author}"), format!("to {email} · "), text);
            let foot = (entry.delivery == Some(MailDelivery::Parked)).then(|| failed(open).into_any());
            view! { <li>{reply.draw(entry.delivery.map(state), foot)}</li> }.into_any()
        }
        TicketEntryBody::Noted { text } => {
            let note = item(" mailitem--note", format!("Internal note by {author}"), String::new(), text);
            let state = view! {
                <span class="state state--note">
                    <Icon shape=Shape::LOCK />
                    "Internal note"
                </span>
            };
            view! { <li>{note.draw(Some(state.into_any()), None)}</li> }.into_any()
        }
        TicketEntryBody::StatusChanged { status } => {
            line(shown, " changed the status to ", Some(status.name().to_owned()), entry.at)
        }
        TicketEntryBody::Assigned { agent } => {
            let (what, to) = assigned(&entry.by, agent, me);
            line(shown, what, to, entry.at)
        }
        TicketEntryBody::DepartmentChanged { department: Some(department) } => {
            line(shown, " moved this to ", Some(department.name), entry.at)
        }
        TicketEntryBody::DepartmentChanged { department: None } => {
            line(shown, " took this out of its department", None, entry.at)
        }
        TicketEntryBody::LabelsChanged { labels } if labels.is_empty() => {
            line(shown, " removed all labels", None, entry.at)
        }
        TicketEntryBody::LabelsChanged { labels } => {
            let names: Vec<String> = labels.into_iter().map(|label| label.name).collect();
            line(shown, " set the labels to ", Some(names.join(", ")), entry.at)
        }
    }
}

/// Something that somebody wrote.
struct Item {
    kind: &'static str,
    name: String,
    /// What stands before the time.
    meta: String,
    author: String,
    photo: Option<PhotoId>,
    shown: String,
    at: i64,
    text: RichText,
}

impl Item {
    fn draw(self, state: Option<AnyView>, foot: Option<AnyView>) -> AnyView {
        view! {
            <article class=format!("mailitem{}", self.kind) aria-label=self.name>
                <header class="mailitem__head">
                    <Avatar name=self.author photo=self.photo />
                    <span class="mailitem__who">
                        <b>{self.shown}</b>
                        <span>
                            {self.meta}
                            <time datetime=time::iso(self.at)>{time::moment(self.at)}</time>
                        </span>
                    </span>
                    {state}
                </header>
                <div class="mailitem__text">{text::draw(&self.text)}</div>
                {foot}
            </article>
        }
        .into_any()
    }
}

/// How far a mail is.
fn state(delivery: MailDelivery) -> AnyView {
    match delivery {
        MailDelivery::Due => view! { <span class="state"><span class="spinner"></span>"Sending"</span> }.into_any(),
        MailDelivery::Done => {
            view! { <span class="state state--good"><Icon shape=Shape::TICK />"Sent"</span> }.into_any()
        }
        MailDelivery::Parked => {
            view! { <span class="state state--bad"><Icon shape=Shape::ALERT />"Failed"</span> }.into_any()
        }
    }
}

/// Below a mail that was given up.
fn failed(open: OpenTicket) -> impl IntoView {
    let is_admin = open.desk.me.with_untracked(|me| me.role == Role::Admin);
    let way = if is_admin {
        view! {
            "This mail could not be sent. Try it again under "
            <a href="/console/settings/mail">"Settings › Mail"</a>
            "."
        }
        .into_any()
    } else {
        "This mail could not be sent. An admin can try it again under Settings › Mail.".into_any()
    };
    view! {
        <p class="mailitem__foot" role="alert">
            <Icon shape=Shape::ALERT />
            <span>{way}</span>
        </p>
    }
}

/// What was done with the assignee, and who that is now.
fn assigned(by: &Author, agent: Option<AgentRef>, me: AgentId) -> (&'static str, Option<String>) {
    match agent {
        None => (" assigned this to ", Some("nobody".to_owned())),
        Some(agent) if matches!(by, Author::Agent(by) if by.id == agent.id) => (" took this ticket", None),
        Some(agent) if agent.id == me => (" assigned this to ", Some("you".to_owned())),
        Some(agent) => (" assigned this to ", Some(agent.name)),
    }
}

/// A line about a change.
fn line(who: String, what: &'static str, to: Option<String>, at: i64) -> AnyView {
    view! {
        <li>
            <p class="sys">
                <span>
                    <b>{who}</b>
                    {what}
                    {to.map(|to| view! { <b>{to}</b> })}
                    {format!(" · {}", time::moment(at))}
                </span>
            </p>
        </li>
    }
    .into_any()
}
