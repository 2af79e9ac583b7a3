//! Pictures of a conversation, shown large.

use super::files::FileLinks;
use super::focus::{self, put};
use super::icon::{Icon, Shape};
use super::words::{fill, say_size, t};
use crate::model::attachment::Attachment;
use crate::model::ids::FileId;
use leptos::ev::KeyboardEvent;
use leptos::html::{A, Button, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// A picture with who sent it, and when: "You, 10:27".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub file: Attachment,
    pub from: String,
}

/// Shows the picture that `links` has as viewed, until there is none. The arrow keys go to its neighbours, Escape closes;
/// the focus stays inside and goes back to where it was.
#[component]
pub fn Viewer(pictures: Vec<Picture>, links: FileLinks) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let save = NodeRef::<A>::new();
    let buttons = [NodeRef::<Button>::new(), NodeRef::<Button>::new(), NodeRef::<Button>::new()];
    let [close, back, forward] = buttons;
    let pictures = StoredValue::new(pictures);
    // What could not be loaded is asked for again, once.
    let again = StoredValue::new(None::<FileId>);
    let index = Memo::new(move |_| {
        let viewed = links.viewed.get();
        pictures.with_value(|all| all.iter().position(|picture| Some(picture.file.id) == viewed)).unwrap_or_default()
    });
    let current = move || pictures.with_value(|all| all.get(index.get()).cloned());
    let name = move || current().map(|picture| picture.file.name);
    let address = move |saved: bool| current().and_then(|picture| links.of(picture.file.id).get().address(saved));
    let meta = move || {
        let count = pictures.with_value(Vec::len);
        let place = if count > 1 {
            fill("{0} of {1}", &[&(index.get() + 1).to_string(), &count.to_string()]) + " · "
        } else {
            String::new()
        };
        current().map(|picture| format!("{place}{} · {}", say_size(picture.file.size), picture.from))
    };
    let neighbour = move |step: isize| {
        let index = index.get().checked_add_signed(step)?;
        pictures.with_value(|all| all.get(index).map(|picture| picture.file.id))
    };
    let to_root = move || {
        if let Some(root) = root.get_untracked() {
            let _ = root.focus();
        }
    };
    let go = move |step: isize| {
        if let Some(id) = untrack(|| neighbour(step)) {
            links.viewed.set(Some(id));
            // The button at an end goes away, and would take the focus with it.
            if untrack(|| neighbour(step)).is_none() {
                to_root();
            }
        }
    };
    let on_tab = move |backwards: bool| {
        let stops: Vec<web_sys::HtmlElement> = save
            .get_untracked()
            .map(|link| link.unchecked_into())
            .into_iter()
            .chain(buttons.iter().filter_map(|button| button.get_untracked()).map(|button| button.unchecked_into()))
            .filter(|stop: &web_sys::HtmlElement| !stop.has_attribute("disabled"))
            .collect();
        let active = document().active_element();
        let at = stops.iter().position(|stop| active.as_ref() == Some(stop.as_ref()));
        let next = match at {
            Some(at) if backwards => (at + stops.len() - 1) % stops.len(),
            Some(at) => (at + 1) % stops.len(),
            None if backwards => stops.len().saturating_sub(1),
            None => 0,
        };
        if let Some(stop) = stops.get(next) {
            let _ = stop.focus();
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        // Nothing behind hears any of it.
        ev.stop_propagation();
        match ev.key().as_str() {
            "Escape" => {
                ev.prevent_default();
                links.viewed.set(None);
            }
            "ArrowLeft" => go(-1),
            "ArrowRight" => go(1),
            "Tab" => {
                ev.prevent_default();
                on_tab(ev.shift_key());
            }
            _ => {}
        }
    };
    // The picture that is on the screen.
    let loaded = RwSignal::new(None::<FileId>);
    let loading = move || {
        (links.viewed.get() != loaded.get()).then(|| view! { <span class="spinner" aria-hidden="true"></span> })
    };
    let on_error = move |_| {
        if let Some(id) = links.viewed.get_untracked().filter(|id| again.get_value() != Some(*id)) {
            again.set_value(Some(id));
            links.replace(id);
        }
    };
    let before = StoredValue::new_local(focus::current());
    Effect::new(move |_| {
        if root.get().is_some() {
            to_root();
        }
    });
    on_cleanup(move || {
        put(before.try_get_value().flatten().as_ref());
    });
    view! {
        <div
            class="viewer"
            role="dialog"
            aria-modal="true"
            aria-label=t("Image")
            tabindex="-1"
            node_ref=root
            on:keydown=on_key
        >
            <header class="viewer__head">
                <div class="viewer__who">
                    <p class="viewer__name">{name}</p>
                    <p class="viewer__meta">{meta}</p>
                </div>
                <a
                    class="ibtn"
                    href=move || address(true)
                    download=name
                    aria-label=t("Download")
                    title=t("Download")
                    node_ref=save
                >
                    <Icon shape=Shape::DOWNLOAD />
                </a>
                <button
                    class="ibtn"
                    type="button"
                    aria-label=t("Close")
                    title=t("Close")
                    node_ref=close
                    on:click=move |_| links.viewed.set(None)
                >
                    <Icon shape=Shape::CLOSE />
                </button>
            </header>
            <div class="viewer__stage">
                {loading}
                <img
                    src=move || address(false)
                    alt=name
                    on:load=move |_| loaded.set(links.viewed.get_untracked())
                    on:error=on_error
                />
                <button
                    class="ibtn viewer__prev"
                    type="button"
                    aria-label=t("Previous image")
                    title=t("Previous")
                    disabled=move || neighbour(-1).is_none()
                    node_ref=back
                    on:click=move |_| go(-1)
                >
                    <Icon shape=Shape::BACK />
                </button>
                <button
                    class="ibtn viewer__next"
                    type="button"
                    aria-label=t("Next image")
                    title=t("Next")
                    disabled=move || neighbour(1).is_none()
                    node_ref=forward
                    on:click=move |_| go(1)
                >
                    <Icon shape=Shape::FORWARD />
                </button>
            </div>
        </div>
    }
}
