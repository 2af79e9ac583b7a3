//! What a transcript promises to the visitor who gets it.

use super::view::{Row, View};
use super::*;
use crate::mail::Mailer;
use crate::mail::testing::{decoded, everywhere, parse_mail, seen};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::chat::{Author, Event, EventBody};
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, ChatId, DepartmentId, FileId, LabelId, TicketId, VisitorId};
use crate::model::label::Label;
use crate::model::text::{Block, Inline, RichText};
use crate::model::ticket::TicketRef;
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
            proven: None,
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
        self.writes(Author::Visitor, RichText::from_typed(text))
    }

    fn agent(self, name: &str, text: &str) -> Self {
        self.writes(agent(name), RichText::from_typed(text))
    }

    fn writes(self, by: Author, text: RichText) -> Self {
        self.then(by, EventBody::Message { text, attachments: vec![] })
    }

    fn attaches(self, by: Author, text: &str, files: &[(&str, u64)]) -> Self {
        let file = |(name, size): &(&str, u64)| Attachment {
            id: FileId(Default::default()),
            name: (*name).into(),
            mime: "image/png".into(),
            size: *size,
            width: Some(800),
            height: Some(600),
        };
        let attachments = files.iter().map(file).collect();
        self.then(by, EventBody::Message { text: RichText::from_typed(text), attachments })
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
    Author::Agent(AgentRef { id: AgentId(1), name: name.into(), photo: None })
}

fn letter_of(conversation: &Conversation, company: &str) -> Letter {
    let to = Email::parse("ada@example.com").unwrap();
    transcript(conversation, to, company, "<transcript-1042@shop.example>".into())
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
    assert!(letter.html.contains(">Hello,<br>where is my order?</p>"));
    let link = "<a href=\"https://shop.example/orders/7?a=1&b=2\" rel=\"noopener noreferrer\"";
    assert!(decoded(&letter.html).contains(link));
}

#[test]
fn formatting_is_seen_in_both_bodies() {
    let text = serde_json::from_str(
        r#"[{"paragraph":["See ",{"text":"our shop","link":"https://s.example/","bold":true},", ",
              {"text":"soon","italic":true},{"text":" or","underline":true},{"text":" never","strike":true},": ",
              {"text":"a < b","code":true},"\nwww.a.example"]},
            {"ordered_list":[
              [{"paragraph":"first"},{"bullet_list":[[{"paragraph":"inner"}]]}],
              [{"paragraph":"second"}]]},
            {"quote":[{"paragraph":"said"},{"quote":[{"paragraph":"before"}]}]},
            {"code":"if a < b {\n    go();\n}"}]"#,
    );
    let letter = Talk::by(Some("Ada")).writes(agent("Grace"), text.unwrap()).letter();
    let expected = "
[09:12] Grace:
    See our shop (https://s.example/), soon or never: a < b
    www.a.example

    1. first

       - inner
    2. second

    > said
    >
    > > before

        if a < b {
            go();
        }

----";
    assert!(letter.text.contains(expected), "{}", letter.text);
    let unstyled: String = decoded(&letter.html)
        .split(" style=\"")
        .enumerate()
        .map(|(i, piece)| if i == 0 { piece } else { piece.split_once('"').unwrap().1 })
        .collect();
    let link = |href: &str| format!("<a href=\"{href}\" rel=\"noopener noreferrer\" target=\"_blank\" class=\"link\">");
    let expected = [
        "<p dir=\"auto\">See ",
        &link("https://s.example/"),
        "<strong>our shop</strong></a>, <em>soon</em><u> or</u><s> never</s>: <code class=\"code\">a < b</code><br>",
        &link("https://www.a.example"),
        "www.a.example</a></p>",
        "<ol><li><p dir=\"auto\">first</p><ul><li><p dir=\"auto\">inner</p></li></ul></li>",
        "<li><p dir=\"auto\">second</p></li></ol>",
        "<blockquote><p dir=\"auto\">said</p><blockquote><p dir=\"auto\">before</p></blockquote></blockquote>",
        "<pre class=\"code\"><code>if a < b {\n    go();\n}</code></pre>",
    ];
    assert!(unstyled.contains(&expected.concat()), "{unstyled}");
}

#[test]
fn files_are_named_with_their_size() {
    let letter = Talk::by(Some("Ada"))
        .attaches(Author::Visitor, "Here it is.", &[("lamp.png", 45_200), ("<b>bill\r\n.pdf", 1_350_000)])
        .attaches(Author::Visitor, "", &[("only.txt", 3)])
        .letter();
    let expected = "
[09:12] Ada:
    Here it is.

    Attached: lamp.png (45 kB)
    Attached: <b>bill .pdf (1.4 MB)

    Attached: only.txt (3 B)

----";
    assert!(letter.text.contains(expected), "{}", letter.text);
    let page = seen(&letter.html);
    for line in ["Attached: lamp.png · 45 kB", "Attached: <b>bill .pdf · 1.4 MB", "Attached: only.txt · 3 B"] {
        assert!(page.contains(line), "{line} in {page}");
    }
    assert!(!letter.html.contains("<b>bill") && !letter.html.contains("<a "));
}

#[test]
fn a_change_of_department_is_told() {
    let department = |name: &str| Some(DepartmentRef { id: DepartmentId(2), name: name.into() });
    let letter = Talk::by(Some("Ada"))
        .joined("Grace")
        .then(agent("Grace"), EventBody::DepartmentChanged { department: department("Returns\n<b>") })
        .then(agent("Grace"), EventBody::DepartmentChanged { department: None })
        .then(agent("Grace"), EventBody::DepartmentChanged { department: department("Repairs") })
        .letter();
    for line in
        ["Grace moved the chat to Returns <b>.", "Grace moved the chat to all departments.", "With Grace (Repairs)."]
    {
        assert!(letter.text.contains(line), "{line} in {}", letter.text);
    }
    assert!(seen(&letter.html).contains("Grace moved the chat to Returns <b> · 09:12"));
}

#[test]
fn nothing_that_only_agents_see_is_in_it() {
    let connection = Connection { ip: "192.0.2.77".into(), user_agent: "SecretBrowser/1".into() };
    let labels = vec![Label { id: LabelId(1), name: "Secret".into(), color: 1 }];
    let ticket = TicketRef { id: TicketId(1), subject: "Secret".into() };
    let address = Some("192.0.2.77".into());
    let letter = Talk::by(Some("Ada"))
        .then(Author::Visitor, EventBody::VisitRecorded { connection, visit: Visit::default(), site: None })
        .visits("https://shop.example/before", "Secret page one")
        .visitor("Hello")
        .then(agent("Mallory"), EventBody::Dismissed)
        .visits("https://shop.example/between", "Secret page two")
        .visitor("Anyone?")
        .then(agent("Mallory"), EventBody::LabelsChanged { labels })
        .then(agent("Mallory"), EventBody::TicketCreated { ticket })
        .then(agent("Mallory"), EventBody::Blocked { until: 0, reason: "Secret".into(), address })
        .then(agent("Mallory"), EventBody::BlockLifted)
        .then(agent("Mallory"), EventBody::EmailEntered { email: Email::parse("secret@example.com").unwrap() })
        .then(Author::Visitor, EventBody::Rated { helpful: false, comment: "Secret".into() })
        .then(Author::Visitor, EventBody::TranscriptRequested { email: Email::parse("Secret@example.com").unwrap() })
        .after(24 * 60 * MINUTE)
        .visits("https://shop.example/after", "Secret page three")
        .letter();
    for whole in [&letter.subject, &letter.text, &letter.html] {
        for secret in ["Secret", "secret@", "shop.example/", "192.0.2", "Mallory", "15 October"] {
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

#[test]
fn no_place_makes_html_of_text() {
    let evil = r#"<script>alert(1)</script>"onload="x'--></style></code></pre></blockquote>{{chat}}"#;
    let html = |text: &str| {
        let talk = Talk::by(None).writes(agent("Grace"), everywhere(text)).writes(Author::Visitor, everywhere(text));
        talk.letter().html
    };
    let (hostile, harmless) = (html(evil), html("§"));
    for mark in ['<', '>', '"'] {
        assert_eq!(hostile.matches(mark).count(), harmless.matches(mark).count(), "{mark}");
    }
    assert_eq!(seen(&hostile).matches(evil).count(), seen(&harmless).matches('§').count(), "each is read as text");
    assert!(!hostile.contains("javascript:"));
}

#[test]
fn what_is_all_links_and_lists_is_bounded_too() {
    let mut talk = Talk::by(None);
    for _ in 0..100 {
        talk = talk.writes(Author::Visitor, everywhere(&"www.a.example ".repeat(50)));
    }
    let letter = talk.letter();
    assert!(letter.text.contains("messages are left out"));
    assert!(letter.html.len() < 3_000_000, "{}", letter.html.len());
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
        RichText { blocks: ["a\0b\u{1b}[31m\rc\n\n  d", ""].map(|text| Block::Paragraph(Inline::plain(text))).into() };
    let letter = Talk::by(None).writes(Author::Visitor, text).letter();
    assert!(letter.html.contains(">ab[31mc<br><br>  d</p>"), "{}", letter.html);
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
