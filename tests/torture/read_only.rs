//! A database file that becomes read-only under a running server, and can be written again later.

use crate::chance::Chance;
use crate::http::{self, Caller};
use crate::server::Server;
use crate::world::Client;
use crate::{agents, ledger::Ledger, world::World};
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// With room again a command must be stored within this time.
const AGAIN_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_becomes_read_only_is_told_as_not_stored_and_work_goes_on_when_it_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let sessions = agents(&data, 1).await;
    let mut server = Server::new(&data);
    server.start().await;
    let (_close, closing) = tokio::sync::watch::channel(false);
    let world = World {
        addr: server.addr(),
        ledger: Arc::new(Ledger::default()),
        closing,
        held: Default::default(),
        visitors: AtomicU64::new(1),
        last_chat: AtomicI64::new(0),
    };
    let cookie = ("cookie", format!("frontdesk_session={}", sessions[0]));
    let agent = Caller { addr: server.addr(), identity: cookie, ip: "192.0.2.1".into() };
    let console = Client::connect(&world, agent, "agent".into(), None, Chance::new(1));
    let token = ["A"; 43].concat();
    let identity = ("authorization", format!("Bearer {token}"));
    let visitor = Caller { addr: server.addr(), identity, ip: "192.0.2.2".into() };
    let start = json!({ "type": "start", "text": [{ "paragraph": "Hello?" }] });
    let chat = until_stored(&visitor, Value::Null, Uuid::now_v7(), &start).await;

    // The server has the file open, and would not notice. So its connection is made to be opened anew: whoever waits for
    // the lock and gives up, as `/readyz` does after 3 s, takes it along. When a timer of the server has it just then,
    // `/readyz` waits for that instead, and it is tried again.
    let file = data.join("frontdesk.db");
    let mut other = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let send = json!({ "type": "send", "text": [{ "paragraph": "Still there?" }] });
    let mut tries = 0..6;
    let id = loop {
        assert!(tries.next().is_some(), "the connection is never opened anew");
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        assert_eq!(http::get(server.addr(), "/readyz").await.unwrap().0, 503);
        set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
        let id = Uuid::now_v7();
        let body = json!({ "chat": chat, "id": id, "command": send });
        let (status, _) = visitor.call("/api/visitor/command", &body).await.unwrap();
        if status != 200 {
            break id;
        }
        set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    };
    let body = json!({ "chat": chat, "id": id, "command": send });
    for _ in 0..3 {
        let (status, answer) = visitor.call("/api/visitor/command", &body).await.unwrap();
        assert_eq!((status, &answer["error"]), (507, &json!("not_stored")), "{answer}");
    }
    assert_eq!(http::get(server.addr(), "/readyz").await.unwrap().0, 503);
    assert_eq!(http::get(server.addr(), "/healthz").await.unwrap().0, 200);
    // What is stored can be read.
    let (status, state) = visitor.call("/api/visitor/state", &json!({})).await.unwrap();
    assert_eq!((status, &state["chat"]), (200, &chat));

    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    until_stored(&visitor, chat.clone(), id, &send).await;
    assert_eq!(http::get(server.addr(), "/readyz").await.unwrap().0, 200);
    console.leave().await;
    let check = server.beside(&["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    assert_eq!(*world.ledger.broken.lock().unwrap(), [""; 0]);
}

/// Gives a command until it is stored, and returns its chat.
async fn until_stored(visitor: &Caller, chat: Value, id: Uuid, command: &Value) -> Value {
    let began = Instant::now();
    let body = json!({ "chat": chat, "id": id, "command": command });
    loop {
        let answer = visitor.call("/api/visitor/command", &body).await;
        match answer {
            Ok((200, ack)) => return ack["chat"].clone(),
            other => assert!(began.elapsed() < AGAIN_WITHIN, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
