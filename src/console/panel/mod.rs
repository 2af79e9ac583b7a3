//! What is known of a chat: details (M10) and the visitor (M11).

use super::desk::{Desk, Open};
use crate::model::chat::{Author, EntryKind};
use crate::model::visitor::Landing;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use crate::ui::message::{Delivery, Tick};
use crate::ui::seen::element_id;
use crate::ui::time;
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum PanelTab {
    Details,
    Visitor,
}

const TABS: [(PanelTab, &str); 2] = [(PanelTab::Details, "Details"), (PanelTab::Visitor, "Visitor information")];

/// The panel beside the conversation.
#[component]
pub fn Panel(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let tab = RwSignal::new(PanelTab::Details);
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        if matches!(ev.key().as_str(), "ArrowRight" | "ArrowLeft") {
            ev.prevent_default();
            let next = usize::from(tab.get_untracked() == PanelTab::Details);
            tab.set(TABS[next].0);
            focus(&format!("panel-tab-{next}"));
        }
    };
    let tabs = TABS
        .into_iter()
        .enumerate()
        .map(|(i, (this, name))| {
            let selected = move || tab.get() == this;
            view! {
                <button
                    class="tab"
                    type="button"
                    role="tab"
                    id=format!("panel-tab-{i}")
                    aria-selected=move || selected().to_string()
                    aria-controls="panel-body"
                    tabindex=move || if selected() { "0" } else { "-1" }
                    on:click=move |_| tab.set(this)
                >
                    {name}
                </button>
            }
        })
        .collect_view();
    let labelled_by = move || if tab.get() == PanelTab::Details { "panel-tab-0" } else { "panel-tab-1" };
    view! {
        <aside class="col panel" id="panel" aria-label="About this chat">
            <div class="panel__head">
                <button
                    class="ibtn narrow-only panel__close"
                    type="button"
                    aria-label="Close details"
                    on:click=move |_| panel.set(false)
                >
                    <Icon shape=Shape::Close />
                </button>
                <div class="tabs" role="tablist" aria-label="About this chat" on:keydown=on_key>{tabs}</div>
            </div>
            <div class="panel__body" id="panel-body" role="tabpanel" aria-labelledby=labelled_by tabindex="0">
                {move || match tab.get() {
                    PanelTab::Details => view! { <Details desk=desk open=open panel=panel /> }.into_any(),
                    PanelTab::Visitor => view! { <VisitorInformation open=open /> }.into_any(),
                }}
            </div>
        </aside>
    }
}

#[component]
fn Details(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let followed = open.followed;
    let me = desk.me.with_untracked(|me| me.id);
    let started = move || followed.chat.with(|chat| time::full(chat.started_at));
    let department = move || {
        followed.chat.with(|chat| chat.department.as_ref().map_or_else(|| "None".to_owned(), |d| d.name.clone()))
    };
    let agent = move || followed.chat.with(|chat| chat.agent.as_ref().map(|agent| agent.name.clone()));
    let sent = move || {
        followed.lines.with(|lines| {
            lines
                .iter()
                .filter(|line| {
                    line.entry.with_untracked(|entry| {
                        matches!(entry.by, Author::Agent(_)) && matches!(entry.kind, EntryKind::Message { .. })
                    })
                })
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <dl class="facts facts--row">
            <div><dt>"Chat ID"</dt><dd>{format!("#{}", followed.id)}</dd></div>
            <div><dt>"Started"</dt><dd>{started}</dd></div>
            <div><dt>"Department"</dt><dd>{department}</dd></div>
            {move || agent().map(|name| view! { <div><dt>"Agent"</dt><dd>{name}</dd></div> })}
        </dl>
        <section class="group" aria-labelledby="sent-title">
            <h2 class="group__title" id="sent-title">"Messages sent by agents"</h2>
            <ul class="sent" aria-label="Messages sent by agents">
                <For each=sent key=|line| line.seq let(line)>
                    {
                        let entry = line.entry.get_untracked();
                        let text = match &entry.kind {
                            EntryKind::Message { text, .. } => text.preview(160),
                            _ => String::new(),
                        };
                        let who = match &entry.by {
                            Author::Agent(agent) if agent.id != me => agent.name.clone(),
                            _ => "You".into(),
                        };
                        let target = format!("#{}", element_id(line.seq));
                        let shown = line.entry.clone();
                        view! {
                            <li>
                                <a
                                    class="sent__item"
                                    href=target
                                    rel="external"
                                    on:click=move |_| panel.set(false)
                                >
                                    <span class="sent__text">{text}</span>
                                    <span class="sent__meta">{format!("{who}, {}", time::moment(entry.at))}</span>
                                    <Tick delivery=Signal::derive(move || Delivery::of(&shown.read())) />
                                </a>
                            </li>
                        }
                    }
                </For>
            </ul>
            <Show when=move || sent().is_empty()>
                <p class="group__empty">"No agent has written yet."</p>
            </Show>
        </section>
    }
}

#[component]
fn VisitorInformation(open: Open) -> impl IntoView {
    let followed = open.followed;
    let email = move || {
        followed.chat.with(|chat| chat.visitor.as_ref().and_then(|v| v.email.as_ref().map(|e| e.as_str().to_owned())))
    };
    let at = |landing: Option<&Landing>| landing.map_or_else(|| "Not known".into(), |landing| time::full(landing.at));
    let page = |landing: Option<&Landing>| match landing.filter(|landing| !landing.url.is_empty()) {
        None => "Not known".into_any(),
        Some(landing) => {
            let shown = landing.url.split_once("://").map_or(landing.url.as_str(), |(_, rest)| rest).to_owned();
            view! {
                <a href=landing.url.clone() target="_blank" rel="noopener noreferrer nofollow">{shown}</a>
            }
            .into_any()
        }
    };
    let or_unknown = |text: &str| if text.is_empty() { "Not known".to_owned() } else { text.to_owned() };
    view! {
        {move || {
            email()
                .map(|_| {
                    view! {
                        <p class="alert alert--warn">
                            <Icon shape=Shape::Warn />
                            <span>"This email was typed, not proven. Do not discuss sensitive data."</span>
                        </p>
                    }
                })
        }}
        <dl class="facts">
            {move || email().map(|email| view! { <div><dt>"Email"</dt><dd>{email}</dd></div> })}
            {move || {
                let (connection, visit) = followed.visit.get().unwrap_or_default();
                view! {
                    <div><dt>"IP address"</dt><dd>{or_unknown(&connection.ip)}</dd></div>
                    <div><dt>"User agent"</dt><dd><code>{or_unknown(&connection.user_agent)}</code></dd></div>
                    <div><dt>"Session start"</dt><dd>{at(visit.session.as_ref())}</dd></div>
                    <div><dt>"Session landing page"</dt><dd>{page(visit.session.as_ref())}</dd></div>
                    <div><dt>"Initial visit"</dt><dd>{at(visit.first.as_ref())}</dd></div>
                    <div><dt>"Initial landing page"</dt><dd>{page(visit.first.as_ref())}</dd></div>
                }
            }}
        </dl>
    }
}
