//! What the rules promise, over any sequence of commands.

mod identity;
mod manage;
mod release;

use super::*;
use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::department::DepartmentRef;
use crate::model::error::Refusal;
use crate::model::ids::{AgentId, ChatId, CommandId, DepartmentId, FileId, LabelId, PhotoId, TicketId, VisitorId};
use crate::model::label::Label;
use crate::model::text::RichText;
use crate::model::visitor::{Connection, Landing, PageView, Visit};
use proptest::prelude::*;

const ID: ChatId = ChatId(1);

fn agent(id: i64) -> Actor {
    Actor::Agent(AgentRef { id: AgentId(id), name: format!("Agent {id}"), photo: None })
}

fn visitor(id: i64) -> Actor {
    Actor::Visitor(VisitorId(id))
}

fn context(actor: Actor, step: u64) -> Context {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&step.to_be_bytes());
    Context {
        department: Some(DepartmentRef { id: DepartmentId(1), name: "Sales".into() }),
        connection: Connection { ip: "192.0.2.7".into(), user_agent: "Browser/1".into() },
        labels: vec![label(1), label(2)],
        data: serde_json::from_str(r#"{"plan":"secret plan"}"#).unwrap(),
        attachments: vec![file(1), file(2), file(3)],
        max_files: 2,
        ticket: Some(TicketId(step as i64)),
        address: Some("198.51.100.4".into()),
        ..Context::new(actor, 1_000 + step as i64, CommandId::from_parts(1_000 + step as i64, random))
    }
}

fn label(id: i64) -> Label {
    Label { id: LabelId(id), name: format!("secret label {id}"), color: 1 }
}

fn file(number: u128) -> Attachment {
    let id = FileId(uuid::Uuid::from_u128(number));
    Attachment { id, name: format!("{number}.png"), mime: "image/png".into(), size: 9, width: Some(3), height: Some(3) }
}

fn start(text: &str) -> Command {
    Command::Start {
        name: "Ada".into(),
        email: "ada@example.com".into(),
        department: Some(DepartmentId(1)),
        text: RichText::from_typed(text),
        visit: Visit { first: Some(Landing { at: 1, url: "https://shop.example/".into() }), ..Visit::default() },
        page: Some(PageView { at: 2, url: "https://shop.example/pricing".into(), ..PageView::default() }),
    }
}

fn send(text: &str) -> Command {
    Command::Send { text: RichText::from_typed(text), attachments: Vec::new() }
}

/// A chat that went through these commands; refusals are an error of the test.
fn chat_after(steps: Vec<(Actor, Command)>) -> (Chat, Vec<Event>) {
    let mut chat = Chat::new(ID);
    let mut log = Vec::new();
    for (i, (actor, command)) in steps.into_iter().enumerate() {
        log.extend(commit(&mut chat, command, &context(actor, i as u64)).expect("a permitted step"));
    }
    (chat, log)
}

fn refused(chat: &Chat, actor: Actor, command: Command) -> Refusal {
    decide(chat, command, &context(actor, 99)).expect_err("a refusal")
}

#[test]
fn a_visitor_starts_a_chat_and_waits() {
    let (chat, log) = chat_after(vec![(visitor(1), start("Hello?"))]);
    assert_eq!(chat.status, Status::Waiting);
    assert_eq!(chat.visitor_name(), "Ada");
    assert_eq!(chat.unread(Side::Agents), 1);
    assert_eq!(log.len(), 5);
    assert!(log[0].command.is_some() && log[1..].iter().all(|e| e.command.is_none()));
}

#[test]
fn of_two_agents_who_accept_one_wins_and_the_other_is_told_who() {
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept)]);
    assert_eq!(refused(&chat, agent(2), Command::Accept), Refusal::AcceptedBy { by: "Agent 1".into() });
    assert_eq!(decide(&chat, Command::Accept, &context(agent(1), 9)), Ok(vec![]), "the winner's other window");
}

#[test]
fn only_the_agent_who_accepted_answers() {
    let (waiting, _) = chat_after(vec![(visitor(1), start("Hi"))]);
    assert_eq!(refused(&waiting, agent(1), send("Hello")), Refusal::NotAccepted);
    let (open, _) = chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept)]);
    assert_eq!(refused(&open, agent(2), send("Hello")), Refusal::NotYourChat { by: "Agent 1".into() });
    assert_eq!(refused(&open, agent(2), Command::End), Refusal::NotYourChat { by: "Agent 1".into() });
    assert!(decide(&open, send("Hello"), &context(agent(1), 9)).is_ok());
}

#[test]
fn another_visitor_can_do_nothing_in_a_chat() {
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept)]);
    for command in [
        start("mine"),
        send("I am you"),
        Command::End,
        Command::MarkRead { up_to: 9 },
        Command::MarkDelivered { up_to: 9 },
        Command::ViewPage { page: PageView::default() },
    ] {
        assert_eq!(refused(&chat, visitor(2), command), Refusal::NotAllowed);
    }
}

#[test]
fn visitors_have_no_commands_of_agents() {
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi"))]);
    assert_eq!(refused(&chat, visitor(1), Command::Accept), Refusal::NotAllowed);
    assert_eq!(refused(&chat, visitor(1), Command::Dismiss), Refusal::NotAllowed);
    assert_eq!(refused(&Chat::new(ID), agent(1), start("Hi")), Refusal::NotAllowed);
}

#[test]
fn an_ended_chat_takes_no_messages_and_ends_only_once() {
    let (chat, log) = chat_after(vec![
        (visitor(1), start("Hi")),
        (agent(1), Command::Accept),
        (visitor(1), Command::End),
        (agent(1), Command::End),
    ]);
    assert_eq!(log.iter().filter(|e| e.body == EventBody::Ended).count(), 1);
    assert_eq!(refused(&chat, visitor(1), send("One more thing")), Refusal::ChatEnded);
    assert_eq!(refused(&chat, agent(1), send("Bye")), Refusal::ChatEnded);
    assert_eq!(refused(&chat, agent(2), Command::Accept), Refusal::ChatEnded);
}

#[test]
fn dismissing_hides_a_waiting_chat_for_that_agent_once() {
    let (chat, _) =
        chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Dismiss), (agent(1), Command::Dismiss)]);
    assert_eq!(chat.dismissed_by, [AgentId(1)]);
    assert_eq!(chat.status, Status::Waiting);
}

#[test]
fn what_is_typed_into_the_form_is_checked() {
    let fresh = Chat::new(ID);
    let with = |name: &str, email: &str, text: &str| Command::Start {
        name: name.into(),
        email: email.into(),
        department: None,
        text: RichText::from_typed(text),
        visit: Visit::default(),
        page: None,
    };
    assert_eq!(refused(&fresh, visitor(1), with("Ada", "", "  ")), Refusal::EmptyMessage);
    assert_eq!(refused(&fresh, visitor(1), with("Ada", "ada@", "Hi")), Refusal::InvalidEmail);
    assert_eq!(refused(&fresh, visitor(1), with(&"A".repeat(101), "", "Hi")), Refusal::InvalidName { max: 100 });
    let unknown = Context { department: None, ..context(visitor(1), 1) };
    assert_eq!(decide(&fresh, start("Hi"), &unknown), Err(Refusal::UnknownDepartment));
}

#[test]
fn a_read_receipt_says_when_each_message_was_read() {
    let (_, mut log) = chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept)]);
    let mut chat = Chat::new(ID);
    log.iter().for_each(|e| chat.apply(e));
    for (step, (actor, command)) in [
        (agent(1), send("one")),
        (visitor(1), Command::MarkRead { up_to: 7 }),
        (agent(1), send("two")),
        (agent(1), send("three")),
        (visitor(1), Command::MarkDelivered { up_to: 99 }),
        (visitor(1), Command::MarkRead { up_to: 9 }),
    ]
    .into_iter()
    .enumerate()
    {
        log.extend(commit(&mut chat, command, &context(actor, 10 + step as u64)).unwrap());
    }
    let read: Vec<(String, bool, Option<i64>)> = Conversation::of(ID, &log)
        .entries
        .iter()
        .filter(|e| e.by.side() == Some(Side::Agents))
        .filter_map(|e| match &e.kind {
            EntryKind::Message { text, .. } => Some((text.to_plain(), e.delivered_at.is_some(), e.read_at)),
            _ => None,
        })
        .collect();
    assert_eq!(
        read,
        [("one".into(), true, Some(1_011)), ("two".into(), true, Some(1_015)), ("three".into(), true, None)]
    );
    assert_eq!(chat.unread(Side::Visitor), 1);
}

fn any_actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        4 => Just(visitor(1)),
        1 => Just(visitor(2)),
        3 => Just(agent(1)),
        1 => Just(agent(2)),
        2 => Just(Actor::System),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => "[a-z \n]{0,12}".prop_map(|t| start(&t)),
        6 => "[a-z \n]{0,12}".prop_map(|t| send(&t)),
        2 => Just(Command::Accept),
        3 => (1i64..3).prop_map(|id| Command::Release { from: AgentId(id), reason: ReleaseReason::ConnectionLost }),
        1 => Just(Command::Dismiss),
        2 => (-3i64..40).prop_map(|up_to| Command::MarkDelivered { up_to }),
        3 => (-3i64..40).prop_map(|up_to| Command::MarkRead { up_to }),
        2 => "[a-z]{0,5}".prop_map(|t| Command::ViewPage {
            page: PageView { url: format!("https://shop.example/{t}"), title: t, ..PageView::default() }
        }),
        2 => any::<bool>().prop_map(|data| Command::Introduce { data }),
        1 => Just(Command::End),
        1 => prop::option::of(1i64..3).prop_map(|id| Command::SetDepartment { department: id.map(DepartmentId) }),
        1 => prop::collection::vec(1i64..4, 0..3)
            .prop_map(|ids| Command::SetLabels { labels: ids.into_iter().map(LabelId).collect() }),
        1 => prop::collection::vec(1u128..5, 0..4).prop_map(|ids| Command::Send {
            text: RichText::default(),
            attachments: ids.into_iter().map(|id| FileId(uuid::Uuid::from_u128(id))).collect(),
        }),
        1 => "[a-z]{0,3}".prop_map(|subject| Command::CreateTicket {
            email: "eve@example.com".into(),
            subject,
            description: RichText::from_typed("secret description"),
            department: None,
            labels: vec![],
        }),
        1 => any::<bool>().prop_map(|address| Command::Block { reason: "secret reason".into(), address }),
        1 => Just(Command::LiftBlock),
        1 => any::<bool>().prop_map(|helpful| Command::Rate { helpful, comment: "so so".into() }),
        1 => "[ab]{1}".prop_map(|name| Command::RequestTranscript { email: format!("{name}@example.com") }),
        1 => Just(Command::LeaveMessage {
            name: "Ada".into(),
            email: "ada@example.com".into(),
            text: RichText::from_typed("Call me"),
        }),
    ]
}

proptest! {
    #[test]
    fn any_sequence_of_commands_keeps_the_invariants(
        steps in prop::collection::vec((any_actor(), any_command()), 0..60)
    ) {
        let mut chat = Chat::new(ID);
        let mut log: Vec<Event> = Vec::new();
        for (i, (actor, command)) in steps.into_iter().enumerate() {
            let before = chat.clone();
            match commit(&mut chat, command, &context(actor, i as u64)) {
                Ok(events) => log.extend(events),
                Err(_) => prop_assert_eq!(&chat, &before, "a refusal changes nothing"),
            }
        }

        // Numbers are consecutive, time never goes back, the log starts with the start and ends with the end.
        prop_assert!(log.iter().enumerate().all(|(i, e)| e.seq == i as Seq + 1));
        prop_assert!(log.windows(2).all(|w| w[0].at <= w[1].at));
        let starts = log.iter().skip(1).filter(|e| matches!(e.body, EventBody::Started { .. })).count();
        prop_assert_eq!(starts, 0);
        let ended = log.iter().position(|e| e.body == EventBody::Ended);
        prop_assert_eq!(ended.is_some(), chat.status == Status::Ended);
        if let Some(end) = ended {
            let more = log[end + 1..].iter().filter(|e| {
                matches!(
                    e.body,
                    EventBody::Message { .. }
                        | EventBody::Accepted
                        | EventBody::Released { .. }
                        | EventBody::PageViewed { .. }
                )
            });
            prop_assert_eq!(more.count(), 0, "nothing is said after the end");
        }
        // An open chat has an owner, a waiting one has none.
        prop_assert!(chat.status != Status::Open || chat.agent.is_some());
        prop_assert!(chat.status != Status::Waiting || chat.agent.is_none());
        prop_assert!(chat.blocked_until.is_none() || chat.status == Status::Ended);
        prop_assert!(chat.tickets.len() <= 10 && chat.transcripts.len() <= 4 && chat.labels.len() <= 20);
        // Who takes a chat takes it from the queue, and it is taken only from its owner: the two take turns.
        let hands: Vec<_> = log.iter()
            .filter(|e| matches!(e.body, EventBody::Accepted | EventBody::Released { .. }))
            .collect();
        for (i, event) in hands.iter().enumerate() {
            match &event.body {
                EventBody::Released { agent, .. } => {
                    prop_assert_eq!(&event.by, &Author::System);
                    prop_assert!(i % 2 == 1 && hands[i - 1].by == Author::Agent(agent.clone()));
                }
                _ => prop_assert!(i % 2 == 0 && matches!(event.by, Author::Agent(_))),
            }
        }
        prop_assert_eq!(chat.agent.is_some(), hands.len() % 2 == 1);
        prop_assert_eq!(chat.was_accepted(), !hands.is_empty());
        let mut by_system = log.iter().filter(|e| e.by == Author::System);
        let only_takes = by_system.all(|e| matches!(e.body, EventBody::Released { .. }));
        prop_assert!(only_takes, "the house does nothing else");

        // The state is the fold of the log, also after a trip through JSON.
        let stored: Vec<Event> = serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap();
        let conversation = Conversation::of(ID, &stored);
        prop_assert_eq!(&conversation.chat, &chat);
        let row: Chat = serde_json::from_str(&serde_json::to_string(&chat).unwrap()).unwrap();
        prop_assert_eq!(&row, &chat);

        // Receipts agree with a count from the beginning.
        for side in [Side::Visitor, Side::Agents] {
            let read = chat.receipts(side).read;
            let unread = log.iter()
                .filter(|e| matches!(e.body, EventBody::Message { .. }) && e.by.side() == Some(side.other()) && e.seq > read)
                .count();
            prop_assert_eq!(chat.unread(side), unread);
        }
        for entry in &conversation.entries {
            let reader = entry.by.side().map(Side::other);
            let is_message = matches!(entry.kind, EntryKind::Message { .. });
            let read = reader.is_some_and(|side| is_message && chat.receipts(side).read >= entry.seq);
            prop_assert_eq!(entry.read_at.is_some(), read, "entry {}", entry.seq);
            prop_assert!(entry.read_at.is_none() || entry.delivered_at.is_some());
        }
    }

    #[test]
    fn a_visitor_never_holds_what_is_for_agents_and_agrees_on_the_rest(
        steps in prop::collection::vec((any_actor(), any_command()), 0..60)
    ) {
        let mut chat = Chat::new(ID);
        let mut log = Vec::new();
        for (i, (actor, command)) in steps.into_iter().enumerate() {
            log.extend(commit(&mut chat, command, &context(actor, i as u64)).unwrap_or_default());
        }
        let seen: Vec<Event> = log.iter().filter(|e| e.body.is_for(Audience::Visitor)).cloned().collect();
        let json = serde_json::to_string(&seen).unwrap();
        for secret in ["page_viewed", "visit_recorded", "dismissed", "192.0.2.7", "Browser/1", "secret", "198.51"] {
            prop_assert!(!json.contains(secret), "{} reached the visitor", secret);
        }
        let theirs = Conversation::of(ID, &seen).chat;
        prop_assert_eq!(theirs.status, chat.status);
        prop_assert_eq!(theirs.last_seq, chat.last_public_seq);
        prop_assert_eq!(theirs.receipts(Side::Visitor), chat.receipts(Side::Visitor));
        prop_assert_eq!(theirs.receipts(Side::Agents), chat.receipts(Side::Agents));
        prop_assert_eq!(&theirs.last_message, &chat.last_message);
    }

    #[test]
    fn an_event_applied_live_gives_the_screen_that_a_reload_gives(
        steps in prop::collection::vec((any_actor(), any_command()), 1..40)
    ) {
        let mut chat = Chat::new(ID);
        let mut live = Conversation::new(ID);
        let mut log = Vec::new();
        for (i, (actor, command)) in steps.into_iter().enumerate() {
            let Ok(events) = commit(&mut chat, command, &context(actor, i as u64)) else { continue };
            for event in events {
                let before = live.entries.clone();
                let change = live.apply(&event);
                log.push(event);
                // The change names all that is different on the screen, so that nothing else is drawn again.
                let from = change.touched_from.unwrap_or(before.len());
                prop_assert_eq!(&before[..from], &live.entries[..from]);
                prop_assert_eq!(live.entries.len(), before.len() + usize::from(change.added));
                prop_assert_eq!(&Conversation::of(ID, &log), &live);
            }
        }
    }
}

#[test]
fn a_visitor_learns_the_photos_of_those_who_answer_and_of_nobody_else() {
    let photo = |number| Some(PhotoId(uuid::Uuid::from_u128(number)));
    let with_photo = |id: i64| match agent(id) {
        Actor::Agent(agent) => Actor::Agent(AgentRef { photo: photo(id as u128), ..agent }),
        other => other,
    };
    let (chat, log) = chat_after(vec![
        (visitor(1), start("Hi")),
        (with_photo(1), Command::Accept),
        (with_photo(1), send("Hello")),
        (with_photo(2), Command::SetDepartment { department: None }),
        (with_photo(1), Command::MarkRead { up_to: 4 }),
        (with_photo(1), Command::End),
    ]);
    assert_eq!(chat.agent.and_then(|agent| agent.photo), photo(1));
    for event in log {
        let answers = matches!(&event.body, EventBody::Message { .. } | EventBody::Accepted);
        if let Author::Agent(agent) = event.by {
            assert_eq!(agent.photo.is_some(), answers, "{:?}", event.body);
        }
    }
}
