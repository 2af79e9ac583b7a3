//! Writing: a text area that grows, sends on Enter, and forgets nothing: the draft outlives a reload.

use super::browser::storage;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A draft, kept in the browser's storage under its own key.
#[derive(Clone, Copy)]
pub struct Draft {
    pub text: RwSignal<String>,
    key: StoredValue<String>,
}

impl Draft {
    /// The draft that was left under this key, or an empty one.
    pub fn open(key: String) -> Self {
        let text = storage::get(&key).unwrap_or_default();
        Draft { text: RwSignal::new(text), key: StoredValue::new(key) }
    }

    /// The draft is this now.
    pub fn set(&self, text: String) {
        self.key.with_value(|key| if text.is_empty() { storage::remove(key) } else { storage::set(key, &text) });
        self.text.set(text);
    }

    /// Adds to the end of the draft.
    pub fn append(&self, more: &str) {
        self.set(self.text.get_untracked() + more);
    }
}

/// The text area. Enter calls `on_send`, Shift+Enter breaks the line; while a word is being composed (as in Japanese)
/// Enter belongs to the input method.
#[component]
pub fn ComposerText(
    draft: Draft,
    #[prop(into)] label: String,
    #[prop(into)] placeholder: Signal<String>,
    rows: u32,
    on_send: Callback<()>,
    on_typed: Callback<String>,
    #[prop(optional)] id: &'static str,
) -> impl IntoView {
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && !ev.shift_key() && !ev.is_composing() && !ev.repeat() {
            ev.prevent_default();
            on_send.run(());
        }
    };
    view! {
        <div class="grow" data-text=move || draft.text.get()>
            <textarea
                id=(!id.is_empty()).then_some(id)
                name="text"
                rows=rows
                aria-label=label
                placeholder=move || placeholder.get()
                enterkeyhint="send"
                dir="auto"
                prop:value=move || draft.text.get()
                on:input=move |ev| {
                    let text = event_target_value(&ev);
                    draft.set(text.clone());
                    on_typed.run(text);
                }
                on:keydown=on_key
            ></textarea>
        </div>
    }
}
