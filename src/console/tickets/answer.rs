//! The answer to a ticket: an email to the one who asked, or a note for colleagues.

use super::attempt::{Attempt, forget};
use super::choice::Choice;
use super::open_ticket::OpenTicket;
use super::side::statuses;
use crate::api::ticket_command;
use crate::console::editor::{Editor, RichDraft};
use crate::model::error::{ApiError, Refusal};
use crate::model::text::RichText;
use crate::model::ticket::{TicketCommand, TicketStatus};
use crate::ui::browser::focus;
use crate::ui::icon::Shape;
use crate::ui::tabs::{TabList, labelled_by};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reply,
    Note,
}

const TABS: [(Kind, &str); 2] = [(Kind::Reply, "Reply by email"), (Kind::Note, "Internal note")];

/// An answer that is being written. Each kind has a draft of its own. Copied freely.
#[derive(Clone, Copy)]
struct Writing {
    open: OpenTicket,
    kind: Kind,
    draft: RichDraft,
    key: StoredValue<String>,
    attempt: Attempt<TicketCommand>,
    /// The status that the ticket gets with a reply.
    then: RwSignal<TicketStatus>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl Writing {
    fn start(open: OpenTicket, kind: Kind) -> Self {
        let agent = open.desk.me.with_untracked(|me| me.id);
        let word = if kind == Kind::Reply { "reply" } else { "note" };
        let key = format!("frontdesk.ticket.a{agent}.{}.{word}", open.id);
        Writing {
            open,
            kind,
            attempt: Attempt::open(&key),
            draft: RichDraft::open(key.clone()),
            key: StoredValue::new(key),
            then: RwSignal::new(TicketStatus::Pending),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        let text = self.draft.text.get_untracked();
        if let Err(refusal) = text.check() {
            self.error.set(Some(refusal.to_string()));
            focus(self.field());
            return;
        }
        let command = match self.kind {
            Kind::Reply => TicketCommand::Reply { text: text.clone(), status: Some(self.then.get_untracked()) },
            Kind::Note => TicketCommand::Note { text: text.clone() },
        };
        let id = self.attempt.id(&command);
        let key = self.key.get_value();
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = ticket_command(self.open.id, id, command).await;
            // The agent has gone to another page.
            if self.busy.is_disposed() {
                match answer {
                    Ok(_) => forget(&key),
                    Err(error) => self.open.desk.fail(error),
                }
                return;
            }
            let is_settled = match &answer {
                Ok(_) => true,
                Err(ApiError::Refused { refusal }) => *refusal == Refusal::CommandReused,
                Err(_) => false,
            };
            if is_settled {
                self.attempt.settle();
            }
            self.busy.set(false);
            match answer {
                Ok(ticket) => {
                    // What was typed meanwhile is not what was sent.
                    if self.draft.text.with_untracked(|now| *now == text) {
                        self.draft.set(RichText::default());
                    }
                    self.open.take(ticket);
                    self.open.fetch();
                }
                Err(error @ ApiError::NotLoggedIn) => self.open.desk.fail(error),
                Err(error) => self.error.set(Some(error.to_string())),
            }
        });
    }

    fn field(self) -> &'static str {
        if self.kind == Kind::Reply { "ticket-reply" } else { "ticket-note" }
    }
}

/// The two kinds of answer in tabs.
#[component]
pub fn Answer(open: OpenTicket) -> impl IntoView {
    let kind = RwSignal::new(Kind::Reply);
    let reply = Writing::start(open, Kind::Reply);
    let note = Writing::start(open, Kind::Note);
    let icon: fn(Kind) -> Shape = |kind| if kind == Kind::Reply { Shape::REPLY } else { Shape::LOCK };
    view! {
        <section class="answer" aria-label="Answer">
            <TabList tabs=&TABS selected=kind label="Kind of answer" id="answer-tab" controls="answer" icon=icon />
            <div id="answer" role="tabpanel" aria-labelledby=move || labelled_by(&TABS, kind, "answer-tab")>
                {move || match kind.get() {
                    Kind::Reply => view! { <ReplyForm writing=reply /> }.into_any(),
                    Kind::Note => view! { <NoteForm writing=note /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn ReplyForm(writing: Writing) -> impl IntoView {
    let (name, email) = writing.open.ticket.with_untracked(|ticket| {
        let ticket = ticket.as_ref();
        let name = ticket.and_then(|ticket| ticket.name.as_deref()).and_then(|name| name.split_whitespace().next());
        (name.map(str::to_owned), ticket.map(|ticket| ticket.email.as_str().to_owned()).unwrap_or_default())
    });
    let placeholder = name.map_or("Write an email…".to_owned(), |name| format!("Write an email to {name}…"));
    let then = writing.then;
    view! {
        <Form writing=writing>
            <p class="reply__to">"To "<b>{email}</b></p>
            <Field writing=writing label="Reply" placeholder=placeholder />
            <Failure writing=writing />
            <div class="reply__bar">
                <span class="reply__hint"><kbd>"Ctrl Enter"</kbd>" sends"</span>
                <Choice
                    label="then"
                    id="ticket-then"
                    options=statuses()
                    value=Signal::derive(move || then.get().as_str().to_owned())
                    on_change=Callback::new(move |word: String| {
                        then.update(|then| *then = TicketStatus::parse(&word).unwrap_or(*then));
                    })
                />
                <SendButton writing=writing name="Send reply" />
            </div>
        </Form>
    }
}

#[component]
fn NoteForm(writing: Writing) -> impl IntoView {
    view! {
        <Form writing=writing>
            <p class="reply__to">"Only agents see this."</p>
            <Field writing=writing label="Note" placeholder="Write a note for your colleagues…".to_owned() />
            <Failure writing=writing />
            <div class="reply__bar">
                <span class="reply__hint"><kbd>"Ctrl Enter"</kbd>" adds it"</span>
                <SendButton writing=writing name="Add note" />
            </div>
        </Form>
    }
}

#[component]
fn Form(writing: Writing, children: Children) -> impl IntoView {
    // Mails have paragraphs: Enter is theirs. Heard on the way down, before the editor takes it for a line break.
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && (ev.ctrl_key() || ev.meta_key()) && !ev.is_composing() {
            ev.prevent_default();
            ev.stop_propagation();
            if !ev.repeat() {
                writing.send();
            }
        }
    };
    view! {
        <form
            class=if writing.kind == Kind::Reply { "reply" } else { "reply reply--note" }
            on:keydown:capture=on_key
            on:submit=move |ev| {
                ev.prevent_default();
                writing.send();
            }
        >
            <div class="reply__box">{children()}</div>
        </form>
    }
}

#[component]
fn Field(writing: Writing, label: &'static str, placeholder: String) -> impl IntoView {
    let desk = writing.open.desk;
    view! {
        <Editor
            draft=writing.draft
            label=label
            id=writing.field()
            placeholder=placeholder
            enter_sends=false
            on_send=Callback::new(move |()| writing.send())
            on_typed=Callback::new(move |()| writing.error.set(None))
            on_files=Callback::new(move |_: Vec<web_sys::File>| {
                desk.toasts.say("Files cannot be sent with a ticket.".to_owned());
            })
        />
    }
}

#[component]
fn Failure(writing: Writing) -> impl IntoView {
    move || writing.error.get().map(|text| view! { <p class="reply__error" role="alert">{text}</p> })
}

#[component]
fn SendButton(writing: Writing, name: &'static str) -> impl IntoView {
    view! {
        <button class="btn btn--primary" type="submit" aria-disabled=move || writing.busy.get().then_some("true")>
            {name}
        </button>
    }
}
