use super::*;
use proptest::prelude::*;

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Inline::plain(text))
}

fn read(json: &str) -> RichText {
    serde_json::from_str(json).unwrap()
}

#[test]
fn typed_text_keeps_its_lines_and_paragraphs() {
    let text = RichText::from_typed("  one\r\ntwo  \n\n\nthree\u{0}\n");
    assert_eq!(text.blocks, vec![paragraph("one\ntwo"), paragraph("three")]);
    assert_eq!(text.to_plain(), "one\ntwo\n\nthree");
    assert_eq!(RichText::from_typed("a\rb\r\r\nc\r\n"), RichText::from_typed("a\nb\n\nc"));
}

#[test]
fn a_preview_is_one_bounded_line() {
    let text = RichText::from_typed("hello   there\nyou");
    assert_eq!(text.preview(50), "hello there you");
    assert_eq!(text.preview(7), "hello t…");
    assert_eq!(text.preview(6), "hello…");
    assert_eq!(RichText::from_typed(&"ä".repeat(500)).preview(10), format!("{}…", "ä".repeat(10)));
    let list = read(r#"[{"bullet_list":[[{"paragraph":["on",{"text":"e","bold":true}]}],[{"paragraph":"two"}]]}]"#);
    assert_eq!(list.preview(50), "one two");
}

#[test]
fn a_message_is_neither_empty_nor_endless() {
    assert_eq!(RichText::from_typed(" \n ").check(), Err(Refusal::EmptyMessage));
    assert!(RichText::from_typed(&"x".repeat(MAX_MESSAGE_CHARS)).check().is_ok());
    assert!(matches!(
        RichText::from_typed(&"x".repeat(MAX_MESSAGE_CHARS + 1)).check(),
        Err(Refusal::MessageTooLong { chars: 10_001, max: 10_000 })
    ));
    let blank = RichText { blocks: vec![paragraph("\u{2003} "), Block::BulletList(vec![vec![], vec![]])] };
    assert_eq!(blank.check(), Err(Refusal::EmptyMessage));
}

#[test]
fn a_hostile_tree_is_refused() {
    let mut deep = paragraph("x");
    for _ in 0..MAX_DEPTH {
        deep = Block::Quote(vec![deep]);
    }
    assert_eq!(RichText { blocks: vec![deep] }.check(), Err(Refusal::MessageTooRich));
    let wide = RichText { blocks: vec![paragraph("x"); MAX_BLOCKS + 1] };
    assert_eq!(wide.check(), Err(Refusal::MessageTooRich));
    let hollow = RichText { blocks: vec![Block::OrderedList(vec![vec![]; MAX_SPANS + 1])] };
    assert_eq!(hollow.check(), Err(Refusal::MessageTooRich));
    for link in
        ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "https://a b", "https://a\n"]
    {
        let span = Span { text: "click".into(), link: Some(link.into()), ..Default::default() };
        let text = RichText { blocks: vec![Block::Paragraph(Inline { spans: vec![span] })] };
        assert_eq!(text.check(), Err(Refusal::InvalidLink), "{link}");
    }
}

#[test]
fn text_of_earlier_versions_is_read() {
    let text = read(r#"[{"paragraph":"one"},{"paragraph":"two"}]"#);
    assert_eq!(text, RichText::from_typed("one\n\ntwo"));
    assert_eq!(serde_json::to_string(&text).unwrap(), r#"[{"paragraph":"one"},{"paragraph":"two"}]"#);
}

#[test]
fn plain_text_shows_what_formatting_meant() {
    let text = read(
        r#"[{"paragraph":["See ",{"text":"our shop","link":"https://s.example/","bold":true}]},
            {"ordered_list":[[{"paragraph":"first\nline"},{"bullet_list":[[{"paragraph":"inner"}]]}],[{"paragraph":"second"}]]},
            {"quote":[{"paragraph":"said"},{"paragraph":"before"}]},
            {"code":"let a = 1;\nlet b;"}]"#,
    );
    let expected = [
        "See our shop (https://s.example/)",
        "",
        "1. first",
        "   line",
        "",
        "   - inner",
        "2. second",
        "",
        "> said",
        ">",
        "> before",
        "",
        "    let a = 1;",
        "    let b;",
    ];
    assert_eq!(text.to_plain(), expected.join("\n"));
}

fn span() -> impl Strategy<Value = Span> {
    (".{0,12}", any::<[bool; 5]>(), proptest::option::of("https://[a-z]{1,8}\\.example")).prop_map(
        |(text, marks, link)| {
            let [bold, italic, underline, strike, code] = marks;
            Span { text, bold, italic, underline, strike, code, link }
        },
    )
}

fn block() -> impl Strategy<Value = Block> {
    let inline = prop_oneof![
        ".{1,20}".prop_map(Inline::plain),
        proptest::collection::vec(span(), 2..4).prop_map(|spans| Inline { spans }),
    ];
    let leaf = prop_oneof![inline.prop_map(Block::Paragraph), ".{0,30}".prop_map(Block::Code)];
    leaf.prop_recursive(3, 20, 3, |inner| {
        let items = proptest::collection::vec(proptest::collection::vec(inner.clone(), 0..3), 0..3);
        prop_oneof![
            items.clone().prop_map(Block::BulletList),
            items.prop_map(Block::OrderedList),
            proptest::collection::vec(inner, 0..3).prop_map(Block::Quote),
        ]
    })
}

/// Any text that can be written.
pub fn any_text() -> impl Strategy<Value = RichText> {
    proptest::collection::vec(block(), 0..4).prop_map(|blocks| RichText { blocks })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text in any_text()) {
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<RichText>(&json).unwrap(), text);
    }

    #[test]
    fn plain_text_and_previews_never_fail(blocks in proptest::collection::vec(block(), 0..4), max in 0usize..40) {
        let text = RichText { blocks };
        text.to_plain();
        prop_assert!(text.preview(max).chars().count() <= max + 1);
    }
}
