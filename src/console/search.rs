//! Searching ended chats.

use super::desk::Desk;
use crate::api::{FoundChat, search_chats};
use crate::model::ids::ChatId;
use crate::model::pages::{FOUND_PER_PAGE, is_last};
use crate::ui::icon::{Icon, Shape};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// So long after the last key a search begins.
const AFTER_TYPING_MS: u32 = 250;

/// A search and what it found. Copied freely.
#[derive(Clone, Copy)]
pub struct Search {
    pub words: RwSignal<String>,
    pub found: RwSignal<Vec<FoundChat>>,
    /// An answer is awaited.
    pub busy: RwSignal<bool>,
    /// There are no more.
    pub complete: RwSignal<bool>,
    /// The words that `found` is for.
    answered: RwSignal<String>,
}

impl Search {
    pub fn new() -> Self {
        Search {
            words: RwSignal::default(),
            found: RwSignal::default(),
            busy: RwSignal::new(false),
            complete: RwSignal::new(true),
            answered: RwSignal::default(),
        }
    }

    /// Whether something is searched for.
    pub fn is_on(&self) -> bool {
        self.words.with(|words| !words.trim().is_empty())
    }

    /// Fetches the first page, or the next one. An answer to words that are not wanted any more is dropped.
    pub fn fetch(self, desk: Desk, next: bool) {
        let words = self.words.get_untracked();
        if words.trim().is_empty() {
            self.found.set(Vec::new());
            self.busy.set(false);
            self.answered.set(String::new());
            return;
        }
        let before: Option<ChatId> =
            if next { self.found.with_untracked(|found| found.last().map(|found| found.row.id)) } else { None };
        self.busy.set(true);
        spawn_local(async move {
            let answer = search_chats(words.clone(), before).await;
            if self.words.get_untracked() != words {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.complete.set(is_last(page.len(), FOUND_PER_PAGE));
                    self.answered.set(words);
                    self.found.update(|found| {
                        if !next {
                            found.clear();
                        }
                        found.extend(page);
                    });
                }
                Err(error) => desk.fail(error),
            }
        });
    }
}

/// The box to search in.
#[component]
pub fn SearchBox(desk: Desk, search: Search) -> impl IntoView {
    let later = StoredValue::new_local(None::<Timeout>);
    let typed = move |words: String| {
        search.words.set(words);
        search.busy.set(search.words.with_untracked(|words| !words.trim().is_empty()));
        later.set_value(Some(Timeout::new(AFTER_TYPING_MS, move || search.fetch(desk, false))));
    };
    let told = move || match search.found.with(Vec::len) {
        _ if !search.is_on() || search.busy.get() => String::new(),
        0 => String::new(),
        1 => "1 chat found".to_owned(),
        many if search.complete.get() => format!("{many} chats found, the newest first"),
        many => format!("The newest {many} chats"),
    };
    view! {
        <form
            class="list__search"
            role="search"
            aria-label="Ended chats"
            on:submit=move |ev| {
                ev.prevent_default();
                search.fetch(desk, false);
            }
        >
            <div class="search">
                {move || {
                    if search.busy.get() {
                        view! { <span class="spinner"></span> }.into_any()
                    } else {
                        view! { <Icon shape=Shape::SEARCH /> }.into_any()
                    }
                }}
                <input
                    class="input"
                    type="search"
                    name="q"
                    maxlength="200"
                    aria-label="Search ended chats"
                    placeholder="Search ended chats"
                    autocomplete="off"
                    prop:value=move || search.words.get()
                    on:input=move |ev| typed(event_target_value(&ev))
                />
                <Show when=move || search.is_on()>
                    <button
                        class="ibtn"
                        type="button"
                        aria-label="Clear the search"
                        title="Clear"
                        on:click=move |_| typed(String::new())
                    >
                        <Icon shape=Shape::CLOSE small=true />
                    </button>
                </Show>
            </div>
            <p class="list__found" role="status">
                {move || search.busy.get().then(|| view! { <span class="visually-hidden">"Searching"</span> })}
                {told}
            </p>
        </form>
    }
}
