//! Small parts that stand in many places.

use super::dom::{El, el, part};
use crate::model::ids::PhotoId;
use crate::ui::icon::Shape;
use crate::ui::people::{hue, initials};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement};

/// An icon beside a text that says the same: hidden from screen readers.
pub fn icon(shape: Shape) -> El {
    icon_of("icon", shape)
}

pub fn small_icon(shape: Shape) -> El {
    icon_of("icon icon--sm", shape)
}

fn icon_of(class: &'static str, shape: Shape) -> El {
    part("svg", class).set("viewBox", "0 0 20 20").set("aria-hidden", "true").with(el("path").set("d", shape.path()))
}

/// The picture of a person: their photo, and where there is none, or none comes, their initials. Decoration: the name
/// stands beside it.
pub fn avatar(name: &str, photo: Option<PhotoId>) -> El {
    // The initials lie below it. A photo that was replaced is gone, and may be followed by one that is not.
    let show = |shown: bool| move |event: &Event| photo_of(event, shown);
    let photo = photo
        .map(|photo| el("img").set("alt", "").set("src", photo.url()).on("load", show(true)).on("error", show(false)));
    el("span").class(format!("avatar hue-{}", hue(name))).set("aria-hidden", "true").text(initials(name)).with(photo)
}

fn photo_of(event: &Event, shown: bool) {
    if let Some(photo) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        photo.set_hidden(!shown);
    }
}

/// What turns while something is awaited.
pub fn spinner() -> El {
    part("span", "spinner").set("aria-hidden", "true")
}

/// Where something is told. Its place stays while there is nothing to tell, because what comes into the page together
/// with its place is announced by few screen readers.
pub fn told(role: &'static str, told: Option<El>) -> El {
    part("div", "told").set("role", role).with(told)
}

/// Something that went well, when there is something.
pub fn good(text: Option<String>) -> El {
    told("status", text.map(|text| part("p", "alert alert--good").with(icon(Shape::TICK)).with(el("span").text(text))))
}

/// What is wrong with a field, below it.
pub fn field_error(id: &'static str, text: Option<String>) -> Option<El> {
    text.map(|text| part("p", "field__error").set("id", id).with(small_icon(Shape::ALERT)).text(text))
}

/// A field with what is wrong with it.
pub fn field(id: &'static str, label: String, input: El, error_id: &'static str, error: Option<String>) -> El {
    let wrong = error.is_some();
    let input = input
        .class("input")
        .set("id", id)
        .set_some("aria-invalid", wrong.then_some("true"))
        .set_some("aria-describedby", wrong.then_some(error_id));
    part("div", "field")
        .with(part("label", "field__label").set("for", id).text(label))
        .with(input)
        .with(field_error(error_id, error))
}
