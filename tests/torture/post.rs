//! A mail server of the test's own. It keeps what it takes; at times it puts a letter off, or is gone before it has said
//! that it took it.

use crate::chance::Chance;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};

/// A letter that was taken.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub message_id: String,
    pub at: Instant,
    /// Whether the sender was told.
    pub is_answered: bool,
}

pub struct Post {
    addr: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    taken: Mutex<Vec<Letter>>,
    is_bad: AtomicBool,
    chance: Mutex<Chance>,
}

impl Post {
    pub async fn start(chance: Chance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let inner =
            Arc::new(Inner { taken: Mutex::default(), is_bad: AtomicBool::new(false), chance: Mutex::new(chance) });
        let serving = inner.clone();
        tokio::spawn(async move {
            while let Ok((sender, _)) = listener.accept().await {
                let inner = serving.clone();
                // A sender that is killed in the middle says no goodbye.
                tokio::spawn(async move { inner.talk(BufStream::new(sender)).await.ok() });
            }
        });
        Post { addr, inner }
    }

    /// What `FRONTDESK_SMTP_URL` names it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// From now on it has trouble with some letters, or none.
    pub fn be_bad(&self, bad: bool) {
        self.inner.is_bad.store(bad, Ordering::Relaxed);
    }

    /// All letters, in the order in which they were taken.
    pub fn taken(&self) -> Vec<Letter> {
        self.inner.taken.lock().unwrap().clone()
    }
}

impl Inner {
    /// Whether it has trouble now, in so many of a hundred times.
    fn fails(&self, percent: u64) -> bool {
        self.is_bad.load(Ordering::Relaxed) && self.chance.lock().unwrap().percent(percent)
    }

    async fn talk(&self, mut sender: BufStream<TcpStream>) -> io::Result<()> {
        let mut to = String::new();
        say(&mut sender, "220 mail.example ESMTP").await?;
        loop {
            let said = hear(&mut sender).await?;
            let answer = match said.get(..4).unwrap_or(&said).to_ascii_uppercase().as_str() {
                "RCPT" if self.fails(3) => "451 Try later",
                "RCPT" => {
                    to = between(&said, '<', '>');
                    "250 Fine"
                }
                "DATA" => {
                    say(&mut sender, "354 Go on").await?;
                    if !self.take(&mut sender, &to).await? {
                        return Ok(());
                    }
                    "250 Taken"
                }
                "QUIT" => return say(&mut sender, "221 Goodbye").await,
                _ => "250 Fine",
            };
            say(&mut sender, answer).await?;
        }
    }

    /// Takes a letter in, and returns whether to say so.
    async fn take(&self, sender: &mut BufStream<TcpStream>, to: &str) -> io::Result<bool> {
        let mut message_id = String::new();
        loop {
            let line = hear(sender).await?;
            if line == "." {
                break;
            }
            if message_id.is_empty() && line.to_ascii_lowercase().starts_with("message-id:") {
                message_id = between(&line, '<', '>');
            }
        }
        let is_answered = !self.fails(3);
        let letter = Letter { to: to.to_owned(), message_id, at: Instant::now(), is_answered };
        self.taken.lock().unwrap().push(letter);
        Ok(is_answered)
    }
}

/// What stands between two characters.
fn between(line: &str, from: char, to: char) -> String {
    line.split_once(from)
        .and_then(|(_, rest)| rest.split_once(to))
        .map_or_else(String::new, |(word, _)| word.to_owned())
}

async fn say(stream: &mut BufStream<TcpStream>, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear(stream: &mut BufStream<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}
