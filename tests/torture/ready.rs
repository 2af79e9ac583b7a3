//! What the server says of itself, while its disk takes nothing and afterwards.

use crate::agents;
use crate::http;
use crate::server::Server;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// An answer is repeated for a second; then the truth must be told within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

/// A server that is ready.
async fn started() -> (TempDir, Server) {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    agents(&data, 1).await;
    let mut server = Server::new(&data);
    server.start().await;
    until(&server, 200).await;
    (directory, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_disk_is_full_says_that_it_is_not_ready_and_what_to_do() {
    let (_directory, server) = started().await;
    server.limit_files(Some(0));
    let said = until(&server, 503).await;
    assert!(said.contains("cannot be written") && said.contains("full"), "{said}");
    assert_eq!(http::get(server.addr(), "/healthz").await.unwrap().0, 200, "it is alive all the same");
    server.limit_files(None);
    assert_eq!(until(&server, 200).await, "ready\n");
}

/// Asks whether it is ready until the answer has this status, and returns what it says.
pub async fn until(server: &Server, status: u16) -> String {
    let began = Instant::now();
    loop {
        let (found, said) = http::get(server.addr(), "/readyz").await.expect("an answer");
        let said = String::from_utf8_lossy(&said).into_owned();
        if found == status {
            return said;
        }
        assert!(began.elapsed() < TOLD_WITHIN, "still {found}: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How often the server has written to its database in order to find out.
async fn looks(directory: &Path) -> i64 {
    let file = SqliteConnectOptions::new().filename(directory.join("data/frontdesk.db")).read_only(true);
    let mut connection = file.connect().await.unwrap();
    let counted = sqlx::query("SELECT value FROM counters WHERE name = 'check'").fetch_one(&mut connection);
    counted.await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_it_is_asked_it_looks_once_a_second() {
    let (directory, mut server) = started().await;
    let (began, before) = (Instant::now(), looks(directory.path()).await);
    for _ in 0..30 {
        let asked = futures::future::join_all((0..10).map(|_| http::get(server.addr(), "/readyz"))).await;
        assert!(asked.iter().all(|answer| answer.as_ref().is_ok_and(|(status, _)| *status == 200)), "{asked:?}");
    }
    let seconds = began.elapsed().as_secs() as i64;
    let more = looks(directory.path()).await - before;
    assert!(more <= seconds + 1, "{more} looks in {seconds} s");
    server.stop().await;
}
