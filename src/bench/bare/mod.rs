//! The bare reference: an axum socket and the same kind of group commit to the same kind of file, and no rules at all. What
//! a message costs here, it costs everywhere.

mod checkpoint;
mod commit;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use commit::{Commit, Committer};
use serde::Deserialize;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Frames that may wait for one connection.
const QUEUE: usize = 256;

type Queue = mpsc::Sender<Utf8Bytes>;
type Rooms = Arc<Mutex<HashMap<i64, Vec<Queue>>>>;

#[derive(Clone)]
struct Shared {
    rooms: Rooms,
    committer: Committer,
}

/// Serves until the process is killed.
pub async fn serve(address: SocketAddr, file: &Path) -> io::Result<()> {
    let rooms = Rooms::default();
    let committer = commit::start(file, rooms.clone()).map_err(io::Error::other)?;
    let app = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/live", get(live))
        .with_state(Shared { rooms, committer });
    let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}

#[derive(Deserialize)]
struct Wanted {
    rooms: String,
}

async fn live(State(shared): State<Shared>, Query(wanted): Query<Wanted>, upgrade: WebSocketUpgrade) -> Response {
    let rooms = wanted.rooms.split(',').filter_map(|room| room.parse().ok()).collect();
    upgrade
        .read_buffer_size(4_096)
        .write_buffer_size(4_096)
        .max_write_buffer_size(1 << 20)
        .on_upgrade(move |socket| converse(socket, shared, rooms))
}

#[derive(Deserialize)]
struct Said {
    room: i64,
    id: uuid::Uuid,
    text: String,
}

async fn converse(mut socket: WebSocket, shared: Shared, rooms: Vec<i64>) {
    let (queue, mut waiting) = mpsc::channel(QUEUE);
    for room in rooms {
        lock(&shared.rooms).entry(room).or_default().push(queue.clone());
    }
    loop {
        tokio::select! {
            Some(frame) = waiting.recv() => {
                if socket.send(Message::Text(frame)).await.is_err() {
                    return;
                }
            }
            incoming = socket.recv() => {
                let Some(Ok(Message::Text(text))) = incoming else { return };
                let Ok(Said { room, id, text }) = serde_json::from_str(&text) else { return };
                if shared.committer.send(Commit { room, id, text, writer: queue.clone() }).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Tells the writer that it is on disk, and the others what was said.
fn publish(rooms: &Rooms, commit: &Commit, seq: i64) {
    let _ = commit.writer.try_send(format!(r#"{{"ack":"{}"}}"#, commit.id).into());
    let said: Utf8Bytes =
        serde_json::json!({ "type": "message", "room": commit.room, "seq": seq, "text": commit.text })
            .to_string()
            .into();
    for other in lock(rooms).get(&commit.room).into_iter().flatten() {
        if !other.same_channel(&commit.writer) {
            let _ = other.try_send(said.clone());
        }
    }
}

fn lock(rooms: &Rooms) -> std::sync::MutexGuard<'_, HashMap<i64, Vec<Queue>>> {
    rooms.lock().unwrap_or_else(PoisonError::into_inner)
}
