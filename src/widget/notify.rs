//! The visitor is told of an agent's messages while they look elsewhere, if they ask for it. Around a frame it is the
//! website's page that asks the browser and tells, by the loader; a window of its own does so itself.

use super::dom::{El, button, part};
use super::host::ToHost;
use super::parts::{icon, told};
use super::session::Session;
use crate::ui::browser::{document, spawn_local, storage, window};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{t, word};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission, VisibilityState};

/// The wish, where no page around keeps it.
const KEY: &str = "frontdesk.notify";
/// Most of a message that is told.
const MAX_BODY_CHARS: usize = 120;
const DENIED: &str = word("Your browser blocks notifications of this website. Its settings can allow them.");
const UNAVAILABLE: &str = word("This browser cannot show notifications here.");

/// Whether the visitor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody could tell them.
    Unavailable,
    Off,
    On,
    /// The browser was told not to.
    Denied,
}

impl Standing {
    /// As the loader calls it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "unavailable" => Standing::Unavailable,
            "off" => Standing::Off,
            "on" => Standing::On,
            "denied" => Standing::Denied,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy)]
pub struct Notices {
    standing: RwSignal<Standing>,
    /// Why a wish could not be fulfilled.
    note: RwSignal<Option<&'static str>>,
    /// The visitor has pressed the button, and hears what comes of it.
    asked: StoredValue<bool>,
}

impl Notices {
    pub fn new() -> Self {
        Notices {
            standing: RwSignal::new(Standing::Unavailable),
            note: RwSignal::new(None),
            asked: StoredValue::new(false),
        }
    }

    /// So it is now.
    pub fn hear(self, standing: Standing) {
        self.standing.set(standing);
        if self.asked.get_value() {
            self.asked.set_value(false);
            self.note.set(match standing {
                Standing::Denied => Some(DENIED),
                Standing::Unavailable => Some(UNAVAILABLE),
                Standing::Off | Standing::On => None,
            });
        }
    }
}

/// How it is for a window of its own.
pub fn own_standing() -> Standing {
    if !js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false) {
        return Standing::Unavailable;
    }
    match Notification::permission() {
        NotificationPermission::Denied => Standing::Denied,
        NotificationPermission::Granted if storage::get(KEY).is_some() => Standing::On,
        _ => Standing::Off,
    }
}

/// The button by which the visitor asks for it; nobody is asked otherwise.
pub fn bell(session: Session) -> Option<El> {
    let standing = session.notices.standing.get();
    // What is being explained does not go.
    if standing == Standing::Unavailable && session.notices.note.get().is_none() {
        return None;
    }
    let on = standing == Standing::On;
    let bell = button("ibtn head__tool head__bell", move || wish(session, !on))
        .set("aria-label", t("Notifications"))
        .set("aria-pressed", on.to_string())
        .set("title", t("Notifications"))
        .with(icon(if on { Shape::BELL } else { Shape::BELL_OFF }));
    Some(bell)
}

/// Why the wish could not be fulfilled.
pub fn note(session: Session) -> El {
    let text = session.notices.note.get();
    told("status", text.map(|text| part("p", "composer__note composer__note--calm").text(t(text))))
}

fn wish(session: Session, on: bool) {
    let notices = session.notices;
    notices.note.set(None);
    notices.asked.set_value(true);
    if session.host.is_there() {
        session.host.tell(ToHost::Notify { on });
        return;
    }
    if !on {
        storage::remove(KEY);
        notices.hear(own_standing());
        return;
    }
    spawn_local(async move {
        if let Ok(answer) = Notification::request_permission() {
            // How it was answered, the permission says.
            let _ = JsFuture::from(answer).await;
        }
        if Notification::permission() == NotificationPermission::Granted {
            storage::set(KEY, "1");
        }
        notices.hear(own_standing());
    });
}

/// An agent has written. Around a frame the loader heard so, too.
pub fn inform(session: Session, by: &str, text: &str) {
    let looks = document().visibility_state() == VisibilityState::Visible;
    if looks || session.host.is_there() || session.notices.standing.get_untracked() != Standing::On {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(&text.chars().take(MAX_BODY_CHARS).collect::<String>());
    // One takes the place of another.
    options.set_tag("frontdesk");
    let Ok(shown) = Notification::new_with_options(by, &options) else {
        session.notices.hear(Standing::Unavailable);
        return;
    };
    let shown_again = shown.clone();
    let come_back = Closure::once_into_js(move || {
        let _ = window().focus();
        shown_again.close();
    });
    shown.set_onclick(Some(come_back.unchecked_ref()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_loader_says_is_understood_or_nothing() {
        for (name, standing) in [
            ("on", Standing::On),
            ("off", Standing::Off),
            ("denied", Standing::Denied),
            ("unavailable", Standing::Unavailable),
        ] {
            assert_eq!(Standing::named(name), Some(standing));
        }
        assert_eq!(Standing::named("perhaps"), None);
    }
}
