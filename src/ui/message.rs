//! A message on the screen: bubble, files, author, time, and how far it came.

use super::files::FileLinks;
use super::icon::{Icon, Shape};
use super::people::Avatar;
use super::seen::element_id;
use super::words::{fill, t, word};
use super::{attachments, text, time};
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::chat::{Entry, Seq, Side};
use crate::model::text::RichText;
use leptos::prelude::*;

/// How far a message came, as its writer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Sending,
    Sent,
    Delivered,
    Read(Millis),
    Failed,
}

impl Delivery {
    /// How far a stored message came.
    pub fn of(entry: &Entry) -> Self {
        match (entry.delivered_at, entry.read_at) {
            (_, Some(at)) => Delivery::Read(at),
            (Some(_), None) => Delivery::Delivered,
            (None, None) => Delivery::Sent,
        }
    }
}

/// The sign for it.
#[component]
pub fn Tick(#[prop(into)] delivery: Signal<Delivery>) -> impl IntoView {
    let delivery = Memo::new(move |_| delivery.get());
    move || {
        let (class, name, shape) = match delivery.get() {
            Delivery::Sending => ("tick tick--sending", word("Sending"), Shape::Clock),
            Delivery::Sent => ("tick tick--sent", word("Sent"), Shape::Tick),
            Delivery::Delivered => ("tick tick--delivered", word("Delivered"), Shape::Ticks),
            Delivery::Read(_) => ("tick tick--read", word("Read"), Shape::Ticks),
            Delivery::Failed => ("tick tick--failed", word("Failed"), Shape::Alert),
        };
        let read_at = match delivery.get() {
            Delivery::Read(at) => Some(fill("Read at {0}", &[&time::moment(at)])),
            _ => None,
        };
        view! {
            <span class=class role="img" aria-label=t(name) tabindex=read_at.is_some().then_some("0") title=read_at>
                <Icon shape=shape />
            </span>
        }
    }
}

/// Who wrote a message, for whom it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    pub side: Side,
    /// The author's name: the article is named by it.
    pub name: String,
    /// What stands above the message.
    pub shown: String,
    /// On the reader's own side: to the right, with ticks.
    pub mine: bool,
}

/// A message.
#[component]
pub fn Message(
    /// Its number; nothing while it is on its way.
    #[prop(optional_no_strip)]
    seq: Option<Seq>,
    at: Millis,
    byline: Byline,
    body: RichText,
    /// Its files.
    files: Vec<Attachment>,
    links: FileLinks,
    continues: bool,
    #[prop(into)] delivery: Signal<Delivery>,
    /// Something below the bubble.
    #[prop(optional, into)]
    below: ViewFn,
) -> impl IntoView {
    let class = format!(
        "msg {} {}{}",
        if byline.mine { "msg--mine" } else { "msg--theirs" },
        if byline.side == Side::Visitor { "msg--visitor" } else { "msg--agent" },
        if continues { " msg--cont" } else { "" },
    );
    let author = byline.name.clone();
    let mine = byline.mine;
    let head = (!continues).then(|| {
        view! {
            <p class="msg__head">
                <span class="msg__author">{byline.shown}</span>
                " "
                <time datetime=time::iso(at)>{time::clock(at)}</time>
            </p>
            {(!mine).then(|| view! { <Avatar name=author.clone() /> })}
        }
    });
    let bubble =
        (files.is_empty() || !body.is_blank()).then(|| view! { <div class="bubble">{text::draw(&body)}</div> });
    let content = if files.is_empty() {
        bubble.into_any()
    } else {
        view! {
            <div class="parts">
                {bubble}
                {attachments::draw(&files, links)}
            </div>
        }
        .into_any()
    };
    view! {
        <article class=class aria-label=byline.name id=seq.map(element_id)>
            {head}
            <div class="msg__line">
                {content}
                {mine.then(|| view! { <Tick delivery=delivery /> })}
                {continues
                    .then(|| view! { <time class="msg__time" datetime=time::iso(at)>{time::clock(at)}</time> })}
            </div>
            {move || below.run()}
        </article>
    }
}
