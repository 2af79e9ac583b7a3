//! The chats: the list, the conversation, and what is known of it.

use super::chat::ChatPane;
use super::desk::Desk;
use super::list::ChatList;
use super::panel::Panel;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// The chats.
#[component]
pub fn Chats(desk: Desk, panel: RwSignal<bool>) -> impl IntoView {
    view! {
        <h1 class="visually-hidden">"Chats"</h1>
        <ChatList desk=desk tab=desk.tab />
        {move || match desk.open.get() {
            None => view! {
                <section class="col convo convo--none" id="convo" aria-label="Conversation pane">
                    <div class="empty">
                        <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::CHAT /></span>
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
