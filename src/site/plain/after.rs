//! After the end: how it was, the transcript, and a new chat.

use super::Hidden;
use super::parts::{Bad, Close, FieldError, Good, HiddenFields, area_text};
use crate::model::chat::Rating;
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{t, word};
use leptos::prelude::*;

/// An ended chat.
#[derive(Clone, Debug)]
pub struct AfterPage {
    pub hidden: Hidden,
    /// The address of the log.
    pub log: String,
    /// An agent was there: it can be rated.
    pub was_answered: bool,
    pub rating: Option<Rating>,
    /// What went well, and what did not.
    pub good: Option<String>,
    pub bad: Option<String>,
    /// What was typed as the comment, unless it is the rating's.
    pub comment: Option<String>,
    /// What was typed as the address of the transcript, and what is wrong with it.
    pub email: String,
    pub email_wrong: Option<String>,
    /// What was written and not sent any more: it begins the next chat.
    pub message: String,
    /// For the website's own handlers, such as `chat-ended`.
    pub event: Option<&'static str>,
}

/// The page of an ended chat.
pub fn after(page: AfterPage) -> AnyView {
    let AfterPage { hidden, log, was_answered, rating, good, bad, comment, email, email_wrong, message, event } = page;
    let rate = was_answered.then(|| view! { <Rate hidden=hidden.clone() rating=rating comment=comment /> });
    let kept = (!message.is_empty()).then(|| {
        view! {
            <p class="after__text">{t("What you wrote was not sent. It is kept for the next chat.")}</p>
            <input type="hidden" name="message" value=message />
        }
    });
    view! {
        <main class="w w--plain" data-plain="after" data-event=event>
            <h1 class="visually-hidden">{t("Chat with us")}</h1>
            <iframe class="plain__log" title=t("Conversation") src=log></iframe>
            <div class="plain__top"><Close /></div>
            <section class="after" aria-label=t("After the chat")>
                <Bad text=bad />
                <Good text=good />
                {rate}
                <form class="inline" method="post" novalidate>
                    <HiddenFields hidden=hidden.clone() />
                    <div class="field">
                        <label class="field__label" for="to">{t("Email")}</label>
                        <input
                            class="input"
                            id="to"
                            name="email"
                            type="email"
                            autocomplete="email"
                            maxlength="254"
                            value=email
                            autofocus=email_wrong.is_some()
                            aria-invalid=email_wrong.is_some().then_some("true")
                            aria-describedby=email_wrong.is_some().then_some("to-error")
                        />
                        <FieldError id="to-error".to_owned() text=email_wrong />
                    </div>
                    <button class="btn" type="submit" name="do" value="transcript">{t("Send transcript")}</button>
                </form>
                <form class="plain__again" method="post">
                    <HiddenFields hidden=hidden />
                    {kept}
                    <button class="btn btn--primary btn--wide" type="submit" name="do" value="again">
                        {t("Start a new chat")}
                    </button>
                </form>
            </section>
        </main>
    }
    .into_any()
}

/// Whether the chat helped. May be changed, and explained.
#[component]
fn Rate(hidden: Hidden, rating: Option<Rating>, comment: Option<String>) -> impl IntoView {
    let helpful = rating.as_ref().map(|rating| rating.helpful);
    let kept = rating.as_ref().map(|rating| rating.comment.clone()).unwrap_or_default();
    let choice = move |this: bool, name: &'static str, value: &'static str, shape: Shape| {
        view! {
            <button class="btn" type="submit" name="do" value=value aria-pressed=(helpful == Some(this)).to_string()>
                <Icon shape=shape />
                {t(name)}
            </button>
        }
    };
    let explain = helpful.map(|_| {
        view! {
            <div class="field">
                <label class="field__label" for="comment">{t("Comment")} " " <span class="field__opt">{t("(optional)")}</span></label>
                <textarea class="input" id="comment" name="comment" rows="2" dir="auto">
                    {area_text(&comment.unwrap_or(kept))}
                </textarea>
                <button class="btn after__send" type="submit" name="do" value="comment">{t("Send comment")}</button>
            </div>
        }
    });
    view! {
        <form class="plain__rate" method="post">
            <HiddenFields hidden=hidden />
            <div role="group" aria-labelledby="rate">
                <h2 class="after__title" id="rate">
                    {if helpful.is_some() { t("Thank you for telling us") } else { t("How was this chat?") }}
                </h2>
                <div class="rate">
                    {choice(true, word("Helpful"), "helpful", Shape::THUMB_UP)}
                    {choice(false, word("Not helpful"), "not_helpful", Shape::THUMB_DOWN)}
                </div>
            </div>
            {explain}
        </form>
    }
}
