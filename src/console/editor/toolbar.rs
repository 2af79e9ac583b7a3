//! The buttons for formatting.

use super::emoji::EmojiPicker;
use super::writing::{Format, Phase, Writing};
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::prelude::JsValue;

/// A button of the toolbar.
struct Tool {
    name: &'static str,
    /// Pressing them does the same.
    keys: &'static str,
    shape: Shape,
    does: Does,
}

#[derive(Clone, Copy)]
enum Does {
    /// A command of the field, and whether it is on.
    Toggle(&'static str, fn(&Format) -> bool),
    Link,
    Emoji,
}

impl Does {
    /// A plain text box takes emoji, too.
    fn works(self, phase: Phase) -> bool {
        match phase {
            Phase::Loading => false,
            Phase::Rich => true,
            Phase::Plain => matches!(self, Does::Emoji),
        }
    }
}

const fn toggle(
    name: &'static str,
    keys: &'static str,
    shape: Shape,
    command: &'static str,
    is_on: fn(&Format) -> bool,
) -> Tool {
    Tool { name, keys, shape, does: Does::Toggle(command, is_on) }
}

/// In their order; a line parts the groups.
const TOOLS: [&[Tool]; 3] = [
    &[
        toggle("Bold", "Ctrl+B", Shape::BOLD, "bold", |format| format.bold),
        toggle("Italic", "Ctrl+I", Shape::ITALIC, "italic", |format| format.italic),
        toggle("Underline", "Ctrl+U", Shape::UNDERLINE, "underline", |format| format.underline),
        toggle("Strikethrough", "Ctrl+Shift+X", Shape::STRIKE, "strike", |format| format.strike),
    ],
    &[
        toggle("Bulleted list", "Ctrl+Shift+8", Shape::BULLET_LIST, "bullet_list", |format| format.bullet_list),
        toggle("Numbered list", "Ctrl+Shift+7", Shape::NUMBER_LIST, "ordered_list", |format| format.ordered_list),
        toggle("Quote", "Ctrl+Shift+9", Shape::QUOTE, "quote", |format| format.quote),
        toggle("Code", "Ctrl+E", Shape::CODE, "code", |format| format.code),
    ],
    &[
        Tool { name: "Link", keys: "Ctrl+K", shape: Shape::LINK, does: Does::Link },
        Tool { name: "Emoji", keys: "", shape: Shape::EMOJI, does: Does::Emoji },
    ],
];

/// The buttons over the field: one of them is in the order of Tab, the arrow keys go on from there.
#[component]
pub fn Toolbar(writing: Writing) -> impl IntoView {
    let current = RwSignal::new(0);
    let count = TOOLS.iter().map(|group| group.len()).sum::<usize>();
    let tool_id = move |index: usize| format!("{}-tool-{index}", writing.id);
    let on_key = move |ev: KeyboardEvent| {
        let at = current.get_untracked();
        let next = match ev.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        ev.prevent_default();
        current.set(next);
        focus(&tool_id(next));
    };
    let press = move |index: usize, does: Does| {
        current.set(index);
        match does {
            Does::Toggle(command, _) => {
                writing.run(command, &JsValue::NULL);
            }
            Does::Link => writing.linking.set(true),
            Does::Emoji if writing.picking.get_untracked() => {
                writing.picking.set(false);
                writing.focus();
            }
            Does::Emoji => writing.picking.set(true),
        }
    };
    let button = move |index: usize, tool: &'static Tool| {
        let does = tool.does;
        let pressed = move || match does {
            Does::Toggle(_, is_on) => Some(writing.format.with(is_on).to_string()),
            Does::Link | Does::Emoji => None,
        };
        let expanded = move || matches!(does, Does::Emoji).then(|| writing.picking.get().to_string());
        let title = if tool.keys.is_empty() { tool.name.to_owned() } else { format!("{} ({})", tool.name, tool.keys) };
        view! {
            <button
                class="tool"
                type="button"
                id=tool_id(index)
                aria-label=tool.name
                title=title
                aria-pressed=pressed
                aria-expanded=expanded
                aria-haspopup=(!matches!(does, Does::Toggle(..))).then_some("dialog")
                aria-disabled=move || (!does.works(writing.phase.get())).then_some("true")
                tabindex=move || if current.get() == index { "0" } else { "-1" }
                on:click=move |_| {
                    if does.works(writing.phase.get_untracked()) {
                        press(index, does);
                    }
                }
            >
                <Icon shape=tool.shape />
            </button>
        }
    };
    let tools = TOOLS
        .iter()
        .scan(0, |first, group| {
            let start = *first;
            *first += group.len();
            Some((start, group))
        })
        .map(|(start, group)| {
            let line = (start > 0).then(|| view! { <i></i> });
            let buttons = group.iter().enumerate().map(|(i, tool)| button(start + i, tool)).collect_view();
            (line, buttons)
        })
        .collect_view();
    let on_pick = Callback::new(move |character: &'static str| {
        writing.picking.set(false);
        writing.insert(character);
    });
    let on_escape = Callback::new(move |()| {
        writing.picking.set(false);
        writing.focus();
    });
    // The picker may be leaving the page together with this.
    let on_leave = Callback::new(move |()| {
        let _ = writing.picking.try_set(false);
    });
    view! {
        <div class="editor__tools">
            // The focus and the selection stay in the text when the mouse presses a button.
            <div
                class="toolbar"
                role="toolbar"
                aria-label="Formatting"
                aria-controls=writing.id
                on:keydown=on_key
                on:mousedown=|ev| ev.prevent_default()
            >
                {tools}
            </div>
            <Show when=move || writing.picking.get()>
                <EmojiPicker on_pick=on_pick on_escape=on_escape on_leave=on_leave />
            </Show>
        </div>
    }
}
