//! What stands in the place of the field: before its code is here, and when it does not come.

use super::writing::Writing;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// What stands in the place of the field until its code is here.
#[component]
pub fn Outline(writing: Writing) -> impl IntoView {
    let text = move || {
        let typed = writing.typed.get();
        if typed.is_empty() { writing.placeholder.get() } else { typed }
    };
    view! {
        <div class="reply__text reply__text--loading" id=writing.id tabindex="-1" aria-busy="true">
            {text}
        </div>
    }
}

/// What stands there when the code did not come.
#[component]
pub fn PlainText(writing: Writing) -> impl IntoView {
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() != "Enter" || ev.is_composing() {
            return;
        }
        if ev.ctrl_key() || ev.meta_key() || (writing.enter_sends && !ev.shift_key()) {
            ev.prevent_default();
            if !ev.repeat() {
                writing.on_send.run(());
            }
        }
    };
    view! {
        <div class="grow" data-text=move || writing.typed.get()>
            <textarea
                id=writing.id
                rows="2"
                aria-label=writing.label
                placeholder=move || writing.placeholder.get()
                dir="auto"
                prop:value=move || writing.typed.get()
                on:input=move |ev| writing.type_plain(event_target_value(&ev))
                on:keydown=on_key
            ></textarea>
        </div>
    }
}
