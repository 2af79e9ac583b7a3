//! A rush: from many addresses comes many times what a server works on at one time, which is well otherwise.

use crate::agents;
use crate::chance::Chance;
use crate::line::{Answer, Line, call, page};
use crate::server::{Server, raise_open_files};
use crate::talk::{message, start};
use crate::visitor::token;
use frontdesk::model::chat::Audience;
use frontdesk::model::ids::{ChatId, CommandId};
use frontdesk::store::ChatStore as _;
use frontdesk::store::sqlite::SqliteStore;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use uuid::Uuid;

/// What the server works on at one time, and of one address: `docs/protocol.md`, Limits.
const AT_ONCE: usize = 1_024;
const PER_ADDRESS: usize = 256;
/// So many times that comes, if the test may have so many files open.
const TIMES: usize = 10;
/// Addresses from which it comes, each with a visitor.
const ADDRESSES: usize = 64;
/// Files that the test and the server need for everything else.
const OTHER_FILES: usize = 1_000;
/// For this long everybody who was refused asks again at once.
const RUSH: Duration = Duration::from_secs(2);
/// Whoever is too much must be told so within this time, and everybody be told that the server is alive. That of a build
/// without optimisation beside other tests.
const TOLD_WITHIN: Duration = Duration::from_secs(5);
/// How often it is asked whether it is alive.
const ALIVE_EVERY: Duration = Duration::from_millis(50);
/// When the rush is over somebody new is served within this time.
const RECOVERED_WITHIN: Duration = Duration::from_secs(5);
/// The server's memory may grow by so much for each connection, in a build without optimisation, and by so much beside,
/// however often everybody asks.
const KIB_PER_CONNECTION: u64 = 32;
const KIB_BESIDE: u64 = 32 << 10;
/// Nothing here takes longer, or something hangs.
const DONE_WITHIN: Duration = Duration::from_secs(60);
/// Connections that are opened at one time: fewer than the kernel keeps for a server until it takes them.
const OPENING: usize = 200;

#[derive(Clone)]
struct Visitor {
    server: SocketAddr,
    /// From where they call: loopback has sixteen million addresses.
    address: Ipv4Addr,
    token: String,
    chat: Value,
}

/// A call that is made.
#[derive(Clone)]
struct Call {
    visitor: Visitor,
    id: Uuid,
    bytes: Vec<u8>,
}

fn address(number: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 1 + (number >> 8) as u8, number as u8, 1)
}

impl Visitor {
    /// A visitor with a chat.
    async fn comes(server: SocketAddr, address: Ipv4Addr, chance: &mut Chance) -> Self {
        let visitor = Visitor { server, address, token: token(chance), chat: Value::Null };
        let chat = visitor.gives(&start("Hello?")).until_stored(&Told::default()).await;
        Visitor { chat, ..visitor }
    }

    fn gives(&self, command: &Value) -> Call {
        let id = Uuid::now_v7();
        let body = json!({ "chat": self.chat, "id": id, "command": command }).to_string();
        Call { visitor: self.clone(), id, bytes: call("/api/visitor/command", &self.token, &body) }
    }

    async fn calls(&self) -> io::Result<Line> {
        Line::open(self.server, self.address).await
    }
}

impl Call {
    /// Made on this connection, or on a new one; with the answer comes the connection if it stays.
    async fn make(&self, kept: Option<Line>) -> io::Result<(Answer, Option<Line>)> {
        let mut line = match kept {
            Some(line) => line,
            None => self.visitor.calls().await?,
        };
        line.say(&self.bytes).await?;
        let answer = line.hear().await?;
        let kept = (!answer.is_last).then_some(line);
        Ok((answer, kept))
    }

    /// Made again and again until it is acknowledged; returns the chat.
    async fn until_stored(&self, told: &Told) -> Value {
        let make = async {
            loop {
                if let Ok((answer, _)) = self.make(None).await
                    && answer.status == 200
                {
                    told.note(self.id, &answer);
                    return serde_json::from_slice::<Value>(&answer.body).expect("an answer")["chat"].clone();
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(DONE_WITHIN, make).await.expect("it is acknowledged")
    }
}

/// What everybody was told.
#[derive(Default)]
struct Told {
    /// The place in the log of each message that was acknowledged.
    acked: Mutex<HashMap<Uuid, (i64, i64)>>,
    refused: AtomicUsize,
    /// What should not have been.
    wrong: Mutex<Vec<String>>,
}

impl Told {
    fn note(&self, id: Uuid, answer: &Answer) {
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        match answer.status {
            200 => {
                let place = (said["chat"].as_i64().unwrap_or_default(), said["seq"].as_i64().unwrap_or_default());
                self.acked.lock().unwrap().insert(id, place);
            }
            503 if said["error"] == "busy" && answer.retry_after.is_some() => {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.wrong(format!("{answer:?} says {said}")),
        }
    }

    fn wrong(&self, sentence: String) {
        self.wrong.lock().unwrap().push(sentence);
    }

    fn acked(&self) -> usize {
        self.acked.lock().unwrap().len()
    }

    fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    fn nothing_is_wrong(&self) {
        let wrong = self.wrong.lock().unwrap();
        assert!(wrong.is_empty(), "{} answers are wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
    }
}

/// Asks from now on whether the server is alive, on a connection that stays and on new ones in turn.
struct Watch {
    stop: watch::Sender<bool>,
    asking: JoinHandle<Result<Duration, String>>,
}

impl Watch {
    fn over(server: SocketAddr) -> Self {
        let stop = watch::Sender::new(false);
        let asking = tokio::spawn(Self::ask(server, stop.subscribe()));
        Watch { stop, asking }
    }

    async fn ask(server: SocketAddr, mut stop: watch::Receiver<bool>) -> Result<Duration, String> {
        let from = address(50_000);
        let mut kept = None;
        let mut slowest = Duration::ZERO;
        while !*stop.borrow() {
            let asked = Instant::now();
            let is_new = kept.is_none();
            let answer = async {
                let mut line = match kept.take() {
                    Some(line) => line,
                    None => Line::open(server, from).await?,
                };
                line.say(&page("/healthz")).await?;
                Ok::<_, io::Error>((line.hear().await?, line))
            };
            match timeout(DONE_WITHIN, answer).await {
                Ok(Ok((answer, line))) if answer.status == 200 => {
                    slowest = slowest.max(asked.elapsed());
                    kept = Some(line).filter(|_| is_new);
                }
                other => {
                    let answer = other.map(|answer| answer.map(|(answer, _)| answer));
                    return Err(format!("on a new connection: {is_new}: {answer:?}"));
                }
            }
            let _ = timeout(ALIVE_EVERY, stop.changed()).await;
        }
        Ok(slowest)
    }

    /// It was alive all the time; the slowest answer took so long.
    async fn ends(self) -> Duration {
        self.stop.send_replace(true);
        self.asking.await.unwrap().expect("it is alive all the time")
    }
}

/// Callers who are inside: all but the last byte of their call has come, so that the server waits for them.
struct Inside {
    calls: JoinSet<()>,
    finish: watch::Sender<bool>,
}

impl Inside {
    /// Lets so many in, and returns when there is no more room for any of them.
    async fn fill(visitors: &[Visitor], room: usize, told: &Arc<Told>) -> Self {
        let opening = Arc::new(Semaphore::new(OPENING));
        let mut inside = Inside { calls: JoinSet::new(), finish: watch::Sender::new(false) };
        for number in 0..room {
            let call = visitors[number % visitors.len()].gives(&message(&format!("Message {number}")));
            let (told, opening, finish) = (told.clone(), opening.clone(), inside.finish.subscribe());
            inside.calls.spawn(async move {
                match Self::stay(&call, &opening, finish).await {
                    Ok(answer) => told.note(call.id, &answer),
                    Err(error) => told.wrong(format!("no answer to one who was inside: {error}")),
                }
            });
        }
        let looks =
            Call { bytes: call("/api/visitor/state", &visitors[0].token, "{}"), ..visitors[0].gives(&json!({})) };
        let is_full = async {
            while !matches!(looks.make(None).await, Ok((Answer { status: 503, .. }, _))) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(DONE_WITHIN, is_full).await.expect("at some time there is no room left");
        inside
    }

    async fn stay(call: &Call, opening: &Semaphore, mut finish: watch::Receiver<bool>) -> io::Result<Answer> {
        let (most, last) = call.bytes.split_at(call.bytes.len() - 1);
        loop {
            let mut line = {
                let _turn = opening.acquire().await;
                let mut line = call.visitor.calls().await?;
                // Then it has been taken out of the kernel's queue.
                line.say(&page("/healthz")).await?;
                line.hear().await?;
                line.say(most).await?;
                line
            };
            let is_time = tokio::select! {
                // The one who looks whether there is room was quicker: once more.
                refused = line.wait() => refused.map(|()| false)?,
                _ = finish.wait_for(|finish| *finish) => true,
            };
            if is_time {
                line.say(last).await?;
                return line.hear().await;
            }
        }
    }

    /// The last byte of each comes, and they are answered.
    async fn finish(self) {
        self.finish.send_replace(true);
        timeout(DONE_WITHIN, self.calls.join_all()).await.expect("everybody was answered");
    }
}

/// Callers for whom there is no room. They stay connected.
struct Crowd {
    callers: JoinSet<()>,
    calls: Vec<Call>,
    /// How long the slowest of their first answers took.
    slowest: Duration,
    again: watch::Sender<bool>,
    over: watch::Sender<bool>,
}

impl Crowd {
    /// So many come, and are told that it is too much.
    async fn comes(visitors: &[Visitor], many: usize, told: &Arc<Told>) -> Self {
        let opening = Arc::new(Semaphore::new(OPENING));
        let (again, over) = (watch::Sender::new(false), watch::Sender::new(false));
        let (came, mut coming) = mpsc::channel(many);
        let mut callers = JoinSet::new();
        for number in 0..many {
            let call = visitors[number % visitors.len()].gives(&message("Is anybody there?"));
            let (told, opening, came) = (told.clone(), opening.clone(), came.clone());
            let (mut again, over) = (again.subscribe(), over.subscribe());
            callers.spawn(async move {
                let mut kept = None;
                while !*over.borrow() {
                    let turn = if kept.is_none() { Some(opening.acquire().await) } else { None };
                    let asked = Instant::now();
                    match call.make(kept.take()).await {
                        Ok((answer, line)) => {
                            told.note(call.id, &answer);
                            kept = line;
                        }
                        Err(error) => told.wrong(format!("no answer to one of too many: {error}")),
                    }
                    drop(turn);
                    if !*again.borrow() {
                        let _ = came.send((call.clone(), asked.elapsed())).await;
                        let _ = again.wait_for(|again| *again).await;
                    }
                }
            });
        }
        let mut crowd = Crowd { callers, calls: Vec::new(), slowest: Duration::ZERO, again, over };
        while crowd.calls.len() < many {
            let next = timeout(DONE_WITHIN, coming.recv()).await.expect("everybody was answered");
            let (call, took) = next.expect("a caller");
            crowd.slowest = crowd.slowest.max(took);
            crowd.calls.push(call);
        }
        crowd
    }

    /// All ask again and again at once, whatever they are told, and leave.
    async fn rushes(self) -> Vec<Call> {
        self.again.send_replace(true);
        tokio::time::sleep(RUSH).await;
        self.over.send_replace(true);
        timeout(DONE_WITHIN, self.callers.join_all()).await.expect("everybody was answered");
        self.calls
    }
}

/// Each command of these chats with its places in their logs.
async fn stored(data: &Path, visitors: &[Visitor]) -> HashMap<Uuid, Vec<(i64, i64)>> {
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.unwrap();
    let mut places: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
    for visitor in visitors {
        let chat = visitor.chat.as_i64().unwrap();
        for event in store.events(ChatId(chat), Audience::Agents, 0, 1_000_000).await.unwrap() {
            if let Some(CommandId(id)) = event.command {
                places.entry(id).or_default().push((chat, event.seq));
            }
        }
    }
    store.close().await;
    places
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_what_can_be_done_is_refused_at_once_and_costs_neither_memory_nor_what_was_acknowledged() {
    let files = usize::try_from(raise_open_files()).unwrap();
    let crowd = files.saturating_sub(OTHER_FILES).min(TIMES * AT_ONCE);
    assert!(crowd >= 2 * AT_ONCE, "{files} open files are too few for a crowd: see ulimit -Hn");
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    agents(&data, 1).await;
    let mut server = Server::new(&data);
    server.start().await;
    let mut chance = Chance::new(Uuid::now_v7().as_u64_pair().1);
    let mut visitors = Vec::new();
    for number in 0..ADDRESSES {
        visitors.push(Visitor::comes(server.addr(), address(number), &mut chance).await);
    }
    let newcomer = Visitor::comes(server.addr(), address(60_000), &mut chance).await;
    let told: Arc<Told> = Arc::default();
    let idle = server.memory("VmRSS");
    let watch = Watch::over(server.addr());

    // As much from one address as it has room for, while others are served.
    let one = address(61_000);
    let company: Vec<Visitor> =
        visitors[..8].iter().map(|visitor| Visitor { address: one, ..visitor.clone() }).collect();
    let inside = Inside::fill(&company, PER_ADDRESS, &told).await;
    newcomer.gives(&message("May I?")).until_stored(&told).await;
    inside.finish().await;
    told.nothing_is_wrong();
    assert_eq!(told.acked(), PER_ADDRESS + 1);

    // As much from everywhere as there is room for, and then many times that.
    let inside = Inside::fill(&visitors, AT_ONCE, &told).await;
    let mut refused = told.refused();
    let come = Crowd::comes(&visitors, crowd - AT_ONCE, &told).await;
    let (slowest, all_here) = (come.slowest, server.memory("VmHWM"));
    let calls = come.rushes().await;
    refused = told.refused() - refused;
    inside.finish().await;
    told.nothing_is_wrong();
    assert_eq!(told.acked(), PER_ADDRESS + 1 + AT_ONCE, "who was inside was served, and nobody else");

    let over = Instant::now();
    newcomer.gives(&message("And now?")).until_stored(&told).await;
    let recovered = over.elapsed();
    // Who was refused comes back, some of them.
    for call in calls.iter().take(ADDRESSES) {
        call.until_stored(&told).await;
    }
    let alive = watch.ends().await;
    let most = server.memory("VmHWM");
    println!(
        "{crowd} at once, {refused} answers that it is too much, the first within {slowest:?}; alive within {alive:?}, \
         recovered within {recovered:?}; {idle} KiB before, {all_here} KiB with all, {most} KiB at most"
    );
    assert!(refused > 2 * (crowd - AT_ONCE), "nobody asked again");
    assert!(slowest < TOLD_WITHIN, "refused after {slowest:?} only");
    assert!(alive < TOLD_WITHIN, "alive after {alive:?} only");
    assert!(recovered < RECOVERED_WITHIN, "recovered after {recovered:?} only");
    let bound = KIB_BESIDE + KIB_PER_CONNECTION * crowd as u64;
    assert!(all_here - idle < bound, "{idle} KiB before, and then {all_here} KiB");
    assert!(most - all_here < KIB_BESIDE, "{all_here} KiB with all, and then {most} KiB");

    server.stop().await;
    let check = server.beside(&["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    visitors.push(newcomer);
    let stored = stored(&data, &visitors).await;
    for (id, place) in &*told.acked.lock().unwrap() {
        assert_eq!(stored.get(id), Some(&vec![*place]), "{id} was acknowledged at {place:?}");
    }
}
