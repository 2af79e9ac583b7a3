//! The top of the widget.

use super::dom::{El, Node, button, part};
use super::parts::icon;
use super::session::{Session, Stage};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{t, word};

/// What the head says while the form or a waiting chat is there: the title, and the line below it.
pub const WELCOME: (&str, &str) = (word("Chat with us"), word("We usually reply in a minute"));

/// The top before an agent is there: who answers here. With `back` it leads back to the chat; `own` words stand in
/// place of the line below the title.
pub fn hero(
    session: Session,
    large: bool,
    text: (&'static str, &'static str),
    own: Option<String>,
    back: bool,
    end: Node,
) -> El {
    let (title, sub) = text;
    let sub = own.or_else(|| (!sub.is_empty()).then(|| t(sub)));
    let mark = if back {
        button("ibtn head__back", move || session.stage.set(Stage::Chat))
            .set("aria-label", t("Back to the chat"))
            .with(icon(Shape::BACK))
    } else {
        part("span", "head__mark").with(icon(Shape::DESK))
    };
    let who = part("div", "head__who")
        .with(part("h1", "head__title").text(t(title)))
        .with(sub.map(|sub| part("p", "head__sub").set("dir", "auto").text(sub)));
    part("header", if large { "head head--hero" } else { "head" }).with(mark).with(who).with(end).with(close(session))
}

/// The button that closes the panel around the frame, or the window of its own. Elsewhere there is nothing to close.
pub fn close(session: Session) -> Option<El> {
    session.host.can_close().then(|| {
        button("ibtn head__close", move || session.host.close())
            .set("aria-label", t("Close chat"))
            .with(icon(Shape::CLOSE))
    })
}
