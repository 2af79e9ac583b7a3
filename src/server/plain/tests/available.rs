//! Whether a website may greet: asked across origins, answered as the widget would find it.

use super::*;
use crate::model::site::SiteForm;

impl House {
    async fn available(&self, site: &str, origin: Option<&str>) -> Page {
        let request = Request::get(format!("/api/visitor/available?site={site}")).header("host", "chat.example");
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    fn leave(&mut self) {
        if let Some(console) = self.console.take() {
            self.desk.hub().disconnect(&console, []);
        }
    }
}

#[tokio::test]
async fn a_website_hears_whether_somebody_is_available_without_saying_who_asks() {
    let mut house = House::new().await;
    let there = house.available("", Some("https://shop.example")).await;
    assert_eq!((there.status, there.html.as_str()), (StatusCode::OK, r#"{"available":true}"#));
    assert_eq!(there.headers["access-control-allow-origin"], "https://shop.example");
    assert!(!there.headers.contains_key("access-control-allow-credentials"));
    assert_eq!(
        (&there.headers["vary"], &there.headers["cache-control"]),
        (&"origin".parse().unwrap(), &"max-age=10".parse().unwrap())
    );
    house.desk.set_available(&house.grace, false).await.unwrap();
    assert_eq!(house.available("", None).await.html, r#"{"available":false}"#);
    house.desk.set_available(&house.grace, true).await.unwrap();
    assert_eq!(house.available("unknown", None).await.html, r#"{"available":true}"#);
    house.leave();
    assert_eq!(house.available("", None).await.html, r#"{"available":false}"#, "nobody's console is open");
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
    assert_eq!(house.available("sales", Some(sales)).await.html, r#"{"available":true}"#);
    assert_eq!(house.available("support", Some(support)).await.html, r#"{"available":false}"#);
    let other = house.available("sales", Some(support)).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    assert!(!other.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn whoever_asks_too_much_at_once_is_told_to_come_back() {
    let house = House::new().await;
    let places: Vec<_> = std::iter::from_fn(|| house.gate.enter(std::net::Ipv4Addr::UNSPECIFIED.into())).collect();
    assert!(!places.is_empty());
    assert_eq!(house.available("", None).await.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(places);
    assert_eq!(house.available("", None).await.status, StatusCode::OK);
}
