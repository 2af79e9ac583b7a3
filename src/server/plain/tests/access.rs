//! Who may do what, and what comes of nonsense.

use super::*;

#[tokio::test]
async fn the_chat_of_another_is_neither_read_nor_written() {
    let house = House::new().await;
    let page = house.start(&[("message", "I am Ada")]).await;
    house.start(&[("message", "I am Eve")]).await;
    let eve = house.start(&[("message", "Eve again")]).await;
    let (stranger, eves) = (new_token().unwrap(), eve.hidden("token"));
    for token in [&*stranger, &*eves, "short", "", "'; drop table chats; --"] {
        for act in ["send", "end_now", "helpful", "transcript", "comment", "show", "end", "instead", "leave"] {
            let id = Uuid::now_v7().to_string();
            let fields = [
                ("do", act),
                ("token", token),
                ("id", &*id),
                ("chat", "1"),
                ("email", "eve@example.com"),
                ("message", "x"),
            ];
            let answer = house.post(&fields).await;
            assert!(!answer.says("I am Ada") && !answer.says("<iframe"), "{act}: {}", answer.html);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act} with {token}");
        }
    }
    assert_eq!(house.messages(1).await, ["I am Ada"]);
    assert_eq!(house.chat(1).await.status, Status::Waiting);

    // A link is for its own chat and time, and cannot be made without the secret.
    let link = page.log();
    assert_eq!(house.get(&link).await.status, StatusCode::OK);
    let signer = Signer::new(SECRET);
    let past = now() - 1;
    let expired = signer.sign("log of chat 1", past, false);
    let later = now() + 60_000;
    let of_a_file = signer.sign("1", later, false);
    for forged in [
        link.replace("chat=1", "chat=2"),
        link.replace("until=1", "until=2"),
        link.replace("signature=", "signature=A"),
        format!("/widget/log?chat=1&until={past}&signature={expired}"),
        format!("/widget/log?chat=1&until={later}&signature={of_a_file}"),
        format!("/widget/log?chat=1&until={later}&signature="),
    ] {
        let answer = house.get(&forged).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{forged}");
        assert!(!answer.says("I am Ada") && !answer.says("http-equiv=\"refresh\""));
    }
}

#[tokio::test]
async fn pages_of_other_websites_cannot_post_here() {
    let house = House::new().await;
    let token = new_token().unwrap();
    let id = Uuid::now_v7().to_string();
    let fields = [("do", "start"), ("token", &*token), ("id", &*id), ("message", "Hello?")];
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request =
            Request::post("/widget").header(CONTENT_TYPE, FORM).header("host", "127.0.0.1:3000").header(name, value);
        let answer = house.ask(request.body(body(&fields)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
    }
    // An old browser says only where the page is from.
    let request = Request::post("/widget")
        .header(CONTENT_TYPE, FORM)
        .header("host", "127.0.0.1:3000")
        .header("origin", "http://127.0.0.1:3000");
    assert_eq!(house.ask(request.body(body(&fields)).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_is_blocked_reads_until_when_and_nothing_else() {
    let house = House::new().await;
    let page = house.start(&[("message", "Hello?")]).await;
    house.agent_does(Command::Accept).await;
    house.agent_does(Command::Block { reason: "Spam".into(), address: false }).await;
    for act in ["send", "show", "again", "start", "end", "helpful", "transcript"] {
        let more = [("message", "x"), ("email", "a@b.de")];
        let answer = house.press(&page, act, &more).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{act}");
        assert!(answer.says("You cannot chat at the moment") && answer.says("(24 h)"), "{act}");
        assert!(!answer.says("Spam") && !answer.says("<iframe"));
    }
    let log = house.get(&page.log()).await;
    assert_eq!(log.status, StatusCode::FORBIDDEN);
    assert!(!log.says("Hello?"));
    assert_eq!(house.messages(1).await, ["Hello?"]);
}

#[tokio::test]
async fn nonsense_is_answered_with_a_form() {
    let house = House::new().await;
    let request = |kind: &str| {
        Request::post("/widget")
            .header(CONTENT_TYPE, kind)
            .header("host", "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
    };
    for nonsense in ["do=start&do=send", "%", "do=dance", "chat=-1&do=send&token=%00", "visit=%7B%7B&do=start&message="]
    {
        let answer = house.ask(request(FORM).body(Body::from(nonsense)).unwrap()).await;
        assert!(answer.says("Start chat") && answer.says("name=\"token\""), "{nonsense}: {}", answer.html);
        assert!(answer.status.is_success() || answer.status.is_client_error(), "{nonsense}: {}", answer.status);
    }
    let multipart = request("multipart/form-data; boundary=x").body(Body::from("--x")).unwrap();
    assert_eq!(house.ask(multipart).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn when_there_is_more_to_do_than_can_be_done_it_is_said_at_once_and_the_server_is_alive() {
    let house = House::new().await;
    let everybody: Vec<_> =
        std::iter::from_fn(|| house.gate.enter(Some(std::net::Ipv4Addr::UNSPECIFIED.into()))).collect();
    let call = Request::post("/api/visitor/state").header("host", "127.0.0.1:3000").body(Body::from("{}")).unwrap();
    let page = Request::get("/widget").header("accept", "text/html").body(Body::empty()).unwrap();
    for request in [call, page] {
        let answer = house.ask(request).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers["retry-after"], "1");
    }
    assert_eq!(house.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(house.get("/readyz").await.html, "ready\n");
    drop(everybody);
    assert_eq!(house.get("/widget").await.status, StatusCode::OK);
}
