//! What is acknowledged would be there after a power failure: it was on the disk before. A killed process proves nothing of
//! that, since the system keeps what it has written. So nothing gets to this disk for a while, and nobody may hear of
//! anything that it has to keep.

use crate::begun::Begun;
use crate::server::Server;
use crate::talk::message;
use hyper::body::Bytes;
use serde_json::json;
use std::fmt::Debug;
use std::time::Duration;
use uuid::Uuid;

/// Who asks the disk does so within this time.
const ASKED_WITHIN: Duration = Duration::from_secs(10);
/// An answer that does not wait for the disk would be there by then.
const AT_ONCE: Duration = Duration::from_millis(300);

/// Sees that this call is answered only when the disk has what is below this path.
async fn waits_for_the_disk<A: Debug>(server: &Server, name: &str, call: impl Future<Output = A>) -> A {
    server.disk().is_forgetful(true);
    let mut call = std::pin::pin!(call);
    let is_asked = async {
        while !server.disk().asked_for().lines().any(|path| path.contains(name)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        answer = &mut call => panic!("answered before {name} was on the disk: {answer:?}"),
        asked = tokio::time::timeout(ASKED_WITHIN, is_asked) => {
            assert!(asked.is_ok(), "nobody asks for {name}: {:?}", server.disk().asked_for());
        }
    }
    if let Ok(answer) = tokio::time::timeout(AT_ONCE, &mut call).await {
        panic!("answered while {name} is not on the disk: {answer:?}");
    }
    server.disk().is_forgetful(false);
    call.await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_acknowledged_when_it_is_on_the_disk_and_not_before() {
    let Begun { server, ada, chat, .. } = &mut Begun::new().await;
    for text in ["One", "Two"] {
        let body = json!({ "chat": chat, "id": Uuid::now_v7(), "command": message(text) });
        let call = ada.call("/api/visitor/command", &body);
        let (status, answer) = waits_for_the_disk(server, "frontdesk.db-wal", call).await.unwrap();
        assert_eq!(status, 200, "{answer}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_acknowledged_when_it_is_on_the_disk_and_not_before() {
    let Begun { server, ada, chat, .. } = &mut Begun::new().await;
    let content = Bytes::from("What was written there. ".repeat(100));
    let ask = json!({ "chat": chat, "name": "notes.txt", "size": content.len() });
    let (status, id) = ada.call("/api/visitor/upload", &ask).await.unwrap();
    assert_eq!(status, 200, "{id}");
    let path = format!("/files/{}", id.as_str().unwrap());
    // Not for its row alone: for the file, and the directories that are made for it.
    let (status, answer) = waits_for_the_disk(server, "/data/files", ada.put(&path, content)).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    server.stop().await;
}
