//! The fold: how one event changes the state. Total: there is no event it refuses.

use super::event::{Audience, Event, EventBody};
use super::state::{Chat, MAX_UNREAD, Preview, Status};

/// Characters of the last message that lists show.
const PREVIEW_CHARS: usize = 140;

impl Chat {
    /// Takes in the next event.
    pub fn apply(&mut self, event: &Event) {
        self.last_seq = event.seq;
        if event.body.is_for(Audience::Visitor) {
            self.last_public_seq = event.seq;
        }
        match &event.body {
            EventBody::Started { visitor, department } => {
                self.status = Status::Waiting;
                self.visitor = Some(visitor.clone());
                self.department = department.clone();
                self.started_at = event.at;
                self.updated_at = event.at;
            }
            EventBody::Accepted => {
                self.status = Status::Open;
                if let super::Author::Agent(agent) = &event.by {
                    self.agent = Some(agent.clone());
                }
                self.dismissed_by.clear();
                self.updated_at = event.at;
            }
            EventBody::Dismissed => {
                if let super::Author::Agent(agent) = &event.by {
                    self.dismissed_by.push(agent.id);
                }
            }
            EventBody::Message { text } => {
                self.messages += 1;
                self.updated_at = event.at;
                self.last_message =
                    Some(Preview { by: event.by.clone(), at: event.at, text: text.preview(PREVIEW_CHARS) });
                if let Some(side) = event.by.side() {
                    let unread = &mut self.receipts_mut(side.other()).unread;
                    unread.push_back(event.seq);
                    if unread.len() > MAX_UNREAD {
                        unread.pop_front();
                    }
                }
            }
            EventBody::Delivered { up_to } => {
                if let Some(side) = event.by.side() {
                    let receipts = self.receipts_mut(side);
                    receipts.delivered = receipts.delivered.max(*up_to);
                }
            }
            EventBody::Read { up_to } => {
                if let Some(side) = event.by.side() {
                    let receipts = self.receipts_mut(side);
                    receipts.read = receipts.read.max(*up_to);
                    receipts.delivered = receipts.delivered.max(*up_to);
                    while receipts.unread.front().is_some_and(|seq| seq <= up_to) {
                        receipts.unread.pop_front();
                    }
                }
            }
            EventBody::Ended => {
                self.status = Status::Ended;
                self.ended_at = Some(event.at);
                self.updated_at = event.at;
            }
            EventBody::VisitRecorded { .. } | EventBody::PageViewed { .. } | EventBody::Unknown => {}
        }
    }
}
