//! The form that starts a chat or leaves a message, as it comes back when something in it is to be mended.

use super::Hidden;
use super::parts::{Bad, FieldError, Head, HiddenFields, WELCOME, area_text};
use crate::model::department::DepartmentRef;
use crate::model::ids::DepartmentId;
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{t, word};
use leptos::prelude::*;

/// What is said of a form that cannot be read.
pub const BROKEN: &str = word("This form did not arrive whole, or was too long. Please try again.");

/// What the form does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormKind {
    #[default]
    Start,
    /// Nobody is available: a message can be left.
    Away,
    /// A message is left instead of waiting any longer.
    Instead,
}

/// The form, with what was typed.
#[derive(Clone, Debug)]
pub struct FormPage {
    pub kind: FormKind,
    pub hidden: Hidden,
    pub name: String,
    pub email: String,
    pub message: String,
    pub department: Option<DepartmentId>,
    /// Those to choose from.
    pub departments: Vec<DepartmentRef>,
    /// About the form as a whole.
    pub alert: Option<String>,
    /// About one field: its name and a sentence.
    pub wrong: Option<(&'static str, String)>,
    /// What the site says in place of the usual; empty where it says nothing.
    pub text: Option<String>,
}

/// The page with the form.
pub fn form(page: FormPage) -> AnyView {
    let FormPage { kind, hidden, name, email, message, department, departments, alert, wrong, text } = page;
    let (title, sub) = match kind {
        FormKind::Start => WELCOME,
        FormKind::Away => {
            (word("We are away just now"), word("Leave a message and we reply by email, usually within a few hours."))
        }
        FormKind::Instead => (word("Leave a message"), word("We answer by email, usually within a few hours.")),
    };
    let (action, button) = match kind {
        FormKind::Start => ("start", word("Start chat")),
        FormKind::Away | FormKind::Instead => ("leave", word("Leave a message")),
    };
    let is_wrong =
        |field: &str| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, sentence)| sentence.clone());
    let choice = (kind == FormKind::Start && departments.len() > 1)
        .then(|| view! { <Departments all=departments chosen=department wrong=is_wrong("department") /> });
    let back = (kind == FormKind::Instead).then(
        || view! { <button class="btn btn--wide" type="submit" name="do" value="show">{t("Back to the chat")}</button> },
    );
    let message_wrong = is_wrong("message");
    view! {
        <main class="w w--form" data-plain="form">
            <Head title=title sub=sub own=text.unwrap_or_default() hero=true />
            <form class="card" method="post" novalidate>
                <HiddenFields hidden=hidden />
                <input type="hidden" name="visit" />
                <Bad text=alert />
                <Line name="name" label=t("Name") kind="text" max="100" value=name wrong=is_wrong("name") />
                <Line name="email" label=t("Email") kind="email" max="254" value=email wrong=is_wrong("email") />
                {choice}
                <div class="field">
                    <label class="field__label" for="message">{t("Message")}</label>
                    <textarea
                        class="input"
                        id="message"
                        name="message"
                        rows="3"
                        placeholder=t("How can we help?")
                        dir="auto"
                        autofocus=message_wrong.is_some()
                        aria-invalid=message_wrong.is_some().then_some("true")
                        aria-describedby=message_wrong.is_some().then_some("message-error")
                    >
                        {area_text(&message)}
                    </textarea>
                    <FieldError id="message-error".to_owned() text=message_wrong />
                </div>
                <button class="btn btn--primary btn--wide" type="submit" name="do" value=action>{t(button)}</button>
                {back}
            </form>
        </main>
    }
    .into_any()
}

/// A field of one line; its name is also its autocompletion.
#[component]
fn Line(
    name: &'static str,
    label: String,
    kind: &'static str,
    max: &'static str,
    value: String,
    wrong: Option<String>,
) -> impl IntoView {
    let error_id = format!("{name}-error");
    view! {
        <div class="field">
            <label class="field__label" for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                autocomplete=name
                maxlength=max
                value=value
                autofocus=wrong.is_some()
                aria-invalid=wrong.is_some().then_some("true")
                aria-describedby=wrong.is_some().then(|| error_id.clone())
            />
            <FieldError id=error_id text=wrong />
        </div>
    }
}

#[component]
fn Departments(all: Vec<DepartmentRef>, chosen: Option<DepartmentId>, wrong: Option<String>) -> impl IntoView {
    let options = all
        .into_iter()
        .map(|department| {
            let selected = chosen == Some(department.id);
            view! { <option value=department.id.to_string() selected=selected>{department.name}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field__label" for="department">{t("Department")}</label>
            <span class="select">
                <select class="input" id="department" name="department">{options}</select>
                <Icon shape=Shape::CHEVRON />
            </span>
            <FieldError id="department-error".to_owned() text=wrong />
        </div>
    }
}
