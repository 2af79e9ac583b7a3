//! What the form carries unseen, for a post before the browser's code has taken over, or without it.

use leptos::prelude::*;

/// What the server gives to a form that is posted without script.
#[derive(Clone, Debug, Default)]
pub struct PlainFields {
    /// The visitor's token, unless a script puts another one in its place.
    pub token: String,
    /// The name of the command.
    pub id: String,
}

/// Hidden fields, in the form that the server draws.
#[component]
pub fn HiddenFields() -> impl IntoView {
    use_context::<PlainFields>().map(|fields| {
        view! {
            <input type="hidden" name="token" value=fields.token />
            <input type="hidden" name="id" value=fields.id />
            <input type="hidden" name="stays" />
            <input type="hidden" name="visit" />
        }
    })
}
