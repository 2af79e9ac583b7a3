//! Backup, restore and check, on real stores that are written to meanwhile.

mod archives;
mod load;
mod lock;
mod places;

use super::Places;
use crate::files::FileStore as FileRoom;
use crate::model::attachment::Attachment;
use crate::model::chat::{Ack, Actor, Command, Context, commit};
use crate::model::ids::{ChatId, CommandId, FileId, VisitorId};
use crate::model::text::RichText;
use crate::model::visitor::Visit;
use crate::store::sqlite::SqliteStore;
use crate::store::{
    ChatStore as _, Decision, FileStore as _, NewUpload, PeopleStore as _, Target, TokenHash, Transact,
};
use bytes::Bytes;
use std::path::Path;
use tempfile::TempDir;
use tokio::sync::mpsc;
use uuid::Uuid;

/// An installation in a directory of its own, with a store that is open as a server's is.
struct Installation {
    directory: TempDir,
    places: Places,
    store: SqliteStore,
    files: FileRoom,
}

/// The places below a directory.
fn places(data: &Path) -> Places {
    Places { data: data.to_owned(), database: data.join("frontdesk.db"), files: data.join("files") }
}

impl Installation {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let places = places(&directory.path().join("data"));
        places.make().unwrap();
        let store = open(&places).await;
        let files = FileRoom::local(&places.files).unwrap();
        Installation { directory, places, store, files }
    }

    /// A path beside the installation.
    fn beside(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    async fn give(&self, target: Target, visitor: VisitorId, what: Command, files: Vec<Attachment>) -> Ack {
        let context =
            Context { attachments: files, ..Context::new(Actor::Visitor(visitor), 1_000, CommandId(Uuid::now_v7())) };
        let transact = Transact {
            target,
            command: context.command,
            actor: context.actor.clone(),
            decide: Box::new(move |chat| {
                Ok(Decision { events: commit(chat, what.clone(), &context)?, ..Decision::default() })
            }),
        };
        self.store.transact(transact).await.unwrap()
    }

    /// A new visitor's chat.
    async fn start(&self, number: u8) -> (VisitorId, ChatId) {
        let visitor = self.store.ensure_visitor(TokenHash([number; 32]), 1).await.unwrap();
        let start = Command::Start {
            name: "Ada".into(),
            email: String::new(),
            department: None,
            text: RichText::from_typed("Hello?"),
            visit: Visit::default(),
            page: None,
        };
        (visitor, self.give(Target::New(visitor), visitor, start, vec![]).await.chat)
    }

    async fn send(&self, visitor: VisitorId, chat: ChatId, text: &str) -> Ack {
        let send = Command::Send { text: RichText::from_typed(text), attachments: vec![] };
        self.give(Target::Existing(chat), visitor, send, vec![]).await
    }

    /// Stores a file as an upload does: the bytes, then the row.
    async fn upload(&self, chat: ChatId, content: &[u8]) -> Attachment {
        let id = FileId(Uuid::now_v7());
        let size = content.len() as u64;
        let new = NewUpload { id, chat, author: "visitor".into(), name: "notes.txt".into(), size, at: 1_000 };
        assert!(self.store.add_upload(new, 1_000_000).await.unwrap());
        self.files.put(id.0, Bytes::copy_from_slice(content)).await.unwrap();
        let attachment =
            Attachment { id, name: "notes.txt".into(), mime: "text/plain".into(), size, width: None, height: None };
        self.store.finish_upload(&attachment).await.unwrap();
        attachment
    }

    async fn send_file(&self, visitor: VisitorId, chat: ChatId, content: &[u8]) -> FileId {
        let file = self.upload(chat, content).await;
        let send = Command::Send { text: RichText::default(), attachments: vec![file.id] };
        self.give(Target::Existing(chat), visitor, send, vec![file.clone()]).await;
        file.id
    }
}

async fn open(places: &Places) -> SqliteStore {
    let (sender, mut commits) = mpsc::channel(1_000);
    tokio::spawn(async move { while commits.recv().await.is_some() {} });
    SqliteStore::open(&places.database, sender).await.unwrap()
}

/// What a check says.
async fn wrong(places: &Places) -> Vec<String> {
    let mut said = Vec::new();
    let verdict = super::check(places, &mut |sentence| said.push(sentence)).await.unwrap();
    assert_eq!(verdict.wrong, said.len() as u64);
    said
}

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let children = super::places::children(directory).unwrap();
    children.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}
