//! A tree as text.

use super::{El, Node};

/// Elements without content and end.
const VOID: [&str; 4] = ["br", "hr", "img", "input"];

/// The tree as HTML.
pub fn print(node: Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: Node, out: &mut String) {
    match node {
        Node::Nothing => {}
        Node::Text(text) => escape(&text, out),
        Node::El(element) => write_element(element, out),
        Node::Many(nodes) => nodes.into_iter().for_each(|node| write(node, out)),
        Node::Kept { draw, .. } => write_element(draw(), out),
    }
}

fn write_element(El(parts): El, out: &mut String) {
    out.push('<');
    out.push_str(parts.tag);
    let is_area = parts.tag == "textarea";
    let value = parts.value.as_deref();
    let attributes = parts.attributes.iter().map(|(name, value)| (*name, value.as_ref()));
    for (name, value) in attributes.chain(value.filter(|_| !is_area).map(|value| ("value", value))) {
        out.push(' ');
        out.push_str(name);
        if !value.is_empty() {
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
    }
    out.push('>');
    if VOID.contains(&parts.tag) {
        return;
    }
    if is_area && let Some(value) = value {
        // The parser drops a line break at the beginning.
        out.push('\n');
        escape(value, out);
    }
    parts.children.into_iter().for_each(|child| write(child, out));
    out.push_str("</");
    out.push_str(parts.tag);
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{el, part};
    use super::*;

    #[test]
    fn nothing_that_is_text_becomes_markup() {
        let hostile = "<img src=x onerror=\"alert(1)\">&amp;";
        let html = print(part("p", "a").set("title", hostile).text(hostile).into());
        let text = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;amp;";
        assert_eq!(html, format!("<p class=\"a\" title=\"{text}\">{text}</p>"));
    }

    #[test]
    fn fields_hold_their_values_and_what_is_not_there_leaves_no_trace() {
        let form = el("form")
            .with(Node::Nothing)
            .with(el("input").set("name", "a").flag("hidden", true).flag("disabled", false).value("1 & 2".into()))
            .with(el("textarea").value("\nfirst".into()))
            .with(vec![Node::El(el("br")), Node::Nothing]);
        assert_eq!(
            print(form.into()),
            "<form><input name=\"a\" hidden value=\"1 &amp; 2\"><textarea>\n\nfirst</textarea><br></form>"
        );
    }
}
