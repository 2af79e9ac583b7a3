//! Agents: the people who answer.

use super::Millis;
use super::department::DepartmentRef;
use super::ids::{AgentId, ChatId, PhotoId};
use serde::{Deserialize, Serialize};

/// What an agent may do beyond answering chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    Agent,
}

impl Role {
    /// The word for it in the database, on the command line and in frames.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Agent => "agent",
        }
    }

    /// The role with this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "admin" => Some(Role::Admin),
            "agent" => Some(Role::Agent),
            _ => None,
        }
    }
}

/// An agent as mentioned in a chat. The name is the one that visitors see, as it was at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    pub id: AgentId,
    pub name: String,
    /// Their photo, as it was at that moment; its file may be gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoId>,
}

/// A chat that was taken from an agent who had lost the connection, to be told when they are back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedChat {
    pub chat: ChatId,
    /// What the visitor is called.
    pub visitor: String,
    pub at: Millis,
}

/// An agent as the console knows the one who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Takes new chats: the switch "Available for chat".
    pub available: bool,
    pub departments: Vec<DepartmentRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoId>,
}

impl Agent {
    /// How a chat mentions this agent.
    pub fn to_ref(&self) -> AgentRef {
        AgentRef { id: self.id, name: self.name.clone(), photo: self.photo }
    }

    /// Whether chats of this department ring for the agent. An agent without departments serves all of them, and a
    /// chat without a department is everyone's.
    pub fn serves(&self, department: Option<&DepartmentRef>) -> bool {
        match department {
            None => true,
            Some(d) => self.departments.is_empty() || self.departments.iter().any(|own| own.id == d.id),
        }
    }
}

/// Longest accepted name of a person, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Shortest accepted password of an agent, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Longest accepted password, in bytes, so that hashing one is bounded work.
pub const MAX_PASSWORD_BYTES: usize = 1024;
