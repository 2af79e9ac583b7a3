//! The worker's round: lease what is due, do it, note how it went; wait until rung or until something is due.

use super::{ticket, transcript};
use crate::desk::{Desk, now};
use crate::mail::{Letter, Mailer};
use crate::model::Millis;
use crate::store::{Job, JobKind, StoreError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A lease is short, so that a killed worker's job soon goes on elsewhere, and renewed while the job runs.
const LEASE_MS: Millis = 20_000;
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// The first wait after a failure; it doubles each time.
const FIRST_WAIT_MS: Millis = 5_000;
/// The longest wait after a failure.
const LONGEST_WAIT_MS: Millis = 3_600_000;
/// Tries before a job is parked: with the waits above, about a day and a half.
const MOST_ATTEMPTS: u32 = 40;
/// Without being rung the worker looks at least this often, for jobs that another process left.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// The wait after the database failed.
const REST_AFTER_ERROR: Duration = Duration::from_secs(2);

/// What the jobs work with.
pub struct Worker {
    pub desk: Desk,
    pub mailer: Mailer,
    /// How mails call the company.
    pub company: String,
    /// The right side of `Message-ID`s.
    pub mail_domain: String,
}

impl Worker {
    /// Sends a letter, as the last thing that a job does.
    pub(super) async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        self.mailer.send(letter).await.map_err(|error| Failure { lasting: error.permanent, sentence: error.sentence })
    }
}

/// Why a job failed.
pub struct Failure {
    /// Trying again has no point.
    pub lasting: bool,
    /// For operators.
    pub sentence: String,
}

impl Failure {
    pub fn passing(sentence: impl Into<String>) -> Self {
        Failure { lasting: false, sentence: sentence.into() }
    }

    pub fn lasting(sentence: impl Into<String>) -> Self {
        Failure { lasting: true, sentence: sentence.into() }
    }
}

/// Works until `closing`; finishes the job at hand.
pub async fn run(worker: Worker, closing: CancellationToken) {
    while !closing.is_cancelled() {
        let rest = match round(&worker).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read or written");
                REST_AFTER_ERROR
            }
        };
        tokio::select! {
            () = worker.desk.jobs_due().notified() => {}
            () = tokio::time::sleep(rest) => {}
            () = closing.cancelled() => {}
        }
    }
}

/// Does what is due and returns how long there is nothing to do.
async fn round(worker: &Worker) -> Result<Duration, StoreError> {
    let store = worker.desk.store();
    loop {
        let jobs = store.lease_jobs(now(), now() + LEASE_MS, 1).await?;
        let Some(job) = jobs.first() else { break };
        let outcome = keeping_lease(worker, job).await;
        note(worker, job, outcome).await?;
        if let JobKind::TicketReply { ticket, .. } = &job.kind {
            // Whoever looks at the ticket sees how far the mail is.
            worker.desk.announce_ticket(*ticket).await;
        }
    }
    let due_in = store.next_due().await?.map(|due| Duration::from_millis((due - now()).max(0).unsigned_abs()));
    Ok(due_in.unwrap_or(LONGEST_REST).clamp(Duration::from_millis(100), LONGEST_REST))
}

/// Does a job while its lease is renewed.
async fn keeping_lease(worker: &Worker, job: &Job) -> Result<(), Failure> {
    let mut work = std::pin::pin!(execute(worker, job));
    loop {
        match tokio::time::timeout(RENEW_EVERY, &mut work).await {
            Ok(outcome) => return outcome,
            Err(_) => {
                if let Err(error) = worker.desk.store().extend_lease(job.id, now() + LEASE_MS).await {
                    tracing::warn!(%error, job = job.id, "a lease could not be renewed");
                }
            }
        }
    }
}

async fn execute(worker: &Worker, job: &Job) -> Result<(), Failure> {
    match &job.kind {
        JobKind::Transcript { to } => transcript::send(worker, job.chat, to, &job.dedup).await,
        JobKind::TicketReceived { ticket } => ticket::received(worker, *ticket).await,
        JobKind::TicketReply { ticket, entry } => ticket::reply(worker, *ticket, *entry).await,
        JobKind::TestMail { to } => ticket::test_mail(worker, to, &job.dedup).await,
    }
}

async fn note(worker: &Worker, job: &Job, outcome: Result<(), Failure>) -> Result<(), StoreError> {
    let store = worker.desk.store();
    let kind = job.kind.as_str();
    match outcome {
        Ok(()) => {
            metrics::counter!("frontdesk_jobs", "kind" => kind, "outcome" => "done").increment(1);
            tracing::info!(job = job.id, kind, attempts = job.attempts, "job done");
            store.finish_job(job.id).await
        }
        Err(failure) if failure.lasting || job.attempts >= MOST_ATTEMPTS => {
            metrics::counter!("frontdesk_jobs", "kind" => kind, "outcome" => "parked").increment(1);
            tracing::error!(job = job.id, kind, attempts = job.attempts, error = failure.sentence, "job parked");
            store.park_job(job.id, &failure.sentence).await
        }
        Err(failure) => {
            metrics::counter!("frontdesk_jobs", "kind" => kind, "outcome" => "failed").increment(1);
            let wait = wait_after(job.attempts);
            tracing::warn!(
                job = job.id,
                kind,
                attempts = job.attempts,
                wait_ms = wait,
                error = failure.sentence,
                "job failed"
            );
            store.retry_job(job.id, now() + wait, &failure.sentence).await
        }
    }
}

/// How long to wait after this many failed tries.
fn wait_after(attempts: u32) -> Millis {
    FIRST_WAIT_MS.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!(wait_after(1), 5_000);
        assert_eq!(wait_after(3), 20_000);
        assert_eq!(wait_after(30), LONGEST_WAIT_MS);
    }
}
