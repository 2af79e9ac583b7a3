//! What the stories about a disk begin with.

use crate::agents;
use crate::disk::Disk;
use crate::http::Caller;
use crate::server::Server;
use crate::talk::{start, until_stored, visitor};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// A server on a disk of ours, with one agent, and a visitor whose chat waits.
pub struct Begun {
    pub server: Server,
    /// The agent's.
    pub session: String,
    pub ada: Caller,
    pub chat: Value,
    _directory: TempDir,
}

impl Begun {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let session = agents(&data, 1).await.remove(0);
        let mut server = Server::on(Disk::new(directory.path(), &data), &data);
        server.start().await;
        let ada = visitor(server.addr(), 1);
        let chat = until_stored(&ada, Value::Null, Uuid::now_v7(), &start("Hello?")).await;
        Begun { server, session, ada, chat, _directory: directory }
    }
}
