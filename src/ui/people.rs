//! People on the screen: a round picture of initials in a colour of their own.

#[cfg(feature = "reactive")]
use crate::model::ids::PhotoId;
use crate::model::letters::is_of_word;
#[cfg(feature = "reactive")]
use crate::model::live::Presence;
#[cfg(feature = "reactive")]
use leptos::prelude::*;

/// Up to two initials; the style makes them capitals.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| is_of_word(*c)));
    let first = words.next();
    let last = words.next_back();
    [first, last].into_iter().flatten().collect()
}

/// One of the eight colours for people, the same for the same name.
pub fn hue(name: &str) -> u32 {
    name.chars().fold(0u32, |sum, c| sum.wrapping_mul(31).wrapping_add(c as u32)) % 8 + 1
}

/// The picture of a person: their photo, and where there is none, or none comes, their initials. Decoration: the name
/// stands beside it.
#[cfg(feature = "reactive")]
#[component]
pub fn Avatar(
    #[prop(into)] name: Signal<String>,
    /// Of agents.
    #[prop(optional, into)]
    photo: Signal<Option<PhotoId>>,
    /// A dot that tells where they are.
    #[prop(optional, into)]
    presence: Option<Signal<Option<Presence>>>,
) -> impl IntoView {
    let dot = move || {
        presence.and_then(|presence| presence.get()).map(|presence| {
            view! {
                <span class=match presence {
                    Presence::Here => "presence presence--here",
                    Presence::Away => "presence presence--elsewhere",
                    Presence::Gone => "presence",
                }></span>
            }
        })
    };
    // The initials lie below. A photo that was replaced is gone, also from what was written with it.
    let missing = RwSignal::new(None);
    let picture = move || {
        photo.get().filter(|photo| missing.get() != Some(*photo)).map(|photo| {
            view! { <img alt="" src=photo.url() on:error=move |_| missing.set(Some(photo)) /> }
        })
    };
    view! {
        <span class=move || format!("avatar hue-{}", hue(&name.get())) aria-hidden="true">
            {move || initials(&name.get())}
            {picture}
            {dot}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Maya Featherstonehaugh"), "MF");
        assert_eq!(initials("ada"), "a");
        assert_eq!(initials("Зоя (Мария) Вознесенская"), "ЗВ");
        assert_eq!(initials("  "), "");
        assert!((1..=8).contains(&hue("Ada")));
    }
}
