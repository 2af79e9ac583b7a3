//! What is remembered between calls changes nothing that a caller sees.

use super::*;
use crate::model::visitor::PageView;

impl House {
    async fn view_page(&self, visitor: VisitorId) {
        let page = PageView { url: "https://shop.example/".into(), ..PageView::default() };
        self.desk.view_pages(visitor, &Connection::default(), vec![(id(), page)]).await.unwrap();
    }

    async fn pages_of(&self, chat: ChatId) -> usize {
        let events = self.desk.store().events(chat, Audience::Agents, 0, 100).await.unwrap();
        events.iter().filter(|event| matches!(event.body, EventBody::PageViewed { .. })).count()
    }
}

#[tokio::test]
async fn a_page_view_is_noted_in_the_chat_that_goes_on_and_nowhere_when_none_does() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let first = house.chat(ada, "").await;
    house.view_page(ada).await;
    house.view_page(ada).await;
    house.desk.visitor_command(ada, Connection::default(), Some(first), id(), Command::End).await.unwrap();
    house.view_page(ada).await;
    let second = house.chat(ada, "").await;
    house.view_page(ada).await;
    assert_eq!((house.pages_of(first).await, house.pages_of(second).await), (2, 1));
}

#[tokio::test]
async fn a_session_tells_what_its_agent_is_now_and_ends_at_once() {
    let house = house().await;
    let grace = house.agent("grace@example.com").await;
    let session = house.desk.log_in("grace@example.com", "correct horse".into(), "127.0.0.1").await.unwrap();
    assert!(house.desk.agent_of(&session).await.unwrap().available);
    house.desk.set_available(&grace, false).await.unwrap();
    assert!(!house.desk.agent_of(&session).await.unwrap().available);
    house.desk.log_out(&session).await.unwrap();
    assert_eq!(house.desk.agent_of(&session).await.err(), Some(ApiError::NotLoggedIn));
}
