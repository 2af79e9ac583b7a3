//! What a transcript promises to the visitor who gets it.

use super::view::{Row, View};
use super::*;
use crate::mail::Mailer;
use crate::mail::testing::parse_mail;
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::chat::{Author, Event, EventBody};
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, ChatId, DepartmentId, VisitorId};
use crate::model::text::{Block, RichText};
use crate::model::visitor::{Connection, PageView, Visit, VisitorCard};

/// Tuesday, 14 October 2025, 09:12 UTC.
const START: Millis = 1_760_433_120_000;
const MINUTE: Millis = 60_000;

/// A chat in the making; the clock goes on by hand.
struct Talk {
    now: Millis,
    events: Vec<Event>,
}

impl Talk {
    fn by(visitor: Option<&str>) -> Self {
        let visitor = VisitorCard {
            id: VisitorId(1),
            name: visitor.map(str::to_owned),
            email: Some(Email::parse("ada@example.com").unwrap()),
        };
        let department = Some(DepartmentRef { id: DepartmentId(1), name: "Orders".into() });
        Talk { now: START, events: vec![] }.then(Author::Visitor, EventBody::Started { visitor, department })
    }

    fn then(mut self, by: Author, body: EventBody) -> Self {
        self.events.push(Event { seq: self.events.len() as i64 + 1, at: self.now, by, command: None, body });
        self
    }

    fn after(mut self, time: Millis) -> Self {
        self.now += time;
        self
    }

    fn visitor(self, text: &str) -> Self {
        self.then(Author::Visitor, EventBody::Message { text: RichText::from_typed(text) })
    }

    fn agent(self, name: &str, text: &str) -> Self {
        self.then(agent(name), EventBody::Message { text: RichText::from_typed(text) })
    }

    fn joined(self, name: &str) -> Self {
        self.then(agent(name), EventBody::Accepted)
    }

    fn visits(self, url: &str, title: &str) -> Self {
        let page = PageView { at: self.now, url: url.into(), title: title.into(), referrer: String::new() };
        self.then(Author::Visitor, EventBody::PageViewed { page })
    }

    fn ended_by(self, by: Author) -> Self {
        self.then(by, EventBody::Ended)
    }

    fn conversation(&self) -> Conversation {
        Conversation::of(ChatId(1042), &self.events)
    }

    fn view(&self) -> View {
        View::of(&self.conversation(), "Shop", MAX_TRANSCRIPT_CHARS)
    }

    fn letter(&self) -> Letter {
        letter_of(&self.conversation(), "Nordlicht Coffee")
    }
}

fn agent(name: &str) -> Author {
    Author::Agent(AgentRef { id: AgentId(1), name: name.into() })
}

fn letter_of(conversation: &Conversation, company: &str) -> Letter {
    let to = Email::parse("ada@example.com").unwrap();
    transcript(conversation, to, company, "<transcript-1042@shop.example>".into())
}

/// HTML without its entities.
fn decoded(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// The text of a page as a person sees it: without style sheet, tags and entities.
fn seen(html: &str) -> String {
    let body = html.split_once("</head>").unwrap().1;
    let text: String = body.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect();
    decoded(&text)
}

#[test]
fn a_chat_reads_like_this() {
    let letter = Talk::by(Some("Ada"))
        .visitor("Hello,\nwhere is my order?")
        .visitor("It is https://shop.example/orders/7?a=1&b=2.")
        .after(MINUTE)
        .joined("Grace")
        .agent("Grace", "Hi Ada!\n\nLet me look.")
        .after(10 * MINUTE)
        .agent("Grace", "It arrives today.")
        .ended_by(Author::Visitor)
        .letter();
    assert_eq!(letter.subject, "Your chat with Nordlicht Coffee (#1042)");
    assert_eq!(
        letter.text,
        "\
Your chat with Nordlicht Coffee
Chat #1042, Tuesday, 14 October 2025. All times are UTC.
With Grace (Orders).

[09:12] Ada:
    Hello,
    where is my order?

    It is https://shop.example/orders/7?a=1&b=2.

[09:13] Grace joined the chat.

[09:13] Grace:
    Hi Ada!

    Let me look.

[09:23] Grace:
    It arrives today.

[09:23] Ada ended the chat.

----------------------------------------
You get this email because this address was given in chat #1042 with Nordlicht Coffee.
If that was not you, you can ignore it."
    );
    let page = seen(&letter.html);
    for text in ["Your chat with Nordlicht Coffee", "With Grace · Orders", "Ada · 09:12", "Chat #1042", "UTC"] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert_eq!(letter.html.matches("UTC").count(), 1, "said once");
    assert!(letter.html.contains(">Hello,<br>where is my order?</div>"));
    let link = "<a href=\"https://shop.example/orders/7?a=1&b=2\" rel=\"noopener noreferrer\"";
    assert!(decoded(&letter.html).contains(link));
}

#[test]
fn nothing_that_only_agents_see_is_in_it() {
    let connection = Connection { ip: "192.0.2.77".into(), user_agent: "SecretBrowser/1".into() };
    let letter = Talk::by(Some("Ada"))
        .then(Author::Visitor, EventBody::VisitRecorded { connection, visit: Visit::default() })
        .visits("https://shop.example/before", "Secret page one")
        .visitor("Hello")
        .then(agent("Mallory"), EventBody::Dismissed)
        .visits("https://shop.example/between", "Secret page two")
        .visitor("Anyone?")
        .after(24 * 60 * MINUTE)
        .visits("https://shop.example/after", "Secret page three")
        .letter();
    for whole in [&letter.subject, &letter.text, &letter.html] {
        for secret in ["Secret", "shop.example/", "192.0.2", "Mallory", "15 October"] {
            assert!(!whole.contains(secret), "{secret} in {whole}");
        }
    }
}

#[test]
fn messages_stand_together_until_someone_else_speaks_or_time_passes() {
    let view = Talk::by(Some("Ada"))
        .visitor("one")
        .visits("https://shop.example/", "A page in between")
        .after(4 * MINUTE)
        .visitor("two")
        .after(6 * MINUTE)
        .visitor("three")
        .agent("Grace", "four")
        .agent("Alan", "five")
        .view();
    let groups: Vec<_> = view.days[0]
        .rows
        .iter()
        .map(|row| match row {
            Row::Group(group) => (group.author.as_str(), group.time.as_str(), group.messages.len()),
            Row::Notice { .. } => panic!("{row:?}"),
        })
        .collect();
    assert_eq!(groups, [("Ada", "09:12", 2), ("Ada", "09:22", 1), ("Grace", "09:22", 1), ("Alan", "09:22", 1)]);
    assert_eq!(view.agents, "Grace and Alan");
}

#[test]
fn a_chat_over_midnight_has_its_days_parted() {
    let talk = Talk::by(None).visitor("still there?").after(24 * 60 * MINUTE).agent("Grace", "Good morning");
    let view = talk.view();
    assert_eq!(view.date, "14 October 2025 – 15 October 2025");
    assert_eq!(view.days.len(), 2);
    let letter = talk.letter();
    assert!(letter.text.contains("\n--- Wednesday, 15 October 2025 ---\n\n[09:12] Grace:\n"), "{}", letter.text);
    assert!(letter.text.contains("[09:12] You:\n"), "someone without a name");
}

#[test]
fn whatever_people_write_stays_text() {
    let evil =
        r#"<script>alert("x")</script> '"><img src=x onerror=1> {{ chat }} &amp; http://a.example/"onload="x <!--"#;
    let name = "<b>Eve</b>\r\nBcc: victim@example.com\" {% if %}";
    let talk = Talk::by(Some(name)).visitor(evil).joined(name).agent(name, evil).ended_by(agent(name));
    let letter = letter_of(&talk.conversation(), "Shop <i>&</i>\r\nBcc: victim@example.com");
    for tag in ["<script", "<img", "<b>", "<i>", "<!--\"", "\"onload", "onload=\"", "&amp;amp;amp;"] {
        assert!(!letter.html.contains(tag), "{tag}");
    }
    assert_eq!(letter.html.matches("href=\"").count(), 2);
    assert_eq!(
        letter.html.matches("href=\"http:&#x2f;&#x2f;a.example&#x2f;\" ").count(),
        2,
        "the link ends before the quote"
    );
    assert!(
        seen(&letter.html).contains(r#"<script>alert("x")</script> '"><img src=x onerror=1> {{ chat }} &amp; http:"#)
    );
    assert!(letter.text.contains(evil), "as it was written");
    assert_eq!(letter.subject, "Your chat with Shop <i>&</i> Bcc: victim@example.com (#1042)");
    assert!(letter.text.contains("\n[09:12] <b>Eve</b> Bcc: victim@example.com\" {% if %}:\n"));
}

#[tokio::test]
async fn a_hostile_name_adds_no_header_to_the_mail() {
    let data = tempfile::tempdir().unwrap();
    let talk =
        Talk::by(Some("Eve\r\nBcc: victim@example.com\r\n\r\n<p>")).visitor("Hi\r\n.\r\nMAIL FROM:<x@y.example>");
    let letter = letter_of(&talk.conversation(), "Shop\r\nBcc: victim@example.com\r\n\r\nX: ÿ");
    Mailer::new(None, "chat@shop.example", data.path()).unwrap().send(&letter).await.unwrap();
    let mail = parse_mail(&std::fs::read(data.path().join("transcript-1042.eml")).unwrap());
    let mut names: Vec<_> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let expected = ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];
    assert_eq!(names, expected);
    assert_eq!(mail.parts.len(), 2);
    assert_eq!(mail.parts[1].body.trim_end(), letter.html.replace('\n', "\r\n").trim_end());
}

#[test]
fn a_message_cannot_pretend_to_be_someone_elses_line() {
    let letter = Talk::by(Some("Eve")).visitor("Hi\n[09:13] Grace:\n\n    You win a house.").letter();
    assert!(letter.text.contains("\n    [09:13] Grace:\n\n        You win a house.\n"), "{}", letter.text);
}

#[test]
fn text_that_did_not_come_from_our_own_clients_is_made_fit_too() {
    let text =
        RichText { blocks: vec![Block::Paragraph("a\0b\u{1b}[31m\rc\n\n  d".into()), Block::Paragraph("".into())] };
    let letter = Talk::by(None).then(Author::Visitor, EventBody::Message { text }).letter();
    assert!(letter.html.contains(">ab[31mc<br><br>  d</div>"), "{}", letter.html);
    assert!(!letter.text.contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn of_an_endless_chat_the_end_is_sent() {
    let mut talk = Talk::by(Some("Ada")).visitor("the very first");
    for _ in 0..50 {
        talk = talk.after(MINUTE).joined("Grace").visitor(&"<".repeat(10_000));
    }
    let letter = talk.visitor("the very last").letter();
    assert!(letter.text.contains("The first 22 messages are left out"), "{}", &letter.text[..300]);
    assert!(letter.text.contains("the very last") && !letter.text.contains("the very first"));
    assert!(letter.html.len() < 2_000_000);
}

#[test]
fn a_chat_with_nothing_in_it_and_a_clock_gone_mad_still_give_a_letter() {
    let letter = letter_of(&Conversation::new(ChatId(7)), " ");
    assert_eq!(letter.subject, "Your chat with us (#7)");
    let mut talk = Talk::by(None);
    talk.now = i64::MAX;
    assert!(talk.visitor("Hi").letter().text.contains("Hi"));
}

/// Writes an example for the eye: `FRONTDESK_EXAMPLE_MAIL=/tmp/example cargo test --features ssr --lib example_for`.
#[tokio::test]
async fn an_example_for_the_eye() {
    let Some(directory) = std::env::var_os("FRONTDESK_EXAMPLE_MAIL") else { return };
    let directory = std::path::Path::new(&directory);
    let letter = Talk::by(Some("Ada Lovelace"))
        .visitor("Hi! I ordered the Ethiopia beans on Friday and the tracking link shows nothing yet.")
        .visitor("It is order 20251010-7, https://nordlicht.example/orders/20251010-7?lang=en")
        .after(MINUTE)
        .joined("Grace Hopper")
        .agent("Grace Hopper", "Hello Ada, thanks for writing.\n\nOne moment, I am looking it up.")
        .after(2 * MINUTE)
        .agent("Grace Hopper", "Found it: your parcel left our roastery this morning.\nThe carrier scans it tonight.")
        .agent("Grace Hopper", "You can follow it here: www.parcel.example/t/00340434161094042557")
        .after(MINUTE)
        .visitor("Wonderful, thank you 🙂")
        .visitor(&"Looooong".repeat(20))
        .after(MINUTE)
        .agent("Grace Hopper", "Gern geschehen! Anything else I can do?")
        .after(15 * 60 * MINUTE)
        .visitor("شكرا جزيلا")
        .visitor("No, that is all. Have a lovely day!")
        .after(MINUTE)
        .ended_by(agent("Grace Hopper"))
        .letter();
    Mailer::new(None, "Nordlicht Coffee <chat@nordlicht.example>", directory).unwrap().send(&letter).await.unwrap();
    std::fs::write(directory.join("example.html"), &letter.html).unwrap();
    std::fs::write(directory.join("example.txt"), &letter.text).unwrap();
}
