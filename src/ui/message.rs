//! A message on the screen: bubble, files, author, time, and how far it came.

use super::delivery::{Byline, Delivery};
use super::files::FileLinks;
use super::icon::Icon;
use super::people::Avatar;
use super::seen::element_id;
use super::words::t;
use super::{attachments, text, time};
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::chat::Seq;
use crate::model::text::RichText;
use leptos::prelude::*;

/// The sign for it.
#[component]
pub fn Tick(#[prop(into)] delivery: Signal<Delivery>) -> impl IntoView {
    let delivery = Memo::new(move |_| delivery.get());
    move || {
        let (class, name, shape) = delivery.get().sign();
        let read_at = delivery.get().read_at();
        view! {
            <span class=class role="img" aria-label=t(name) tabindex=read_at.is_some().then_some("0") title=read_at>
                <Icon shape=shape />
            </span>
        }
    }
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
    let class = byline.class(continues);
    let author = byline.name.clone();
    let mine = byline.mine;
    let head = (!continues).then(|| {
        view! {
            <p class="msg__head">
                <span class="msg__author">{byline.shown}</span>
                " "
                <time datetime=time::iso(at)>{time::clock(at)}</time>
            </p>
            {(!mine).then(|| view! { <Avatar name=author.clone() photo=byline.photo /> })}
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
    // What is on its way is announced when it has arrived, as another element.
    let live = seq.is_none().then_some("off");
    view! {
        <article class=class aria-label=byline.name id=seq.map(element_id) aria-live=live>
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
