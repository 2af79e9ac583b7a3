//! The chat's details (M10): number, department, labels, and what agents sent.

use super::super::desk::{Desk, Open};
use super::super::labels::LabelsBox;
use crate::model::chat::{Author, Command, EntryKind};
use crate::model::ids::DepartmentId;
use crate::ui::delivery::Delivery;
use crate::ui::icon::{Icon, Shape};
use crate::ui::message::Tick;
use crate::ui::seen::element_id;
use crate::ui::time;
use leptos::prelude::*;

#[component]
pub fn Details(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let followed = open.followed;
    let started = move || followed.chat.with(|chat| time::full(chat.started_at));
    let agent = move || followed.chat.with(|chat| chat.agent.as_ref().map(|agent| agent.name.clone()));
    let labels = Signal::derive(move || followed.chat.with(|chat| chat.labels.clone()));
    view! {
        <dl class="facts facts--row">
            <div><dt>"Chat ID"</dt><dd>{format!("#{}", followed.id)}</dd></div>
            <div><dt>"Started"</dt><dd>{started}</dd></div>
            {move || agent().map(|name| view! { <div><dt>"Agent"</dt><dd>{name}</dd></div> })}
        </dl>
        <DepartmentField desk=desk open=open />
        <div class="field">
            <label class="field__label" for="labels">"Labels"</label>
            <LabelsBox
                desk=desk
                value=labels
                on_change=Callback::new(move |labels: Vec<_>| {
                    let labels = labels.iter().map(|label: &crate::model::label::Label| label.id).collect();
                    desk.command(followed.id, Command::SetLabels { labels });
                })
                id="labels"
            />
        </div>
        <Sent desk=desk open=open panel=panel />
    }
}

/// The department, which every agent can change.
#[component]
fn DepartmentField(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    let current = Memo::new(move |_| followed.chat.with(|chat| chat.department.clone()));
    let options = move || {
        let mut all = desk.departments.get();
        // One that is not there any more still is this chat's.
        if let Some(own) = current.get().filter(|own| all.iter().all(|other| other.id != own.id)) {
            all.push(own);
        }
        all.into_iter()
            .map(|department| {
                let id = department.id;
                let selected = move || current.with(|current| current.as_ref().is_some_and(|own| own.id == id));
                view! { <option value=id.to_string() prop:selected=selected>{department.name}</option> }
            })
            .collect_view()
    };
    let on_change = move |ev| {
        let department = event_target_value(&ev).parse().ok().map(DepartmentId);
        desk.command(followed.id, Command::SetDepartment { department });
    };
    view! {
        <div class="field">
            <label class="field__label" for="chat-department">"Department"</label>
            <span class="select">
                <select class="input" id="chat-department" on:change=on_change>
                    <option value="" prop:selected=move || current.with(Option::is_none)>"None"</option>
                    {options}
                </select>
                <Icon shape=Shape::CHEVRON />
            </span>
        </div>
    }
}

/// What agents sent; each jumps to its place in the conversation.
#[component]
fn Sent(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let followed = open.followed;
    let me = desk.me.with_untracked(|me| me.id);
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
        <section class="group" aria-labelledby="sent-title">
            <h2 class="group__title" id="sent-title">"Messages sent by agents"</h2>
            <ul class="sent" aria-label="Messages sent by agents">
                <For each=sent key=|line| line.seq let(line)>
                    {
                        let entry = line.entry.get_untracked();
                        let text = match &entry.kind {
                            EntryKind::Message { text, attachments, .. } if text.is_blank() => {
                                attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
                            }
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
