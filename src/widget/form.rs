//! The form that starts a chat. What was typed before the browser's code took over is kept by it.

use super::header::Hero;
use super::session::{Filled, Session};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{CommandId, DepartmentId};
use crate::ui::browser::{command_id, focus, storage};
use crate::ui::icon::{Icon, Shape};
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where a message that could not be sent yet is kept.
const DRAFT_KEY: &str = "frontdesk.draft.start";

/// The form that starts a chat.
#[component]
pub fn Form(session: Session) -> impl IntoView {
    let name = NodeRef::<Input>::new();
    let email = NodeRef::<Input>::new();
    let department = NodeRef::<Select>::new();
    let message = NodeRef::<Textarea>::new();
    let busy = RwSignal::new(false);
    // Until this code is there nothing can be sent, but all can be typed.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let alert = RwSignal::new(None::<String>);
    let wrong = RwSignal::new(None::<(&'static str, String)>);
    // The same words keep their command id, however often they are sent.
    let attempt = StoredValue::new(None::<(CommandId, Filled)>);

    // Fields are the browser's until they are read: typing before hydration is not lost.
    Effect::new(move |_| {
        let identity = session.context.with(|context| context.identity.clone()).unwrap_or_default();
        for (field, value) in [(name, identity.name), (email, identity.email)] {
            let value = value.unwrap_or_default();
            if let Some(field) = field.get().filter(|field| field.value().is_empty() && !value.is_empty()) {
                field.set_value(&value);
            }
        }
        if let Some(field) = message.get().filter(|field| field.value().is_empty())
            && let Some(kept) = storage::get(DRAFT_KEY)
        {
            field.set_value(&kept);
        }
    });
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let filled = Filled {
            name: name.get_untracked().map(|field| field.value()).unwrap_or_default(),
            email: email.get_untracked().map(|field| field.value()).unwrap_or_default(),
            department: department.get_untracked().and_then(|field| field.value().parse().ok()).map(DepartmentId),
            message: message.get_untracked().map(|field| field.value()).unwrap_or_default(),
        };
        let id = attempt.get_value().filter(|(_, before)| *before == filled).map_or_else(command_id, |(id, _)| id);
        attempt.set_value(Some((id, filled.clone())));
        alert.set(None);
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            match session.start(id, filled).await {
                Ok(()) => storage::remove(DRAFT_KEY),
                Err(error) => {
                    let field = match &error {
                        ApiError::Refused { refusal } => match refusal {
                            Refusal::InvalidEmail => Some("email"),
                            Refusal::InvalidName { .. } => Some("name"),
                            Refusal::EmptyMessage | Refusal::MessageTooLong { .. } => Some("message"),
                            Refusal::UnknownDepartment => Some("department"),
                            _ => None,
                        },
                        _ => None,
                    };
                    match field {
                        Some(field) => {
                            wrong.set(Some((field, error.to_string())));
                            focus(field);
                        }
                        None => alert.set(Some(format!("{error} What you wrote is still here."))),
                    }
                }
            }
            busy.set(false);
        });
    };
    let error_of = move |field: &'static str| {
        move || wrong.with(|wrong| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, text)| text.clone()))
    };
    let departments = move || session.offer.with(|offer| offer.departments.clone());
    let preferred = session.params.with_value(|params| params.department.clone());
    view! {
        <Hero session=session hero=true />
        <form class="card" method="post" action="/widget" novalidate on:submit=on_submit>
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
                <label class="field__label" for="name">"Name"</label>
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
                <label class="field__label" for="email">"Email"</label>
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
                let all = departments();
                let preferred = preferred.clone();
                (all.len() > 1)
                    .then(|| {
                        view! {
                            <div class="field">
                                <label class="field__label" for="department">"Department"</label>
                                <span class="select">
                                    <select class="input" id="department" name="department" node_ref=department>
                                        {all
                                            .into_iter()
                                            .map(|department| {
                                                let selected = department.name.eq_ignore_ascii_case(&preferred);
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
                <label class="field__label" for="message">"Message"</label>
                <textarea
                    class="input"
                    id="message"
                    name="message"
                    rows="3"
                    placeholder="How can we help?"
                    node_ref=message
                    dir="auto"
                    on:input=move |ev| storage::set(DRAFT_KEY, &event_target_value(&ev))
                    aria-invalid=move || error_of("message")().map(|_| "true")
                    aria-describedby=move || error_of("message")().map(|_| "message-error")
                ></textarea>
                <FieldError id="message-error" text=Signal::derive(error_of("message")) />
            </div>
            <button
                class="btn btn--primary btn--wide"
                type="submit"
                disabled=move || !ready.get()
                aria-disabled=move || busy.get().then_some("true")>
                "Start chat"
            </button>
        </form>
    }
}

#[component]
fn FieldError(id: &'static str, text: Signal<Option<String>>) -> impl IntoView {
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
