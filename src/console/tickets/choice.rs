//! A field with one of several values.

use crate::console::desk::Desk;
use crate::model::department::DepartmentRef;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// A caption and a select; what surrounds them is the caller's. Options are pairs of a value and its name.
#[component]
pub fn Choice(
    label: &'static str,
    id: &'static str,
    /// The caption is for screen readers only.
    #[prop(optional)]
    hidden: bool,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
) -> impl IntoView {
    let options = Memo::new(move |_| options.get());
    let value = Memo::new(move |_| value.get());
    view! {
        <label class=if hidden { "visually-hidden" } else { "field__label" } for=id>{label}</label>
        <span class="select">
            <select class="input" id=id on:change=move |ev| on_change.run(event_target_value(&ev))>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(this, name)| {
                            let selected = this.clone();
                            view! {
                                <option value=this prop:selected=move || value.get() == selected>
                                    {name}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <Icon shape=Shape::CHEVRON />
        </span>
    }
}

/// The departments as options; the present one is among them although it may be gone.
pub fn departments(desk: Desk, present: Option<DepartmentRef>) -> Vec<(String, String)> {
    let mut all = desk.departments.get();
    if let Some(present) = present
        && all.iter().all(|department| department.id != present.id)
    {
        all.push(present);
    }
    let none = (String::new(), "None".to_owned());
    [none].into_iter().chain(all.into_iter().map(|d| (d.id.to_string(), d.name))).collect()
}
