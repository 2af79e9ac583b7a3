//! A dialog over the page: keeps the focus inside and gives it back.

use super::focus::{around_the_end, current, focusable, put};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// What is there to be filled in.
const FIELD: &str = "input, select, textarea, [contenteditable=true]";

/// A dialog named `title`. The focus goes to its first field, or to its first button, and comes back at the end; Escape
/// and a click beside the dialog close it. An `alert` has a text with the id `{id}-text`.
#[component]
pub fn Modal(
    #[prop(into)] title: Signal<String>,
    /// The title gets the id `{id}-title`.
    id: &'static str,
    on_close: Callback<()>,
    /// It asks something before it is done: an `alertdialog`.
    #[prop(optional)]
    alert: bool,
    /// Wide enough for a form.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let overlay = NodeRef::<Div>::new();
    let dialog = NodeRef::<Div>::new();
    let before = StoredValue::new_local(current());
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        let inside = focusable(&dialog);
        let first = inside.iter().find(|element| !alert && element.matches(FIELD).unwrap_or(false));
        let _ = first.or(inside.first()).unwrap_or(&dialog).focus();
    });
    on_cleanup(move || {
        put(before.try_get_value().flatten().as_ref());
    });
    let on_key = move |ev: KeyboardEvent| match ev.key().as_str() {
        "Escape" if !ev.is_composing() => {
            ev.prevent_default();
            ev.stop_propagation();
            on_close.run(());
        }
        "Tab" => {
            let inside = dialog.get_untracked().map(|dialog| focusable(&dialog)).unwrap_or_default();
            if let Some(next) = around_the_end(&inside, ev.shift_key()) {
                ev.prevent_default();
                let _ = next.focus();
            }
        }
        _ => {}
    };
    // Who selects text may let go of the mouse beside the dialog: only a click that also began there closes it.
    let pressed = StoredValue::new(false);
    let is_beside = move |ev: &MouseEvent| {
        let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
        overlay.get_untracked().is_some_and(|overlay| target.as_ref() == Some(overlay.as_ref()))
    };
    view! {
        <div
            class="overlay"
            node_ref=overlay
            on:keydown=on_key
            on:mousedown=move |ev| pressed.set_value(is_beside(&ev))
            on:click=move |ev| {
                if pressed.get_value() && is_beside(&ev) {
                    on_close.run(());
                }
            }
        >
            <div
                class=if wide { "dialog dialog--form" } else { "dialog" }
                role=if alert { "alertdialog" } else { "dialog" }
                aria-modal="true"
                aria-labelledby=format!("{id}-title")
                aria-describedby=alert.then(|| format!("{id}-text"))
                tabindex="-1"
                node_ref=dialog
            >
                <h2 class="dialog__title" id=format!("{id}-title")>{move || title.get()}</h2>
                {children()}
            </div>
        </div>
    }
}
