//! What the plain pages are made of.

use super::Hidden;
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{t, word};
use leptos::prelude::*;

/// What the head says before an agent is there.
pub const WELCOME: (&str, &str) = (word("Chat with us"), word("We usually reply in a minute"));

/// What a form carries unseen.
#[component]
pub fn HiddenFields(hidden: Hidden) -> impl IntoView {
    let chat = hidden.chat.map(|chat| view! { <input type="hidden" name="chat" value=chat.to_string() /> });
    view! {
        <input type="hidden" name="token" value=hidden.token />
        <input type="hidden" name="id" value=hidden.id.to_string() />
        <input type="hidden" name="stays" value=if hidden.stays { "1" } else { "" } />
        {chat}
    }
}

/// The top of a page; its texts are in English here.
#[component]
pub fn Head(
    title: &'static str,
    sub: &'static str,
    /// In place of `sub`, as it is written.
    #[prop(optional)]
    own: String,
    #[prop(optional)] hero: bool,
) -> impl IntoView {
    let sub = if own.is_empty() { (!sub.is_empty()).then(|| t(sub)) } else { Some(own) };
    view! {
        <header class=if hero { "head head--hero" } else { "head" }>
            <span class="head__mark"><Icon shape=Shape::DESK /></span>
            <div class="head__who">
                <h1 class="head__title">{t(title)}</h1>
                {sub.map(|sub| view! { <p class="head__sub">{sub}</p> })}
            </div>
            <Close />
        </header>
    }
}

/// The button that closes the panel around the frame. It takes the page's script, which shows it.
#[component]
pub fn Close() -> impl IntoView {
    view! {
        <button class="ibtn head__close" type="button" aria-label=t("Close chat") hidden>
            <Icon shape=Shape::CLOSE />
        </button>
    }
}

/// Something that went wrong with a form as a whole.
#[component]
pub fn Bad(text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p class="alert alert--bad" role="alert">
                <Icon shape=Shape::ALERT />
                <span>{text}</span>
            </p>
        }
    })
}

/// Something that went well.
#[component]
pub fn Good(text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p class="alert alert--good" role="status">
                <Icon shape=Shape::TICK />
                <span>{text}</span>
            </p>
        }
    })
}

/// What is wrong with a field, below it.
#[component]
pub fn FieldError(id: String, text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p class="field__error" id=id>
                <Icon shape=Shape::ALERT small=true />
                {text}
            </p>
        }
    })
}

/// Text as the content of a `textarea`. The renderer does not escape it there, so that is done here; and browsers drop a
/// line feed at its beginning, so there is one to drop.
pub fn area_text(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}
