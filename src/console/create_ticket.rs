//! The dialog that makes a ticket of a chat (M7).

mod form;

use super::desk::{Desk, Open};
use super::labels::LabelsBox;
use super::tickets::{Choice, departments};
use crate::model::ids::DepartmentId;
use crate::ui::icon::{Icon, Shape};
use crate::ui::modal::Modal;
use form::{DESCRIPTION, EMAIL, Form, SUBJECT, email_of, field_of};
use leptos::prelude::*;

/// The dialog "Create ticket". What was typed is kept for the next time unless it is cancelled.
#[component]
pub fn CreateTicket(desk: Desk, open: Open, on_close: Callback<()>) -> impl IntoView {
    let form = Form::start(desk, open, on_close);
    let alert = move || {
        form.error.get().filter(|error| field_of(error).is_none()).map(|error| {
            view! {
                <p class="alert alert--bad" role="alert">
                    <Icon shape=Shape::ALERT />
                    <span>{format!("{error} What you wrote is still here.")}</span>
                </p>
            }
        })
    };
    view! {
        <Modal title="Create ticket" id="new-ticket" on_close=on_close wide=true>
            <p class="dialog__text">"The ticket is linked to this chat and shows its conversation."</p>
            <form
                method="post"
                novalidate
                on:submit=move |ev| {
                    ev.prevent_default();
                    form.submit();
                }
            >
                <div class="dialog__fields">
                    {alert}
                    <EmailField form=form />
                    <SubjectField form=form />
                    <DescriptionField form=form />
                    <div class="field"><DepartmentField form=form /></div>
                    <div class="field">
                        <label class="field__label" for="new-ticket-labels">"Labels"</label>
                        <LabelsBox
                            desk=desk
                            value=Signal::derive(move || form.filled.with(|filled| filled.labels.clone()))
                            on_change=Callback::new(move |labels| form.change(|filled| filled.labels = labels))
                            id="new-ticket-labels"
                        />
                    </div>
                </div>
                <div class="dialog__row">
                    <button class="btn" type="button" on:click=move |_| form.discard()>"Cancel"</button>
                    <button
                        class="btn btn--primary"
                        type="submit"
                        aria-disabled=move || form.busy.get().then_some("true")
                    >
                        "Create"
                    </button>
                </div>
            </form>
        </Modal>
    }
}

#[component]
fn EmailField(form: Form) -> impl IntoView {
    let is_proven = form.open.followed.chat.with_untracked(|chat| {
        chat.visitor.as_ref().is_some_and(|visitor| visitor.email.is_some() && !visitor.has_unproven_email())
    });
    let hint = match email_of(form.open) {
        Some(_) if is_proven => "This email is verified.",
        Some(_) => "This email was typed, not proven.",
        None => "The visitor gave no email. Ask for it, then enter it here.",
    };
    view! {
        <div class="field">
            <label class="field__label" for=EMAIL>"Email"</label>
            <input
                class="input"
                id=EMAIL
                type="email"
                autocomplete="off"
                maxlength="254"
                prop:value=move || form.filled.with(|filled| filled.email.clone())
                on:input=move |ev| form.change(|filled| filled.email = event_target_value(&ev))
                aria-invalid=move || form.wrong(EMAIL).get().map(|_| "true")
                aria-describedby=format!("{EMAIL}-note")
            />
            <Note field=EMAIL hint=hint wrong=form.wrong(EMAIL) />
        </div>
    }
}

#[component]
fn SubjectField(form: Form) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=SUBJECT>"Subject"</label>
            <input
                class="input"
                id=SUBJECT
                autocomplete="off"
                dir="auto"
                prop:value=move || form.filled.with(|filled| filled.subject.clone())
                on:input=move |ev| form.change(|filled| filled.subject = event_target_value(&ev))
                aria-invalid=move || form.wrong(SUBJECT).get().map(|_| "true")
                aria-describedby=move || form.wrong(SUBJECT).get().map(|_| format!("{SUBJECT}-note"))
            />
            <Note field=SUBJECT wrong=form.wrong(SUBJECT) />
        </div>
    }
}

#[component]
fn DescriptionField(form: Form) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=DESCRIPTION>"Description"</label>
            <textarea
                class="input"
                id=DESCRIPTION
                rows="4"
                dir="auto"
                prop:value=move || form.filled.with(|filled| filled.description.clone())
                on:input=move |ev| form.change(|filled| filled.description = event_target_value(&ev))
                aria-invalid=move || form.wrong(DESCRIPTION).get().map(|_| "true")
                aria-describedby=move || form.wrong(DESCRIPTION).get().map(|_| format!("{DESCRIPTION}-note"))
            ></textarea>
            <Note field=DESCRIPTION wrong=form.wrong(DESCRIPTION) />
        </div>
    }
}

#[component]
fn DepartmentField(form: Form) -> impl IntoView {
    let present = form.open.followed.chat.with_untracked(|chat| chat.department.clone());
    view! {
        <Choice
            label="Department"
            id="new-ticket-department"
            options=Signal::derive(move || departments(form.desk, present.clone()))
            value=Signal::derive(move || {
                form.filled.with(|filled| filled.department.map(|id| id.to_string()).unwrap_or_default())
            })
            on_change=Callback::new(move |id: String| {
                form.change(|filled| filled.department = id.parse().ok().map(DepartmentId));
            })
        />
    }
}

/// Below a field: what is wrong with it, else a hint.
#[component]
fn Note(field: &'static str, #[prop(optional)] hint: &'static str, wrong: Signal<Option<String>>) -> impl IntoView {
    let id = format!("{field}-note");
    move || {
        let id = id.clone();
        match wrong.get() {
            Some(text) => Some(
                view! {
                    <p class="field__error" id=id>
                        <Icon shape=Shape::ALERT small=true />
                        {text}
                    </p>
                }
                .into_any(),
            ),
            None => (!hint.is_empty()).then(|| view! { <p class="field__hint" id=id>{hint}</p> }.into_any()),
        }
    }
}
