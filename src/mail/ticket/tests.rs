//! What the mails of a ticket promise to the one who asked.

use super::*;
use crate::mail::Mailer;
use crate::mail::testing::{ParsedMail, everywhere, parse_mail, seen};
use crate::model::agent::AgentRef;
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, DepartmentId, LabelId, TicketId};
use crate::model::label::Label;
use crate::model::ticket::{NewTicket, TicketStatus};
use crate::model::visitor::Email;

/// Tuesday, 14 October 2025, 09:12 UTC.
const START: i64 = 1_760_433_120_000;

/// A ticket in the making.
struct Case {
    ticket: Ticket,
    entries: Vec<TicketEntry>,
}

impl Case {
    fn by(by: Author, description: RichText) -> Self {
        let new = NewTicket {
            id: TicketId(17),
            subject: "Where is my lamp?".into(),
            name: Some("Ada".into()),
            email: Email::parse("ada@example.com").unwrap(),
            email_proven: false,
            department: None,
            labels: vec![],
            assignee: None,
            chat: None,
            site: None,
            by,
            at: START,
            description,
        };
        let (ticket, entry) = new.open();
        Case { ticket, entries: vec![entry] }
    }

    fn by_visitor(description: &str) -> Self {
        Case::by(Author::Visitor, RichText::from_typed(description))
    }

    fn then(mut self, by: Author, body: TicketEntryBody) -> Self {
        self.ticket.last_seq += 1;
        let seq = self.ticket.last_seq;
        self.entries.push(TicketEntry { seq, at: START + seq * 60_000, by, body, delivery: None });
        self
    }

    fn replies(self, name: &str, text: &str) -> Self {
        self.then(agent(name), TicketEntryBody::Replied { text: RichText::from_typed(text) })
    }

    fn notes(self, text: RichText) -> Self {
        self.then(agent("Mallory"), TicketEntryBody::Noted { text })
    }

    fn received(&self) -> Option<Letter> {
        received(&self.ticket, &self.entries[0], "Nordlicht Coffee", "shop.example")
    }

    /// The mail of this entry, with all the others given as earlier ones.
    fn mail_of(&self, seq: usize) -> Option<Letter> {
        reply(&self.ticket, &self.entries[seq - 1], &self.entries, "Nordlicht Coffee", "shop.example")
    }

    fn last_reply(&self) -> Letter {
        self.mail_of(self.entries.len()).unwrap()
    }
}

fn agent(name: &str) -> Author {
    Author::Agent(AgentRef { id: AgentId(1), name: name.into(), photo: None })
}

/// The letter as it travels.
async fn sent(letter: &Letter) -> ParsedMail {
    let data = tempfile::tempdir().unwrap();
    Mailer::new(None, "Nordlicht Coffee <chat@shop.example>", data.path()).unwrap().send(letter).await.unwrap();
    let file = std::fs::read_dir(data.path()).unwrap().next().unwrap().unwrap().path();
    parse_mail(&std::fs::read(file).unwrap())
}

#[tokio::test]
async fn a_message_that_arrived_is_acknowledged_like_this() {
    let letter = Case::by_visitor("Hello,\nit is dark.\n\nWhere is it?").received().unwrap();
    assert_eq!(letter.subject, "[#17] Where is my lamp?");
    assert_eq!(
        letter.text,
        "\
Thank you for your message to Nordlicht Coffee. It has arrived, and its number is #17.
We answer by email, to this address.

You wrote on 14 October 2025 at 09:12 UTC:

> Hello,
> it is dark.
>
> Where is it?

----------------------------------------
You get this email because this address was given with a message to Nordlicht Coffee.
If that was not you, you can ignore it."
    );
    let page = seen(&letter.html);
    for text in ["Your message has arrived", "Its number is #17.", "You wrote on 14 October 2025", "Where is it?"] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(letter.html.contains("<blockquote") && letter.html.contains(">Hello,<br>it is dark.</p>"));
    let mail = sent(&letter).await;
    assert_eq!(mail.header("Message-ID"), "<ticket-17-1@shop.example>");
    assert_eq!(mail.header("To"), "ada@example.com");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
}

#[tokio::test]
async fn an_answer_reads_like_this() {
    let text = serde_json::from_str(
        r#"[{"paragraph":["It is ",{"text":"there","bold":true},"."]},{"bullet_list":[[{"paragraph":"look"}]]}]"#,
    );
    let case = Case::by_visitor("It is dark.")
        .notes(RichText::from_typed("She is angry."))
        .then(agent("Grace"), TicketEntryBody::Replied { text: text.unwrap() });
    let letter = case.last_reply();
    assert_eq!(letter.subject, "Re: [#17] Where is my lamp?");
    assert_eq!(
        letter.text,
        "\
It is there.

- look

Grace
Nordlicht Coffee

You wrote on 14 October 2025 at 09:12 UTC:

> It is dark.

----------------------------------------
Ticket #17: Where is my lamp?"
    );
    for html in ["It is <strong>there</strong>.</p>", "<li", ">Grace</b><br>Nordlicht Coffee", "<blockquote"] {
        assert!(letter.html.contains(html), "{html} in {}", letter.html);
    }
    let mail = sent(&letter).await;
    assert_eq!(mail.header("Message-ID"), "<ticket-17-3@shop.example>");
    assert!(mail.headers.iter().all(|(name, _)| name != "Auto-Submitted"), "a person wrote it");
}

#[tokio::test]
async fn all_mails_of_a_ticket_are_one_thread() {
    let case = Case::by_visitor("It is dark.")
        .replies("Grace", "There.")
        .notes(RichText::from_typed("Well."))
        .replies("Alan", "Found it?")
        .replies("Grace", "Hello?");
    let mail = sent(&case.last_reply()).await;
    assert_eq!(mail.header("In-Reply-To"), "<ticket-17-4@shop.example>");
    assert_eq!(
        mail.header("References"),
        "<ticket-17-1@shop.example> <ticket-17-2@shop.example> <ticket-17-4@shop.example>"
    );
    assert!(mail.parts[0].body.contains("Alan wrote on 14 October 2025 at 09:16 UTC:\r\n\r\n> Found it?\r\n"));
    // What came later is not in the mail, however late that is sent.
    let first = sent(&case.mail_of(2).unwrap()).await;
    assert_eq!(first.header("References"), "<ticket-17-1@shop.example>");
    assert!(!first.parts[0].body.contains("Found it?"));
}

#[tokio::test]
async fn what_an_agent_described_stays_in_the_house_and_begins_no_thread() {
    let described = RichText::from_typed("Secret: look into the cellar.");
    let case = Case::by(agent("Mallory"), described).replies("Grace", "We have your lamp.");
    assert_eq!(case.received(), None);
    let letter = case.last_reply();
    let mail = sent(&letter).await;
    assert!(mail.headers.iter().all(|(name, _)| name != "References" && name != "In-Reply-To"));
    assert!(!format!("{letter:?}").contains("Secret") && !letter.text.contains("wrote on"), "{}", letter.text);
}

#[test]
fn what_is_for_colleagues_never_leaves() {
    let secret = || RichText::from_typed("Secret");
    let of = |name: &str| AgentRef { id: AgentId(9), name: name.into(), photo: None };
    let case = Case::by_visitor("It is dark.")
        .notes(secret())
        .then(agent("Mallory"), TicketEntryBody::StatusChanged { status: TicketStatus::Pending })
        .then(agent("Mallory"), TicketEntryBody::Assigned { agent: Some(of("Secret")) })
        .then(
            agent("Mallory"),
            TicketEntryBody::DepartmentChanged {
                department: Some(DepartmentRef { id: DepartmentId(1), name: "Secret".into() }),
            },
        )
        .then(
            agent("Mallory"),
            TicketEntryBody::LabelsChanged { labels: vec![Label { id: LabelId(1), name: "Secret".into(), color: 1 }] },
        )
        .replies("Grace", "There.")
        .notes(secret())
        .replies("Grace", "Found?")
        .notes(everywhere("Secret"));
    let mut letters = 0;
    for seq in 1..=case.entries.len() {
        let answer = matches!(case.entries[seq - 1].body, TicketEntryBody::Replied { .. });
        let letter = case.mail_of(seq);
        assert_eq!(letter.is_some(), answer, "entry {seq}");
        // Nor as an acknowledgement.
        let acknowledgement = received(&case.ticket, &case.entries[seq - 1], "Shop", "shop.example");
        assert_eq!(acknowledgement.is_some(), seq == 1, "entry {seq}");
        for letter in letter.into_iter().chain(acknowledgement) {
            letters += 1;
            for word in ["Secret", "Mallory", "Pending"] {
                assert!(!format!("{letter:?}").contains(word), "{word} in {letter:?}");
            }
        }
    }
    assert_eq!(letters, 3);
}

#[tokio::test]
async fn a_hostile_subject_adds_no_header() {
    for line_break in ["\r\n", "\n", "\0", "\u{2028}", "\u{202e}"] {
        let mut case = Case::by_visitor("Hi").replies("Grace", "Hi");
        case.ticket.subject = format!("Lamp{line_break}Bcc: eve@example.com{line_break}{line_break}<b>");
        for letter in [case.received().unwrap(), case.last_reply()] {
            assert!(!letter.subject.contains(|c: char| c.is_control()));
            assert!(!letter.html.contains("<b>\""));
            let mail = sent(&letter).await;
            assert!(mail.header("Subject").contains("[#17] Lamp"));
            assert!(mail.headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("bcc")));
            assert_eq!(mail.parts.len(), 2);
        }
    }
}

#[test]
fn whatever_people_write_stays_text() {
    let evil = r#"<script>alert(1)</script>"onload="x'--></style></code></pre></blockquote>{{ticket}}"#;
    let letters = |text: &str| {
        let mut case = Case::by(Author::Visitor, everywhere(text))
            .then(agent(text), TicketEntryBody::Replied { text: everywhere(text) });
        case.ticket.subject = text.into();
        let company = format!("Shop {text}");
        let first = received(&case.ticket, &case.entries[0], &company, "shop.example").unwrap();
        [first, reply(&case.ticket, &case.entries[1], &case.entries, &company, "shop.example").unwrap()]
    };
    for (hostile, harmless) in letters(evil).iter().zip(&letters("§")) {
        for mark in ['<', '>', '"'] {
            let count = |letter: &Letter| letter.html.matches(mark).count();
            assert_eq!(count(hostile), count(harmless), "{mark}");
        }
        assert_eq!(seen(&hostile.html).matches(evil).count(), seen(&harmless.html).matches('§').count());
        assert!(!hostile.html.contains("javascript:") && !hostile.text.contains("javascript:"));
    }
}

#[test]
fn nobody_sends_links_to_strangers_through_an_acknowledgement() {
    let letter = Case::by(Author::Visitor, everywhere("www.evil.example")).received().unwrap();
    assert!(!letter.html.contains("<a ") && !letter.text.contains("http"));
}

#[tokio::test]
async fn endless_tickets_make_bounded_mails() {
    let mut case = Case::by_visitor(&"x".repeat(10_000));
    for _ in 0..4_000 {
        case = case.replies("Grace", &"y".repeat(100));
    }
    let letter = case.last_reply();
    assert!(letter.text.len() < 1_000 && letter.html.len() < 20_000);
    let mail = sent(&letter).await;
    assert_eq!(mail.header("References").split_whitespace().count(), 21);
    assert!(mail.header("References").starts_with("<ticket-17-1@shop.example> <ticket-17-3981@shop.example>"));
    // A stored text beyond all rules is not quoted.
    let letter = Case::by_visitor(&"z".repeat(1_000_000)).replies("Grace", "Pardon?").last_reply();
    assert!(letter.text.contains("\n> …\n") && letter.html.len() < 20_000);
}

#[test]
fn a_ticket_with_nothing_in_it_still_gives_letters() {
    let mut case = Case::by(Author::Visitor, RichText::default()).replies("", "");
    case.ticket.subject = String::new();
    assert!(received(&case.ticket, &case.entries[0], " ", "shop.example").unwrap().text.contains("message to us"));
    assert!(!reply(&case.ticket, &case.entries[1], &case.entries, " ", "shop.example").unwrap().text.contains("wrote"));
}

/// Writes examples for the eye: `FRONTDESK_EXAMPLE_MAIL=FOLDER cargo test --features ssr --lib for_the_eye`.
#[test]
fn examples_for_the_eye() {
    let Some(directory) = std::env::var_os("FRONTDESK_EXAMPLE_MAIL") else { return };
    let directory = std::path::Path::new(&directory);
    let text = serde_json::from_str(
        r#"[{"paragraph":["Hello Ada,\nyour lamp is ",{"text":"on its way","bold":true},": ",
              {"text":"follow it here","link":"https://parcel.example/t/0034"},"."]},
            {"paragraph":"When it arrives:"},
            {"ordered_list":[
              [{"paragraph":"Switch off the power."}],
              [{"paragraph":"Screw it in."},{"bullet_list":[
                [{"paragraph":"clockwise"}],[{"paragraph":["with ",{"text":"one","italic":true}," hand"]}]]}]]},
            {"quote":[{"paragraph":"Never look into the light."}]},
            {"paragraph":["The code is ",{"text":"LAMP-7","code":true},", ",{"text":"not","underline":true}," ",
              {"text":"LAMP-1","strike":true},"."]},
            {"code":"let there = \"light\";\nassert!(bright(there));"}]"#,
    );
    let case = Case::by_visitor(
        "Hello,\nI ordered a lamp on Friday, and the tracking link www.parcel.example shows nothing.\n\nWhere is it?",
    )
    .then(agent("Grace Hopper"), TicketEntryBody::Replied { text: text.unwrap() });
    for (name, letter) in [("received", case.received().unwrap()), ("reply", case.last_reply())] {
        std::fs::write(directory.join(format!("{name}.html")), &letter.html).unwrap();
        std::fs::write(directory.join(format!("{name}.txt")), &letter.text).unwrap();
    }
}
