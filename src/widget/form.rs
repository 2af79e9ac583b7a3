//! The form that starts a chat, or leaves a message when nobody is there to chat. What was typed before the browser's
//! code took over is kept by it, and also when the one becomes the other.

use super::header::{Hero, WELCOME};
use super::plain::HiddenFields;
use super::session::{Filled, Open, Session, Stage};
use crate::model::chat::{Author, EntryKind};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::{CommandId, DepartmentId};
use crate::ui::browser::{command_id, focus, storage};
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{say, t, word};
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where a message that could not be sent yet is kept.
const DRAFT_KEY: &str = "frontdesk.draft.start";

const AWAY: (&str, &str) =
    (word("We are away just now"), word("Leave a message and we reply by email, usually within a few hours."));
const INSTEAD: (&str, &str) = (word("Leave a message"), word("We answer by email, usually within a few hours."));

/// Why a message cannot be left without an address.
pub const EMAIL_NEEDED: &str = word("We answer by email: please enter your address.");

/// The form that starts a chat or leaves a message.
#[component]
pub fn Form(session: Session) -> impl IntoView {
    let name = NodeRef::<Input>::new();
    let email = NodeRef::<Input>::new();
    let department = NodeRef::<Select>::new();
    let message = NodeRef::<Textarea>::new();
    let busy = RwSignal::new(false);
    let alert = RwSignal::new(None::<String>);
    let wrong = RwSignal::new(None::<(&'static str, String)>);
    let away = Memo::new(move |_| session.stage.get() == Stage::Away);
    // Somebody is available again.
    Effect::new(move |_| {
        if !away.get() {
            alert.set(None);
        }
    });
    // The chat that waits, when a message is left in its place.
    let open = session.open.get_untracked();
    let waits = open.is_some();
    // The same words keep their command id, however often they are sent.
    let attempt = StoredValue::new(None::<(CommandId, Filled)>);

    // Fields are the browser's until they are read: typing before hydration is not lost.
    Effect::new(move |_| {
        let identity = session.context.with(|context| context.identity.clone()).unwrap_or_default();
        let visitor = open.and_then(|open| open.followed.chat.with_untracked(|chat| chat.visitor.clone()));
        let (given_name, given_email) = visitor.map(|visitor| (visitor.name, visitor.email)).unwrap_or_default();
        let before = session.filled.get_value();
        let given_name = given_name.unwrap_or(before.name);
        let given_email = given_email.map_or(before.email, String::from);
        for (field, known, given) in [(name, identity.name, given_name), (email, identity.email, given_email)] {
            let value = if given.is_empty() { known.unwrap_or_default() } else { given };
            if let Some(field) = field.get().filter(|field| field.value().is_empty() && !value.is_empty()) {
                field.set_value(&value);
            }
        }
        if let Some(field) = message.get().filter(|field| field.value().is_empty()) {
            let kept = match open {
                Some(_) if !before.message.is_empty() => Some(before.message),
                Some(open) => Some(written(open)),
                None => storage::get(DRAFT_KEY),
            };
            if let Some(kept) = kept {
                field.set_value(&kept);
            }
        }
    });
    let keep = move |text: String| {
        if waits {
            session.filled.update_value(|filled| filled.message = text);
        } else {
            storage::set(DRAFT_KEY, &text);
        }
    };
    let departments = Memo::new(move |_| session.offer.with(|offer| offer.departments.clone()));
    let preferred = StoredValue::new(session.params.with_value(|params| params.department.clone()));
    // What is chosen stays chosen when the list changes; where there is no choice, a message goes where the page says.
    let chosen = StoredValue::new(None::<DepartmentId>);
    let is_preferred = move |department: &DepartmentRef| match chosen.get_value() {
        Some(chosen) => department.id == chosen,
        None => preferred.with_value(|preferred| department.name.eq_ignore_ascii_case(preferred)),
    };
    let department_of = move || {
        let all = departments.get_untracked();
        let shown = !away.get_untracked() && all.len() > 1;
        if shown {
            department.get_untracked().and_then(|field| field.value().parse().ok()).map(DepartmentId)
        } else {
            all.iter().find(|department| away.get_untracked() && is_preferred(department)).map(|found| found.id)
        }
    };
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let filled = Filled {
            name: name.get_untracked().map(|field| field.value()).unwrap_or_default(),
            email: email.get_untracked().map(|field| field.value()).unwrap_or_default(),
            department: department_of(),
            message: message.get_untracked().map(|field| field.value()).unwrap_or_default(),
        };
        let leaves = away.get_untracked();
        if leaves && filled.email.trim().is_empty() {
            alert.set(None);
            wrong.set(Some(("email", t(EMAIL_NEEDED))));
            focus("email");
            return;
        }
        let id = attempt.get_value().filter(|(_, before)| *before == filled).map_or_else(command_id, |(id, _)| id);
        attempt.set_value(Some((id, filled.clone())));
        alert.set(None);
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let Filled { name, email, .. } = filled.clone();
            let done = if leaves { session.leave(id, filled).await } else { session.start(id, filled).await };
            match done {
                Ok(()) => {
                    session.filled.set_value(Filled { name, email, ..Default::default() });
                    if !waits {
                        storage::remove(DRAFT_KEY);
                    }
                }
                Err(error) => {
                    let field = match &error {
                        ApiError::Refused { refusal } => refusal.field(),
                        _ => None,
                    };
                    let field = field.filter(|field| *field != "department" || !leaves);
                    match field {
                        Some(field) => {
                            let _ = wrong.try_set(Some((field, say(&error))));
                            focus(field);
                        }
                        None => {
                            let _ =
                                alert.try_set(Some(format!("{} {}", say(&error), t("What you wrote is still here."))));
                        }
                    }
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let error_of = move |field: &'static str| {
        move || wrong.with(|wrong| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, text)| text.clone()))
    };
    let head = move || {
        let text = match away.get() {
            _ if waits => INSTEAD,
            true => AWAY,
            false => WELCOME,
        };
        view! { <Hero session=session hero=true text=text back=waits /> }
    };
    view! {
        {head}
        <form class="card" method="post" novalidate on:submit=on_submit>
            <HiddenFields />
            <div class="form__alert" role="alert">
                {move || {
                    alert
                        .get()
                        .map(|text| {
                            view! {
                                <p class="alert alert--bad">
                                    <Icon shape=Shape::Alert />
                                    <span>{text}</span>
                                </p>
                            }
                        })
                }}
            </div>
            <div class="field">
                <label class="field__label" for="name">{t("Name")}</label>
                <input
                    class="input"
                    id="name"
                    name="name"
                    autocomplete="name"
                    maxlength="100"
                    node_ref=name
                    aria-invalid=move || error_of("name")().map(|_| "true")
                    aria-describedby=move || error_of("name")().map(|_| "name-error")
                />
                <FieldError id="name-error" text=Signal::derive(error_of("name")) />
            </div>
            <div class="field">
                <label class="field__label" for="email">{t("Email")}</label>
                <input
                    class="input"
                    id="email"
                    name="email"
                    type="email"
                    autocomplete="email"
                    maxlength="254"
                    node_ref=email
                    aria-invalid=move || error_of("email")().map(|_| "true")
                    aria-describedby=move || error_of("email")().map(|_| "email-error")
                />
                <FieldError id="email-error" text=Signal::derive(error_of("email")) />
            </div>
            {move || {
                let all = departments.get();
                (all.len() > 1 && !away.get())
                    .then(|| {
                        view! {
                            <div class="field">
                                <label class="field__label" for="department">{t("Department")}</label>
                                <span class="select">
                                    <select
                                        class="input"
                                        id="department"
                                        name="department"
                                        node_ref=department
                                        on:change=move |ev| {
                                            chosen.set_value(event_target_value(&ev).parse().ok().map(DepartmentId));
                                        }
                                    >
                                        {all
                                            .into_iter()
                                            .map(|department| {
                                                let selected = is_preferred(&department);
                                                view! {
                                                    <option value=department.id.to_string() selected=selected>
                                                        {department.name}
                                                    </option>
                                                }
                                            })
                                            .collect_view()}
                                    </select>
                                    <Icon shape=Shape::Chevron />
                                </span>
                                <FieldError id="department-error" text=Signal::derive(error_of("department")) />
                            </div>
                        }
                    })
            }}
            <div class="field">
                <label class="field__label" for="message">{t("Message")}</label>
                <textarea
                    class="input"
                    id="message"
                    name="message"
                    rows="3"
                    placeholder=t("How can we help?")
                    node_ref=message
                    dir="auto"
                    on:input=move |ev| keep(event_target_value(&ev))
                    aria-invalid=move || error_of("message")().map(|_| "true")
                    aria-describedby=move || error_of("message")().map(|_| "message-error")
                ></textarea>
                <FieldError id="message-error" text=Signal::derive(error_of("message")) />
            </div>
            <button
                class="btn btn--primary btn--wide"
                type="submit"
                name="do"
                value=move || if away.get() { "leave" } else { "start" }
                aria-disabled=move || busy.get().then_some("true")>
                {move || if away.get() { t("Leave a message") } else { t("Start chat") }}
            </button>
        </form>
    }
}

/// What the visitor wrote in the chat that waits.
fn written(open: Open) -> String {
    let texts: Vec<String> = open.followed.lines.with_untracked(|lines| {
        lines
            .iter()
            .filter_map(|line| {
                line.entry.with_untracked(|entry| match (&entry.kind, &entry.by) {
                    (EntryKind::Message { text, .. }, Author::Visitor) if !text.is_blank() => Some(text.to_plain()),
                    _ => None,
                })
            })
            .collect()
    });
    texts.join("\n")
}

/// What is wrong with a field, below it.
#[component]
pub fn FieldError(id: &'static str, text: Signal<Option<String>>) -> impl IntoView {
    move || {
        text.get().map(|text| {
            view! {
                <p class="field__error" id=id>
                    <Icon shape=Shape::Alert small=true />
                    {text}
                </p>
            }
        })
    }
}
