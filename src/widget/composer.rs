//! Where the visitor writes.

use super::session::{Open, Session};
use crate::ui::composer::ComposerText;
use crate::ui::icon::{Icon, Shape};
use crate::ui::tray::{self, AttachButton, Tray};
use crate::ui::words::{say_refusal, t};
use leptos::prelude::*;

/// Emoji at hand; a phone's keyboard has all of them.
const EMOJI: [&str; 32] = [
    "😀", "😄", "😂", "😊", "🙂", "😉", "😍", "😎", "🤔", "😐", "🙄", "😢", "😭", "😡", "😅", "🤗", "🙏", "👍", "👎",
    "👌", "👏", "💪", "👋", "❤️", "💯", "🎉", "✨", "🔥", "✅", "❌", "📎", "📦",
];

/// Where the visitor writes.
#[component]
pub fn Composer(session: Session, open: Open) -> impl IntoView {
    let note = RwSignal::new(None::<String>);
    let emoji = RwSignal::new(false);
    let uploads = open.uploads;
    let blank = move || open.draft.text.with_untracked(|text| text.trim().is_empty());
    // Perhaps later, when this is not on the screen any more.
    let send = move || {
        if !(blank() && uploads.stored().is_empty()) {
            let refused = session.send(open).err().map(|refusal| say_refusal(&refusal));
            let _ = note.try_set(refused);
        }
    };
    let submit = move || {
        emoji.set(false);
        note.set(None);
        uploads.when_stored(send);
        crate::ui::browser::focus("composer");
    };
    let on_send = Callback::new(move |()| submit());
    let on_typed = Callback::new(move |text: String| {
        note.set(None);
        session.typist.typed(open.followed.id, &text);
    });
    let pick = move |character: &'static str| {
        open.draft.append(character);
        emoji.set(false);
        crate::ui::browser::focus("composer");
    };
    view! {
        <form
            class="composer"
            on:submit=move |ev| {
                ev.prevent_default();
                submit();
            }
            on:paste=move |ev| tray::paste(uploads, &ev)
        >
            {move || {
                note.get()
                    .or_else(|| uploads.note.get())
                    .map(|text| view! { <p class="composer__note" role="alert">{text}</p> })
            }}
            <Show when=move || emoji.get()>
                <div
                    class="emoji"
                    role="dialog"
                    aria-label=t("Emoji")
                    on:keydown=move |ev| {
                        if ev.key() == "Escape" {
                            ev.stop_propagation();
                            emoji.set(false);
                            crate::ui::browser::focus("composer");
                        }
                    }
                >
                    <div class="emoji__grid">
                        {EMOJI
                            .into_iter()
                            .map(|character| {
                                view! {
                                    <button class="emoji__item" type="button" on:click=move |_| pick(character)>
                                        {character}
                                    </button>
                                }
                            })
                            .collect_view()}
                    </div>
                </div>
            </Show>
            <Tray uploads=uploads back="composer" />
            <div class="composer__box">
                <ComposerText
                    draft=open.draft
                    label=t("Message")
                    placeholder=Signal::stored(t("Write a message…"))
                    rows=1
                    id="composer"
                    on_send=on_send
                    on_typed=on_typed
                />
                <button
                    class="ibtn"
                    type="button"
                    aria-label=t("Emoji")
                    aria-expanded=move || emoji.get().to_string()
                    on:click=move |_| emoji.update(|open| *open = !*open)
                >
                    <Icon shape=Shape::Emoji />
                </button>
                <AttachButton uploads=uploads />
                <button
                    class="ibtn send"
                    type="submit"
                    aria-label=t("Send")
                    aria-busy=move || uploads.waits.get().then_some("true")
                >
                    {move || {
                        if uploads.waits.get() {
                            view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
                        } else {
                            view! { <Icon shape=Shape::Send /> }.into_any()
                        }
                    }}
                </button>
            </div>
        </form>
    }
}
