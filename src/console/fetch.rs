//! What is fetched from the server: on its way, here, or failed.

use crate::console::desk::Desk;
use crate::model::error::ApiError;
use crate::model::pages::{SETTINGS_PER_PAGE, is_last};
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Something that is fetched from the server. Copied freely.
pub struct Fetch<T: Send + Sync + 'static> {
    /// What came last; it stays while it is fetched anew.
    pub data: RwSignal<Option<T>>,
    error: RwSignal<Option<String>>,
    /// A call is on its way.
    pub busy: RwSignal<bool>,
    /// Counts the calls: only the latest one's answer is taken.
    turn: StoredValue<u32>,
    desk: Desk,
}

impl<T: Send + Sync + 'static> Clone for Fetch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetch<T> {}

impl<T: Send + Sync + 'static> Fetch<T> {
    pub fn new(desk: Desk) -> Self {
        Fetch {
            data: RwSignal::new(None),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            turn: StoredValue::new(0),
            desk,
        }
    }

    /// Takes the answer of this call, in place of any that is still on its way.
    pub fn run(self, call: impl Future<Output = Result<T, ApiError>> + 'static) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.busy.set(true);
        spawn_local(async move {
            let answer = call.await;
            if !self.is_turn(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(data) => {
                    self.error.set(None);
                    self.data.set(Some(data));
                }
                Err(ApiError::NotLoggedIn) => self.desk.fail(ApiError::NotLoggedIn),
                Err(error) => self.error.set(Some(error.to_string())),
            }
        });
    }

    /// Forgets what came: something else is fetched now.
    pub fn clear(self) {
        self.data.set(None);
        self.error.set(None);
    }

    /// The number of the latest call.
    fn turn(self) -> u32 {
        self.turn.get_value()
    }

    /// Whether that call is still the latest one, and its page on the screen.
    fn is_turn(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }
}

/// A list that is fetched page by page. Copied freely.
pub struct Pages<T: Send + Sync + 'static> {
    pub rows: Fetch<Vec<T>>,
    adding: RwSignal<bool>,
    complete: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Pages<T> {}

impl<T: Send + Sync + 'static> Pages<T> {
    pub fn new(desk: Desk) -> Self {
        Pages { rows: Fetch::new(desk), adding: RwSignal::new(false), complete: RwSignal::new(false) }
    }

    /// Fetches the list from its start.
    pub fn run(self, call: impl Future<Output = Result<Vec<T>, ApiError>> + 'static) {
        self.adding.set(false);
        self.complete.set(false);
        self.rows.run(call);
    }

    /// Adds the next page; an empty one is the end.
    pub fn add(self, call: impl Future<Output = Result<Vec<T>, ApiError>> + 'static) {
        if self.adding.get_untracked() || self.rows.busy.get_untracked() {
            return;
        }
        let turn = self.rows.turn();
        self.adding.set(true);
        spawn_local(async move {
            let answer = call.await;
            if !self.rows.is_turn(turn) {
                return;
            }
            self.adding.set(false);
            match answer {
                Ok(page) => {
                    self.complete.set(is_last(page.len(), SETTINGS_PER_PAGE));
                    self.rows.data.update(|rows| rows.get_or_insert_default().extend(page));
                }
                Err(error) => self.rows.desk.fail(error),
            }
        });
    }
}

/// Says that something is on its way, or why it did not come. Nothing when it is here.
#[component]
pub fn FetchState<T: Send + Sync + 'static>(
    fetch: Fetch<T>,
    /// What is fetched, as in "The agents could not be loaded".
    what: &'static str,
    on_retry: Callback<()>,
) -> impl IntoView {
    let retry = move || {
        view! {
            <button
                class="btn btn--line"
                type="button"
                aria-disabled=move || fetch.busy.get().then_some("true")
                on:click=move |_| {
                    if !fetch.busy.get_untracked() {
                        on_retry.run(());
                    }
                }
            >
                "Try again"
            </button>
        }
    };
    let is_here = Memo::new(move |_| fetch.data.with(Option::is_some));
    move || match (is_here.get(), fetch.error.get()) {
        (true, None) => ().into_any(),
        (true, Some(error)) => view! {
            <div class="alert alert--bad" role="alert">
                <Icon shape=Shape::ALERT />
                <span>{error}" This is what was known before."</span>
                {retry()}
            </div>
        }
        .into_any(),
        (false, None) => view! {
            <div class="empty" aria-busy="true">
                <span class="spinner"></span>
                <p class="empty__text" role="status">{format!("Loading {what}…")}</p>
            </div>
        }
        .into_any(),
        (false, Some(error)) => view! {
            <div class="empty" role="alert">
                <span class="empty__icon" aria-hidden="true"><Icon shape=Shape::ALERT /></span>
                <h2 class="empty__title">{format!("The {what} could not be loaded")}</h2>
                <p class="empty__text">{error}</p>
                {retry()}
            </div>
        }
        .into_any(),
    }
}

/// Under a list whose end was not reached.
#[component]
pub fn ShowMore<T: Send + Sync + 'static>(pages: Pages<T>, on_more: Callback<()>) -> impl IntoView {
    let is_long =
        move || pages.rows.data.with(|rows| rows.as_ref().is_some_and(|rows| !is_last(rows.len(), SETTINGS_PER_PAGE)));
    let is_more = Memo::new(move |_| !pages.complete.get() && is_long());
    view! {
        <Show when=move || is_more.get()>
            <button
                class="btn btn--quiet more"
                type="button"
                aria-disabled=move || pages.adding.get().then_some("true")
                on:click=move |_| on_more.run(())
            >
                "Show more"
            </button>
        </Show>
    }
}
