//! The rule by which the house takes a chat from an agent who cannot answer any more.

use super::command::{Actor, Context};
use super::event::{EventBody, ReleaseReason};
use super::state::{Chat, Status};
use crate::model::error::Refusal;
use crate::model::ids::AgentId;

/// Only the house does this. When the chat is not that agent's any more, there is nothing to take: so it can be asked for
/// again, and by several nodes at once.
pub fn release(
    chat: &Chat,
    from: AgentId,
    reason: ReleaseReason,
    context: &Context,
) -> Result<Vec<EventBody>, Refusal> {
    if context.actor != Actor::System {
        return Err(Refusal::NotAllowed);
    }
    let owner = chat.agent.iter().filter(|owner| chat.status == Status::Open && owner.id == from);
    Ok(owner.map(|agent| EventBody::Released { agent: agent.clone(), reason }).collect())
}
