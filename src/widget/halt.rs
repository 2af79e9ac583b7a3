//! Where nothing can be written: after a message was left, and while the visitor is blocked.

use super::header::{Hero, WELCOME};
use super::session::Session;
use crate::model::Millis;
use crate::ui::browser::{focus, now};
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use crate::ui::words::{around, fill, t, word};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;
/// How often it is said anew how long a block lasts.
const AGAIN_MS: u32 = 20_000;

/// A message was left.
#[component]
pub fn Left(session: Session) -> impl IntoView {
    Effect::new(move |_| focus("again"));
    let again = move || {
        if session.offer.with(|offer| offer.available) { t("Start a new chat") } else { t("Leave another message") }
    };
    let (before, after) = around("Thank you. We reply to {0}.");
    view! {
        <Hero session=session hero=false text=(WELCOME.0, word("We reply by email")) />
        <div class="halt" role="status">
            <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::Mail /></span>
            <h2 class="halt__title">{t("Your message is with us")}</h2>
            <p class="halt__text">{before} <b>{move || session.left.get()}</b> {after}</p>
            <button class="btn" type="button" id="again" on:click=move |_| session.start_again()>{again}</button>
        </div>
    }
}

/// The visitor is kept out for a while.
#[component]
pub fn Blocked(session: Session) -> impl IntoView {
    let clock = RwSignal::new(now());
    let until = move || session.offer.with(|offer| offer.blocked_until).unwrap_or_default();
    let tick = Interval::new(AGAIN_MS, move || {
        clock.set(now());
        if clock.get_untracked() >= untrack(until) {
            session.refresh();
        }
    });
    let tick = StoredValue::new_local(Some(tick));
    on_cleanup(move || {
        let _ = tick.try_set_value(None);
    });
    let (before, after) = around("Chat is closed to you until {0} ({1}).");
    view! {
        <Hero session=session hero=false text=(WELCOME.0, "") />
        <div class="halt" role="status">
            <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::Block /></span>
            <h2 class="halt__title">{t("You cannot chat at the moment")}</h2>
            <p class="halt__text">
                {before} <b>{move || moment(until(), clock.get())}</b>
                {move || {
                    let (count, unit) = distance(until() - clock.get());
                    after.replace("{1}", &time::ahead(count, unit))
                }}
            </p>
        </div>
    }
}

/// "tomorrow, 14:32"
fn moment(at: Millis, now: Millis) -> String {
    let clock = time::clock(at);
    if time::day(at) == time::day(now) {
        fill("today, {0}", &[&clock])
    } else if time::day(at) == time::day(now + DAY_MS) {
        fill("tomorrow, {0}", &[&clock])
    } else {
        time::moment(at)
    }
}

/// How long in hours, at last in minutes: a whole number, at least 1, and the unit's English name.
fn distance(ms: Millis) -> (Millis, &'static str) {
    let (unit, name) = if ms < HOUR_MS { (60_000, "minute") } else { (HOUR_MS, "hour") };
    ((ms.max(1) + unit / 2).div_euclid(unit).max(1), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_block_lasts_is_said_in_hours_and_at_last_in_minutes() {
        assert_eq!(distance(DAY_MS), (24, "hour"));
        assert_eq!(distance(23 * HOUR_MS - 60_000), (23, "hour"));
        assert_eq!(distance(HOUR_MS), (1, "hour"));
        assert_eq!(distance(HOUR_MS / 2), (30, "minute"));
        assert_eq!(distance(-5), (1, "minute"));
    }
}
