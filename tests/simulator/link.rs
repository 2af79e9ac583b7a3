//! The network between a page and the nodes. Any call may reach any node; a connection stands with one of them.

use crate::hub::ConnId;
use crate::node::{Body, Reply};
use crate::page::Why;
use crate::plan::{Ms, Trouble};
use crate::world::{Happening, Route, World};
use frontdesk::model::live::{ClientFrame, ServerFrame};

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
    lose_answers: u32,
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
        self.after(NET_MS, Happening::Answer { route, reply });
    }

    /// An answer arrives, or the page gives up waiting for it.
    pub fn hear_answer(&mut self, route: Route, reply: Reply) {
        let arrives = matches!(reply, Reply::Lost) || !self.is_offline(route.page);
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

    /// A frame sets out to the server, if there is a connection: frames are of the moment.
    pub fn say(&mut self, page: usize, frame: ClientFrame) {
        if let Some((node, conn)) = self.pages[page].conn {
            self.after(NET_MS, Happening::Said { node, conn, frame });
        }
    }

    /// The page is told that its connection is closed.
    pub fn tell_closed(&mut self, page: usize, conn: ConnId, refused: bool) {
        self.after(NET_MS, Happening::Closed { page, conn, refused });
    }

    /// All connections of a page break. What is on its way to the server arrives; answers do not.
    pub fn cut(&mut self, page: usize) {
        let calls: Vec<u64> = self.pages[page].calls.keys().copied().collect();
        let life = self.pages[page].life;
        for call in calls {
            self.after(1, Happening::TimedOut(Route { page, life, call }));
        }
        if let Some((node, conn)) = self.pages[page].conn.take() {
            self.after(NOTICED_MS, Happening::Left { node, conn });
            self.connect_later(page);
        }
    }

    pub fn trouble(&mut self, page: usize, trouble: Trouble) {
        let now = self.now;
        let this = &mut self.pages[page];
        let link = &mut this.link;
        match trouble {
            Trouble::Cut => self.cut(page),
            Trouble::Offline(ms) => {
                link.offline_until = link.offline_until.max(now + ms);
                self.cut(page);
            }
            Trouble::LoseRequest => link.lose_calls += 1,
            Trouble::DelayRequest(ms) => link.delay_calls.push(ms),
            Trouble::RepeatRequest(ms) => link.repeat_calls.push(ms),
            Trouble::LoseAnswer => link.lose_answers += 1,
            Trouble::LoseFrame => link.lose_frames += 1,
            Trouble::DelayFrame(ms) => link.delay_frames.push(ms),
            Trouble::RepeatFrame(ms) => link.repeat_frames.push(ms),
            Trouble::Stall(ms) => link.stalled_until = link.stalled_until.max(now + ms),
            Trouble::ClockJump(ms) => this.clock += ms,
        }
    }
}
