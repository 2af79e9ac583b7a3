//! The chat's row in the console's list.

use super::state::{Chat, Preview, Status};
use super::{Seq, Side};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, ChatId};
use crate::model::label::Label;
use crate::model::site::SiteRef;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the list shows of a chat. Of two rows of one chat the one with the higher `last_seq` is newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatRow {
    pub id: ChatId,
    pub status: Status,
    pub visitor: String,
    pub department: Option<DepartmentRef>,
    /// The site on which it was started, when it is one of those that admins have set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteRef>,
    pub agent: Option<AgentRef>,
    pub dismissed_by: Vec<AgentId>,
    pub last_seq: Seq,
    pub started_at: Millis,
    /// When the chat was last taken from its agent and began to wait again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Millis>,
    pub updated_at: Millis,
    pub last_message: Option<Preview>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Messages of the visitor that no agent has read, at most [`super::MAX_UNREAD`].
    pub unread: usize,
}

impl ChatRow {
    /// Since when a waiting chat waits.
    pub fn waiting_since(&self) -> Millis {
        self.released_at.unwrap_or(self.started_at)
    }
}

impl From<&Chat> for ChatRow {
    fn from(chat: &Chat) -> Self {
        ChatRow {
            id: chat.id,
            status: chat.status,
            visitor: chat.visitor_name().to_owned(),
            department: chat.department.clone(),
            site: chat.site.clone(),
            agent: chat.agent.clone(),
            dismissed_by: chat.dismissed_by.clone(),
            last_seq: chat.last_seq,
            started_at: chat.started_at,
            released_at: chat.released_at,
            updated_at: chat.updated_at,
            last_message: chat.last_message.clone(),
            labels: chat.labels.clone(),
            unread: chat.unread(Side::Agents),
        }
    }
}

/// The rows that a console knows.
pub type Rows = HashMap<ChatId, ChatRow>;

/// Newer rows replace older ones.
pub fn take_rows(known: &mut Rows, rows: Vec<ChatRow>) {
    for row in rows {
        if known.get(&row.id).is_none_or(|old| old.last_seq < row.last_seq) {
            known.insert(row.id, row);
        }
    }
}

/// Takes in the live rows that were asked for when the rows known were `asked_at`: what was live before and is not now
/// has ended elsewhere, unless it has changed since. `complete`: these are all live rows.
pub fn refresh_rows(known: &mut Rows, fresh: Vec<ChatRow>, complete: bool, asked_at: &HashMap<ChatId, Seq>) {
    let fresh: Rows = fresh.into_iter().map(|row| (row.id, row)).collect();
    known.retain(|id, row| {
        !complete
            || fresh.contains_key(id)
            || row.status == Status::Ended
            || asked_at.get(id).is_none_or(|seq| *seq < row.last_seq)
    });
    take_rows(known, fresh.into_values().collect());
}
