//! After the end: how it was, the transcript, and a new chat.

use super::form::FieldError;
use super::session::{Open, Session};
use crate::model::chat::{Command, Rating};
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{fill, say, t};
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What can be done after the end of a chat.
#[component]
pub fn After(session: Session, open: Open) -> impl IntoView {
    let answered = Memo::new(move |_| open.followed.chat.with(|chat| chat.was_accepted()));
    view! {
        <section class="after" aria-label=t("After the chat")>
            {move || answered.get().then(|| view! { <Rate session=session open=open /> })}
            <Transcript session=session open=open />
            <button class="btn btn--primary btn--wide" type="button" on:click=move |_| session.start_again()>
                {t("Start a new chat")}
            </button>
        </section>
    }
}

/// Whether the chat helped. May be changed, and explained.
#[component]
fn Rate(session: Session, open: Open) -> impl IntoView {
    let given = Memo::new(move |_| open.followed.chat.with(|chat| chat.rating.clone()));
    // What was pressed shows at once; what the chat says comes after.
    let pressed = RwSignal::new(None::<bool>);
    let failed = RwSignal::new(None::<String>);
    let thanks = RwSignal::new(false);
    let comment = NodeRef::<Textarea>::new();
    let helpful = move || pressed.get().or_else(|| given.with(|given| given.as_ref().map(|given| given.helpful)));
    let rated = Memo::new(move |_| helpful().is_some());
    let rate = move |helpful: bool, with_comment: bool| {
        pressed.set(Some(helpful));
        failed.set(None);
        thanks.set(false);
        let typed = comment.get_untracked().map(|field| field.value());
        let before = given.get_untracked().map(|Rating { comment, .. }| comment);
        let comment = if with_comment { typed } else { before }.unwrap_or_default();
        spawn_local(async move {
            match session.ask(open, Command::Rate { helpful, comment }).await {
                Ok(()) => {
                    let _ = thanks.try_set(with_comment);
                }
                Err(error) => {
                    let _ = pressed.try_set(None);
                    let _ = failed.try_set(Some(say(&error)));
                }
            }
        });
    };
    let choice = move |this: bool, name: String, shape: Shape| {
        let is_pressed = move || (helpful() == Some(this)).to_string();
        view! {
            <button class="btn" type="button" aria-pressed=is_pressed on:click=move |_| rate(this, false)>
                <Icon shape=shape />
                {name}
            </button>
        }
    };
    let explain = move || {
        rated.get().then(|| {
            let before = given.get_untracked().map(|given| given.comment).unwrap_or_default();
            let on_send = move |_| rate(untrack(helpful).unwrap_or_default(), true);
            view! {
                <div class="field">
                    <label class="field__label" for="comment">
                        {t("Comment")} " " <span class="field__opt">{t("(optional)")}</span>
                    </label>
                    <textarea
                        class="input"
                        id="comment"
                        rows="2"
                        maxlength="1000"
                        dir="auto"
                        prop:value=before
                        node_ref=comment
                    ></textarea>
                    <button class="btn after__send" type="button" on:click=on_send>{t("Send comment")}</button>
                </div>
            }
        })
    };
    view! {
        <div role="group" aria-labelledby="rate">
            <h2 class="after__title" id="rate">
                {move || if rated.get() { t("Thank you for telling us") } else { t("How was this chat?") }}
            </h2>
            <div class="rate">
                {choice(true, t("Helpful"), Shape::ThumbUp)} {choice(false, t("Not helpful"), Shape::ThumbDown)}
            </div>
        </div>
        {move || failed.get().map(|text| view! { <p class="field__error" role="alert">{text}</p> })}
        {explain}
        {move || thanks.get().then(|| view! { <Good text=t("Your comment was sent.") /> })}
    }
}

/// The transcript by mail. To the address that the visitor gave it goes by itself when an agent answered.
#[component]
fn Transcript(session: Session, open: Open) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let wrong = RwSignal::new(None::<String>);
    let sent = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    // Known before anything is asked for: where it goes by itself.
    let (itself, free) = open.followed.chat.with_untracked(|chat| {
        let email = chat.visitor.as_ref().and_then(|visitor| visitor.email.clone());
        let (itself, free): (Vec<_>, Vec<_>) = email.into_iter().partition(|email| chat.transcripts.contains(email));
        (itself.into_iter().next().map(String::from), free.into_iter().next().map(String::from))
    });
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let email = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            match session.ask(open, Command::RequestTranscript { email: email.clone() }).await {
                Ok(()) => {
                    if let Some(field) = field.try_get_untracked().flatten() {
                        field.set_value("");
                    }
                    let _ = sent.try_set(Some(email));
                }
                Err(error) => {
                    let _ = wrong.try_set(Some(say(&error)));
                    focus("to");
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let good = move || {
        let text = match sent.get() {
            Some(email) => fill("Transcript sent to {0}.", &[&email]),
            None => fill("The transcript is on its way to {0}.", &[itself.as_deref()?]),
        };
        Some(view! { <Good text=text /> })
    };
    view! {
        {good}
        <form class="inline" method="post" action="/widget" novalidate on:submit=on_submit>
            <div class="field">
                <label class="field__label" for="to">{t("Email")}</label>
                <input
                    class="input"
                    id="to"
                    name="email"
                    type="email"
                    autocomplete="email"
                    maxlength="254"
                    value=free
                    node_ref=field
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby=move || wrong.with(Option::is_some).then_some("to-error")
                />
                <FieldError id="to-error" text=wrong.into() />
            </div>
            <button class="btn" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {t("Send transcript")}
            </button>
        </form>
    }
}

/// Something that went well.
#[component]
fn Good(text: String) -> impl IntoView {
    view! {
        <p class="alert alert--good" role="status">
            <Icon shape=Shape::Tick />
            <span>{text}</span>
        </p>
    }
}
