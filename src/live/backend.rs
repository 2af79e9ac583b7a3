//! What the live connection needs of the rest: who is calling, and what they have missed. The desk implements it.

use crate::model::agent::Agent;
use crate::model::chat::{Audience, Event, Seq};
use crate::model::ids::{ChatId, VisitorId};
use async_trait::async_trait;

/// Who is at the other end.
#[derive(Clone, Debug)]
pub enum Viewer {
    Visitor(VisitorId),
    Agent(Agent),
}

impl Viewer {
    pub fn audience(&self) -> Audience {
        match self {
            Viewer::Visitor(_) => Audience::Visitor,
            Viewer::Agent(_) => Audience::Agents,
        }
    }
}

/// It cannot be read now; the client should come back.
#[derive(Clone, Copy, Debug)]
pub struct Unreadable;

/// The rest of the server, as the live connection sees it.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The visitor with this token, or else the agent with this session, calling from this address; nobody when neither
    /// is valid.
    async fn identify(
        &self,
        visitor_token: Option<&str>,
        session: Option<&str>,
        address: &str,
    ) -> Result<Option<Viewer>, Unreadable>;

    /// Whether the viewer, calling from this address, is kept out.
    fn is_blocked(&self, viewer: &Viewer, address: &str) -> bool;

    /// The newest number of a chat in what the viewer may see; `None` when there is no such chat for them.
    async fn latest(&self, viewer: &Viewer, chat: ChatId) -> Result<Option<Seq>, Unreadable>;

    /// What the viewer has missed of a chat since `after`, in order, at most one page; empty when nothing.
    async fn missed(&self, viewer: &Viewer, chat: ChatId, after: Seq) -> Result<Vec<Event>, Unreadable>;
}
