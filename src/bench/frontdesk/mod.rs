//! Frontdesk, as people use it: agents log in and open consoles, visitors start chats, both write.

mod agent;
mod crew;
mod site;
mod visitor;

pub use agent::Agent;
pub use crew::Crew;
pub use site::Site;
pub use visitor::{Visitor, look_around, look_on, look_on_with, start_chats};

use super::clock::Nanos;
use super::http::{Http, call};
use super::load::{Job, Shared};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use tokio::sync::mpsc::UnboundedReceiver;

/// What people say: about a hundred characters.
const SAID: &str = "Hello, do you ship the blue lamp to Ireland, and how long does it take to arrive there by post?";

/// The body of a `send`.
fn send_body(chat: i64, due: Nanos) -> String {
    let text = super::clock::stamped(due, SAID);
    let id = uuid::Uuid::now_v7();
    format!(r#"{{"chat":{chat},"id":"{id}","command":{{"type":"send","text":[{{"paragraph":"{text}"}}]}}}}"#)
}

/// The body of a `mark_read`.
fn read_body(chat: i64, up_to: i64) -> String {
    let id = uuid::Uuid::now_v7();
    format!(r#"{{"chat":{chat},"id":"{id}","command":{{"type":"mark_read","up_to":{up_to}}}}}"#)
}

/// The number in `"name":7`.
fn number(json: &str, name: &str) -> Option<i64> {
    let rest = json.rsplit_once(&format!("\"{name}\":"))?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Carries out a person's jobs one after the other, as the outbox of the browser does, on a connection of their own.
async fn outbox(mut http: Http, mut jobs: UnboundedReceiver<Job>, shared: Rc<Shared>, request: impl Fn(Job) -> String) {
    while let Some(job) = jobs.recv().await {
        let answer = http.call(&request(job)).await;
        let outcome = match &answer {
            Ok(answer) if matches!(answer.status, 200 | 204) => Ok(()),
            Ok(answer) => Err(format!("status {}", answer.status)),
            Err(error) => Err(error.kind().to_string()),
        };
        match (job, outcome) {
            (Job::Send(due) | Job::View(due), Ok(())) => shared.answered(due),
            (Job::Send(_) | Job::View(_), Err(why)) => shared.failed(why),
            (Job::Read(_), Ok(())) => {}
            (Job::Read(_), Err(why)) => shared.broke(format!("reading: {why}")),
        }
        if answer.is_err() {
            return;
        }
    }
}

/// Makes an ended chat with a few messages, of which others can be copied; the site has one agent then. Returns its
/// number.
pub async fn template(site: &Site) -> io::Result<i64> {
    site.add_agent(0)?;
    let server = site.start().await?;
    let agent = Agent::log_in(server.address, 0).await?;
    let console = agent.connect().await?;
    let visitors = start_chats(server.address, 0, 1).await?;
    let visitor = visitors.first().ok_or(io::ErrorKind::NotFound)?;
    agent.accept(&[visitor.chat]).await?;
    let identity = format!("authorization: Bearer {}", visitor.token);
    for number in 0..6 {
        let (path, identity) = match number % 2 {
            0 => ("/api/agent/command", &agent.cookie),
            _ => ("/api/visitor/command", &identity),
        };
        once(visitor.from, server.address, path, identity, &send_body(visitor.chat, 0)).await?;
    }
    visitor.end().await?;
    drop(console);
    server.stop().await?;
    Ok(visitor.chat)
}

/// One call on a fresh connection.
async fn once(from: Ipv4Addr, to: SocketAddr, path: &str, identity: &str, body: &str) -> io::Result<(u16, String)> {
    let mut http = Http::open(from, to).await?;
    let answer = http.call(&call(to, path, identity, body)).await?;
    Ok((answer.status, answer.body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_of_a_name_is_found() {
        assert_eq!(number(r#"{"chat":7,"events":[{"seq":5},{"seq":12,"at":1}]}"#, "seq"), Some(12));
        assert_eq!(number(r#"{"chat":7}"#, "seq"), None);
    }
}
