//! The change from the page that the server drew to the one that lives: at a moment when it disturbs nobody, and with all
//! that was typed until then.

use super::dom::Root;
use super::session::Session;
use super::{WidgetParams, draw, form};
use crate::model::json::read;
use crate::ui::browser::{document, focus, page_state};
use crate::ui::state::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Event, FocusEvent, HtmlFormElement};

/// Takes over the page: at once, or while somebody types in it, when they leave the form or send it. What they type is
/// kept from now on.
pub fn take_over() {
    let state = page_state().and_then(|json| read(&json)).unwrap_or_default();
    let session = Session::new(WidgetParams::from_address(), state);
    let drawn = shown_form().filter(|form| form.contains(document().active_element().as_deref()));
    form::keep(session, session.fresh);
    session.begin();
    match drawn {
        Some(form) => wait_for(&form, session),
        None => mount(session),
    }
}

fn shown_form() -> Option<HtmlFormElement> {
    document().query_selector("form").ok()??.dyn_into().ok()
}

/// Waits until the focus has left this form, or it is sent. A field that is exchanged under somebody's fingers would
/// lose what an input method has not finished, and close a phone's keyboard.
fn wait_for(form: &HtmlFormElement, session: Session) {
    let drawn = form.clone();
    let asks = session.stage.get_untracked();
    let waits = Cell::new(true);
    // Taking a field away that has the focus is heard here once more, in the middle of it.
    let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if !waits.get() {
            return;
        }
        match event.type_().as_str() {
            "submit" => {
                event.prevent_default();
                waits.set(false);
                mount(session);
                // Where meanwhile another form has taken its place it waits for a second look.
                if session.stage.get_untracked() == asks
                    && let Some(form) = shown_form()
                {
                    let _ = form.request_submit();
                }
            }
            "focusout" => {
                let to = event.dyn_ref::<FocusEvent>().and_then(|event| event.related_target());
                if !to.is_some_and(|to| drawn.contains(to.dyn_ref())) {
                    waits.set(false);
                    mount(session);
                }
            }
            _ => form::keep(session, session.fresh),
        }
    });
    for name in ["submit", "focusout", "input", "change"] {
        let _ = form.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    }
    // For as long as the form lives.
    heard.forget();
}

fn mount(session: Session) {
    form::keep(session, session.fresh);
    // Another window may have started a chat while somebody typed here.
    session.come_along();
    let active = document().active_element().map(|element| element.id()).unwrap_or_default();
    if let Ok(Some(drawn)) = document().query_selector("main") {
        drawn.remove();
    }
    let Some(body) = document().body() else { return };
    let root = RefCell::new(Root::new(body.into()));
    watch(move || {
        let finish = root.borrow_mut().draw(draw(session, None).into());
        finish();
    });
    focus(&active);
}
