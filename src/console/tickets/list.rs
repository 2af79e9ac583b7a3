//! The list of tickets: in tabs by status, of everybody or of one agent, searched by words.

use super::choice::Choice;
use super::rows::{Rows, last_query};
use super::table::Tickets;
use crate::api::{TicketQuery, colleagues};
use crate::console::desk::Desk;
use crate::model::agent::AgentRef;
use crate::model::ids::AgentId;
use crate::model::ticket::TicketStatus;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use crate::ui::tabs::{TabList, labelled_by};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

type Tab = Option<TicketStatus>;

const TABS: [(Tab, &str); 4] = [
    (Some(TicketStatus::Open), "Open"),
    (Some(TicketStatus::Pending), "Pending"),
    (Some(TicketStatus::Resolved), "Resolved"),
    (None, "All"),
];
/// The search begins when nobody has typed for this long.
const PAUSE_MS: u32 = 250;

/// The list.
#[component]
pub fn TicketsPage(desk: Desk) -> impl IntoView {
    let last = last_query();
    let tab = RwSignal::new(last.status);
    let assignee = RwSignal::new(last.assignee);
    let words = RwSignal::new(last.words);
    let query = Memo::new(move |_| TicketQuery { status: tab.get(), assignee: assignee.get(), words: words.get() });
    let rows = Rows::open(desk, query);
    let shown = Memo::new(move |_| rows.shown());
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    let found = move || {
        let count = shown.with(Vec::len);
        let more = if rows.complete.get() { "" } else { " or more" };
        (!rows.busy.get() && query.with(|query| !query.words.is_empty())).then(|| match count {
            1 => "1 ticket found".to_owned(),
            _ => format!("{count}{more} tickets found"),
        })
    };
    view! {
        <header class="bar tickets__bar">
            <h1 class="list__title">"Tickets"</h1>
            <Search words=words />
            <AssigneeFilter desk=desk assignee=assignee />
        </header>
        <TabList tabs=&TABS selected=tab label="Which tickets" id="tickets-tab" controls="tickets" />
        <div
            class="tickets__body"
            id="tickets"
            role="tabpanel"
            aria-labelledby=move || labelled_by(&TABS, tab, "tickets-tab")
            aria-busy=move || rows.busy.get().then_some("true")
        >
            <p class="visually-hidden" role="status">
                {move || if rows.busy.get() { Some("Loading tickets".to_owned()) } else { found() }}
            </p>
            {move || rows.error.get().map(|text| view! { <Failed rows=rows text=text /> })}
            <Show when=move || !is_empty.get()>
                <Tickets desk=desk shown=shown />
            </Show>
            <Show when=move || is_empty.get() && !rows.busy.get() && rows.error.with(Option::is_none)>
                <Empty query=query />
            </Show>
            <Show when=move || !is_empty.get() && !rows.complete.get() && rows.error.with(Option::is_none)>
                <button
                    class="btn btn--quiet more"
                    type="button"
                    aria-disabled=move || rows.busy.get().then_some("true")
                    on:click=move |_| rows.fetch(false)
                >
                    "Show more"
                </button>
            </Show>
        </div>
    }
}

#[component]
fn Search(words: RwSignal<String>) -> impl IntoView {
    let typed = RwSignal::new(words.get_untracked());
    let timer = StoredValue::new_local(None::<Timeout>);
    let search = move |text: String| {
        typed.set(text.clone());
        timer.set_value(Some(Timeout::new(PAUSE_MS, move || words.set(text.trim().to_owned()))));
    };
    view! {
        <div class="search" role="search">
            <Icon shape=Shape::SEARCH />
            <input
                class="input"
                type="search"
                id="tickets-search"
                aria-label="Search tickets"
                placeholder="Search tickets"
                prop:value=move || typed.get()
                on:input=move |ev| search(event_target_value(&ev))
            />
            <Show when=move || typed.with(|typed| !typed.is_empty())>
                <button
                    class="ibtn"
                    type="button"
                    aria-label="Clear the search"
                    on:click=move |_| {
                        search(String::new());
                        focus("tickets-search");
                    }
                >
                    <Icon shape=Shape::CLOSE small=true />
                </button>
            </Show>
        </div>
    }
}

#[component]
fn AssigneeFilter(desk: Desk, assignee: RwSignal<Option<AgentId>>) -> impl IntoView {
    let others = RwSignal::new(Vec::<AgentRef>::new());
    // Without the colleagues there is still "Me".
    spawn_local(async move {
        if let Ok(all) = colleagues().await {
            others.set(all);
        }
    });
    let options = Signal::derive(move || {
        let me = desk.me.with(|me| me.id);
        let fixed = [(String::new(), "Any assignee".to_owned()), (me.to_string(), "Me".to_owned())];
        let others = others.get().into_iter().filter(|agent| agent.id != me);
        fixed.into_iter().chain(others.map(|agent| (agent.id.to_string(), agent.name))).collect::<Vec<_>>()
    });
    view! {
        <Choice
            label="Assignee"
            id="tickets-assignee"
            hidden=true
            options=options
            value=Signal::derive(move || assignee.get().map(|id| id.to_string()).unwrap_or_default())
            on_change=Callback::new(move |id: String| assignee.set(id.parse().ok().map(AgentId)))
        />
    }
}

#[component]
fn Empty(query: Memo<TicketQuery>) -> impl IntoView {
    move || {
        let TicketQuery { status, assignee, words } = query.get();
        let (shape, title, text) = match status {
            _ if !words.is_empty() => {
                let text = format!("Nothing in subjects, visitors or text was found for “{words}”.");
                (Shape::SEARCH, "No ticket matches", text)
            }
            _ if assignee.is_some() => {
                (Shape::TICKET, "No ticket matches", "Choose another assignee or tab to see more.".to_owned())
            }
            Some(TicketStatus::Pending) => {
                (Shape::TICKET, "No pending tickets", "Tickets that wait for the one who asked appear here.".to_owned())
            }
            Some(TicketStatus::Resolved) => {
                (Shape::TICKET, "No resolved tickets", "What was resolved stays here, to be read.".to_owned())
            }
            Some(TicketStatus::Open) | None => {
                let title = if status.is_some() { "No open tickets" } else { "No tickets yet" };
                let from = "Tickets are created from a chat, or by visitors who leave a message while nobody is there.";
                (Shape::TICKET, title, from.to_owned())
            }
        };
        view! {
            <div class="empty">
                <span class="empty__icon" aria-hidden="true"><Icon shape=shape /></span>
                <h2 class="empty__title">{title}</h2>
                <p class="empty__text">{text}</p>
            </div>
        }
    }
}

#[component]
fn Failed(rows: Rows, text: String) -> impl IntoView {
    view! {
        <div class="empty" role="alert">
            <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::ALERT /></span>
            <h2 class="empty__title">"The tickets could not be loaded"</h2>
            <p class="empty__text">{text}</p>
            <button class="btn btn--line" type="button" on:click=move |_| rows.fetch(true)>"Try again"</button>
        </div>
    }
}
