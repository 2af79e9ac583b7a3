//! What the rules promise about files, labels, departments, tickets, blocks, and what comes after the end.

use super::*;

fn open_chat() -> Chat {
    chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept)]).0
}

fn ended_chat() -> Chat {
    chat_after(vec![(visitor(1), start("Hi")), (agent(1), Command::Accept), (agent(1), Command::End)]).0
}

fn events(chat: &Chat, actor: Actor, command: Command) -> Vec<EventBody> {
    decide(chat, command, &context(actor, 50)).expect("a permitted step")
}

fn with_files(text: &str, files: &[u128]) -> Command {
    let attachments = files.iter().map(|id| FileId(uuid::Uuid::from_u128(*id))).collect();
    Command::Send { text: RichText::from_typed(text), attachments }
}

#[test]
fn a_message_carries_the_files_that_its_writer_stored_and_no_others() {
    let chat = open_chat();
    let sent = events(&chat, visitor(1), with_files("", &[2, 2]));
    assert_eq!(sent, [EventBody::Message { text: RichText::default(), attachments: vec![file(2)] }]);
    assert_eq!(refused(&chat, visitor(1), with_files("mine?", &[9])), Refusal::UnknownFile);
    assert_eq!(refused(&chat, visitor(1), with_files("", &[1, 2, 3])), Refusal::TooManyFiles { max: 2 });
    assert_eq!(refused(&chat, visitor(1), with_files("", &[])), Refusal::EmptyMessage);
    let long = with_files(&"x".repeat(10_001), &[1]);
    assert!(matches!(refused(&chat, visitor(1), long), Refusal::MessageTooLong { .. }));
}

#[test]
fn a_message_of_files_alone_is_previewed_by_name() {
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi")), (visitor(1), with_files("", &[1]))]);
    assert_eq!(chat.last_message.unwrap().text, "📎 1.png");
}

#[test]
fn any_agent_moves_and_labels_a_chat_and_nobody_twice() {
    let chat = open_chat();
    assert_eq!(events(&chat, agent(2), Command::SetDepartment { department: None }).len(), 1);
    assert_eq!(events(&chat, agent(2), Command::SetDepartment { department: Some(DepartmentId(1)) }), []);
    let both = Command::SetLabels { labels: vec![LabelId(1), LabelId(2)] };
    let (labelled, log) =
        chat_after(vec![(visitor(1), start("Hi")), (agent(2), both.clone()), (agent(1), both.clone())]);
    assert_eq!(labelled.labels, [label(1), label(2)]);
    assert_eq!(log.iter().filter(|e| matches!(e.body, EventBody::LabelsChanged { .. })).count(), 1);
    assert_eq!(refused(&chat, agent(1), Command::SetLabels { labels: vec![LabelId(7)] }), Refusal::UnknownLabel);
    // One that was deleted stays until it is taken off.
    let deleted = |labels| Context { labels, ..context(agent(1), 9) };
    let more = Command::SetLabels { labels: vec![LabelId(2), LabelId(3)] };
    assert_eq!(
        decide(&labelled, more, &deleted(vec![label(3)])),
        Ok(vec![EventBody::LabelsChanged { labels: vec![label(2), label(3)] }])
    );
    let many = Command::SetLabels { labels: vec![LabelId(1); 21] };
    assert_eq!(refused(&chat, agent(1), many), Refusal::TooManyLabels { max: 20 });
    assert_eq!(refused(&chat, visitor(1), both), Refusal::NotAllowed);
    let gone = Context { department: None, ..context(agent(1), 9) };
    let unknown = Command::SetDepartment { department: Some(DepartmentId(9)) };
    assert_eq!(decide(&chat, unknown, &gone), Err(Refusal::UnknownDepartment));
}

#[test]
fn a_line_of_labels_says_what_was_added_and_removed() {
    let mut chat = Conversation::new(ID);
    let (_, log) = chat_after(vec![(visitor(1), start("Hi"))]);
    for event in &log {
        chat.apply(event);
    }
    for (seq, labels) in [(5, vec![label(1)]), (6, vec![label(2)])] {
        let body = EventBody::LabelsChanged { labels };
        chat.apply(&Event { seq, at: 2_000, by: Author::System, command: None, body });
    }
    let changed = EntryKind::LabelsChanged { added: vec![label(2)], removed: vec![label(1)] };
    assert_eq!(chat.entries.last().unwrap().kind, changed);
    // A new name is no change of the chat.
    let renamed = Label { name: "renamed".into(), ..label(2) };
    let body = EventBody::LabelsChanged { labels: vec![renamed, label(3)] };
    chat.apply(&Event { seq: 7, at: 3_000, by: Author::System, command: None, body });
    let changed = EntryKind::LabelsChanged { added: vec![label(3)], removed: vec![] };
    assert_eq!(chat.entries.last().unwrap().kind, changed);
}

#[test]
fn a_dismissed_chat_that_moves_rings_again() {
    let (chat, _) = chat_after(vec![
        (visitor(1), start("Hi")),
        (agent(1), Command::Dismiss),
        (agent(2), Command::SetDepartment { department: None }),
    ]);
    assert_eq!(chat.dismissed_by, []);
}

fn ticket(email: &str, subject: &str, description: &str) -> Command {
    Command::CreateTicket {
        email: email.into(),
        subject: subject.into(),
        description: RichText::from_typed(description),
        department: None,
        labels: vec![],
    }
}

#[test]
fn a_ticket_needs_an_email_and_one_that_is_entered_stays_on_the_chat() {
    let anonymous = Command::Start {
        name: String::new(),
        email: String::new(),
        department: None,
        text: RichText::from_typed("Hi"),
        visit: Visit::default(),
        page: None,
    };
    let (chat, _) = chat_after(vec![(visitor(1), anonymous.clone()), (agent(1), Command::Accept)]);
    assert_eq!(refused(&chat, agent(1), ticket("", "Lamp", "It is dark")), Refusal::EmailNeeded);
    assert_eq!(refused(&chat, agent(1), ticket("ada@", "Lamp", "It is dark")), Refusal::InvalidEmail);
    assert_eq!(refused(&chat, agent(1), ticket("a@b.de", " ", "It is dark")), Refusal::InvalidSubject { max: 200 });
    assert_eq!(refused(&chat, agent(1), ticket("a@b.de", "Lamp", "")), Refusal::EmptyMessage);
    assert_eq!(refused(&chat, visitor(1), ticket("a@b.de", "Lamp", "x")), Refusal::NotAllowed);
    let (chat, _) = chat_after(vec![(visitor(1), anonymous), (agent(2), ticket("a@b.de", "Lamp", "It is dark"))]);
    assert_eq!(chat.visitor.unwrap().email.unwrap().as_str(), "a@b.de");
    assert_eq!(chat.tickets[0].subject, "Lamp");
    // Another address for the ticket alone does not replace what the visitor gave.
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi")), (agent(2), ticket("a@b.de", "Lamp", "It is dark"))]);
    assert_eq!(chat.visitor.unwrap().email.unwrap().as_str(), "ada@example.com");
}

fn block(reason: &str, address: bool) -> Command {
    Command::Block { reason: reason.into(), address }
}

#[test]
fn a_block_ends_the_chat_for_a_day_and_names_the_address_only_when_asked_to() {
    let chat = open_chat();
    assert_eq!(refused(&chat, agent(1), block(" ", true)), Refusal::InvalidReason { max: 500 });
    assert_eq!(refused(&chat, agent(1), block(&"x".repeat(501), true)), Refusal::InvalidReason { max: 500 });
    assert_eq!(refused(&chat, agent(2), block("spam", true)), Refusal::NotYourChat { by: "Agent 1".into() });
    assert_eq!(refused(&chat, visitor(1), block("spam", true)), Refusal::NotAllowed);
    let until = 1_050 + 24 * 3_600_000;
    let blocked = |address: Option<&str>| EventBody::Blocked {
        until,
        reason: "spam".into(),
        address: address.map(str::to_owned),
    };
    assert_eq!(events(&chat, agent(1), block("spam", false)), [blocked(None), EventBody::Ended]);
    assert_eq!(events(&chat, agent(1), block("spam", true)), [blocked(Some("198.51.100.4")), EventBody::Ended]);
    assert_eq!(events(&ended_chat(), agent(2), block("spam", false)), [blocked(None)], "also when it is over");
}

#[test]
fn a_blocked_visitor_can_do_nothing_until_the_block_is_lifted() {
    let kept_out = Context { blocked_until: Some(9_999_999), ..context(visitor(1), 60) };
    for command in
        [send("let me in"), start("again"), Command::End, Command::Rate { helpful: true, comment: "".into() }]
    {
        let chat = if matches!(command, Command::Start { .. }) { Chat::new(ID) } else { open_chat() };
        assert_eq!(decide(&chat, command, &kept_out), Err(Refusal::Blocked { until: 9_999_999 }));
    }
    let (chat, _) = chat_after(vec![(visitor(1), start("Hi")), (agent(1), block("spam", false))]);
    assert_eq!(refused(&chat, agent(2), block("more spam", false)), Refusal::AlreadyBlocked);
    assert_eq!(events(&chat, agent(2), Command::LiftBlock), [EventBody::BlockLifted]);
    assert_eq!(events(&open_chat(), agent(2), Command::LiftBlock), []);
    assert_eq!(refused(&chat, visitor(1), Command::LiftBlock), Refusal::NotAllowed);
}

#[test]
fn only_an_ended_chat_is_rated_and_the_last_word_counts() {
    let rate = |helpful, comment: &str| Command::Rate { helpful, comment: comment.into() };
    assert_eq!(refused(&open_chat(), visitor(1), rate(true, "")), Refusal::NotEnded);
    assert_eq!(refused(&ended_chat(), agent(1), rate(true, "")), Refusal::NotAllowed);
    assert_eq!(refused(&ended_chat(), visitor(2), rate(true, "")), Refusal::NotAllowed);
    let long = rate(true, &"x".repeat(1_001));
    assert_eq!(refused(&ended_chat(), visitor(1), long), Refusal::CommentTooLong { max: 1_000 });
    let mut chat = ended_chat();
    for step in 0..10 {
        commit(&mut chat, rate(step % 2 == 0, "hm"), &context(visitor(1), 60 + step)).unwrap();
    }
    assert_eq!(chat.rating.as_ref().map(|rating| rating.helpful), Some(false));
    assert_eq!(events(&chat, visitor(1), rate(false, " hm ")), [], "the same again");
    assert_eq!(refused(&chat, visitor(1), rate(true, "")), Refusal::ChangedTooOften);
}

#[test]
fn a_transcript_goes_to_each_address_once_and_to_few() {
    let to = |email: &str| Command::RequestTranscript { email: email.into() };
    assert_eq!(refused(&open_chat(), visitor(1), to("b@example.com")), Refusal::NotEnded);
    let mut chat = ended_chat();
    assert_eq!(refused(&chat, visitor(1), to("ada@example.com")), Refusal::TranscriptSent, "sent by itself");
    assert_eq!(refused(&chat, visitor(1), to("")), Refusal::InvalidEmail);
    for name in ["b", "c", "d"] {
        commit(&mut chat, to(&format!("{name}@example.com")), &context(visitor(1), 60)).unwrap();
    }
    assert_eq!(refused(&chat, visitor(1), to("b@example.com")), Refusal::TranscriptSent);
    assert_eq!(refused(&chat, visitor(1), to("e@example.com")), Refusal::TooManyTranscripts);
}

#[test]
fn who_waits_in_vain_leaves_a_message_and_who_was_answered_does_not() {
    let leave = |email: &str| Command::LeaveMessage {
        name: "Ada".into(),
        email: email.into(),
        text: RichText::from_typed("Please call me about the lamp"),
    };
    let (waiting, _) = chat_after(vec![(visitor(1), start("Hi"))]);
    let left = events(&waiting, visitor(1), leave("ada@example.com"));
    assert!(matches!(&left[..], [EventBody::TicketCreated { ticket }, EventBody::Ended]
        if ticket.subject == "Please call me about the lamp"));
    assert_eq!(refused(&waiting, visitor(1), leave("")), Refusal::InvalidEmail);
    assert_eq!(refused(&waiting, agent(1), leave("a@b.de")), Refusal::NotAllowed);
    let answered = Refusal::AcceptedBy { by: "Agent 1".into() };
    assert_eq!(refused(&open_chat(), visitor(1), leave("a@b.de")), answered);
    assert_eq!(refused(&ended_chat(), visitor(1), leave("a@b.de")), Refusal::ChatEnded);
}

#[test]
fn nobody_starts_a_chat_that_nobody_could_take() {
    let nobody = Context { nobody_available: true, ..context(visitor(1), 1) };
    assert_eq!(decide(&Chat::new(ID), start("Hi"), &nobody), Err(Refusal::NobodyAvailable));
}

#[test]
fn a_state_of_an_earlier_version_is_read() {
    let mut json = serde_json::to_value(open_chat()).unwrap();
    for field in ["released_at", "labels", "tickets", "blocked_until", "rating", "transcripts"] {
        json.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(serde_json::from_value::<Chat>(json).unwrap(), open_chat());
    let event = r#"{"type":"message","text":[{"paragraph":"Hi"}]}"#;
    let body = EventBody::Message { text: RichText::from_typed("Hi"), attachments: vec![] };
    assert_eq!(serde_json::from_str::<EventBody>(event).unwrap(), body);
}
