//! Emoji for what an agent writes: a table, and the picker over the toolbar.

use crate::ui::browser::focus;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Div, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Columns of the grid, as in style/editor.css.
const COLUMNS: usize = 8;

/// The emoji at hand, those that a chat needs first: the character, its name, and other words it is found by.
const EMOJI: &[(&str, &str, &str)] = &[
    ("😀", "grinning face", "happy smile"),
    ("😃", "grinning face with big eyes", "happy joy"),
    ("😄", "grinning face with smiling eyes", "happy joy laugh"),
    ("😁", "beaming face", "grin happy"),
    ("😆", "squinting face", "laugh haha"),
    ("😅", "grinning face with sweat", "relief phew nervous"),
    ("😂", "face with tears of joy", "laugh lol funny"),
    ("🤣", "rolling on the floor laughing", "rofl lol funny"),
    ("🙂", "slightly smiling face", "smile fine"),
    ("🙃", "upside-down face", "irony silly"),
    ("😉", "winking face", "wink joke"),
    ("😊", "smiling face with smiling eyes", "blush thanks kind"),
    ("😇", "smiling face with halo", "angel innocent"),
    ("🥰", "smiling face with hearts", "love adore"),
    ("😍", "smiling face with heart-eyes", "love wow"),
    ("🤩", "star-struck", "wow amazed"),
    ("😘", "face blowing a kiss", "love"),
    ("😋", "face savouring food", "yum tasty"),
    ("😎", "smiling face with sunglasses", "cool"),
    ("🤓", "nerd face", "clever glasses"),
    ("🤗", "hugging face", "hug welcome"),
    ("🤭", "face with hand over mouth", "oops giggle"),
    ("🤫", "shushing face", "quiet secret"),
    ("🤔", "thinking face", "hmm wonder"),
    ("🫡", "saluting face", "yes respect"),
    ("😐", "neutral face", "meh"),
    ("😑", "expressionless face", "meh"),
    ("🙄", "face with rolling eyes", "annoyed"),
    ("😬", "grimacing face", "awkward oops"),
    ("😌", "relieved face", "calm"),
    ("😔", "pensive face", "sad sorry"),
    ("😴", "sleeping face", "tired night"),
    ("😷", "face with medical mask", "ill sick"),
    ("🤒", "face with thermometer", "ill sick fever"),
    ("🥳", "partying face", "party birthday celebrate"),
    ("😕", "confused face", "unsure"),
    ("😟", "worried face", "concern"),
    ("🙁", "slightly frowning face", "sad"),
    ("😮", "face with open mouth", "surprise wow"),
    ("😯", "hushed face", "surprise"),
    ("😲", "astonished face", "shock wow"),
    ("🥺", "pleading face", "please beg"),
    ("😢", "crying face", "sad tear"),
    ("😭", "loudly crying face", "sad tears"),
    ("😱", "face screaming in fear", "shock scared"),
    ("😓", "downcast face with sweat", "hard work"),
    ("😩", "weary face", "tired"),
    ("😤", "face with steam", "frustrated"),
    ("😡", "angry face", "mad"),
    ("🤯", "exploding head", "mind blown"),
    ("😳", "flushed face", "embarrassed"),
    ("🤞", "crossed fingers", "luck hope"),
    ("👍", "thumbs up", "yes ok good like agree"),
    ("👎", "thumbs down", "no bad dislike"),
    ("👌", "OK hand", "fine perfect"),
    ("✌️", "victory hand", "peace"),
    ("🤝", "handshake", "deal agree"),
    ("👋", "waving hand", "hello hi bye goodbye"),
    ("✋", "raised hand", "stop wait"),
    ("👏", "clapping hands", "applause bravo congratulations"),
    ("🙌", "raising hands", "hooray celebrate"),
    ("🙏", "folded hands", "please thanks thank you"),
    ("💪", "flexed biceps", "strong"),
    ("👀", "eyes", "look see watch"),
    ("✍️", "writing hand", "note sign"),
    ("👉", "hand pointing right", "there this"),
    ("👈", "hand pointing left", "there this"),
    ("👆", "hand pointing up", "above"),
    ("👇", "hand pointing down", "below"),
    ("🙋", "person raising hand", "question me"),
    ("🤷", "person shrugging", "unknown dunno"),
    ("🤦", "person facepalming", "oops"),
    ("❤️", "red heart", "love thanks"),
    ("🧡", "orange heart", "love"),
    ("💛", "yellow heart", "love"),
    ("💚", "green heart", "love"),
    ("💙", "blue heart", "love"),
    ("💜", "purple heart", "love"),
    ("🖤", "black heart", "love"),
    ("💔", "broken heart", "sad"),
    ("💯", "hundred points", "perfect agree full"),
    ("✨", "sparkles", "new shiny clean"),
    ("⭐", "star", "favourite rating"),
    ("🌟", "glowing star", "excellent"),
    ("🔥", "fire", "hot great"),
    ("⚡", "high voltage", "fast lightning power electricity"),
    ("💥", "collision", "bang"),
    ("🎉", "party popper", "congratulations celebrate tada"),
    ("🎊", "confetti ball", "congratulations celebrate"),
    ("🎁", "wrapped gift", "present birthday"),
    ("🎂", "birthday cake", "party"),
    ("🏆", "trophy", "win"),
    ("🥇", "first place medal", "gold win"),
    ("🎯", "bullseye", "target exactly"),
    ("✅", "check mark button", "done yes ok"),
    ("☑️", "ticked box", "done task"),
    ("✔️", "check mark", "done yes"),
    ("❌", "cross mark", "no wrong cancel"),
    ("❗", "exclamation mark", "important attention"),
    ("❓", "question mark", "help"),
    ("⚠️", "warning", "attention caution"),
    ("⛔", "no entry", "stop forbidden"),
    ("🚫", "prohibited", "forbidden no"),
    ("ℹ️", "information", "info"),
    ("🆕", "NEW button", "new"),
    ("🆗", "OK button", "fine"),
    ("➡️", "right arrow", "next"),
    ("⬅️", "left arrow", "back"),
    ("⬆️", "up arrow", "above"),
    ("⬇️", "down arrow", "below"),
    ("🔄", "refresh arrows", "reload again sync restart"),
    ("⏳", "hourglass", "wait time"),
    ("⌛", "hourglass done", "time over"),
    ("⏰", "alarm clock", "time remind"),
    ("🕐", "one o’clock", "time"),
    ("📅", "calendar", "date day"),
    ("📞", "telephone receiver", "call phone"),
    ("📱", "mobile phone", "smartphone call"),
    ("💻", "laptop", "computer"),
    ("🖥️", "desktop computer", "screen"),
    ("🖨️", "printer", "print"),
    ("⌨️", "keyboard", "type"),
    ("🖱️", "computer mouse", "click"),
    ("📷", "camera", "photo picture screenshot"),
    ("🔋", "battery", "power charge"),
    ("🔌", "electric plug", "power"),
    ("📧", "e-mail", "mail message"),
    ("✉️", "envelope", "mail letter"),
    ("📨", "incoming envelope", "mail receive"),
    ("📎", "paperclip", "attachment file"),
    ("📄", "page", "document file"),
    ("📝", "memo", "note write form"),
    ("📁", "folder", "files"),
    ("📋", "clipboard", "list copy"),
    ("📊", "bar chart", "statistics report"),
    ("📈", "chart increasing", "growth up"),
    ("📉", "chart decreasing", "fall down"),
    ("🔗", "link", "chain address"),
    ("🔍", "magnifying glass", "search find"),
    ("🔒", "locked", "secure private password"),
    ("🔓", "unlocked", "open"),
    ("🔑", "key", "password access login"),
    ("⚙️", "gear", "settings"),
    ("🔧", "wrench", "repair fix tool"),
    ("🛠️", "hammer and wrench", "repair fix tools"),
    ("🐛", "bug", "error insect"),
    ("💡", "light bulb", "idea tip lamp"),
    ("🔔", "bell", "notification reminder"),
    ("📣", "megaphone", "announcement"),
    ("💬", "speech balloon", "chat message"),
    ("📦", "package", "parcel box delivery order"),
    ("🚚", "delivery truck", "shipping transport"),
    ("✈️", "airplane", "flight travel"),
    ("🏠", "house", "home address"),
    ("🏢", "office building", "company work"),
    ("🏪", "shop", "store"),
    ("🛒", "shopping cart", "order buy basket"),
    ("🛍️", "shopping bags", "buy"),
    ("💳", "credit card", "pay payment"),
    ("💰", "money bag", "price cost"),
    ("💶", "euro banknote", "money price"),
    ("💵", "dollar banknote", "money price"),
    ("🧾", "receipt", "invoice bill"),
    ("🏷️", "label", "price tag"),
    ("🎫", "ticket", "support"),
    ("↩️", "arrow curving left", "return back reply refund"),
    ("☕", "hot beverage", "coffee tea break"),
    ("🍕", "pizza", "food lunch"),
    ("🌍", "globe", "world international"),
    ("☀️", "sun", "weather day morning"),
    ("🌙", "crescent moon", "night evening"),
    ("🌧️", "cloud with rain", "weather"),
    ("❄️", "snowflake", "cold winter"),
    ("🌈", "rainbow", "colour"),
    ("🌹", "rose", "flower"),
    ("🌱", "seedling", "plant green"),
    ("🎄", "Christmas tree", "holiday"),
    ("🐶", "dog face", "pet"),
    ("🐱", "cat face", "pet"),
    ("🚀", "rocket", "launch fast start"),
];

/// Character and name of the emoji that each word of `query` begins a word of.
fn found(query: &str) -> Vec<(&'static str, &'static str)> {
    let query = query.to_lowercase();
    EMOJI
        .iter()
        .filter(|(_, name, more)| {
            let known = format!("{name} {more}").to_lowercase();
            query.split_whitespace().all(|wanted| known.split([' ', '-']).any(|word| word.starts_with(wanted)))
        })
        .map(|(character, name, _)| (*character, *name))
        .collect()
}

/// The picker: a search, and below it the emoji. It is open until the caller closes it.
#[component]
pub fn EmojiPicker(
    on_pick: Callback<&'static str>,
    /// Escape: the focus belongs back where it was.
    on_escape: Callback<()>,
    /// The focus went elsewhere.
    on_leave: Callback<()>,
) -> impl IntoView {
    let picker = NodeRef::<Div>::new();
    let search = NodeRef::<Input>::new();
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| found(&query.read()));
    // The one button that Tab comes to.
    let current = RwSignal::new(0);
    Effect::new(move |_| {
        if let Some(search) = search.get() {
            let _ = search.focus();
        }
    });
    let go_to = move |index: usize| {
        current.set(index);
        focus(&format!("emoji-{index}"));
    };
    let on_search_key = move |ev: KeyboardEvent| match ev.key().as_str() {
        // Enter would send the form around.
        "Enter" if !ev.is_composing() => {
            ev.prevent_default();
            ev.stop_propagation();
            if let Some((character, _)) = shown.with_untracked(|shown| shown.first().copied()) {
                on_pick.run(character);
            }
        }
        "ArrowDown" if shown.with_untracked(|shown| !shown.is_empty()) => {
            ev.prevent_default();
            go_to(0);
        }
        _ => {}
    };
    let on_grid_key = move |ev: KeyboardEvent| {
        let (at, count) = (current.get_untracked(), shown.with_untracked(Vec::len));
        let next = match ev.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowDown" => at + COLUMNS,
            "ArrowUp" if at >= COLUMNS => at - COLUMNS,
            "ArrowUp" => {
                ev.prevent_default();
                if let Some(search) = search.get_untracked() {
                    let _ = search.focus();
                }
                return;
            }
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        ev.prevent_default();
        if next < count {
            go_to(next);
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" && !ev.is_composing() {
            ev.prevent_default();
            ev.stop_propagation();
            on_escape.run(());
        }
    };
    // The focus is gone when it went elsewhere on this page; a window in the background keeps its picker.
    let on_focus_out = move |ev: FocusEvent| {
        let to = ev.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let stays = picker.get_untracked().is_none_or(|picker| picker.contains(to.as_ref()));
        if !stays && document().has_focus().unwrap_or(false) {
            on_leave.run(());
        }
    };
    let grid = move || {
        let shown = shown.get();
        if shown.is_empty() {
            return view! { <p class="emoji__none" role="status">"No emoji has such a name."</p> }.into_any();
        }
        shown
            .into_iter()
            .enumerate()
            .map(|(index, (character, name))| {
                view! {
                    <button
                        class="emoji__item"
                        type="button"
                        id=format!("emoji-{index}")
                        aria-label=name
                        title=name
                        tabindex=move || if current.get() == index { "0" } else { "-1" }
                        on:click=move |_| on_pick.run(character)
                    >
                        {character}
                    </button>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div
            class="emoji"
            role="dialog"
            aria-label="Emoji"
            node_ref=picker
            on:keydown=on_key
            on:focusout=on_focus_out
        >
            <div class="emoji__search">
                <input
                    class="input"
                    type="text"
                    aria-label="Search emoji"
                    placeholder="Search emoji"
                    autocomplete="off"
                    node_ref=search
                    prop:value=move || query.get()
                    on:input=move |ev| {
                        query.set(event_target_value(&ev));
                        current.set(0);
                    }
                    on:keydown=on_search_key
                />
            </div>
            // The focus stays in the search when the mouse picks: not every browser gives it to a button.
            <div
                class="emoji__grid"
                role="group"
                aria-label="Emoji"
                on:keydown=on_grid_key
                on:mousedown=|ev| ev.prevent_default()
            >
                {grid}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn emoji_are_found_by_the_beginnings_of_their_words() {
        assert_eq!(found("").len(), EMOJI.len());
        assert!(found("thumbs UP").contains(&("👍", "thumbs up")));
        assert!(found("deliv").contains(&("🚚", "delivery truck")));
        assert!(found("thank").contains(&("🙏", "folded hands")));
        assert!(found("no such thing").is_empty());
    }

    #[test]
    fn no_two_emoji_are_the_same_or_have_the_same_name() {
        let characters: BTreeSet<_> = EMOJI.iter().map(|(character, ..)| character).collect();
        let names: BTreeSet<_> = EMOJI.iter().map(|(_, name, _)| name).collect();
        assert_eq!((characters.len(), names.len()), (EMOJI.len(), EMOJI.len()));
    }
}
