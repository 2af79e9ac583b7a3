//! The values that a face shows, and what happens when they change. The console has Leptos' signals. The widget is drawn
//! anew as a whole and compares ([`crate::widget::dom`]), so it needs none of their book-keeping: where only the widget
//! is built, values of the same names only say that something has changed.

#[cfg(not(feature = "reactive"))]
mod plain;

#[cfg(not(feature = "reactive"))]
pub use plain::{ArcRwSignal, LocalStorage, RwSignal, StoredValue, SyncStorage, untrack, watch};

#[cfg(feature = "reactive")]
pub use leptos::prelude::{
    ArcRwSignal, Get, GetUntracked, GetValue, LocalStorage, RwSignal, Set, SetValue, StoredValue, SyncStorage, Update,
    UpdateValue, With, WithUntracked, WithValue, untrack,
};

/// Runs `look` now and after every change.
#[cfg(feature = "reactive")]
pub fn watch(look: impl Fn() + 'static) {
    leptos::prelude::Effect::new(move |_| look());
}
