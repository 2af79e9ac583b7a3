//! Starting and stopping.

use super::config::{DataArgs, ServeArgs, check_environment};
use super::router::router;
use super::state::AppState;
use super::{assets, connections, door, gate, logs};
use crate::auth::token;
use crate::desk::{Desk, Furniture};
use crate::files::{FileStore, Signer};
use crate::jobs::{self, Worker};
use crate::live::Hub;
use crate::mail::Mailer;
use crate::operations::{DataLock, OperationError};
use crate::store::sqlite::SqliteStore;
use crate::store::{Committed, SettingsStore as _, StoreError};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Commits that may wait to be published.
const COMMITS: usize = 1_024;
/// Requests and sockets get this long to finish when the server stops.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How often figures are summed up.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);
/// How often what has expired is forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// Why the server does not start: a sentence for the one who started it.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("{0}")]
    Configuration(String),
    #[error(
        "The data directory {path} cannot be written ({cause}). Name another one with --data or FRONTDESK_DATA, or make it writable."
    )]
    Data { path: String, cause: std::io::Error },
    #[error(transparent)]
    Lock(#[from] OperationError),
    #[error("{addr} cannot be listened on ({cause}). {hint}")]
    Listen { addr: SocketAddr, cause: std::io::Error, hint: &'static str },
    #[error("{0}.")]
    Store(#[from] StoreError),
    #[error("The server failed: {0}.")]
    Io(#[from] std::io::Error),
}

/// Makes the data directory and opens the store in it.
///
/// # Errors
/// [`StartError::Data`] when the directory cannot be written, [`StartError::Store`] when the database cannot be opened.
pub async fn open_store(data: &DataArgs, commits: mpsc::Sender<Committed>) -> Result<SqliteStore, StartError> {
    prepare(&data.data)?;
    Ok(SqliteStore::open(&data.database(), commits).await?)
}

/// Makes the directory and proves that it can be written.
fn prepare(directory: &Path) -> Result<(), StartError> {
    try_prepare(directory).map_err(|cause| StartError::Data { path: directory.display().to_string(), cause })
}

fn try_prepare(directory: &Path) -> std::io::Result<()> {
    // What visitors wrote is nobody else's business on this machine.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let probe = directory.join(".frontdesk-write-test");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

/// Serves until the process is told to stop.
///
/// # Errors
/// [`StartError`].
pub async fn serve(args: ServeArgs) -> Result<(), StartError> {
    logs::start().map_err(StartError::Configuration)?;
    check_environment().map_err(StartError::Configuration)?;
    let identity = args.identity().map_err(StartError::Configuration)?;
    prepare(&args.data.data)?;
    let _lock = DataLock::take(&args.data.data, &args.data.database())?;
    let mailer = Mailer::new(args.smtp_url.as_deref(), &args.mail_from, &args.data.data.join("mail"))
        .map_err(|error| StartError::Configuration(error.to_string()))?;
    if !args.files().contains("://") {
        prepare(Path::new(&args.files()))?;
    }
    let files = FileStore::open(&args.files()).map_err(|error| StartError::Configuration(error.to_string()))?;
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| StartError::Configuration(format!("The metrics cannot be recorded: {error}.")))?;
    let listener = TcpListener::bind(args.addr).await.map_err(|cause| StartError::Listen {
        addr: args.addr,
        hint: match cause.kind() {
            std::io::ErrorKind::AddrInUse => {
                "Another program uses this port: stop it, or choose another port with --addr or FRONTDESK_ADDR."
            }
            std::io::ErrorKind::PermissionDenied => {
                "Ports below 1024 need special rights: choose a higher one with --addr or FRONTDESK_ADDR."
            }
            _ => "Choose another address with --addr or FRONTDESK_ADDR.",
        },
        cause,
    })?;
    let (commits, committed) = mpsc::channel(COMMITS);
    let store = open_store(&args.data, commits).await?;

    let closing = CancellationToken::new();
    let furniture = Furniture {
        links: Signer::new(link_secret(&store).await?),
        identity,
        store: Arc::new(store.clone()),
        hub: Hub::new(closing.clone()),
        files,
        mail_to_files: args.smtp_url.is_none(),
        mail_from: args.mail_from.clone(),
    };
    let desk = Desk::open(furniture, committed).await?;
    desk.hub().expect_consoles();
    register_server_functions();
    announce(&args, &desk).await?;
    let worker =
        Worker { desk: desk.clone(), mailer, company: company(&args.mail_from), mail_domain: mail_domain(&args) };
    tokio::spawn(upkeep(metrics.clone()));
    let worker = tokio::spawn(jobs::run(worker, closing.clone()));
    let owners = tokio::spawn(jobs::look_after_owners(desk.clone(), closing.clone()));
    let tidy = tokio::spawn(tidy(desk.clone(), closing.clone()));

    // Before anything is answered: whoever has heard from this server may ask it to stop.
    let stop = stop_signal();
    let door = door::open(listener, args.trusted_proxies.clone());
    let app = router(AppState {
        desk,
        config: Arc::new(args),
        metrics,
        counting: Arc::default(),
        readiness: Arc::default(),
        gate: gate::room(),
    });
    let server = tokio::spawn(connections::serve(door, app, closing.clone()));
    stop.await;
    tracing::info!("stopping: finishing what is committed, telling the sockets");
    closing.cancel();
    // What is still running after that is cut off; everything acknowledged is on disk already.
    let _ = tokio::time::timeout(STOP_WITHIN, async { tokio::join!(server, worker, owners, tidy) }).await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// The secret that links to files are signed with: made once, kept with everything else.
async fn link_secret(store: &SqliteStore) -> Result<[u8; 32], StartError> {
    let fresh = token::new_token().map_err(|error| StoreError::Failed(error.to_string()))?;
    let json = serde_json::Value::from(fresh).to_string();
    let kept = store.ensure_setting("link_secret", &json).await?;
    let text = serde_json::from_str::<String>(&kept).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    token::hash(&text).ok_or_else(|| StoreError::Corrupt("the setting link_secret".into()).into())
}

/// Says where to go next.
async fn announce(args: &ServeArgs, desk: &Desk) -> Result<(), StartError> {
    let url = args.public_url();
    println!("Frontdesk {} serves on {url}", env!("CARGO_PKG_VERSION"));
    match desk.open_setup().await? {
        Some(token) => {
            println!("  First, create an admin with this one-time link (valid for 24 hours):");
            println!("  {url}/setup?token={token}");
        }
        None => println!("  Console:      {url}/console"),
    }
    println!("  Example shop: {url}/demo");
    if !assets::has_client() {
        println!("  This build has no browser code in it: use `make run` or `cargo leptos`.");
    }
    Ok(())
}

/// The functions that browsers call. Listed by hand: the linker may drop what nothing names.
fn register_server_functions() {
    use crate::api;
    use server_fn::axum::register_explicit;
    register_explicit::<api::VisitorCommand>();
    register_explicit::<api::GetVisitorState>();
    register_explicit::<api::AgentCommand>();
    register_explicit::<api::GetMe>();
    register_explicit::<api::ChatList>();
    register_explicit::<api::SetAvailable>();
    register_explicit::<api::ForgetReleased>();
    register_explicit::<api::LeaveMessage>();
    register_explicit::<api::VisitorUpload>();
    register_explicit::<api::VisitorFileLinks>();
    register_explicit::<api::AgentUpload>();
    register_explicit::<api::AgentFileLinks>();
    register_explicit::<api::SearchChats>();
    register_explicit::<api::SiteVisitors>();
    register_explicit::<api::EarlierChats>();
    register_explicit::<api::GetLabels>();
    register_explicit::<api::CreateLabel>();
    register_explicit::<api::TicketList>();
    register_explicit::<api::GetTicket>();
    register_explicit::<api::ChangeTicket>();
    register_explicit::<api::GetColleagues>();
    register_explicit::<api::GetAgents>();
    register_explicit::<api::SaveAgent>();
    register_explicit::<api::GetDepartments>();
    register_explicit::<api::SaveDepartment>();
    register_explicit::<api::RemoveDepartment>();
    register_explicit::<api::GetSites>();
    register_explicit::<api::SaveSite>();
    register_explicit::<api::RemoveSite>();
    register_explicit::<api::SaveLabel>();
    register_explicit::<api::RemoveLabel>();
    register_explicit::<api::GetBlocks>();
    register_explicit::<api::LiftBlock>();
    register_explicit::<api::SaveRules>();
    register_explicit::<api::GetMailQueue>();
    register_explicit::<api::RetryMail>();
    register_explicit::<api::SendTestMail>();
}

/// The right side of `Message-ID`s: the host of the public address.
fn mail_domain(args: &ServeArgs) -> String {
    let url = args.public_url();
    let host = url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    let host = host.unwrap_or_default();
    if host.chars().any(|c| c.is_ascii_alphabetic()) && !host.starts_with('[') {
        host
    } else {
        "frontdesk.invalid".into()
    }
}

/// How the company calls itself in mails: the name of the sender.
fn company(mail_from: &str) -> String {
    let name = mail_from.split('<').next().unwrap_or_default().trim().trim_matches('"').trim();
    if name.is_empty() || name.contains('@') { "Frontdesk".into() } else { name.to_owned() }
}

async fn tidy(desk: Desk, closing: CancellationToken) {
    loop {
        if let Err(error) = desk.store().remove_expired(crate::desk::now()).await {
            tracing::warn!(%error, "what has expired could not be forgotten");
        }
        if let Err(error) = desk.tidy_released().await {
            tracing::warn!(%error, "old notices of chats that were taken could not be forgotten");
        }
        if let Err(error) = desk.tidy_uploads().await {
            tracing::warn!(%error, "files that were never sent could not be forgotten");
        }
        // Those that have run out take no more memory.
        if let Err(error) = desk.refresh_blocks().await {
            tracing::warn!(%error, "the blocks could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(TIDY_EVERY) => {}
            () = closing.cancelled() => return,
        }
    }
}

/// Keeps the memory of the metrics bounded also while nobody reads them.
async fn upkeep(metrics: PrometheusHandle) {
    let mut tick = tokio::time::interval(METRICS_UPKEEP);
    loop {
        tick.tick().await;
        metrics.run_upkeep();
    }
}

/// Hears Ctrl+C and SIGTERM from now on; ends with the first of them.
fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        match signals {
            (Ok(mut interrupt), Ok(mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            _ => {
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
}
