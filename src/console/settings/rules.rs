//! The rules of the chats: times and limits.

use super::Head;
use super::form::{Below, Form, FormAlert, described_by};
use crate::api::save_rules;
use crate::console::desk::Desk;
use crate::model::rules::{ANSWER_WITHIN_S, MAX_FILE_MB, MAX_FILES, RELEASE_AFTER_S, Rules};
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::ops::RangeInclusive;

/// A number that is set here.
#[derive(Clone, Copy)]
struct Number {
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    range: (u32, u32),
    typed: RwSignal<String>,
}

impl Number {
    fn new(id: &'static str, label: &'static str, unit: &'static str, range: RangeInclusive<u32>) -> Self {
        Number { id, label, unit, range: range.into_inner(), typed: RwSignal::default() }
    }

    /// The number, if it may be set; otherwise the form says what may.
    fn read(self, form: Form) -> Option<u32> {
        let (from, to) = self.range;
        let number = self.typed.with_untracked(|typed| typed.trim().parse().ok());
        let number = number.filter(|number| (from..=to).contains(number));
        if number.is_none() {
            form.fault(self.id, format!("A number from {from} to {to}, please."));
        }
        number
    }
}

/// The rules.
#[component]
pub fn ChatRules(desk: Desk) -> impl IntoView {
    let form = Form::new();
    let answer = Number::new("offer", "Offer to leave a message after", "seconds without an answer", ANSWER_WITHIN_S);
    let release = Number::new("release", "Give chats back after", "seconds without the agent", RELEASE_AFTER_S);
    let size = Number::new("size", "Largest file", "MB", MAX_FILE_MB);
    let count = Number::new("count", "Files per message", "files", MAX_FILES);
    let saved = RwSignal::new(false);
    // As they are, until somebody types: then what was typed stays.
    let touched = RwSignal::new(false);
    Effect::new(move |_| {
        let rules = desk.rules.get();
        if !touched.get_untracked() {
            answer.typed.set(rules.answer_within_s.to_string());
            release.typed.set(rules.release_after_s.to_string());
            size.typed.set(rules.max_file_mb.to_string());
            count.typed.set(rules.max_files.to_string());
        }
    });
    let on_typed = Callback::new(move |()| {
        touched.set(true);
        saved.set(false);
    });
    let save = move || {
        if !form.begin() {
            return;
        }
        saved.set(false);
        let numbers = (answer.read(form), release.read(form), size.read(form), count.read(form));
        let (Some(answer_within_s), Some(release_after_s), Some(max_file_mb), Some(max_files)) = numbers else {
            form.end();
            return;
        };
        let rules = Rules { answer_within_s, release_after_s, max_file_mb, max_files };
        touched.set(false);
        spawn_local(async move {
            match save_rules(rules.clone()).await {
                Ok(()) => {
                    desk.rules.set(rules);
                    // Unless somebody went on typing meanwhile.
                    saved.set(touched.try_get_untracked() == Some(false));
                }
                Err(error) => {
                    touched.set(true);
                    form.fail(desk, error, None);
                }
            }
            form.end();
        });
    };
    let (fewest, most) = count.range;
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head title="Chat rules" text="They hold from the next chat and the next message on." />
            <form
                class="form"
                method="post"
                novalidate
                on:submit=move |ev| {
                    ev.prevent_default();
                    save();
                }
            >
                <FormAlert form=form />
                <NumberField
                    form=form
                    number=answer
                    on_typed=on_typed
                    hint="The visitor can keep waiting, or leave a message that becomes a ticket."
                />
                <NumberField
                    form=form
                    number=release
                    on_typed=on_typed
                    hint="When no console of an agent is connected for so long, their chats ring for the others."
                />
                <NumberField form=form number=size on_typed=on_typed hint="For visitors and agents." />
                <NumberField form=form number=count on_typed=on_typed hint=format!("From {fewest} to {most}.") />
                <div class="form__row">
                    <button
                        class="btn btn--primary"
                        type="submit"
                        aria-disabled=move || form.busy.get().then_some("true")
                    >
                        "Save"
                    </button>
                    <span class="saved" role="status">
                        {move || saved.get().then(|| view! { <Icon shape=Shape::TICK />"Saved" })}
                    </span>
                </div>
            </form>
        </section>
    }
}

#[component]
fn NumberField(form: Form, number: Number, on_typed: Callback<()>, #[prop(into)] hint: String) -> impl IntoView {
    let Number { id, label, unit, range: (from, to), typed } = number;
    let fault = form.fault_of(id);
    let described_by = described_by(form, id, true);
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <span class="unit">
                <input
                    class="input"
                    id=id
                    type="number"
                    inputmode="numeric"
                    min=from.to_string()
                    max=to.to_string()
                    prop:value=move || typed.get()
                    on:input=move |ev| {
                        typed.set(event_target_value(&ev));
                        on_typed.run(());
                    }
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    aria-describedby=move || format!("{id}-u {}", described_by().unwrap_or_default())
                />
                <span id=format!("{id}-u")>{unit}</span>
            </span>
            <Below form=form id=id hint=Some(hint) />
        </div>
    }
}
