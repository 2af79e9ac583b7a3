//! The form that starts a chat, or leaves a message when nobody is there to chat. What is typed is kept until it has
//! arrived: over the taking over, a reload, and while the one form becomes the other. What could not be sent is sent again
//! by itself, until somebody changes it.

use super::dom::{El, Node, el, part};
use super::header::{WELCOME, hero};
use super::parts::{field, field_error, icon, spinner, told};
use super::plain::{PlainFields, hidden};
use super::session::{Filled, Kept, Open, Session, Stage};
use crate::model::chat::{Author, EntryKind};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::DepartmentId;
use crate::model::outbox::wait_after;
use crate::ui::browser::{chance, focus, set_value_of, spawn_local, value_of};
use crate::ui::draft::joined;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{say, t, word};
use gloo_timers::callback::Timeout;

const AWAY: (&str, &str) =
    (word("We are away just now"), word("Leave a message and we reply by email, usually within a few hours."));
const INSTEAD: (&str, &str) = (word("Leave a message"), word("We answer by email, usually within a few hours."));

/// Why a message cannot be left without an address.
pub const EMAIL_NEEDED: &str = word("We answer by email: please enter your address.");

/// What happens to the form. What is typed in it is kept in [`Kept`](super::session::Kept).
#[derive(Clone, Copy)]
pub struct FormState {
    busy: RwSignal<bool>,
    /// What went wrong, above the form.
    pub alert: RwSignal<Option<String>>,
    /// Which field is wrong, and why.
    wrong: RwSignal<Option<(&'static str, String)>>,
    /// Something in it was written for a chat that was over before it got there.
    pub rest: RwSignal<bool>,
    /// It is sent again by itself: a sentence that says so.
    waits: RwSignal<Option<String>>,
    /// Runs out when it is time for that.
    again: StoredValue<Option<Timeout>, LocalStorage>,
    /// Times in a row that it came to nothing.
    failures: StoredValue<u32>,
}

impl FormState {
    pub fn new() -> Self {
        FormState {
            busy: RwSignal::new(false),
            alert: RwSignal::new(None),
            wrong: RwSignal::new(None),
            rest: RwSignal::new(false),
            waits: RwSignal::new(None),
            again: StoredValue::new_local(None),
            failures: StoredValue::new(0),
        }
    }

    fn begin(self) {
        self.busy.set(false);
        self.alert.set(None);
        self.wrong.set(None);
        self.calm();
    }

    /// Nothing is sent again by itself.
    fn calm(self) {
        self.again.set_value(None);
        self.failures.set_value(0);
        self.waits.set(None);
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
    let said = |mark: El, text: String| part("p", "alert").with(mark).with(el("span").text(text));
    let again = form.waits.get().map(|text| said(spinner(), text));
    let rest = form.rest.get() && !waits;
    let again = again.or_else(|| {
        rest.then(|| said(icon(Shape::CLOCK), t("What you wrote was not sent. It is kept for the next chat.")))
    });
    let departments = session.offer.with(|offer| offer.departments.clone());
    let choice = (departments.len() > 1 && !away).then(|| choice(session, departments, error_of("department")));
    let name = el("input").set("name", "name").set("autocomplete", "name").set("maxlength", "100");
    let email =
        el("input").set("name", "email").set("type", "email").set("autocomplete", "email").set("maxlength", "254");
    let message = el("textarea")
        .set("name", "message")
        .set("rows", "3")
        .set("placeholder", t("How can we help?"))
        .set("dir", "auto");
    let card = part("form", "card")
        .set("method", "post")
        .flag("novalidate", true)
        .mounted(move |_| {
            form.begin();
            prefill(session);
            if session.has_standing() {
                resume(session);
            }
        })
        .on("input", move |_| edited(session))
        .on("change", move |_| edited(session))
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
        card.with(told("alert", alert))
            .with(told("status", again))
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
    let select = part("select", "input").set("id", "department").set("name", "department").with(options);
    part("div", "field")
        .with(part("label", "field__label").set("for", "department").text(t("Department")))
        .with(part("span", "select").with(select).with(icon(Shape::CHEVRON)))
        .with(field_error("department-error", error))
}

fn shown_department() -> Option<DepartmentId> {
    value_of("department")?.parse().ok().map(DepartmentId)
}

/// What was chosen, or else where the page says that a message goes.
fn is_preferred(session: Session, department: &DepartmentRef) -> bool {
    match session.kept().filled().department {
        Some(chosen) => department.id == chosen,
        None => session.params.with_value(|params| department.name.eq_ignore_ascii_case(&params.department)),
    }
}

fn preferred(session: Session) -> Option<DepartmentId> {
    session.offer.with_untracked(|offer| {
        offer.departments.iter().find(|department| is_preferred(session, department)).map(|one| one.id)
    })
}

/// Where the message goes.
fn department_of(session: Session) -> Option<DepartmentId> {
    let away = session.stage.get_untracked() == Stage::Away;
    match (away, session.offer.with_untracked(|offer| offer.departments.len())) {
        (false, 2..) => shown_department(),
        (false, _) => None,
        (true, _) => preferred(session),
    }
}

/// Keeps what stands in the form, whoever drew it: that of the server starts a chat.
pub fn keep(session: Session, kept: Kept) {
    let first = session.offer.with_untracked(|offer| offer.departments.first().map(|department| department.id));
    let (shown, given) = (shown_department(), preferred(session).or(first));
    kept.fill(|filled| {
        let Filled { name, email, department, message } = filled;
        for (field, kept) in [("name", name), ("email", email), ("message", message)] {
            if let Some(typed) = value_of(field) {
                *kept = typed;
            }
        }
        // What is given by the page or the list was chosen by nobody.
        if shown.is_some() && (department.is_some() || shown != given) {
            *department = shown;
        }
    });
}

/// Somebody types: other words are sent when they say so.
fn edited(session: Session) {
    keep(session, session.kept());
    if session.kept().waits().is_none() && session.form.waits.get_untracked().is_some() {
        session.form.calm();
    }
}

/// Fills in what is kept, and what is known where nothing was typed.
pub fn prefill(session: Session) {
    let identity = session.context.with_untracked(|context| context.identity.clone()).unwrap_or_default();
    let open = session.open.get_untracked();
    let visitor = open.and_then(|open| open.followed.chat.with_untracked(|chat| chat.visitor.clone()));
    let (name, email) = visitor.map(|visitor| (visitor.name, visitor.email)).unwrap_or_default();
    let (kept, before) = (session.kept().filled(), session.fresh.filled());
    let name = name.unwrap_or(before.name);
    let email = email.map_or(before.email, String::from);
    let written = open.map(written).unwrap_or_default();
    for (field, kept, given, known) in [
        ("name", kept.name, name, identity.name),
        ("email", kept.email, email, identity.email),
        ("message", kept.message, written, None),
    ] {
        let Some(shown) = value_of(field) else { continue };
        let value = match (kept.is_empty(), given.is_empty()) {
            (false, _) => kept,
            _ if !shown.is_empty() => continue,
            (_, false) => given,
            _ => known.unwrap_or_default(),
        };
        if value != shown {
            set_value_of(field, &value);
        }
    }
    if let Some(chosen) = kept.department.filter(|chosen| shown_department().is_some_and(|shown| shown != *chosen))
        && preferred(session).is_some()
    {
        set_value_of("department", &chosen.to_string());
    }
}

fn submit(session: Session) {
    let form = session.form;
    if form.busy.get_untracked() || value_of("message").is_none() {
        return;
    }
    keep(session, session.kept());
    form.again.set_value(None);
    form.alert.set(None);
    form.wrong.set(None);
    let kept = session.kept();
    let leaves = session.stage.get_untracked() == Stage::Away;
    let needs_email = session.open.with_untracked(Option::is_some) || !session.is_introduced();
    if leaves && needs_email && kept.filled().email.trim().is_empty() {
        form.wrong.set(Some(("email", t(EMAIL_NEEDED))));
        focus("email");
        return;
    }
    let (id, words) = kept.begin(leaves);
    let filled = Filled { department: department_of(session), ..words.clone() };
    form.busy.set(true);
    spawn_local(async move {
        let done = if leaves { session.leave(id, filled).await } else { session.start(id, filled).await };
        form.busy.set(false);
        let error = match done {
            Ok(()) => {
                form.calm();
                form.rest.set(false);
                kept.sent(&words);
                session.fresh.know(words);
                // What was typed while it was sent.
                let more = kept.take_message();
                match session.open.get_untracked() {
                    Some(open) => open.draft.join(&more),
                    None => session.fresh.fill(|filled| filled.message = joined(&filled.message, &more)),
                }
                return;
            }
            Err(error) => error,
        };
        if error.is_passing() && kept.waits().is_some() {
            return send_later(session, &error);
        }
        kept.stop();
        form.calm();
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
    });
}

/// Says that it is sent again, and does so after a while.
fn send_later(session: Session, error: &ApiError) {
    let form = session.form;
    let text = match error {
        ApiError::Unreachable | ApiError::Busy { .. } => t("Sends when the connection is back…"),
        _ => t("Trying again…"),
    };
    let text = Some(text);
    // What is said already is not said again.
    if form.waits.with_untracked(|said| *said != text) {
        form.waits.set(text);
    }
    let failures = form.failures.get_value() + 1;
    form.failures.set_value(failures);
    let wait = wait_after(error, failures, chance());
    form.again.set_value(Some(Timeout::new(wait, move || resume(session))));
}

/// Sends what waits for that: the connection is back, or may be. In another form than it was written in it waits for its
/// writer.
pub fn resume(session: Session) {
    let Some(leaves) = session.kept().waits() else { return };
    let shown = value_of("message").is_some();
    if shown && leaves == (session.stage.get_untracked() == Stage::Away) {
        submit(session);
    } else {
        session.kept().stop();
        session.form.calm();
    }
}

/// What the visitor wrote in the chat that waits.
pub fn written(open: Open) -> String {
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
