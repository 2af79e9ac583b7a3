//! Where nothing can be written: a message was left, the visitor is kept out, or the log's link has ended.

use super::parts::{Head, HiddenFields, WELCOME};
use super::{Hidden, when};
use crate::model::Millis;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// A message was left, and is answered to this address.
pub fn left(hidden: Hidden, email: String) -> AnyView {
    view! {
        <main class="w" data-plain="left">
            <Head title=WELCOME.0 sub="We reply by email" />
            <div class="halt" role="status">
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::Mail /></span>
                <h2 class="halt__title">"Your message is with us"</h2>
                <p class="halt__text">"Thank you. We reply to "<b>{email}</b>"."</p>
                <form method="post">
                    <HiddenFields hidden=hidden />
                    <button class="btn" type="submit" name="do" value="again">"Write again"</button>
                </form>
            </div>
        </main>
    }
    .into_any()
}

/// The visitor is kept out until then.
pub fn blocked(until: Millis, now: Millis) -> AnyView {
    let left = format!(" ({}).", when::ahead(until, now));
    view! {
        <main class="w" data-plain="blocked">
            <Head title=WELCOME.0 sub="" />
            <div class="halt" role="status">
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::Block /></span>
                <h2 class="halt__title">"You cannot chat at the moment"</h2>
                <p class="halt__text">"Chat is closed to you until "<b>{when::utc(until)}</b>{left}</p>
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
                <span class="halt__icon" aria-hidden="true"><Icon shape=Shape::Retry /></span>
                <p class="halt__text">{sentence}</p>
            </div>
        </main>
    }
    .into_any()
}

/// Beside a chat that goes on and that only a script can find again.
pub fn without_script() -> AnyView {
    view! {
        <noscript>
            <p class="conn" role="status">
                "Your chat goes on, but this browser runs no scripts here. " <a href="/widget">"Start a new chat"</a>
            </p>
        </noscript>
    }
    .into_any()
}
