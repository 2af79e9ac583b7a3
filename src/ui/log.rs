//! The log of a conversation: its lines, what is on its way, and the place of the reader in it.

use super::conversation::{Followed, GROUP_MS, Line};
use super::delivery::{Byline, Delivery};
use super::files::FileLinks;
use super::icon::{Icon, Shape};
use super::message::Message;
use super::outbox::{Outbox, Outgoing, OutgoingState};
use super::place::Place;
use super::resized::Resized;
use super::seen::{Seen, element_id};
use super::time;
use super::viewer::{Picture, Viewer};
use super::words::t;
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::chat::{Author, Entry, EntryKind, Seq, Side};
use gloo_timers::callback::Timeout;
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use std::sync::Arc;

/// Who wrote something, as a face says it.
pub type Bylines = Arc<dyn Fn(&Author) -> Byline + Send + Sync>;
/// How a face draws a line that is not a message.
pub type Notices = Arc<dyn Fn(&Entry) -> Option<AnyView> + Send + Sync>;

/// How a face draws its log.
#[derive(Clone)]
pub struct Style {
    /// The reader's side.
    pub side: Side,
    /// The reader, as the author of what is on its way.
    pub me: Byline,
    /// Who wrote it, as this face says it.
    pub byline: Bylines,
    /// A line that is not a message; nothing to leave it out.
    pub notice: Notices,
    /// Links to the chat's files.
    pub links: FileLinks,
}

/// The log. `on_seen` is told how far the other side's messages were seen.
#[component]
pub fn Log(
    followed: Followed,
    outbox: Outbox,
    style: Style,
    on_seen: Callback<(Seq, Seen)>,
    /// Changes when something at the end of the log changes its height.
    #[prop(optional, into)]
    tail: Option<Signal<bool>>,
    /// What floats above the lines.
    #[prop(optional, into)]
    above: ViewFn,
    /// What stands after the last line.
    #[prop(optional, into)]
    after: ViewFn,
) -> impl IntoView {
    let log = NodeRef::<Div>::new();
    let seen = Seen::new(followed, style.side);
    let place = StoredValue::new(Place::at_end());
    let news = RwSignal::new(false);
    let opened = StoredValue::new(false);

    let look = move || {
        if let Some(up_to) = log.try_get_untracked().flatten().and_then(|log| seen.look(&log)) {
            on_seen.run((up_to, seen));
        }
    };
    let to_end = move || {
        if let Some(log) = log.try_get_untracked().flatten() {
            log.set_scroll_top(log.scroll_height());
            news.set(false);
        }
    };
    // Before the next paint, when heights are right: stays at the end where it was there, or goes there at any rate.
    let settle = move |at_any_rate: bool| {
        // As soon as what has changed is drawn: the next change may come before the browser says what this one did.
        queue_microtask(move || {
            if let Some(log) = log.try_get_untracked().flatten() {
                place.try_update_value(|place| place.fit(log.scroll_height() - log.client_height()));
            }
        });
        request_animation_frame(move || {
            if at_any_rate || place.try_get_value().is_some_and(Place::is_at_end) {
                to_end();
            }
            look();
        });
    };

    let last = Memo::new(move |_| followed.lines.with(|lines| lines.last().map(|line| line.seq)));
    Effect::new(move |before: Option<Option<Seq>>| {
        let now = last.get();
        let first_view = !opened.get_value() && followed.current.get();
        if first_view {
            opened.set_value(true);
            // The first unread message at the top when the unread ones do not fit, else the end.
            let unread = followed.chat.with_untracked(|chat| chat.receipts(style.side).unread.first().copied());
            request_animation_frame(move || {
                to_end();
                let first = unread.and_then(|seq| document().get_element_by_id(&element_id(seq)));
                if let (Some(log), Some(first)) = (log.try_get_untracked().flatten(), first)
                    && first.get_bounding_client_rect().top() < log.get_bounding_client_rect().top()
                {
                    first.scroll_into_view();
                    place.update_value(Place::begin_above);
                }
                look();
            });
        } else if before.flatten() != now {
            let theirs = followed.lines.with_untracked(|lines| {
                lines
                    .last()
                    .is_some_and(|line| line.entry.with_untracked(|entry| entry.by.side() == Some(style.side.other())))
            });
            if !place.get_value().is_at_end() && theirs {
                news.set(true);
            }
            settle(false);
        }
        now
    });
    let on_way = Memo::new(move |_| {
        outbox.messages.with(|all| all.iter().filter(|m| m.chat == followed.id).map(|m| m.id).collect::<Vec<_>>())
    });
    Effect::new(move |before: Option<usize>| {
        let count = on_way.with(Vec::len);
        // One's own message is always shown.
        if before.is_some_and(|before| before < count) {
            settle(true);
        }
        count
    });
    Effect::new(move |_| {
        if let Some(tail) = tail {
            tail.track();
        }
        settle(false);
    });
    let focused = window_event_listener(ev::focus, move |_| look());
    on_cleanup(move || focused.remove());
    // The log also changes its height when the box below it grows with what is typed.
    let resized = StoredValue::new_local(None::<Resized>);
    Effect::new(move |_| {
        if let Some(log) = log.get() {
            resized.set_value(Resized::watch(&log, move || settle(false)));
        }
    });
    // `visibilitychange` is the document's and bubbles to the window.
    let visible = window_event_listener(ev::visibilitychange, move |_| look());
    on_cleanup(move || visible.remove());
    let looking = StoredValue::new_local(None::<Timeout>);
    let on_scroll = move |_| {
        let Some(log) = log.get_untracked() else { return };
        place.update_value(|place| place.scrolled(log.scroll_top(), log.scroll_height(), log.client_height()));
        if place.get_value().is_at_end() {
            news.set(false);
        }
        looking.set_value(Some(Timeout::new(80, look)));
    };

    let line_style = style.clone();
    let me = style.me.clone();
    let links = style.links;
    let is_viewed = Memo::new(move |_| links.viewed.with(Option::is_some));
    let viewer = move || {
        is_viewed.get().then(|| {
            let pictures = untrack(|| pictures(followed, outbox, &style));
            view! { <Viewer pictures=pictures links=links /> }
        })
    };
    view! {
        <div class="thread">
            {move || above.run()}
            <div class="log" role="log" aria-label=t("Conversation") tabindex="0" node_ref=log on:scroll=on_scroll>
                <For
                    each=move || followed.lines.get()
                    key=|line| line.seq
                    children=move |line| draw_line(line, &line_style)
                />
                <For
                    each=move || on_way.get()
                    key=|id| *id
                    children=move |id| {
                        let message = Memo::new(move |_| {
                            outbox.messages.with(|all| all.iter().find(|m| m.id == id).cloned())
                        });
                        let first = message.get_untracked()?;
                        let continues = continues_own(followed, &first, on_way.get_untracked().first() == Some(&id));
                        Some(draw_outgoing(first, message, outbox, me.clone(), links, continues))
                    }
                />
                {move || after.run()}
            </div>
            <Show when=move || news.get()>
                <button class="latest" type="button" on:click=move |_| to_end()>
                    <Icon shape=Shape::DOWN />
                    {t("New messages")}
                </button>
            </Show>
            {viewer}
        </div>
    }
}

/// The pictures of the conversation, those on their way included.
fn pictures(followed: Followed, outbox: Outbox, style: &Style) -> Vec<Picture> {
    let mut found = Vec::new();
    let you = t("You");
    let mut take = |files: &[Attachment], by: &Byline, at: Millis| {
        let from = format!("{}, {}", if by.mine { &you } else { &by.name }, time::moment(at));
        let pictures = files.iter().filter(|file| file.is_picture());
        found.extend(pictures.map(|file| Picture { file: file.clone(), from: from.clone() }));
    };
    for line in followed.lines.get() {
        line.entry.with(|entry| {
            if let EntryKind::Message { attachments, .. } = &entry.kind {
                take(attachments, &(style.byline)(&entry.by), entry.at);
            }
        });
    }
    outbox.messages.with(|messages| {
        for message in messages.iter().filter(|message| message.chat == followed.id) {
            take(&message.attachments, &style.me, message.at);
        }
    });
    found
}

fn draw_line(line: Line, style: &Style) -> AnyView {
    let entry = line.entry.get_untracked();
    let body = match &entry.kind {
        EntryKind::Message { text, attachments, .. } => {
            let shown = line.entry.clone();
            let byline = (style.byline)(&entry.by);
            let delivery = Signal::derive(move || Delivery::of(&shown.read()));
            Some(
                view! {
                    <Message
                        seq=Some(line.seq)
                        at=entry.at
                        byline=byline
                        body=text.clone()
                        files=attachments.clone()
                        links=style.links
                        continues=line.continues
                        delivery=delivery
                    />
                }
                .into_any(),
            )
        }
        _ => (style.notice)(&entry),
    };
    // A day whose first line is not shown begins all the same, unless nothing more comes.
    let is_after = matches!(entry.kind, EntryKind::Rated { .. } | EntryKind::TranscriptRequested { .. });
    let day = (line.new_day && !(is_after && body.is_none())).then(|| {
        let name = time::day_name(entry.at);
        view! { <div class="day" role="separator" aria-label=name.clone()>{name.clone()}</div> }
    });
    view! {
        {day}
        {body}
    }
    .into_any()
}

/// Whether a message on its way stands together with what is above it.
fn continues_own(followed: Followed, message: &Outgoing, is_first: bool) -> bool {
    !is_first
        || followed.lines.with_untracked(|lines| {
            lines.last().is_some_and(|line| {
                line.entry.with_untracked(|last| {
                    matches!(last.kind, EntryKind::Message { .. })
                        && last.by.side() == Some(message.side)
                        && message.at - last.at < GROUP_MS
                })
            })
        })
}

fn draw_outgoing(
    first: Outgoing,
    message: Memo<Option<Outgoing>>,
    outbox: Outbox,
    byline: Byline,
    links: FileLinks,
    continues: bool,
) -> AnyView {
    let state = Memo::new(move |_| message.get().map(|message| message.state).unwrap_or_default());
    let delivery = Signal::derive(move || match state.get() {
        OutgoingState::Sending => Delivery::Sending,
        OutgoingState::Sent => Delivery::Sent,
        OutgoingState::Failed(_) => Delivery::Failed,
    });
    let id = first.id;
    let below = move || match state.get() {
        OutgoingState::Failed(sentence) => view! {
            <p class="msg__foot" role="alert">
                {t(&sentence)}
                " "
                <button class="retry" type="button" on:click=move |_| outbox.retry(id)>{t("Retry")}</button>
                " "
                <button class="retry" type="button" on:click=move |_| outbox.discard(id)>{t("Delete")}</button>
            </p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <Message
            seq=None
            at=first.at
            byline=byline
            body=first.text
            files=first.attachments
            links=links
            continues=continues
            delivery=delivery
            below=below
        />
    }
    .into_any()
}
