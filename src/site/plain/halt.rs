//! Where nothing can be written: a message was left, the visitor is kept out, or the log's link has ended.

use super::parts::{Head, HiddenFields, WELCOME};
use super::{Hidden, when};
use crate::model::Millis;
use crate::ui::icon::{Icon, Shape};
use crate::ui::words::{around, fill, t, word};
use leptos::prelude::*;

/// What is said in the place of the log when its link has ended.
pub const TOO_OLD: &str = word("This view is too old. Press Refresh to go on.");

/// A message was left, and is answered to this address.
pub fn left(hidden: Hidden, email: String) -> AnyView {
    let (before, after) = around("Thank you. We reply to {0}.");
    view! {
        <main class="w" data-plain="left">
            <Head title=WELCOME.0 sub=word("We reply by email") />
            <div class="halt" role="status">
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::MAIL /></span>
                <h2 class="halt__title">{t("Your message is with us")}</h2>
                <p class="halt__text">{before}<b>{email}</b>{after}</p>
                <form method="post">
                    <HiddenFields hidden=hidden />
                    <button class="btn" type="submit" name="do" value="again">{t("Leave another message")}</button>
                </form>
            </div>
        </main>
    }
    .into_any()
}

/// The visitor is kept out until then.
pub fn blocked(until: Millis, now: Millis) -> AnyView {
    let sentence = fill("Chat is closed to you until {0} ({1}).", &[&when::utc(until), &when::span(until - now)]);
    view! {
        <main class="w" data-plain="blocked">
            <Head title=WELCOME.0 sub="" />
            <div class="halt" role="status">
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::BLOCK /></span>
                <h2 class="halt__title">{t("You cannot chat at the moment")}</h2>
                <p class="halt__text">{sentence}</p>
            </div>
        </main>
    }
    .into_any()
}

/// In the place of the log: why it is not there.
pub fn log_halt(sentence: String) -> AnyView {
    view! {
        <main class="w w--log">
            <div class="halt" role="status">
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::RETRY /></span>
                <p class="halt__text">{sentence}</p>
            </div>
        </main>
    }
    .into_any()
}

/// Beside the widget: what its script says where the widget's code does not run, and, where a chat goes on that only a
/// script can find again, what is said to those who run none.
pub fn beside(goes_on: bool) -> AnyView {
    let notes = view! {
        <div
            id="plain-notes"
            hidden
            data-simpler=t("This browser cannot run the whole chat. It works in a simpler way.")
            data-late=t("This takes long.")
            data-open=t("Open the simple view")
        ></div>
    };
    let without_script = goes_on.then(without_script);
    view! {
        {notes}
        {without_script}
    }
    .into_any()
}

fn without_script() -> AnyView {
    view! {
        <noscript>
            <p class="conn" role="status">
                {t("Your chat goes on, but this browser runs no scripts here.")} " "
                <a href="/widget">{t("Start a new chat")}</a>
            </p>
        </noscript>
    }
    .into_any()
}
