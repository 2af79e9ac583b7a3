//! The torture test: the real binary over real sockets, through a bad network, killed at random moments, with a disk that
//! is full or read-only at times, agents who vanish, and backups meanwhile. In the end what every client was told is compared with what is on disk.
//!
//! `TORTURE_SECONDS` says for how long there is trouble, `TORTURE_SEED` which; `make torture SECONDS=300` sets the first.

mod agent;
mod backups;
mod begun;
mod chance;
mod disk;
mod http;
mod ledger;
mod line;
mod live;
mod overload;
mod post;
mod power;
mod proxy;
mod read_only;
mod ready;
mod rush;
mod server;
mod talk;
mod too_many;
mod trouble;
mod vanish;
mod verdict;
mod visitor;
mod world;

use backups::Backups;
use chance::Chance;
use disk::Disk;
use frontdesk::auth::token;
use frontdesk::model::agent::Role;
use frontdesk::model::rules::Rules;
use frontdesk::store::sqlite::SqliteStore;
use frontdesk::store::{NewAgent, PeopleStore as _, SettingsStore as _, TokenHash};
use post::Post;
use proxy::Proxy;
use server::Server;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use trouble::{Done, Trouble};
use world::World;

const VISITORS: u64 = 6;
const AGENTS: u64 = 3;
/// Trouble in the ordinary run.
const SECONDS: u64 = 18;
/// After the trouble every client must come to its end within this time.
const END_WITHIN: Duration = Duration::from_secs(90);
/// And the outbox be empty; a job whose worker was killed waits 20 s for its lease to end.
const MAILED_WITHIN: Duration = Duration::from_secs(60);

/// Agents with a session each, as they are after logging in.
pub async fn agents(data: &Path, count: u64) -> Vec<String> {
    std::fs::create_dir_all(data).expect("the directory");
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.expect("the database");
    let mut sessions = Vec::new();
    for number in 1..=count {
        let agent = NewAgent {
            name: format!("Agent {number}"),
            email: format!("agent-{number}@example.com"),
            role: Role::Agent,
            password_hash: "nobody logs in".into(),
            departments: vec![],
        };
        let id = store.add_agent(agent, 1).await.expect("an agent");
        let session = token::new_token().expect("chance");
        let hash = TokenHash(token::hash(&session).expect("a token"));
        store.add_session(hash, id, 1, i64::MAX).await.expect("a session");
        sessions.push(session);
    }
    store.close().await;
    sessions
}

/// An agent without a console loses their chats soon.
async fn give_back_soon(data: &Path) {
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.expect("the database");
    let rules = Rules { release_after_s: vanish::RELEASE_AFTER_S, ..Rules::default() };
    store.set_setting("rules", &serde_json::to_string(&rules).expect("rules")).await.expect("they are set");
    store.close().await;
}

fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} takes a number, not {text}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_shown_to_the_wrong_side_whatever_is_cut_killed_or_full() {
    let seconds = number_from("TORTURE_SECONDS").unwrap_or(SECONDS);
    let seed = number_from("TORTURE_SEED").unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1);
    println!("{seconds} s of trouble with TORTURE_SEED={seed}");
    let chance = Chance::new(seed);
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let sessions = agents(&data, AGENTS).await;
    give_back_soon(&data).await;
    let post = Post::start(chance.branch(3)).await;
    let disk = Disk::new(directory.path(), &data);
    let mut server = Server::on(disk, &data).with("FRONTDESK_SMTP_URL", post.url());
    server.start().await;
    let proxy = Proxy::start(server.addr(), chance.branch(1)).await;
    let (close, closing) = watch::channel(false);
    let world = Arc::new(World {
        addr: proxy.addr(),
        ledger: Arc::default(),
        closing,
        held: Default::default(),
        sessions,
        gone: watch::Sender::new(None),
        absences: Default::default(),
        lasting: Default::default(),
        busy: Default::default(),
        stayed: Default::default(),
        visitors: AtomicU64::new(1),
        last_chat: AtomicI64::new(0),
    });
    let (stop_agents, stopping) = watch::channel(false);
    let desk: Vec<_> = (1..)
        .zip(world.sessions.clone())
        .map(|(number, session)| {
            tokio::spawn(agent::run(world.clone(), number, session, stopping.clone(), chance.branch(100 + number)))
        })
        .collect();
    let crowd: Vec<_> =
        (0..VISITORS).map(|number| tokio::spawn(visitor::run(world.clone(), chance.branch(200 + number)))).collect();

    proxy.be_bad(true);
    post.be_bad(true);
    let mut backups = Backups::new(directory.path());
    let trouble = Trouble {
        server: &mut server,
        proxy: &proxy,
        world: &world,
        backups: &mut backups,
        chance: chance.branch(2),
        done: Done::default(),
    };
    let done = trouble.run(Duration::from_secs(seconds)).await;
    proxy.be_bad(false);
    post.be_bad(false);
    proxy.cut_all();
    close.send_replace(true);
    let ended = async {
        for visitor in crowd {
            visitor.await.expect("a visitor's task");
        }
        stop_agents.send_replace(true);
        for agent in desk {
            agent.await.expect("an agent's task");
        }
    };
    let in_time = tokio::time::timeout(END_WITHIN, ended).await.is_ok();
    assert!(in_time, "somebody never came to an end: {:?}\n{:?}", world.ledger.broken.lock().unwrap(), server.log());
    let mailed = empty_outbox(&server).await;
    assert!(mailed, "the outbox is not emptied: {:?}", server.log());
    // Nothing that was promised needs a stop in good order.
    server.kill();

    let check = server.beside(&["check"]);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    let letters = post.taken();
    let (compared, mut broken) = verdict::judge(&world, &data, &letters, &done, &backups).await;
    let (connections, troubled) = proxy.counts();
    let ledger = &world.ledger;
    println!(
        "{} kills, {} stops, {} times all cut, {} times full, {} over a quota, {} read-only, {} agents gone, {} backups, \
         {troubled} of {connections} connections in trouble",
        done.kills, done.stops, done.cuts, done.full, done.over_quota, done.read_only, done.absences, compared.backups
    );
    println!(
        "{} chats with {} events on disk, {} commands acknowledged, {} events at clients, {} given back, {} transcripts, \
         {} of them twice",
        compared.chats,
        compared.events,
        compared.acked,
        compared.held,
        compared.released,
        compared.mailed,
        compared.mailed_again
    );
    println!(
        "{} answers lost, {} times not stored, {} commands repeated; {}",
        ledger.lost_answers.load(Ordering::Relaxed),
        ledger.not_stored.load(Ordering::Relaxed),
        ledger.repeated.load(Ordering::Relaxed),
        said.trim()
    );
    if !check.status.success() {
        broken.push(format!("frontdesk check: {said}{}", String::from_utf8_lossy(&check.stderr)));
    }
    assert!(broken.is_empty(), "with TORTURE_SEED={seed}:\n{}\n{:#?}", broken.join("\n"), server.log());
    // And there was something to lose.
    assert!(done.kills > 0 && done.cuts > 0 && done.over_quota > 0 && troubled > 20, "{done:?}");
    assert!(world.stayed.load(Ordering::Relaxed) > 0, "nobody had to be there for long");
    assert!(done.full > 0 && done.read_only > 0 && done.absences > 0 && compared.backups > 0, "{done:?}");
    assert!(ledger.lost_answers.load(Ordering::Relaxed) > 0 && ledger.not_stored.load(Ordering::Relaxed) > 0);
    assert!(
        compared.acked > 100 && compared.mailed > 0 && compared.held > 100 && compared.released > 0,
        "{compared:?}"
    );
}

/// Waits until no mail is due.
async fn empty_outbox(server: &Server) -> bool {
    let began = Instant::now();
    while began.elapsed() < MAILED_WITHIN {
        if let Ok((200, figures)) = http::get(server.addr(), "/metrics").await {
            let figures = String::from_utf8_lossy(&figures);
            let due = figures.lines().find_map(|line| line.strip_prefix("frontdesk_outbox{state=\"due\"} "));
            if due == Some("0") {
                return true;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    false
}
