//! The pages in front of the console: set-up, log-in, and what is said when something is not there.

use super::frame::Site;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// What was typed, and what is wrong with it. Passwords are never sent back.
#[derive(Clone, Debug, Default)]
pub struct GateForm {
    pub name: String,
    pub email: String,
    /// About the form as a whole.
    pub alert: Option<String>,
    /// About one field: its name and a sentence.
    pub field: Option<(&'static str, String)>,
}

/// The log-in form; `next` is where to go then.
pub fn login(form: GateForm, next: String) -> AnyView {
    view! {
        <Site>
            <main class="gate">
                <h1 class="gate__title">"Log in to Frontdesk"</h1>
                <form class="gate__card" method="post" action="/login">
                    <Alert text=form.alert.clone() />
                    <input type="hidden" name="next" value=next />
                    <Field name="email" label="Email" kind="email" autocomplete="username" value=form.email.clone() form=form.clone() focus=form.email.is_empty() />
                    <Field name="password" label="Password" kind="password" autocomplete="current-password" form=form.clone() focus=!form.email.is_empty() />
                    <button class="btn btn--primary btn--wide" type="submit">"Log in"</button>
                </form>
            </main>
        </Site>
    }
    .into_any()
}

/// The form that makes the first admin; `link` is the one-time link's token.
pub fn setup(form: GateForm, link: String) -> AnyView {
    view! {
        <Site>
            <main class="gate">
                <h1 class="gate__title">"Welcome to Frontdesk"</h1>
                <p class="gate__text">"Create the first admin. Colleagues are added with the command frontdesk agent add."</p>
                <form class="gate__card" method="post" action="/setup">
                    <Alert text=form.alert.clone() />
                    <input type="hidden" name="token" value=link />
                    <Field name="name" label="Name" kind="text" autocomplete="name" value=form.name.clone() form=form.clone() hint="Visitors see it in the chat." focus=true />
                    <Field name="email" label="Email" kind="email" autocomplete="username" value=form.email.clone() form=form.clone() />
                    <Field name="password" label="Password" kind="password" autocomplete="new-password" form=form.clone() hint="At least 8 characters." />
                    <button class="btn btn--primary btn--wide" type="submit">"Create admin"</button>
                </form>
            </main>
        </Site>
    }
    .into_any()
}

/// What `/setup` says without a valid link.
pub fn setup_closed(has_agents: bool) -> AnyView {
    if has_agents {
        error("Frontdesk is set up already", "The first admin exists. Please log in, or ask an admin for an account.")
    } else {
        error(
            "Please open the set-up link",
            "The server prints a one-time link when it starts. It may have been used or be too old: start the server again to get a new one.",
        )
    }
}

/// A title and a sentence.
pub fn error(title: &'static str, sentence: &'static str) -> AnyView {
    view! {
        <Site>
            <main class="gate">
                <h1 class="gate__title">{title}</h1>
                <p class="gate__text" role="alert">{sentence}</p>
                <a class="btn btn--primary" href="/">"To the start page"</a>
            </main>
        </Site>
    }
    .into_any()
}

#[component]
fn Alert(text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p class="alert alert--bad" role="alert">
                <Icon shape=Shape::ALERT />
                <span>{text}</span>
            </p>
        }
    })
}

#[component]
fn Field(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    form: GateForm,
    #[prop(optional)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] focus: bool,
) -> impl IntoView {
    let error = form.field.filter(|(field, _)| *field == name).map(|(_, sentence)| sentence);
    let error_id = format!("{name}-error");
    view! {
        <div class="field">
            <label class="field__label" for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                value=value
                required
                autofocus=focus
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=error.is_some().then(|| error_id.clone())
            />
            {(!hint.is_empty() && error.is_none()).then(|| view! { <p class="field__hint">{hint}</p> })}
            {error
                .map(|sentence| {
                    view! {
                        <p class="field__error" id=error_id>
                            <Icon shape=Shape::ALERT small=true />
                            {sentence}
                        </p>
                    }
                })}
        </div>
    }
}
