//! What the rules promise about chats that are taken from an agent who is gone.

use super::*;

fn release(from: i64) -> Command {
    Command::Release { from: AgentId(from), reason: ReleaseReason::ConnectionLost }
}

fn open_chat() -> (Chat, Vec<Event>) {
    chat_after(vec![(visitor(1), start("Hi")), (agent(2), Command::Dismiss), (agent(1), Command::Accept)])
}

fn events(chat: &Chat, actor: Actor, command: Command) -> Vec<EventBody> {
    decide(chat, command, &context(actor, 50)).expect("a permitted step")
}

#[test]
fn a_chat_that_is_taken_from_its_agent_waits_for_another_and_rings_everybody() {
    let (mut chat, _) = open_chat();
    let before = chat.clone();
    let taken = commit(&mut chat, release(1), &context(Actor::System, 50)).unwrap();
    let owner = AgentRef { id: AgentId(1), name: "Agent 1".into(), photo: None };
    let reason = ReleaseReason::ConnectionLost;
    assert_eq!(taken[0].body, EventBody::Released { agent: owner, reason });
    assert_eq!(taken[0].by, Author::System);
    assert!(taken[0].body.is_for(Audience::Visitor));
    assert_eq!((chat.status, chat.agent.clone(), chat.dismissed_by.len()), (Status::Waiting, None, 0));
    assert_eq!((chat.started_at, chat.waiting_since()), (before.started_at, 1_050), "the wait begins anew");
    assert_eq!(ChatRow::from(&chat).waiting_since(), 1_050);
    assert_eq!(refused(&chat, agent(1), send("I am back")), Refusal::NotAccepted);
    assert_eq!(events(&chat, agent(2), Command::Accept), [EventBody::Accepted]);
    assert_eq!(events(&chat, agent(1), Command::Accept), [EventBody::Accepted], "also whose it was");
}

#[test]
fn what_is_not_that_agents_any_more_is_not_taken() {
    let (mut chat, _) = open_chat();
    assert_eq!(events(&chat, Actor::System, release(2)), [], "another one answers");
    commit(&mut chat, release(1), &context(Actor::System, 50)).unwrap();
    assert_eq!(events(&chat, Actor::System, release(1)), [], "it waits already");
    commit(&mut chat, Command::Accept, &context(agent(2), 51)).unwrap();
    assert_eq!(events(&chat, Actor::System, release(1)), [], "it was passed on");
    commit(&mut chat, Command::End, &context(agent(2), 52)).unwrap();
    assert_eq!(events(&chat, Actor::System, release(2)), [], "it has ended");
}

#[test]
fn only_the_house_takes_a_chat_and_it_does_nothing_else() {
    let (chat, _) = open_chat();
    for actor in [visitor(1), agent(1), agent(2)] {
        assert_eq!(refused(&chat, actor, release(1)), Refusal::NotAllowed);
    }
    for command in [send("beep"), Command::Accept, Command::End, Command::MarkRead { up_to: 9 }, Command::LiftBlock] {
        assert_eq!(refused(&chat, Actor::System, command), Refusal::NotAllowed);
    }
    let json = r#"{"type":"release","from":1,"reason":"connection_lost"}"#;
    assert!(serde_json::from_str::<Command>(json).is_err(), "it cannot be asked for over the wire");
}

#[test]
fn who_waits_again_may_leave_a_message_and_still_gets_the_transcript_of_what_was_said() {
    let (mut chat, _) = open_chat();
    commit(&mut chat, release(1), &context(Actor::System, 50)).unwrap();
    assert!(chat.was_accepted());
    let leave = Command::LeaveMessage {
        name: String::new(),
        email: "ada@example.com".into(),
        text: RichText::from_typed("Please call me"),
    };
    commit(&mut chat, leave, &context(visitor(1), 60)).unwrap();
    assert_eq!(chat.status, Status::Ended);
    let again = Command::RequestTranscript { email: "ada@example.com".into() };
    assert_eq!(refused(&chat, visitor(1), again), Refusal::TranscriptSent, "it goes there by itself");
}

#[test]
fn a_line_of_the_conversation_says_whose_chat_it_was() {
    let (mut chat, mut log) = open_chat();
    log.extend(commit(&mut chat, release(1), &context(Actor::System, 50)).unwrap());
    let seen: Vec<Event> = log.into_iter().filter(|event| event.body.is_for(Audience::Visitor)).collect();
    let theirs = Conversation::of(ID, &seen);
    assert_eq!(theirs.chat.status, Status::Waiting);
    let EntryKind::Released { agent, .. } = &theirs.entries.last().unwrap().kind else { panic!("no line") };
    assert_eq!(agent.name, "Agent 1");
}

#[test]
fn a_reason_of_a_newer_version_is_read() {
    let event = r#"{"type":"released","agent":{"id":1,"name":"Eve"},"reason":"eaten_by_a_bear"}"#;
    let EventBody::Released { reason, .. } = serde_json::from_str(event).unwrap() else { panic!("another event") };
    assert_eq!(reason, ReleaseReason::Unknown);
}
