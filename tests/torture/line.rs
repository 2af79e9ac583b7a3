//! A connection that speaks HTTP by itself, from an address of its own: ten thousand of them have to be cheap.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};

/// What is read at one time; answers are short.
const BUFFER: usize = 1 << 10;

pub struct Line {
    stream: BufReader<TcpStream>,
}

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The header `Retry-After`, when it is a number of seconds.
    pub retry_after: Option<u64>,
    /// Nothing more can be asked on this connection.
    pub is_last: bool,
    pub body: Vec<u8>,
}

impl Line {
    /// A connection to the server from this address of the machine.
    pub async fn open(server: SocketAddr, from: Ipv4Addr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Line { stream: BufReader::with_capacity(BUFFER, stream) })
    }

    pub async fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Waits until something comes. Nothing of it is taken.
    pub async fn wait(&mut self) -> io::Result<()> {
        self.stream.fill_buf().await.map(drop)
    }

    /// The next answer, whole.
    pub async fn hear(&mut self) -> io::Result<Answer> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: {first:?}")))?;
        let mut answer = Answer { status, retry_after: None, is_last: false, body: Vec::new() };
        let mut length = 0;
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match &*name.to_ascii_lowercase() {
                "retry-after" => answer.retry_after = value.parse().ok(),
                "content-length" => length = value.parse().map_err(io::Error::other)?,
                "connection" => answer.is_last = value.eq_ignore_ascii_case("close"),
                "transfer-encoding" => return Err(io::Error::other("an answer in pieces")),
                _ => {}
            }
        }
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body).await?;
        Ok(answer)
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

/// A call of the API by a visitor, as bytes.
pub fn call(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: chat.example\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A request for a page, as bytes.
pub fn page(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: chat.example\r\n\r\n").into_bytes()
}
