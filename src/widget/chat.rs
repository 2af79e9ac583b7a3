//! The conversation as the visitor sees it.

use super::after;
use super::composer;
use super::dom::{El, Node, button, el, part};
use super::end;
use super::header::{WELCOME, close, hero};
use super::log;
use super::notify::{bell, note};
use super::parts::{avatar, icon, spinner};
use super::session::{Open, Session, Stage, Wait};
use super::sound::mute_button;
use super::tray;
use super::window::window_button;
use crate::model::chat::{Author, Entry, EntryKind, ReleaseReason, Status};
use crate::ui::browser::window;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::time;
use crate::ui::words::{around, fill, t};

/// What stands there while a conversation is fetched.
pub fn skeleton(main: El) -> El {
    let bone = |class: &'static str| part("span", class);
    let head = part("header", "head")
        .set("aria-hidden", "true")
        .with(bone("skel skel--round avatar"))
        .with(part("div", "head__who").with(bone("skel skel--head")).with(bone("skel skel--sub")));
    let log = part("div", "log")
        .set("aria-hidden", "true")
        .with(bone("skel skel--bubble"))
        .with(bone("skel skel--bubble skel--short"))
        .with(bone("skel skel--bubble skel--short skel--mine"))
        .with(bone("skel skel--bubble"))
        .with(bone("skel skel--bubble skel--short skel--mine"));
    let thread = part("div", "thread")
        .set("aria-busy", "true")
        .with(part("h1", "visually-hidden").text(t("Chat with us")))
        .with(part("p", "visually-hidden").set("role", "status").text(t("Loading your conversation")))
        .with(log);
    main.with(head)
        .with(thread)
        .with(part("div", "typing"))
        .with(part("div", "composer").set("aria-hidden", "true").with(bone("skel skel--line")))
}

/// The chat on the screen, inside `main`.
pub fn draw(main: El, session: Session, open: Open) -> El {
    let status = open.followed.chat.with(|chat| chat.status);
    // After the end there is nothing to wait for but the network.
    let trouble = if status == Status::Ended { session.offline() } else { session.trouble() };
    let trouble = match session.refused().filter(|_| trouble.is_none() && status != Status::Ended) {
        Some(text) => refused(text),
        None => self::trouble(trouble),
    };
    // The visitor's own name is known with the first event.
    let thread = if open.followed.current.get() {
        // At the first drawing it is empty, and so it is announced.
        let waits = status == Status::Waiting && open.log.begun.get();
        let tail = waits && session.wait.get() != Wait::Offered;
        log::draw(session, open, tail, trouble, finding(session, waits))
    } else {
        part("div", "thread").set("aria-busy", "true").with(trouble)
    };
    let failed = open.end.failed.get().map(|text| part("p", "composer__note").set("role", "alert").text(text));
    let main = main.with(head(session, open, status)).with(thread).with(failed).with(note(session));
    let main = if status == Status::Ended {
        main.with(after::draw(session, open))
    } else {
        main.with(typing(session, status).key(1)).with(composer::draw(session, open)).with(tray::drop_zone(open))
    };
    main.with(end::dialog(session, open))
}

/// That something is wrong with the connection: calm, because nothing is lost. Its place stays while there is nothing to
/// say, because what comes into the page together with its place is announced by few screen readers.
pub fn trouble(text: Option<String>) -> El {
    let place = part("p", "conn").set("role", "status");
    match text {
        Some(text) => place.with(spinner()).text(text),
        None => place,
    }
}

/// That the server does not want this page as it is. A fresh one it does, mostly.
fn refused(text: String) -> El {
    let again = button("linkish", || {
        let _ = window().location().reload();
    });
    part("p", "conn").set("role", "alert").text(text).text(" ").with(again.text(t("Refresh")))
}

fn head(session: Session, open: Open, status: Status) -> El {
    let (agent, department) = open
        .followed
        .chat
        .with(|chat| (chat.agent.clone(), chat.department.as_ref().map(|department| department.name.clone())));
    let end = || button("btn btn--quiet head__end", move || open.end.asking.set(true)).text(t("End chat"));
    let buttons: Node = match status.is_live() {
        // The bell comes later than the others, which stay the elements that they are.
        true => Node::Many(
            [
                Some(mute_button(session).key(1)),
                bell(session).map(|bell| bell.key(2)),
                window_button(session, open).map(|window| window.key(3)),
                Some(end().key(4)),
            ]
            .into_iter()
            .flatten()
            .map(Node::from)
            .collect(),
        ),
        false => Node::Nothing,
    };
    let Some(agent) = agent else { return hero(session, false, WELCOME, None, false, buttons) };
    let sub = if status == Status::Ended { t("Chat ended") } else { department.unwrap_or_else(|| t("Here to help")) };
    let picture = avatar(&agent.name, agent.photo);
    let who = part("div", "head__who")
        .with(part("h1", "head__title").text(agent.name))
        .with(part("p", "head__sub").text(sub));
    part("header", "head").with(picture).with(who).with(buttons).with(close(session))
}

/// Who types.
fn typing(session: Session, status: Status) -> El {
    let typist = session.typing.typist.get().filter(|_| status == Status::Open);
    let text = typist.map(|typist| fill("{0} is typing", &[&typist.name.unwrap_or_else(|| t("Somebody"))]));
    let dots = || part("span", "dots").set("aria-hidden", "true").with(el("i")).with(el("i")).with(el("i"));
    let line = part("div", "typing").set("role", "status").set_some("aria-label", text.clone());
    match text {
        Some(text) => line.with(dots()).with(el("span").text(text)),
        None => line.with(Node::Nothing).with(Node::Nothing),
    }
}

/// Waiting for an agent, and what can be done instead; its place stays, as that of [`trouble`].
fn finding(session: Session, waits: bool) -> El {
    if !waits {
        return el("div").set("role", "status");
    }
    let leave = |class: &'static str| button(class, move || session.stage.set(Stage::Away)).text(t("Leave a message"));
    let wait = session.wait.get();
    if wait == Wait::Offered {
        let text = t("Leave a message and we answer by email. You can also keep waiting: your place is kept.");
        let words = el("div")
            .with(part("h2", "finding__title").set("id", "offer-title").text(t("Nobody is free right now")))
            .with(part("p", "finding__text").text(text));
        let row = part("div", "finding__row")
            .with(leave("btn btn--primary"))
            .with(button("btn", move || session.keep_waiting()).text(t("Keep waiting")));
        return part("div", "finding finding--offer")
            .set("role", "status")
            .set("aria-labelledby", "offer-title")
            .with(part("span", "finding__icon").set("aria-hidden", "true").with(icon(Shape::CLOCK)))
            .with(words)
            .with(row);
    }
    let text = part("p", "finding__text");
    let text = if wait == Wait::Kept {
        text.text(t("It takes longer than usual.")).text(" ").with(leave("linkish"))
    } else {
        text.text(t("Usually under a minute. You can keep writing."))
    };
    part("div", "finding")
        .set("role", "status")
        .set("aria-label", t("Finding an agent"))
        .with(part("span", "pulse").set("aria-hidden", "true").with(icon(Shape::CHAT)))
        .with(el("div").with(part("p", "finding__title").text(t("Finding an agent"))).with(text))
}

/// Lines of the log that are not messages.
pub fn notice(entry: &Entry) -> Option<El> {
    let at = time::clock(entry.at);
    let ((before, after), name) = match (&entry.kind, &entry.by) {
        (EntryKind::Accepted, Author::Agent(agent)) => (around("{0} joined"), agent.name.as_str()),
        (EntryKind::Released { agent, reason: ReleaseReason::ConnectionLost }, _) => {
            (around("{0} lost the connection. We are finding another agent."), agent.name.as_str())
        }
        (EntryKind::Released { agent, .. }, _) => {
            (around("{0} has left. We are finding another agent."), agent.name.as_str())
        }
        (EntryKind::Ended, Author::Agent(agent)) => (around("{0} ended the chat"), agent.name.as_str()),
        (EntryKind::Ended, Author::Visitor) => (around("You ended the chat"), ""),
        (EntryKind::Ended, Author::System) => (around("The chat has ended"), ""),
        (EntryKind::DepartmentChanged { department: Some(department) }, _) => {
            (around("You are now with {0}"), department.name.as_str())
        }
        _ => return None,
    };
    let name = (!name.is_empty()).then(|| el("b").text(name.to_owned()));
    Some(part("p", "sys").text(before).with(name).text(after).text(" · ").text(at))
}
