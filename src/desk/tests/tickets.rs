use super::*;
use crate::model::chat::Author;
use crate::model::chat::Status;
use crate::model::identity::Introduction;
use crate::model::ticket::{TicketCommand, TicketEntryBody, TicketStatus};
use crate::store::{JobKind, TicketFilter};

fn ticket_of_chat(email: &str) -> Command {
    Command::CreateTicket {
        email: email.into(),
        subject: "A lamp for Norway".into(),
        description: RichText::from_typed("She needs two lamps."),
        department: None,
        labels: vec![],
    }
}

#[tokio::test]
async fn a_chat_and_its_ticket_name_each_other() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let agent = house.agent("g@example.com").await;
    let chat = house.chat(ada, "").await;
    let command = id();
    for _ in 0..2 {
        house.desk.agent_command(&agent, chat, command, ticket_of_chat("ada@example.com")).await.unwrap();
    }
    let found = house.desk.tickets(TicketFilter::default(), None).await.unwrap();
    let [ticket] = &found[..] else { panic!("one ticket, but {}", found.len()) };
    assert_eq!((ticket.chat, ticket.email.as_str(), ticket.display_name()), (Some(chat), "ada@example.com", "Ada"));
    let state = house.desk.store().chat(chat).await.unwrap().unwrap();
    assert_eq!(state.tickets[0].id, ticket.id);
    let (_, entries) = house.desk.ticket(ticket.id).await.unwrap();
    assert!(
        matches!(&entries[0].body, TicketEntryBody::Described { text } if text.to_plain() == "She needs two lamps.")
    );
    assert!(house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap().is_empty(), "agents answer by reply");
}

#[tokio::test]
async fn a_reply_is_mailed_once_and_a_note_never() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let agent = house.agent("g@example.com").await;
    let chat = house.chat(ada, "ada@example.com").await;
    house.desk.agent_command(&agent, chat, id(), ticket_of_chat("")).await.unwrap();
    let ticket = house.desk.tickets(TicketFilter::default(), None).await.unwrap()[0].id;
    let note = TicketCommand::Note { text: RichText::from_typed("She is a friend of the boss.") };
    house.desk.ticket_command(&agent, ticket, id(), note).await.unwrap();
    let text = RichText::from_typed("Two lamps are on their way.");
    let reply = TicketCommand::Reply { text, status: Some(TicketStatus::Pending) };
    let command = id();
    for _ in 0..2 {
        let after = house.desk.ticket_command(&agent, ticket, command, reply.clone()).await.unwrap();
        assert_eq!((after.status, after.assignee.map(|agent| agent.id)), (TicketStatus::Pending, Some(agent.id)));
    }
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    assert_eq!(
        jobs.iter().map(|job| job.kind.clone()).collect::<Vec<_>>(),
        [JobKind::TicketReply { ticket, entry: 3 }]
    );
    let missing = house.desk.ticket_command(&agent, crate::model::ids::TicketId(99), id(), reply).await;
    assert_eq!(missing, Err(ApiError::NoSuchTicket));
}

#[tokio::test]
async fn a_message_that_is_left_becomes_a_ticket_and_is_acknowledged_without_flooding_strangers() {
    let house = house().await;
    let text = || RichText::from_typed("Please call me");
    let leave = |command| {
        let desk = house.desk.clone();
        async move {
            let connection = Connection { ip: "192.0.2.9".into(), user_agent: String::new() };
            let nobody = Introduction::default();
            desk.leave_message(None, &connection, &nobody, command, "Eve", "stranger@example.com", None, text()).await
        }
    };
    let first = id();
    let number = leave(first).await.unwrap();
    assert_eq!(leave(first).await.unwrap(), number, "the same message again");
    let mut tickets = 1;
    while leave(id()).await.is_ok() {
        tickets += 1;
        assert!(tickets < 100, "nobody leaves messages without limit");
    }
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 100).await.unwrap();
    assert!(jobs.len() <= 10, "{} mails to a stranger", jobs.len());
    let (ticket, entries) = house.desk.ticket(number).await.unwrap();
    assert_eq!((ticket.subject.as_str(), &entries[0].by), ("Please call me", &Author::Visitor));
}

#[tokio::test]
async fn who_waited_in_vain_leaves_a_message_instead_of_a_transcript() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "ada@example.com").await;
    let leave = Command::LeaveMessage {
        name: "Ada".into(),
        email: "ada@work.example".into(),
        text: RichText::from_typed("Please call me"),
    };
    house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), leave).await.unwrap();
    assert_eq!(house.desk.live_chat_of(ada).await.unwrap(), None);
    let ticket = house.desk.tickets(TicketFilter::default(), None).await.unwrap().remove(0);
    assert_eq!((ticket.chat, ticket.email.as_str()), (Some(chat), "ada@work.example"));
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    assert_eq!(
        jobs.iter().map(|job| job.kind.clone()).collect::<Vec<_>>(),
        [JobKind::TicketReceived { ticket: ticket.id }]
    );
}

#[tokio::test]
async fn search_finds_an_ended_chat_by_what_was_said() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    house
        .desk
        .visitor_command(ada, Connection::default(), Some(chat), id(), send("About the Aurora lamp"))
        .await
        .unwrap();
    assert!(house.desk.search_chats("aurora", None).await.unwrap().is_empty(), "it goes on");
    house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), Command::End).await.unwrap();
    let found = house.desk.search_chats(" LAMP auro ", None).await.unwrap();
    assert_eq!(found.len(), 1);
    let hits: Vec<&str> = found[0].1.iter().filter(|(_, hit)| *hit).map(|(text, _)| text.as_str()).collect();
    assert_eq!(hits, ["Aurora", "lamp"]);
}

#[tokio::test]
async fn a_transcript_goes_to_one_address_once_whoever_asks() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "ada@example.com").await;
    let connection = Connection { ip: "192.0.2.9".into(), user_agent: String::new() };
    house.desk.visitor_command(ada, connection.clone(), Some(chat), id(), Command::End).await.unwrap();
    let ask = |email: &str| Command::RequestTranscript { email: email.into() };
    house.desk.visitor_command(ada, connection.clone(), Some(chat), id(), ask("ada@example.com")).await.unwrap();
    house.desk.visitor_command(ada, connection, Some(chat), id(), ask("bob@example.com")).await.unwrap();
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    let to: Vec<String> = jobs
        .iter()
        .map(|job| match &job.kind {
            JobKind::Transcript { to } => to.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(to, ["ada@example.com", "bob@example.com"]);
}

#[tokio::test]
async fn nobody_waits_for_an_agent_who_was_deactivated() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    let grace = house.agent("grace@example.com").await;
    house.desk.agent_command(&grace, chat, id(), Command::Accept).await.unwrap();
    let store = &**house.desk.store();
    setup::add_agent(store, "Ada", "admin@example.com", Role::Admin, vec![], "correct horse".into()).await.unwrap();
    let change =
        house.desk.change_agent(grace.id, "Grace", "grace@example.com", Role::Agent, vec![], String::new(), true);
    change.await.unwrap();
    assert_eq!(house.desk.live_chat_of(ada).await.unwrap(), Some(chat));
    assert_eq!(house.desk.store().chat(chat).await.unwrap().unwrap().status, Status::Waiting, "others are rung");
}
