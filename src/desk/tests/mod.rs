//! What the desk promises, on a real store and with real connections to its hub.

use super::*;
use crate::live::{Backend as _, Viewer};
use crate::model::agent::Role;
use crate::model::chat::{Audience, Command, EventBody};
use crate::model::error::Refusal;
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::model::text::RichText;
use crate::model::visitor::{Connection, Visit};
use crate::store::TokenHash;
use crate::store::sqlite::SqliteStore;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

mod access;
mod availability;
mod blocks;
mod files;
mod identity;
mod known;
mod owners;
mod sites;
mod tickets;

/// What a website signs with.
const IDENTITY_SECRET: &str = "a secret that the website shares with us";

struct House {
    desk: Desk,
    /// An agent whose console is open, so that chats can be started.
    reception: tokio::sync::OnceCell<Arc<crate::live::Connection>>,
    _directory: TempDir,
}

async fn house() -> House {
    let directory = tempfile::tempdir().unwrap();
    let (sender, commits) = mpsc::channel(1_000);
    let store = SqliteStore::open(&directory.path().join("test.db"), sender).await.unwrap();
    let furniture = Furniture {
        store: Arc::new(store),
        hub: Hub::new(CancellationToken::new()),
        files: FileRoom::local(&directory.path().join("files")).unwrap(),
        links: Signer::new([7; 32]),
        identity: IdentityVerifier::new(IDENTITY_SECRET).ok(),
        mail_to_files: true,
        mail_from: "Support <support@example.com>".into(),
    };
    let desk = Desk::open(furniture, commits).await.unwrap();
    House { desk, reception: tokio::sync::OnceCell::new(), _directory: directory }
}

fn id() -> CommandId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    CommandId::from_parts(now(), random)
}

fn start(email: &str) -> Command {
    Command::Start {
        name: "Ada".into(),
        email: email.into(),
        department: None,
        text: RichText::from_typed("Hello?"),
        visit: Visit::default(),
        page: None,
    }
}

fn send(text: &str) -> Command {
    Command::Send { text: RichText::from_typed(text), attachments: Vec::new() }
}

impl House {
    async fn visitor(&self, number: u8) -> VisitorId {
        self.desk.store().ensure_visitor(TokenHash([number; 32]), 1).await.unwrap()
    }

    /// Opens the console of an agent.
    async fn sit_down(&self, email: &str) -> Arc<crate::live::Connection> {
        let agent = self.agent(email).await;
        self.desk.hub().connect(Viewer::Agent(agent)).0
    }

    async fn chat(&self, visitor: VisitorId, email: &str) -> ChatId {
        self.reception.get_or_init(|| self.sit_down("reception@example.com")).await;
        let ack = self.desk.visitor_command(visitor, Connection::default(), None, id(), start(email)).await;
        ack.unwrap().chat
    }

    async fn agent(&self, email: &str) -> crate::model::agent::Agent {
        let store = &**self.desk.store();
        let id = setup::add_agent(store, "Grace", email, Role::Agent, vec![], "correct horse".into()).await.unwrap();
        store.agent(id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn to_a_visitor_the_chat_of_another_does_not_exist() {
    let house = house().await;
    let (ada, eve) = (house.visitor(1).await, house.visitor(2).await);
    let chat = house.chat(ada, "").await;
    for command in [send("I am Ada"), Command::End, Command::MarkRead { up_to: 9 }] {
        let answer = house.desk.visitor_command(eve, Connection::default(), Some(chat), id(), command).await;
        assert_eq!(answer, Err(ApiError::NoSuchChat));
    }
    let eve = Viewer::Visitor(eve);
    assert_eq!(house.desk.latest(&eve, chat).await.unwrap(), None);
    assert_eq!(house.desk.visible_chat(&eve, chat).await.err(), Some(ApiError::NoSuchChat));
    assert_eq!(house.desk.latest(&Viewer::Visitor(ada), chat).await.unwrap(), Some(3));
}

#[tokio::test]
async fn an_end_brings_a_transcript_when_there_is_an_email_and_none_otherwise() {
    let house = house().await;
    let (ada, eve) = (house.visitor(1).await, house.visitor(2).await);
    let agent = house.agent("g@example.com").await;
    let with = house.chat(ada, "ada@example.com").await;
    let without = house.chat(eve, "").await;
    for chat in [with, without] {
        house.desk.agent_command(&agent, chat, id(), Command::Accept).await.unwrap();
    }
    for (visitor, chat) in [(ada, with), (eve, without), (ada, with)] {
        let ended = house.desk.visitor_command(visitor, Connection::default(), Some(chat), id(), Command::End).await;
        ended.unwrap();
    }
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.chat).collect::<Vec<_>>(), [Some(with)]);
}

#[tokio::test]
async fn nobody_mails_strangers_without_limit() {
    let house = house().await;
    let eve = house.visitor(1).await;
    for _ in 0..30 {
        let chat = house.chat(eve, "stranger@example.com").await;
        house.desk.visitor_command(eve, Connection::default(), Some(chat), id(), Command::End).await.unwrap();
    }
    assert_eq!(house.desk.store().lease_jobs(i64::MAX, i64::MAX, 100).await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_long_conversation_is_caught_up_in_pages_of_bounded_size() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    let long = "x".repeat(10_000);
    for _ in 0..30 {
        let sent = house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), send(&long)).await;
        sent.unwrap();
    }
    let viewer = Viewer::Visitor(ada);
    let (mut after, mut pages, mut seen) = (0, 0, 0);
    loop {
        let page = house.desk.missed(&viewer, chat, after).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(serde_json::to_string(&page).unwrap().len() < 80_000);
        (after, pages, seen) = (last.seq, pages + 1, seen + page.len());
    }
    assert_eq!(seen, 32);
    assert!(pages > 4);
}

#[tokio::test]
async fn a_console_is_told_of_all_who_wait_however_many_they_are() {
    let house = house().await;
    let agent = house.agent("g@example.com").await;
    for number in 1..=70 {
        let visitor = house.visitor(number).await;
        house.chat(visitor, "").await;
    }
    let (rows, complete) = house.desk.live_rows(agent.id).await.unwrap();
    assert_eq!((rows.len(), complete), (70, true));
}

#[tokio::test]
async fn what_is_committed_reaches_each_follower_in_order_and_only_what_is_theirs() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let agent = house.agent("g@example.com").await;
    let chat = house.chat(ada, "").await;
    let hub = house.desk.hub();
    let (seen_by_visitor, mut to_visitor) = hub.connect(Viewer::Visitor(ada));
    let (seen_by_agent, mut to_agent) = hub.connect(Viewer::Agent(agent.clone()));
    hub.follow(&seen_by_visitor, chat);
    hub.follow(&seen_by_agent, chat);
    let view = Command::ViewPage { page: Default::default() };
    house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), view).await.unwrap();
    house.desk.agent_command(&agent, chat, id(), Command::Accept).await.unwrap();
    house.desk.agent_command(&agent, chat, id(), send("Hi")).await.unwrap();

    let mut visitors = Vec::new();
    while visitors.len() < 2 {
        visitors.extend(to_visitor.recv().await.unwrap().deliveries());
    }
    assert_eq!(visitors, [(3, 5), (5, 6)], "the page view, number 4, is not the visitor's");
    let mut agents = Vec::new();
    while agents.len() < 3 {
        agents.extend(to_agent.recv().await.unwrap().deliveries());
    }
    assert_eq!(agents, [(3, 4), (4, 5), (5, 6)]);
}

#[tokio::test]
async fn a_follower_that_cannot_keep_up_is_let_go_and_holds_nobody_up() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    let hub = house.desk.hub();
    let (slow, _never_read) = hub.connect(Viewer::Visitor(ada));
    let (quick, mut queue) = hub.connect(Viewer::Visitor(ada));
    hub.follow(&slow, chat);
    hub.follow(&quick, chat);
    let log = house.desk.store().events(chat, Audience::Visitor, 0, 1).await.unwrap();
    for _ in 0..1_000 {
        hub.publish(chat, &log, 0);
        while queue.try_recv().is_ok() {}
    }
    assert!(slow.overrun.is_cancelled());
    assert!(!quick.overrun.is_cancelled());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_are_answered_alike_and_throttled() {
    let house = house().await;
    house.agent("grace@example.com").await;
    let desk = &house.desk;
    let session = desk.log_in(" Grace@Example.com ", "correct horse".into(), "192.0.2.1").await.unwrap();
    assert_eq!(desk.agent_of(&session).await.unwrap().name, "Grace");
    let wrong = desk.log_in("grace@example.com", "wrong horse".into(), "192.0.2.2").await.unwrap_err();
    let unknown = desk.log_in("nobody@example.com", "wrong horse".into(), "192.0.2.2").await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    let mut throttled = false;
    for _ in 0..10 {
        let answer = desk.log_in("grace@example.com", "wrong horse".into(), "192.0.2.2").await;
        throttled |= matches!(answer, Err(LoginError::Throttled));
    }
    assert!(throttled);
    assert!(desk.log_in("grace@example.com", "correct horse".into(), "192.0.2.1").await.is_ok(), "others are not");
    desk.log_out(&session).await.unwrap();
    assert_eq!(desk.agent_of(&session).await, Err(ApiError::NotLoggedIn));
}

#[tokio::test]
async fn set_up_makes_one_admin_and_says_what_to_mend() {
    let house = house().await;
    let desk = &house.desk;
    let link = desk.open_setup().await.unwrap().unwrap();
    assert!(matches!(desk.set_up(&link, " ", "a@b.de", "correct horse".into()).await, Err(SetupError::Name)));
    assert!(matches!(
        desk.set_up(&link, "Ada", "a@b", "correct horse".into()).await,
        Err(SetupError::Email(Refusal::InvalidEmail))
    ));
    assert!(matches!(desk.set_up(&link, "Ada", "a@b.de", "short".into()).await, Err(SetupError::Password(_))));
    assert!(matches!(desk.set_up("no link", "Ada", "a@b.de", "correct horse".into()).await, Err(SetupError::Closed)));
    desk.set_up(&link, "Ada", "a@b.de", "correct horse".into()).await.unwrap();
    assert!(matches!(desk.set_up(&link, "Eve", "e@b.de", "correct horse".into()).await, Err(SetupError::Closed)));
    assert_eq!(desk.open_setup().await.unwrap(), None);
}

#[tokio::test]
async fn a_live_token_or_session_identifies_and_nothing_else_does() {
    let house = house().await;
    let token = crate::auth::token::new_token().unwrap();
    assert!(house.desk.identify(Some(&token), None, "::1").await.unwrap().is_none(), "a token nobody chatted with");
    let visitor = house.desk.ensure_visitor(&token, "::1").await.unwrap();
    assert!(
        matches!(house.desk.identify(Some(&token), None, "::1").await.unwrap(), Some(Viewer::Visitor(own)) if own == visitor)
    );
    house.agent("g@example.com").await;
    let session = house.desk.log_in("g@example.com", "correct horse".into(), "::1").await.unwrap();
    assert!(matches!(house.desk.identify(None, Some(&session), "::1").await.unwrap(), Some(Viewer::Agent(_))));
    assert!(house.desk.identify(None, Some(&token), "::1").await.unwrap().is_none(), "a visitor's token is no session");
    assert!(
        house.desk.identify(Some(&session), None, "::1").await.unwrap().is_none(),
        "a session is no visitor's token"
    );
    assert!(
        house.desk.identify(Some("x"), Some(&session), "::1").await.unwrap().is_none(),
        "a wrong token is not passed over"
    );
    assert!(house.desk.identify(None, None, "::1").await.unwrap().is_none());
}

#[tokio::test]
async fn events_are_those_of_the_log() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    let missed = house.desk.missed(&Viewer::Visitor(ada), chat, 0).await.unwrap();
    assert!(matches!(missed[0].body, EventBody::Started { .. }));
    assert_eq!(missed.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 3]);
    assert!(house.desk.missed(&Viewer::Visitor(ada), chat, 3).await.unwrap().is_empty());
}
