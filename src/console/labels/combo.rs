//! The state of the combobox for labels: what is chosen, typed and offered.

use crate::api::{create_label, labels};
use crate::console::desk::Desk;
use crate::model::error::Refusal;
use crate::model::label::{Label, MAX_LABELS, clean_name};
use gloo_timers::callback::Timeout;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was chosen is shown for this long although `value` does not say so yet.
const HOLD_MS: u32 = 5_000;

/// An option of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    Label(Label),
    /// A label that is to be made.
    New(String),
}

/// What the list offers: labels that are not chosen and have in their name what was typed, those that begin with it
/// first; then to make one, when there is none of that name.
pub fn offers(all: &[Label], chosen: &[Label], typed: &str) -> Vec<Offer> {
    let wanted = typed.trim().to_lowercase();
    let free = || all.iter().filter(|label| chosen.iter().all(|other| other.id != label.id));
    let begins = |label: &&Label| label.name.to_lowercase().starts_with(&wanted);
    let has = |label: &&Label| !begins(label) && label.name.to_lowercase().contains(&wanted);
    let mut offers: Vec<Offer> = free().filter(begins).chain(free().filter(has)).cloned().map(Offer::Label).collect();
    if !wanted.is_empty() && all.iter().chain(chosen).all(|label| label.name.to_lowercase() != wanted) {
        offers.push(Offer::New(typed.trim().to_owned()));
    }
    offers
}

/// The state of the field. Copied freely.
#[derive(Clone, Copy)]
pub struct Combo {
    desk: Desk,
    pub id: &'static str,
    value: Signal<Vec<Label>>,
    on_change: Callback<Vec<Label>>,
    pub chosen: RwSignal<Vec<Label>>,
    pub typed: RwSignal<String>,
    pub open: RwSignal<bool>,
    pub active: RwSignal<usize>,
    /// A label is being made.
    busy: RwSignal<bool>,
    pub error: RwSignal<Option<String>>,
    /// What has just been done, for screen readers.
    pub said: RwSignal<String>,
    /// Runs while a change is on its way.
    held: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Combo {
    pub fn new(desk: Desk, value: Signal<Vec<Label>>, on_change: Callback<Vec<Label>>, id: &'static str) -> Self {
        let combo = Combo {
            desk,
            id,
            value,
            on_change,
            chosen: RwSignal::new(value.get_untracked()),
            typed: RwSignal::new(String::new()),
            open: RwSignal::new(false),
            active: RwSignal::new(0),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            held: StoredValue::new_local(None),
        };
        Effect::new(move |_| combo.follow(value.get()));
        combo
    }

    /// What the list offers now.
    pub fn offers(self) -> Vec<Offer> {
        let typed = self.typed.get();
        self.desk.labels.with(|all| self.chosen.with(|chosen| offers(all, chosen, &typed)))
    }

    /// Takes `value` over, unless it is older than what was chosen here.
    fn follow(self, value: Vec<Label>) {
        let same = self.chosen.with_untracked(|chosen| *chosen == value);
        if same || self.held.with_value(Option::is_none) {
            self.held.set_value(None);
            if !same {
                self.chosen.set(value);
            }
        }
    }

    fn change(self, chosen: Vec<Label>) {
        self.chosen.set(chosen.clone());
        // Should it be refused, `value` is shown again.
        let timer = Timeout::new(HOLD_MS, move || {
            self.held.set_value(None);
            self.chosen.set(self.value.get_untracked());
        });
        self.held.set_value(Some(timer));
        self.on_change.run(chosen);
    }

    fn add(self, label: Label) {
        let mut chosen = self.chosen.get_untracked();
        if chosen.len() >= MAX_LABELS {
            self.error.set(Some(Refusal::TooManyLabels { max: MAX_LABELS }.to_string()));
            return;
        }
        // What is typed meanwhile, while a new label was being made, stays.
        let is_the_word = |typed: &String| label.name.to_lowercase().contains(&typed.trim().to_lowercase());
        if !self.busy.get_untracked() && self.typed.with_untracked(is_the_word) {
            self.typed.set(String::new());
            self.open.set(false);
        }
        self.said.set(format!("{} added", label.name));
        if chosen.iter().all(|other| other.id != label.id) {
            chosen.push(label);
            self.change(chosen);
        }
    }

    /// Takes a label away.
    pub fn remove(self, label: &Label) {
        let mut chosen = self.chosen.get_untracked();
        chosen.retain(|other| other.id != label.id);
        self.error.set(None);
        self.said.set(format!("{} removed", label.name));
        self.change(chosen);
    }

    /// Takes an option of the list.
    pub fn choose(self, offer: Offer) {
        match offer {
            Offer::Label(label) => self.add(label),
            Offer::New(name) => self.create(name),
        }
    }

    fn create(self, name: String) {
        if let Err(refusal) = clean_name(&name) {
            self.error.set(Some(refusal.to_string()));
            return;
        }
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let made = create_label(name).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match made {
                Ok(label) => {
                    self.desk.labels.update(|all| {
                        all.retain(|other| other.id != label.id);
                        all.push(label.clone());
                        all.sort_by_key(|label| label.name.to_lowercase());
                    });
                    self.add(label);
                }
                Err(error) => self.error.set(Some(error.to_string())),
            }
        });
    }

    /// Somebody else may have made labels since.
    pub fn refresh(self) {
        spawn_local(async move {
            if let Ok(all) = labels().await
                && self.desk.labels.with_untracked(|known| *known != all)
            {
                self.desk.labels.set(all);
            }
        });
    }

    /// Opens the list, or goes to another option of it.
    fn step(self, by: isize) {
        let count = untrack(|| self.offers().len());
        if count == 0 {
            return;
        }
        if self.open.get_untracked() {
            let at = self.active.get_untracked() as isize + by;
            self.active.set(at.rem_euclid(count as isize) as usize);
        } else {
            self.active.set(if by < 0 { count - 1 } else { 0 });
            self.open.set(true);
        }
        self.reveal();
    }

    /// Scrolls the active option into sight, once it is drawn.
    fn reveal(self) {
        request_animation_frame(move || {
            let Some(at) = self.active.try_get_untracked() else { return };
            if let Some(option) = document().get_element_by_id(&format!("{}-option-{at}", self.id)) {
                let how = web_sys::ScrollIntoViewOptions::new();
                how.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&how);
            }
        });
    }

    /// Somebody types.
    pub fn type_in(self, typed: String) {
        self.typed.set(typed);
        self.active.set(0);
        self.error.set(None);
        self.open.set(true);
    }

    /// Shows the list from its start, unless it is shown.
    pub fn unfold(self) {
        if !self.open.get_untracked() {
            self.active.set(0);
            self.open.set(true);
        }
    }

    /// The arrows choose, Enter takes, Escape closes, Backspace in the empty field takes the last label away.
    pub fn on_key(self, ev: &KeyboardEvent) {
        if ev.is_composing() {
            return;
        }
        let is_open = self.open.get_untracked();
        match ev.key().as_str() {
            "ArrowDown" => self.step(1),
            "ArrowUp" => self.step(-1),
            // A form around it is not sent by choosing a label.
            "Enter" => {
                let offer = untrack(|| self.offers().into_iter().nth(self.active.get()));
                match offer {
                    Some(offer) if is_open => self.choose(offer),
                    _ => self.open.set(self.typed.with_untracked(|typed| !typed.is_empty())),
                }
            }
            "Escape" if is_open => {
                ev.stop_propagation();
                self.open.set(false);
            }
            "Backspace" if self.typed.with_untracked(String::is_empty) => {
                if let Some(last) = self.chosen.get_untracked().last() {
                    self.remove(last);
                }
            }
            _ => return,
        }
        ev.prevent_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::LabelId;

    fn label(id: i64, name: &str) -> Label {
        Label { id: LabelId(id), name: name.into(), color: 1 }
    }

    #[test]
    fn offers_what_is_not_chosen_and_to_make_what_is_not_there() {
        let all = [label(1, "Gift"), label(2, "shipping"), label(3, "Worldwide shipping"), label(4, "ship")];
        let names = |chosen: &[Label], typed: &str| {
            let name = |offer| match offer {
                Offer::Label(label) => label.name,
                Offer::New(name) => format!("+{name}"),
            };
            offers(&all, chosen, typed).into_iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(names(&all[1..2], ""), ["Gift", "Worldwide shipping", "ship"]);
        assert_eq!(names(&all[3..], " SHIP "), ["shipping", "Worldwide shipping"]);
        assert_eq!(names(&[], "shipp"), ["shipping", "Worldwide shipping", "+shipp"]);
    }
}
