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

/// A chat of a visitor who typed "Ada" and her address, and has heard from nobody who she is.
fn typed_chat() -> Chat {
    let mut chat = Chat::new(ID);
    let silent = Context { data: Default::default(), ..context(visitor(1), 1) };
    commit(&mut chat, typed("Ada", "ada@example.com"), &silent).unwrap();
    chat
}

/// What a website says in the middle of a chat.
fn introduced(chat: &mut Chat, proven: Option<ProvenIdentity>, data: Option<&str>) -> Result<Vec<EventBody>, Refusal> {
    let context = Context {
        proven,
        data: data.map(|json| serde_json::from_str(json).unwrap()).unwrap_or_default(),
        ..context(visitor(1), 7)
    };
    let events = commit(chat, Command::Introduce { data: data.is_some() }, &context)?;
    Ok(events.into_iter().map(|event| event.body).collect())
}

#[test]
fn what_is_proven_during_a_chat_takes_the_place_of_what_was_typed_once() {
    let mut chat = typed_chat();
    let grace = proven(Some("42"), Some("grace@example.com"), Some("Grace"));
    assert_eq!(
        introduced(&mut chat, Some(grace.clone()), None),
        Ok(vec![EventBody::Identified { proven: grace.clone() }])
    );
    let card = chat.visitor.clone().unwrap();
    assert_eq!((card.display_name(), card.has_unproven_email()), ("Grace", false));
    assert_eq!(card.proven.as_ref(), Some(&grace));
    // Another token that says the same, one that proves nothing, and a page that says nothing.
    assert_eq!(introduced(&mut chat, Some(grace), None), Ok(vec![]));
    assert_eq!(introduced(&mut chat, None, None), Ok(vec![]));
    assert_eq!(chat.visitor, Some(card), "what was proven stays");
}

#[test]
fn what_a_later_proof_does_not_say_is_kept_and_is_proven_no_more() {
    let mut chat = typed_chat();
    introduced(&mut chat, Some(proven(None, Some("grace@example.com"), Some("Grace"))), None).unwrap();
    introduced(&mut chat, Some(proven(Some("42"), None, None)), None).unwrap();
    let card = chat.visitor.unwrap();
    assert_eq!((card.display_name(), card.has_unproven_email()), ("Grace", true));
}

#[test]
fn what_is_told_during_a_chat_replaces_what_was_told_before_and_only_when_it_is_told() {
    let mut chat = typed_chat();
    let told = introduced(&mut chat, None, Some(r#"{"plan":"pro","seats":3}"#)).unwrap();
    assert!(matches!(&told[..], [EventBody::DataTold { .. }]));
    assert_eq!(introduced(&mut chat, None, Some(r#"{"plan":"pro","seats":"3"}"#)), Ok(vec![]), "the same again");
    assert_eq!(introduced(&mut chat, None, None), Ok(vec![]), "a page that tells nothing takes nothing back");
    introduced(&mut chat, None, Some(r#"{"cart":2}"#)).unwrap();
    assert_eq!(chat.data.iter().collect::<Vec<_>>(), [("cart", "2")]);
    introduced(&mut chat, None, Some("{}")).unwrap();
    assert!(chat.data.is_empty());
}

#[test]
fn only_the_visitor_of_a_chat_that_goes_on_is_introduced() {
    let grace = || Some(proven(Some("42"), None, None));
    let ask = |chat: &Chat, actor: Actor| {
        decide(chat, Command::Introduce { data: true }, &Context { proven: grace(), ..context(actor, 9) })
    };
    let mut chat = typed_chat();
    assert_eq!(ask(&Chat::new(ID), visitor(1)), Err(Refusal::NotStarted));
    for actor in [visitor(2), agent(1), Actor::System] {
        assert_eq!(ask(&chat, actor), Err(Refusal::NotAllowed));
    }
    let kept_out = Context { blocked_until: Some(9_999), proven: grace(), ..context(visitor(1), 9) };
    let blocked = decide(&chat, Command::Introduce { data: true }, &kept_out);
    assert_eq!(blocked, Err(Refusal::Blocked { until: 9_999 }));
    commit(&mut chat, Command::End, &context(visitor(1), 10)).unwrap();
    assert_eq!(ask(&chat, visitor(1)), Err(Refusal::ChatEnded));
}
