//! What the form carries unseen, for a post before the browser's code has taken over, or without it.

use super::dom::{El, el};

/// What the server gives to a form that is posted without script.
#[derive(Clone, Debug, Default)]
pub struct PlainFields {
    /// The visitor's token, unless a script puts another one in its place.
    pub token: String,
    /// The name of the command.
    pub id: String,
}

/// Hidden fields, in the form that the server draws.
pub fn hidden(form: El, fields: &PlainFields) -> El {
    let field = |name: &'static str| el("input").set("type", "hidden").set("name", name);
    form.with(field("token").set("value", fields.token.clone()))
        .with(field("id").set("value", fields.id.clone()))
        .with(field("stays"))
        .with(field("visit"))
}
