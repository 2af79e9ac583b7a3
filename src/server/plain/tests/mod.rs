//! What plain forms promise, asked through the router as a browser without script would.

use crate::auth::identity::IdentityVerifier;
use crate::auth::token::new_token;
use crate::desk::{Desk, Furniture, now, setup};
use crate::files::{FileStore, Signer};
use crate::live::{Connection, Hub, Viewer};
use crate::model::agent::{Agent, Role};
use crate::model::chat::{Audience, Chat, Command, EventBody, Side, Status};
use crate::model::ids::{ChatId, CommandId};
use crate::model::text::RichText;
use crate::server::config::{DataArgs, FilesArgs, ServeArgs};
use crate::server::gate;
use crate::server::room::Room;
use crate::server::router::router;
use crate::server::state::AppState;
use crate::store::sqlite::SqliteStore;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::{Request, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

const FORM: &str = "application/x-www-form-urlencoded";
const SECRET: [u8; 32] = [7; 32];
const IDENTITY_SECRET: &str = "a secret that the website shares with us";
const HOSTILE: &str = "&amp; </textarea><script>alert(1)</script>";

mod access;
mod available;
mod flow;
mod identity;
mod sites;

struct House {
    app: Router,
    desk: Desk,
    /// Answers, while their console is open.
    grace: Agent,
    console: Option<Arc<Connection>>,
    gate: Arc<Room>,
    _directory: TempDir,
}

/// An answer.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Page {
    /// The value of the first hidden field of this name.
    fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&field).unwrap_or_else(|| panic!("no {name} in {}", self.html));
        rest.split('"').next().unwrap().to_owned()
    }

    /// The address of the log.
    fn log(&self) -> String {
        let (_, rest) = self.html.split_once("<iframe").unwrap_or_else(|| panic!("no log in {}", self.html));
        let (_, rest) = rest.split_once("src=\"").unwrap();
        rest.split('"').next().unwrap().replace("&amp;", "&")
    }

    fn says(&self, text: &str) -> bool {
        self.html.contains(text)
    }
}

impl House {
    async fn new() -> Self {
        Self::allowing(&[]).await
    }

    /// One whose configuration names these websites.
    async fn allowing(origins: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (sender, commits) = mpsc::channel(1_000);
        let store = SqliteStore::open(&directory.path().join("test.db"), sender).await.unwrap();
        let furniture = Furniture {
            store: Arc::new(store),
            hub: Hub::new(CancellationToken::new()),
            files: FileStore::local(&directory.path().join("files")).unwrap(),
            links: Signer::new(SECRET),
            identity: IdentityVerifier::new(IDENTITY_SECRET).ok(),
            mail_to_files: true,
            mail_from: "Support <support@example.com>".into(),
        };
        let desk = Desk::open(furniture, commits).await.unwrap();
        let store = &**desk.store();
        let password = "correct horse".to_owned();
        let id = setup::add_agent(store, "Grace", "g@example.com", Role::Admin, vec![], password).await.unwrap();
        let grace = store.agent(id).await.unwrap().unwrap();
        let console = Some(desk.hub().connect(Viewer::Agent(grace.clone())).0);
        let config = ServeArgs {
            addr: "127.0.0.1:3000".parse().unwrap(),
            data: DataArgs { data: directory.path().into(), database_url: None },
            public_url: None,
            files: FilesArgs { files: None },
            smtp_url: None,
            mail_from: String::new(),
            trusted_proxies: Vec::new(),
            allowed_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            identity_secret: None,
        };
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let gate = gate::room();
        let app = router(AppState {
            desk: desk.clone(),
            config: Arc::new(config),
            metrics,
            counting: Arc::default(),
            readiness: Arc::default(),
            gate: gate.clone(),
        });
        House { app, desk, grace, console, gate, _directory: directory }
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let html = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        Page { status: parts.status, headers: parts.headers, html }
    }

    async fn get(&self, address: &str) -> Page {
        self.ask(Request::get(address).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, fields: &[(&str, &str)]) -> Page {
        self.ask(form().body(body(fields)).unwrap()).await
    }

    /// Presses a button of a page, with more fields filled in.
    async fn press(&self, page: &Page, button: &str, more: &[(&str, &str)]) -> Page {
        let (token, id, chat) = (page.hidden("token"), page.hidden("id"), page.hidden("chat"));
        let mut fields = vec![("do", button), ("token", &*token), ("id", &*id), ("chat", &*chat)];
        fields.extend_from_slice(more);
        self.post(&fields).await
    }

    /// Fills in the form that the widget's own page shows, and posts it.
    async fn start(&self, more: &[(&str, &str)]) -> Page {
        let widget = self.get("/widget").await;
        let (token, id) = (widget.hidden("token"), widget.hidden("id"));
        let mut fields = vec![("do", "start"), ("token", &*token), ("id", &*id)];
        fields.extend_from_slice(more);
        self.post(&fields).await
    }

    async fn chat(&self, id: i64) -> Chat {
        self.desk.store().chat(ChatId(id)).await.unwrap().unwrap()
    }

    async fn messages(&self, id: i64) -> Vec<String> {
        let events = self.desk.store().events(ChatId(id), Audience::Agents, 0, 1_000).await.unwrap();
        let text = |body: &EventBody| match body {
            EventBody::Message { text, .. } => Some(text.to_plain()),
            _ => None,
        };
        events.iter().filter_map(|event| text(&event.body)).collect()
    }

    async fn agent_does(&self, command: Command) {
        self.desk.agent_command(&self.grace, ChatId(1), CommandId(Uuid::now_v7()), command).await.unwrap();
    }

    async fn agent_says(&self, text: &str) {
        self.agent_does(Command::Send { text: RichText::from_typed(text), attachments: Vec::new() }).await;
    }
}

fn form() -> axum::http::request::Builder {
    Request::post("/widget?origin=https%3A%2F%2Fshop.example")
        .header(CONTENT_TYPE, FORM)
        .header("host", "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header("accept-language", "sv-SE,sv;q=0.9")
}

/// Each byte as `%…`, which is a valid way to write it.
fn body(fields: &[(&str, &str)]) -> Body {
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    Body::from(fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect::<Vec<_>>().join("&"))
}
