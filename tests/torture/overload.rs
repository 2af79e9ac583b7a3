//! A server that has more to do than it can: its disk hangs, and everybody writes.

use crate::agents;
use crate::disk::Disk;
use crate::http;
use crate::server::Server;
use crate::talk::{message, start, until_stored, visitor};
use frontdesk::model::ids::ChatId;
use frontdesk::store::ChatStore as _;
use frontdesk::store::sqlite::SqliteStore;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Messages of each of two visitors; together more than a server works on for one address.
const EACH: usize = 150;
/// It must say that it is alive within this time, whatever else it has to do.
const ALIVE_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_disk_hangs_is_alive_refuses_what_is_too_much_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    agents(&data, 1).await;
    let mut server = Server::on(Disk::new(directory.path(), &data), &data);
    server.start().await;
    let mut crowd = Vec::new();
    for number in 0..2 {
        let mut who = visitor(server.addr(), number);
        who.ip = "192.0.2.200".into();
        let chat = until_stored(&who, Value::Null, Uuid::now_v7(), &start("Hello?")).await;
        crowd.push((who, chat));
    }

    server.disk().hangs(true);
    let mut calls = JoinSet::new();
    for (who, chat) in &crowd {
        for number in 0..EACH {
            let (who, chat) = (who.clone(), chat.clone());
            calls.spawn(async move {
                let id = Uuid::now_v7();
                let command = message(&format!("Message {number}"));
                let body = json!({ "chat": chat, "id": id, "command": command });
                let answer = who.call("/api/visitor/command", &body).await;
                (who, chat, id, command, answer)
            });
        }
    }
    let mut refused = 0;
    let mut again = Vec::new();
    // Some are refused at once, the others wait and give up; all the while it says that it is alive.
    while let Some(called) = calls.join_next().await {
        let (who, chat, id, command, answer) = called.unwrap();
        match answer {
            Ok((503, said)) => {
                assert_eq!(said["error"], "busy", "{said}");
                refused += 1;
            }
            Ok((200, said)) => panic!("acknowledged by a disk that hangs: {said}"),
            _ => {}
        }
        if again.len() % 50 == 0 {
            is_alive(&server).await;
        }
        again.push((who, chat, id, command));
    }
    assert!(refused > 0, "nothing was too much");
    is_alive(&server).await;
    let asked = Instant::now();
    let (status, said) = http::get(server.addr(), "/readyz").await.unwrap();
    assert_eq!(status, 503, "{}", String::from_utf8_lossy(&said));
    assert!(asked.elapsed() < Duration::from_secs(5));

    server.disk().hangs(false);
    for (who, chat, id, command) in &again {
        until_stored(who, chat.clone(), *id, command).await;
    }
    server.stop().await;
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.unwrap();
    for (_, chat) in &crowd {
        let chat = store.chat(ChatId(chat.as_i64().unwrap())).await.unwrap().unwrap();
        assert_eq!(chat.messages as usize, EACH + 1, "each message is there once");
    }
}

async fn is_alive(server: &Server) {
    let asked = Instant::now();
    assert_eq!(http::get(server.addr(), "/healthz").await.unwrap().0, 200);
    assert!(asked.elapsed() < ALIVE_WITHIN, "alive after {:?} only", asked.elapsed());
}
