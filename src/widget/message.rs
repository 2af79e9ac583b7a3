//! A message on the screen: bubble, files, author, time, and how far it came.

use super::dom::{El, Node, el, part};
use super::parts::{avatar, icon};
use super::session::Open;
use super::{attachments, text};
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::text::RichText;
use crate::ui::delivery::{Byline, Delivery};
use crate::ui::time;
use crate::ui::words::t;

/// A message as it is drawn.
pub struct Shown<'a> {
    /// The id of its element; nothing while it is on its way.
    pub id: Option<String>,
    pub at: Millis,
    pub byline: Byline,
    pub body: &'a RichText,
    pub files: &'a [Attachment],
    /// It goes on with the message above.
    pub continues: bool,
    pub delivery: Delivery,
}

/// Draws a message, with something below its bubble.
pub fn draw(open: Open, message: Shown<'_>, below: Option<El>) -> El {
    let Shown { id, at, byline, body, files, continues, delivery } = message;
    let mine = byline.mine;
    let clock = |class: &'static str| {
        let time = el("time").set("datetime", time::iso(at)).text(time::clock(at));
        if class.is_empty() { time } else { time.class(class) }
    };
    let picture = (!continues && !mine).then(|| avatar(&byline.name, byline.photo));
    let head = (!continues).then(|| {
        part("p", "msg__head").with(part("span", "msg__author").text(byline.shown.clone())).text(" ").with(clock(""))
    });
    let bubble = (files.is_empty() || !body.is_blank()).then(|| part("div", "bubble").with(text::draw(body)));
    let content: Node = if files.is_empty() {
        bubble.into()
    } else {
        part("div", "parts").with(bubble).with(attachments::draw(files, open)).into()
    };
    let line = part("div", "msg__line")
        .with(content)
        .with(mine.then(|| tick(delivery)))
        .with(continues.then(|| clock("msg__time")));
    el("article")
        .class(byline.class(continues))
        .set("aria-label", byline.name)
        .set_some("id", id)
        .with(head)
        .with(picture)
        .with(line)
        .with(below)
}

/// The sign for how far it came.
fn tick(delivery: Delivery) -> El {
    let (class, name, shape) = delivery.sign();
    let read_at = delivery.read_at();
    part("span", class)
        .set("role", "img")
        .set("aria-label", t(name))
        .set_some("tabindex", read_at.is_some().then_some("0"))
        .set_some("title", read_at)
        .with(icon(shape))
}
