//! More connections than there is room for: too many of all, and too many live ones from one address.

use crate::agents;
use crate::chance::Chance;
use crate::http::Caller;
use crate::line::{Line, page};
use crate::server::{Server, raise_open_files};
use crate::talk::{message, start, until_stored, visitor};
use crate::visitor::token;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Files that the server may have open, and how many of them it keeps for everything but connections.
const FILES: u64 = 512;
const OTHER_FILES: usize = 128;
/// So many times the connections for which there is room.
const TIMES: usize = 10;
/// Connections that are opened at one time.
const OPENING: usize = 100;
/// Live connections that there may be from one address, and of one visitor: `docs/protocol.md`, Limits.
const LIVE_PER_ADDRESS: usize = 1_000;
const LIVE_PER_VISITOR: usize = 20;
/// The codes with which those that are too many are closed.
const CROWDED: u16 = 4_007;
const TOO_MANY_WINDOWS: u16 = 4_008;
/// Whoever is too much must be told so within this time, and who comes when there is room be served.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_for_which_there_is_no_room_are_told_so_and_when_there_is_others_come_in() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    agents(&data, 1).await;
    let mut server = Server::new(&data).with_open_files(FILES);
    server.start().await;
    let addr = server.addr();
    let ada = visitor(addr, 1);
    let chat = until_stored(&ada, Value::Null, Uuid::now_v7(), &start("Hello?")).await;
    // Who watches the server is here already.
    let mut watch = Line::open(addr, Ipv4Addr::LOCALHOST).await.unwrap();
    watch.say(&page("/healthz")).await.unwrap();
    assert_eq!(watch.hear().await.unwrap().status, 200);

    let room = FILES as usize - OTHER_FILES;
    let (mut inside, mut refused) = (Vec::new(), 0);
    let idle = server.memory("VmRSS");
    for batch in 0..TIMES * room / OPENING {
        let mut coming = JoinSet::new();
        for number in 0..OPENING {
            let from = Ipv4Addr::new(127, 2, batch as u8, number as u8);
            coming.spawn(async move {
                let mut line = Line::open(addr, from).await.expect("a connection");
                line.say(&page("/favicon.svg")).await.ok();
                let answer = timeout(TOLD_WITHIN, line.hear()).await.expect("it is told in time");
                (line, answer.expect("an answer"))
            });
        }
        for (line, answer) in coming.join_all().await {
            match answer.status {
                200 => inside.push(line),
                status => {
                    assert_eq!((status, answer.is_last), (503, true), "{answer:?}");
                    assert!(answer.retry_after.is_some(), "when to come back: {answer:?}");
                    refused += 1;
                }
            }
        }
        watch.say(&page("/healthz")).await.unwrap();
        assert_eq!(timeout(TOLD_WITHIN, watch.hear()).await.expect("in time").unwrap().status, 200, "it is alive");
        // Also to who comes now.
        let mut another = Line::open(addr, Ipv4Addr::new(127, 4, 0, batch as u8)).await.unwrap();
        another.say(&page("/healthz")).await.unwrap();
        assert_eq!(timeout(TOLD_WITHIN, another.hear()).await.expect("in time").unwrap().status, 200, "it is alive");
    }
    let most = server.memory("VmHWM");
    println!("{} connections inside, {refused} refused; {idle} KiB before, {most} KiB at most", inside.len());
    assert!(inside.len() < room && inside.len() > room / 2, "{} connections are inside", inside.len());
    assert!(refused > 8 * room, "only {refused} were refused");
    assert!(most - idle < 64 << 10, "{idle} KiB before, and then {most} KiB");

    drop(inside);
    let left = Instant::now();
    until_stored(&ada, chat, Uuid::now_v7(), &message("Back again")).await;
    assert!(left.elapsed() < TOLD_WITHIN, "served after {:?} only", left.elapsed());
    server.stop().await;
}

type Socket = WebSocketStream<TcpStream>;

/// A live connection of this visitor from this address, with the first frame that the server says.
async fn live(server: SocketAddr, from: Ipv4Addr, token: &str) -> (Socket, Option<Message>) {
    let open = async {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("an address");
        let stream = socket.connect(server).await.expect("a connection");
        let (mut live, _) = tokio_tungstenite::client_async("ws://chat.example/live", stream).await.expect("it opens");
        let hello = json!({ "type": "hello", "protocol": 2, "token": token, "cursors": [] });
        // Who is too much is sent away before that.
        let _ = live.send(Message::text(hello.to_string())).await;
        let said = live.next().await.and_then(Result::ok);
        (live, said)
    };
    timeout(TOLD_WITHIN, open).await.expect("it is told in time")
}

/// Why the server sent somebody away.
fn reason(said: &Option<Message>) -> Option<(u16, String)> {
    match said {
        Some(Message::Close(Some(close))) => Some((close.code.into(), close.reason.to_string())),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_connections_that_are_too_many_are_closed_with_the_reason_and_others_come_in() {
    raise_open_files();
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    agents(&data, 1).await;
    let mut server = Server::new(&data);
    server.start().await;
    let addr = server.addr();
    let mut chance = Chance::new(Uuid::now_v7().as_u64_pair().1);
    let mut visitors = Vec::new();
    for number in 0..=LIVE_PER_ADDRESS / LIVE_PER_VISITOR {
        let identity = ("authorization", format!("Bearer {}", token(&mut chance)));
        let visitor = Caller { addr, identity, ip: format!("192.0.2.{number}") };
        until_stored(&visitor, Value::Null, Uuid::now_v7(), &start("Hello?")).await;
        visitors.push(visitor.identity.1["Bearer ".len()..].to_owned());
    }
    let (company, elsewhere) = (Ipv4Addr::new(127, 3, 0, 1), Ipv4Addr::new(127, 3, 0, 2));
    let (late, visitors) = visitors.split_last().unwrap();
    let mut inside = Vec::new();
    for visitor in visitors {
        let mut coming = JoinSet::new();
        for _ in 0..LIVE_PER_VISITOR {
            let visitor = visitor.clone();
            coming.spawn(async move { live(addr, company, &visitor).await });
        }
        for (socket, said) in coming.join_all().await {
            assert!(matches!(&said, Some(Message::Text(text)) if text.contains("welcome")), "{said:?}");
            inside.push(socket);
        }
    }
    for _ in 0..OPENING {
        let (code, sentence) = reason(&live(addr, company, late).await.1).expect("a reason");
        assert_eq!(code, CROWDED, "{sentence}");
        assert!(!sentence.is_empty());
    }
    let (code, sentence) = reason(&live(addr, elsewhere, &visitors[0]).await.1).expect("a reason");
    assert_eq!(code, TOO_MANY_WINDOWS, "{sentence}");
    let (_elsewhere, said) = live(addr, elsewhere, late).await;
    assert!(reason(&said).is_none() && said.is_some(), "others are welcome: {said:?}");
    inside.truncate(LIVE_PER_ADDRESS / 2);
    let left = Instant::now();
    while reason(&live(addr, company, late).await.1).is_some() {
        assert!(left.elapsed() < TOLD_WITHIN, "no room yet");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.stop().await;
}
