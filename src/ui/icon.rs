//! The icons: one stroke set on a grid of 20, drawn as nodes.

#[cfg(feature = "reactive")]
use leptos::prelude::*;

/// The shape of an icon: its strokes, as the `d` of an SVG path. A constant and no enum, so that a face carries only the
/// shapes that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape(&'static str);

#[rustfmt::skip]
impl Shape {
    pub const CLOSE: Shape = Shape("M5 5l10 10M15 5L5 15");
    pub const CHEVRON: Shape = Shape("M4.5 7.5L10 13l5.5-5.5");
    pub const SEND: Shape = Shape("M10 16V4.5M5 9l5-5 5 5");
    pub const ATTACH: Shape = Shape("M16 9.2l-6 6a3.8 3.8 0 0 1-5.4-5.4l6.4-6.3a2.5 2.5 0 0 1 3.6 3.6l-6.4 6.3a1.3 1.3 0 0 1-1.8-1.8l5.6-5.6");
    pub const EMOJI: Shape = Shape("M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM7 12c.7 1.1 1.8 1.7 3 1.7s2.3-.6 3-1.7M7.6 7.8v.4M12.4 7.8v.4");
    pub const CHAT: Shape = Shape("M10 3.5c4.1 0 7 2.6 7 6s-2.9 6-7 6c-.9 0-1.8-.1-2.6-.4L3.8 16.5l.9-3C3.6 12.4 3 11 3 9.5c0-3.4 2.9-6 7-6z");
    pub const DESK: Shape = Shape("M10 5V3.2M8.2 3.2h3.6M3.8 13.5a6.2 6.2 0 0 1 12.4 0zM2.8 16.5h14.4");
    pub const CLOCK: Shape = Shape("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4l2.6 1.6");
    pub const TICK: Shape = Shape("M4.5 10.5l3.7 3.7 7.3-8.2");
    pub const TICKS: Shape = Shape("M1.5 10.7l3.4 3.5 6.6-8.2M8.6 12.7l1.5 1.5 6.9-8.2");
    pub const ALERT: Shape = Shape("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6.3v4.2M10 13.4v.2");
    pub const WARN: Shape = Shape("M10 3.5l7.3 12.7H2.7zM10 8.3v3.4M10 13.9v.2");
    pub const INFO: Shape = Shape("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 9.3v4.3M10 6.5v.2");
    pub const DOWN: Shape = Shape("M10 4.5v11M5.2 10.8L10 15.5l4.8-4.7");
    pub const BACK: Shape = Shape("M12 4.5L6.5 10l5.5 5.5");
    pub const FORWARD: Shape = Shape("M8 4.5l5.5 5.5L8 15.5");
    pub const THUMB_UP: Shape = Shape("M6.5 9v7H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM6.5 9l3-6c1.3 0 2.1 1 1.9 2.2L11 8h4.2a1.5 1.5 0 0 1 1.5 1.8l-1 5a1.5 1.5 0 0 1-1.5 1.2H6.5");
    pub const THUMB_DOWN: Shape = Shape("M13.5 11V4H16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1zM13.5 11l-3 6c-1.3 0-2.1-1-1.9-2.2L9 12H4.8a1.5 1.5 0 0 1-1.5-1.8l1-5A1.5 1.5 0 0 1 5.8 4h7.7");
    pub const MAIL: Shape = Shape("M4.5 4.5h11A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14V6a1.5 1.5 0 0 1 1.5-1.5zM3.3 5.5l6.7 5 6.7-5");
    pub const BLOCK: Shape = Shape("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM5.1 5.1l9.8 9.8");
    pub const FILE: Shape = Shape("M11 3H6a1.5 1.5 0 0 0-1.5 1.5v11A1.5 1.5 0 0 0 6 17h8a1.5 1.5 0 0 0 1.5-1.5v-8zM11 3v4.5h4.5");
    pub const IMAGE: Shape = Shape("M4.5 3.5h11A1.5 1.5 0 0 1 17 5v10a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15V5a1.5 1.5 0 0 1 1.5-1.5zM3.5 14.5l4-4 3 3 2-2 4 3.5M12.5 7.2v.1");
    pub const RETRY: Shape = Shape("M16 4v3.8h-3.8M15.7 7.5A6.5 6.5 0 1 0 16.5 11");
    pub const CHATS: Shape = Shape("M8 3.5c3.3 0 5.7 2 5.7 4.8S11.3 13 8 13c-.7 0-1.4-.1-2-.3L3 13.8l.8-2.4C2.9 10.6 2.3 9.5 2.3 8.3c0-2.8 2.4-4.8 5.7-4.8zM16 8.5c1.1.8 1.7 1.9 1.7 3.2 0 1-.4 1.9-1.1 2.6l.6 2.2-2.6-.9c-2 .7-4.2.3-5.6-.9");
    pub const TICKET: Shape = Shape("M3 6a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v2.2a1.9 1.9 0 0 0 0 3.6V14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-2.2a1.9 1.9 0 0 0 0-3.6zM12 5.5v1.5M12 9.3v1.5M12 13v1.5");
    pub const SETTINGS: Shape = Shape("M3 6h7M14 6h3M3 14h3M10 14h7M14 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM10 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0z");
    pub const LOGOUT: Shape = Shape("M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M13 6.5l3.5 3.5-3.5 3.5M16.3 10H8");
    pub const MUTE: Shape = Shape("M9.5 4.5L6 7.5H3.5v5H6l3.5 3zM13 8l4 4M17 8l-4 4");
    pub const SOUND: Shape = Shape("M9.5 4.5L6 7.5H3.5v5H6l3.5 3zM12.5 7.8a3.2 3.2 0 0 1 0 4.4M14.8 5.6a6.2 6.2 0 0 1 0 8.8");
    pub const SEARCH: Shape = Shape("M14 8.8a5.2 5.2 0 1 1-10.4 0 5.2 5.2 0 0 1 10.4 0zM12.6 12.6l4 4");
    pub const END_CHAT: Shape = Shape("M3.5 4.5h13v9h-6L6.5 17v-3.5h-3zM8 7l4 4M12 7l-4 4");
    pub const PANEL: Shape = Shape("M4.5 3.5h11A1.5 1.5 0 0 1 17 5v10a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15V5a1.5 1.5 0 0 1 1.5-1.5zM12 3.5v13");
    pub const PAGE: Shape = Shape("M4 4.5h12a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM3 8h14M5.3 6.2v.1M7.3 6.2v.1");
    pub const GLOBE: Shape = Shape("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM3 10h14M10 3c2 2 3 4.3 3 7s-1 5-3 7c-2-2-3-4.3-3-7s1-5 3-7z");
    pub const PLUS: Shape = Shape("M10 4.5v11M4.5 10h11");
    pub const BELL: Shape = Shape("M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5zM8.5 16a1.6 1.6 0 0 0 3 0");
    pub const BELL_OFF: Shape = Shape("M6 6.4a4.5 4.5 0 0 1 8.5 2.1c0 1.7.3 2.9.6 3.7M13 13.5H4s1.5-1 1.5-5M8.5 16a1.6 1.6 0 0 0 3 0M3.5 3.5l13 13");
    pub const BOLD: Shape = Shape("M6 4h4.5a3 3 0 0 1 0 6H6zM6 10h5.5a3 3 0 0 1 0 6H6z");
    pub const ITALIC: Shape = Shape("M8.5 4H14M6 16h5.5M11.5 4l-3 12");
    pub const UNDERLINE: Shape = Shape("M6 3.5V9a4 4 0 0 0 8 0V3.5M5 16.5h10");
    pub const STRIKE: Shape = Shape("M13.8 6.3C13.3 4.9 11.9 4 10 4 7.8 4 6.3 5.1 6.3 6.8c0 1.3.9 2.2 2.7 2.7M3.5 10h13M6 13.5c.4 1.6 1.9 2.5 4 2.5 2.3 0 3.9-1.1 3.9-2.9 0-.7-.2-1.3-.6-1.8");
    pub const BULLET_LIST: Shape = Shape("M8 5h9M8 10h9M8 15h9M4 5v.1M4 10v.1M4 15v.1");
    pub const NUMBER_LIST: Shape = Shape("M9 5h8M9 10h8M9 15h8M3.5 4l1.2-.6V8M3.3 12.4c.9-1.2 2.4-.3 1.9.8l-1.9 2.7h2.3");
    pub const QUOTE: Shape = Shape("M8 6c-2.5.8-3.8 2.5-3.8 5v3h3.6v-3.6H4.3M16 6c-2.5.8-3.8 2.5-3.8 5v3h3.6v-3.6h-3.5");
    pub const CODE: Shape = Shape("M7 6l-4 4 4 4M13 6l4 4-4 4");
    pub const LINK: Shape = Shape("M8.3 11.7a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-.8.8M11.7 8.3a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l.8-.8");
    pub const SHIELD: Shape = Shape("M10 3l6 2.2v4.3c0 3.6-2.4 6.2-6 7.5-3.6-1.3-6-3.9-6-7.5V5.2z");
    pub const DOWNLOAD: Shape = Shape("M10 3.5v9M6 8.8l4 4 4-4M3.5 14v1.5A1.5 1.5 0 0 0 5 17h10a1.5 1.5 0 0 0 1.5-1.5V14");
    pub const UPLOAD: Shape = Shape("M10 13V4M6 7.7l4-4 4 4M3.5 14v1.5A1.5 1.5 0 0 0 5 17h10a1.5 1.5 0 0 0 1.5-1.5V14");
    pub const NOTE: Shape = Shape("M5 3.5h10A1.5 1.5 0 0 1 16.5 5v6.5l-5 5H5A1.5 1.5 0 0 1 3.5 15V5A1.5 1.5 0 0 1 5 3.5zM16.5 11.5H13a1.5 1.5 0 0 0-1.5 1.5v3.5M6.5 7.5h7M6.5 10.5h4");
    pub const LOCK: Shape = Shape("M5.5 9h9A1.5 1.5 0 0 1 16 10.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.5v-5A1.5 1.5 0 0 1 5.5 9zM6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9");
    pub const REPLY: Shape = Shape("M8.5 4.5L3.5 9.5l5 5M4 9.5h8a4.5 4.5 0 0 1 4.5 4.5v1.5");
    pub const TAG: Shape = Shape("M3.5 4.5a1 1 0 0 1 1-1h5.3a1.5 1.5 0 0 1 1 .4l5.6 5.6a1.5 1.5 0 0 1 0 2.1l-4.8 4.8a1.5 1.5 0 0 1-2.1 0L3.9 10.8a1.5 1.5 0 0 1-.4-1zM7 7v.1");
    pub const TEAM: Shape = Shape("M10.5 7a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0zM2.5 16c.5-2.7 2.7-4.2 5.3-4.2s4.8 1.5 5.3 4.2M12.8 4.5a2.7 2.7 0 0 1 0 5M14.8 12.3c1.5.6 2.5 1.9 2.8 3.7");
    pub const PERSON: Shape = Shape("M13.2 6.7a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0zM3.8 16.5c.6-3.2 3.2-5 6.2-5s5.6 1.8 6.2 5");
    pub const BUILDING: Shape = Shape("M5 16.5V4.5a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v12M3 16.5h14M8 7h.1M12 7h-.1M8 10h.1M12 10h-.1M8.8 16.5v-3h2.4v3");
    pub const SLIDERS: Shape = Shape("M5.5 3v5M5.5 12v5M14.5 3v2M14.5 9v8M10 3v8M10 15v2M3.5 10h4M8 13h4M12.5 7h4");
    pub const EDIT: Shape = Shape("M12.5 4.5l3 3L7 16l-3.8.8L4 13zM11 6l3 3");
    pub const WINDOW: Shape = Shape("M8.5 4.5h-4a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1v-4M11.5 3.5h5v5M16.2 3.8L9.5 10.5");
    pub const TRASH: Shape = Shape("M3.5 5.5h13M8 5.5V4a.8.8 0 0 1 .8-.8h2.4A.8.8 0 0 1 12 4v1.5M5.5 5.5l.7 10a1.3 1.3 0 0 0 1.3 1.2h5a1.3 1.3 0 0 0 1.3-1.2l.7-10M8.5 9v4.5M11.5 9v4.5");

    /// Its strokes, as the `d` of an SVG path.
    pub fn path(self) -> &'static str {
        self.0
    }
}

/// An icon beside a text that says the same: hidden from screen readers.
#[cfg(feature = "reactive")]
#[component]
pub fn Icon(shape: Shape, #[prop(optional)] small: bool) -> impl IntoView {
    view! {
        <svg class=if small { "icon icon--sm" } else { "icon" } viewBox="0 0 20 20" aria-hidden="true">
            <path d=shape.path()></path>
        </svg>
    }
}
