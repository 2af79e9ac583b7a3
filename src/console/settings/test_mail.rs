//! The test mail: sent, and then watched until it is known what became of it.

use super::form::{Form, FormAlert, MAX_EMAIL_CHARS, TextField};
use super::mail::Queue;
use crate::api::{mail_queue, send_test_mail};
use crate::model::error::{ApiError, Refusal};
use crate::model::settings::{JobEntry, JobFilter};
use crate::ui::browser::command_id;
use crate::ui::icon::{Icon, Shape};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

const TO: &str = "m-to";
/// Between two looks at the queue.
const LOOK_EVERY_MS: u32 = 2_000;
/// Then it is left to the queue below.
const LOOKS: u32 = 15;

/// What became of the test mail.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    to: String,
    state: JobFilter,
    error: Option<String>,
}

/// The form that sends a test mail.
#[component]
pub fn TestMail(queue: Queue) -> impl IntoView {
    let desk = queue.desk;
    let form = Form::new();
    let to = RwSignal::new(desk.me.with_untracked(|me| me.email.clone()));
    let answer = RwSignal::new(None::<Answer>);
    // The mail that is watched; another one ends that.
    let watched = StoredValue::new(0);
    let send = move || {
        if !form.begin() {
            return;
        }
        answer.set(None);
        watched.update_value(|watched| *watched += 1);
        let this = watched.get_value();
        let address = to.with_untracked(|to| to.trim().to_owned());
        spawn_local(async move {
            let sent = send_test_mail(address.clone(), command_id()).await;
            form.end();
            match sent {
                Ok(()) => {
                    let is_watched = move || watched.try_get_value() == Some(this);
                    watch(queue, address, answer, is_watched).await;
                }
                Err(error) => {
                    let is_of_field = matches!(error, ApiError::Refused { refusal: Refusal::InvalidEmail });
                    form.fail(desk, error, is_of_field.then_some(TO));
                }
            }
        });
    };
    view! {
        <form
            class="form form--line"
            method="post"
            novalidate
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <TextField
                form=form
                id=TO
                label="Email"
                value=to
                kind="email"
                autocomplete="email"
                max=MAX_EMAIL_CHARS
            />
            <button class="btn btn--line" type="submit" aria-disabled=move || form.busy.get().then_some("true")>
                "Send test mail"
            </button>
            <FormAlert form=form />
            {move || answer.get().map(|answer| view! { <Outcome answer=answer to_files=queue.to_files /> })}
        </form>
    }
}

/// Looks into the queue until the mail was sent or given up, or for some time.
async fn watch(queue: Queue, to: String, answer: RwSignal<Option<Answer>>, is_watched: impl Fn() -> bool) {
    if is_watched() {
        answer.set(Some(Answer { to: to.clone(), state: JobFilter::Waiting, error: None }));
    }
    for _ in 0..LOOKS {
        TimeoutFuture::new(LOOK_EVERY_MS).await;
        let found = match is_watched() {
            true => look(&to).await,
            false => return,
        };
        if !is_watched() {
            return;
        }
        // What cannot be read now can be at the next look.
        let Ok(Some(job)) = found else { continue };
        let now = Some(Answer { to: to.clone(), state: job.state, error: job.error });
        if answer.with_untracked(|before| *before != now) {
            answer.set(now);
            queue.load();
        }
        if job.state != JobFilter::Waiting {
            return;
        }
    }
}

/// The newest mail to this address that belongs to no chat and no ticket.
async fn look(to: &str) -> Result<Option<JobEntry>, ApiError> {
    let mut newest: Option<JobEntry> = None;
    for filter in [JobFilter::Waiting, JobFilter::Failed, JobFilter::Done] {
        let jobs = mail_queue(filter, None).await?.jobs;
        let found = jobs.into_iter().find(|job| {
            job.chat.is_none()
                && job.ticket.is_none()
                && job.to.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(to))
        });
        // Of one that has moved on meanwhile, the later state counts.
        if let Some(job) = found
            && newest.as_ref().is_none_or(|newest| newest.id <= job.id)
        {
            newest = Some(job);
        }
    }
    Ok(newest)
}

#[component]
fn Outcome(answer: Answer, to_files: RwSignal<bool>) -> impl IntoView {
    let Answer { to, state, error } = answer;
    let (class, shape) = match (state, &error) {
        (JobFilter::Done, _) | (JobFilter::Waiting, None) => ("alert alert--good", Shape::TICK),
        (JobFilter::Waiting, Some(_)) => ("alert alert--warn", Shape::CLOCK),
        (JobFilter::Failed, _) => ("alert alert--bad", Shape::ALERT),
    };
    let text = move || match (state, error.as_deref()) {
        (JobFilter::Done, _) if to_files.get() => format!("The test mail to {to} was written to a file."),
        (JobFilter::Done, _) => format!("The test mail to {to} was sent. It shows below under “Sent”."),
        (JobFilter::Waiting, None) => {
            format!("The test mail to {to} is on its way. It shows below under “Waiting”, then under “Sent”.")
        }
        (JobFilter::Waiting, Some(error)) => {
            format!("The test mail to {to} was not sent yet: {error} It is tried again.")
        }
        (JobFilter::Failed, Some(error)) => format!("The test mail to {to} was refused: {error}"),
        (JobFilter::Failed, None) => format!("The test mail to {to} could not be sent."),
    };
    view! {
        <p class=class role="status">
            <Icon shape=shape />
            <span>{text}</span>
        </p>
    }
}
