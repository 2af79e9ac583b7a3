//! How mails go out, and what became of each.

use super::test_mail::TestMail;
use super::when::When;
use super::{Empty, Head, to_main};
use crate::api::{mail_queue, retry_mail};
use crate::console::desk::Desk;
use crate::console::fetch::{FetchState, Pages, ShowMore};
use crate::model::Millis;
use crate::model::error::ApiError;
use crate::model::settings::{JobEntry, JobFilter};
use crate::ui::icon::{Icon, Shape};
use crate::ui::tabs::{TabList, labelled_by};
use crate::ui::time;
use leptos::prelude::*;
use leptos::task::spawn_local;

const TABS: [(JobFilter, &str); 3] =
    [(JobFilter::Failed, "Failed"), (JobFilter::Waiting, "Waiting"), (JobFilter::Done, "Sent")];

/// The outbox on the screen. Copied freely.
#[derive(Clone, Copy)]
pub struct Queue {
    pub desk: Desk,
    filter: RwSignal<JobFilter>,
    pages: Pages<JobEntry>,
    /// Mails are files only; known once something came.
    pub to_files: RwSignal<bool>,
}

impl Queue {
    /// Fetches the list from its start; what is shown stays until it is here.
    pub fn load(self) {
        self.pages.run(self.page(None));
    }

    fn more(self) {
        let rows = self.pages.rows.data;
        let before = rows.with_untracked(|rows| rows.as_ref().and_then(|rows| rows.last()).map(|last| last.id));
        self.pages.add(self.page(before));
    }

    fn page(self, before: Option<i64>) -> impl Future<Output = Result<Vec<JobEntry>, ApiError>> + 'static {
        let filter = self.filter.get_untracked();
        async move {
            let queue = mail_queue(filter, before).await?;
            self.to_files.set(queue.to_files);
            Ok(queue.jobs)
        }
    }

    /// Tries a mail again that was given up.
    fn retry(self, id: i64, busy: RwSignal<Option<i64>>) {
        if busy.get_untracked().is_some() {
            return;
        }
        busy.set(Some(id));
        spawn_local(async move {
            match retry_mail(id).await {
                // Somebody else was quicker when it is gone.
                Ok(()) | Err(ApiError::Gone) => {
                    self.desk.toasts.say("The mail is tried again now.".into());
                    if !busy.is_disposed() {
                        self.pages.rows.data.update(|rows| {
                            if let Some(rows) = rows {
                                rows.retain(|row| row.id != id);
                            }
                        });
                        to_main();
                    }
                }
                Err(error) => self.desk.fail(error),
            }
            busy.set(None);
        });
    }
}

/// The mails.
#[component]
pub fn Mail(desk: Desk) -> impl IntoView {
    let queue = Queue {
        desk,
        filter: RwSignal::new(JobFilter::Failed),
        pages: Pages::new(desk),
        to_files: RwSignal::new(false),
    };
    let rows = queue.pages.rows;
    Effect::new(move |_| {
        queue.filter.track();
        rows.clear();
        queue.load();
    });
    let load = Callback::new(move |()| queue.load());
    let list = move || {
        rows.data.with(Option::is_some).then(|| match rows.data.with(|rows| rows.iter().all(Vec::is_empty)) {
            true => view! { <NoMails filter=queue.filter.get_untracked() /> }.into_any(),
            false => view! { <Table queue=queue /> }.into_any(),
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head title="Mail" text="Transcripts, replies to tickets, and what confirms that a message arrived." />
            <Show when=move || queue.to_files.get()>
                <p class="alert alert--warn">
                    <Icon shape=Shape::WARN />
                    <span>
                        <b>"Nothing is mailed."</b>
                        " No mail server is set, so mails are written as files into the server’s data directory. Set "
                        <code>"FRONTDESK_SMTP_URL"</code>" and start the server again."
                    </span>
                </p>
            </Show>
            <TestMail queue=queue />
            <section class="page__part" aria-labelledby="queue">
                <h2 class="page__title" id="queue">"Queue"</h2>
                <div class="box">
                    <TabList tabs=&TABS selected=queue.filter label="Which mails" id="mail-tab" controls="mails" />
                    <div
                        id="mails"
                        role="tabpanel"
                        aria-labelledby=move || labelled_by(&TABS, queue.filter, "mail-tab")
                    >
                        <FetchState fetch=rows what="mails" on_retry=load />
                        {list}
                    </div>
                </div>
                <ShowMore pages=queue.pages on_more=Callback::new(move |()| queue.more()) />
            </section>
        </section>
    }
}

#[component]
fn NoMails(filter: JobFilter) -> impl IntoView {
    let (shape, title, text) = match filter {
        JobFilter::Failed => {
            (Shape::TICK, "No mail has failed", "Mails that could not be sent after several tries are listed here.")
        }
        JobFilter::Waiting => (Shape::CLOCK, "No mail is waiting", "Mails that are about to be sent are listed here."),
        JobFilter::Done => (Shape::MAIL, "No mail was sent yet", "Mails that were sent are listed here."),
    };
    view! { <Empty shape=shape title=title text=text /> }
}

#[component]
fn Table(queue: Queue) -> impl IntoView {
    let busy = RwSignal::new(None::<i64>);
    let filter = queue.filter.get_untracked();
    let rows = move || {
        let rows = queue.pages.rows.data.get().unwrap_or_default();
        rows.into_iter().map(|job| view! { <Row queue=queue job=job busy=busy /> }).collect_view()
    };
    let acts = (filter == JobFilter::Failed).then(|| {
        view! {
            <th role="columnheader" scope="col" class="table__acts"><span class="visually-hidden">"Actions"</span></th>
        }
    });
    view! {
        <table class="table" role="table" aria-label="Mails">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"To"</th>
                    <th role="columnheader" scope="col">"State"</th>
                    <th role="columnheader" scope="col">"Tries"</th>
                    <th role="columnheader" scope="col">"When"</th>
                    {acts}
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

/// Where a mail goes, as far as the queue knows it.
fn addressee(job: &JobEntry) -> String {
    match (&job.to, job.ticket) {
        (Some(to), _) => to.clone(),
        (None, Some(ticket)) => format!("The customer of ticket #{ticket}"),
        (None, None) => "Not known".into(),
    }
}

#[component]
fn Row(queue: Queue, job: JobEntry, busy: RwSignal<Option<i64>>) -> impl IntoView {
    let (id, created_at, due_at) = (job.id, job.created_at, job.due_at);
    let to = addressee(&job);
    let chat = job.chat.map(|chat| {
        view! { <a href=format!("/console/chats/{chat}")>{format!("Chat #{chat}")}</a> }
    });
    let ticket = job.ticket.map(|ticket| {
        view! { <a href=format!("/console/tickets/{ticket}")>{format!("Ticket #{ticket}")}</a> }
    });
    // What was sent in the end is of no concern any more.
    let error = job.error.filter(|_| job.state != JobFilter::Done);
    let (class, shape, word) = match job.state {
        JobFilter::Failed => ("state state--bad", Shape::ALERT, "Failed"),
        JobFilter::Waiting => ("state state--open", Shape::CLOCK, "Due"),
        JobFilter::Done => ("state state--good", Shape::TICK, "Sent"),
    };
    let when = match job.state {
        JobFilter::Waiting => view! {
            <time datetime=time::iso(due_at)>{move || until(due_at - queue.desk.clock.get())}</time>
        }
        .into_any(),
        JobFilter::Failed | JobFilter::Done => view! { <When at=created_at /> }.into_any(),
    };
    let retry = (job.state == JobFilter::Failed).then(|| {
        view! {
            <td role="cell" class="table__acts">
                <button
                    class="btn btn--line btn--sm"
                    type="button"
                    aria-label=format!("Retry the mail to {to}")
                    aria-disabled=move || busy.get().map(|_| "true")
                    on:click=move |_| queue.retry(id, busy)
                >
                    "Retry"
                </button>
            </td>
        }
    });
    view! {
        <tr role="row">
            <td role="cell">
                <span class="table__title">{to.clone()}</span>
                <span class="table__sub"><span>{job.kind}</span>{chat}{ticket}</span>
                {error.map(|error| view! { <span class="table__sub table__error">{error}</span> })}
            </td>
            <td role="cell"><span class=class><Icon shape=shape />{word}</span></td>
            <td role="cell" class="table__num" data-name="Tries">{job.attempts}</td>
            <td role="cell" class="table__num">{when}</td>
            {retry}
        </tr>
    }
}

/// When a mail is tried next, which is this far away.
fn until(left: Millis) -> String {
    let minutes = (left + 30_000).div_euclid(60_000);
    match minutes {
        ..=0 => "now".into(),
        1..60 => format!("again in {minutes} min"),
        _ => format!("again in {} h", (minutes + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn the_next_try_is_told_in_minutes_and_hours() {
        assert_eq!(until(-5), "now");
        assert_eq!(until(20_000), "now");
        assert_eq!(until(50_000), "again in 1 min");
        assert_eq!(until(4 * 60_000), "again in 4 min");
        assert_eq!(until(60 * 60_000), "again in 1 h");
    }
}
