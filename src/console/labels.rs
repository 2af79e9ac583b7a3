//! Choosing labels: a combobox with what is chosen as chips in it.

mod combo;

use super::desk::Desk;
use crate::model::label::Label;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use combo::{Combo, Offer};
use leptos::prelude::*;

/// The labels of a chat or ticket: the field alone; a visible caption with `for={id}` is the caller's.
#[component]
pub fn LabelsBox(
    desk: Desk,
    #[prop(into)] value: Signal<Vec<Label>>,
    /// Called with all labels that are chosen now.
    on_change: Callback<Vec<Label>>,
    id: &'static str,
) -> impl IntoView {
    let combo = Combo::new(desk, value, on_change, id);
    let shown = Memo::new(move |_| if combo.open.get() { combo.offers() } else { Vec::new() });
    let is_open = Memo::new(move |_| shown.with(|shown| !shown.is_empty()));
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    view! {
        <div class="combo">
            <div class="combo__box" on:click=move |_| focus(id)>
                <Chips combo=combo />
                <input
                    id=id
                    role="combobox"
                    aria-label="Labels"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=move || is_open.get().then(|| format!("{id}-options"))
                    aria-autocomplete="list"
                    aria-activedescendant=move || is_open.get().then(|| format!("{id}-option-{}", combo.active.get()))
                    aria-describedby=move || combo.error.with(Option::is_some).then(|| described_by.clone())
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Add a label"
                    prop:value=move || combo.typed.get()
                    on:focus=move |_| combo.refresh()
                    on:blur=move |_| combo.open.set(false)
                    on:click=move |_| combo.unfold()
                    on:input=move |ev| combo.type_in(event_target_value(&ev))
                    on:keydown=move |ev| combo.on_key(&ev)
                />
            </div>
            <Show when=move || is_open.get()>
                <ul class="options" id=format!("{id}-options") role="listbox" aria-label="Labels">
                    {move || {
                        let shown = shown.get();
                        shown.into_iter().enumerate().map(|(at, offer)| option(combo, at, offer)).collect_view()
                    }}
                </ul>
            </Show>
        </div>
        {move || {
            let error_id = error_id.clone();
            combo
                .error
                .get()
                .map(|text| {
                    view! {
                        <p class="field__error" id=error_id role="alert">
                            <Icon shape=Shape::ALERT small=true />
                            {text}
                        </p>
                    }
                })
        }}
        <span class="visually-hidden" role="status">{move || combo.said.get()}</span>
    }
}

#[component]
fn Chips(combo: Combo) -> impl IntoView {
    view! {
        <For
            each=move || combo.chosen.get()
            key=|label| (label.id, label.name.clone(), label.color)
            children=move |label| {
                let name = label.name.clone();
                let class = format!("chip hue-{}", label.color);
                view! {
                    <span class=class>
                        <span>{name.clone()}</span>
                        <button
                            class="chip__x"
                            type="button"
                            aria-label=format!("Remove {name}")
                            on:click=move |_| combo.remove(&label)
                        >
                            <Icon shape=Shape::CLOSE />
                        </button>
                    </span>
                }
            }
        />
    }
}

fn option(combo: Combo, at: usize, offer: Offer) -> impl IntoView + use<> {
    let text = match &offer {
        Offer::Label(label) => view! {
            <span class=format!("swatch hue-{}", label.color)></span>
            {label.name.clone()}
        }
        .into_any(),
        Offer::New(name) => view! {
            <Icon shape=Shape::PLUS />
            {format!("Create “{name}”")}
        }
        .into_any(),
    };
    view! {
        <li
            class="option"
            role="option"
            id=format!("{}-option-{at}", combo.id)
            aria-selected=move || (combo.active.get() == at).to_string()
            // The field keeps the focus.
            on:mousedown=|ev| ev.prevent_default()
            on:click=move |_| combo.choose(offer.clone())
        >
            {text}
        </li>
    }
}
