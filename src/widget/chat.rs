//! The conversation as the visitor sees it.

use super::after::After;
use super::composer::Composer;
use super::header::{Close, Hero, WELCOME};
use super::session::{Open, Session, Stage, Wait};
use crate::model::chat::{Author, Command, Entry, EntryKind, ReleaseReason, Side, Status};
use crate::ui::dialog::EndDialog;
use crate::ui::icon::{Icon, Shape};
use crate::ui::log::{Log, Style};
use crate::ui::message::Byline;
use crate::ui::people::Avatar;
use crate::ui::time;
use crate::ui::tray::DropZone;
use crate::ui::words::{around, fill, say, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What stands there while a conversation is fetched.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <header class="head" aria-hidden="true">
            <span class="skel skel--round avatar"></span>
            <div class="head__who">
                <span class="skel skel--head"></span>
                <span class="skel skel--sub"></span>
            </div>
        </header>
        <div class="thread" aria-busy="true">
            <h1 class="visually-hidden">{t("Chat with us")}</h1>
            <p class="visually-hidden" role="status">{t("Loading your conversation")}</p>
            <div class="log" aria-hidden="true">
                <span class="skel skel--bubble"></span>
                <span class="skel skel--bubble skel--short"></span>
                <span class="skel skel--bubble skel--short skel--mine"></span>
                <span class="skel skel--bubble"></span>
                <span class="skel skel--bubble skel--short skel--mine"></span>
            </div>
        </div>
        <div class="typing"></div>
        <div class="composer" aria-hidden="true">
            <span class="skel skel--line"></span>
        </div>
    }
}

/// The chat on the screen.
#[component]
pub fn ChatView(session: Session) -> impl IntoView {
    move || session.open.get().map(|open| view! { <Talk session=session open=open /> })
}

#[component]
fn Talk(session: Session, open: Open) -> impl IntoView {
    let followed = open.followed;
    let status = session.status(open);
    let agent = Memo::new(move |_| followed.chat.with(|chat| chat.agent.clone()));
    let department = Memo::new(move |_| {
        followed.chat.with(|chat| chat.department.as_ref().map(|department| department.name.clone()))
    });
    let asking = RwSignal::new(false);
    let end_failed = RwSignal::new(None::<String>);
    let on_end = Callback::new(move |()| {
        asking.set(false);
        spawn_local(async move {
            end_failed.set(session.ask(open, Command::End).await.err().map(|error| say(&error)));
        });
    });
    let end_button = move || {
        status.get().is_live().then(|| {
            view! {
                <button class="btn btn--quiet head__end" type="button" on:click=move |_| asking.set(true)>
                    {t("End chat")}
                </button>
            }
        })
    };
    let head = move || match agent.get() {
        None => view! { <Hero session=session hero=false text=WELCOME end=end_button /> }.into_any(),
        Some(agent) => {
            let sub = move || {
                if status.get() == Status::Ended {
                    t("Chat ended")
                } else {
                    department.get().unwrap_or_else(|| t("Here to help"))
                }
            };
            view! {
                <header class="head">
                    <Avatar name=agent.name.clone() />
                    <div class="head__who">
                        <h1 class="head__title">{agent.name}</h1>
                        <p class="head__sub">{sub}</p>
                    </div>
                    {end_button}
                    <Close session=session />
                </header>
            }
            .into_any()
        }
    };
    let typing = Signal::derive(move || {
        session
            .typing
            .typist
            .get()
            .filter(|_| status.get() == Status::Open)
            .map(|typist| fill("{0} is typing", &[&typist.name.unwrap_or_else(|| t("Somebody"))]))
    });
    let own_name = move || {
        followed.chat.with_untracked(|chat| {
            let name = chat.visitor.as_ref().and_then(|visitor| visitor.name.clone());
            name.map_or_else(|| t("You"), |name| fill("{0} (you)", &[&name]))
        })
    };
    let trouble = move || {
        let text = session.trouble().filter(|_| status.get() != Status::Ended)?;
        Some(view! { <p class="conn" role="status"><span class="spinner"></span>{text}</p> })
    };
    let leave = move |class: &'static str| {
        let on_leave = move |_| session.stage.set(Stage::Away);
        view! { <button class=class type="button" on:click=on_leave>{t("Leave a message")}</button> }
    };
    let finding = move || {
        match session.wait.get() {
        _ if status.get() != Status::Waiting => ().into_any(),
        Wait::Offered => view! {
            <section class="finding finding--offer" role="status" aria-labelledby="offer-title">
                <span class="finding__icon" aria-hidden="true"><Icon shape=Shape::Clock /></span>
                <div>
                    <h2 class="finding__title" id="offer-title">{t("Nobody is free right now")}</h2>
                    <p class="finding__text">
                        {t("Leave a message and we answer by email. You can also keep waiting: your place is kept.")}
                    </p>
                </div>
                <div class="finding__row">
                    {leave("btn btn--primary")}
                    <button class="btn" type="button" on:click=move |_| session.keep_waiting()>{t("Keep waiting")}</button>
                </div>
            </section>
        }
        .into_any(),
        wait => {
            let text = if wait == Wait::Kept {
                view! { {t("It takes longer than usual.")} " " {leave("linkish")} }.into_any()
            } else {
                t("Usually under a minute. You can keep writing.").into_any()
            };
            view! {
                <div class="finding" role="status" aria-label=t("Finding an agent")>
                    <span class="pulse" aria-hidden="true"><Icon shape=Shape::Chat /></span>
                    <div>
                        <p class="finding__title">{t("Finding an agent")}</p>
                        <p class="finding__text">{text}</p>
                    </div>
                </div>
            }
            .into_any()
        }
    }
    };
    let log = move || {
        // The visitor's own name is known with the first event.
        followed.current.get().then(|| {
            let me = Byline { side: Side::Visitor, name: own_name(), shown: String::new(), mine: true };
            let own = me.clone();
            let style = Style {
                side: Side::Visitor,
                byline: Arc::new(move |author| match author {
                    Author::Agent(agent) => {
                        Byline { side: Side::Agents, name: agent.name.clone(), shown: agent.name.clone(), mine: false }
                    }
                    Author::Visitor | Author::System => own.clone(),
                }),
                me,
                notice: Arc::new(notice),
                links: open.links,
            };
            view! {
                <Log
                    followed=followed
                    outbox=open.outbox
                    style=style
                    on_seen=Callback::new(move |(up_to, seen)| session.mark_read(followed.id, up_to, seen))
                    tail=Signal::derive(move || status.get() == Status::Waiting && session.wait.get() != Wait::Offered)
                    above=trouble
                    after=finding
                />
            }
        })
    };
    view! {
        {head}
        {log}
        {move || {
            (!followed.current.get()).then(|| view! { <div class="thread" aria-busy="true">{trouble}</div> })
        }}
        {move || end_failed.get().map(|text| view! { <p class="composer__note" role="alert">{text}</p> })}
        {move || {
            if status.get() == Status::Ended {
                view! { <After session=session open=open /> }.into_any()
            } else {
                view! {
                    <div class="typing" role="status" aria-label=typing>
                        {move || {
                            typing
                                .get()
                                .map(|text| {
                                    view! {
                                        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                                        <span>{text}</span>
                                    }
                                })
                        }}
                    </div>
                    <Composer session=session open=open />
                    <DropZone uploads=open.uploads within="main" />
                }
                    .into_any()
            }
        }}
        <Show when=move || asking.get()>
            <EndDialog
                text=t("The chat ends for both sides.")
                on_end=on_end
                on_cancel=Callback::new(move |()| asking.set(false))
            />
        </Show>
    }
}

/// Lines of the log that are not messages.
fn notice(entry: &Entry) -> Option<AnyView> {
    let at = time::clock(entry.at);
    let (sentence, name) = match (&entry.kind, &entry.by) {
        (EntryKind::Accepted, Author::Agent(agent)) => (around("{0} joined"), agent.name.clone()),
        (EntryKind::Released { agent, reason: ReleaseReason::ConnectionLost }, _) => {
            (around("{0} lost the connection. We are finding another agent."), agent.name.clone())
        }
        (EntryKind::Released { agent, .. }, _) => {
            (around("{0} has left. We are finding another agent."), agent.name.clone())
        }
        (EntryKind::Ended, Author::Agent(agent)) => (around("{0} ended the chat"), agent.name.clone()),
        (EntryKind::Ended, Author::Visitor) => (around("You ended the chat"), String::new()),
        (EntryKind::Ended, Author::System) => (around("The chat has ended"), String::new()),
        (EntryKind::DepartmentChanged { department: Some(department) }, _) => {
            (around("You are now with {0}"), department.name.clone())
        }
        _ => return None,
    };
    let (before, after) = sentence;
    let name = (!name.is_empty()).then(|| view! { <b>{name}</b> });
    Some(view! { <p class="sys">{before}{name}{after}" · "{at}</p> }.into_any())
}
