//! The rich text editor of an agent: the toolbar, and below it the field that scripts/editor draws.
//!
//! The field's code is loaded when the first editor is on the screen. Should that fail, a plain text box takes its
//! place, so that an agent can always answer.

mod draft;
mod emoji;
mod field;
mod link;
mod plain;
mod toolbar;
mod writing;

pub use draft::RichDraft;

use crate::model::text::RichText;
use crate::ui::browser::focus;
use field::{load, to_js};
use leptos::html::Div;
use leptos::prelude::*;
use link::LinkDialog;
use plain::{Outline, PlainText};
use toolbar::Toolbar;
use web_sys::File;
use writing::{Format, Phase, Writing};

/// Below this width the keyboard of the screen would cover what is to be answered.
const WIDE: f64 = 900.0;

/// An editor for `draft`: the toolbar and below it the field, a text box with this id and this label. Enter sends and
/// Shift+Enter breaks the line, except in lists and code; Ctrl+Enter always sends.
#[component]
pub fn Editor(
    draft: RichDraft,
    label: &'static str,
    id: &'static str,
    #[prop(into)] placeholder: Signal<String>,
    on_send: Callback<()>,
    /// Somebody has changed the text in the editor.
    on_typed: Callback<()>,
    /// Files were pasted or dropped.
    on_files: Callback<Vec<File>>,
    /// Enter alone sends; where it does not, it begins a paragraph.
    #[prop(default = true)]
    enter_sends: bool,
    /// Takes the focus when it is drawn, unless a small screen's keyboard would cover what is to be answered.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let writing = Writing {
        id,
        label,
        enter_sends,
        draft,
        placeholder,
        on_send,
        on_typed,
        on_files,
        phase: RwSignal::new(Phase::Loading),
        format: RwSignal::new(Format::default()),
        field: StoredValue::new_local(None),
        typed: RwSignal::new(draft.text.with_untracked(RichText::to_plain)),
        picking: RwSignal::new(false),
        linking: RwSignal::new(false),
    };
    let host = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(0.0);
        if autofocus && width > WIDE {
            focus(id);
        }
        load(move |is_here| writing.begin(&host, is_here));
    });
    Effect::new(move |before: Option<()>| {
        draft.replaced.track();
        if before.is_some() {
            draft.text.with_untracked(|text| {
                if let Some(field) = writing.field() {
                    field.set_doc(&to_js(text));
                }
                writing.typed.set(text.to_plain());
            });
        }
    });
    Effect::new(move |_| {
        let text = placeholder.get();
        if let Some(field) = writing.field() {
            field.set_placeholder(&text);
        }
    });
    on_cleanup(move || {
        if let Some(field) = writing.field.try_update_value(Option::take).flatten() {
            field.destroy();
        }
    });
    let surface = move || match writing.phase.get() {
        Phase::Loading => view! { <Outline writing=writing /> }.into_any(),
        Phase::Rich => ().into_any(),
        Phase::Plain => view! { <PlainText writing=writing /> }.into_any(),
    };
    view! {
        <Toolbar writing=writing />
        <div node_ref=host></div>
        {surface}
        <Show when=move || writing.linking.get()>
            <LinkDialog writing=writing />
        </Show>
    }
}
