//! What a ticket is: status, assignee, department and labels, which can be changed, and facts, which cannot.

use super::choice::{Choice, departments};
use super::open_ticket::OpenTicket;
use crate::console::labels::LabelsBox;
use crate::model::agent::AgentRef;
use crate::model::chat::Author;
use crate::model::ids::AgentId;
use crate::model::label::Label;
use crate::model::ticket::{Ticket, TicketCommand, TicketStatus};
use crate::ui::time;
use leptos::prelude::*;

/// All statuses as options.
pub fn statuses() -> Vec<(String, String)> {
    TicketStatus::ALL.iter().map(|status| (status.as_str().to_owned(), status.name().to_owned())).collect()
}

/// The side of the page.
#[component]
pub fn Side(open: OpenTicket) -> impl IntoView {
    view! {
        <aside class="ticket__side" aria-label="About this ticket">
            <div class="field"><StatusField open=open /></div>
            <div class="field"><AssigneeField open=open /></div>
            <div class="field"><DepartmentField open=open /></div>
            <div class="field">
                <label class="field__label" for="ticket-labels">"Labels"</label>
                <LabelsField open=open />
            </div>
            <hr />
            <Facts open=open />
        </aside>
    }
}

/// Something of the ticket, as a signal.
fn of<T>(open: OpenTicket, read: impl Fn(&Ticket) -> T + Send + Sync + 'static) -> Signal<T>
where
    T: Default + Send + Sync + 'static,
{
    Signal::derive(move || open.ticket.with(|ticket| ticket.as_ref().map(&read).unwrap_or_default()))
}

#[component]
fn StatusField(open: OpenTicket) -> impl IntoView {
    let on_change = move |word: String| {
        if let Some(status) = TicketStatus::parse(&word) {
            open.change(TicketCommand::SetStatus { status }, |ticket| ticket.status = status);
        }
    };
    view! {
        <Choice
            label="Status"
            id="ticket-status"
            options=statuses()
            value=of(open, |ticket| ticket.status.as_str().to_owned())
            on_change=Callback::new(on_change)
        />
    }
}

#[component]
fn AssigneeField(open: OpenTicket) -> impl IntoView {
    let me = open.desk.me.with_untracked(|me| me.to_ref());
    let present = of(open, |ticket| ticket.assignee.clone());
    // Whoever has it is among them, also without the colleagues and after having left.
    let agents = Signal::derive(move || {
        let mut all = open.colleagues.get();
        for agent in [Some(me.clone()), present.get()].into_iter().flatten() {
            if all.iter().all(|other| other.id != agent.id) {
                all.push(agent);
            }
        }
        all
    });
    let my_id = open.desk.me.with_untracked(|me| me.id);
    let options = Signal::derive(move || {
        let name = |agent: AgentRef| match agent.id == my_id {
            true => (agent.id.to_string(), format!("{} (you)", agent.name)),
            false => (agent.id.to_string(), agent.name),
        };
        let nobody = (String::new(), "Nobody".to_owned());
        [nobody].into_iter().chain(agents.get().into_iter().map(name)).collect::<Vec<_>>()
    });
    let on_change = move |id: String| {
        let id = id.parse().ok().map(AgentId);
        let agent = agents.get_untracked().into_iter().find(|agent| Some(agent.id) == id);
        open.change(TicketCommand::Assign { agent: id }, |ticket| ticket.assignee = agent);
    };
    view! {
        <Choice
            label="Assignee"
            id="ticket-assignee"
            options=options
            value=Signal::derive(move || present.get().map(|agent| agent.id.to_string()).unwrap_or_default())
            on_change=Callback::new(on_change)
        />
    }
}

#[component]
fn DepartmentField(open: OpenTicket) -> impl IntoView {
    let present = of(open, |ticket| ticket.department.clone());
    let on_change = move |id: String| {
        let all = open.desk.departments.get_untracked();
        let wanted = all.into_iter().find(|department| department.id.to_string() == id);
        let command = TicketCommand::SetDepartment { department: wanted.as_ref().map(|department| department.id) };
        open.change(command, |ticket| ticket.department = wanted);
    };
    view! {
        <Choice
            label="Department"
            id="ticket-department"
            options=Signal::derive(move || departments(open.desk, present.get()))
            value=Signal::derive(move || present.get().map(|d| d.id.to_string()).unwrap_or_default())
            on_change=Callback::new(on_change)
        />
    }
}

#[component]
fn LabelsField(open: OpenTicket) -> impl IntoView {
    let on_change = move |labels: Vec<Label>| {
        let ids = labels.iter().map(|label| label.id).collect();
        open.change(TicketCommand::SetLabels { labels: ids }, |ticket| ticket.labels = labels);
    };
    view! {
        <LabelsBox
            desk=open.desk
            value=of(open, |ticket| ticket.labels.clone())
            on_change=Callback::new(on_change)
            id="ticket-labels"
        />
    }
}

#[component]
fn Facts(open: OpenTicket) -> impl IntoView {
    // These never change.
    let Some(ticket) = open.ticket.get_untracked() else { return ().into_any() };
    let me = open.desk.me.with_untracked(|me| me.id);
    let created_by = move || {
        open.entries.with(|entries| match entries.first().map(|entry| &entry.by) {
            Some(Author::Agent(agent)) if agent.id == me => "You, ".to_owned(),
            Some(Author::Agent(agent)) => format!("{}, ", agent.name),
            Some(Author::Visitor) => "The visitor, ".to_owned(),
            Some(Author::System) | None => String::new(),
        })
    };
    let chat = ticket.chat.map(|chat| {
        view! {
            <div>
                <dt>"Created from"</dt>
                <dd><a href=format!("/console/chats/{chat}")>{format!("Chat #{chat}")}</a></dd>
            </div>
        }
    });
    let email = ticket.email.as_str().to_owned();
    let proof = if ticket.email_proven { "Verified" } else { "Typed, not proven" };
    view! {
        <dl class="facts ticket__facts">
            {ticket.name.map(|name| view! { <div><dt>"Requester"</dt><dd>{name}</dd></div> })}
            <div>
                <dt>"Email"</dt>
                <dd>
                    <a href=format!("mailto:{email}")>{email.clone()}</a>
                    <small>{proof}</small>
                </dd>
            </div>
            {chat}
            {ticket.site.map(|site| view! { <div><dt>"Site"</dt><dd>{site.name}</dd></div> })}
            <div>
                <dt>"Created by"</dt>
                <dd>
                    {created_by}
                    <time datetime=time::iso(ticket.created_at)>{time::full(ticket.created_at)}</time>
                </dd>
            </div>
        </dl>
    }
    .into_any()
}
