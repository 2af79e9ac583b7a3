//! The files of a message: pictures as pictures, everything else as a card to save it.

use super::files::{FileLinks, Link};
use super::icon::{Icon, Shape};
use super::words::{fill, t};
use crate::model::attachment::{Attachment, size_in_words};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Pictures are fitted into a square of this size, in pixels, and never made larger.
const FIT_PX: u32 = 280;

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
                href=move || address(&link.get(), false)
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
    let below = format!("{} · {}", kind_of(&file.name), size_in_words(file.size));
    let name = file.name.clone();
    let text = move |below: String| {
        view! {
            <span class="file__icon"><Icon shape=Shape::File /></span>
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
                    href=move || address(&link.get(), true)
                    download=name.clone()
                    on:pointerenter=move |_| links.refresh(id)
                    on:focus=move |_| links.refresh(id)
                >
                    {text(below.clone())}
                    <Icon shape=Shape::Download />
                </a>
            }
            .into_any()
        } else {
            view! { <p class="file file--gone">{text(t("No longer available"))}</p> }.into_any()
        }
    })
    .into_any()
}

/// Where a link leads to, once it is there.
pub(super) fn address(link: &Link, save: bool) -> Option<String> {
    match link {
        Link::Ready { download, .. } if save => Some(download.clone()),
        Link::Ready { url, .. } => Some(url.clone()),
        _ => None,
    }
}

/// The size at which a picture is shown.
pub fn fitted(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    let fit = |length: u32| {
        if longest <= FIT_PX {
            length
        } else {
            ((f64::from(length) * f64::from(FIT_PX) / f64::from(longest)).round()) as u32
        }
    };
    (fit(width).max(1), fit(height).max(1))
}

/// What a file is, in a word: the ending of its name.
pub fn kind_of(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| (1..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map_or_else(|| "File".into(), str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_made_smaller_and_never_larger() {
        assert_eq!(fitted(1600, 1067), (280, 187));
        assert_eq!(fitted(1200, 1600), (210, 280));
        assert_eq!(fitted(40, 30), (40, 30));
        assert_eq!(fitted(10_000, 2), (280, 1));
        assert_eq!(fitted(0, 0), (1, 1));
        assert_eq!(fitted(u32::MAX, u32::MAX), (280, 280));
    }

    #[test]
    fn a_file_is_named_by_its_ending() {
        assert_eq!(kind_of("price list.xlsx"), "XLSX");
        assert_eq!(kind_of("README"), "File");
        assert_eq!(kind_of("a.much too long"), "File");
    }
}
