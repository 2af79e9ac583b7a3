//! HTTP/1.1 with keep-alive, as little of it as calls need: it shares the machine with what it measures.

use super::net;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest answer that is read, in bytes.
const MAX_ANSWER: usize = 16 << 20;

/// One connection that is kept.
pub struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, as long as the connection is not used again.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: &'a str,
}

impl Answer<'_> {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Http {
    /// Connects from this address.
    pub async fn open(from: Ipv4Addr, to: SocketAddr) -> io::Result<Self> {
        Ok(Http { stream: net::connect(from, to).await?, buffer: Vec::with_capacity(1 << 10) })
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn call(&mut self, request: &str) -> io::Result<Answer<'_>> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at;
            }
            self.more().await?;
        };
        let (status, length) = {
            let head = text(&self.buffer[..head])?;
            let answer = Answer { status: 0, head, body: "" };
            let status = head.get(9..12).and_then(|digits| digits.parse::<u16>().ok()).ok_or_else(unreadable)?;
            let length = match answer.header("content-length") {
                Some(length) => length.parse::<usize>().map_err(|_| unreadable())?,
                None if status == 204 || status == 304 => 0,
                None => return Err(unreadable()),
            };
            (status, length)
        };
        let body = head + 4;
        while self.buffer.len() < body + length {
            self.more().await?;
        }
        Ok(Answer { status, head: text(&self.buffer[..head])?, body: text(&self.buffer[body..body + length])? })
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.buffer.len() > MAX_ANSWER {
            return Err(unreadable());
        }
        self.buffer.reserve(1 << 10);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(all: &[u8], what: &[u8]) -> Option<usize> {
    all.windows(what.len()).position(|window| window == what)
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| unreadable())
}

fn unreadable() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer cannot be read")
}

/// A `POST` as a page of the server's own would send it. `identity` is the header that says who calls, or empty.
pub fn post(to: SocketAddr, path: &str, identity: &str, kind: &str, body: &str) -> String {
    let line = if identity.is_empty() { "" } else { "\r\n" };
    format!(
        "POST {path} HTTP/1.1\r\nhost: {to}\r\norigin: http://{to}\r\nsec-fetch-site: same-origin\r\n\
         user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\naccept: */*\r\n\
         accept-language: en-IE,en;q=0.5\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{identity}{line}\r\n{body}",
        body.len()
    )
}

/// A call with JSON.
pub fn call(to: SocketAddr, path: &str, identity: &str, body: &str) -> String {
    post(to, path, identity, "application/json", body)
}

/// A `GET`.
pub fn get(to: SocketAddr, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n\r\n")
}
