//! The network between a page and the nodes. Any call may reach any node; a connection stands with one of them.
//!
//! Commands go by HTTP: each request and each answer may be lost, late, repeated, and overtaken by others, also by those
//! of the try after it. What a page says on its connection goes by TCP: it may be late, but arrives in order, or is lost
//! together with the connection; `follow` relies on that. To the pages the simulated network is worse than TCP, where
//! frames are lost, late, repeated and overtaken one by one: so the numbers have to bear what hub, bus and queues do.

use crate::hub::ConnId;
use crate::node::{Body, Reply};
use crate::page::Why;
use crate::plan::{Ms, Trouble};
use crate::world::{Happening, Route, World};
use frontdesk::model::live::{ClientFrame, ServerFrame};
use std::collections::BTreeSet;

/// One way.
pub const NET_MS: Ms = 20;
/// A call that is not answered in this time counts as unreachable.
const ANSWER_WITHIN_MS: Ms = 2_500;
/// After this time the server notices that a page is gone.
const NOTICED_MS: Ms = 50;

/// What is going to go wrong on the way.
#[derive(Default)]
pub struct Link {
    pub offline_until: Ms,
    pub stalled_until: Ms,
    lose_calls: u32,
    delay_calls: Vec<Ms>,
    repeat_calls: Vec<Ms>,
    hang_ups: u32,
    lose_answers: u32,
    delay_answers: Vec<Ms>,
    repeat_answers: Vec<Ms>,
    delay_said: Vec<Ms>,
    /// What is said before that arrives by then.
    said_at: Ms,
    /// Calls and connections of which nothing more arrives at the server.
    lost: BTreeSet<u64>,
    lose_frames: u32,
    delay_frames: Vec<Ms>,
    repeat_frames: Vec<Ms>,
}

impl World {
    pub fn is_offline(&self, page: usize) -> bool {
        self.now < self.pages[page].link.offline_until
    }

    /// A page calls; the answer, or that there is none, comes back to it.
    pub fn call(&mut self, page: usize, why: Why, body: Body) {
        let call = self.fresh_number();
        let this = &mut self.pages[page];
        this.calls.insert(call, why);
        this.called += 1;
        let route = Route { page, life: this.life, call };
        if self.is_offline(page) {
            return self.after(1, Happening::TimedOut(route));
        }
        self.after(ANSWER_WITHIN_MS, Happening::TimedOut(route));
        let link = &mut self.pages[page].link;
        if link.lose_calls > 0 {
            link.lose_calls -= 1;
            return;
        }
        let late = NET_MS + link.delay_calls.pop().unwrap_or(0);
        let again = link.repeat_calls.pop();
        let node = (self.pages[page].called + page) % self.nodes.len();
        if let Some(ms) = again {
            self.after(late + ms, Happening::Call { node, route, body: body.clone() });
        }
        self.after(late, Happening::Call { node, route, body });
    }

    /// An answer sets out.
    pub fn answer(&mut self, route: Route, reply: Reply) {
        let link = &mut self.pages[route.page].link;
        if link.lose_answers > 0 {
            link.lose_answers -= 1;
            return;
        }
        let late = NET_MS + link.delay_answers.pop().unwrap_or(0);
        if let Some(ms) = link.repeat_answers.pop() {
            self.after(late + ms, Happening::Answer { route, reply: reply.clone() });
        }
        self.after(late, Happening::Answer { route, reply });
    }

    /// Whether a call that arrives was cut off on its way.
    pub fn is_lost(&self, route: Route) -> bool {
        self.pages[route.page].link.lost.contains(&route.call)
    }

    /// Whether whoever called still waits for the answer. On the server, what was to happen after it does not, when not.
    pub fn still_waits(&self, route: Route) -> bool {
        let page = &self.pages[route.page];
        page.life == route.life && page.away.is_none() && page.calls.contains_key(&route.call)
    }

    /// The writer has the command of this call: from here on its caller may be gone.
    pub fn given(&mut self, route: Route) {
        let link = &mut self.pages[route.page].link;
        if link.hang_ups > 0 {
            link.hang_ups -= 1;
            self.after(1, Happening::TimedOut(route));
        }
    }

    /// An answer arrives, or the page gives up waiting for it.
    pub fn hear_answer(&mut self, route: Route, reply: Reply) {
        let arrives = matches!(reply, Reply::Lost) || !self.is_offline(route.page);
        // A browser takes one answer to a call; what comes again is for nobody.
        let this = &mut self.pages[route.page];
        if this.life == route.life
            && arrives
            && let Some(why) = this.calls.remove(&route.call)
        {
            self.answered(route.page, why, reply);
        }
    }

    /// A frame sets out to a page.
    pub fn frame(&mut self, node: usize, conn: ConnId, frame: ServerFrame) {
        let Some(known) = self.nodes[node].hub.conns.get(&conn) else { return };
        let page = known.page;
        let link = &mut self.pages[page].link;
        if link.lose_frames > 0 {
            link.lose_frames -= 1;
            self.lossy = true;
            return;
        }
        let late = NET_MS + link.delay_frames.pop().unwrap_or(0);
        if let Some(ms) = link.repeat_frames.pop() {
            self.after(late + ms, Happening::Frame { page, conn, frame: frame.clone() });
        }
        self.after(late, Happening::Frame { page, conn, frame });
    }

    /// A frame sets out to the server, if there is a connection: frames are of the moment. It stays behind the one before.
    pub fn say(&mut self, page: usize, frame: ClientFrame) {
        if let Some((node, conn)) = self.pages[page].conn {
            let link = &mut self.pages[page].link;
            link.said_at = link.said_at.max(self.now + NET_MS + link.delay_said.pop().unwrap_or(0));
            let ms = link.said_at - self.now;
            self.after(ms, Happening::Said { node, conn, page, frame });
        }
    }

    /// Whether what was said on this connection was lost with it.
    pub fn is_lost_with(&self, page: usize, conn: ConnId) -> bool {
        self.pages[page].link.lost.contains(&conn)
    }

    /// The page is told that its connection is closed.
    pub fn tell_closed(&mut self, page: usize, conn: ConnId, refused: bool) {
        self.after(NET_MS, Happening::Closed { page, conn, refused });
    }

    /// The calls of a page break off: answers do not arrive.
    pub fn break_off_calls(&mut self, page: usize) {
        let calls: Vec<u64> = self.pages[page].calls.keys().copied().collect();
        let life = self.pages[page].life;
        for call in calls {
            self.after(1, Happening::TimedOut(Route { page, life, call }));
        }
    }

    /// All connections of a page break. What is on its way to the server arrives; answers do not.
    pub fn cut(&mut self, page: usize) {
        self.break_off_calls(page);
        self.note_here(page);
        if let Some((node, conn)) = self.pages[page].conn.take() {
            self.after(NOTICED_MS, Happening::Left { node, conn });
            self.connect_later(page);
        }
    }

    pub fn trouble(&mut self, page: usize, trouble: Trouble) {
        let now = self.now;
        let this = &mut self.pages[page];
        if this.away.is_some() {
            return;
        }
        let link = &mut this.link;
        match trouble {
            Trouble::Cut { lost } => {
                if lost {
                    link.lost.extend(this.calls.keys().copied().chain(this.conn.map(|(_, conn)| conn)));
                }
                self.cut(page);
            }
            Trouble::Offline(ms) => {
                link.offline_until = link.offline_until.max(now + ms);
                self.cut(page);
            }
            Trouble::LoseRequest => link.lose_calls += 1,
            Trouble::DelayRequest(ms) => link.delay_calls.push(ms),
            Trouble::RepeatRequest(ms) => link.repeat_calls.push(ms),
            Trouble::HangUp => link.hang_ups += 1,
            Trouble::DelayAnswer(ms) => link.delay_answers.push(ms),
            Trouble::RepeatAnswer(ms) => link.repeat_answers.push(ms),
            Trouble::DelaySaid(ms) => link.delay_said.push(ms),
            Trouble::LoseAnswer => link.lose_answers += 1,
            Trouble::LoseFrame => link.lose_frames += 1,
            Trouble::DelayFrame(ms) => link.delay_frames.push(ms),
            Trouble::RepeatFrame(ms) => link.repeat_frames.push(ms),
            Trouble::Stall(ms) => link.stalled_until = link.stalled_until.max(now + ms),
            Trouble::ClockJump(ms) => this.clock += ms,
        }
    }
}
