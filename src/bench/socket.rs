//! A WebSocket client: text frames, pings and closes, nothing else. Frames are read where they lie.

use super::net;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An open connection.
pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// What of the buffer is not read yet.
    at: usize,
}

/// What came.
pub enum Frame {
    Text(String),
    /// Closed by the other side, with its code.
    Closed(u16),
}

enum Raw {
    More,
    Text(Range<usize>),
    Ping(Range<usize>),
    Closed(u16),
    Other,
}

impl Socket {
    /// Opens one from this address. `headers` are whole lines that end with a line break.
    pub async fn open(from: Ipv4Addr, to: SocketAddr, path: &str, headers: &str) -> io::Result<Self> {
        let mut stream = net::connect(from, to).await?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {to}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Socket { stream, buffer: Vec::with_capacity(512), at: 0 };
        loop {
            if let Some(end) = socket.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                if !socket.buffer.starts_with(b"HTTP/1.1 101") {
                    return Err(io::Error::other("the connection was not upgraded"));
                }
                socket.at = end + 4;
                return Ok(socket);
            }
            socket.more().await?;
        }
    }

    /// Sends a text.
    pub async fn send(&mut self, text: &str) -> io::Result<()> {
        self.write(0x81, text.as_bytes()).await
    }

    async fn write(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(payload.len() + 14);
        frame.push(kind);
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            medium @ 126..65_536 => {
                frame.push(0x80 | 126);
                frame.extend((medium as u16).to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        // The mask protects proxies from scripts. Here are neither, and a mask of nothing costs nothing.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await
    }

    /// The next frame. May be given up and asked again: nothing is lost.
    pub async fn frame(&mut self) -> io::Result<Frame> {
        loop {
            match self.parse() {
                Raw::More => self.more().await?,
                Raw::Text(range) => {
                    let text = std::str::from_utf8(&self.buffer[range]);
                    return Ok(Frame::Text(text.map_err(|_| io::ErrorKind::InvalidData)?.to_owned()));
                }
                Raw::Ping(range) => {
                    let payload = self.buffer[range].to_vec();
                    self.write(0x8a, &payload).await?;
                }
                Raw::Closed(code) => return Ok(Frame::Closed(code)),
                Raw::Other => {}
            }
        }
    }

    /// The next text.
    pub async fn text(&mut self) -> io::Result<String> {
        match self.frame().await? {
            Frame::Text(text) => Ok(text),
            Frame::Closed(code) => Err(io::Error::other(format!("closed with {code}"))),
        }
    }

    fn parse(&mut self) -> Raw {
        let left = &self.buffer[self.at..];
        let [first, second, rest @ ..] = left else { return Raw::More };
        let (header, length) = match (second & 0x7f, rest) {
            (126, [a, b, ..]) => (4, u16::from_be_bytes([*a, *b]) as usize),
            (127, [a, b, c, d, e, f, g, h, ..]) => (10, u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) as usize),
            (126 | 127, _) => return Raw::More,
            (short, _) => (2, short as usize),
        };
        if left.len() < header + length {
            return Raw::More;
        }
        let start = self.at + header;
        let payload = start..start + length;
        self.at = payload.end;
        match first & 0x0f {
            0x1 => Raw::Text(payload),
            0x8 => {
                let code = self.buffer.get(start..start + 2).filter(|_| length >= 2);
                Raw::Closed(code.map_or(1005, |code| u16::from_be_bytes([code[0], code[1]])))
            }
            0x9 => Raw::Ping(payload),
            _ => Raw::Other,
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        self.buffer.reserve(512);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
