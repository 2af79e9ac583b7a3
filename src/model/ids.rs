//! Identifiers. Each is a type of its own, so that a chat's number is never taken for an agent's.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// The number of a chat, counted from 1, as agents see it (`#1042`).
    ChatId
}
number_id! {
    /// An agent of this installation.
    AgentId
}
number_id! {
    /// A department of this installation.
    DepartmentId
}
number_id! {
    /// A visitor: one browser on one website, as far as its token is kept there.
    VisitorId
}

number_id! {
    /// The number of a ticket, counted from 1, as agents and mails name it (`#17`).
    TicketId
}
number_id! {
    /// A site of this installation.
    SiteId
}
number_id! {
    /// A label of this installation.
    LabelId
}
number_id! {
    /// A block: one visitor kept out for a time.
    BlockId
}

/// A file that was uploaded, or is about to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub Uuid);

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The photo of an agent: a name that cannot be guessed, and another one with each photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhotoId(pub Uuid);

impl PhotoId {
    /// Where it is fetched.
    pub fn url(self) -> String {
        format!("/photos/{}", self.0)
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A visitor on a website, as long as a session there lasts. It says nothing about who that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OnsiteId(pub Uuid);

/// The name that a client gives to one command, a UUIDv7. Sending a command twice under one name does it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandId(pub Uuid);

impl CommandId {
    /// A UUIDv7 from the writer's clock and ten random bytes. Time and chance are arguments: the model has neither.
    pub fn from_parts(now_ms: super::Millis, random: [u8; 10]) -> Self {
        let ms = now_ms.max(0) as u64;
        let mut bytes = [0u8; 16];
        bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        CommandId(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_id_is_a_version_7_uuid_that_sorts_by_time() {
        let early = CommandId::from_parts(1_700_000_000_000, [0xff; 10]);
        let late = CommandId::from_parts(1_700_000_000_001, [0; 10]);
        assert_eq!(early.0.get_version_num(), 7);
        assert_eq!(early.0.get_variant(), uuid::Variant::RFC4122);
        assert!(early < late);
    }
}
