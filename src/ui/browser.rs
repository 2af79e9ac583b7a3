//! The browser's clock, chance, storage and attention.

use crate::model::Millis;
use crate::model::ids::CommandId;
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Event, EventTarget, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Window};

pub use wasm_bindgen_futures::spawn_local;

/// The window.
pub fn window() -> Window {
    web_sys::window().expect("only a page runs this")
}

/// The document in it.
pub fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Hears an event of the window for as long as the page lives.
pub fn on_window(name: &str, heard: impl Fn(Event) + 'static) {
    let heard = Closure::<dyn Fn(Event)>::new(heard);
    let target: &EventTarget = &window();
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}

/// Does something before the next paint, when all is in its place.
pub fn next_frame(work: impl FnOnce() + 'static) {
    let work = Closure::once_into_js(work);
    let _ = window().request_animation_frame(work.unchecked_ref());
}

/// The browser's clock.
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// A fresh command id.
pub fn command_id() -> CommandId {
    CommandId::from_parts(now(), random())
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Every browser that runs WASM has it; should it fail, chance of a lesser kind is better than a page that stops.
    if window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)).is_err() {
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// A random number from 0 to 1.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// Whether the person looks at this window: it is visible and has the focus.
pub fn has_attention() -> bool {
    let document = document();
    document.visibility_state() == web_sys::VisibilityState::Visible && document.has_focus().unwrap_or(false)
}

/// Whether the person has just done something here (`isActive`), or ever has (`hasBeenActive`); not every browser tells.
pub fn activation(which: &str) -> Option<bool> {
    let activation = js_sys::Reflect::get(&window().navigator(), &"userActivation".into()).ok()?;
    js_sys::Reflect::get(&activation, &which.into()).ok()?.as_bool()
}

/// The JSON that the server put into the page under `id="state"`.
pub fn page_state() -> Option<String> {
    document().get_element_by_id("state")?.text_content()
}

/// Puts the focus on the element with this id, when there is one.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Waits for so many milliseconds.
pub async fn sleep(ms: u32) {
    let elapsed = Promise::new(&mut |resolve, _| {
        Timeout::new(ms, move || {
            let _ = resolve.call0(&JsValue::NULL);
        })
        .forget();
    });
    let _ = JsFuture::from(elapsed).await;
}

/// What stands in the field with this id, when there is one.
pub fn value_of(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?;
    let input = field.dyn_ref().map(HtmlInputElement::value);
    input
        .or_else(|| field.dyn_ref().map(HtmlTextAreaElement::value))
        .or_else(|| field.dyn_ref().map(HtmlSelectElement::value))
}

/// Writes into the field with this id, when there is one. A choice is told as if a person had made it.
pub fn set_value_of(id: &str, value: &str) {
    let Some(field) = document().get_element_by_id(id) else { return };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
        if let Ok(change) = Event::new("change") {
            let _ = select.dispatch_event(&change);
        }
    }
}

/// Writes at the caret of the field that has the focus, in place of what is selected there, as if it were typed: it can be
/// undone. False when the browser does not.
pub fn insert(text: &str) -> bool {
    let document = document().dyn_into::<web_sys::HtmlDocument>();
    document
        .is_ok_and(|document| document.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false))
}

/// What the browser keeps for this origin. It may be denied: then nothing is kept, and nothing fails.
pub mod storage {
    use super::window;
    use std::cell::RefCell;

    thread_local! {
        /// What this page keeps itself, while nothing may be stored.
        static HELD: RefCell<Option<Vec<(String, String)>>> = const { RefCell::new(None) };
    }

    fn local() -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    /// From now on nothing is stored, nor read: what is kept goes with the page, unless [`release`] comes before.
    pub fn hold() {
        HELD.with_borrow_mut(|held| {
            held.get_or_insert_default();
        });
    }

    /// The browser may keep what is kept, and what was held until now.
    pub fn release() {
        for (key, value) in HELD.take().unwrap_or_default() {
            set(&key, &value);
        }
    }

    pub fn get(key: &str) -> Option<String> {
        HELD.with_borrow(|held| match held {
            Some(held) => held.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone()),
            None => local()?.get_item(key).ok().flatten(),
        })
    }

    pub fn set(key: &str, value: &str) {
        HELD.with_borrow_mut(|held| match held {
            Some(held) => {
                held.retain(|(name, _)| name != key);
                held.push((key.to_owned(), value.to_owned()));
            }
            None => {
                if let Some(storage) = local() {
                    let _ = storage.set_item(key, value);
                }
            }
        });
    }

    pub fn remove(key: &str) {
        HELD.with_borrow_mut(|held| match held {
            Some(held) => held.retain(|(name, _)| name != key),
            None => {
                if let Some(storage) = local() {
                    let _ = storage.remove_item(key);
                }
            }
        });
    }

    /// All keys that start with `prefix`, and their values.
    pub fn all(prefix: &str) -> Vec<(String, String)> {
        let keys = HELD.with_borrow(|held| match held {
            Some(held) => held.iter().map(|(key, _)| key.clone()).collect(),
            None => stored(),
        });
        let mut found = Vec::new();
        for key in keys {
            if key.starts_with(prefix)
                && let Some(value) = get(&key)
            {
                found.push((key, value));
            }
        }
        found
    }

    /// Removes all keys that start with one of these, from wherever they are, and stores nothing from now on.
    pub fn forget(prefixes: &[&str]) {
        HELD.replace(Some(Vec::new()));
        if let Some(storage) = local() {
            forget_in(&storage, prefixes);
        }
        if let Ok(Some(storage)) = window().session_storage() {
            forget_in(&storage, prefixes);
        }
    }

    /// Removes all keys that start with one of these from a window's storage.
    pub fn forget_in(storage: &web_sys::Storage, prefixes: &[&str]) {
        for key in keys(storage) {
            if prefixes.iter().any(|prefix| key.starts_with(prefix)) {
                let _ = storage.remove_item(&key);
            }
        }
    }

    /// All keys that the browser keeps.
    fn stored() -> Vec<String> {
        local().as_ref().map(keys).unwrap_or_default()
    }

    fn keys(storage: &web_sys::Storage) -> Vec<String> {
        (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten()).collect()
    }
}
