//! What a website says of its visitor, as it comes over HTTP: in the calls of the widget's code, and in its forms.

use super::*;
use crate::auth::identity::testing::fresh;
use serde_json::{Value, json};
use server_fn::axum::register_explicit as register;

impl House {
    async fn call(&self, function: &str, body: Value) -> Page {
        let request = Request::post(format!("/api/{function}"))
            .header("host", "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header("authorization", format!("Bearer {}", new_token().unwrap()))
            .header(CONTENT_TYPE, "application/json");
        register::<crate::api::VisitorCommand>();
        register::<crate::api::LeaveMessage>();
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

fn start_with(introduction: Value) -> Value {
    let text = json!([{"paragraph": "Hello?"}]);
    let command = json!({"type": "start", "name": "Eve", "email": "eve@example.com", "text": text});
    let mut body = json!({"chat": null, "id": Uuid::now_v7(), "command": command});
    if !introduction.is_null() {
        body["introduction"] = introduction;
    }
    body
}

fn ada() -> String {
    fresh(IDENTITY_SECRET, json!({"sub": "42", "email": "ada@example.com", "name": "Ada"}))
}

#[tokio::test]
async fn the_widgets_code_sends_a_token_with_the_start_and_the_chat_is_that_of_whom_it_names() {
    let house = House::new().await;
    let answer = house.call("visitor/command", start_with(json!({"token": ada()}))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.html);
    let visitor = house.chat(1).await.visitor.unwrap();
    assert_eq!((visitor.display_name(), visitor.has_unproven_email()), ("Ada", false));
}

#[tokio::test]
async fn a_wrong_token_and_a_right_one_are_answered_alike_and_so_is_none() {
    let house = House::new().await;
    for introduction in [json!({"token": "a.b.c"}), json!({"token": ada()}), json!({}), Value::Null] {
        let answer = house.call("visitor/command", start_with(introduction)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.says("token") && !answer.says("proven") && !answer.says("ada@example.com"), "{}", answer.html);
    }
    let visitor = house.chat(1).await.visitor.unwrap();
    assert_eq!((visitor.display_name(), visitor.has_unproven_email()), ("Eve", true));
}

#[tokio::test]
async fn a_message_that_is_left_may_come_with_a_token() {
    let house = House::new().await;
    let text = json!([{"paragraph": "Call me"}]);
    let mut body = json!({"id": Uuid::now_v7(), "name": "", "email": "", "department": null, "text": text});
    body["introduction"] = json!({"token": ada()});
    let answer = house.call("visitor/leave-message", body).await;
    assert_eq!(answer.html, "1");
    let ticket = house.desk.ticket(crate::model::ids::TicketId(1)).await.unwrap().0;
    assert_eq!((ticket.email.as_str(), ticket.email_proven), ("ada@example.com", true));
}

#[tokio::test]
async fn a_form_carries_the_token_that_a_script_put_into_it() {
    let house = House::new().await;
    let remembered = json!({"visit": {}, "introduction": {"token": ada()}}).to_string();
    house.start(&[("message", "Hello?"), ("name", "Eve"), ("visit", &remembered)]).await;
    let visitor = house.chat(1).await.visitor.unwrap();
    assert_eq!((visitor.display_name(), visitor.has_unproven_email()), ("Ada", false));
}

#[tokio::test]
async fn whatever_a_page_tells_of_its_visitor_is_kept_within_bounds_and_refuses_nobody() {
    let house = House::new().await;
    let many: serde_json::Map<String, Value> = (0..500).map(|i| (format!("key {i:03}"), json!(i))).collect();
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    let told = [
        json!({"plan": "pro", "x": deep, "script": HOSTILE}),
        many.into(),
        json!({"k".repeat(5_000): "v".repeat(50_000)}),
        json!([1, 2]),
        json!("plan"),
        Value::Null,
    ];
    for data in told {
        let answer = house.call("visitor/command", start_with(json!({"data": data}))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.html);
    }
    let first = house.chat(1).await.data;
    assert_eq!(first.iter().collect::<Vec<_>>(), [("plan", "pro"), ("script", HOSTILE)]);
    for (id, count) in [(2, 20), (3, 1), (4, 0), (5, 0), (6, 0)] {
        assert_eq!(house.chat(id).await.data.iter().count(), count, "chat {id}");
    }
    let long = house.chat(3).await.data;
    assert!(long.iter().all(|(key, value)| key.len() == 40 && value.len() == 200));
}
