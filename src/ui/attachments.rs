//! The files of a message: pictures as pictures, everything else as a card to save it.

use super::files::{FileLinks, Link};
use super::fit::{FIT_PX, fitted, kind_of};
use super::icon::{Icon, Shape};
use super::words::{fill, say_size, t};
use crate::model::attachment::Attachment;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Draws the files of a message, pictures first.
pub fn draw(files: &[Attachment], links: FileLinks) -> AnyView {
    let (pictures, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.is_picture());
    let pictures = match pictures[..] {
        [] => ().into_any(),
        [picture] => draw_picture(picture, links),
        _ => {
            let name = fill("{0} images", &[&pictures.len().to_string()]);
            let all: Vec<AnyView> = pictures
                .into_iter()
                .map(|picture| view! { <li>{draw_picture(picture, links)}</li> }.into_any())
                .collect();
            view! { <ul class="shots" aria-label=name>{all}</ul> }.into_any()
        }
    };
    let others: Vec<AnyView> = others.into_iter().map(|file| draw_file(file.clone(), links)).collect();
    (pictures, others).into_any()
}

/// A picture in its place, which is known before it is loaded. A click shows it large.
fn draw_picture(file: &Attachment, links: FileLinks) -> AnyView {
    let id = file.id;
    let link = links.of(id);
    let (width, height) = fitted(file.width.unwrap_or(FIT_PX), file.height.unwrap_or(FIT_PX));
    let empty =
        format!("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'/%3E");
    // What is shown stays when the link is made anew; only what could not be loaded is loaded again, once.
    let failures = RwSignal::new(0);
    let src = {
        let link = link.clone();
        Memo::new(move |before: Option<&(u32, Option<String>)>| {
            let tries = failures.get();
            match (link.get(), before) {
                (_, Some((before, Some(src)))) if *before == tries => (tries, Some(src.clone())),
                // The other name makes the browser try again although the link may be the same.
                (Link::Ready { url, .. }, _) if tries > 0 => (tries, Some(format!("{url}#{tries}"))),
                (Link::Ready { url, .. }, _) => (tries, Some(url)),
                _ => (tries, None),
            }
        })
    };
    let on_error = move |_| {
        if src.with_untracked(|(_, src)| src.is_some()) {
            links.replace(id);
            failures.update(|failures| *failures += 1);
        }
    };
    let on_click = move |ev: MouseEvent| {
        if !(ev.ctrl_key() || ev.meta_key() || ev.shift_key()) {
            ev.prevent_default();
            links.viewed.set(Some(id));
        }
    };
    let file = file.clone();
    let name = file.name.clone();
    let is_shown = {
        let link = link.clone();
        Memo::new(move |_| failures.get() < 2 && link.with(|link| *link != Link::Gone))
    };
    let picture = move || {
        let (empty, link) = (empty.clone(), link.clone());
        view! {
            <a
                class="shot"
                href=move || link.get().address(false)
                on:pointerenter=move |_| links.refresh(id)
                on:click=on_click
            >
                <img
                    width=width
                    height=height
                    alt=name.clone()
                    loading="lazy"
                    src=move || src.get().1.unwrap_or_else(|| empty.clone())
                    on:error=on_error
                />
            </a>
        }
        .into_any()
    };
    (move || if is_shown.get() { picture() } else { draw_file(file.clone(), links) }).into_any()
}

/// A file to be saved.
fn draw_file(file: Attachment, links: FileLinks) -> AnyView {
    let id = file.id;
    let link = links.of(id);
    let is_there = {
        let link = link.clone();
        Memo::new(move |_| link.with(|link| *link != Link::Gone))
    };
    let below = format!("{} · {}", kind_of(&file.name), say_size(file.size));
    let name = file.name.clone();
    let text = move |below: String| {
        view! {
            <span class="file__icon"><Icon shape=Shape::FILE /></span>
            <span class="file__text">
                <span class="file__name">{file.name.clone()}</span>
                <span class="file__size">{below}</span>
            </span>
        }
    };
    (move || {
        let link = link.clone();
        if is_there.get() {
            view! {
                <a
                    class="file"
                    href=move || link.get().address(true)
                    download=name.clone()
                    on:pointerenter=move |_| links.refresh(id)
                    on:focus=move |_| links.refresh(id)
                >
                    {text(below.clone())}
                    <Icon shape=Shape::DOWNLOAD />
                </a>
            }
            .into_any()
        } else {
            view! { <p class="file file--gone">{text(t("No longer available"))}</p> }.into_any()
        }
    })
    .into_any()
}
