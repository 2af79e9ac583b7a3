//! The files of a message, behind links that were made with the page.

use crate::model::attachment::{Attachment, FileLink};
use crate::ui::fit::{fitted, kind_of};
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::say_size;
use leptos::prelude::*;

/// Draws the files of a message, pictures first.
pub fn draw(files: &[Attachment], links: &[FileLink]) -> AnyView {
    let (pictures, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.is_picture());
    pictures
        .into_iter()
        .chain(others)
        .map(|file| draw_file(file, links.iter().find(|link| link.id == file.id)))
        .collect_view()
        .into_any()
}

fn draw_file(file: &Attachment, link: Option<&FileLink>) -> AnyView {
    let name = file.name.clone();
    let Some(link) = link.cloned() else {
        return view! {
            <span class="file file--gone">
                <span class="file__icon"><Icon shape=Shape::FILE /></span>
                <span class="file__text"><span class="file__name">{name}</span></span>
            </span>
        }
        .into_any();
    };
    if let (Some(width), Some(height)) = (file.width, file.height) {
        let (width, height) = fitted(width, height);
        let shown = link.url.clone();
        return view! {
            <a class="shot" href=link.url target="_blank" rel="noopener">
                <img width=width height=height alt=name src=shown />
            </a>
        }
        .into_any();
    }
    let below = format!("{} · {}", kind_of(&name), say_size(file.size));
    let saved_as = name.clone();
    view! {
        <a class="file" href=link.download download=saved_as>
            <span class="file__icon"><Icon shape=Shape::FILE /></span>
            <span class="file__text">
                <span class="file__name">{name}</span>
                <span class="file__size">{below}</span>
            </span>
            <Icon shape=Shape::DOWNLOAD />
        </a>
    }
    .into_any()
}
