//! Whether a website may greet: asked across origins, answered as the widget would find it.

use super::*;
use crate::model::site::SiteForm;
use serde_json::{Value, json};

impl Page {
    fn is_available(&self) -> bool {
        self.answer()["available"].as_bool().unwrap()
    }

    fn answer(&self) -> Value {
        serde_json::from_str(&self.html).unwrap()
    }
}

impl House {
    async fn available(&self, site: &str, origin: Option<&str>) -> Page {
        let request = Request::get(format!("/api/visitor/available?site={site}")).header("host", "chat.example");
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        self.ask(request.body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_website_hears_whether_somebody_is_available_without_saying_who_asks() {
    let house = House::new().await;
    let there = house.available("", Some("https://shop.example")).await;
    assert_eq!((there.status, there.is_available()), (StatusCode::OK, true));
    assert_eq!(there.headers["access-control-allow-origin"], "https://shop.example");
    assert!(!there.headers.contains_key("access-control-allow-credentials"));
    let vary: Vec<_> = there.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["accept-language", "origin"]);
    assert_eq!(there.headers["cache-control"], "max-age=10");
    house.desk.set_available(&house.grace, false).await.unwrap();
    assert!(!house.available("", None).await.is_available());
    house.desk.set_available(&house.grace, true).await.unwrap();
    assert!(house.available("unknown", None).await.is_available());
}

#[tokio::test]
async fn a_site_counts_its_own_departments_and_answers_its_own_websites() {
    let house = House::new().await;
    let store = &**house.desk.store();
    let password = "correct horse".to_owned();
    let sales = vec!["Sales".to_owned()];
    let alan = setup::add_agent(store, "Alan", "a@example.com", Role::Agent, sales, password.clone()).await.unwrap();
    setup::add_agent(store, "Ada", "d@example.com", Role::Agent, vec!["Support".into()], password).await.unwrap();
    house.desk.set_available(&house.grace, false).await.unwrap();
    let alan = store.agent(alan).await.unwrap().unwrap();
    let _console = house.desk.hub().connect(Viewer::Agent(alan.clone())).0;
    house.desk.set_available(&alan, true).await.unwrap();
    for department in house.desk.departments().await.unwrap() {
        let form = SiteForm {
            name: department.name.clone(),
            key: department.name.to_lowercase(),
            origins: vec![format!("https://{}.example", department.name.to_lowercase())],
            departments: vec![department.id],
            ..SiteForm::default()
        };
        house.desk.save_site(None, form).await.unwrap();
    }
    let (sales, support) = ("https://sales.example", "https://support.example");
    assert!(house.available("sales", Some(sales)).await.is_available());
    assert!(!house.available("support", Some(support)).await.is_available());
    let other = house.available("sales", Some(support)).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    assert!(!other.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn what_is_said_beside_the_greeting_is_in_the_language_of_the_chat() {
    let house = House::new().await;
    let house = &house;
    let words = |address: &'static str| {
        let request = Request::get(address).header("accept-language", "fr").body(Body::empty()).unwrap();
        async move { house.ask(request).await.answer()["words"]["open"].clone() }
    };
    assert_eq!(words("/api/visitor/available?lang=tlh,de-AT").await, json!("Chat öffnen"));
    assert_eq!(words("/api/visitor/available?lang=tlh").await, json!("Ouvrir le chat"));
    assert_eq!(words("/api/visitor/available?lang=en").await, json!("Open chat"));
}

#[tokio::test]
async fn whoever_asks_too_much_at_once_is_told_to_come_back() {
    let house = House::new().await;
    let places: Vec<_> =
        std::iter::from_fn(|| house.gate.enter(Some(std::net::Ipv4Addr::UNSPECIFIED.into()))).collect();
    assert!(!places.is_empty());
    assert_eq!(house.available("", None).await.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(places);
    assert_eq!(house.available("", None).await.status, StatusCode::OK);
}
