//! After the end.

use super::session::Session;
use leptos::prelude::*;

/// What can be done after the end of a chat.
#[component]
pub fn After(session: Session) -> impl IntoView {
    let transcript = move || {
        session.open.get().and_then(|open| {
            open.followed.chat.with(|chat| {
                // Promised where it is certain: those of chats that nobody answered are limited.
                chat.agent.as_ref()?;
                chat.visitor
                    .as_ref()
                    .and_then(|visitor| visitor.email.as_ref())
                    .map(|email| format!("A transcript is on its way to {}.", email.as_str()))
            })
        })
    };
    view! {
        <section class="after" aria-label="After the chat">
            {move || transcript().map(|text| view! { <p class="after__text">{text}</p> })}
            <button class="btn btn--primary btn--wide" type="button" on:click=move |_| session.start_again()>
                "Start a new chat"
            </button>
        </section>
    }
}
