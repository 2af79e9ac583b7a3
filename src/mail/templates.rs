//! The templates, and how a letter is written from them.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;
use std::sync::LazyLock;

/// What a letter says.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Writes the letter with these templates. The same values give the same letter.
pub(super) fn write<V: Serialize + Send + Sync + 'static>(letter: &str, view: V) -> Written {
    let view = Value::from(Serde(view));
    let render = |part: &str| {
        let template = TEMPLATES.get_template(&format!("{letter}/{part}"));
        // Only a mistake in a template can fail here, and then the tests of its letter do.
        template.and_then(|template| template.render(view.clone())).expect("a template of this room")
    };
    Written { subject: render("subject.txt"), text: render("body.txt"), html: render("body.html") }
}

/// The three templates of a letter. HTML begins with the macros that all letters share.
macro_rules! letter {
    ($name:literal) => {
        [
            (concat!($name, "/subject.txt"), include_str!(concat!("templates/", $name, "/subject.txt"))),
            (concat!($name, "/body.txt"), include_str!(concat!("templates/", $name, "/body.txt"))),
            (
                concat!($name, "/body.html"),
                concat!(
                    include_str!("templates/shared.html"),
                    include_str!(concat!("templates/", $name, "/body.html"))
                ),
            ),
        ]
    };
}

/// What ends in `.html` escapes every value, what ends in `.txt` none.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.expect("the usual delimiters"));
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    let letters = [letter!("transcript"), letter!("ticket/received"), letter!("ticket/reply"), letter!("test_mail")];
    for (name, source) in letters.into_iter().flatten() {
        templates.add_template(name, source).expect("a template that is part of the program");
    }
    templates
});
