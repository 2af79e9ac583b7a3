//! Who is kept out, and that it follows from the commit: as `desk/blocks.rs` and `desk/publish.rs`, and what is left to the
//! caller in `desk/commands.rs`.

use crate::commits::NOBODY;
use crate::node::Ending;
use crate::page::Why;
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::{Happening, Route, World};
use frontdesk::model::agent::AgentRef;
use frontdesk::model::chat::{Ack, Actor, Command, Context, EventBody};
use frontdesk::model::error::{ApiError, Refusal};
use frontdesk::model::ids::{AgentId, ChatId, VisitorId};
use frontdesk::store::{Committed, Target};

/// How often the chats of those who are kept out are looked for.
const LOOKS: u32 = 3;
/// What could not be done is tried again after this time.
const AGAIN_MS: Ms = 1_000;

impl World {
    /// Until when a visitor is kept out, as far as this node knows and by its clock.
    pub fn blocked_until(&self, node: usize, visitor: VisitorId) -> Option<Ms> {
        self.nodes[node].book.get(&visitor).copied().filter(|until| *until > self.node_time(node))
    }

    pub fn read_blocks(&mut self, node: usize) {
        let now = self.node_time(node);
        let visitors = self.disk.chats.values().filter_map(|chat| Some(chat.visitor.as_ref()?.id));
        let book = visitors.filter_map(|visitor| Some((visitor, self.disk.blocked_until(visitor, now)?)));
        self.nodes[node].book = book.collect();
    }

    /// What the publishing side does with a commit: whoever gave the command may be gone.
    pub fn keep_out_with(&mut self, node: usize, committed: &Committed) {
        let due = committed.events.iter().any(|event| match &event.body {
            EventBody::Blocked { .. } | EventBody::BlockLifted => self.sabotage != Some(Sabotage::BlockByCaller),
            EventBody::Started { visitor, .. } => {
                !matches!(self.sabotage, Some(Sabotage::LookOnceForBlocks | Sabotage::StartByCaller))
                    && self.blocked_until(node, visitor.id).is_some()
            }
            _ => false,
        });
        if due {
            let life = self.nodes[node].life;
            self.after(0, Happening::KeepOut { node, life, looks: 0 });
        }
    }

    /// Lets the blocks take effect: connections are closed, and live chats ended. `looks`: how often was looked before.
    pub fn keep_out(&mut self, node: usize, looks: u32) {
        let life = self.nodes[node].life;
        if self.now < self.disk.unreadable_until {
            return self.after(AGAIN_MS, Happening::KeepOut { node, life, looks: 0 });
        }
        if looks == 0 {
            self.read_blocks(node);
            self.send_away(node);
        }
        let live = self.disk.chats.values().filter(|chat| chat.status.is_live());
        let theirs = live
            .filter(|chat| chat.visitor.as_ref().is_some_and(|visitor| self.blocked_until(node, visitor.id).is_some()));
        // In the name of who answers, or would.
        let theirs: Vec<_> = theirs.map(|chat| (chat.id, chat.agent.clone().unwrap_or_else(house))).collect();
        if theirs.is_empty() {
            return;
        }
        let number = self.fresh_number();
        self.nodes[node].endings.insert(number, Ending { left: theirs.len(), failed: false, looks });
        for (chat, agent) in theirs {
            self.house_gives(node, number, chat, Actor::Agent(agent), Command::End);
        }
    }

    /// The house gives a command by itself; nobody waits for the answer.
    fn house_gives(&mut self, node: usize, number: u64, chat: ChatId, actor: Actor, command: Command) {
        let context = Context::new(actor, self.node_time(node), self.house_id());
        let route = Route { page: 0, life: NOBODY, call: number };
        self.take(node, route, Target::Existing(chat), context, Box::new(command), None);
    }

    /// What became of a command of the house.
    pub fn house_answered(&mut self, node: usize, number: u64, answer: &Result<Ack, ApiError>) {
        let this = &mut self.nodes[node];
        let life = this.life;
        let Some(ending) = this.endings.get_mut(&number) else { return };
        ending.left -= 1;
        // One that was accepted or ended meanwhile is looked at again.
        ending.failed |= matches!(answer, Err(error) if !matches!(error, ApiError::Refused { .. }));
        if ending.left > 0 {
            return;
        }
        let (failed, looks) = (ending.failed, ending.looks + 1);
        this.endings.remove(&number);
        if failed {
            self.after(AGAIN_MS, Happening::KeepOut { node, life, looks: 0 });
        } else if looks < LOOKS {
            self.after(0, Happening::KeepOut { node, life, looks });
        }
    }

    /// What is done for a caller who still waits, after the commit and before the answer.
    ///
    /// As `still_let_in` of `desk/commands.rs`: who was blocked while the start of the chat waited for the writer is told so.
    pub fn after_commit(&mut self, node: usize, route: Route, ack: Ack) -> Result<(), ApiError> {
        let page = &self.pages[route.page];
        match (&page.actor, page.calls.get(&route.call)) {
            (Actor::Visitor(visitor), Some(Why::Form(_))) if self.sabotage != Some(Sabotage::LookOnceForBlocks) => {
                let visitor = *visitor;
                let Some(until) = self.blocked_until(node, visitor) else { return Ok(()) };
                self.house_gives(node, 0, ack.chat, Actor::Visitor(visitor), Command::End);
                Err(Refusal::Blocked { until }.into())
            }
            (_, Some(Why::Once(id))) if self.sabotage == Some(Sabotage::BlockByCaller) => {
                let given = self.ledger.given.get(id);
                if given.is_some_and(|given| matches!(given.command, Command::Block { .. })) {
                    self.keep_out(node, 0);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// In whose name chats without an owner are ended.
fn house() -> AgentRef {
    AgentRef { id: AgentId(1), name: "Agent 1".into(), photo: None }
}
