//! Publishing: what was committed goes to those who are connected, in the order of the commits.

use super::Desk;
use crate::model::chat::{Event, EventBody};
use crate::store::Committed;
use tokio::sync::mpsc;

/// Publishes until the store is closed.
pub async fn run(desk: Desk, mut commits: mpsc::Receiver<Committed>) {
    while let Some(committed) = commits.recv().await {
        metrics::counter!("frontdesk_events_committed").increment(committed.events.len() as u64);
        desk.hub().publish(committed.chat, &committed.events, committed.prev_public);
        desk.hub().publish_row(committed.row);
        let mut jobs = false;
        for event in &*committed.events {
            match &event.body {
                EventBody::Ended | EventBody::TranscriptRequested { .. } => jobs = true,
                EventBody::TicketCreated { ticket } => {
                    jobs = true;
                    // Not here: what everybody else waits for must not wait for a look into the database.
                    let (desk, id) = (desk.clone(), ticket.id);
                    tokio::spawn(async move { desk.announce_ticket(id).await });
                }
                EventBody::Blocked { .. } | EventBody::BlockLifted => {
                    tokio::spawn(desk.clone().surely_keep_out());
                }
                _ => {}
            }
        }
        if desk.has_slipped_in(&committed.events) {
            tokio::spawn(desk.clone().surely_keep_out());
        }
        if jobs {
            desk.jobs_due().notify_one();
        }
    }
}

impl Desk {
    /// Whether a chat begins here whose visitor is kept out: they were blocked while its start waited for the writer. Looked
    /// at with the commit, because whoever started it may have hung up.
    fn has_slipped_in(&self, events: &[Event]) -> bool {
        let Some(visitor) = events.iter().find_map(|event| match &event.body {
            EventBody::Started { visitor, .. } => Some(visitor.id),
            _ => None,
        }) else {
            return false;
        };
        let address = events.iter().find_map(|event| match &event.body {
            EventBody::VisitRecorded { connection, .. } => Some(connection.ip.as_str()),
            _ => None,
        });
        self.blocked_until(Some(visitor), address.unwrap_or_default()).is_some()
    }
}
