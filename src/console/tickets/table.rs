//! The tickets as a table, each row a link.

use crate::console::desk::Desk;
use crate::console::table::Table;
use crate::model::ticket::Ticket;
use crate::ui::people::Avatar;
use crate::ui::time;
use leptos::prelude::*;

/// The table.
#[component]
pub fn Tickets(desk: Desk, shown: Memo<Vec<Ticket>>) -> impl IntoView {
    view! {
        <Table label="Tickets" class="table--tickets" columns=&["Ticket", "Status", "Department", "Assignee", "Updated"]>
            <For
                each=move || shown.with(|shown| shown.iter().map(|ticket| ticket.id).collect::<Vec<_>>())
                key=|id| *id
                children=move |id| {
                    let row = Memo::new(move |_| {
                        shown.with(|shown| shown.iter().find(|ticket| ticket.id == id).cloned())
                    });
                    view! { <tr role="row">{move || row.get().map(|ticket| cells(desk, ticket))}</tr> }
                }
            />
        </Table>
    }
}

fn cells(desk: Desk, ticket: Ticket) -> impl IntoView + use<> {
    let requester = ticket.display_name().to_owned();
    let updated_at = ticket.updated_at;
    let labels = ticket
        .labels
        .into_iter()
        .map(|label| view! { <span class=format!("chip hue-{}", label.color)><span>{label.name}</span></span> })
        .collect_view();
    let assignee = match ticket.assignee {
        None => "Nobody".into_any(),
        Some(agent) => view! {
            <span class="table__who table__who--sm">
                <Avatar name=agent.name.clone() photo=agent.photo />
                <span>{agent.name}</span>
            </span>
        }
        .into_any(),
    };
    view! {
        <td role="cell">
            <a class="table__link" href=format!("/console/tickets/{}", ticket.id)>
                <span class="table__title">{ticket.subject}</span>
                <span class="visually-hidden">{format!(" from {requester}")}</span>
            </a>
            <span class="table__sub">
                <span class="table__no">{format!("#{}", ticket.id)}</span>
                <span>{requester.clone()}</span>
                {ticket.site.map(|site| view! { <span>{site.name}</span> })}
                {labels}
            </span>
        </td>
        <td role="cell">
            <span class=format!("state state--{}", ticket.status.as_str())>{ticket.status.name()}</span>
        </td>
        <td role="cell">{ticket.department.map(|department| department.name)}</td>
        <td role="cell">{assignee}</td>
        <td role="cell">
            <time datetime=time::iso(updated_at)>{move || time::short(updated_at, desk.clock.get())}</time>
        </td>
    }
}
