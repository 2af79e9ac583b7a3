//! The list of chats, in four tabs.

use super::desk::Desk;
use super::search::{Search, SearchBox};
use crate::api::ChatTab;
use crate::model::chat::{Author, ChatRow, MAX_UNREAD, Status};
use crate::model::ids::{AgentId, ChatId};
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use crate::ui::tabs::{TabList, TabNumber};
use crate::ui::time;
use leptos::prelude::*;
use std::sync::Arc;

const TABS: [(ChatTab, &str); 4] =
    [(ChatTab::Waiting, "Waiting"), (ChatTab::Mine, "Mine"), (ChatTab::AllOpen, "All open"), (ChatTab::Ended, "Ended")];
/// A wait longer than this is shown as long.
const LONG_WAIT_MS: i64 = 60_000;

fn belongs(row: &ChatRow, tab: ChatTab, me: AgentId) -> bool {
    match tab {
        ChatTab::Waiting => row.status == Status::Waiting,
        ChatTab::Mine => row.status == Status::Open && row.agent.as_ref().is_some_and(|agent| agent.id == me),
        ChatTab::AllOpen => row.status.is_live(),
        ChatTab::Ended => row.status == Status::Ended,
    }
}

/// The list.
#[component]
pub fn ChatList(desk: Desk, tab: RwSignal<ChatTab>) -> impl IntoView {
    let me = Memo::new(move |_| desk.me.with(|me| me.id));
    let search = Search::new();
    let searching = move || tab.get() == ChatTab::Ended && search.is_on();
    let shown = Memo::new(move |_| {
        let tab = tab.get();
        if searching() {
            return search.found.with(|found| found.iter().map(|found| found.row.clone()).collect());
        }
        let mut rows: Vec<ChatRow> =
            desk.rows.with(|rows| rows.values().filter(|row| belongs(row, tab, me.get())).cloned().collect());
        if tab == ChatTab::Ended {
            let known: Vec<ChatId> = rows.iter().map(|row| row.id).collect();
            desk.ended.rows.with(|ended| rows.extend(ended.iter().filter(|row| !known.contains(&row.id)).cloned()));
        }
        // Who waits longest comes first; elsewhere what changed last.
        if tab == ChatTab::Waiting {
            rows.sort_by_key(|row| (row.started_at, row.id));
        } else {
            rows.sort_by_key(|row| std::cmp::Reverse((row.updated_at, row.id)));
        }
        rows
    });
    Effect::new(move |_| {
        if tab.get() == ChatTab::Ended {
            desk.fetch_ended(true);
        }
    });
    let count =
        move |tab: ChatTab| desk.rows.with(|rows| rows.values().filter(|row| belongs(row, tab, me.get())).count());
    let number: TabNumber<ChatTab> = Arc::new(move |this| {
        let count = if this == ChatTab::Ended { 0 } else { count(this) };
        (count > 0).then(|| {
            let class = if this == ChatTab::Waiting { "tab__n tab__n--hot" } else { "tab__n" };
            view! { " " <span class=class>{count}</span> }.into_any()
        })
    });
    let labelled_by = move || TABS.iter().position(|(this, _)| *this == tab.get()).map(|i| format!("tab-{i}"));
    let busy = move || if searching() { search.busy.get() } else { desk.ended.busy.get() };
    let complete = move || if searching() { search.complete.get() } else { desk.ended.complete.get() };
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    view! {
        <section class="col list" aria-label="Chat list">
            <header class="bar"><h2 class="list__title">"Chats"</h2></header>
            <TabList tabs=&TABS selected=tab label="Which chats" id="tab" controls="chats" number=number />
            <Show when=move || tab.get() == ChatTab::Ended>
                <SearchBox desk=desk search=search />
            </Show>
            <div class="list__body" id="chats" role="tabpanel" aria-labelledby=labelled_by>
                <ul class="rows" aria-label="Chats">
                    <For
                        each=move || shown.with(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>())
                        key=|id| *id
                        children=move |id| {
                            let row = Memo::new(move |_| {
                                shown.with(|rows| rows.iter().find(|row| row.id == id).cloned())
                            });
                            let snippet = Memo::new(move |_| {
                                searching().then(|| {
                                    search.found.with(|found| {
                                        found.iter().find(|found| found.row.id == id).map(|found| found.snippet.clone())
                                    })
                                })?
                            });
                            view! { <Row desk=desk row=row me=me snippet=snippet /> }
                        }
                    />
                </ul>
                <Show when=move || is_empty.get() && !busy()>
                    {move || {
                        if searching() {
                            view! { <NothingFound search=search /> }.into_any()
                        } else {
                            view! { <Empty tab=tab /> }.into_any()
                        }
                    }}
                </Show>
                <Show when=move || tab.get() == ChatTab::Ended && !is_empty.get() && !complete()>
                    <button
                        class="btn btn--quiet more"
                        type="button"
                        aria-disabled=move || busy().then_some("true")
                        on:click=move |_| {
                            if searching() { search.fetch(desk, true) } else { desk.fetch_ended(false) }
                        }
                    >
                        "Show more"
                    </button>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn Row(
    desk: Desk,
    row: Memo<Option<ChatRow>>,
    me: Memo<AgentId>,
    /// What was said around the hits of a search.
    snippet: Memo<Option<Vec<(String, bool)>>>,
) -> impl IntoView {
    move || {
        row.get().map(|row| {
            let id = row.id;
            let current = move || {
                let open = desk.open.get().is_some_and(|open| open.followed.id == id);
                open.then_some("page")
            };
            let is_me = |id: AgentId| id == me.get_untracked();
            let preview = row.last_message.as_ref().map(|message| match &message.by {
                Author::Agent(agent) if is_me(agent.id) => format!("You: {}", message.text),
                Author::Agent(agent) => format!("{}: {}", agent.name, message.text),
                _ => message.text.clone(),
            });
            let unread = if row.status.is_live() { row.unread } else { 0 };
            let badge = if unread > 0 {
                let count = if unread >= MAX_UNREAD { "99+".to_owned() } else { unread.to_string() };
                view! { <span class="badge" aria-label=format!("{count} unread")>{count.clone()}</span> }.into_any()
            } else {
                view! { <span class="badge"></span> }.into_any()
            };
            let wait = (row.status == Status::Waiting).then(|| {
                let since = row.waiting_since();
                let waited = move || desk.clock.get() - since;
                view! {
                    <span class="wait" class=("wait--long", move || waited() > LONG_WAIT_MS)>
                        <Icon shape=Shape::CLOCK small=true />
                        {move || time::duration(waited())}
                    </span>
                }
            });
            let agent =
                row.agent.as_ref().map(|agent| if is_me(agent.id) { "You".to_owned() } else { agent.name.clone() });
            let updated_at = row.updated_at;
            let waiting = row.status == Status::Waiting;
            let chips = row
                .labels
                .iter()
                .map(|label| {
                    view! {
                        <span class=format!("chip chip--sm hue-{}", label.color)><span>{label.name.clone()}</span></span>
                    }
                })
                .collect_view();
            let row_class = if unread > 0 { "row row--unread" } else { "row" };
            view! {
                <li>
                    <a
                        class=row_class
                        href=format!("/console/chats/{id}")
                        aria-current=current
                        on:click=move |_| {
                            // Opening a waiting chat takes it, also by an agent who is not set available.
                            if waiting {
                                desk.accept(id);
                            }
                        }
                    >
                        <Avatar name=row.visitor.clone() />
                        <span class="row__main">
                            <span class="row__line">
                                <span class="row__name">{row.visitor.clone()}</span>
                                <time class="row__time">{move || time::short(updated_at, desk.clock.get())}</time>
                            </span>
                            {match snippet.get() {
                                Some(pieces) => view! { <span class="row__snippet">{hits(pieces)}</span> }.into_any(),
                                None => view! {
                                    <span class="row__line">
                                        <span class="row__text">{preview}</span>
                                        {badge}
                                    </span>
                                }
                                    .into_any(),
                            }}
                            <span class="row__meta">
                                {row.site.map(|site| view! { <span>{site.name}</span> })}
                                {row.department.map(|department| view! { <span>{department.name}</span> })}
                                {agent.map(|agent| view! { <span>{agent}</span> })}
                                {chips}
                                {wait}
                            </span>
                        </span>
                    </a>
                </li>
            }
        })
    }
}

/// A snippet with its hits marked.
fn hits(pieces: Vec<(String, bool)>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|(text, hit)| if hit { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() })
        .collect_view()
}

#[component]
fn NothingFound(search: Search) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::SEARCH /></span>
            <h2 class="empty__title">"No chat matches"</h2>
            <p class="empty__text">
                {move || {
                    let words = search.words.get();
                    format!("No ended chat holds “{}”. Names, emails and messages are searched.", words.trim())
                }}
            </p>
        </div>
    }
}

#[component]
fn Empty(tab: RwSignal<ChatTab>) -> impl IntoView {
    move || {
        let (title, text) = match tab.get() {
            ChatTab::Waiting => ("Nobody is waiting", "New chats ring and appear here."),
            ChatTab::Mine => ("No chats of yours", "Chats that you accept appear here."),
            ChatTab::AllOpen => ("No open chats", "Chats of all agents appear here."),
            ChatTab::Ended => ("No ended chats yet", "What was said stays here, to be read."),
        };
        view! {
            <div class="empty">
                <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::CHATS /></span>
                <h2 class="empty__title">{title}</h2>
                <p class="empty__text">{text}</p>
            </div>
        }
    }
}
