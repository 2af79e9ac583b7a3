//! What comes of tokens by which a website proves who its visitor is.

use super::*;
use crate::auth::identity::testing::{fresh, signed};
use crate::auth::token::new_token;
use crate::model::identity::Introduction;
use crate::model::visitor::{Email, VisitorCard};
use serde_json::json;

fn ada() -> serde_json::Value {
    json!({"sub": "42", "email": "ada@example.com", "name": "Ada Lovelace"})
}

fn introduction(token: String) -> Introduction {
    Introduction { token, ..Introduction::default() }
}

impl House {
    async fn introduced(&self, introduction: Introduction, email: &str) -> VisitorCard {
        self.reception.get_or_init(|| self.sit_down("reception@example.com")).await;
        let token = new_token().unwrap();
        let ack = self.desk.command_of(&token, Connection::default(), &introduction, None, id(), start(email)).await;
        self.desk.store().chat(ack.unwrap().chat).await.unwrap().unwrap().visitor.unwrap()
    }

    async fn leave(&self, introduction: Introduction, email: &str) -> Result<crate::model::ticket::Ticket, ApiError> {
        let text = RichText::from_typed("Call me");
        let connection = Connection::default();
        let left = self.desk.leave_message(None, &connection, &introduction, id(), "Eve", email, None, text).await?;
        Ok(self.desk.store().ticket(left).await.unwrap().unwrap())
    }
}

#[tokio::test]
async fn who_comes_with_a_good_token_is_who_the_website_says() {
    let house = house().await;
    let card = house.introduced(introduction(fresh(IDENTITY_SECRET, ada())), "eve@example.com").await;
    assert_eq!(card.display_name(), "Ada Lovelace");
    assert_eq!(card.email, Email::parse("ada@example.com").ok());
    assert_eq!(card.proven.as_ref().unwrap().subject.as_deref(), Some("42"));
    assert!(!card.has_unproven_email());
}

#[tokio::test]
async fn a_token_that_proves_nothing_locks_nobody_out_and_proves_nothing() {
    let house = house().await;
    let mut expired = ada();
    expired["exp"] = 1_000.into();
    for token in [
        signed(IDENTITY_SECRET, &json!({"alg": "HS256"}), &expired),
        fresh("another secret of more than 32 bytes", ada()),
        signed(IDENTITY_SECRET, &json!({"alg": "none"}), &ada()),
        "nonsense".into(),
        "x".repeat(200_000),
    ] {
        let card = house.introduced(introduction(token), "eve@example.com").await;
        assert_eq!(card.display_name(), "Ada", "as typed");
        assert!(card.proven.is_none() && card.has_unproven_email());
    }
}

#[tokio::test]
async fn a_message_that_is_left_goes_to_a_proven_address_or_to_the_one_that_was_typed_which_is_not_proven() {
    let house = house().await;
    let token = || introduction(fresh(IDENTITY_SECRET, ada()));
    let ticket = house.leave(token(), "").await.unwrap();
    assert_eq!((ticket.email.as_str(), ticket.email_proven), ("ada@example.com", true));
    assert_eq!(ticket.display_name(), "Ada Lovelace");
    let elsewhere = house.leave(token(), "home@example.com").await.unwrap();
    assert_eq!((elsewhere.email.as_str(), elsewhere.email_proven), ("home@example.com", false));
    let nobody = house.leave(introduction("nonsense".into()), "").await;
    assert_eq!(nobody, Err(Refusal::InvalidEmail.into()));
}

#[tokio::test]
async fn mails_to_proven_addresses_do_not_count_as_mails_to_strangers() {
    let house = house().await;
    for _ in 0..15 {
        house.leave(introduction(fresh(IDENTITY_SECRET, ada())), "").await.unwrap();
    }
    assert_eq!(house.desk.store().lease_jobs(i64::MAX, i64::MAX, 100).await.unwrap().len(), 15);
}

#[tokio::test]
async fn a_transcript_to_a_proven_address_is_never_too_much_and_to_others_it_is() {
    let house = house().await;
    let outcomes = |token: fn() -> String, email: &'static str| {
        let house = &house;
        async move {
            let mut refused = 0;
            for _ in 0..12 {
                let card = house.introduced(introduction(token()), "eve@example.com").await;
                let chat = house.desk.live_chat_of(card.id).await.unwrap().unwrap();
                let ask =
                    |command| house.desk.visitor_command(card.id, Connection::default(), Some(chat), id(), command);
                ask(Command::End).await.unwrap();
                refused += usize::from(ask(Command::RequestTranscript { email: email.into() }).await.is_err());
            }
            refused
        }
    };
    assert_eq!(outcomes(|| fresh(IDENTITY_SECRET, ada()), "ada@example.com").await, 0);
    assert!(outcomes(|| fresh(IDENTITY_SECRET, ada()), "stranger@example.com").await > 0);
}

#[tokio::test]
async fn the_ticket_of_a_chat_knows_whether_the_address_is_proven() {
    let house = house().await;
    let agent = house.agent("g@example.com").await;
    for (token, email_proven) in [(fresh(IDENTITY_SECRET, ada()), true), (String::new(), false)] {
        let card = house.introduced(introduction(token), "eve@example.com").await;
        let chat = house.desk.live_chat_of(card.id).await.unwrap().unwrap();
        let create = Command::CreateTicket {
            email: String::new(),
            subject: "Lamp".into(),
            description: RichText::from_typed("It is dark."),
            department: None,
            labels: vec![],
        };
        house.desk.agent_command(&agent, chat, id(), create).await.unwrap();
        let chat = house.desk.store().chat(chat).await.unwrap().unwrap();
        let ticket = house.desk.store().ticket(chat.tickets[0].id).await.unwrap().unwrap();
        assert_eq!(ticket.email_proven, email_proven);
    }
}

#[tokio::test]
async fn what_the_website_tells_reaches_agents_and_no_visitor_not_even_theirs() {
    let house = house().await;
    let agent = house.agent("g@example.com").await;
    let data = serde_json::from_value(json!({"plan": "secret plan"})).unwrap();
    let card = house.introduced(Introduction { data, ..Introduction::default() }, "ada@example.com").await;
    let chat = house.desk.live_chat_of(card.id).await.unwrap().unwrap();
    let eve = Viewer::Visitor(house.visitor(9).await);
    assert!(house.desk.visible_chat(&eve, chat).await.is_err());
    let told = |events: &[crate::model::chat::Event]| serde_json::to_string(events).unwrap().contains("secret plan");
    assert!(!told(&house.desk.missed(&Viewer::Visitor(card.id), chat, 0).await.unwrap()));
    assert!(told(&house.desk.missed(&Viewer::Agent(agent), chat, 0).await.unwrap()));
    let kept = house.desk.store().chat(chat).await.unwrap().unwrap().data;
    assert_eq!(kept.iter().collect::<Vec<_>>(), [("plan", "secret plan")]);
}

impl House {
    /// A chat of somebody whose website has said nothing, and what it says then; answers the token and the chat.
    async fn chat_of_a_stranger(&self) -> (String, crate::model::ids::ChatId) {
        self.reception.get_or_init(|| self.sit_down("reception@example.com")).await;
        let token = new_token().unwrap();
        let silent = Introduction::default();
        let ack = self.desk.command_of(&token, Connection::default(), &silent, None, id(), start("eve@example.com"));
        let chat = ack.await.unwrap().chat;
        (token, chat)
    }
}

#[tokio::test]
async fn who_logs_in_during_a_chat_is_who_the_website_says_from_then_on() {
    let house = house().await;
    let (token, chat) = house.chat_of_a_stranger().await;
    let data = serde_json::from_value(json!({"plan": "pro"})).unwrap();
    let said = Introduction { data, ..introduction(fresh(IDENTITY_SECRET, ada())) };
    let (again, command) = (id(), Command::Introduce { data: true });
    let introduce = |id| house.desk.command_of(&token, Connection::default(), &said, Some(chat), id, command.clone());
    let first = introduce(again).await.unwrap();
    assert_eq!(introduce(again).await.unwrap(), first, "the same command is answered as the first time");
    let seen = house.desk.store().chat(chat).await.unwrap().unwrap();
    let card = seen.visitor.clone().unwrap();
    assert_eq!((card.display_name(), card.has_unproven_email()), ("Ada Lovelace", false));
    assert_eq!(seen.data.iter().collect::<Vec<_>>(), [("plan", "pro")]);
    // A fresh token that says the same changes nothing.
    assert_eq!(introduce(id()).await.unwrap().seq, seen.last_seq);
}

#[tokio::test]
async fn nonsense_and_strangers_introduce_nobody_and_too_much_is_too_much() {
    let house = house().await;
    let (token, chat) = house.chat_of_a_stranger().await;
    let (other, _) = house.chat_of_a_stranger().await;
    let introduce = |token: String, said: Introduction| {
        let (house, command) = (&house, Command::Introduce { data: true });
        async move { house.desk.command_of(&token, Connection::default(), &said, Some(chat), id(), command).await }
    };
    let before = house.desk.store().chat(chat).await.unwrap().unwrap();
    for wrong in ["nonsense".to_owned(), "x".repeat(200_000), fresh("another secret of more than 32 bytes", ada())] {
        introduce(token.clone(), introduction(wrong)).await.unwrap();
    }
    let good = || introduction(fresh(IDENTITY_SECRET, ada()));
    assert_eq!(introduce(other, good()).await, Err(ApiError::NoSuchChat));
    assert_eq!(introduce(new_token().unwrap(), good()).await, Err(ApiError::NoSuchChat));
    assert_eq!(house.desk.store().chat(chat).await.unwrap().unwrap(), before);

    let mut too_many = 0;
    for turn in 0..30 {
        let data = serde_json::from_value(json!({ "turn": turn })).unwrap();
        let answer = introduce(token.clone(), Introduction { data, ..Introduction::default() }).await;
        too_many += usize::from(matches!(answer, Err(ApiError::TooMany { .. })));
    }
    assert!(too_many >= 10, "{too_many} of 30");
    // Nothing else of theirs is held up.
    let said = Command::Send { text: RichText::from_typed("Hello"), attachments: vec![] };
    house
        .desk
        .command_of(&token, Connection::default(), &Introduction::default(), Some(chat), id(), said)
        .await
        .unwrap();
}
