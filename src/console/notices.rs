//! Lines of the conversation that are not messages, for agents.

use crate::model::Millis;
use crate::model::chat::{Author, Entry, EntryKind, ReleaseReason};
use crate::model::ids::AgentId;
use crate::model::label::Label;
use crate::model::visitor::PageView;
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use leptos::prelude::*;

/// A line that is not a message; nothing for what needs none.
pub fn notice(entry: &Entry, me: AgentId) -> Option<AnyView> {
    let at = entry.at;
    let clock = format!(" · {}", time::clock(at));
    let who = match &entry.by {
        Author::Agent(agent) if agent.id == me => "You".to_owned(),
        Author::Agent(agent) => agent.name.clone(),
        Author::Visitor => "The visitor".to_owned(),
        Author::System => "Frontdesk".to_owned(),
    };
    let line = match &entry.kind {
        EntryKind::Started | EntryKind::Message { .. } => return None,
        EntryKind::Accepted => view! { <p class="sys"><b>{who}</b>" accepted the chat"{clock}</p> }.into_any(),
        EntryKind::Ended => view! { <p class="sys"><b>{who}</b>" ended the chat"{clock}</p> }.into_any(),
        EntryKind::Released { agent, reason } => {
            let who = if agent.id == me { "You".to_owned() } else { agent.name.clone() };
            let what = match reason {
                ReleaseReason::ConnectionLost => " lost the connection",
                ReleaseReason::LoggedOut => " logged out",
                ReleaseReason::Deactivated => " was deactivated",
                ReleaseReason::Unknown => " left the chat",
            };
            view! { <p class="sys"><b>{who}</b>{what}": the chat waits for another agent"{clock}</p> }.into_any()
        }
        EntryKind::Identified { proven } => {
            let name = proven.name.clone().or_else(|| proven.email.as_ref().map(|email| email.as_str().to_owned()));
            let name = name.or_else(|| proven.subject.clone()).unwrap_or_default();
            signed(
                Shape::SHIELD,
                view! { "Your website has signed that the visitor is "<b>{name}</b>{clock} }.into_any(),
            )
        }
        EntryKind::PageViewed { page } => page_view(page, at),
        EntryKind::DepartmentChanged { department } => {
            let to = department.as_ref().map_or("no department", |department| department.name.as_str()).to_owned();
            signed(Shape::BUILDING, view! { <b>{who}</b>" moved the chat to "<b>{to}</b>{clock} }.into_any())
        }
        EntryKind::LabelsChanged { added, removed } => {
            let joint = (!added.is_empty() && !removed.is_empty()).then_some(" and");
            let added = (!added.is_empty()).then(|| view! { " added"{chips(added)} });
            let removed = (!removed.is_empty()).then(|| view! { " removed"{chips(removed)} });
            signed(Shape::TAG, view! { <b>{who}</b>{added}{joint}{removed}{clock} }.into_any())
        }
        EntryKind::TicketCreated { ticket } => {
            let link = view! { <a href=format!("/console/tickets/{}", ticket.id)>{format!("#{}", ticket.id)}</a> };
            let what = if entry.by == Author::Visitor { " left a message: ticket " } else { " created ticket " };
            signed(Shape::TICKET, view! { <b>{who}</b>{what}{link}{clock} }.into_any())
        }
        EntryKind::Blocked { until, reason, address } => {
            let address = address.as_ref().map(|address| format!(" and the address {address}"));
            let until = time::moment(*until);
            view! {
                <div class="sys sys--bad">
                    <Icon shape=Shape::BLOCK />
                    <span><b>{who}</b>" blocked this visitor"{address}" until "<b>{until}</b>{clock}</span>
                    <blockquote class="sys__quote" dir="auto">{reason.clone()}</blockquote>
                </div>
            }
            .into_any()
        }
        EntryKind::BlockLifted => signed(Shape::BLOCK, view! { <b>{who}</b>" lifted the block"{clock} }.into_any()),
        EntryKind::Rated { helpful, comment } => {
            let (class, shape, word) = match helpful {
                true => ("sys sys--good", Shape::THUMB_UP, "helpful"),
                false => ("sys sys--bad", Shape::THUMB_DOWN, "not helpful"),
            };
            let comment = (!comment.is_empty())
                .then(|| view! { <blockquote class="sys__quote" dir="auto">{comment.clone()}</blockquote> });
            view! {
                <div class=class>
                    <Icon shape=shape />
                    <span>{who}" found this chat "<b>{word}</b>{clock}</span>
                    {comment}
                </div>
            }
            .into_any()
        }
        EntryKind::TranscriptRequested { email } => {
            let email = email.as_str().to_owned();
            signed(Shape::MAIL, view! { {who}" asked for the transcript at "<b>{email}</b>{clock} }.into_any())
        }
    };
    Some(line)
}

fn signed(shape: Shape, text: AnyView) -> AnyView {
    view! { <p class="sys"><Icon shape=shape /><span>{text}</span></p> }.into_any()
}

fn chips(labels: &[Label]) -> impl IntoView + use<> {
    labels
        .iter()
        .map(|label| {
            view! { " " <span class=format!("chip hue-{}", label.color)><span>{label.name.clone()}</span></span> }
        })
        .collect_view()
}

/// A page that the visitor opened (M4).
fn page_view(page: &PageView, at: Millis) -> AnyView {
    let title = if page.title.is_empty() { page.url.clone() } else { page.title.clone() };
    let title = if title.is_empty() { "A page without an address".to_owned() } else { title };
    let address = page.url.split_once("://").map_or(page.url.as_str(), |(_, rest)| rest).to_owned();
    let link = if page.url.is_empty() {
        view! { <span class="view__title">{title}</span> }.into_any()
    } else {
        view! {
            <a class="view__title" href=page.url.clone() target="_blank" rel="noopener noreferrer nofollow">{title}</a>
        }
        .into_any()
    };
    view! {
        <p class="view">
            <Icon shape=Shape::PAGE />
            <span class="visually-hidden">"Viewed the page "</span>
            {link}
            <span class="view__addr">{address}</span>
            <time datetime=time::iso(at)>{time::clock(at)}</time>
        </p>
    }
    .into_any()
}
