//! A disk that becomes read-only under a running server, and can be written again later.

use crate::begun::Begun;
use crate::http::{self, Caller};
use crate::ready;
use crate::talk::{message, until_stored};
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_becomes_read_only_nothing_is_acknowledged_and_work_goes_on_when_it_is_not() {
    let Begun { server, session, ada, chat, .. } = &mut Begun::new().await;
    ready::until(server, 200).await;

    server.disk().is_read_only(true);
    let id = Uuid::now_v7();
    let body = json!({ "chat": chat, "id": id, "command": message("Still there?") });
    for _ in 0..3 {
        let (status, answer) = ada.call("/api/visitor/command", &body).await.unwrap();
        assert_eq!((status, &answer["error"]), (507, &json!("not_stored")), "{answer}");
    }
    let said = ready::until(server, 503).await;
    assert!(said.contains("read-only"), "{said}");
    assert_eq!(http::get(server.addr(), "/healthz").await.unwrap().0, 200);
    // What is stored can be read, by those who are here already and by those who come.
    let (status, state) = ada.call("/api/visitor/state", &json!({})).await.unwrap();
    assert_eq!((status, &state["chat"]), (200, &*chat));
    let cookie = ("cookie", format!("frontdesk_session={session}"));
    let agent = Caller { addr: server.addr(), identity: cookie, ip: "192.0.2.1".into() };
    let (status, list) = agent.call("/api/agent/chats", &json!({ "tab": "waiting", "after": null })).await.unwrap();
    assert_eq!((status, list.as_array().map(Vec::len)), (200, Some(1)), "{list}");

    server.disk().is_read_only(false);
    until_stored(ada, chat.clone(), id, &message("Still there?")).await;
    ready::until(server, 200).await;
    server.stop().await;
    let check = server.beside(&["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_on_a_read_only_disk_has_all_that_it_acknowledged() {
    let Begun { server, ada, chat, .. } = &mut Begun::new().await;
    let stored = Uuid::now_v7();
    let first = json!({ "chat": chat, "id": stored, "command": message("One") });
    let (status, acknowledged) = ada.call("/api/visitor/command", &first).await.unwrap();
    assert_eq!(status, 200, "{acknowledged}");

    server.disk().is_read_only(true);
    let refused = Uuid::now_v7();
    let second = json!({ "chat": chat, "id": refused, "command": message("Two") });
    assert_eq!(ada.call("/api/visitor/command", &second).await.unwrap().0, 507);
    server.kill();
    server.disk().is_read_only(false);
    server.start().await;
    let (status, again) = ada.call("/api/visitor/command", &first).await.unwrap();
    assert_eq!((status, &again), (200, &acknowledged), "the first answer again");
    until_stored(ada, chat.clone(), refused, &message("Two")).await;
    server.stop().await;
    let check = server.beside(&["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}
