//! After the end: how it was, the transcript, and a new chat.

use super::dom::{El, button, el, part};
use super::parts::{field, good, icon};
use super::session::{Open, Session};
use crate::model::chat::{Command, Rating};
use crate::ui::browser::{focus, set_value_of, spawn_local, value_of};
use crate::ui::draft::Draft;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{fill, say, t};

/// What the visitor does after the end.
#[derive(Clone, Copy)]
pub struct AfterState {
    /// What was pressed shows at once; what the chat says comes after.
    pressed: RwSignal<Option<bool>>,
    rate_failed: RwSignal<Option<String>>,
    commented: RwSignal<bool>,
    /// Why the transcript is not sent.
    wrong: RwSignal<Option<String>>,
    /// Where it was sent last.
    sent: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Where it goes by itself.
    itself: RwSignal<Option<String>>,
    /// The comment and the address that are being typed.
    comment: Draft,
    to: Draft,
}

impl AfterState {
    /// With what an earlier page left under `key`.
    pub fn new(key: &str) -> Self {
        AfterState {
            pressed: RwSignal::new(None),
            rate_failed: RwSignal::new(None),
            commented: RwSignal::new(false),
            wrong: RwSignal::new(None),
            sent: RwSignal::new(None),
            busy: RwSignal::new(false),
            itself: RwSignal::new(None),
            comment: Draft::open(format!("{key}.comment")),
            to: Draft::open(format!("{key}.to")),
        }
    }

    /// Nothing more comes of the chat.
    pub fn clear(self) {
        self.comment.set(String::new());
        self.to.set(String::new());
    }
}

/// What can be done after the end of a chat.
pub fn draw(session: Session, open: Open) -> El {
    let answered = open.followed.chat.with(|chat| chat.was_accepted());
    let again = button("btn btn--primary btn--wide", move || session.start_again()).text(t("Start a new chat"));
    let after =
        part("section", "after").set("id", "after").set("tabindex", "-1").set("aria-label", t("After the chat"));
    let after = rate(after, session, open, answered);
    transcript(after, session, open).with(again)
}

/// Whether the chat helped. May be changed, and explained.
fn rate(after: El, session: Session, open: Open, answered: bool) -> El {
    let state = open.after;
    let given = open.followed.chat.with(|chat| chat.rating.clone()).filter(|_| answered);
    let helpful = state.pressed.get().or_else(|| given.as_ref().map(|given| given.helpful));
    let choice = |this: bool, name: String, shape: Shape| {
        button("btn", move || give(session, open, this, false))
            .set("aria-pressed", (helpful == Some(this)).to_string())
            .with(icon(shape))
            .text(name)
    };
    let group = answered.then(|| {
        let title = if helpful.is_some() { t("Thank you for telling us") } else { t("How was this chat?") };
        let row = part("div", "rate").with(choice(true, t("Helpful"), Shape::THUMB_UP)).with(choice(
            false,
            t("Not helpful"),
            Shape::THUMB_DOWN,
        ));
        el("div")
            .set("role", "group")
            .set("aria-labelledby", "rate")
            .with(part("h2", "after__title").set("id", "rate").text(title))
            .with(row)
    });
    let failed = state.rate_failed.get().map(|text| part("p", "field__error").set("role", "alert").text(text));
    let explain = helpful.map(|helpful| {
        let before = given.map(|given| given.comment).unwrap_or_default();
        let label = part("label", "field__label")
            .set("for", "comment")
            .text(t("Comment"))
            .text(" ")
            .with(part("span", "field__opt").text(t("(optional)")));
        let area = part("textarea", "input")
            .set("id", "comment")
            .set("rows", "2")
            .set("maxlength", "1000")
            .set("dir", "auto")
            .mounted(move |_| set_value_of("comment", &typed_or(state.comment, &before)))
            .on("input", move |_| state.comment.set(value_of("comment").unwrap_or_default()));
        let send = button("btn after__send", move || give(session, open, helpful, true)).text(t("Send comment"));
        part("div", "field").with(label).with(area).with(send)
    });
    after.with(group).with(failed).with(explain).with(good(state.commented.get().then(|| t("Your comment was sent."))))
}

/// What was being typed, or else what is known.
fn typed_or(draft: Draft, known: &str) -> String {
    let typed = draft.text.get_untracked();
    if typed.is_empty() { known.to_owned() } else { typed }
}

fn give(session: Session, open: Open, helpful: bool, with_comment: bool) {
    let state = open.after;
    state.pressed.set(Some(helpful));
    state.rate_failed.set(None);
    state.commented.set(false);
    let before = open.followed.chat.with_untracked(|chat| chat.rating.clone());
    let before = before.map(|Rating { comment, .. }| comment);
    let comment = if with_comment { value_of("comment") } else { before }.unwrap_or_default();
    spawn_local(async move {
        match session.ask(open, Command::Rate { helpful, comment }).await {
            Ok(()) => {
                state.commented.set(with_comment);
                if with_comment {
                    state.comment.set(String::new());
                }
            }
            Err(error) => {
                state.pressed.set(None);
                state.rate_failed.set(Some(say(&error)));
            }
        }
    });
}

/// The transcript by mail. To the address that the visitor gave it goes by itself when an agent answered.
fn transcript(after: El, session: Session, open: Open) -> El {
    let state = open.after;
    let note = match (state.sent.get(), state.itself.get()) {
        (Some(email), _) => Some(fill("Transcript sent to {0}.", &[&email])),
        (None, Some(email)) => Some(fill("The transcript is on its way to {0}.", &[&email])),
        (None, None) => None,
    };
    let input = el("input")
        .set("name", "email")
        .set("type", "email")
        .set("autocomplete", "email")
        .set("maxlength", "254")
        .on("input", move |_| state.to.set(value_of("to").unwrap_or_default()));
    let submit = part("button", "btn")
        .set("type", "submit")
        .set_some("aria-disabled", state.busy.get().then_some("true"))
        .text(t("Send transcript"));
    let form = part("form", "inline")
        .set("method", "post")
        .set("action", "/widget")
        .flag("novalidate", true)
        .mounted(move |_| offer(open))
        .on("submit", move |event| {
            event.prevent_default();
            send(session, open);
        })
        .with(field("to", t("Email"), input, "to-error", state.wrong.get()))
        .with(submit);
    after.with(good(note)).with(form)
}

/// Known before anything is asked for: where the transcript goes by itself, or could go.
fn offer(open: Open) {
    let (itself, free): (Vec<_>, Vec<_>) = open.followed.chat.with_untracked(|chat| {
        let email = chat.visitor.as_ref().and_then(|visitor| visitor.email.clone());
        email.into_iter().partition(|email| chat.transcripts.contains(email))
    });
    let free = free.into_iter().next().map(String::from).unwrap_or_default();
    set_value_of("to", &typed_or(open.after.to, &free));
    if let Some(email) = itself.into_iter().next() {
        open.after.itself.set(Some(email.into()));
    }
}

fn send(session: Session, open: Open) {
    let state = open.after;
    if state.busy.get_untracked() {
        return;
    }
    let email = value_of("to").unwrap_or_default().trim().to_owned();
    state.wrong.set(None);
    state.busy.set(true);
    spawn_local(async move {
        match session.ask(open, Command::RequestTranscript { email: email.clone() }).await {
            Ok(()) => {
                set_value_of("to", "");
                state.to.set(String::new());
                state.sent.set(Some(email));
            }
            Err(error) => {
                state.wrong.set(Some(say(&error)));
                focus("to");
            }
        }
        state.busy.set(false);
    });
}
