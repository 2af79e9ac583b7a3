//! A chat from its start to its end.

use super::*;

#[tokio::test]
async fn a_form_that_is_posted_twice_starts_one_chat() {
    let house = House::new().await;
    let widget = house.get("/widget").await;
    assert!(!widget.says("disabled"), "{}", widget.html);
    let (token, id) = (widget.hidden("token"), widget.hidden("id"));
    assert_ne!(token, house.get("/widget").await.hidden("token"));
    let fields =
        [("do", "start"), ("token", &*token), ("id", &*id), ("name", "Ada"), ("email", ""), ("message", "Hello?")];
    for _ in 0..2 {
        let page = house.post(&fields).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!((page.hidden("chat"), page.hidden("token")), ("1".into(), token.clone()));
        assert_ne!(page.hidden("id"), id);
        assert!(!page.log().contains(&token));
        let log = house.get(&page.log()).await;
        assert!(log.says("Finding an agent") && log.says("Hello?") && log.says("aria-label=\"Ada (you)\""));
    }
    assert_eq!(house.messages(1).await, ["Hello?"]);
    assert_eq!(house.desk.store().chat(ChatId(2)).await.unwrap(), None);
    let events = house.desk.store().events(ChatId(1), Audience::Agents, 0, 9).await.unwrap();
    assert!(events.iter().any(|event| matches!(&event.body,
        EventBody::VisitRecorded { visit, .. } if visit.language == "sv-SE")));
    assert!(events.iter().any(|event| matches!(&event.body,
        EventBody::PageViewed { page } if page.url == "https://shop.example")));
}

#[tokio::test]
async fn messages_go_both_ways_and_each_once() {
    let house = House::new().await;
    let page = house.start(&[("message", "Hello?")]).await;
    house.agent_does(Command::Accept).await;
    house.agent_says("Good morning").await;
    let log = house.get(&page.log()).await;
    assert_eq!(log.status, StatusCode::OK);
    assert!(log.says("Good morning") && log.says("aria-label=\"Grace\"") && !log.says("Finding an agent"));
    assert!(log.says("http-equiv=\"refresh\""));
    assert_eq!(log.headers["referrer-policy"], "no-referrer");
    assert_eq!(log.headers["cache-control"], "no-store");
    // The link to the next view is not older than this one, and works.
    let (_, next) = log.html.split_once("url=").unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    assert_eq!(house.get(&next).await.status, StatusCode::OK);
    // What is in the log has arrived; who answers has seen it.
    assert!(house.chat(1).await.receipts(Side::Visitor).delivered > 0);
    assert_eq!(house.chat(1).await.unread(Side::Visitor), 1);
    let (token, id) = (page.hidden("token"), page.hidden("id"));
    let fields = [("do", "send"), ("token", &*token), ("id", &*id), ("chat", "1"), ("message", "Do you ship?")];
    let sent = [house.post(&fields).await, house.post(&fields).await];
    assert!(sent.iter().all(|page| page.status == StatusCode::OK && !page.says("Do you ship?")));
    assert_eq!(house.messages(1).await, ["Hello?", "Good morning", "Do you ship?"]);
    assert_eq!(house.chat(1).await.unread(Side::Visitor), 0);
}

#[tokio::test]
async fn what_is_to_be_mended_comes_back_as_it_was_typed() {
    let house = House::new().await;
    let typed = [("name", "Ada \"<b>"), ("email", "ada@"), ("message", HOSTILE)];
    let page = house.start(&typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Please enter an email address such as ada@example.com."));
    assert!(page.says("aria-describedby=\"email-error\""));
    assert!(page.says(">\n&amp;amp; &lt;/textarea>&lt;script>alert(1)&lt;/script></textarea>"), "{}", page.html);
    assert!(!page.says("<script>alert") && !page.says("<b>\""), "{}", page.html);
    assert!(page.says("value=\"ada@\""));
    let long = "x".repeat(10_001);
    let page = house.start(&[("message", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.says("This message has 10001 characters; 10000 are possible.") && page.says(&long));
    assert_eq!(house.desk.store().chat(ChatId(1)).await.unwrap(), None);

    let page = house.start(&[("message", "Hello?")]).await;
    let page = house.press(&page, "send", &[("message", "  ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("There is nothing to send yet"));
    // To look again loses nothing either.
    let page = house.press(&page, "show", &[("message", HOSTILE)]).await;
    assert!(page.says("&lt;/textarea>&lt;script>") && !page.says("<script>alert"));
    let page = house.press(&page, "end", &[("message", HOSTILE)]).await;
    assert!(page.says("alertdialog") && !page.says("<script>alert"), "{}", page.html);
    // What was said is not markup in the log.
    let page = house.press(&page, "send", &[("message", HOSTILE)]).await;
    let log = house.get(&page.log()).await;
    assert!(log.says("&lt;/textarea&gt;&lt;script&gt;") && !log.says("<script>alert"), "{}", log.html);
}

#[tokio::test]
async fn a_chat_is_ended_after_a_question_then_rated_and_mailed() {
    let house = House::new().await;
    let page = house.start(&[("name", "Ada"), ("message", "Hello?")]).await;
    house.agent_does(Command::Accept).await;
    let question = house.press(&page, "end", &[("message", "half a sent")]).await;
    assert!(question.says("role=\"alertdialog\"") && question.says("End chat?"));
    assert_eq!(house.chat(1).await.status, Status::Open);
    assert_eq!(question.hidden("message"), "half a sent");
    let back = house.press(&question, "show", &[("message", "half a sent")]).await;
    assert!(back.says("half a sent</textarea>"), "{}", back.html);

    let ended = house.press(&question, "end_now", &[]).await;
    assert_eq!(house.chat(1).await.status, Status::Ended);
    assert!(ended.says("How was this chat?") && ended.says("data-event=\"chat-ended\""));
    let log = house.get(&ended.log()).await;
    assert!(log.says("ended the chat") && !log.says("http-equiv=\"refresh\""));

    let rated = house.press(&ended, "helpful", &[]).await;
    assert!(rated.says("Thank you for telling us"));
    let rated = house.press(&rated, "comment", &[("comment", HOSTILE)]).await;
    let rating = house.chat(1).await.rating.unwrap();
    assert_eq!((rating.helpful, rating.comment.as_str()), (true, HOSTILE));
    assert!(rated.says("Your comment was sent.") && !rated.says("<script>alert"));

    let wrong = house.press(&rated, "transcript", &[("email", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.says("id=\"to-error\"") && wrong.says("value=\"nobody\""));
    let sent = house.press(&wrong, "transcript", &[("email", "ada@example.com")]).await;
    assert!(sent.says("Transcript sent to ada@example.com."), "{}", sent.html);
    assert_eq!(house.chat(1).await.transcripts.len(), 1);

    // What is written too late is not lost: it begins the next chat.
    let late = house.press(&sent, "send", &[("message", "One more thing")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.says("It is kept for the next chat."));
    let again = house.press(&late, "again", &[("message", "One more thing")]).await;
    assert!(again.says("One more thing</textarea>") && again.says("Start chat") && again.says("value=\"Ada\""));
    assert_eq!(again.hidden("token"), page.hidden("token"));
}

#[tokio::test]
async fn while_nobody_is_available_a_message_is_left_once() {
    let mut house = House::new().await;
    let page = house.start(&[("message", "Hello?")]).await;
    let (token, id) = (page.hidden("token"), page.hidden("id"));
    // The agent is not there any more, and the form was drawn while they were.
    let console = house.console.take().unwrap();
    house.desk.store().set_available(house.grace.id, false).await.unwrap();
    house.desk.hub().disconnect(&console, []);
    let late = house.start(&[("message", "Anybody?")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.says("No agent is available at the moment.") && late.says("Anybody?</textarea>"));
    let (other, other_id) = (late.hidden("token"), late.hidden("id"));
    let empty = [("do", "leave"), ("token", &*other), ("id", &*other_id), ("email", ""), ("message", "Anybody?")];
    let page = house.post(&empty).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("We answer by email: please enter your address."));
    let filled =
        [("do", "leave"), ("token", &*other), ("id", &*other_id), ("email", "a@b.de"), ("message", "Anybody?")];
    for _ in 0..2 {
        let page = house.post(&filled).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.says("Your message is with us") && page.says("<b>a@b.de"), "{}", page.html);
    }
    // Instead of the wait for an agent.
    let offer =
        house.post(&[("do", "instead"), ("token", &*token), ("id", &*id), ("chat", "1"), ("message", "And")]).await;
    assert!(offer.says("Hello?\nAnd</textarea>"), "{}", offer.html);
    let more = [("email", "ada@example.com"), ("message", "Hello?\nAnd")];
    assert!(house.press(&offer, "leave", &more).await.says("<b>ada@example.com"));
    assert_eq!(house.chat(1).await.status, Status::Ended);
    let tickets = house.desk.tickets(Default::default(), None).await.unwrap();
    let mails: Vec<_> = tickets.iter().map(|ticket| ticket.email.as_str().to_owned()).collect();
    assert_eq!(mails, ["ada@example.com", "a@b.de"]);
}

#[tokio::test]
async fn what_a_script_remembered_of_the_visit_comes_with_the_chat() {
    let house = House::new().await;
    let remembered = r#"{"visit":{"first":{"at":5,"url":"https://shop.example/a","x":1},"session":{"at":6,"url":"https://shop.example/b","last":9},"pages":[{"id":"1","at":6,"url":"https://shop.example/b","title":"B"}],"language":"en","time_zone":"Europe/Vienna"},"page":{"at":7,"url":"javascript:alert(1)","title":"C"}}"#;
    house.start(&[("message", "Hello?"), ("visit", remembered)]).await;
    let events = house.desk.store().events(ChatId(1), Audience::Agents, 0, 9).await.unwrap();
    let visit = events.iter().find_map(|event| match &event.body {
        EventBody::VisitRecorded { visit, .. } => Some(visit.clone()),
        _ => None,
    });
    let visit = visit.unwrap();
    assert_eq!(visit.first.unwrap().url, "https://shop.example/a");
    assert_eq!((visit.pages.len(), visit.language.as_str(), visit.time_zone.as_str()), (1, "en", "Europe/Vienna"));
    assert!(events.iter().any(|event| matches!(&event.body, EventBody::PageViewed { page } if page.url.is_empty())));
}

#[tokio::test]
async fn the_pages_speak_the_language_of_the_website() {
    let house = House::new().await;
    let widget = house.get("/widget?lang=de").await;
    let (token, id) = (widget.hidden("token"), widget.hidden("id"));
    let fields = [("do", "start"), ("token", &*token), ("id", &*id), ("message", "")];
    let request = |lang: &str| {
        Request::post(format!("/widget?lang={lang}")).header(CONTENT_TYPE, FORM).header("sec-fetch-site", "same-origin")
    };
    let page = house.ask(request("de").body(body(&fields)).unwrap()).await;
    assert!(page.says("<html lang=\"de\"") && page.says("Chat starten"), "{}", page.html);
    assert!(page.says("Es gibt noch nichts zu senden: Schreiben Sie zuerst eine Nachricht."));
    let fields = [("do", "start"), ("token", &*token), ("id", &*id), ("message", "Hallo?")];
    let page = house.ask(request("ar").body(body(&fields)).unwrap()).await;
    assert!(page.says("dir=\"rtl\""));
    let log = house.get(&page.log()).await;
    assert!(log.says("<html lang=\"ar\"") && !log.says("Finding an agent"), "{}", log.html);
}
