//! Forms: their fields, what is wrong with them, and the dialog around them.

use crate::console::desk::Desk;
use crate::model::error::ApiError;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use crate::ui::modal::Modal;
use crate::ui::people::Avatar;
use leptos::prelude::*;

/// Longest email address, in characters.
pub const MAX_EMAIL_CHARS: usize = 254;

/// A form that is filled in, sent, and perhaps refused. Copied freely. What was typed stays in it until it was taken.
#[derive(Clone, Copy)]
pub struct Form {
    /// It was sent, and the answer is on its way.
    pub busy: RwSignal<bool>,
    alert: RwSignal<Option<String>>,
    /// Elements and what is wrong with them.
    faults: RwSignal<Vec<(&'static str, String)>>,
}

impl Form {
    pub fn new() -> Self {
        Form { busy: RwSignal::new(false), alert: RwSignal::new(None), faults: RwSignal::default() }
    }

    /// Begins to send: what was wrong before is forgotten. `false` while it is being sent already.
    pub fn begin(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.alert.set(None);
        self.faults.set(Vec::new());
        self.busy.set(true);
        true
    }

    /// The answer is here.
    pub fn end(self) {
        self.busy.set(false);
    }

    /// Says what is wrong with the element that has this id; the first one gets the focus.
    pub fn fault(self, id: &'static str, text: String) {
        if self.faults.with_untracked(Vec::is_empty) {
            focus(id);
        }
        self.faults.update(|faults| faults.push((id, text)));
    }

    /// Whether something is wrong.
    pub fn is_faulty(self) -> bool {
        self.faults.with_untracked(|faults| !faults.is_empty())
    }

    /// Says why it was refused: at this element, or on top. Of a form that was closed meanwhile it is said at the edge.
    pub fn fail(self, desk: Desk, error: ApiError, id: Option<&'static str>) {
        if error == ApiError::NotLoggedIn || self.busy.is_disposed() {
            desk.fail(error);
            return;
        }
        match id {
            Some(id) => self.fault(id, error.to_string()),
            None => self.alert.set(Some(error.to_string())),
        }
    }

    /// Whether there is a sentence about the whole form.
    pub fn has_alert(self) -> bool {
        self.alert.with(Option::is_some)
    }

    /// What is wrong with the element that has this id.
    pub fn fault_of(self, id: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.faults.with(|faults| faults.iter().find(|(other, _)| *other == id).map(|(_, text)| text.clone()))
        })
    }
}

/// The sentence about the whole form.
#[component]
pub fn FormAlert(form: Form) -> impl IntoView {
    move || {
        form.alert.get().map(|text| {
            view! {
                <p class="alert alert--bad" role="alert">
                    <Icon shape=Shape::ALERT />
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// What is wrong with an element, under it; otherwise the hint, if there is one. Their ids are the element's with `-e`
/// and `-h` at the end.
#[component]
pub fn Below(form: Form, id: &'static str, hint: Option<String>) -> impl IntoView {
    let fault = form.fault_of(id);
    move || match fault.get() {
        Some(text) => view! {
            <p class="field__error" id=format!("{id}-e")>
                <Icon shape=Shape::ALERT small=true />
                {text}
            </p>
        }
        .into_any(),
        None => hint.clone().map(|hint| view! { <p class="field__hint" id=format!("{id}-h")>{hint}</p> }).into_any(),
    }
}

/// The ids of what describes an element: its error, or its hint.
pub fn described_by(form: Form, id: &'static str, has_hint: bool) -> impl Fn() -> Option<String> + Copy + Send + Sync {
    let fault = form.fault_of(id);
    move || match fault.with(Option::is_some) {
        true => Some(format!("{id}-e")),
        false => has_hint.then(|| format!("{id}-h")),
    }
}

/// A line of text with its name.
#[component]
pub fn TextField(
    form: Form,
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    /// Longest text in characters.
    max: usize,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let fault = form.fault_of(id);
    let described_by = described_by(form, id, hint.is_some());
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <input
                class="input"
                id=id
                type=kind
                autocomplete=autocomplete
                maxlength=max.to_string()
                prop:value=move || value.get()
                on:input=move |ev| value.set(event_target_value(&ev))
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <Below form=form id=id hint=hint />
        </div>
    }
}

/// Boxes to tick: which of these are chosen.
#[component]
pub fn Checks<T: Copy + PartialEq + Send + Sync + 'static>(
    legend: &'static str,
    /// For who hears the page; a title above says it to the others.
    #[prop(optional)]
    hidden_legend: bool,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(into)] options: Signal<Vec<(T, String)>>,
    chosen: RwSignal<Vec<T>>,
    /// These are people.
    #[prop(optional)]
    faces: bool,
) -> impl IntoView {
    let boxes = move || {
        options
            .get()
            .into_iter()
            .map(|(id, name)| {
                let shown = if faces {
                    view! { <span class="table__who"><Avatar name=name.clone() /><span>{name}</span></span> }.into_any()
                } else {
                    name.into_any()
                };
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                            on:change=move |ev| {
                                let checked = event_target_checked(&ev);
                                chosen
                                    .update(|chosen| {
                                        chosen.retain(|other| *other != id);
                                        if checked {
                                            chosen.push(id);
                                        }
                                    });
                            }
                        />
                        {shown}
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field">
            <legend class=if hidden_legend { "visually-hidden" } else { "field__label" }>{legend}</legend>
            {hint.map(|hint| view! { <p class="field__hint">{hint}</p> })}
            <div class="checks">{boxes}</div>
        </fieldset>
    }
}

/// A form in a dialog. It stays open until `on_save` has closed it, and "Cancel" and Escape close it unsaved.
#[component]
pub fn FormDialog(
    form: Form,
    #[prop(into)] title: Signal<String>,
    id: &'static str,
    /// What the button says.
    save: &'static str,
    on_save: Callback<()>,
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <Modal title=title id=id on_close=on_close wide=true>
            <form
                method="post"
                novalidate
                on:submit=move |ev| {
                    ev.prevent_default();
                    on_save.run(());
                }
            >
                <div class="dialog__fields">
                    <FormAlert form=form />
                    {children()}
                </div>
                <div class="dialog__row">
                    <button class="btn" type="button" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button
                        class="btn btn--primary"
                        type="submit"
                        aria-disabled=move || form.busy.get().then_some("true")
                    >
                        {save}
                    </button>
                </div>
            </form>
        </Modal>
    }
}
