//! Stories of searching chats.

use super::{Bench, fresh_id, send, start, stories};
use crate::model::agent::Role;
use crate::model::attachment::Attachment;
use crate::model::chat::{Actor, Command, Context};
use crate::model::ids::{ChatId, FileId, TicketId};
use crate::model::text::{Block, Inline, RichText};
use crate::store::{NewUpload, Target};

stories!(
    ended_chats_are_found_by_the_beginnings_of_words_latest_first,
    hits_are_marked_and_nothing_else_is,
    a_chat_is_found_by_its_visitor,
    a_chat_is_found_by_the_names_of_its_files,
    whatever_is_asked_is_answered,
);

/// A chat of its own visitor in which these were said, ended.
async fn ended_chat(bench: &Bench, number: u8, said: &[&str]) -> ChatId {
    let (visitor, chat) = bench.waiting_chat(number).await;
    for text in said {
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(text)).await.unwrap();
    }
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    chat
}

async fn found(bench: &Bench, words: &str) -> Vec<ChatId> {
    bench.store.search(words, None, 50).await.unwrap().into_iter().map(|found| found.row.id).collect()
}

async fn ended_chats_are_found_by_the_beginnings_of_words_latest_first(bench: Bench) {
    let none: [ChatId; 0] = [];
    let first = ended_chat(&bench, 1, &["Do you ship to Ireland?", "I need a café table."]).await;
    let second = ended_chat(&bench, 2, &["The table is shipped, is it?"]).await;
    let (_, live) = bench.waiting_chat(3).await;
    assert_eq!(found(&bench, "ship").await, [second, first]);
    assert_eq!(found(&bench, "SHIPPED").await, [second]);
    assert_eq!(found(&bench, "cafe tab").await, [first], "accents and case do not count; words of several messages do");
    assert_eq!(found(&bench, "table ireland shipped").await, none, "all words must be there");
    assert_eq!(found(&bench, "hip").await, none, "not the ends of words");
    assert!(!found(&bench, "hello").await.contains(&live));
    assert_eq!(found(&bench, "").await, none);
    assert_eq!(found(&bench, " \t ").await, none);

    let page = bench.store.search("table", None, 1).await.unwrap();
    assert_eq!(page.iter().map(|found| found.row.id).collect::<Vec<_>>(), [second]);
    let rest = bench.store.search("table", Some(second), 10).await.unwrap();
    assert_eq!(rest.iter().map(|found| found.row.id).collect::<Vec<_>>(), [first]);
}

async fn hits_are_marked_and_nothing_else_is(bench: Bench) {
    let forged = Command::Send {
        text: RichText { blocks: vec![Block::Paragraph(Inline::plain("a \u{1}forged\u{2} mark and a \u{0}lamp"))] },
        attachments: vec![],
    };
    let (visitor, chat) = bench.waiting_chat(1).await;
    for what in [forged, Command::End] {
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), what).await.unwrap();
    }
    let snippet = bench.store.search("lam", None, 10).await.unwrap().remove(0).snippet;
    assert_eq!(snippet, "Hello\na  forged  mark and a  \u{1}lamp\u{2}");

    let long = format!("{}lamp {}", "before ".repeat(100), "after ".repeat(100));
    ended_chat(&bench, 2, &[&long]).await;
    let snippet = bench.store.search("lamp", None, 1).await.unwrap().remove(0).snippet;
    assert!(snippet.contains("before \u{1}lamp\u{2} after"), "{snippet}");
    assert!(snippet.starts_with('…') && snippet.ends_with('…') && snippet.len() < 300, "{snippet}");
}

async fn a_chat_is_found_by_its_visitor(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let named = ended_chat(&bench, 1, &[]).await;
    assert_eq!(bench.store.search("ada hel", None, 10).await.unwrap()[0].snippet, "\u{1}Hello\u{2}");
    let by_name = bench.store.search("ada", None, 10).await.unwrap();
    assert_eq!((by_name[0].row.id, by_name[0].snippet.as_str()), (named, "\u{1}Ada\u{2}"));

    let visitor = bench.visitor(2).await;
    let Command::Start { text, visit, page, .. } = start("Good morning") else { unreachable!() };
    let start = Command::Start {
        name: String::new(),
        email: "grace.hopper@navy.example".into(),
        department: None,
        text,
        visit,
        page,
    };
    let ack = bench.give(Target::New(visitor), Actor::Visitor(visitor), fresh_id(), start).await.unwrap();
    bench.give(Target::Existing(ack.chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    assert_eq!(found(&bench, "grace.hopper@navy.example").await, [ack.chat]);
    assert_eq!(found(&bench, "hopper").await, [ack.chat]);

    // An agent makes a ticket of the ended chat, and enters the email that the visitor did not give.
    let context = Context { ticket: Some(TicketId(1)), ..Context::new(Actor::Agent(by), 1_000, fresh_id()) };
    let create = Command::CreateTicket {
        email: "ada@lovelace.example".into(),
        subject: "Lamp".into(),
        description: RichText::from_typed("It is dark."),
        department: None,
        labels: vec![],
    };
    bench.give_in(Target::Existing(named), context, create, vec![], None).await.unwrap();
    assert_eq!(found(&bench, "lovelace hello").await, [named]);
}

async fn a_chat_is_found_by_the_names_of_its_files(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let id = FileId(fresh_id().0);
    let upload = NewUpload { id, chat, author: "visitor".into(), name: "invoice_2031.pdf".into(), size: 1, at: 1 };
    assert!(bench.store.add_upload(upload, 10).await.unwrap());
    let file = Attachment {
        id,
        name: "invoice_2031.pdf".into(),
        mime: "application/pdf".into(),
        size: 1,
        width: None,
        height: None,
    };
    bench.store.finish_upload(&file).await.unwrap();
    let context = Context { attachments: vec![file], ..Context::new(Actor::Visitor(visitor), 1_000, fresh_id()) };
    let send = Command::Send { text: RichText::default(), attachments: vec![id] };
    bench.give_in(Target::Existing(chat), context, send, vec![], None).await.unwrap();
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    for words in ["invoice_2031.pdf", "invoi", "2031"] {
        assert_eq!(found(&bench, words).await, [chat], "{words}");
    }
}

async fn whatever_is_asked_is_answered(bench: Bench) {
    let chat = ended_chat(&bench, 1, &["Do NOT say OR, AND nor NEAR: rock'n'roll, C++ and 100% \"so\""]).await;
    for words in ["NOT OR", "and", "near", "rock'n'roll", "C++", "100%", "\"so\"", "say - or"] {
        assert_eq!(found(&bench, words).await, [chat], "{words}");
    }
    for words in [
        "\"",
        "\"\"",
        "'",
        "*",
        "**",
        "(",
        ")",
        "()",
        "-",
        "- -",
        "+",
        "^",
        "^q",
        ":",
        "text:x",
        "{text}:x",
        "-text:x",
        "q NEAR/2 q x",
        "NEAR(q",
        "\\",
        "\0",
        "q\0b\"",
        "\u{1}",
        "\u{FFFD}",
        "💡x",
        "%_",
        "; DROP TABLE chats",
        "--",
        "/*",
        "\u{202e}x",
        "$9",
        "?",
        "e\u{301}\u{301}x",
    ] {
        assert!(found(&bench, words).await.is_empty(), "{words:?}");
    }
    found(&bench, &"a".repeat(100_000)).await;
    found(&bench, &"a-".repeat(100_000)).await;
    found(&bench, &"\" ".repeat(100_000)).await;

    // Any string of what could mean something: an error would panic.
    let pieces = ["\"", "*", "(", ")", " ", "NEAR", "AND", "NOT", "a", "{", "}", ":", "^", "-", "+", ",", "\0", "é"];
    let mut state = 1_u64;
    for _ in 0..300 {
        let mut words = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            words.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        found(&bench, &words).await;
    }
}
