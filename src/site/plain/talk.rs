//! A chat that goes on: the log in its frame, and below it where the visitor writes. Only the log is refreshed.

use super::Hidden;
use super::parts::{Close, HiddenFields, area_text};
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::t;
use leptos::prelude::*;

/// A chat that goes on.
#[derive(Clone, Debug)]
pub struct TalkPage {
    pub hidden: Hidden,
    /// The address of the log.
    pub log: String,
    /// What stands in the box.
    pub message: String,
    /// Why it was not sent.
    pub note: Option<String>,
    /// No agent has come yet.
    pub waits: bool,
    /// For the website's own handlers, such as `chat-started`.
    pub event: Option<&'static str>,
}

/// The page of a chat that goes on.
pub fn talk(page: TalkPage) -> AnyView {
    let TalkPage { hidden, log, message, note, waits, event } = page;
    // What stands in the box would be lost.
    let takes_over = !hidden.stays && message.is_empty() && note.is_none();
    let instead = waits.then(|| {
        view! { <button class="linkish" type="submit" name="do" value="instead">{t("Leave a message")}</button> }
    });
    view! {
        <main class="w w--plain" data-plain="talk" data-event=event data-takeover=takes_over.then_some("1")>
            <h1 class="visually-hidden">{t("Chat with us")}</h1>
            <iframe class="plain__log" title=t("Conversation") src=log></iframe>
            <div class="plain__top">
                <button class="btn btn--quiet head__end" type="submit" form="talk" name="do" value="end">
                    {t("End chat")}
                </button>
                <Close />
            </div>
            <form class="composer" id="talk" method="post">
                <HiddenFields hidden=hidden />
                {note.map(|text| view! { <p class="composer__note" role="alert">{text}</p> })}
                <div class="composer__box">
                    <div class="grow">
                        <textarea
                            id="composer"
                            name="message"
                            rows="1"
                            aria-label=t("Message")
                            placeholder=t("Write a message…")
                            enterkeyhint="send"
                            dir="auto"
                            autofocus
                        >
                            {area_text(&message)}
                        </textarea>
                    </div>
                    <button class="ibtn send" type="submit" name="do" value="send" aria-label=t("Send")>
                        <Icon shape=Shape::SEND />
                    </button>
                </div>
                <p class="plain__row">
                    <button class="linkish" type="submit" name="do" value="show">{t("Refresh")}</button>
                    {instead}
                </p>
            </form>
        </main>
    }
    .into_any()
}

/// The question before a chat is ended. What stood in the box comes back with either answer.
pub fn confirm_end(hidden: Hidden, log: String, message: String) -> AnyView {
    view! {
        <main class="w w--plain" data-plain="confirm">
            <iframe class="plain__log" title=t("Conversation") src=log tabindex="-1" aria-hidden="true"></iframe>
            <div class="overlay">
                <div
                    class="dialog"
                    role="alertdialog"
                    aria-modal="true"
                    aria-labelledby="end-title"
                    aria-describedby="end-text"
                >
                    <form method="post">
                    <HiddenFields hidden=hidden />
                    <input type="hidden" name="message" value=message />
                    <h1 class="dialog__title" id="end-title">{t("End chat?")}</h1>
                    <p class="dialog__text" id="end-text">{t("The chat ends for both sides.")}</p>
                    <div class="dialog__row">
                        <button class="btn" type="submit" name="do" value="show" autofocus>{t("Cancel")}</button>
                        <button class="btn btn--danger" type="submit" name="do" value="end_now">{t("End chat")}</button>
                    </div>
                    </form>
                </div>
            </div>
        </main>
    }
    .into_any()
}
