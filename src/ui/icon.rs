//! The icons: one stroke set on a grid of 20, drawn as nodes.

use leptos::prelude::*;

/// The shape of an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Close,
    Chevron,
    Send,
    Emoji,
    Desk,
    Clock,
    Tick,
    Ticks,
    Alert,
    Warn,
    Info,
    Down,
    Back,
    Forward,
    Chats,
    Logout,
    Mute,
    Sound,
    EndChat,
    Panel,
    Page,
    Bell,
    Retry,
    Chat,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Shape::Close => "M5 5l10 10M15 5L5 15",
            Shape::Chevron => "M4.5 7.5L10 13l5.5-5.5",
            Shape::Send => "M10 16V4.5M5 9l5-5 5 5",
            Shape::Emoji => {
                "M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM7 12c.7 1.1 1.8 1.7 3 1.7s2.3-.6 3-1.7M7.6 7.8v.4M12.4 7.8v.4"
            }
            Shape::Desk => "M10 5V3.2M8.2 3.2h3.6M3.8 13.5a6.2 6.2 0 0 1 12.4 0zM2.8 16.5h14.4",
            Shape::Clock => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4l2.6 1.6",
            Shape::Tick => "M4.5 10.5l3.7 3.7 7.3-8.2",
            Shape::Ticks => "M1.5 10.7l3.4 3.5 6.6-8.2M8.6 12.7l1.5 1.5 6.9-8.2",
            Shape::Alert => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6.3v4.2M10 13.4v.2",
            Shape::Warn => "M10 3.5l7.3 12.7H2.7zM10 8.3v3.4M10 13.9v.2",
            Shape::Info => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 9.3v4.3M10 6.5v.2",
            Shape::Down => "M10 4.5v11M5.2 10.8L10 15.5l4.8-4.7",
            Shape::Back => "M12 4.5L6.5 10l5.5 5.5",
            Shape::Forward => "M8 4.5l5.5 5.5L8 15.5",
            Shape::Chats => {
                "M8 3.5c3.3 0 5.7 2 5.7 4.8S11.3 13 8 13c-.7 0-1.4-.1-2-.3L3 13.8l.8-2.4C2.9 10.6 2.3 9.5 2.3 8.3c0-2.8 2.4-4.8 5.7-4.8zM16 8.5c1.1.8 1.7 1.9 1.7 3.2 0 1-.4 1.9-1.1 2.6l.6 2.2-2.6-.9c-2 .7-4.2.3-5.6-.9"
            }
            Shape::Logout => "M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M13 6.5l3.5 3.5-3.5 3.5M16.3 10H8",
            Shape::Mute => "M9.5 4.5L6 7.5H3.5v5H6l3.5 3zM13 8l4 4M17 8l-4 4",
            Shape::Sound => "M9.5 4.5L6 7.5H3.5v5H6l3.5 3zM12.5 7.8a3.2 3.2 0 0 1 0 4.4M14.8 5.6a6.2 6.2 0 0 1 0 8.8",
            Shape::EndChat => "M3.5 4.5h13v9h-6L6.5 17v-3.5h-3zM8 7l4 4M12 7l-4 4",
            Shape::Panel => {
                "M4.5 3.5h11A1.5 1.5 0 0 1 17 5v10a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15V5a1.5 1.5 0 0 1 1.5-1.5zM12 3.5v13"
            }
            Shape::Page => {
                "M4 4.5h12a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM3 8h14M5.3 6.2v.1M7.3 6.2v.1"
            }
            Shape::Bell => "M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5zM8.5 16a1.6 1.6 0 0 0 3 0",
            Shape::Retry => "M16 4v3.8h-3.8M15.7 7.5A6.5 6.5 0 1 0 16.5 11",
            Shape::Chat => {
                "M10 3.5c4.1 0 7 2.6 7 6s-2.9 6-7 6c-.9 0-1.8-.1-2.6-.4L3.8 16.5l.9-3C3.6 12.4 3 11 3 9.5c0-3.4 2.9-6 7-6z"
            }
        }
    }
}

/// An icon beside a text that says the same: hidden from screen readers.
#[component]
pub fn Icon(shape: Shape, #[prop(optional)] small: bool) -> impl IntoView {
    view! {
        <svg class=if small { "icon icon--sm" } else { "icon" } viewBox="0 0 20 20" aria-hidden="true">
            <path d=shape.path()></path>
        </svg>
    }
}
