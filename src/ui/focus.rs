//! The focus in what lies over the page: it stays inside, and goes back to where it was.

use super::browser::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

/// What can have the focus.
const FOCUSABLE: &str = "a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), \
     textarea:not(:disabled), summary, [contenteditable=true], [tabindex]:not([tabindex='-1'])";

/// What has the focus now.
pub fn current() -> Option<HtmlElement> {
    document().active_element().and_then(|element| element.dyn_into().ok())
}

/// Puts the focus on this, when there is such a thing.
pub fn put(element: Option<&HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Where Tab goes when it would leave what is inside: from the last element to the first, and the other way round.
pub fn around_the_end(inside: &[HtmlElement], back: bool) -> Option<&HtmlElement> {
    let active = document().active_element();
    let at = inside.iter().position(|element| active.as_ref() == Some(element.as_ref()));
    match (at, back) {
        (Some(0) | None, true) => inside.last(),
        (Some(at), false) if at + 1 < inside.len() => None,
        (_, false) => inside.first(),
        (Some(_), true) => None,
    }
}

/// What can have the focus inside, in its order.
pub fn focusable(root: &Element) -> Vec<HtmlElement> {
    let mut found = Vec::new();
    let mut child = root.first_element_child();
    while let Some(element) = child {
        if element.matches(FOCUSABLE).unwrap_or(false)
            && let Some(element) = element.dyn_ref::<HtmlElement>()
            && element.tab_index() >= 0
            && element.offset_width() > 0
        {
            found.push(element.clone());
        }
        found.extend(focusable(&element));
        child = element.next_element_sibling();
    }
    found
}
