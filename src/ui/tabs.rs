//! Tabs: one of them is in the order of Tab, the arrow keys choose.

use super::browser::focus;
use super::icon::{Icon, Shape};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::sync::Arc;

/// What stands behind the name of a tab: a count.
pub type TabNumber<T> = Arc<dyn Fn(T) -> Option<AnyView> + Send + Sync>;

/// A list of tabs for the panel with the id `controls`, which names its tab with [`labelled_by`].
#[component]
pub fn TabList<T>(
    tabs: &'static [(T, &'static str)],
    selected: RwSignal<T>,
    label: &'static str,
    /// The tabs get the ids `{id}-0`, `{id}-1`, …
    id: &'static str,
    controls: &'static str,
    #[prop(optional)] number: Option<TabNumber<T>>,
    #[prop(optional)] icon: Option<fn(T) -> Shape>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let on_key = move |ev: KeyboardEvent| {
        let at = tabs.iter().position(|(this, _)| *this == selected.get_untracked()).unwrap_or(0);
        let next = match ev.key().as_str() {
            "ArrowRight" => (at + 1) % tabs.len(),
            "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        ev.prevent_default();
        selected.set(tabs[next].0);
        focus(&format!("{id}-{next}"));
    };
    let tabs = tabs
        .iter()
        .enumerate()
        .map(|(i, (this, name))| {
            let this = *this;
            let is_selected = move || selected.get() == this;
            let number = number.clone();
            view! {
                <button
                    class="tab"
                    type="button"
                    role="tab"
                    id=format!("{id}-{i}")
                    aria-selected=move || is_selected().to_string()
                    aria-controls=controls
                    tabindex=move || if is_selected() { "0" } else { "-1" }
                    on:click=move |_| {
                        if selected.get_untracked() != this {
                            selected.set(this);
                        }
                    }
                >
                    {icon.map(|icon| view! { <Icon shape=icon(this) /> })}
                    {*name}
                    {move || number.as_ref().and_then(|number| number(this))}
                </button>
            }
        })
        .collect_view();
    view! { <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>{tabs}</div> }
}

/// The id of the selected tab, for the panel's `aria-labelledby`.
pub fn labelled_by<T>(tabs: &[(T, &'static str)], selected: RwSignal<T>, id: &str) -> Option<String>
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let selected = selected.get();
    tabs.iter().position(|(this, _)| *this == selected).map(|at| format!("{id}-{at}"))
}
