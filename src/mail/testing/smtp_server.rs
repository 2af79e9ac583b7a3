//! A mail server for tests: answers as told and keeps what it was sent.

use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the server says. An empty answer hangs up.
#[derive(Clone, Debug)]
pub(in crate::mail) struct Replies {
    pub(in crate::mail) greeting: &'static str,
    pub(in crate::mail) login: &'static str,
    pub(in crate::mail) sender: &'static str,
    pub(in crate::mail) recipient: &'static str,
    pub(in crate::mail) content: &'static str,
    /// Offers STARTTLS, and then does not speak TLS.
    pub(in crate::mail) starttls: bool,
    /// Instead of hanging up, says nothing until the client goes.
    pub(in crate::mail) silent: bool,
}

impl Default for Replies {
    fn default() -> Self {
        Replies {
            greeting: "220 test ESMTP\r\n",
            login: "235 Welcome\r\n",
            sender: "250 Fine\r\n",
            recipient: "250 Fine\r\n",
            content: "250 Taken\r\n",
            starttls: false,
            silent: false,
        }
    }
}

/// What came over one connection.
#[derive(Debug, Default)]
pub(in crate::mail) struct Seen {
    pub(in crate::mail) commands: Vec<String>,
    /// The mail as it was before the dots at the starts of lines were doubled.
    pub(in crate::mail) mail: Vec<u8>,
}

/// A server on a free port of this machine, until it is dropped.
pub(in crate::mail) struct SmtpServer {
    pub(in crate::mail) address: SocketAddr,
    seen: mpsc::UnboundedReceiver<Seen>,
    task: tokio::task::JoinHandle<()>,
}

impl SmtpServer {
    pub(in crate::mail) async fn start(replies: Replies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, seen) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut seen = Seen::default();
                // A client that goes in the middle is part of what is tested.
                let _ = converse(stream, &replies, &mut seen).await;
                let _ = tell.send(seen);
            }
        });
        SmtpServer { address, seen, task }
    }

    /// What the next finished connection brought.
    pub(in crate::mail) async fn next(&mut self) -> Seen {
        self.seen.recv().await.expect("a connection")
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, replies: &Replies, seen: &mut Seen) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut answer = replies.greeting;
    loop {
        if answer.is_empty() {
            if replies.silent {
                stream.read_to_end(&mut Vec::new()).await?;
            }
            return Ok(());
        }
        stream.write_all(answer.as_bytes()).await?;
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        seen.commands.push(line.to_owned());
        answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" if replies.starttls => "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
            "EHLO" => "250-test\r\n250 AUTH PLAIN\r\n",
            "STARTTLS" => {
                stream.write_all(b"220 Go on\r\nthis is not TLS").await?;
                return Ok(());
            }
            "AUTH" => replies.login,
            "MAIL" => replies.sender,
            "RCPT" => replies.recipient,
            "DATA" => {
                stream.write_all(b"354 Go on\r\n").await?;
                seen.mail = mail(&mut stream).await?;
                replies.content
            }
            "QUIT" => {
                stream.write_all(b"221 Bye\r\n").await?;
                return Ok(());
            }
            _ => "502 What?\r\n",
        };
    }
}

async fn mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
            return Ok(mail);
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
