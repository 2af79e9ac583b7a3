//! The chats: the list, the conversation, and what is known of it.

use super::chat::ChatPane;
use super::desk::Desk;
use super::list::ChatList;
use super::panel::Panel;
use crate::api::ChatTab;
use crate::model::chat::Status;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// The chats.
#[component]
pub fn Chats(desk: Desk, panel: RwSignal<bool>) -> impl IntoView {
    // At first the tab where something is to be done.
    let first = desk.rows.with_untracked(|rows| {
        let me = desk.me.with_untracked(|me| me.id);
        if rows.values().any(|row| row.status == Status::Waiting) {
            ChatTab::Waiting
        } else if rows.values().any(|row| row.agent.as_ref().is_some_and(|agent| agent.id == me)) {
            ChatTab::Mine
        } else {
            ChatTab::AllOpen
        }
    });
    let tab = RwSignal::new(first);
    view! {
        <h1 class="visually-hidden">"Chats"</h1>
        <ChatList desk=desk tab=tab />
        {move || match desk.open.get() {
            None => view! {
                <section class="col convo convo--none" id="convo" aria-label="Conversation pane">
                    <div class="empty">
                        <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::Chat /></span>
                        <h2 class="empty__title">"Choose a chat"</h2>
                        <p class="empty__text">"What is said appears here."</p>
                    </div>
                </section>
            }
                .into_any(),
            Some(open) => view! {
                <ChatPane desk=desk open=open panel=panel />
                <Panel desk=desk open=open panel=panel />
            }
                .into_any(),
        }}
    }
}
