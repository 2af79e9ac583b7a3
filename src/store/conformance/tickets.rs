//! Stories of tickets.

use super::{Bench, fresh_id, start, stories};
use crate::model::Millis;
use crate::model::agent::{AgentRef, Role};
use crate::model::chat::{Actor, Audience, Author, Command, Context, EventBody};
use crate::model::error::Refusal;
use crate::model::ids::{AgentId, ChatId, CommandId, TicketId};
use crate::model::text::RichText;
use crate::model::ticket::{
    MailDelivery, NewTicket, Ticket, TicketCommand, TicketContext, TicketEntryBody, TicketStatus, commit,
};
use crate::model::visitor::Email;
use crate::store::{JobKind, NewJob, Target, TicketFilter, TicketPage, TransactError};

stories!(
    a_ticket_opened_twice_is_one_ticket,
    a_change_given_twice_is_made_once,
    a_refused_change_leaves_nothing,
    a_ticket_of_a_chat_is_stored_with_its_event_or_not_at_all,
    lists_are_paged_from_the_latest_change_back,
    a_ticket_is_found_by_all_that_was_written_in_it,
    replies_tell_how_far_their_mail_is,
    numbers_are_given_once,
);

fn ticket(id: TicketId, subject: &str, at: Millis) -> NewTicket {
    NewTicket {
        id,
        subject: subject.into(),
        name: Some("Ada Lovelace".into()),
        email: Email::parse("ada@example.com").unwrap(),
        email_proven: false,
        department: None,
        labels: vec![],
        assignee: None,
        chat: None,
        site: None,
        by: Author::Visitor,
        at,
        description: RichText::from_typed("The lamp stays dark."),
    }
}

async fn open(bench: &Bench, subject: &str, at: Millis) -> TicketId {
    let id = bench.store.next_ticket().await.unwrap();
    bench.store.open_ticket(fresh_id(), ticket(id, subject, at), vec![]).await.unwrap()
}

/// Gives a command as the desk does, with a mail for each reply.
async fn give(
    bench: &Bench,
    id: TicketId,
    by: &AgentRef,
    now: Millis,
    command: CommandId,
    what: TicketCommand,
) -> Result<Ticket, TransactError> {
    let agent = match &what {
        TicketCommand::Assign { agent } => agent.map(|id| AgentRef { id, name: "somebody".into(), photo: None }),
        _ => None,
    };
    let context = TicketContext { by: by.clone(), now, agent, department: None, labels: vec![] };
    bench
        .store
        .change_ticket(
            id,
            command,
            Box::new(move |ticket| {
                let entries = commit(ticket, what, &context)?;
                let replies = entries.iter().filter(|entry| matches!(entry.body, TicketEntryBody::Replied { .. }));
                let jobs = replies
                    .map(|reply| NewJob {
                        kind: JobKind::TicketReply { ticket: id, entry: reply.seq },
                        chat: None,
                        dedup: format!("ticket-{id}-{}", reply.seq),
                        at: now,
                    })
                    .collect();
                Ok((entries, jobs))
            }),
        )
        .await
}

fn reply(text: &str) -> TicketCommand {
    TicketCommand::Reply { text: RichText::from_typed(text), status: Some(TicketStatus::Pending) }
}

fn note(text: &str) -> TicketCommand {
    TicketCommand::Note { text: RichText::from_typed(text) }
}

async fn numbers(bench: &Bench, filter: TicketFilter) -> Vec<i64> {
    let page = TicketPage { before: None, limit: 50 };
    bench.store.tickets(filter, page).await.unwrap().into_iter().map(|ticket| ticket.id.0).collect()
}

async fn a_ticket_opened_twice_is_one_ticket(bench: Bench) {
    let command = fresh_id();
    let job = |id: TicketId| NewJob {
        kind: JobKind::TicketReceived { ticket: id },
        chat: None,
        dedup: format!("received-{id}"),
        at: 1_000,
    };
    let mut answers = Vec::new();
    for _ in 0..2 {
        let id = bench.store.next_ticket().await.unwrap();
        answers.push(bench.store.open_ticket(command, ticket(id, "Lamp", 1_000), vec![job(id)]).await.unwrap());
    }
    assert_eq!(answers, [TicketId(1), TicketId(1)]);
    assert_eq!(numbers(&bench, TicketFilter::default()).await, [1]);
    assert_eq!(bench.store.ticket(TicketId(1)).await.unwrap(), Some(ticket(TicketId(1), "Lamp", 1_000).open().0));
    assert_eq!(bench.store.ticket(TicketId(2)).await.unwrap(), None);
    let entries = bench.store.ticket_entries(TicketId(1), 0, 10).await.unwrap();
    assert_eq!(entries, [ticket(TicketId(1), "Lamp", 1_000).open().1]);
    let jobs = bench.store.lease_jobs(1_000, 2_000, 10).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!((&jobs[0].kind, jobs[0].chat), (&JobKind::TicketReceived { ticket: TicketId(1) }, None));
}

async fn a_change_given_twice_is_made_once(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let (id, other) = (open(&bench, "Lamp", 1_000).await, open(&bench, "Chair", 1_000).await);
    let command = fresh_id();
    let first = give(&bench, id, &by, 2_000, command, reply("Turn it on.")).await.unwrap();
    assert_eq!((first.status, first.last_seq, first.updated_at), (TicketStatus::Pending, 4, 2_000));
    let again = give(&bench, id, &by, 3_000, command, reply("Turn it on.")).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(bench.store.ticket(id).await.unwrap(), Some(first));
    let entries = bench.store.ticket_entries(id, 0, 10).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(entries[2].body, TicketEntryBody::Assigned { agent: Some(by.clone()) });
    assert_eq!(bench.store.ticket_entries(id, 1, 2).await.unwrap(), entries[1..3]);
    assert_eq!(bench.store.lease_jobs(9_000, 9_999, 10).await.unwrap().len(), 1);
    let elsewhere = give(&bench, other, &by, 3_000, command, reply("Turn it on.")).await;
    assert!(matches!(elsewhere, Err(TransactError::Refused(Refusal::CommandReused))), "{elsewhere:?}");
}

async fn a_refused_change_leaves_nothing(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let id = open(&bench, "Lamp", 1_000).await;
    let before = bench.store.ticket(id).await.unwrap();
    let refused = give(&bench, id, &by, 2_000, fresh_id(), note(" ")).await;
    assert!(matches!(refused, Err(TransactError::Refused(Refusal::EmptyMessage))), "{refused:?}");
    let nowhere = give(&bench, TicketId(99), &by, 2_000, fresh_id(), note("hm")).await;
    assert!(matches!(nowhere, Err(TransactError::NoSuchChat)), "{nowhere:?}");
    let same = TicketCommand::SetStatus { status: TicketStatus::Open };
    assert_eq!(give(&bench, id, &by, 2_000, fresh_id(), same).await.ok(), before, "it is so already");
    assert_eq!(bench.store.ticket(id).await.unwrap(), before);
    assert_eq!(bench.store.ticket_entries(id, 0, 10).await.unwrap().len(), 1);
}

async fn a_ticket_of_a_chat_is_stored_with_its_event_or_not_at_all(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let id = bench.store.next_ticket().await.unwrap();
    let command = fresh_id();
    let make = |email: &str| {
        let context = Context { ticket: Some(id), ..Context::new(Actor::Agent(by.clone()), 1_000, command) };
        let create = Command::CreateTicket {
            email: email.into(),
            subject: "Lamp".into(),
            description: RichText::from_typed("It is dark."),
            department: None,
            labels: vec![],
        };
        let job = NewJob {
            kind: JobKind::TicketReceived { ticket: id },
            chat: Some(chat),
            dedup: format!("received-{id}"),
            at: 1_000,
        };
        let new = NewTicket { by: Author::Agent(by.clone()), ..ticket(id, "Lamp", 1_000) };
        bench.give_in(Target::Existing(chat), context, create, vec![job], Some(new))
    };
    let refused = make("").await;
    assert!(matches!(refused, Err(TransactError::Refused(Refusal::EmailNeeded))), "{refused:?}");
    assert_eq!(bench.store.ticket(id).await.unwrap(), None);

    let ack = make("ada@example.com").await.unwrap();
    assert_eq!(make("ada@example.com").await.unwrap(), ack, "given twice, answered alike");
    let stored = bench.store.ticket(id).await.unwrap().unwrap();
    assert_eq!((stored.chat, stored.subject.as_str()), (Some(chat), "Lamp"));
    let events = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(events.iter().filter(|event| matches!(event.body, EventBody::TicketCreated { .. })).count(), 1);
    assert_eq!(bench.store.ticket_entries(id, 0, 10).await.unwrap().len(), 1);
    assert_eq!(bench.store.chat(chat).await.unwrap().unwrap().tickets.len(), 1);
    assert_eq!(bench.store.lease_jobs(1_000, 2_000, 10).await.unwrap()[0].chat, Some(chat));

    // Of a new chat nobody knows the number before it is stored.
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    let second = bench.store.next_ticket().await.unwrap();
    let new = NewTicket { chat: Some(ChatId(0)), ..ticket(second, "Chair", 1_000) };
    let context = Context::new(Actor::Visitor(visitor), 1_000, fresh_id());
    let ack = bench.give_in(Target::New(visitor), context, start("Hi"), vec![], Some(new)).await.unwrap();
    assert_eq!(bench.store.ticket(second).await.unwrap().unwrap().chat, Some(ack.chat));
}

async fn lists_are_paged_from_the_latest_change_back(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    for at in 1..=7 {
        open(&bench, "Lamp", at).await;
    }
    for (id, what) in [
        (2, TicketCommand::SetStatus { status: TicketStatus::Resolved }),
        (5, reply("Turn it on.")),
        (3, TicketCommand::Assign { agent: Some(by.id) }),
    ] {
        give(&bench, TicketId(id), &by, 100 + id, fresh_id(), what).await.unwrap();
    }
    let with = |status, assignee| TicketFilter { status, assignee, words: None };
    assert_eq!(numbers(&bench, with(None, None)).await, [5, 3, 2, 7, 6, 4, 1]);
    assert_eq!(numbers(&bench, with(Some(TicketStatus::Open), None)).await, [3, 7, 6, 4, 1]);
    assert_eq!(numbers(&bench, with(Some(TicketStatus::Resolved), None)).await, [2]);
    assert_eq!(numbers(&bench, with(None, Some(by.id))).await, [5, 3]);
    assert_eq!(numbers(&bench, with(Some(TicketStatus::Open), Some(by.id))).await, [3]);
    assert_eq!(numbers(&bench, with(None, Some(AgentId(99)))).await, [0i64; 0]);

    for (filter, all) in
        [(with(None, None), vec![5, 3, 2, 7, 6, 4, 1]), (with(Some(TicketStatus::Open), None), vec![3, 7, 6, 4, 1])]
    {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = bench.store.tickets(filter.clone(), TicketPage { before, limit: 2 }).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some((last.updated_at, last.id));
            seen.extend(page.iter().map(|ticket| ticket.id.0));
        }
        assert_eq!(seen, all);
    }
    assert_eq!(bench.store.count_open_tickets(100).await.unwrap(), 5);
    assert_eq!(bench.store.count_open_tickets(3).await.unwrap(), 3);
}

async fn a_ticket_is_found_by_all_that_was_written_in_it(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let (lamp, chair) = (open(&bench, "Blue lamp", 1).await, open(&bench, "Red chair", 2).await);
    give(&bench, lamp, &by, 3, fresh_id(), reply("Please turn the crank.")).await.unwrap();
    give(&bench, lamp, &by, 4, fresh_id(), note("An old model, see shelf 12")).await.unwrap();
    let words = |words: &str| TicketFilter { words: Some(words.into()), ..TicketFilter::default() };
    assert_eq!(numbers(&bench, words("blue")).await, [lamp.0], "the subject");
    assert_eq!(numbers(&bench, words("ada@example.com")).await, [chair.0, lamp.0], "who asked");
    assert_eq!(numbers(&bench, words("DARK lovel")).await, [chair.0, lamp.0], "in different places, begun");
    assert_eq!(numbers(&bench, words("crank shelf")).await, [lamp.0], "replies and notes");
    assert_eq!(numbers(&bench, words("crank chair")).await, [0i64; 0]);
    assert_eq!(numbers(&bench, words("\" ) NEAR(")).await, [0i64; 0]);
    let of = |status| TicketFilter { status: Some(status), ..words("lamp") };
    assert_eq!(numbers(&bench, of(TicketStatus::Open)).await, [chair.0]);
    assert_eq!(numbers(&bench, of(TicketStatus::Pending)).await, [lamp.0]);
    assert_eq!(numbers(&bench, TicketFilter { assignee: Some(by.id), ..words("lamp") }).await, [lamp.0]);
    let rest = TicketPage { before: Some((i64::MAX, chair)), limit: 50 };
    assert_eq!(bench.store.tickets(words("lamp"), rest).await.unwrap().len(), 1, "of a search by number");
}

async fn replies_tell_how_far_their_mail_is(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let id = open(&bench, "Lamp", 1).await;
    for text in ["one", "two", "three"] {
        give(&bench, id, &by, 2, fresh_id(), reply(text)).await.unwrap();
    }
    let jobs = bench.store.lease_jobs(2, 3, 10).await.unwrap();
    bench.store.finish_job(jobs[0].id).await.unwrap();
    bench.store.park_job(jobs[1].id, "550 no such mailbox").await.unwrap();
    let entries = bench.store.ticket_entries(id, 0, 20).await.unwrap();
    let replies: Vec<_> = entries.iter().filter(|e| matches!(e.body, TicketEntryBody::Replied { .. })).collect();
    assert_eq!(
        replies.iter().map(|reply| reply.delivery).collect::<Vec<_>>(),
        [Some(MailDelivery::Done), Some(MailDelivery::Parked), Some(MailDelivery::Due)]
    );
    assert_eq!(entries.iter().filter(|entry| entry.delivery.is_some()).count(), 3);
}

async fn numbers_are_given_once(bench: Bench) {
    let given = futures::future::join_all((0..20).map(|_| bench.store.next_ticket())).await;
    let mut numbers: Vec<i64> = given.into_iter().map(|number| number.unwrap().0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}
