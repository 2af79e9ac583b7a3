//! The transcript that a visitor gets when a chat has ended (M9).

mod view;

use super::letter::Letter;
use crate::model::chat::Conversation;
use crate::model::visitor::Email;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use std::sync::LazyLock;
use view::View;

/// Most text of one transcript, in characters, where each message counts a hundred more: what mail servers surely take.
/// Of a longer conversation the end is sent, with a line that says how much is left out.
pub const MAX_TRANSCRIPT_CHARS: usize = 300_000;

/// The letter with what the visitor of `conversation` could see of it, and nothing that only agents may see.
///
/// `company` is how the sender calls itself; `message_id` must be the same each time that this transcript is sent.
/// Times are UTC. The same arguments give the same letter.
pub fn transcript(conversation: &Conversation, to: Email, company: &str, message_id: String) -> Letter {
    let view = Value::from(Serde(View::of(conversation, company, MAX_TRANSCRIPT_CHARS)));
    Letter {
        to,
        subject: render("subject.txt", &view),
        text: render("body.txt", &view),
        html: render("body.html", &view),
        message_id,
    }
}

/// The three templates. What ends in `.html` escapes every value, what ends in `.txt` none.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.expect("the usual delimiters"));
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in [
        ("subject.txt", include_str!("../templates/transcript/subject.txt")),
        ("body.txt", include_str!("../templates/transcript/body.txt")),
        ("body.html", include_str!("../templates/transcript/body.html")),
    ] {
        templates.add_template(name, source).expect("a template that is part of the program");
    }
    templates
});

/// Only a mistake in a template can fail here, and then the tests of this file do.
fn render(name: &str, view: &Value) -> String {
    TEMPLATES.get_template(name).and_then(|template| template.render(view.clone())).expect("a template of this room")
}

#[cfg(test)]
mod tests;
