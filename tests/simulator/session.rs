//! The server's side of connections, step by step: as `live/socket.rs`, with the same rules of numbers.

use crate::hub::{Conn, ConnId, Doing, Outgoing, events_frame};
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::{Happening, World};
use frontdesk::model::chat::Actor;
use frontdesk::model::delivery::{Standing, resume_at, standing};
use frontdesk::model::live::{ClientFrame, Cursor, PROTOCOL, ServerFrame};

/// One look into the database, or one frame handed to the network.
const TURN_MS: Ms = 4;
/// Events in one page of an answer; few, so that there are several.
const PAGE: usize = 4;

impl World {
    /// The first frame of a connection.
    pub fn hello(&mut self, node: usize, life: u32, conn: ConnId, page: usize, cursors: Vec<Cursor>) {
        let actor = self.pages[page].actor.clone();
        if self.pages[page].away.is_some() {
            return;
        }
        if !self.nodes[node].up || self.nodes[node].life != life {
            return self.tell_closed(page, conn, false);
        }
        if self.is_kept_out(node, &actor) {
            return self.tell_closed(page, conn, true);
        }
        let mut new = Conn::new(page, actor);
        new.queue.push_back(Outgoing::Frame(ServerFrame::Welcome { protocol: PROTOCOL }));
        new.inbox.extend(cursors.into_iter().map(|Cursor { chat, after }| ClientFrame::Follow { chat, after }));
        self.nodes[node].hub.conns.insert(conn, new);
        self.pages[page].conn_since = self.now;
        if !self.pages[page].is_visitor() {
            self.console_came(node);
        }
        self.wake_session(node, conn);
    }

    /// A frame from the page.
    pub fn said(&mut self, node: usize, conn: ConnId, page: usize, frame: ClientFrame) {
        if self.is_lost_with(page, conn) {
            return;
        }
        if let Some(known) = self.nodes[node].hub.conns.get_mut(&conn) {
            known.inbox.push_back(frame);
            self.wake_session(node, conn);
        }
    }

    pub fn wake_session(&mut self, node: usize, conn: ConnId) {
        let Some(known) = self.nodes[node].hub.conns.get_mut(&conn) else { return };
        if known.overrun {
            self.counts.overruns += 1;
            self.note(|| format!("connection {conn} could not keep up and is closed"));
            self.close(node, conn, false);
        } else if !known.awake {
            known.awake = true;
            self.after(TURN_MS, Happening::Session { node, conn });
        }
    }

    /// Closes the connections of visitors who are kept out.
    pub fn send_away(&mut self, node: usize) {
        let conns = self.nodes[node].hub.conns.iter();
        let unwelcome: Vec<ConnId> =
            conns.filter(|(_, conn)| self.is_kept_out(node, &conn.actor)).map(|(id, _)| *id).collect();
        unwelcome.into_iter().for_each(|conn| self.close(node, conn, true));
    }

    fn is_kept_out(&self, node: usize, actor: &Actor) -> bool {
        matches!(actor, Actor::Visitor(visitor) if self.blocked_until(node, *visitor).is_some())
    }

    /// One turn of a connection's loop.
    pub fn session(&mut self, node: usize, conn: ConnId) {
        let Some(known) = self.nodes[node].hub.conns.get_mut(&conn) else { return };
        let stalled_until = self.pages[known.page].link.stalled_until;
        if self.now < stalled_until {
            // Handing over a frame waits for the network.
            return self.after(stalled_until - self.now, Happening::Session { node, conn });
        }
        known.awake = false;
        if let Some(doing) = known.doing.pop() {
            self.go_on(node, conn, doing);
        } else if let Some(outgoing) = known.queue.pop_front() {
            self.pass_on(node, conn, outgoing);
        } else if let Some(said) = known.inbox.pop_front() {
            self.hear(node, conn, said);
        } else {
            return;
        }
        self.wake_session(node, conn);
    }

    fn hear(&mut self, node: usize, conn: ConnId, said: ClientFrame) {
        let hub = &mut self.nodes[node].hub;
        let Some(known) = hub.conns.get_mut(&conn) else { return };
        match said {
            ClientFrame::Follow { chat, after } => known.doing.push(Doing::Look { chat, after }),
            ClientFrame::Unfollow { chat } => {
                known.cursors.remove(&chat);
                hub.unfollow(conn, chat);
            }
            _ => {}
        }
    }

    /// Subscribes first and reads the log then.
    fn go_on(&mut self, node: usize, conn: ConnId, doing: Doing) {
        let unreadable = self.now < self.disk.unreadable_until;
        if unreadable && matches!(doing, Doing::Look { .. } | Doing::CatchUp(_)) {
            return self.close(node, conn, false);
        }
        let hub = &mut self.nodes[node].hub;
        let Some(known) = hub.conns.get_mut(&conn) else { return };
        match doing {
            Doing::Look { chat, after } => {
                let theirs = match &known.actor {
                    Actor::Agent(_) | Actor::System => true,
                    Actor::Visitor(own) => {
                        let visitor = self.disk.chats.get(&chat).and_then(|chat| chat.visitor.as_ref());
                        visitor.is_some_and(|visitor| visitor.id == *own)
                    }
                };
                match self.disk.latest(chat, known.audience()).filter(|_| theirs) {
                    Some(latest) => {
                        known.doing.push(Doing::Current(chat));
                        let at = resume_at(after, latest);
                        if self.sabotage == Some(Sabotage::ReadThenFollow) {
                            known.cursors.insert(chat, at);
                            known.doing.extend([Doing::Subscribe { chat, at }, Doing::CatchUp(chat)]);
                        } else {
                            known.doing.extend([Doing::CatchUp(chat), Doing::Subscribe { chat, at }]);
                        }
                    }
                    None => self.frame(node, conn, ServerFrame::NoSuchChat { chat }),
                }
            }
            Doing::Subscribe { chat, at } => {
                if self.sabotage != Some(Sabotage::ReadThenFollow) {
                    known.cursors.insert(chat, at);
                }
                hub.follow(conn, chat);
            }
            Doing::CatchUp(chat) => {
                let Some(after) = known.cursors.get(&chat).copied() else { return };
                let missed = self.disk.events(chat, known.audience(), after, PAGE);
                if let Some(Outgoing::Events { last, frame, .. }) = events_frame(chat, after, missed) {
                    known.cursors.insert(chat, last);
                    known.doing.push(Doing::CatchUp(chat));
                    self.frame(node, conn, frame);
                }
            }
            Doing::Current(chat) => {
                let Some(seq) = known.cursors.get(&chat).copied() else { return };
                self.frame(node, conn, ServerFrame::Current { chat, seq });
            }
        }
    }

    /// Sends what the hub published, unless it is known already; reads the log when something before it is missing.
    fn pass_on(&mut self, node: usize, conn: ConnId, outgoing: Outgoing) {
        let Some(known) = self.nodes[node].hub.conns.get_mut(&conn) else { return };
        match outgoing {
            Outgoing::Frame(frame) => self.frame(node, conn, frame),
            Outgoing::Events { chat, prev, last, frame } => {
                let Some(cursor) = known.cursors.get(&chat).copied() else { return };
                let prev = if self.sabotage == Some(Sabotage::IgnorePrevOnServer) { cursor } else { prev };
                match standing(cursor, prev, last) {
                    Standing::Known => {}
                    Standing::Next => {
                        known.cursors.insert(chat, last);
                        self.frame(node, conn, with_prev(frame, prev));
                    }
                    Standing::Apart => {
                        self.counts.gaps_on_server += 1;
                        known.doing.push(Doing::CatchUp(chat));
                    }
                }
            }
        }
    }

    fn close(&mut self, node: usize, conn: ConnId, refused: bool) {
        let Some(known) = self.nodes[node].hub.conns.get(&conn) else { return };
        let page = known.page;
        self.nodes[node].hub.remove(conn);
        self.tell_closed(page, conn, refused);
    }
}

/// The frame with another number before it: what a server that does not look at `prev` claims.
fn with_prev(frame: ServerFrame, prev: i64) -> ServerFrame {
    match frame {
        ServerFrame::Events { chat, events, .. } => ServerFrame::Events { chat, prev, events },
        other => other,
    }
}
