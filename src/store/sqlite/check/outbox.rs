//! The outbox: every job can be read, and is of the kind that its column says.

use super::{PAGE, Report};
use crate::model::ids::TicketId;
use crate::store::{JobKind, StoreError};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// Looks at all jobs. Each stands for itself, so no transaction holds the pages together.
pub async fn check(connection: &mut SqliteConnection, report: &mut Report<'_>) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page =
            sqlx::query("SELECT id, kind, payload, dedup, attempts FROM outbox WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(PAGE)
                .fetch_all(&mut *connection)
                .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.get(0);
        for row in &page {
            report.checked.jobs += 1;
            let (id, kind): (i64, &str) = (row.get(0), row.get(1));
            let job: JobKind = match serde_json::from_str(row.get(2)) {
                Ok(job) => job,
                Err(error) => {
                    report.wrong(format!("Job {id} of the outbox cannot be read: {error}."));
                    continue;
                }
            };
            if job.as_str() != kind || row.get::<&str, _>(3).is_empty() || row.get::<i64, _>(4) < 0 {
                report.wrong(format!("Job {id} of the outbox is not what its columns say."));
            }
            if let JobKind::TicketReceived { ticket } | JobKind::TicketReply { ticket, .. } = job
                && !is_ticket(connection, ticket).await?
            {
                report.wrong(format!("Job {id} of the outbox is about ticket {ticket}, which is not there."));
            }
        }
    }
}

async fn is_ticket(connection: &mut SqliteConnection, id: TicketId) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT EXISTS (SELECT 1 FROM tickets WHERE id = $1)");
    Ok(found.bind(id.0).fetch_one(connection).await?.get(0))
}
