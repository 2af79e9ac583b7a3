//! The fold: how one event changes the state. Total: there is no event it refuses.

use super::event::{Audience, Event, EventBody};
use super::state::{Chat, MAX_UNREAD, Preview, Rating, Status};

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
            EventBody::Released { .. } => {
                self.status = Status::Waiting;
                self.agent = None;
                self.released_at = Some(event.at);
                self.updated_at = event.at;
            }
            EventBody::Dismissed => {
                if let super::Author::Agent(agent) = &event.by {
                    self.dismissed_by.push(agent.id);
                }
            }
            EventBody::Message { text, attachments } => {
                self.messages += 1;
                self.updated_at = event.at;
                let text = match attachments.first() {
                    Some(first) if text.is_blank() => format!("📎 {}", first.name),
                    _ => text.preview(PREVIEW_CHARS),
                };
                self.last_message = Some(Preview { by: event.by.clone(), at: event.at, text });
                if let Some(side) = event.by.side() {
                    let unread = &mut self.receipts_mut(side.other()).unread;
                    unread.push(event.seq);
                    if unread.len() > MAX_UNREAD {
                        unread.remove(0);
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
                    receipts.unread.retain(|seq| seq > up_to);
                }
            }
            EventBody::Ended => {
                self.status = Status::Ended;
                self.ended_at = Some(event.at);
                if self.was_accepted() {
                    // The transcript goes there by itself.
                    self.transcripts.extend(self.visitor.as_ref().and_then(|visitor| visitor.email.clone()));
                }
                self.updated_at = event.at;
            }
            EventBody::DepartmentChanged { department } => {
                self.department.clone_from(department);
                // Who left it to others of the old department may be asked again.
                self.dismissed_by.clear();
            }
            EventBody::LabelsChanged { labels } => self.labels.clone_from(labels),
            EventBody::EmailEntered { email } => {
                if let Some(visitor) = &mut self.visitor {
                    visitor.email = Some(email.clone());
                }
            }
            EventBody::Identified { proven } => {
                if let Some(visitor) = &mut self.visitor {
                    visitor.prove(proven);
                }
            }
            EventBody::TicketCreated { ticket } => self.tickets.push(ticket.clone()),
            EventBody::Blocked { until, .. } => self.blocked_until = Some(*until),
            EventBody::BlockLifted => self.blocked_until = None,
            EventBody::Rated { helpful, comment } => {
                let times = self.rating.as_ref().map_or(0, |rating| rating.times).saturating_add(1);
                self.rating = Some(Rating { helpful: *helpful, comment: comment.clone(), times });
            }
            EventBody::TranscriptRequested { email } => self.transcripts.push(email.clone()),
            EventBody::DataTold { data } => self.data.clone_from(data),
            EventBody::VisitRecorded { site, .. } => self.site.clone_from(site),
            EventBody::PageViewed { .. } | EventBody::Unknown => {}
        }
    }
}
