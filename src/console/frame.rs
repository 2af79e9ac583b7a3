//! The console's frame: navigation, the agent's own controls, what rings, and the page that the address names.

use super::chats::Chats;
use super::desk::Desk;
use super::log_out::LogOut;
use super::released::ReleasedNotice;
use super::ring::Rings;
use super::settings::SettingsPage;
use super::sound;
use super::tickets::{TicketPage, TicketsPage};
use super::toast::ToastStack;
use super::visitors::VisitorsPage;
use crate::model::agent::Role;
use crate::model::ids::{ChatId, TicketId};
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
    Tickets,
    Ticket(TicketId),
    Visitors,
    Settings,
    Nowhere,
}

impl Place {
    fn of(path: &str) -> Self {
        let rest = path.strip_prefix("/console").unwrap_or_default().trim_matches('/');
        match rest.split_once('/').unwrap_or((rest, "")) {
            ("" | "chats", "") => Place::Chats(None),
            ("chats", id) => id.parse().map_or(Place::Nowhere, |id| Place::Chats(Some(ChatId(id)))),
            ("tickets", "") => Place::Tickets,
            ("tickets", id) => id.parse().map_or(Place::Nowhere, |id| Place::Ticket(TicketId(id))),
            ("visitors", "") => Place::Visitors,
            ("settings", _) => Place::Settings,
            _ => Place::Nowhere,
        }
    }
}

/// The console.
#[component]
pub fn Frame(desk: Desk) -> impl IntoView {
    let path = use_location().pathname;
    let place = Memo::new(move |_| Place::of(&path.get()));
    Effect::new(move |_| match place.get() {
        Place::Chats(id) => desk.show(id),
        // A ticket's page shows the chat that it came from.
        Place::Ticket(_) => {}
        Place::Tickets | Place::Visitors | Place::Settings | Place::Nowhere => desk.show(None),
    });
    let settings_page = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix("/console/settings").unwrap_or_default().trim_matches('/').to_owned()
    });
    Effect::new(move |_| {
        let count = desk.unread() + desk.ringing().len();
        document().set_title(&if count > 0 { format!("({count}) Frontdesk") } else { "Frontdesk".into() });
    });
    let panel = RwSignal::new(false);
    let view_name = move || match place.get() {
        Place::Chats(Some(_)) if panel.get() => "panel",
        Place::Chats(Some(_)) | Place::Ticket(_) => "chat",
        _ => "list",
    };
    view! {
        <div class="desk" data-view=view_name>
            <a class="skip" href="#main">"Skip to the content"</a>
            <Navigation desk=desk place=place />
            <main
                class="sheet"
                class=("settings", move || place.get() == Place::Settings)
                class=("tickets", move || matches!(place.get(), Place::Tickets | Place::Visitors))
                class=("ticket", move || matches!(place.get(), Place::Ticket(_)))
                id="main"
                tabindex="-1"
            >
                // Always there, so that what comes into it is announced.
                <p class="conn" role="status">
                    {move || desk.trouble().map(|text| view! { <span class="spinner"></span> {text} })}
                </p>
                {move || match place.get() {
                    Place::Chats(_) => ().into_any(),
                    Place::Tickets => view! { <TicketsPage desk=desk /> }.into_any(),
                    Place::Ticket(id) => view! { <TicketPage desk=desk id=id /> }.into_any(),
                    Place::Visitors => view! { <VisitorsPage desk=desk /> }.into_any(),
                    Place::Settings => view! { <SettingsPage desk=desk page=settings_page /> }.into_any(),
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
        <ToastStack toasts=desk.toasts>
            <ReleasedNotice desk=desk />
        </ToastStack>
    }
}

#[component]
fn NavLink(
    href: &'static str,
    shape: Shape,
    name: &'static str,
    /// It leads to what is on the screen.
    here: impl Fn() -> bool + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <li>
            <a class="nav__link" href=href aria-current=move || here().then_some("page")>
                <Icon shape=shape />
                <span>{name}</span>
            </a>
        </li>
    }
}

#[component]
fn Navigation(desk: Desk, place: Memo<Place>) -> impl IntoView {
    let me = desk.me;
    let sheet = RwSignal::new(false);
    let volume = RwSignal::new(sound::volume());
    let name = Signal::derive(move || me.with(|me| me.name.clone()));
    let photo = Signal::derive(move || me.with(|me| me.photo));
    let presence =
        Signal::derive(move || Some(if me.with(|me| me.available) { Presence::Here } else { Presence::Away }));
    let waiting = move || desk.ringing().len();
    view! {
        <nav class="nav" class=("nav--open", move || sheet.get()) aria-label="Main">
            <a class="nav__brand" href="/console" aria-label="Frontdesk">
                <span class="mark"><Icon shape=Shape::DESK /></span>
                <span>"Frontdesk"</span>
            </a>
            <ul class="nav__links">
                <li>
                    <a
                        class="nav__link"
                        href="/console"
                        aria-current=move || matches!(place.get(), Place::Chats(_)).then_some("page")
                    >
                        <Icon shape=Shape::CHATS />
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
                <NavLink href="/console/tickets" shape=Shape::TICKET name="Tickets" here=move || {
                    matches!(place.get(), Place::Tickets | Place::Ticket(_))
                } />
                <NavLink href="/console/visitors" shape=Shape::GLOBE name="Visitors" here=move || {
                    place.get() == Place::Visitors
                } />
                <Show when=move || me.with(|me| me.role) == Role::Admin>
                    <NavLink href="/console/settings" shape=Shape::SETTINGS name="Settings" here=move || {
                        place.get() == Place::Settings
                    } />
                </Show>
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
                    <Icon shape=Shape::MUTE />
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
                    <Icon shape=Shape::SOUND />
                </div>
                <LogOut desk=desk>
                    <a
                        class="nav__face"
                        href="/console/settings/profile"
                        title="Your profile"
                        on:click=move |_| sheet.set(false)
                    >
                        <Avatar name=name photo=photo presence=presence />
                        <span class="visually-hidden">"Your profile"</span>
                    </a>
                    <span>
                        <span class="nav__name">{move || name.get()}</span>
                        <span class="nav__role">
                            {move || if me.with(|me| me.role) == Role::Admin { "Admin" } else { "Agent" }}
                        </span>
                    </span>
                    <button class="ibtn" type="submit" aria-label="Log out" title="Log out">
                        <Icon shape=Shape::LOGOUT />
                    </button>
                </LogOut>
            </div>
            <button
                class="nav__you"
                type="button"
                aria-expanded=move || sheet.get().to_string()
                aria-controls="me"
                on:click=move |_| sheet.update(|open| *open = !*open)
            >
                <Avatar name=name photo=photo presence=presence />
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
        assert_eq!(Place::of("/console/tickets"), Place::Tickets);
        assert_eq!(Place::of("/console/tickets/7"), Place::Ticket(TicketId(7)));
        assert_eq!(Place::of("/console/visitors"), Place::Visitors);
        assert_eq!(Place::of("/console/settings/mail"), Place::Settings);
        assert_eq!(Place::of("/console/unknown"), Place::Nowhere);
        assert_eq!(Place::of("/console/chatsunknown"), Place::Nowhere);
    }
}
