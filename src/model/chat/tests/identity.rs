//! What a website has proven of its visitor counts before what was typed.

use super::*;
use crate::model::identity::ProvenIdentity;
use crate::model::visitor::{Email, VisitorCard};

fn proven(subject: Option<&str>, email: Option<&str>, name: Option<&str>) -> ProvenIdentity {
    ProvenIdentity {
        subject: subject.map(str::to_owned),
        email: email.map(|email| Email::parse(email).unwrap()),
        name: name.map(str::to_owned),
    }
}

fn typed(name: &str, email: &str) -> Command {
    let Command::Start { department, text, visit, page, .. } = start("Hi") else { unreachable!() };
    Command::Start { name: name.into(), email: email.into(), department, text, visit, page }
}

fn started_by(command: Command, proven: Option<ProvenIdentity>) -> VisitorCard {
    let mut chat = Chat::new(ID);
    commit(&mut chat, command, &Context { proven, ..context(visitor(1), 1) }).unwrap();
    chat.visitor.unwrap()
}

#[test]
fn name_and_email_that_are_proven_take_the_place_of_those_that_were_typed() {
    let grace = proven(Some("42"), Some("grace@example.com"), Some("Grace"));
    // Nor does it matter that these would be refused.
    for (name, email) in [("Ada", "ada@example.com"), ("", ""), (&*"A".repeat(101), "ada@")] {
        let card = started_by(typed(name, email), Some(grace.clone()));
        assert_eq!(card.display_name(), "Grace");
        assert_eq!(card.email, Email::parse("grace@example.com").ok());
        assert!(!card.has_unproven_email());
        assert_eq!(card.proven.as_ref(), Some(&grace));
    }
}

#[test]
fn what_is_not_proven_is_what_was_typed_and_stays_unproven() {
    let card = started_by(typed("Ada", "ada@example.com"), Some(proven(Some("42"), None, None)));
    assert_eq!((card.display_name(), card.has_unproven_email()), ("Ada", true));
    let card = started_by(typed("Ada", "ada@example.com"), None);
    assert_eq!((card.proven.is_none(), card.has_unproven_email()), (true, true));
    let card = started_by(typed("Ada", ""), None);
    assert!(!card.has_unproven_email(), "there is none to warn of");
    let fresh = Chat::new(ID);
    let by_number = Context { proven: Some(proven(Some("42"), None, None)), ..context(visitor(1), 1) };
    assert_eq!(decide(&fresh, typed("Ada", "ada@"), &by_number), Err(Refusal::InvalidEmail));
}

#[test]
fn an_email_that_an_agent_enters_is_not_proven_by_what_the_website_has_signed() {
    let mut chat = Chat::new(ID);
    let by_number = Context { proven: Some(proven(Some("42"), None, None)), ..context(visitor(1), 1) };
    commit(&mut chat, typed("Ada", ""), &by_number).unwrap();
    let ticket = Command::CreateTicket {
        email: "ada@example.com".into(),
        subject: "Lamp".into(),
        description: RichText::from_typed("It is dark."),
        department: None,
        labels: vec![],
    };
    commit(&mut chat, ticket, &context(agent(1), 2)).unwrap();
    assert!(chat.visitor.unwrap().has_unproven_email());
}

#[test]
fn a_visitor_of_before_there_was_proof_is_read_as_unproven() {
    let before = r#"{"id":1,"name":"Ada","email":"ada@example.com"}"#;
    let card: VisitorCard = serde_json::from_str(before).unwrap();
    assert!(card.has_unproven_email());
    assert_eq!(serde_json::to_string(&card).unwrap(), before);
}

#[test]
fn what_the_website_tells_is_for_agents_alone_and_an_event_only_when_there_is_some() {
    let (chat, log) = chat_after(vec![(visitor(1), start("Hi"))]);
    assert_eq!(chat.data.iter().collect::<Vec<_>>(), [("plan", "secret plan")]);
    assert_eq!(log.iter().filter(|e| matches!(e.body, EventBody::DataTold { .. })).count(), 1);
    let seen: Vec<Event> = log.into_iter().filter(|e| e.body.is_for(Audience::Visitor)).collect();
    assert!(Conversation::of(ID, &seen).chat.data.is_empty());
    let silent = Context { data: Default::default(), ..context(visitor(1), 1) };
    let events = decide(&Chat::new(ID), start("Hi"), &silent).unwrap();
    assert!(!events.iter().any(|body| matches!(body, EventBody::DataTold { .. })));
}
