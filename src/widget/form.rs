//! The form that starts a chat, or leaves a message when nobody is there to chat. What was typed before the browser's
//! code took over is kept by it, and also when the one becomes the other.

use super::dom::{El, Node, el, part};
use super::header::{WELCOME, hero};
use super::parts::{field, field_error, icon};
use super::plain::{PlainFields, hidden};
use super::session::{Filled, Open, Session, Stage};
use crate::model::chat::{Author, EntryKind};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::{CommandId, DepartmentId};
use crate::ui::browser::{command_id, focus, set_value_of, spawn_local, storage, value_of};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{say, t, word};

/// Where a message that could not be sent yet is kept.
const DRAFT_KEY: &str = "frontdesk.draft.start";

const AWAY: (&str, &str) =
    (word("We are away just now"), word("Leave a message and we reply by email, usually within a few hours."));
const INSTEAD: (&str, &str) = (word("Leave a message"), word("We answer by email, usually within a few hours."));

/// Why a message cannot be left without an address.
pub const EMAIL_NEEDED: &str = word("We answer by email: please enter your address.");

/// What happens to the form. What is typed in it is the browser's until it is read.
#[derive(Clone, Copy)]
pub struct FormState {
    busy: RwSignal<bool>,
    /// What went wrong, above the form.
    pub alert: RwSignal<Option<String>>,
    /// Which field is wrong, and why.
    wrong: RwSignal<Option<(&'static str, String)>>,
    /// The same words keep their command id, however often they are sent.
    attempt: StoredValue<Option<(CommandId, Filled)>>,
    /// What is chosen stays chosen when the list changes.
    chosen: StoredValue<Option<DepartmentId>>,
}

impl FormState {
    pub fn new() -> Self {
        FormState {
            busy: RwSignal::new(false),
            alert: RwSignal::new(None),
            wrong: RwSignal::new(None),
            attempt: StoredValue::new(None),
            chosen: StoredValue::new(None),
        }
    }

    fn begin(self) {
        self.busy.set(false);
        self.alert.set(None);
        self.wrong.set(None);
        self.attempt.set_value(None);
        self.chosen.set_value(None);
    }
}

/// The form, inside `main`.
pub fn draw(main: El, session: Session, fields: Option<&PlainFields>) -> El {
    let form = session.form;
    let away = session.stage.get() == Stage::Away;
    // The chat that waits, when a message is left in its place.
    let waits = session.open.with(Option::is_some);
    let text = match away {
        _ if waits => INSTEAD,
        true => AWAY,
        false => WELCOME,
    };
    let wrong = form.wrong.get();
    let error_of = |name: &str| wrong.as_ref().filter(|(field, _)| *field == name).map(|(_, text)| text.clone());
    let alert =
        form.alert.get().map(|text| part("p", "alert alert--bad").with(icon(Shape::ALERT)).with(el("span").text(text)));
    let departments = session.offer.with(|offer| offer.departments.clone());
    let choice = (departments.len() > 1 && !away).then(|| choice(session, departments, error_of("department")));
    let name = el("input").set("name", "name").set("autocomplete", "name").set("maxlength", "100");
    let email =
        el("input").set("name", "email").set("type", "email").set("autocomplete", "email").set("maxlength", "254");
    let message = el("textarea")
        .set("name", "message")
        .set("rows", "3")
        .set("placeholder", t("How can we help?"))
        .set("dir", "auto")
        .on("input", move |_| keep(session, value_of("message").unwrap_or_default()));
    let card = part("form", "card")
        .set("method", "post")
        .flag("novalidate", true)
        .mounted(move |_| {
            form.begin();
            prefill(session);
        })
        .on("submit", move |event| {
            event.prevent_default();
            submit(session);
        });
    let card = match fields {
        Some(fields) => hidden(card, fields),
        None => card,
    };
    let send = part("button", "btn btn--primary btn--wide")
        .set("type", "submit")
        .set("name", "do")
        .set("value", if away { "leave" } else { "start" })
        .set_some("aria-disabled", form.busy.get().then_some("true"))
        .text(if away { t("Leave a message") } else { t("Start chat") });
    let look = session.offer.with(|offer| offer.site.clone()).unwrap_or_default();
    // A site's own words are not ours to translate.
    let own = if away { look.away } else { look.greeting };
    let own = Some(own).filter(|own| !waits && !own.is_empty());
    main.with(hero(session, true, text, own, waits, Node::Nothing)).with(
        card.with(part("div", "form__alert").set("role", "alert").with(alert))
            .with(field("name", t("Name"), name, "name-error", error_of("name")))
            .with(field("email", t("Email"), email, "email-error", error_of("email")))
            .with(choice)
            .with(field("message", t("Message"), message, "message-error", error_of("message")))
            .with(send),
    )
}

/// The choice of a department.
fn choice(session: Session, departments: Vec<DepartmentRef>, error: Option<String>) -> El {
    let options = departments
        .into_iter()
        .map(|department| {
            el("option")
                .key(department.id.0 as u64)
                .set("value", department.id.to_string())
                .flag("selected", is_preferred(session, &department))
                .text(department.name)
                .into()
        })
        .collect::<Vec<Node>>();
    let select = part("select", "input")
        .set("id", "department")
        .set("name", "department")
        .on("change", move |_| session.form.chosen.set_value(chosen_department()))
        .with(options);
    part("div", "field")
        .with(part("label", "field__label").set("for", "department").text(t("Department")))
        .with(part("span", "select").with(select).with(icon(Shape::CHEVRON)))
        .with(field_error("department-error", error))
}

fn chosen_department() -> Option<DepartmentId> {
    value_of("department")?.parse().ok().map(DepartmentId)
}

/// What was chosen, or else where the page says that a message goes.
fn is_preferred(session: Session, department: &DepartmentRef) -> bool {
    match session.form.chosen.get_value() {
        Some(chosen) => department.id == chosen,
        None => session.params.with_value(|params| department.name.eq_ignore_ascii_case(&params.department)),
    }
}

/// Where the message goes.
fn department_of(session: Session) -> Option<DepartmentId> {
    let away = session.stage.get_untracked() == Stage::Away;
    session.offer.with_untracked(|offer| match (away, offer.departments.len()) {
        (false, 2..) => chosen_department(),
        (false, _) => None,
        (true, _) => offer.departments.iter().find(|department| is_preferred(session, department)).map(|one| one.id),
    })
}

/// Keeps the message while it is typed.
fn keep(session: Session, text: String) {
    if session.open.with_untracked(Option::is_some) {
        session.filled.update_value(|filled| filled.message = text);
    } else {
        storage::set(DRAFT_KEY, &text);
    }
}

/// Fills in what is known, where nothing was typed.
pub fn prefill(session: Session) {
    let identity = session.context.with_untracked(|context| context.identity.clone()).unwrap_or_default();
    let open = session.open.get_untracked();
    let visitor = open.and_then(|open| open.followed.chat.with_untracked(|chat| chat.visitor.clone()));
    let (name, email) = visitor.map(|visitor| (visitor.name, visitor.email)).unwrap_or_default();
    let before = session.filled.get_value();
    let message = match open {
        Some(_) if !before.message.is_empty() => before.message,
        Some(open) => written(open),
        None => storage::get(DRAFT_KEY).unwrap_or_default(),
    };
    let name = name.unwrap_or(before.name);
    let email = email.map_or(before.email, String::from);
    for (field, given, known) in
        [("name", name, identity.name), ("email", email, identity.email), ("message", message, None)]
    {
        let value = if given.is_empty() { known.unwrap_or_default() } else { given };
        if !value.is_empty() && value_of(field).is_some_and(|typed| typed.is_empty()) {
            set_value_of(field, &value);
        }
    }
}

fn submit(session: Session) {
    let form = session.form;
    if form.busy.get_untracked() {
        return;
    }
    let filled = Filled {
        name: value_of("name").unwrap_or_default(),
        email: value_of("email").unwrap_or_default(),
        department: department_of(session),
        message: value_of("message").unwrap_or_default(),
    };
    form.alert.set(None);
    form.wrong.set(None);
    let leaves = session.stage.get_untracked() == Stage::Away;
    let needs_email = session.open.with_untracked(Option::is_some) || !session.is_introduced();
    if leaves && needs_email && filled.email.trim().is_empty() {
        form.wrong.set(Some(("email", t(EMAIL_NEEDED))));
        focus("email");
        return;
    }
    let before = form.attempt.get_value().filter(|(_, before)| *before == filled);
    let id = before.map_or_else(command_id, |(id, _)| id);
    form.attempt.set_value(Some((id, filled.clone())));
    form.busy.set(true);
    let waits = session.open.with_untracked(Option::is_some);
    spawn_local(async move {
        let Filled { name, email, .. } = filled.clone();
        let done = if leaves { session.leave(id, filled).await } else { session.start(id, filled).await };
        form.busy.set(false);
        match done {
            Ok(()) => {
                session.filled.set_value(Filled { name, email, ..Filled::default() });
                if !waits {
                    storage::remove(DRAFT_KEY);
                }
            }
            Err(error) => {
                let field = match &error {
                    ApiError::Refused { refusal } => refusal.field(),
                    _ => None,
                };
                match field.filter(|field| *field != "department" || !leaves) {
                    Some(field) => {
                        form.wrong.set(Some((field, say(&error))));
                        focus(field);
                    }
                    None => form.alert.set(Some(format!("{} {}", say(&error), t("What you wrote is still here.")))),
                }
            }
        }
    });
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
