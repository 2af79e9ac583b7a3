//! Tells an agent who is back which chats went to the queue meanwhile.

use super::desk::Desk;
use crate::api::forget_released;
use crate::model::agent::ReleasedChat;
use crate::model::chat::Status;
use crate::model::ids::ChatId;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What became of a chat that was taken from this agent; nothing when it is theirs again.
fn fate(desk: Desk, chat: ChatId) -> Option<String> {
    desk.rows.with(|rows| match rows.get(&chat) {
        Some(row) if row.status == Status::Waiting => Some("still waiting".to_owned()),
        Some(row) if row.status == Status::Open => {
            let agent = row.agent.as_ref().filter(|agent| agent.id != desk.me.with(|me| me.id))?;
            Some(format!("with {}", agent.name))
        }
        Some(_) => Some("ended".to_owned()),
        None => Some("no longer waiting".to_owned()),
    })
}

/// The notice, until it is closed.
#[component]
pub fn ReleasedNotice(desk: Desk) -> impl IntoView {
    let told = move || {
        let told = desk.released.get().into_iter();
        told.filter_map(|told| fate(desk, told.chat).map(|fate| (told, fate))).collect::<Vec<_>>()
    };
    let close = move |_| {
        let chats = desk.released.with_untracked(|told| told.iter().map(|told| told.chat).collect());
        desk.released.set(Vec::new());
        spawn_local(async move {
            if let Err(error) = forget_released(chats).await {
                desk.fail(error);
            }
        });
    };
    let notice = Memo::new(move |_| told());
    move || {
        let chats = notice.get();
        (!chats.is_empty()).then(|| {
            view! {
                <div class="toast toast--list" role="group" aria-label="Chats that were given back">
                    <Icon shape=Shape::INFO />
                    <div class="toast__text">
                        "You were not connected, and your chats went back to the queue:"
                        <ul>{chats.into_iter().map(line).collect_view()}</ul>
                    </div>
                    <button class="ibtn" type="button" aria-label="Close" on:click=close>
                        <Icon shape=Shape::CLOSE />
                    </button>
                </div>
            }
        })
    }
}

fn line((told, fate): (ReleasedChat, String)) -> impl IntoView {
    view! {
        <li>
            <a href=format!("/console/chats/{}", told.chat)>{told.visitor}</a>
            ", "
            {fate}
        </li>
    }
}
