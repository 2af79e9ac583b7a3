//! Stories of leases.

use super::{Bench, fresh_id, send, stories};
use crate::model::agent::{AgentRef, Role};
use crate::model::chat::{Ack, Actor, Audience, Command, Context, EventBody, ReleaseReason, Status, commit};
use crate::model::ids::{AgentId, ChatId};
use crate::store::{AgentChange, Decision, Lease, List, Page, Target, Transact, TransactError};

stories!(
    who_accepts_a_chat_gets_a_lease_with_it,
    a_lease_is_renewed_and_never_shortened_by_it,
    after_a_restart_everybody_has_the_same_time,
    a_chat_is_taken_only_from_whose_lease_has_run_out,
    a_chat_that_is_taken_twice_at_once_is_taken_once,
    a_lease_is_kept_while_there_is_something_to_keep,
    who_is_deactivated_gets_no_more_time,
    a_returning_agent_is_told_what_was_taken_until_they_have_read_it,
);

impl Bench {
    /// Gives a command whose decision has to do with a lease.
    pub(super) async fn give_leased(
        &self,
        chat: ChatId,
        actor: Actor,
        at: i64,
        command: Command,
        lease: Lease,
    ) -> Result<Ack, TransactError> {
        let context = Context::new(actor.clone(), at, fresh_id());
        let transact = Transact {
            target: Target::Existing(chat),
            command: context.command,
            actor,
            decide: Box::new(move |chat| {
                let events = commit(chat, command.clone(), &context)?;
                Ok(Decision { events, lease: Some(lease), ..Decision::default() })
            }),
        };
        self.store.transact(transact).await
    }

    /// An open chat of this agent, who keeps it until then.
    pub(super) async fn open_chat(&self, number: u8, agent: &AgentRef, until: i64) -> ChatId {
        let (_, chat) = self.waiting_chat(number).await;
        let lease = Lease::Granted { agent: agent.id, until };
        self.give_leased(chat, Actor::Agent(agent.clone()), 1_000, Command::Accept, lease).await.unwrap();
        chat
    }

    /// Takes a chat from an agent whose lease has run out by then.
    pub(super) async fn take(&self, chat: ChatId, from: AgentId, at: i64) -> Result<Ack, TransactError> {
        let command = Command::Release { from, reason: ReleaseReason::ConnectionLost };
        self.give_leased(chat, Actor::System, at, command, Lease::Lapsed { agent: from, at }).await
    }

    pub(super) async fn lapsed(&self, now: i64) -> Vec<AgentId> {
        self.store.lapsed_leases(now, 10).await.unwrap()
    }

    async fn status(&self, chat: ChatId) -> Status {
        self.store.chat(chat).await.unwrap().unwrap().status
    }
}

async fn who_accepts_a_chat_gets_a_lease_with_it(bench: Bench) {
    let [a, b] = [bench.agent("a@x.de", Role::Agent).await, bench.agent("b@x.de", Role::Agent).await];
    bench.open_chat(1, &b, 3_000).await;
    bench.open_chat(2, &a, 2_000).await;
    assert_eq!(bench.lapsed(1_999).await, []);
    assert_eq!(bench.lapsed(2_000).await, [a.id]);
    assert_eq!(bench.lapsed(9_000).await, [a.id, b.id], "the longest gone first");
    bench.open_chat(3, &a, 2_500).await;
    assert_eq!(bench.lapsed(2_499).await, [], "the second chat came with more time");
    bench.open_chat(4, &b, 100).await;
    assert_eq!(bench.lapsed(2_999).await, [a.id], "and never with less");
}

async fn a_lease_is_renewed_and_never_shortened_by_it(bench: Bench) {
    let [a, b] = [bench.agent("a@x.de", Role::Agent).await, bench.agent("b@x.de", Role::Agent).await];
    bench.open_chat(1, &a, 2_000).await;
    bench.store.renew_leases(&[a.id, b.id, AgentId(99)], 5_000).await.unwrap();
    bench.store.renew_leases(&[a.id], 4_000).await.unwrap();
    bench.store.renew_leases(&[], 90_000).await.unwrap();
    assert_eq!(bench.lapsed(4_999).await, []);
    assert_eq!(bench.lapsed(i64::MAX).await, [a.id], "who holds nothing has no lease");
}

async fn after_a_restart_everybody_has_the_same_time(bench: Bench) {
    let [a, b] = [bench.agent("a@x.de", Role::Agent).await, bench.agent("b@x.de", Role::Agent).await];
    bench.open_chat(1, &a, 2_000).await;
    bench.open_chat(2, &b, 800_000).await;
    bench.store.restart_leases(70_000).await.unwrap();
    assert_eq!(bench.lapsed(69_999).await, []);
    assert_eq!(bench.lapsed(70_000).await, [a.id, b.id]);
}

async fn a_chat_is_taken_only_from_whose_lease_has_run_out(bench: Bench) {
    let a = bench.agent("a@x.de", Role::Agent).await;
    let chat = bench.open_chat(1, &a, 2_000).await;
    let before = bench.store.chat(chat).await.unwrap().unwrap();
    let ack = bench.take(chat, a.id, 1_999).await.unwrap();
    assert_eq!((ack.seq, bench.status(chat).await), (before.last_seq, Status::Open), "the agent came back");
    assert_eq!(bench.store.chat(chat).await.unwrap(), Some(before));
    bench.give(Target::Existing(chat), Actor::Agent(a.clone()), fresh_id(), send("Still mine")).await.unwrap();

    bench.take(chat, a.id, 2_000).await.unwrap();
    assert_eq!(bench.status(chat).await, Status::Waiting);
    let page = Page { before: None, limit: 10 };
    assert!(bench.store.rows(List::Mine(a.id), page).await.unwrap().is_empty());
    assert_eq!(bench.store.rows(List::Waiting, page).await.unwrap().len(), 1);
}

async fn a_chat_that_is_taken_twice_at_once_is_taken_once(bench: Bench) {
    let a = bench.agent("a@x.de", Role::Agent).await;
    let chat = bench.open_chat(1, &a, 2_000).await;
    let (one, other) = tokio::join!(bench.take(chat, a.id, 3_000), bench.take(chat, a.id, 3_000));
    assert!(one.is_ok() && other.is_ok());
    let log = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(log.iter().filter(|event| matches!(event.body, EventBody::Released { .. })).count(), 1);
}

async fn a_lease_is_kept_while_there_is_something_to_keep(bench: Bench) {
    let a = bench.agent("a@x.de", Role::Agent).await;
    let chat = bench.open_chat(1, &a, 2_000).await;
    bench.store.drop_lease(a.id, 3_000).await.unwrap();
    assert_eq!(bench.lapsed(3_000).await, [a.id], "a chat is still open");
    bench.take(chat, a.id, 3_000).await.unwrap();
    bench.store.drop_lease(a.id, 1_999).await.unwrap();
    assert_eq!(bench.lapsed(3_000).await, [a.id], "it has not run out by then");
    bench.store.drop_lease(a.id, 3_000).await.unwrap();
    assert_eq!(bench.lapsed(i64::MAX).await, []);
}

async fn who_is_deactivated_gets_no_more_time(bench: Bench) {
    bench.agent("boss@x.de", Role::Admin).await;
    let a = bench.agent("a@x.de", Role::Agent).await;
    bench.open_chat(1, &a, 2_000).await;
    let change = AgentChange {
        name: "a".into(),
        email: "a@x.de".into(),
        role: Role::Agent,
        departments: vec![],
        password_hash: None,
        deactivated: true,
    };
    bench.store.change_agent(a.id, change).await.unwrap();
    bench.store.renew_leases(&[a.id], 5_000).await.unwrap();
    assert_eq!(bench.lapsed(2_000).await, [a.id]);
}

async fn a_returning_agent_is_told_what_was_taken_until_they_have_read_it(bench: Bench) {
    let [a, b] = [bench.agent("a@x.de", Role::Agent).await, bench.agent("b@x.de", Role::Agent).await];
    let mut chats = Vec::new();
    for number in 1..=4 {
        chats.push(bench.open_chat(number, &a, 2_000).await);
    }
    for (i, chat) in chats.iter().enumerate() {
        bench.take(*chat, a.id, 3_000 + i as i64).await.unwrap();
    }
    let told = async || {
        let told = bench.store.released_chats(a.id, 3).await.unwrap();
        told.into_iter().map(|told| (told.chat, told.visitor, told.at)).collect::<Vec<_>>()
    };
    let line = |i: usize| (chats[i], "Ada".to_owned(), 3_000 + i as i64);
    assert_eq!(told().await, [line(3), line(2), line(1)], "the latest first, and not all of a long list");
    assert_eq!(bench.store.released_chats(b.id, 10).await.unwrap(), []);

    let lease = Lease::Granted { agent: a.id, until: 9_000 };
    bench.give_leased(chats[3], Actor::Agent(a.clone()), 4_000, Command::Accept, lease).await.unwrap();
    let lease = Lease::Granted { agent: b.id, until: 9_000 };
    bench.give_leased(chats[2], Actor::Agent(b.clone()), 4_000, Command::Accept, lease).await.unwrap();
    assert_eq!(told().await, [line(2), line(1), line(0)], "what they took again is theirs");
    bench.store.forget_released(b.id, &[chats[2]]).await.unwrap();
    bench.store.forget_released(a.id, &[chats[1]]).await.unwrap();
    assert_eq!(told().await, [line(2), line(0)]);
    bench.store.forget_released_before(3_002).await.unwrap();
    assert_eq!(told().await, [line(2)]);

    let other = Command::Release { from: b.id, reason: ReleaseReason::LoggedOut };
    bench.give(Target::Existing(chats[2]), Actor::System, fresh_id(), other).await.unwrap();
    assert_eq!(bench.store.released_chats(b.id, 10).await.unwrap(), [], "who logged out knows");
}
