//! Calls over HTTP, one connection each. What is not answered whole counts as lost.

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// After this long an answer counts as lost.
const ANSWER_WITHIN: Duration = Duration::from_secs(6);

/// No whole answer came: nobody knows what became of it.
#[derive(Debug)]
pub struct Lost;

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Where the server is, or the proxy before it.
    pub addr: SocketAddr,
    /// The header that says who it is: `authorization` or `cookie`, and its value.
    pub identity: (&'static str, String),
    /// The address from which the server sees them.
    pub ip: String,
}

impl Caller {
    /// A call of the API.
    pub async fn call(&self, path: &str, body: &Value) -> Result<(u16, Value), Lost> {
        let body = Bytes::from(body.to_string());
        let (status, answer) = self.request("POST", path, "application/json", body).await?;
        Ok((status, serde_json::from_slice(&answer).unwrap_or(Value::Null)))
    }

    /// The bytes of a file.
    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<(u16, Value), Lost> {
        let (status, answer) = self.request("PUT", path, "application/octet-stream", bytes).await?;
        Ok((status, serde_json::from_slice(&answer).unwrap_or(Value::Null)))
    }

    async fn request(&self, method: &str, path: &str, kind: &str, body: Bytes) -> Result<(u16, Bytes), Lost> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "chat.example")
            .header("content-type", kind)
            .header("x-forwarded-for", &self.ip)
            .header(self.identity.0, &self.identity.1)
            .body(Full::new(body))
            .expect("a request");
        send(self.addr, request).await
    }
}

/// A page that needs nobody to be known.
pub async fn get(addr: SocketAddr, path: &str) -> Result<(u16, Bytes), Lost> {
    let request = Request::get(path).header("host", "chat.example").body(Full::default()).expect("a request");
    send(addr, request).await
}

async fn send(addr: SocketAddr, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), Lost> {
    tokio::time::timeout(ANSWER_WITHIN, exchange(addr, request)).await.map_err(|_| Lost)?
}

async fn exchange(addr: SocketAddr, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), Lost> {
    let stream = TcpStream::connect(addr).await.map_err(|_| Lost)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| Lost)?;
    // Until the answer is there, or nobody waits for it any more.
    let _driven = AbortOnDrop(tokio::spawn(async move { drop(connection.await) }));
    let answer = sender.send_request(request).await.map_err(|_| Lost)?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.map_err(|_| Lost)?;
    Ok((status, body.to_bytes()))
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
