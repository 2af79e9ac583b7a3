//! What rings: a pop-up for each new chat that this agent may take.

use super::desk::Desk;
use crate::model::chat::ChatRow;
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Pop-ups shown at one time.
const SHOWN: usize = 3;

/// The pop-ups.
#[component]
pub fn Rings(desk: Desk) -> impl IntoView {
    let ringing = Memo::new(move |_| desk.ringing());
    let more = move || ringing.with(Vec::len).saturating_sub(SHOWN);
    view! {
        <Show when=move || ringing.with(|rows| !rows.is_empty())>
            <div class="rings" role="region" aria-label="Incoming chats">
                <For each=move || ringing.get().into_iter().take(SHOWN) key=|row| row.id let(row)>
                    <Ring desk=desk row=row />
                </For>
                {move || {
                    (more() > 0).then(|| view! { <a class="rings__more" href="/console">{more()}" more waiting"</a> })
                }}
            </div>
        </Show>
    }
}

#[component]
fn Ring(desk: Desk, row: ChatRow) -> impl IntoView {
    let navigate = use_navigate();
    let id = row.id;
    let since = row.waiting_since();
    let title = StoredValue::new(format!("ring-{id}"));
    let text = StoredValue::new(format!("ring-{id}-text"));
    let site = row.site.as_ref().map(|site| view! { <b>{site.name.clone()}</b>": " });
    let department = row.department.as_ref().map(|department| view! { <b>{department.name.clone()}</b>": " });
    let message = row.last_message.map(|message| message.text).unwrap_or_default();
    let waiting = move || time::duration(desk.clock.get() - since);
    let accept = move |_| {
        desk.accept(id);
        navigate(&format!("/console/chats/{id}"), NavigateOptions::default());
    };
    view! {
        <div class="ring" role="alertdialog" aria-labelledby=title.get_value() aria-describedby=text.get_value()>
            <div class="ring__head">
                <span class="ring__icon" aria-hidden="true"><Icon shape=Shape::BELL /></span>
                <div class="ring__who">
                    <h2 class="ring__title" id=title.get_value()>"New chat"</h2>
                    <span class="ring__name">{row.visitor}</span>
                </div>
                <span class="wait" aria-hidden="true"><Icon shape=Shape::CLOCK small=true />{waiting}</span>
            </div>
            <p class="ring__text" id=text.get_value()>{site}{department}{message}</p>
            <div class="ring__row">
                <button class="btn" type="button" on:click=move |_| desk.dismiss(id)>"Dismiss"</button>
                <button class="btn btn--primary" type="button" on:click=accept>"Accept"</button>
            </div>
        </div>
    }
}
