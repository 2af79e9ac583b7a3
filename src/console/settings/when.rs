//! Times in the tables.

use crate::model::Millis;
use crate::ui::browser::now;
use crate::ui::time;
use leptos::prelude::*;

const DAY_MS: Millis = 86_400_000;

/// Day and time as people say them: "Today, 09:12", "Tomorrow, 09:12", "2 Jun, 11:02".
pub fn day_and_clock(at: Millis) -> String {
    let (today, day) = (now(), time::day(at));
    let name = [(0, "Today"), (-DAY_MS, "Yesterday"), (DAY_MS, "Tomorrow")]
        .into_iter()
        .find(|(distance, _)| time::day(today + distance) == day);
    match name {
        Some((_, name)) => format!("{name}, {}", time::clock(at)),
        None => time::moment(at),
    }
}

/// A time in a table.
#[component]
pub fn When(at: Millis) -> impl IntoView {
    view! { <time datetime=time::iso(at)>{day_and_clock(at)}</time> }
}
