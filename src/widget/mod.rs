//! The visitor's face: rendered on the server, taken over in the browser. It has no router: every visitor downloads it.

mod after;
mod chat;
mod composer;
mod form;
mod halt;
mod header;
mod host;
mod params;
mod plain;
mod session;
mod takeover;

pub use form::EMAIL_NEEDED;
pub use params::WidgetParams;
pub use plain::PlainFields;
pub use takeover::take_over;

use crate::api::VisitorState;
use leptos::prelude::*;
use session::{Session, Stage};

/// The widget as the server draws it.
pub fn render(params: WidgetParams, state: VisitorState) -> AnyView {
    view! { <Widget params=params state=state /> }.into_any()
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Form,
    Left,
    Skeleton,
    Chat,
    Blocked,
}

#[component]
fn Widget(params: WidgetParams, state: VisitorState) -> impl IntoView {
    let session = Session::new(params, state);
    // Only in a browser: asks the page around the frame who this is, and goes on from there.
    Effect::new(move |_| session.begin());
    // Whether somebody is available changes the form and does not replace it: what is typed stays.
    let face = Memo::new(move |_| match session.stage.get() {
        Stage::Before | Stage::Away if session.left.with(Option::is_some) => Face::Left,
        Stage::Before | Stage::Away => Face::Form,
        Stage::Resuming => Face::Skeleton,
        Stage::Chat => Face::Chat,
        Stage::Blocked => Face::Blocked,
    });
    view! {
        <main
            class="w"
            class=("w--form", move || face.get() == Face::Form)
            on:keydown=move |ev| {
                if ev.key() == "Escape" {
                    session.host.close();
                }
            }
        >
            {move || match face.get() {
                Face::Form => view! { <form::Form session=session /> }.into_any(),
                Face::Left => view! { <halt::Left session=session /> }.into_any(),
                Face::Skeleton => view! { <chat::Skeleton /> }.into_any(),
                Face::Chat => view! { <chat::ChatView session=session /> }.into_any(),
                Face::Blocked => view! { <halt::Blocked session=session /> }.into_any(),
            }}
        </main>
    }
}
