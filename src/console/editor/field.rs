//! The field that scripts/editor draws: its code, its functions, and what passes between it and us.

use crate::model::text::RichText;
use gloo_timers::callback::Timeout;
use js_sys::{JSON, Reflect};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::Element;

/// An editor that is not here by then is not waited for.
const PATIENCE_MS: u32 = 10_000;
/// What the module puts on the page.
const MODULE: &str = "frontdeskEditor";

#[wasm_bindgen]
extern "C" {
    /// What scripts/editor gives for a field; its functions are described there.
    #[derive(Clone)]
    pub type Field;

    #[wasm_bindgen(catch, js_namespace = frontdeskEditor, js_name = mount)]
    pub fn mount_field(element: &Element, options: &JsValue) -> Result<Field, JsValue>;

    #[wasm_bindgen(method, js_name = setDoc)]
    pub fn set_doc(this: &Field, tree: &JsValue);

    #[wasm_bindgen(method)]
    pub fn focus(this: &Field);

    #[wasm_bindgen(method)]
    pub fn command(this: &Field, name: &str, argument: &JsValue) -> bool;

    #[wasm_bindgen(method, js_name = insertText)]
    pub fn insert_text(this: &Field, text: &str);

    #[wasm_bindgen(method, js_name = setPlaceholder)]
    pub fn set_placeholder(this: &Field, text: &str);

    #[wasm_bindgen(method)]
    pub fn destroy(this: &Field);
}

/// Loads the code of the editor, which lies beside the page's own script; `done` is told, perhaps twice, whether it is
/// here.
pub fn load(done: impl Fn(bool) + Clone + 'static) {
    if Reflect::get(&window(), &JsValue::from_str(MODULE)).is_ok_and(|module| !module.is_undefined()) {
        done(true);
        return;
    }
    let Some(script) = add_script() else {
        done(false);
        return;
    };
    for (event, is_here) in [("load", true), ("error", false)] {
        let done = done.clone();
        let heard = callback(move |_| done(is_here));
        let _ = script.add_event_listener_with_callback(event, heard.unchecked_ref());
    }
    Timeout::new(PATIENCE_MS, move || done(false)).forget();
}

fn add_script() -> Option<Element> {
    let boot = document().query_selector("script[src$='/boot/console.js']").ok()??;
    let folder = boot.get_attribute("src")?.strip_suffix("boot/console.js")?.to_owned();
    let script = document().create_element("script").ok()?;
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &format!("{folder}editor.js")).ok()?;
    boot.parent_node()?.append_child(&script).ok()?;
    Some(script)
}

/// A function for JavaScript, which keeps it for as long as it needs it.
pub fn callback(run: impl Fn(JsValue) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(run).into_js_value()
}

pub fn to_js(text: &RichText) -> JsValue {
    serde_json::to_string(text).ok().and_then(|json| JSON::parse(&json).ok()).unwrap_or(JsValue::NULL)
}

pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let json = JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&json).ok()
}
