//! The reply box (M2, M5, M6).

use super::desk::{Desk, Open};
use super::editor::Editor;
use crate::ui::browser::focus;
use crate::ui::tray::{AttachButton, Tray};
use leptos::prelude::*;

/// The reply box: Enter or the button sends, Shift+Enter breaks the line. A message with files waits until they are
/// stored.
#[component]
pub fn Reply(desk: Desk, open: Open) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let uploads = open.uploads;
    let placeholder = Signal::derive(move || {
        open.followed.chat.with(|chat| {
            let name = chat.visitor_name().to_owned();
            format!("Write a reply to {}…", name.split_whitespace().next().unwrap_or("the visitor"))
        })
    });
    let submit = move || {
        if open.draft.is_empty() && uploads.is_empty() {
            return;
        }
        uploads.when_stored(move || {
            // It may run after the box has gone: the agent looks at another chat while files are sent.
            let _ = error.try_set(desk.send(open).err().map(|refusal| refusal.to_string()));
            if desk.open.get_untracked().is_some_and(|shown| shown.followed.id == open.followed.id) {
                focus("reply");
            }
        });
    };
    let on_typed = Callback::new(move |()| {
        error.set(None);
        uploads.edited();
        // That somebody types is told, not what: drafts of agents stay here.
        desk.typist.typed(open.followed.id, if open.draft.is_empty() { "" } else { "…" });
    });
    view! {
        <form
            class="reply"
            on:submit=move |ev| {
                ev.prevent_default();
                submit();
            }
        >
            <Tray uploads=uploads back="reply" />
            <div class="reply__box">
                <Editor
                    draft=open.draft
                    label="Reply"
                    id="reply"
                    placeholder=placeholder
                    on_send=Callback::new(move |()| submit())
                    on_typed=on_typed
                    on_files=Callback::new(move |files| uploads.add(files))
                    autofocus=true
                />
                {move || {
                    let text = error.get().or_else(|| uploads.note.get());
                    text.map(|text| view! { <p class="reply__error" role="alert">{text}</p> })
                }}
                <div class="reply__bar">
                    <AttachButton uploads=uploads title="Attach file" />
                    <span class="reply__hint">
                        {move || {
                            if uploads.waits.get() {
                                view! { <span role="status">"Sends when the files are there…"</span> }.into_any()
                            } else {
                                view! { <kbd>"Enter"</kbd>" sends, "<kbd>"Shift Enter"</kbd>" for a new line" }.into_any()
                            }
                        }}
                    </span>
                    <button
                        class="btn btn--primary"
                        type="submit"
                        aria-disabled=move || uploads.waits.get().then_some("true")
                    >
                        "Send"
                    </button>
                </div>
            </div>
        </form>
    }
}
