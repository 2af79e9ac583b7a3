//! The reply box (M2).

use super::desk::{Desk, Open};
use crate::ui::browser::focus;
use crate::ui::composer::ComposerText;
use leptos::prelude::*;

/// The reply box: Enter or the button sends, Shift+Enter breaks the line.
#[component]
pub fn Reply(desk: Desk, open: Open) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let placeholder = Signal::derive(move || {
        open.followed.chat.with(|chat| {
            let name = chat.visitor_name().to_owned();
            format!("Write a reply to {}…", name.split_whitespace().next().unwrap_or("the visitor"))
        })
    });
    let submit = move || {
        if open.draft.text.with_untracked(|text| text.trim().is_empty()) {
            return;
        }
        error.set(desk.send(open).err().map(|refusal| refusal.to_string()));
        focus("reply");
    };
    let on_send = Callback::new(move |()| submit());
    let on_typed = Callback::new(move |text: String| {
        error.set(None);
        // That somebody types is told, not what: drafts of agents stay here.
        desk.typist.typed(open.followed.id, if text.trim().is_empty() { "" } else { "…" });
    });
    // Whoever opens a chat of theirs can write at once, unless a small screen's keyboard would cover it.
    Effect::new(move |_| {
        let wide = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(0.0) > 900.0;
        if wide {
            focus("reply");
        }
    });
    view! {
        <form
            class="reply"
            on:submit=move |ev| {
                ev.prevent_default();
                submit();
            }
        >
            <div class="reply__box">
                <ComposerText
                    draft=open.draft
                    label="Reply"
                    placeholder=placeholder
                    rows=2
                    id="reply"
                    on_send=on_send
                    on_typed=on_typed
                />
                {move || error.get().map(|text| view! { <p class="reply__error" role="alert">{text}</p> })}
                <div class="reply__bar">
                    <span class="reply__hint"><kbd>"Enter"</kbd>" sends, "<kbd>"Shift Enter"</kbd>" for a new line"</span>
                    <button class="btn btn--primary" type="submit">"Send"</button>
                </div>
            </div>
        </form>
    }
}
