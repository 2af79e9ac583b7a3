//! The agent's face: a single-page app behind the log-in.

mod chat;
mod chats;
mod create_ticket;
mod desk;
mod editor;
mod fetch;
mod frame;
mod labels;
mod list;
mod log_out;
mod notices;
mod panel;
mod released;
mod reply;
mod ring;
mod search;
mod settings;
mod sound;
mod table;
mod tickets;
mod toast;
mod visitors;

use crate::api::Me;
use crate::ui::browser::page_state;
use desk::Desk;
use frame::Frame;
use leptos::prelude::*;
use leptos_router::components::Router;

/// Draws the console in place of its outline.
pub fn mount() {
    let me = page_state().and_then(|json| serde_json::from_str::<Me>(&json).ok());
    let Some(me) = me else {
        let _ = window().location().set_href("/login");
        return;
    };
    if let Some(outline) = document().get_element_by_id("console") {
        outline.remove();
    }
    leptos::mount::mount_to_body(move || {
        let desk = Desk::open(me);
        view! {
            <Router>
                <Frame desk=desk />
            </Router>
        }
    });
}
