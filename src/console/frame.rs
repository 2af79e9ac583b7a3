//! The console's frame: navigation, the agent's own controls, what rings, and the page that the address names.

use super::chats::Chats;
use super::desk::Desk;
use super::ring::Rings;
use super::sound;
use super::toast::ToastStack;
use crate::model::agent::Role;
use crate::model::ids::ChatId;
use crate::model::live::Presence;
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// What the address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Chats(Option<ChatId>),
    Nowhere,
}

impl Place {
    fn of(path: &str) -> Self {
        let rest = path.strip_prefix("/console").unwrap_or_default().trim_matches('/');
        match rest.strip_prefix("chats").map(|rest| rest.trim_matches('/')) {
            _ if rest.is_empty() => Place::Chats(None),
            Some("") => Place::Chats(None),
            Some(id) => id.parse().map_or(Place::Nowhere, |id| Place::Chats(Some(ChatId(id)))),
            None => Place::Nowhere,
        }
    }
}

/// The console.
#[component]
pub fn Frame(desk: Desk) -> impl IntoView {
    let path = use_location().pathname;
    let place = Memo::new(move |_| Place::of(&path.get()));
    Effect::new(move |_| {
        desk.show(match place.get() {
            Place::Chats(id) => id,
            Place::Nowhere => None,
        });
    });
    Effect::new(move |_| {
        let count = desk.unread() + desk.ringing().len();
        document().set_title(&if count > 0 { format!("({count}) Frontdesk") } else { "Frontdesk".into() });
    });
    let panel = RwSignal::new(false);
    let view_name = move || match place.get() {
        Place::Chats(Some(_)) if panel.get() => "panel",
        Place::Chats(Some(_)) => "chat",
        _ => "list",
    };
    view! {
        <div class="desk" data-view=view_name>
            <a class="skip" href="#main">"Skip to the content"</a>
            <Navigation desk=desk />
            <main class="sheet" id="main" tabindex="-1">
                {move || {
                    desk.trouble().map(|text| view! { <p class="conn" role="status"><span class="spinner"></span>{text}</p> })
                }}
                {move || match place.get() {
                    Place::Chats(_) => ().into_any(),
                    Place::Nowhere => view! {
                        <section class="col convo convo--none">
                            <div class="empty">
                                <h1 class="empty__title">"There is nothing here"</h1>
                                <p class="empty__text"><a href="/console">"To the chats"</a></p>
                            </div>
                        </section>
                    }
                        .into_any(),
                }}
                <Show when=move || matches!(place.get(), Place::Chats(_))>
                    <Chats desk=desk panel=panel />
                </Show>
            </main>
        </div>
        // The place is drawn above; the routes make the address follow each link.
        <Routes fallback=|| ()>
            <Route path=path!("/console") view=|| () />
            <Route path=path!("/console/*place") view=|| () />
        </Routes>
        <Rings desk=desk />
        <ToastStack toasts=desk.toasts />
    }
}

#[component]
fn Navigation(desk: Desk) -> impl IntoView {
    let me = desk.me;
    let sheet = RwSignal::new(false);
    let volume = RwSignal::new(sound::volume());
    let name = Signal::derive(move || me.with(|me| me.name.clone()));
    let presence =
        Signal::derive(move || Some(if me.with(|me| me.available) { Presence::Here } else { Presence::Away }));
    let waiting = move || desk.ringing().len();
    view! {
        <nav class="nav" class=("nav--open", move || sheet.get()) aria-label="Main">
            <a class="nav__brand" href="/console" aria-label="Frontdesk">
                <span class="mark"><Icon shape=Shape::Desk /></span>
                <span>"Frontdesk"</span>
            </a>
            <ul class="nav__links">
                <li>
                    <a class="nav__link" href="/console" aria-current="page">
                        <Icon shape=Shape::Chats />
                        <span>"Chats"</span>
                        {move || {
                            let count = waiting();
                            (count > 0)
                                .then(|| {
                                    view! { <span class="badge" aria-label=format!("{count} waiting")>{count}</span> }
                                })
                        }}
                    </a>
                </li>
            </ul>
            <div class="nav__me" id="me">
                <button
                    class="toggle"
                    type="button"
                    role="switch"
                    aria-checked=move || me.with(|me| me.available).to_string()
                    aria-label="Available for chat"
                    on:click=move |_| desk.turn_available()
                >
                    <span>"Available for chat"</span>
                    <span class="switch"></span>
                </button>
                <div class="volume">
                    <Icon shape=Shape::Mute />
                    <input
                        class="range"
                        type="range"
                        min="0"
                        max="100"
                        aria-label="Sound volume"
                        prop:value=move || volume.get()
                        on:input=move |ev| {
                            let percent = event_target_value(&ev).parse().unwrap_or(0.0);
                            volume.set(percent);
                            sound::keep_volume(percent);
                        }
                    />
                    <Icon shape=Shape::Sound />
                </div>
                <form class="nav__agent" method="post" action="/logout">
                    <Avatar name=name presence=presence />
                    <span>
                        <span class="nav__name">{move || name.get()}</span>
                        <span class="nav__role">
                            {move || if me.with(|me| me.role) == Role::Admin { "Admin" } else { "Agent" }}
                        </span>
                    </span>
                    <button class="ibtn" type="submit" aria-label="Log out" title="Log out">
                        <Icon shape=Shape::Logout />
                    </button>
                </form>
            </div>
            <button
                class="nav__you"
                type="button"
                aria-expanded=move || sheet.get().to_string()
                aria-controls="me"
                aria-label="You"
                on:click=move |_| sheet.update(|open| *open = !*open)
            >
                <Avatar name=name presence=presence />
                <span>"You"</span>
            </button>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_place() {
        assert_eq!(Place::of("/console"), Place::Chats(None));
        assert_eq!(Place::of("/console/chats/"), Place::Chats(None));
        assert_eq!(Place::of("/console/chats/42"), Place::Chats(Some(ChatId(42))));
        assert_eq!(Place::of("/console/chats/x"), Place::Nowhere);
        assert_eq!(Place::of("/console/unknown"), Place::Nowhere);
    }
}
