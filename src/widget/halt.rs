//! Where nothing can be written: after a message was left, and while the visitor is blocked.

use super::dom::{El, Node, button, el, part};
use super::header::{WELCOME, hero};
use super::parts::icon;
use super::session::Session;
use crate::model::Millis;
use crate::ui::browser::{focus, now};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::time;
use crate::ui::words::{around, fill, place, t, word};
use gloo_timers::callback::Interval;

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;
/// How often it is said anew how long a block lasts.
const AGAIN_MS: u32 = 20_000;

/// A message was left.
pub fn left(main: El, session: Session) -> El {
    let available = session.offer.with(|offer| offer.available);
    let again = button("btn", move || session.start_again())
        .set("id", "again")
        .mounted(|_| focus("again"))
        .text(if available { t("Start a new chat") } else { t("Leave another message") });
    let (before, after) = around("Thank you. We reply to {0}.");
    let address = session.left.get().unwrap_or_default();
    // Who is known by a proof of their website may have left no address: that in the proof counts.
    let text =
        (!address.is_empty()).then(|| part("p", "halt__text").text(before).with(el("b").text(address)).text(after));
    main.with(hero(session, false, (WELCOME.0, word("We reply by email")), None, false, Node::Nothing))
        .with(halt(Shape::MAIL, t("Your message is with us"), text).with(again))
}

/// The visitor is kept out for a while.
pub fn blocked(main: El, session: Session) -> El {
    let until = session.offer.with(|offer| offer.blocked_until).unwrap_or_default();
    let clock = session.clock.get();
    let (before, after) = around("Chat is closed to you until {0} ({1}).");
    let (count, unit) = distance(until - clock);
    let text = part("p", "halt__text")
        .text(before)
        .with(el("b").text(moment(until, clock)))
        .text(place(&after, &["", &time::ahead(count, unit)]));
    main.mounted(move |_| {
        session.ticking.set_value(Some(Interval::new(AGAIN_MS, move || {
            session.clock.set(now());
            if session.offer.with_untracked(|offer| offer.blocked_until).is_none_or(|until| now() >= until) {
                session.refresh();
            }
        })));
    })
    .gone(move || session.ticking.set_value(None))
    .with(hero(session, false, (WELCOME.0, ""), None, false, Node::Nothing))
    .with(halt(Shape::BLOCK, t("You cannot chat at the moment"), Some(text)))
}

fn halt(shape: Shape, title: String, text: Option<El>) -> El {
    part("div", "halt")
        .set("role", "status")
        .with(part("span", "halt__icon").set("aria-hidden", "true").with(icon(shape)))
        .with(part("h2", "halt__title").text(title))
        .with(text)
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
