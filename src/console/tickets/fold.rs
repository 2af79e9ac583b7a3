//! The chat that a ticket came from, folded: to be read, not answered.

use crate::console::desk::{Desk, Open};
use crate::model::attachment::{Attachment, size_in_words};
use crate::model::chat::{Author, EntryKind, Side};
use crate::model::ids::ChatId;
use crate::model::text::RichText;
use crate::ui::conversation::{Followed, Line};
use crate::ui::delivery::Delivery;
use crate::ui::icon::{Icon, Shape};
use crate::ui::message::Tick;
use crate::ui::people::Avatar;
use crate::ui::{text, time};
use leptos::ev;
use leptos::prelude::*;

/// The chat; drawn when it is first unfolded.
#[component]
pub fn ChatFold(desk: Desk, chat: ChatId) -> impl IntoView {
    let unfolded = RwSignal::new(false);
    let open = move || desk.open.get().filter(|open| open.followed.id == chat);
    let about = move || {
        let followed = open()?.followed;
        if !followed.current.get() {
            return None;
        }
        Some(followed.chat.with(|chat| {
            let until =
                if time::day(chat.started_at) == time::day(chat.updated_at) { time::clock } else { time::moment };
            let count = chat.messages;
            let messages = if count == 1 { "1 message".to_owned() } else { format!("{count} messages") };
            format!("{} to {} · {messages}", time::moment(chat.started_at), until(chat.updated_at))
        }))
    };
    view! {
        <details class="fold" on:toggle=move |_: ev::Event| unfolded.set(true)>
            <summary>
                <Icon shape=Shape::CHATS />
                <span class="fold__title">
                    <b>{format!("Chat #{chat}")}</b>
                    <small>{about}</small>
                </span>
                <Icon shape=Shape::CHEVRON />
            </summary>
            <div class="fold__body">
                {move || unfolded.get().then(open).flatten().map(|open| view! { <Transcript desk=desk open=open /> })}
                <p class="sys"><a href=format!("/console/chats/{chat}")>"Open this chat"</a></p>
            </div>
        </details>
    }
}

#[component]
fn Transcript(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    view! {
        <Show when=move || followed.missing.get()>
            <p class="sys">"There is no such chat."</p>
        </Show>
        <Show when=move || !followed.current.get() && !followed.missing.get()>
            <p class="sys" role="status">"Loading the conversation"</p>
        </Show>
        <For each=move || followed.lines.get() key=|line| line.seq children=move |line| draw(desk, followed, line) />
    }
}

fn draw(desk: Desk, followed: Followed, line: Line) -> AnyView {
    let me = desk.me.with_untracked(|me| me.id);
    let visitor = followed.chat.with_untracked(|chat| chat.visitor_name().to_owned());
    let entry = line.entry.get_untracked();
    let (name, shown) = match &entry.by {
        Author::Agent(agent) if agent.id == me => (agent.name.clone(), "You".to_owned()),
        Author::Agent(agent) => (agent.name.clone(), agent.name.clone()),
        Author::Visitor => (visitor.clone(), visitor),
        Author::System => ("Frontdesk".to_owned(), "Frontdesk".to_owned()),
    };
    let day = line.new_day.then(|| {
        let day = time::day_name(entry.at);
        view! { <div class="day" role="separator" aria-label=day.clone()>{day.clone()}</div> }
    });
    let sys = |what: &'static str| {
        view! { <p class="sys"><b>{shown.clone()}</b>{what}{time::clock(entry.at)}</p> }.into_any()
    };
    let drawn = match &entry.kind {
        EntryKind::Accepted => sys(" accepted the chat · "),
        EntryKind::Ended => sys(" ended the chat · "),
        EntryKind::Message { text, attachments, .. } => {
            let seen = line.entry.clone();
            let tick = (entry.by.side() == Some(Side::Agents))
                .then(|| view! { <Tick delivery=Signal::derive(move || Delivery::of(&seen.read())) /> }.into_any());
            message(&line, name, shown, parts(text, attachments), tick)
        }
        _ => ().into_any(),
    };
    view! {
        {day}
        {drawn}
    }
    .into_any()
}

fn message(line: &Line, name: String, shown: String, parts: AnyView, tick: Option<AnyView>) -> AnyView {
    let (at, side) = line.entry.with_untracked(|entry| (entry.at, entry.by.side()));
    let class = format!(
        "msg {}{}",
        if side == Some(Side::Visitor) { "msg--theirs msg--visitor" } else { "msg--mine msg--agent" },
        if line.continues { " msg--cont" } else { "" },
    );
    let author = name.clone();
    let head = (!line.continues).then(|| {
        view! {
            <p class="msg__head">
                <span class="msg__author">{shown}</span>
                " "
                <time datetime=time::iso(at)>{time::clock(at)}</time>
            </p>
            {(side == Some(Side::Visitor)).then(|| view! { <Avatar name=author /> })}
        }
    });
    let later =
        line.continues.then(|| view! { <time class="msg__time" datetime=time::iso(at)>{time::clock(at)}</time> });
    view! {
        <article class=class aria-label=name>
            {head}
            <div class="msg__line">
                {parts}
                {tick}
                {later}
            </div>
        </article>
    }
    .into_any()
}

/// The text, and the files by name: they are opened in the chat itself.
fn parts(text: &RichText, attachments: &[Attachment]) -> AnyView {
    let bubble = (!text.is_blank()).then(|| view! { <div class="bubble">{text::draw(text)}</div> });
    if attachments.is_empty() {
        return bubble.into_any();
    }
    let files = attachments
        .iter()
        .map(|file| {
            view! {
                <p class="file">
                    <span class="file__icon"><Icon shape=Shape::FILE /></span>
                    <span class="file__text">
                        <span class="file__name">{file.name.clone()}</span>
                        <span class="file__size">{size_in_words(file.size)}</span>
                    </span>
                </p>
            }
        })
        .collect_view();
    view! {
        <div class="parts">
            {bubble}
            {files}
        </div>
    }
    .into_any()
}
