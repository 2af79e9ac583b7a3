//! One editor on the screen: its state, and what happens to it.

use super::draft::RichDraft;
use super::field::{Field, callback, from_js, mount_field, to_js};
use crate::model::text::RichText;
use crate::ui::browser::focus;
use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use web_sys::{Element, File};

/// How far the editor's code is.
#[derive(Clone, Copy, PartialEq)]
pub enum Phase {
    Loading,
    Rich,
    /// The editor did not come: a text box.
    Plain,
}

/// What is on where the cursor is.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Format {
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
    pub strike: bool,
    pub bullet_list: bool,
    pub ordered_list: bool,
    pub quote: bool,
    pub code: bool,
    pub link: Option<String>,
}

/// One editor on the screen. Copied freely.
#[derive(Clone, Copy)]
pub struct Writing {
    pub id: &'static str,
    pub label: &'static str,
    pub enter_sends: bool,
    pub draft: RichDraft,
    pub placeholder: Signal<String>,
    pub on_send: Callback<()>,
    pub on_typed: Callback<()>,
    pub on_files: Callback<Vec<File>>,
    pub phase: RwSignal<Phase>,
    pub format: RwSignal<Format>,
    pub field: StoredValue<Option<Field>, LocalStorage>,
    /// What stands in the plain text box.
    pub typed: RwSignal<String>,
    pub picking: RwSignal<bool>,
    pub linking: RwSignal<bool>,
}

impl Writing {
    pub fn field(&self) -> Option<Field> {
        self.field.try_get_value().flatten()
    }

    /// Where the focus belongs after a button was pressed.
    pub fn focus(&self) {
        match self.field() {
            Some(field) => field.focus(),
            None => focus(self.id),
        }
    }

    pub fn run(&self, command: &str, argument: &JsValue) -> bool {
        let done = self.field().is_some_and(|field| field.command(command, argument));
        self.focus();
        done
    }

    pub fn insert(&self, text: &str) {
        match self.field() {
            Some(field) => field.insert_text(text),
            None => self.type_plain(self.typed.get_untracked() + text),
        }
        self.focus();
    }

    /// The plain text box holds this now.
    pub fn type_plain(&self, text: String) {
        self.draft.keep(RichText::from_typed(&text));
        self.typed.set(text);
        self.on_typed.run(());
    }

    /// The editor's code is here or does not come. By then this may be off the screen.
    pub fn begin(&self, host: &Element, is_here: bool) {
        if self.phase.try_get_untracked() != Some(Phase::Loading) {
            return;
        }
        let waits = document().active_element().is_some_and(|active| active.id() == self.id);
        let field = if is_here { mount_field(host, &self.options()).ok() } else { None };
        let phase = if field.is_some() { Phase::Rich } else { Phase::Plain };
        self.field.set_value(field);
        self.typed.set(self.draft.text.with_untracked(RichText::to_plain));
        self.phase.set(phase);
        if waits {
            let this = *self;
            // When what was shown meanwhile is gone.
            request_animation_frame(move || this.focus());
        }
    }

    /// What scripts/editor is told.
    fn options(&self) -> JsValue {
        let this = *self;
        let options = Object::new();
        let set = |name: &str, value: JsValue| {
            let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
        };
        set("id", this.id.into());
        set("label", this.label.into());
        set("className", "reply__text".into());
        set("placeholder", this.placeholder.get_untracked().into());
        set("enterSends", this.enter_sends.into());
        set("doc", this.draft.text.with_untracked(to_js));
        let on_change = move |tree: JsValue| {
            if let Some(text) = from_js(&tree) {
                this.draft.keep(text);
                this.on_typed.run(());
            }
        };
        set("onChange", callback(on_change));
        set("onState", callback(move |state| this.format.set(from_js(&state).unwrap_or_default())));
        set("onSend", callback(move |_| this.on_send.run(())));
        set("onLinkRequest", callback(move |_| this.linking.set(true)));
        let on_files = move |files: JsValue| {
            let files = Array::from(&files).iter().filter_map(|file| file.dyn_into::<File>().ok()).collect();
            this.on_files.run(files);
        };
        set("onFiles", callback(on_files));
        options.into()
    }
}
