//! A site of its own: who may change it, who may show it, what it says.

use super::*;
use crate::model::site::SiteForm;
use serde_json::{Value, json};
use server_fn::axum::register_explicit as register;

impl House {
    async fn settings(&self, function: &str, session: &str, body: Value) -> Page {
        register::<crate::api::GetSites>();
        register::<crate::api::SaveSite>();
        register::<crate::api::RemoveSite>();
        let request = Request::post(format!("/api/admin/{function}"))
            .header("host", "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("frontdesk_session={session}"))
            .header(CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn site(&self, origins: &[&str]) {
        let form = SiteForm {
            name: "Shop".into(),
            key: "shop".into(),
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            greeting: "Welcome to <b>our</b> shop!".into(),
            away: "Back on Monday.".into(),
            color: "#0f766e".into(),
            ..SiteForm::default()
        };
        self.desk.save_site(None, form).await.unwrap();
    }

    async fn ancestors(&self, address: &str) -> String {
        let page = self.get(address).await;
        assert_eq!(page.status, StatusCode::OK);
        let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
        policy.split_once("frame-ancestors ").unwrap().1.to_owned()
    }
}

#[tokio::test]
async fn only_admins_see_and_change_sites() {
    let house = House::new().await;
    let store = &**house.desk.store();
    let password = "correct horse".to_owned();
    setup::add_agent(store, "Alan", "a@example.com", Role::Agent, vec![], password.clone()).await.unwrap();
    let agent = house.desk.log_in("a@example.com", password.clone(), "::1").await.unwrap();
    let admin = house.desk.log_in("g@example.com", password, "::1").await.unwrap();
    let form = json!({"name": "Shop", "key": "shop", "origins": ["https://shop.example"]});
    let calls =
        [("sites", json!({})), ("sites/save", json!({"id": null, "form": form})), ("sites/remove", json!({"id": 1}))];
    for (session, status) in [(&*agent, StatusCode::FORBIDDEN), ("", StatusCode::UNAUTHORIZED)] {
        for (function, body) in &calls {
            assert_eq!(house.settings(function, session, body.clone()).await.status, status, "{function}");
        }
    }
    assert!(house.desk.sites().is_empty());
    assert_eq!(house.settings("sites/save", &admin, calls[1].1.clone()).await.status, StatusCode::OK);
    let listed = house.settings("sites", &admin, json!({})).await;
    let listed: Value = serde_json::from_str(&listed.html).unwrap();
    assert_eq!((&listed[0]["key"], &listed[0]["origins"][0]), (&json!("shop"), &json!("https://shop.example")));
    let wrong = house.settings("sites/save", &admin, json!({"id": null, "form": {"name": "x", "key": "a b"}})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.says("A key has letters"));
    assert_eq!(house.settings("sites/remove", &admin, json!({"id": 1})).await.status, StatusCode::OK);
    assert_eq!(house.settings("sites/remove", &admin, json!({"id": 1})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_chat_of_a_site_is_shown_on_its_websites_alone() {
    let house = House::new().await;
    assert_eq!(house.ancestors("/widget").await, "*");
    house.site(&["https://shop.example", "https://www.shop.example"]).await;
    assert_eq!(house.ancestors("/widget?site=shop").await, "'self' https://shop.example https://www.shop.example");
    assert_eq!(house.ancestors("/widget").await, "*", "any website may have the chat that is nobody's own");
    assert_eq!(house.ancestors("/widget?site=unknown").await, "*");
}

#[tokio::test]
async fn websites_of_the_configuration_and_those_of_sites_add_up() {
    let house = House::allowing(&["https://corp.example"]).await;
    house.site(&["https://shop.example"]).await;
    assert_eq!(house.ancestors("/widget?site=shop").await, "'self' https://corp.example https://shop.example");
    for (origin, status) in [
        ("https://corp.example", StatusCode::NO_CONTENT),
        ("https://shop.example", StatusCode::NO_CONTENT),
        ("https://evil.example", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(house.ask(beacon(origin, "")).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn page_views_of_a_site_are_taken_from_its_websites_alone() {
    let house = House::new().await;
    house.site(&["https://shop.example"]).await;
    for (origin, site, status) in [
        ("https://shop.example", "SHOP", StatusCode::NO_CONTENT),
        ("https://evil.example", "shop", StatusCode::FORBIDDEN),
        ("https://evil.example", "unknown", StatusCode::NO_CONTENT),
        ("https://evil.example", "", StatusCode::NO_CONTENT),
    ] {
        assert_eq!(house.ask(beacon(origin, site)).await.status, status, "{origin} as {site}");
    }
}

fn beacon(origin: &str, site: &str) -> Request<Body> {
    let request = Request::post("/api/visitor/page-views").header("host", "chat.example").header("origin", origin);
    request.body(json!({"token": null, "site": site, "pages": []}).to_string().into()).unwrap()
}

#[tokio::test]
async fn a_site_says_its_own_texts_and_its_chats_know_it() {
    let mut house = House::new().await;
    house.site(&[]).await;
    let widget = house.get("/widget?site=shop").await;
    assert!(widget.says(r##""color":"#0f766e""##) && widget.says("Welcome to \\u003cb>our"), "{}", widget.html);
    assert!(!house.get("/widget").await.says("Welcome to"));

    let (token, id) = (widget.hidden("token"), widget.hidden("id"));
    let fields = |message| [("do", "start"), ("token", &*token), ("id", &*id), ("message", message)];
    let empty = house.ask(form_on("shop").body(body(&fields(""))).unwrap()).await;
    assert!(empty.says("Welcome to &lt;b&gt;our"), "{}", empty.html);
    house.ask(form_on("shop").body(body(&fields("Hello?"))).unwrap()).await;
    assert_eq!(house.chat(1).await.site.unwrap().name, "Shop");

    if let Some(console) = house.console.take() {
        house.desk.hub().disconnect(&console, []);
    }
    house.desk.set_available(&house.grace, false).await.unwrap();
    let other = new_token().unwrap();
    let fields = [("do", "again"), ("token", &*other)];
    let away = house.ask(form_on("shop").body(body(&fields)).unwrap()).await;
    assert!(away.says("Back on Monday."), "{}", away.html);
}

fn form_on(site: &str) -> axum::http::request::Builder {
    Request::post(format!("/widget?site={site}"))
        .header(CONTENT_TYPE, FORM)
        .header("host", "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
}

#[tokio::test]
async fn pages_look_as_the_website_wishes_without_a_script_and_so_do_their_logs() {
    let house = House::new().await;
    house.site(&[]).await;
    let allows =
        |page: &Page| page.headers["content-security-policy"].to_str().unwrap().contains("style-src 'self' 'sha256-");
    let plain = house.get("/widget").await;
    assert!(!plain.says("<style>") && !plain.says("look.js") && !allows(&plain));
    let of_site = house.get("/widget?site=shop").await;
    assert!(of_site.says("<style>:root{--accent:#0f766e}</style>") && allows(&of_site), "{}", of_site.html);
    let page = house.get("/widget?site=shop&theme=page").await;
    assert!(page.says("look.js") && !page.says("data-theme"));

    let (token, id) = (of_site.hidden("token"), of_site.hidden("id"));
    let fields = [("do", "start"), ("token", &*token), ("id", &*id), ("message", "Hello?")];
    let address = "/widget?theme=dark&color=rgb(255%2C+230%2C+0)";
    let request = Request::post(address).header("host", "chat.example").header("content-type", FORM);
    let talk = house.ask(request.body(body(&fields)).unwrap()).await;
    let log = house.get(&talk.log()).await;
    for page in [&talk, &log] {
        let rule = "@supports(color:rgb(255, 230, 0)){:root{--accent:rgb(255, 230, 0)}}";
        assert!(page.says("data-theme=\"dark\"") && page.says(rule) && allows(page), "{}", page.html);
    }
    let (_, next) = log.html.split_once("url=").unwrap();
    assert!(next.split('"').next().unwrap().contains("theme=dark&amp;color=rgb%28255%2C"), "{next}");
}
