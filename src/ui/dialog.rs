//! The confirmation before a chat is ended.

use super::focus::{current, put};
use super::words::t;
use leptos::ev::KeyboardEvent;
use leptos::html::Button;
use leptos::prelude::*;

/// "End chat?": asks, keeps the focus inside, and gives it back. Escape and Cancel leave everything as it is.
#[component]
pub fn EndDialog(#[prop(into)] text: String, on_end: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let cancel = NodeRef::<Button>::new();
    let end = NodeRef::<Button>::new();
    let before = StoredValue::new_local(current());
    Effect::new(move |_| {
        if let Some(button) = cancel.get() {
            let _ = button.focus();
        }
    });
    on_cleanup(move || {
        put(before.try_get_value().flatten().as_ref());
    });
    let on_key = move |ev: KeyboardEvent| match ev.key().as_str() {
        "Escape" => {
            ev.prevent_default();
            ev.stop_propagation();
            on_cancel.run(());
        }
        // Two buttons: Tab goes from one to the other, in both directions.
        "Tab" => {
            ev.prevent_default();
            let active = document().active_element();
            let on_cancel_button = cancel.get_untracked().is_some_and(|b| active.as_ref() == Some(b.as_ref()));
            let next = if on_cancel_button { end } else { cancel };
            if let Some(button) = next.get_untracked() {
                let _ = button.focus();
            }
        }
        _ => {}
    };
    view! {
        <div class="overlay" on:keydown=on_key>
            <div
                class="dialog"
                role="alertdialog"
                aria-modal="true"
                aria-labelledby="end-title"
                aria-describedby="end-text"
            >
                <h2 class="dialog__title" id="end-title">{t("End chat?")}</h2>
                <p class="dialog__text" id="end-text">{text}</p>
                <div class="dialog__row">
                    <button class="btn" type="button" node_ref=cancel on:click=move |_| on_cancel.run(())>
                        {t("Cancel")}
                    </button>
                    <button class="btn btn--danger" type="button" node_ref=end on:click=move |_| on_end.run(())>
                        {t("End chat")}
                    </button>
                </div>
            </div>
        </div>
    }
}
