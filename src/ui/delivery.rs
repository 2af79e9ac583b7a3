//! How far a message came, and whose it is, as its reader sees it.

use super::icon::Shape;
use super::time;
use super::words::{fill, word};
use crate::model::Millis;
use crate::model::chat::{Entry, Side};
use crate::model::ids::PhotoId;

/// How far a message came, as its writer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Sending,
    Sent,
    Delivered,
    Read(Millis),
    Failed,
}

impl Delivery {
    /// How far a stored message came.
    pub fn of(entry: &Entry) -> Self {
        match (entry.delivered_at, entry.read_at) {
            (_, Some(at)) => Delivery::Read(at),
            (Some(_), None) => Delivery::Delivered,
            (None, None) => Delivery::Sent,
        }
    }

    /// The sign for it: its class, its name and its shape.
    pub fn sign(self) -> (&'static str, &'static str, Shape) {
        match self {
            Delivery::Sending => ("tick tick--sending", word("Sending"), Shape::CLOCK),
            Delivery::Sent => ("tick tick--sent", word("Sent"), Shape::TICK),
            Delivery::Delivered => ("tick tick--delivered", word("Delivered"), Shape::TICKS),
            Delivery::Read(_) => ("tick tick--read", word("Read"), Shape::TICKS),
            Delivery::Failed => ("tick tick--failed", word("Failed"), Shape::ALERT),
        }
    }

    /// When it was read, in words.
    pub fn read_at(self) -> Option<String> {
        match self {
            Delivery::Read(at) => Some(fill("Read at {0}", &[&time::moment(at)])),
            _ => None,
        }
    }
}

/// Who wrote a message, for whom it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    pub side: Side,
    /// The author's name: the article is named by it.
    pub name: String,
    /// What stands above the message.
    pub shown: String,
    /// Of an agent who has one.
    pub photo: Option<PhotoId>,
    /// On the reader's own side: to the right, with ticks.
    pub mine: bool,
}

impl Byline {
    /// The class of such a message; `continues` when it goes on with the one above.
    pub fn class(&self, continues: bool) -> String {
        format!(
            "msg {} {}{}",
            if self.mine { "msg--mine" } else { "msg--theirs" },
            if self.side == Side::Visitor { "msg--visitor" } else { "msg--agent" },
            if continues { " msg--cont" } else { "" },
        )
    }
}
