//! The change from the page that the server drew to the one that lives: at a moment when it disturbs nobody, and with all
//! that was typed until then.

use super::dom::Root;
use super::session::Session;
use super::{WidgetParams, draw};
use crate::model::json::read;
use crate::ui::browser::{document, focus, page_state, set_value_of, value_of};
use crate::ui::state::watch;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Event, FocusEvent, HtmlFormElement};

/// The fields of the form that the server drew, by their ids.
const FIELDS: [&str; 4] = ["name", "email", "department", "message"];

/// Takes over the page: at once, or while somebody types in it, when they leave the form or send it.
pub fn take_over() {
    let form =
        document().query_selector("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    match form.filter(|form| form.contains(document().active_element().as_deref())) {
        Some(form) => wait_for(&form),
        None => mount(),
    }
}

/// Waits until the focus has left this form, or it is sent. A field that is exchanged under somebody's fingers would
/// lose what an input method has not finished, and close a phone's keyboard.
fn wait_for(form: &HtmlFormElement) {
    let drawn = form.clone();
    let waits = Cell::new(true);
    // Taking a field away that has the focus is heard here once more, in the middle of it.
    let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if !waits.get() {
            return;
        }
        if event.type_() == "submit" {
            event.prevent_default();
            waits.set(false);
            mount();
            if let Some(form) = document().query_selector("form").ok().flatten()
                && let Ok(form) = form.dyn_into::<HtmlFormElement>()
            {
                let _ = form.request_submit();
            }
            return;
        }
        let to = event.dyn_ref::<FocusEvent>().and_then(|event| event.related_target());
        if !to.is_some_and(|to| drawn.contains(to.dyn_ref())) {
            waits.set(false);
            mount();
        }
    });
    for name in ["submit", "focusout"] {
        let _ = form.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    }
    // For as long as the form lives.
    heard.forget();
}

fn mount() {
    let typed: Vec<(&str, String)> = FIELDS.into_iter().filter_map(|id| Some((id, value_of(id)?))).collect();
    let active = document().active_element().map(|element| element.id()).unwrap_or_default();
    if let Ok(Some(drawn)) = document().query_selector("main") {
        drawn.remove();
    }
    let params = WidgetParams::from_address();
    let state = page_state().and_then(|json| read(&json)).unwrap_or_default();
    let Some(body) = document().body() else { return };
    let session = Session::new(params, state);
    let root = RefCell::new(Root::new(body.into()));
    watch(move || {
        let finish = root.borrow_mut().draw(draw(session, None).into());
        finish();
    });
    session.begin();
    for (id, value) in typed {
        set_value_of(id, &value);
    }
    focus(&active);
}
