//! The simulated disk and writer answer as the real ones do: the same commands, one after the other and in batches,
//! go to both, and answers, logs, states and jobs are compared.

use crate::disk::Disk;
use crate::writer::{BATCH, Next, Request, Writer};
use fastrand::Rng;
use frontdesk::desk::effects;
use frontdesk::model::agent::{AgentRef, Role};
use frontdesk::model::chat::{self, Ack, Actor, Audience, Command, Context, ReleaseReason};
use frontdesk::model::ids::{ChatId, CommandId, LabelId, VisitorId};
use frontdesk::model::text::RichText;
use frontdesk::model::visitor::{PageView, Visit};
use frontdesk::store::sqlite::SqliteStore;
use frontdesk::store::{
    ChatStore as _, Decide, Decision, Lease, LeaseStore as _, NewAgent, OutboxStore as _, PeopleStore as _, Target,
    TokenHash, Transact,
};
use std::collections::BTreeSet;
use tokio::sync::mpsc;

/// A command, as often as it is needed.
#[derive(Clone)]
struct Given {
    target: Target,
    actor: Actor,
    id: CommandId,
    command: Command,
    now: i64,
    /// What it has to do with a lease.
    lease: Option<Lease>,
}

impl Given {
    fn transact(&self) -> Transact {
        let Given { target, actor, id, command, now, lease } = self.clone();
        let mut context = Context::new(actor.clone(), now, id);
        if let Command::SetLabels { labels } = &command {
            context.labels = crate::node::labels(labels);
        }
        let decide: Decide = Box::new(move |chat: &mut chat::Chat| {
            let events = chat::commit(chat, command.clone(), &context)?;
            let decision = effects::of(chat, events, &command, &context, crate::node::may_mail_stranger(id));
            Ok(Decision { lease, ..decision })
        });
        Transact { target, command: id, actor, decide }
    }
}

#[tokio::test]
async fn the_simulated_store_answers_as_sqlite_does() {
    let (mut chats, mut jobs, mut taken, mut kept) = (0, 0, 0, 0);
    for seed in 0..6 {
        let compared = compare(&mut Rng::with_seed(seed)).await;
        chats += compared.0;
        jobs += compared.1;
        taken += compared.2;
        kept += compared.3;
    }
    assert!(chats > 20 && jobs > 5, "{chats} chats, {jobs} jobs: too little was compared");
    assert!(taken > 5 && kept > 5, "{taken} chats were taken, {kept} were not: too little was compared");
}

/// Gives both stores the same commands; returns how many chats and jobs came of it, and how many were taken from agents
/// or not, because their lease had not run out.
async fn compare(rng: &mut Rng) -> (usize, usize, usize, u32) {
    let directory = tempfile::tempdir().expect("a directory");
    let (sender, _commits) = mpsc::channel(10_000);
    let sqlite = SqliteStore::open(&directory.path().join("test.db"), sender).await.expect("a store");
    let mut visitors = Vec::new();
    for number in 1..=3 {
        visitors.push(sqlite.ensure_visitor(TokenHash([number; 32]), 1).await.expect("a visitor"));
    }
    let mut agents = Vec::new();
    for number in 1..=2 {
        let (name, email) = (format!("Agent {number}"), format!("a{number}@example.com"));
        let new = NewAgent {
            name: name.clone(),
            email,
            role: Role::Agent,
            password_hash: "hash".into(),
            departments: vec![],
        };
        agents.push(AgentRef { id: sqlite.add_agent(new, 1).await.expect("an agent"), name, photo: None });
    }

    let (mut disk, mut writer) = (Disk::new(None), Writer::new(true, None));
    let mut given: Vec<Given> = Vec::new();
    for _ in 0..40 {
        let chats: Vec<ChatId> = disk.logs.keys().copied().collect();
        let who = (visitors.as_slice(), agents.as_slice());
        let batch: Vec<Given> = (0..rng.usize(1..=BATCH)).map(|_| draw(rng, who, &chats, &given)).collect();
        given.extend(batch.iter().cloned());
        // Sent in order, so that they come into one transaction, or few.
        let real = futures::future::join_all(batch.iter().map(|given| sqlite.transact(given.transact()))).await;
        writer.waiting.extend(batch.iter().map(|given| Request { transact: given.transact(), route: () }));
        assert!(writer.begin(&disk));
        let Some(Next::Tell(simulated)) = writer.commit(&mut disk, 0, false) else { panic!("it is committed") };
        for ((given, real), ((), simulated)) in batch.iter().zip(real).zip(simulated) {
            let real: Result<Ack, String> = real.map_err(|error| error.to_string());
            let simulated = simulated.map(|(ack, _)| ack).map_err(|error| error.to_string());
            assert_eq!(real, simulated, "{:?} by {:?} for {:?}", given.command, given.actor, given.target);
        }
        lease(rng, &agents, &sqlite, &mut disk).await;
    }

    for (id, log) in &disk.logs {
        let stored = sqlite.events(*id, Audience::Agents, 0, 10_000).await.expect("a log");
        assert_eq!(&stored, log);
        let public = sqlite.events(*id, Audience::Visitor, 2, 5).await.expect("a log");
        assert_eq!(public, disk.events(*id, Audience::Visitor, 2, 5));
        assert_eq!(sqlite.chat(*id).await.expect("a state").as_ref(), disk.chats.get(id));
    }
    let jobs = sqlite.lease_jobs(i64::MAX - 1, i64::MAX, 10_000).await.expect("the jobs");
    let mut jobs: Vec<(String, Option<ChatId>)> = jobs.into_iter().map(|job| (job.dedup, job.chat)).collect();
    let mut simulated: Vec<_> = disk.jobs.iter().map(|job| (job.dedup.clone(), job.chat)).collect();
    jobs.sort();
    simulated.sort();
    assert_eq!(jobs, simulated);
    for agent in &agents {
        let released = sqlite.released_chats(agent.id, 10_000).await.expect("what was taken");
        let released: BTreeSet<_> = released.into_iter().map(|released| (agent.id, released.chat)).collect();
        let simulated = disk.released.iter().filter(|(whose, _)| *whose == agent.id).copied().collect();
        assert_eq!(released, simulated);
    }
    sqlite.close().await;
    (disk.logs.len(), jobs.len(), disk.taken.len(), writer.kept)
}

/// Something happens to the leases, and they are compared.
async fn lease(rng: &mut Rng, agents: &[AgentRef], sqlite: &SqliteStore, disk: &mut Disk) {
    let (agent, at) = (agents[rng.usize(..agents.len())].id, rng.i64(1..1_000_000));
    match rng.u8(..4) {
        0 => {
            sqlite.renew_leases(&[agent], at).await.expect("it is written");
            disk.renew_leases(&[agent], at, 0).expect("it is written");
        }
        1 => {
            sqlite.restart_leases(at).await.expect("it is written");
            disk.restart_leases(at, 0).expect("it is written");
        }
        2 => {
            sqlite.drop_lease(agent, at).await.expect("it is written");
            disk.drop_lease(agent, at, 0).expect("it is written");
        }
        _ => {}
    }
    for at in [rng.i64(1..1_000_000), i64::MAX] {
        let mut real = sqlite.lapsed_leases(at, 100).await.expect("leases");
        let mut simulated = disk.lapsed_leases(at, 0).expect("leases");
        real.sort();
        simulated.sort();
        assert_eq!(real, simulated);
    }
}

/// Who gives commands.
type Who<'a> = (&'a [VisitorId], &'a [AgentRef]);

fn draw(rng: &mut Rng, who: Who<'_>, chats: &[ChatId], before: &[Given]) -> Given {
    let repeated = (rng.u8(..6) == 0).then(|| rng.choice(before)).flatten();
    let id = CommandId::from_parts(rng.i64(1..1_000_000), std::array::from_fn(|_| rng.u8(..)));
    if let Some(given) = repeated {
        // Once more, or an id that was used before for something else.
        return if rng.bool() { given.clone() } else { Given { id: given.id, ..fresh(rng, who, chats, id) } };
    }
    fresh(rng, who, chats, id)
}

fn fresh(rng: &mut Rng, (visitors, agents): Who<'_>, chats: &[ChatId], id: CommandId) -> Given {
    let text = RichText::from_typed(&format!("text {}", rng.u32(..)));
    let visitor = visitors[rng.usize(..visitors.len())];
    let now = rng.i64(1..1_000_000);
    if rng.u8(..4) == 0 {
        let email = if rng.bool() { format!("v{visitor}@example.com") } else { String::new() };
        let (name, department, visit) = (String::new(), None, Visit::default());
        let page = rng.bool().then(PageView::default);
        let command = Command::Start { name, email, department, text, visit, page };
        return Given { target: Target::New(visitor), actor: Actor::Visitor(visitor), id, command, now, lease: None };
    }
    // The latest chats mostly; at times one that does not exist.
    let latest = &chats[chats.len().saturating_sub(4)..];
    let chat = rng.choice(latest).copied().filter(|_| rng.u8(..9) > 0).unwrap_or(ChatId(rng.i64(1..99)));
    let target = Target::Existing(chat);
    if rng.u8(..5) == 0 {
        let agent = agents[rng.usize(..agents.len())].id;
        let command = Command::Release { from: agent, reason: ReleaseReason::ConnectionLost };
        let lease = Some(Lease::Lapsed { agent, at: now });
        return Given { target, actor: Actor::System, id, command, now, lease };
    }
    let actor = match rng.bool() {
        true => Actor::Visitor(visitor),
        false => Actor::Agent(agents[rng.usize(..agents.len())].clone()),
    };
    let up_to = rng.i64(0..20);
    let command = match rng.u8(..12) {
        0..4 => Command::Send { text, attachments: Vec::new() },
        4..6 => Command::Accept,
        6 => Command::Dismiss,
        7 => Command::MarkRead { up_to },
        8 => Command::MarkDelivered { up_to },
        9 => Command::End,
        10 => Command::SetLabels { labels: (0..rng.i64(0..3)).map(LabelId).collect() },
        _ => Command::RequestTranscript { email: format!("other{}@example.com", rng.u8(..3)) },
    };
    let lease = match (&command, &actor) {
        (Command::Accept, Actor::Agent(agent)) => {
            Some(Lease::Granted { agent: agent.id, until: rng.i64(1..1_000_000) })
        }
        _ => None,
    };
    Given { target, actor, id, command, now, lease }
}
