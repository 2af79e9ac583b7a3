//! The top of the widget.

use super::session::{Session, Stage};
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{t, word};
use leptos::prelude::*;

/// What the head says while the form or a waiting chat is there.
pub const WELCOME: (&str, &str) = (word("Chat with us"), word("We usually reply in a minute"));

/// The top before an agent is there: who answers here. With `back` it leads back to the chat.
#[component]
pub fn Hero(
    session: Session,
    hero: bool,
    /// Title, and the line below it; nothing to leave that out.
    text: (&'static str, &'static str),
    #[prop(optional)] back: bool,
    #[prop(optional, into)] end: ViewFn,
) -> impl IntoView {
    let (title, sub) = text;
    let mark = if back {
        view! {
            <button
                class="ibtn head__back"
                type="button"
                aria-label=t("Back to the chat")
                on:click=move |_| session.stage.set(Stage::Chat)
            >
                <Icon shape=Shape::Back />
            </button>
        }
        .into_any()
    } else {
        view! { <span class="head__mark"><Icon shape=Shape::Desk /></span> }.into_any()
    };
    view! {
        <header class=if hero { "head head--hero" } else { "head" }>
            {mark}
            <div class="head__who">
                <h1 class="head__title">{t(title)}</h1>
                {(!sub.is_empty()).then(|| view! { <p class="head__sub">{t(sub)}</p> })}
            </div>
            {move || end.run()}
            <Close session=session />
        </header>
    }
}

/// The button that closes the panel around the frame.
#[component]
pub fn Close(session: Session) -> impl IntoView {
    view! {
        <button class="ibtn head__close" type="button" aria-label=t("Close chat") on:click=move |_| session.host.close()>
            <Icon shape=Shape::Close />
        </button>
    }
}
