//! The log as a page of its own, in a frame: the browser fetches it anew every few seconds.

use super::parts::WELCOME;
use super::{files, when};
use crate::model::Millis;
use crate::model::attachment::FileLink;
use crate::model::chat::{Author, Chat, Entry, EntryKind, ReleaseReason, Status};
use crate::ui::conversation::continues;
use crate::ui::delivery::Delivery;
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use crate::ui::text as rich;
use crate::ui::words::{fill, t, word};
use leptos::prelude::*;

/// What the log shows.
pub struct LogPage {
    pub chat: Chat,
    /// The latest lines, oldest first.
    pub entries: Vec<Entry>,
    /// There are earlier lines.
    pub is_cut: bool,
    /// Links to the files in these lines.
    pub links: Vec<FileLink>,
    pub now: Millis,
    /// Who waits longer than this is told what else can be done.
    pub answer_within_ms: Millis,
    /// The address of the same page, paused or not.
    pub other: String,
    pub is_paused: bool,
    /// The page around the frame knows already that the chat has ended.
    pub is_after: bool,
}

/// After how many seconds the log is fetched again: the longer nobody has said anything, the later. Nothing for an ended
/// chat.
pub fn refresh_s(chat: &Chat, now: Millis) -> Option<u32> {
    let silent_min = (now - chat.updated_at) / 60_000;
    chat.status.is_live().then_some(match silent_min {
        ..3 => 3,
        3..15 => 8,
        _ => 20,
    })
}

/// The page of the log.
pub fn log(page: LogPage) -> AnyView {
    let LogPage { chat, entries, is_cut, links, now, answer_within_ms, other, is_paused, is_after } = page;
    let visitor = chat.visitor.as_ref().and_then(|visitor| visitor.name.clone());
    let own_name = visitor.map_or_else(|| t("You"), |name| fill("{0} (you)", &[&name]));
    let mut before: Option<&Entry> = None;
    let lines = entries
        .iter()
        .map(|entry| {
            let line = match &entry.kind {
                EntryKind::Message { .. } => {
                    let follows = before.is_some_and(|before| continues(before, entry));
                    Some(draw_message(entry, &own_name, follows, &links, now))
                }
                _ => draw_notice(entry, now, is_after),
            };
            before = Some(entry);
            line
        })
        .collect_view();
    let cut = is_cut.then(|| view! { <p class="sys">{t("Earlier messages are in the transcript")}</p> });
    let is_late = now - chat.waiting_since() >= answer_within_ms;
    let finding = (chat.status == Status::Waiting).then(|| draw_finding(is_late));
    let strip = chat.status.is_live().then(|| {
        let (said, act) = match is_paused {
            true => (t("Paused"), t("Go on")),
            false => (t("New messages appear by themselves"), t("Pause")),
        };
        view! { <p class="typing">{said}" · "<a href=other>{act}</a></p> }
    });
    view! {
        <main class="w w--log">
            {draw_head(&chat)}
            <div class="thread">
                <div class="log" role="log" aria-label=t("Conversation") tabindex="0">
                    <div>{cut}{lines}{finding}</div>
                </div>
            </div>
            {strip}
        </main>
    }
    .into_any()
}

fn draw_head(chat: &Chat) -> AnyView {
    let Some(agent) = chat.agent.clone() else {
        let sub = if chat.status == Status::Ended { word("Chat ended") } else { WELCOME.1 };
        return view! {
            <header class="head">
                <span class="head__mark"><Icon shape=Shape::DESK /></span>
                <div class="head__who">
                    <h1 class="head__title">{t(WELCOME.0)}</h1>
                    <p class="head__sub">{t(sub)}</p>
                </div>
            </header>
        }
        .into_any();
    };
    let department = chat.department.as_ref().map(|department| department.name.clone());
    let sub = match chat.status {
        Status::Ended => t("Chat ended"),
        _ => department.unwrap_or_else(|| t("Here to help")),
    };
    view! {
        <header class="head">
            <Avatar name=agent.name.clone() photo=agent.photo />
            <div class="head__who">
                <h1 class="head__title">{agent.name}</h1>
                <p class="head__sub">{sub}</p>
            </div>
        </header>
    }
    .into_any()
}

fn draw_message(entry: &Entry, own_name: &str, follows: bool, links: &[FileLink], now: Millis) -> AnyView {
    let EntryKind::Message { text: body, attachments, .. } = &entry.kind else { return ().into_any() };
    let agent = match &entry.by {
        Author::Agent(agent) => Some(agent.name.clone()),
        Author::Visitor | Author::System => None,
    };
    let class = format!(
        "msg {}{}",
        if agent.is_some() { "msg--theirs msg--agent" } else { "msg--mine msg--visitor" },
        if follows { " msg--cont" } else { "" },
    );
    let time = move || view! { <time datetime=when::iso(entry.at)>{when::ago(entry.at, now)}</time> };
    let head = (!follows).then(|| {
        let photo = match &entry.by {
            Author::Agent(agent) => agent.photo,
            Author::Visitor | Author::System => None,
        };
        let avatar = agent.clone().map(|name| view! { <Avatar name=name photo=photo /> });
        view! {
            <p class="msg__head"><span class="msg__author">{agent.clone()}</span>" "{time()}</p>
            {avatar}
        }
    });
    let bubble =
        (attachments.is_empty() || !body.is_blank()).then(|| view! { <div class="bubble">{rich::draw(body)}</div> });
    let content = if attachments.is_empty() {
        bubble.into_any()
    } else {
        view! { <div class="parts">{bubble}{files::draw(attachments, links)}</div> }.into_any()
    };
    let tick = agent.is_none().then(|| draw_tick(Delivery::of(entry)));
    let name = agent.clone().unwrap_or_else(|| own_name.to_owned());
    view! {
        <article class=class aria-label=name>
            {head}
            <div class="msg__line">{content}{tick}</div>
        </article>
    }
    .into_any()
}

fn draw_tick(delivery: Delivery) -> AnyView {
    let (class, name, shape, title) = match delivery {
        Delivery::Read(at) => {
            ("tick tick--read", word("Read"), Shape::TICKS, Some(fill("Read at {0}", &[&when::utc(at)])))
        }
        Delivery::Delivered => ("tick tick--delivered", word("Delivered"), Shape::TICKS, None),
        _ => ("tick tick--sent", word("Sent"), Shape::TICK, None),
    };
    view! {
        <span class=class role="img" aria-label=t(name) title=title>
            <Icon shape=shape />
        </span>
    }
    .into_any()
}

fn draw_notice(entry: &Entry, now: Millis, is_after: bool) -> Option<AnyView> {
    let said = match (&entry.kind, &entry.by) {
        (EntryKind::Accepted, Author::Agent(agent)) => fill("{0} joined", &[&agent.name]),
        (EntryKind::Released { agent, reason: ReleaseReason::ConnectionLost }, _) => {
            fill("{0} lost the connection. We are finding another agent.", &[&agent.name])
        }
        (EntryKind::Released { agent, .. }, _) => fill("{0} has left. We are finding another agent.", &[&agent.name]),
        (EntryKind::Ended, Author::Agent(agent)) => fill("{0} ended the chat", &[&agent.name]),
        (EntryKind::Ended, Author::Visitor) => t("You ended the chat"),
        (EntryKind::Ended, Author::System) => t("The chat has ended"),
        (EntryKind::DepartmentChanged { department: Some(department) }, _) => {
            fill("You are now with {0}", &[&department.name])
        }
        _ => return None,
    };
    let next = (!is_after && matches!(entry.kind, EntryKind::Ended))
        .then(|| view! { " · " {t("Press Refresh for what comes next")} });
    Some(view! { <p class="sys">{said}" · "{when::ago(entry.at, now)}{next}</p> }.into_any())
}

fn draw_finding(is_late: bool) -> AnyView {
    let (late, sentence) = if is_late {
        let offer = t("Leave a message and we answer by email. You can also keep waiting: your place is kept.");
        (Some(t("It takes longer than usual.")), offer)
    } else {
        (None, t("Usually under a minute. You can keep writing."))
    };
    view! {
        <div class="finding" role="status" aria-label=t("Finding an agent")>
            <span class="pulse" aria-hidden="true"><Icon shape=Shape::CHAT /></span>
            <div>
                <p class="finding__title">{t("Finding an agent")}</p>
                <p class="finding__text">{late}" "{sentence}</p>
            </div>
        </div>
    }
    .into_any()
}
