//! The files of a message: pictures as pictures, everything else as a card to save it.

use super::dom::{El, Node, el, part};
use super::parts::icon;
use super::session::Open;
use super::viewer::shot_id;
use crate::model::attachment::Attachment;
use crate::ui::files::Link;
use crate::ui::fit::{FIT_PX, fitted, kind_of};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{fill, say_size, t};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, MouseEvent};

/// Draws the files of a message, pictures first.
pub fn draw(files: &[Attachment], open: Open) -> Node {
    let (pictures, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.is_picture());
    let mut all: Vec<El> = match pictures[..] {
        [] => Vec::new(),
        [picture] => vec![draw_picture(picture, open)],
        _ => {
            let name = fill("{0} images", &[&pictures.len().to_string()]);
            let items = pictures.into_iter().map(|picture| el("li").with(draw_picture(picture, open)));
            vec![part("ul", "shots").set("aria-label", name).with(super::together(items))]
        }
    };
    all.extend(others.into_iter().map(|file| draw_file(file, open)));
    super::together(all)
}

/// A picture in its place, which is known before it is loaded. A click shows it large.
fn draw_picture(file: &Attachment, open: Open) -> El {
    let (id, links, pictures) = (file.id, open.links, open.pictures);
    let link = links.of(id).get();
    if !pictures.is_shown(open, id) {
        return draw_file(file, open);
    }
    let (width, height) = fitted(file.width.unwrap_or(FIT_PX), file.height.unwrap_or(FIT_PX));
    let source = pictures.source(open, id);
    let has_source = source.is_some();
    let empty = || {
        format!("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'/%3E")
    };
    let picture = el("img")
        .set("width", width.to_string())
        .set("height", height.to_string())
        .set("alt", file.name.clone())
        .set("loading", "lazy")
        .set("src", source.unwrap_or_else(empty))
        .on("error", move |_| {
            if has_source {
                pictures.failed(open, id);
            }
        });
    part("a", "shot")
        .set("id", shot_id(id))
        .set_some("href", link.address(false))
        .on("pointerenter", move |_| links.refresh(id))
        .on("click", move |event| {
            if !is_for_another_tab(event) {
                event.prevent_default();
                links.viewed.set(Some(id));
            }
        })
        .with(picture)
}

fn is_for_another_tab(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|event| event.ctrl_key() || event.meta_key() || event.shift_key())
}

/// A file to be saved.
fn draw_file(file: &Attachment, open: Open) -> El {
    let (id, links) = (file.id, open.links);
    let link = links.of(id).get();
    let text = |below: String| {
        part("span", "file__text")
            .with(part("span", "file__name").text(file.name.clone()))
            .with(part("span", "file__size").text(below))
    };
    let sign = part("span", "file__icon").with(icon(Shape::FILE));
    if link == Link::Gone {
        return part("p", "file file--gone").with(sign).with(text(t("No longer available")));
    }
    part("a", "file")
        .set_some("href", link.address(true))
        .set("download", file.name.clone())
        .on("pointerenter", move |_| links.refresh(id))
        .on("focus", move |_| links.refresh(id))
        .with(sign)
        .with(text(format!("{} · {}", kind_of(&file.name), say_size(file.size))))
        .with(icon(Shape::DOWNLOAD))
}
