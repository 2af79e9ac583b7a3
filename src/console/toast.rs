//! Short notes at the edge of the screen.

use crate::ui::icon::{Icon, Shape};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// A note goes by itself after this time.
const SHOWN_MS: u32 = 12_000;

/// The notes on the screen. Copied freely.
#[derive(Clone, Copy)]
pub struct Toasts {
    notes: RwSignal<Vec<(u64, String)>>,
    next: StoredValue<u64>,
}

impl Toasts {
    pub fn new() -> Self {
        Toasts { notes: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Shows a note.
    pub fn say(self, text: String) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.notes.update(|notes| notes.push((id, text)));
        Timeout::new(SHOWN_MS, move || self.close(id)).forget();
    }

    fn close(self, id: u64) {
        self.notes.update(|notes| notes.retain(|(other, _)| *other != id));
    }
}

/// The notes.
#[component]
pub fn ToastStack(
    toasts: Toasts,
    /// What stands there longer.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="toasts" role="status">
            {children()}
            <For each=move || toasts.notes.get() key=|(id, _)| *id let((id, text))>
                <div class="toast">
                    <Icon shape=Shape::INFO />
                    <span>{text}</span>
                    <button class="ibtn" type="button" aria-label="Close" on:click=move |_| toasts.close(id)>
                        <Icon shape=Shape::CLOSE />
                    </button>
                </div>
            </For>
        </div>
    }
}
