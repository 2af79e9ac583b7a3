use super::*;
use crate::model::agent::AgentRef;
use crate::model::attachment::{Attachment, FileLink};
use crate::model::chat::{Ack, Audience, Author, Command, Event, EventBody, ReleaseReason, Side};
use crate::model::department::DepartmentRef;
use crate::model::error::{ApiError, Refusal};
use crate::model::identity::ProvenIdentity;
use crate::model::ids::{AgentId, ChatId, CommandId, DepartmentId, FileId, PhotoId, VisitorId};
use crate::model::live::{ClientFrame, Cursor, Presence, ServerFrame};
use crate::model::outbox::{Outgoing, OutgoingState};
use crate::model::site::SiteLook;
use crate::model::text::RichText;
use crate::model::text::tests::any_text;
use crate::model::visitor::{Email, Landing, PageView, Visit, VisitorCard};
use crate::model::visitor_state::VisitorState;
use proptest::prelude::*;
use serde::Serialize;
use std::fmt::Debug;
use uuid::Uuid;

/// What `serde` writes is read as what it was.
#[track_caller]
fn same<T: Read + Serialize + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(read::<T>(&json).as_ref(), Some(value), "{json}");
}

/// What is written is what `serde` writes.
#[track_caller]
fn as_serde<T: Write + Serialize>(value: &T) {
    let written = write(value);
    let members: Result<serde_json::Value, _> = serde_json::from_str(&written);
    assert_eq!(members.ok(), serde_json::to_value(value).ok(), "{written}");
}

fn agent() -> AgentRef {
    AgentRef { id: AgentId(7), name: "Anna \"A\" Berg\n".into(), photo: Some(PhotoId(Uuid::from_u128(9))) }
}

fn attachment() -> Attachment {
    Attachment {
        id: FileId(Uuid::from_u128(5)),
        name: "a.png".into(),
        mime: "image/png".into(),
        size: 20_000_000,
        width: Some(3),
        height: None,
    }
}

fn email() -> Email {
    Email::parse("ada@example.com").unwrap()
}

/// One of each that the visitor may see, and one for agents.
fn bodies() -> Vec<EventBody> {
    let department = Some(DepartmentRef { id: DepartmentId(2), name: "Sales".into() });
    vec![
        EventBody::Started {
            visitor: VisitorCard {
                id: VisitorId(1),
                name: None,
                email: Some(email()),
                proven: Some(ProvenIdentity { subject: Some("7".into()), email: Some(email()), name: None }),
            },
            department: department.clone(),
        },
        EventBody::Identified {
            proven: ProvenIdentity { subject: None, email: Some(email()), name: Some("Ada".into()) },
        },
        EventBody::Accepted,
        EventBody::Released { agent: agent(), reason: ReleaseReason::ConnectionLost },
        EventBody::Released { agent: agent(), reason: ReleaseReason::LoggedOut },
        EventBody::Released { agent: agent(), reason: ReleaseReason::Deactivated },
        EventBody::Message { text: RichText::from_typed("a\n\nb 👍"), attachments: vec![] },
        EventBody::Message { text: RichText::default(), attachments: vec![attachment()] },
        EventBody::Delivered { up_to: 4 },
        EventBody::Read { up_to: i64::MAX },
        EventBody::Ended,
        EventBody::DepartmentChanged { department },
        EventBody::DepartmentChanged { department: None },
        EventBody::EmailEntered { email: email() },
        EventBody::Rated { helpful: true, comment: "\\ \u{1} \u{7f}".into() },
        EventBody::TranscriptRequested { email: email() },
        EventBody::Dismissed,
    ]
}

fn event(body: EventBody) -> Event {
    Event { seq: 3, at: 1_700_000_000_000, by: Author::Agent(agent()), command: None, body }
}

#[test]
fn events_that_a_visitor_may_see_are_read_as_they_were_and_others_are_unknown() {
    for body in bodies() {
        if body.is_for(Audience::Visitor) {
            same(&event(body));
        } else {
            let json = serde_json::to_string(&event(body)).unwrap();
            assert_eq!(read::<Event>(&json).unwrap().body, EventBody::Unknown);
        }
    }
    let named = bodies().into_iter().filter(|body| body.is_for(Audience::Visitor));
    let kinds: std::collections::BTreeSet<_> =
        named.map(|body| serde_json::to_value(body).unwrap()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.len(), 12, "a new event for visitors belongs into the reader and this test: {kinds:?}");
    for by in [Author::Visitor, Author::System] {
        same(&Event { by, command: Some(CommandId(Uuid::from_u128(9))), ..event(EventBody::Accepted) });
    }
}

#[test]
fn frames_answers_and_what_is_kept_are_read_as_they_were() {
    for frame in [
        ServerFrame::Welcome { protocol: 2 },
        ServerFrame::Events { chat: ChatId(1), prev: 2, events: bodies()[..5].iter().cloned().map(event).collect() },
        ServerFrame::Current { chat: ChatId(1), seq: 9 },
        ServerFrame::Typing { chat: ChatId(1), side: Side::Agents, agent: Some(agent()), draft: None, typing: true },
        ServerFrame::NoSuchChat { chat: ChatId(1) },
        ServerFrame::Ping,
    ] {
        same(&frame);
    }
    assert_eq!(read::<ServerFrame>(r#"{"type":"settings_changed"}"#), None);
    let departments = vec![DepartmentRef { id: DepartmentId(1), name: "Sales".into() }];
    for (chat, blocked_until) in [(None, Some(5)), (Some(ChatId(2)), None)] {
        let departments = departments.clone();
        let (available, answer_within_ms, max_file_bytes, max_files) = (true, 60_000, 20_000_000, 10);
        same(&VisitorState {
            chat,
            departments,
            available,
            answer_within_ms,
            blocked_until,
            max_file_bytes,
            max_files,
            site: Some(SiteLook { color: "#123456".into(), greeting: "Hi".into(), away: String::new() }),
        });
    }
    let data = r#"{"plan":"pro","seats":3,"trial":true,"none":null,"deep":[[],{"a":"b"}]}"#;
    assert_eq!(write(&parse::parse(data)), data);
    same(&Ack { chat: ChatId(4), seq: 5 });
    same(&vec![FileLink { id: FileId(Uuid::from_u128(8)), url: "/f".into(), download: "/d".into() }]);
    for state in [OutgoingState::Sending, OutgoingState::Sent, OutgoingState::Failed("No.".into())] {
        let outgoing = Outgoing {
            id: CommandId(Uuid::from_u128(1)),
            chat: ChatId(2),
            at: 3,
            text: RichText::from_typed("Hi"),
            attachments: vec![attachment()],
            side: Side::Visitor,
            state,
        };
        same(&outgoing);
        as_serde(&outgoing);
        as_serde(&Outgoing { attachments: Vec::new(), side: Side::Agents, ..outgoing });
    }
    let old = r#"{"id":"00000000-0000-0000-0000-000000000001","chat":2,"at":3,"text":[],"side":"visitor"}"#;
    assert_eq!(read::<Outgoing>(old).unwrap(), serde_json::from_str::<Outgoing>(old).unwrap());
}

#[test]
fn what_a_widget_says_is_written_as_serde_does() {
    let (chat, text, draft) = (ChatId(4), RichText::from_typed("a\n\nb"), Some("Hi".to_owned()));
    for frame in [
        ClientFrame::Hello { protocol: 2, token: None, cursors: Vec::new() },
        ClientFrame::Hello { protocol: 2, token: Some("t".into()), cursors: vec![Cursor { chat, after: 5 }] },
        ClientFrame::Follow { chat, after: -1 },
        ClientFrame::Unfollow { chat },
        ClientFrame::Typing { chat, draft },
        ClientFrame::Typing { chat, draft: None },
        ClientFrame::Presence { chat, presence: Presence::Here },
        ClientFrame::Presence { chat, presence: Presence::Away },
        ClientFrame::Presence { chat, presence: Presence::Gone },
        ClientFrame::WatchVisitors { on: true },
        ClientFrame::Pong,
    ] {
        as_serde(&frame);
    }
    let page = PageView { at: 7, url: "https://a.example/".into(), title: "A \"b\"".into(), referrer: String::new() };
    let landing = Some(Landing { at: 6, url: page.url.clone() });
    let (language, time_zone) = ("de-AT".to_owned(), "Europe/Vienna".to_owned());
    let visit = Visit { first: landing.clone(), session: landing, pages: vec![page.clone()], language, time_zone };
    let (name, email, department) = ("Ada".to_owned(), "ada@example.com".to_owned(), Some(DepartmentId(2)));
    for command in [
        Command::Start {
            name: name.clone(),
            email: email.clone(),
            department,
            text: text.clone(),
            visit,
            page: Some(page),
        },
        Command::Start {
            name: String::new(),
            email: String::new(),
            department: None,
            text: text.clone(),
            visit: Visit::default(),
            page: None,
        },
        Command::Send { text: text.clone(), attachments: vec![FileId(Uuid::from_u128(5))] },
        Command::Send { text: text.clone(), attachments: Vec::new() },
        Command::MarkDelivered { up_to: 8 },
        Command::MarkRead { up_to: i64::MAX },
        Command::Introduce { data: true },
        Command::End,
        Command::LeaveMessage { name, email: email.clone(), text },
        Command::Rate { helpful: false, comment: "\u{1f}".into() },
        Command::RequestTranscript { email },
    ] {
        as_serde(&command);
    }
    assert_eq!(write(&Command::Accept), "{}");
}

#[test]
fn what_went_wrong_is_read_as_it_was() {
    let refusals = [
        Refusal::EmptyMessage,
        Refusal::MessageTooLong { chars: 10_001, max: 10_000 },
        Refusal::InvalidEmail,
        Refusal::InvalidName { max: 100 },
        Refusal::UnknownDepartment,
        Refusal::ChatEnded,
        Refusal::NotStarted,
        Refusal::AlreadyChatting { chat: ChatId(3) },
        Refusal::AcceptedBy { by: "Anna".into() },
        Refusal::NotAllowed,
        Refusal::CommandReused,
        Refusal::MessageTooRich,
        Refusal::InvalidLink,
        Refusal::UnknownFile,
        Refusal::EmptyFile,
        Refusal::FileTooLarge { max: 20_000_000 },
        Refusal::FileTypeNotAllowed { name: "a.exe".into() },
        Refusal::BrokenPicture,
        Refusal::TooManyPixels { millions: 50 },
        Refusal::TooManyFiles { max: 10 },
        Refusal::Blocked { until: 1_700_000_000_000 },
        Refusal::NobodyAvailable,
        Refusal::NotEnded,
        Refusal::TranscriptSent,
        Refusal::TooManyTranscripts,
        Refusal::CommentTooLong { max: 1_000 },
        Refusal::ChangedTooOften,
    ];
    for refusal in refusals {
        same(&ApiError::Refused { refusal });
    }
    for error in [
        ApiError::NotLoggedIn,
        ApiError::NotAllowed,
        ApiError::NoSuchChat,
        ApiError::NoSuchFile,
        ApiError::Gone,
        ApiError::Invalid { sentence: "Ä".into() },
        ApiError::TooMany { retry_after_ms: 900 },
        ApiError::Busy { retry_after_ms: 1_000 },
        ApiError::NotStored,
        ApiError::Internal,
        ApiError::Unreachable,
    ] {
        same(&error);
    }
    assert_eq!(
        read::<ApiError>(r#"{"error":"refused","refusal":{"reason":"of_tomorrow"}}"#),
        Some(ApiError::Refused { refusal: Refusal::NotAllowed })
    );
    assert_eq!(read::<ApiError>("<html>"), None);
}

#[test]
fn what_is_broken_is_nothing() {
    for broken in [
        "",
        " ",
        "{",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"a",
        "\"a\nb\"",
        "nul",
        "-",
        "1 2",
        "--",
        ".5",
        "+1",
        "'a'",
        "\"\\u12g4\"",
        "é",
    ] {
        assert_eq!(parse::parse(broken), None, "{broken}");
    }
    assert_eq!(parse::parse(&"[".repeat(100_000)), None);
    assert_eq!(parse::parse(&format!("{}{}", "[".repeat(66), "]".repeat(66))), None);
}

#[test]
fn numbers_are_whole_or_as_they_were_written() {
    for (json, number) in [("-7", -7), ("0", 0), ("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN)]
    {
        assert_eq!(parse::parse(json), Some(Json::Int(number)));
    }
    for json in ["0.5", "-1e+300", "99999999999999999999"] {
        assert_eq!(parse::parse(json), Some(Json::Number(json.into())));
        assert_eq!(read::<i64>(json), None);
    }
    assert_eq!(u32::read(&Json::Int(-1)), None);
}

proptest! {
    #[test]
    fn any_text_is_read_as_it_was(text in any_text()) {
        same(&text);
        as_serde(&text);
    }

    #[test]
    fn any_string_is_read_as_it_was(text in any::<String>()) {
        same(&text);
        as_serde(&text);
        // As JavaScript may write it.
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        prop_assert_eq!(read::<String>(&format!(" \"{escaped}\" ")), Some(text));
    }

    #[test]
    fn no_input_is_a_panic(text in r#"[\[\]{}",:\\u0-9a-f é👍]{0,40}"#) {
        let _ = parse::parse(&text);
        let _ = read::<ServerFrame>(&text);
    }
}
