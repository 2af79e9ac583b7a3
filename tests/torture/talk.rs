//! What the shorter stories say.

use crate::http::Caller;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What is passing has passed within this time, and a command is stored.
const STORED_WITHIN: Duration = Duration::from_secs(20);

/// A visitor with a token and an address of their own.
pub fn visitor(addr: SocketAddr, number: u8) -> Caller {
    let letter = char::from(b'A' + number % 26);
    let token: String = std::iter::repeat_n(letter, 42).chain(['A']).collect();
    Caller { addr, identity: ("authorization", format!("Bearer {token}")), ip: format!("192.0.2.{}", 100 + number) }
}

/// The command that starts a chat.
pub fn start(text: &str) -> Value {
    json!({ "type": "start", "text": [{ "paragraph": text }] })
}

/// The command that sends a message.
pub fn message(text: &str) -> Value {
    json!({ "type": "send", "text": [{ "paragraph": text }] })
}

/// Gives a command until it is stored, and returns its chat.
pub async fn until_stored(visitor: &Caller, chat: Value, id: Uuid, command: &Value) -> Value {
    let began = Instant::now();
    let body = json!({ "chat": chat, "id": id, "command": command });
    loop {
        let answer = visitor.call("/api/visitor/command", &body).await;
        match answer {
            Ok((200, ack)) => return ack["chat"].clone(),
            other => assert!(began.elapsed() < STORED_WITHIN, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
