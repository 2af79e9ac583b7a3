//! The top of the widget.

use super::session::Session;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// The top before an agent is there: who answers here.
#[component]
pub fn Hero(session: Session, hero: bool, #[prop(optional, into)] end: ViewFn) -> impl IntoView {
    view! {
        <header class=if hero { "head head--hero" } else { "head" }>
            <span class="head__mark"><Icon shape=Shape::Desk /></span>
            <div class="head__who">
                <h1 class="head__title">"Chat with us"</h1>
                <p class="head__sub">"We usually reply in a minute"</p>
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
        <button class="ibtn head__close" type="button" aria-label="Close chat" on:click=move |_| session.host.close()>
            <Icon shape=Shape::Close />
        </button>
    }
}
