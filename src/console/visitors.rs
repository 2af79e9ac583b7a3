//! Who is on the websites now, of those that tell of all their visitors (`data-visitors="live"`).
//!
//! The list follows by itself: while it is on the screen, and its tab is the one that is seen, the console asks the
//! server to be told when something has changed, and then fetches the list anew; never two at a time.

use super::desk::Desk;
use super::fetch::{Fetch, FetchState};
use super::table::Table;
use crate::api::site_visitors;
use crate::model::Millis;
use crate::model::ids::ChatId;
use crate::model::live::ClientFrame;
use crate::model::visitor::SiteVisitor;
use crate::ui::icon::{Icon, Shape};
use crate::ui::live::Link;
use crate::ui::time;
use leptos::ev;
use leptos::prelude::*;
use std::cmp::Reverse;
use web_sys::VisibilityState;

/// So many the server lists; there may be more.
const MAX_LISTED: usize = 200;

/// The page.
#[component]
pub fn VisitorsPage(desk: Desk) -> impl IntoView {
    let fetch = Fetch::<Vec<SiteVisitor>>::new(desk);
    let load = follow(desk, fetch);
    let shown = Memo::new(move |_| {
        let mut shown = fetch.data.get().unwrap_or_default();
        // Who came last is first, and nobody moves while they go from page to page: a row under the pointer stays there.
        shown.sort_by_key(|visitor| (Reverse(visitor.since), visitor.id));
        shown
    });
    let count = Memo::new(move |_| shown.with(Vec::len));
    let counted = move || match count.get() {
        0 => None,
        1 => Some("1 person".to_owned()),
        MAX_LISTED => Some(format!("The last {MAX_LISTED} people")),
        count => Some(format!("{count} people")),
    };
    let is_empty = Memo::new(move |_| fetch.data.with(|data| data.as_ref().is_some_and(Vec::is_empty)));
    view! {
        <header class="bar tickets__bar">
            <h1 class="list__title">"Visitors"</h1>
            <p class="visitors__count">{counted}</p>
        </header>
        <div class="tickets__body" class=("visitors__body", move || count.get() == 0)>
            <FetchState fetch=fetch what="visitors" on_retry=load />
            <Show when=move || { count.get() > 0 }>
                <Visitors desk=desk shown=shown />
            </Show>
            <Show when=move || is_empty.get()>
                <Empty />
            </Show>
        </div>
    }
}

/// Fetches the list now, and anew whenever the server says that it has changed.
fn follow(desk: Desk, fetch: Fetch<Vec<SiteVisitor>>) -> Callback<()> {
    // It changed while an answer was on its way.
    let again = StoredValue::new(false);
    let load = Callback::new(move |()| match fetch.busy.get_untracked() {
        true => again.set_value(true),
        false => fetch.run(site_visitors()),
    });
    Effect::new(move |_| {
        desk.visitors_news.track();
        load.run(());
    });
    Effect::new(move |_| {
        if !fetch.busy.get() && again.try_update_value(std::mem::take) == Some(true) {
            load.run(());
        }
    });

    let seen = RwSignal::new(is_seen());
    // It is the document's and bubbles to the window.
    let turned = window_event_listener(ev::visibilitychange, move |_| seen.set(is_seen()));
    // Each connection has to be asked; its answer is the first news.
    let watching = Memo::new(move |_| seen.get() && desk.live.link().get() == Link::Online);
    Effect::new(move |_| desk.live.send(ClientFrame::WatchVisitors { on: watching.get() }));
    on_cleanup(move || {
        turned.remove();
        desk.live.send(ClientFrame::WatchVisitors { on: false });
    });
    load
}

fn is_seen() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

#[component]
fn Visitors(desk: Desk, shown: Memo<Vec<SiteVisitor>>) -> impl IntoView {
    view! {
        <Table label="Visitors" class="table--visitors" columns=&["Page", "Here since", "Last seen", "Pages", "Chat"]>
            <For
                each=move || shown.with(|shown| shown.iter().map(|visitor| visitor.id).collect::<Vec<_>>())
                key=|id| *id
                children=move |id| {
                    let row = Memo::new(move |_| {
                        shown.with(|shown| shown.iter().find(|visitor| visitor.id == id).cloned())
                    });
                    view! { <tr role="row">{cells(desk, row)}</tr> }
                }
            />
        </Table>
    }
}

/// The cells of one row. Each text changes by itself, so that a link keeps the focus while its visitor goes on.
fn cells(desk: Desk, row: Memo<Option<SiteVisitor>>) -> impl IntoView {
    let of = move |what: fn(&SiteVisitor) -> Millis| row.with(|row| row.as_ref().map_or(0, what));
    let url =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|visitor| visitor.page.url.clone()).unwrap_or_default()));
    let address = move || url.with(|url| url.split_once("://").map_or("", |(_, rest)| rest).to_owned());
    let title = move || {
        let title = row.with(|row| row.as_ref().map(|visitor| visitor.page.title.clone()).unwrap_or_default());
        [title, address(), "A page without an address".into()].into_iter().find(|text| !text.is_empty())
    };
    let has_address = Memo::new(move |_| url.with(|url| !url.is_empty()));
    let page = move || {
        match has_address.get() {
        false => view! { <span class="table__title">{title}</span> }.into_any(),
        true => view! {
            <a class="table__title" href=move || url.get() target="_blank" rel="noopener noreferrer nofollow">{title}</a>
        }
        .into_any(),
    }
    };
    let ago = move |what: fn(&SiteVisitor) -> Millis| {
        let at = Memo::new(move |_| of(what));
        view! { <time datetime=move || time::iso(at.get())>{move || time::short(at.get(), desk.clock.get())}</time> }
    };
    let chat = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|visitor| visitor.chat)));
    let name = Memo::new(move |_| chat.get().and_then(|chat| visitor_of(desk, chat)));
    let chat_link = move || {
        name.get().map(|name| {
            let href = move || chat.get().map(|chat| format!("/console/chats/{chat}"));
            let label = format!("Chat with {name}");
            view! { <a class="visitors__chat" href=href aria-label=label>{name}</a> }
        })
    };
    view! {
        <td role="cell">
            {page}
            <span class="table__sub"><span>{address}</span></span>
        </td>
        <td role="cell" class="table__num" data-name="Here since">{ago(|visitor| visitor.since)}</td>
        <td role="cell" class="table__num" data-name="Last seen">{ago(|visitor| visitor.seen)}</td>
        <td role="cell" class="table__num" data-name="Pages">{move || of(|visitor| Millis::from(visitor.pages))}</td>
        <td role="cell">{chat_link}</td>
    }
}

/// Whose chat it is, as long as it is among those that go on: the list of chats knows.
fn visitor_of(desk: Desk, chat: ChatId) -> Option<String> {
    desk.rows.with(|rows| rows.get(&chat).filter(|row| row.status.is_live()).map(|row| row.visitor.clone()))
}

/// Nobody is there, or no website tells.
#[component]
fn Empty() -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let tag = format!("<script async src=\"{origin}/embed.js\" data-visitors=\"live\"></script>");
    view! {
        <div class="empty">
            <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::GLOBE /></span>
            <h2 class="empty__title">"Nobody is on your websites right now"</h2>
            <p class="empty__text">
                "Visitors appear here as they come, from websites whose script tag says data-visitors=\"live\":"
            </p>
            <pre class="snippet"><code>{tag}</code></pre>
            <p class="empty__text">"Without it a website tells of a visitor only when they start a chat."</p>
        </div>
    }
}
