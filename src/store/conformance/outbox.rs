//! Stories of the outbox.

use super::{Bench, fresh_id, stories};
use crate::model::chat::{Actor, Command};
use crate::model::ids::{ChatId, VisitorId};
use crate::store::{JobKind, Target};

stories!(
    a_job_is_stored_with_its_event_and_only_once,
    a_leased_job_is_nobody_elses_until_its_lease_ends,
    what_is_done_or_parked_never_comes_again,
);

async fn end(bench: &Bench, visitor: VisitorId, chat: ChatId, dedups: &[&str]) {
    let dedups = dedups.iter().map(|dedup| (*dedup).to_owned()).collect();
    bench
        .give_with_jobs(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End, dedups)
        .await
        .unwrap();
}

async fn a_job_is_stored_with_its_event_and_only_once(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    assert_eq!(bench.store.next_due().await.unwrap(), None);
    end(&bench, visitor, chat, &["transcript-1", "transcript-1"]).await;
    assert_eq!(bench.store.next_due().await.unwrap(), Some(1_000));
    let jobs = bench.store.lease_jobs(1_000, 5_000, 10).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].kind, JobKind::Transcript { to: "ada@example.com".into() });
    assert_eq!((jobs[0].chat, jobs[0].attempts, jobs[0].dedup.as_str()), (Some(chat), 1, "transcript-1"));
}

async fn a_leased_job_is_nobody_elses_until_its_lease_ends(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    end(&bench, visitor, chat, &["a"]).await;
    let job = bench.store.lease_jobs(1_000, 5_000, 10).await.unwrap().remove(0);
    assert!(bench.store.lease_jobs(4_999, 9_000, 10).await.unwrap().is_empty());
    bench.store.extend_lease(job.id, 7_000).await.unwrap();
    assert!(bench.store.lease_jobs(5_000, 9_000, 10).await.unwrap().is_empty());
    let again = bench.store.lease_jobs(7_000, 9_000, 10).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempts), (job.id, 2));
}

async fn what_is_done_or_parked_never_comes_again(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    end(&bench, visitor, chat, &["done", "parked", "retried"]).await;
    let jobs = bench.store.lease_jobs(1_000, 2_000, 10).await.unwrap();
    bench.store.finish_job(jobs[0].id).await.unwrap();
    bench.store.park_job(jobs[1].id, "550 no such mailbox").await.unwrap();
    bench.store.retry_job(jobs[2].id, 3_000, "connection refused").await.unwrap();
    assert_eq!(bench.store.count_jobs().await.unwrap(), (1, 1));
    let left = bench.store.lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    assert_eq!(left.iter().map(|job| job.id).collect::<Vec<_>>(), [jobs[2].id]);
}
