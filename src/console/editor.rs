//! The rich text editor of an agent: the toolbar, and between them the field that scripts/editor draws.
//!
//! The field's code is loaded when the first editor is on the screen. Should that fail, a plain text box takes its
//! place, so that an agent can always answer.

use super::emoji::EmojiPicker;
use crate::model::text::{RichText, is_link};
use crate::ui::browser::{focus, storage};
use crate::ui::icon::{Icon, Shape};
use crate::ui::modal::Modal;
use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON, Object, Reflect};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::{Element, File};

/// An editor that is not here by then is not waited for.
const PATIENCE_MS: u32 = 10_000;
/// Below this width the keyboard of the screen would cover what is to be answered.
const WIDE: f64 = 900.0;
/// What the module puts on the page.
const MODULE: &str = "frontdeskEditor";

#[wasm_bindgen]
extern "C" {
    /// What scripts/editor gives for a field; its functions are described there.
    #[derive(Clone)]
    type Field;

    #[wasm_bindgen(catch, js_namespace = frontdeskEditor, js_name = mount)]
    fn mount_field(element: &Element, options: &JsValue) -> Result<Field, JsValue>;

    #[wasm_bindgen(method, js_name = setDoc)]
    fn set_doc(this: &Field, tree: &JsValue);

    #[wasm_bindgen(method)]
    fn focus(this: &Field);

    #[wasm_bindgen(method)]
    fn command(this: &Field, name: &str, argument: &JsValue) -> bool;

    #[wasm_bindgen(method, js_name = insertText)]
    fn insert_text(this: &Field, text: &str);

    #[wasm_bindgen(method, js_name = setPlaceholder)]
    fn set_placeholder(this: &Field, text: &str);

    #[wasm_bindgen(method)]
    fn destroy(this: &Field);
}

/// What an agent writes: a rich draft, kept in the browser's storage under its own key.
#[derive(Clone, Copy)]
pub struct RichDraft {
    pub text: RwSignal<RichText>,
    key: StoredValue<String>,
    /// Told when the text was not written in the editor.
    replaced: Trigger,
}

impl RichDraft {
    /// The draft that was left under this key, or an empty one.
    pub fn open(key: String) -> Self {
        let kept = storage::get(&key).unwrap_or_default();
        // Earlier versions kept plain text.
        let text = serde_json::from_str(&kept).unwrap_or_else(|_| RichText::from_typed(&kept));
        RichDraft { text: RwSignal::new(text), key: StoredValue::new(key), replaced: Trigger::new() }
    }

    /// The draft is this now, in the editor too.
    pub fn set(&self, text: RichText) {
        self.keep(text);
        self.replaced.notify();
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.text.with_untracked(RichText::is_blank)
    }

    /// The draft is what the editor shows.
    fn keep(&self, text: RichText) {
        self.key.with_value(|key| match serde_json::to_string(&text) {
            Ok(json) if !text.is_blank() => storage::set(key, &json),
            _ => storage::remove(key),
        });
        self.text.set(text);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Loading,
    Rich,
    /// The editor did not come: a text box.
    Plain,
}

/// What is on where the cursor is.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Format {
    bold: bool,
    italic: bool,
    underline: bool,
    strike: bool,
    bullet_list: bool,
    ordered_list: bool,
    quote: bool,
    code: bool,
    link: Option<String>,
}

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
        toggle("Bold", "Ctrl+B", Shape::Bold, "bold", |format| format.bold),
        toggle("Italic", "Ctrl+I", Shape::Italic, "italic", |format| format.italic),
        toggle("Underline", "Ctrl+U", Shape::Underline, "underline", |format| format.underline),
        toggle("Strikethrough", "Ctrl+Shift+X", Shape::Strike, "strike", |format| format.strike),
    ],
    &[
        toggle("Bulleted list", "Ctrl+Shift+8", Shape::BulletList, "bullet_list", |format| format.bullet_list),
        toggle("Numbered list", "Ctrl+Shift+7", Shape::NumberList, "ordered_list", |format| format.ordered_list),
        toggle("Quote", "Ctrl+Shift+9", Shape::Quote, "quote", |format| format.quote),
        toggle("Code", "Ctrl+E", Shape::Code, "code", |format| format.code),
    ],
    &[
        Tool { name: "Link", keys: "Ctrl+K", shape: Shape::Link, does: Does::Link },
        Tool { name: "Emoji", keys: "", shape: Shape::Emoji, does: Does::Emoji },
    ],
];

/// One editor on the screen. Copied freely.
#[derive(Clone, Copy)]
struct Writing {
    id: &'static str,
    label: &'static str,
    enter_sends: bool,
    draft: RichDraft,
    placeholder: Signal<String>,
    on_send: Callback<()>,
    on_typed: Callback<()>,
    on_files: Callback<Vec<File>>,
    phase: RwSignal<Phase>,
    format: RwSignal<Format>,
    field: StoredValue<Option<Field>, LocalStorage>,
    /// What stands in the plain text box.
    typed: RwSignal<String>,
    picking: RwSignal<bool>,
    linking: RwSignal<bool>,
}

impl Writing {
    fn field(&self) -> Option<Field> {
        self.field.try_get_value().flatten()
    }

    /// Where the focus belongs after a button was pressed.
    fn focus(&self) {
        match self.field() {
            Some(field) => field.focus(),
            None => focus(self.id),
        }
    }

    fn run(&self, command: &str, argument: &JsValue) -> bool {
        let done = self.field().is_some_and(|field| field.command(command, argument));
        self.focus();
        done
    }

    fn insert(&self, text: &str) {
        match self.field() {
            Some(field) => field.insert_text(text),
            None => self.type_plain(self.typed.get_untracked() + text),
        }
        self.focus();
    }

    /// The plain text box holds this now.
    fn type_plain(&self, text: String) {
        self.draft.keep(RichText::from_typed(&text));
        self.typed.set(text);
        self.on_typed.run(());
    }

    /// The editor's code is here or does not come. By then this may be off the screen.
    fn begin(&self, host: &Element, is_here: bool) {
        if self.phase.try_get_untracked() != Some(Phase::Loading) {
            return;
        }
        let waits = document().active_element().is_some_and(|active| active.id() == self.id);
        let field = if is_here { mount_field(host, &self.options()).ok() } else { None };
        let phase = if field.is_some() { Phase::Rich } else { Phase::Plain };
        self.field.set_value(field);
        self.typed.set(self.draft.text.with_untracked(RichText::to_plain));
        self.phase.set(phase);
        if waits {
            let this = *self;
            // When what was shown meanwhile is gone.
            request_animation_frame(move || this.focus());
        }
    }

    /// What scripts/editor is told.
    fn options(&self) -> JsValue {
        let this = *self;
        let options = Object::new();
        let set = |name: &str, value: JsValue| {
            let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
        };
        set("id", this.id.into());
        set("label", this.label.into());
        set("className", "reply__text".into());
        set("placeholder", this.placeholder.get_untracked().into());
        set("enterSends", this.enter_sends.into());
        set("doc", this.draft.text.with_untracked(to_js));
        let on_change = move |tree: JsValue| {
            if let Some(text) = from_js(&tree) {
                this.draft.keep(text);
                this.on_typed.run(());
            }
        };
        set("onChange", callback(on_change));
        set("onState", callback(move |state| this.format.set(from_js(&state).unwrap_or_default())));
        set("onSend", callback(move |_| this.on_send.run(())));
        set("onLinkRequest", callback(move |_| this.linking.set(true)));
        let on_files = move |files: JsValue| {
            let files = Array::from(&files).iter().filter_map(|file| file.dyn_into::<File>().ok()).collect();
            this.on_files.run(files);
        };
        set("onFiles", callback(on_files));
        options.into()
    }
}

/// An editor for `draft`: the toolbar and below it the field, a text box with this id and this label. Enter sends and
/// Shift+Enter breaks the line, except in lists and code; Ctrl+Enter always sends.
#[component]
pub fn Editor(
    draft: RichDraft,
    label: &'static str,
    id: &'static str,
    #[prop(into)] placeholder: Signal<String>,
    on_send: Callback<()>,
    /// Somebody has changed the text in the editor.
    on_typed: Callback<()>,
    /// Files were pasted or dropped.
    on_files: Callback<Vec<File>>,
    /// Enter alone sends; where it does not, it begins a paragraph.
    #[prop(default = true)]
    enter_sends: bool,
    /// Takes the focus when it is drawn, unless a small screen's keyboard would cover what is to be answered.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let writing = Writing {
        id,
        label,
        enter_sends,
        draft,
        placeholder,
        on_send,
        on_typed,
        on_files,
        phase: RwSignal::new(Phase::Loading),
        format: RwSignal::new(Format::default()),
        field: StoredValue::new_local(None),
        typed: RwSignal::new(draft.text.with_untracked(RichText::to_plain)),
        picking: RwSignal::new(false),
        linking: RwSignal::new(false),
    };
    let host = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(0.0);
        if autofocus && width > WIDE {
            focus(id);
        }
        load(move |is_here| writing.begin(&host, is_here));
    });
    Effect::new(move |before: Option<()>| {
        draft.replaced.track();
        if before.is_some() {
            draft.text.with_untracked(|text| {
                if let Some(field) = writing.field() {
                    field.set_doc(&to_js(text));
                }
                writing.typed.set(text.to_plain());
            });
        }
    });
    Effect::new(move |_| {
        let text = placeholder.get();
        if let Some(field) = writing.field() {
            field.set_placeholder(&text);
        }
    });
    on_cleanup(move || {
        if let Some(field) = writing.field.try_update_value(Option::take).flatten() {
            field.destroy();
        }
    });
    let surface = move || match writing.phase.get() {
        Phase::Loading => view! { <Outline writing=writing /> }.into_any(),
        Phase::Rich => ().into_any(),
        Phase::Plain => view! { <PlainText writing=writing /> }.into_any(),
    };
    view! {
        <Toolbar writing=writing />
        <div node_ref=host></div>
        {surface}
        <Show when=move || writing.linking.get()>
            <LinkDialog writing=writing />
        </Show>
    }
}

/// What stands in the place of the field until its code is here.
#[component]
fn Outline(writing: Writing) -> impl IntoView {
    let text = move || {
        let typed = writing.typed.get();
        if typed.is_empty() { writing.placeholder.get() } else { typed }
    };
    view! {
        <div class="reply__text reply__text--loading" id=writing.id tabindex="-1" aria-busy="true">
            {text}
        </div>
    }
}

/// What stands there when the code did not come.
#[component]
fn PlainText(writing: Writing) -> impl IntoView {
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() != "Enter" || ev.is_composing() {
            return;
        }
        if ev.ctrl_key() || ev.meta_key() || (writing.enter_sends && !ev.shift_key()) {
            ev.prevent_default();
            if !ev.repeat() {
                writing.on_send.run(());
            }
        }
    };
    view! {
        <div class="grow" data-text=move || writing.typed.get()>
            <textarea
                id=writing.id
                rows="2"
                aria-label=writing.label
                placeholder=move || writing.placeholder.get()
                dir="auto"
                prop:value=move || writing.typed.get()
                on:input=move |ev| writing.type_plain(event_target_value(&ev))
                on:keydown=on_key
            ></textarea>
        </div>
    }
}

/// The buttons over the field: one of them is in the order of Tab, the arrow keys go on from there.
#[component]
fn Toolbar(writing: Writing) -> impl IntoView {
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

/// Asks for the address of a link.
#[component]
fn LinkDialog(writing: Writing) -> impl IntoView {
    let before = writing.format.with_untracked(|format| format.link.clone());
    let no_link = before.is_none();
    let typed = RwSignal::new(before.unwrap_or_default());
    let is_wrong = RwSignal::new(false);
    let close = move || writing.linking.set(false);
    let apply = move || match typed.with_untracked(|typed| address(typed)) {
        Some(address) if writing.run("link", &JsValue::from_str(&address)) => close(),
        _ => {
            is_wrong.set(true);
            focus("link-address");
        }
    };
    let remove = move |_| {
        writing.run("link", &JsValue::NULL);
        close();
    };
    // Enter would send the form around.
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && !ev.is_composing() {
            ev.prevent_default();
            ev.stop_propagation();
            apply();
        }
    };
    view! {
        <Modal title="Link" id="link" on_close=Callback::new(move |()| close())>
            <div class="dialog__fields">
                <div class="field">
                    <label class="field__label" for="link-address">"Address"</label>
                    <input
                        class="input"
                        id="link-address"
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=move || is_wrong.get().then_some("true")
                        aria-describedby=move || is_wrong.get().then_some("link-error")
                        prop:value=move || typed.get()
                        on:input=move |ev| {
                            typed.set(event_target_value(&ev));
                            is_wrong.set(false);
                        }
                        on:keydown=on_key
                    />
                    <Show when=move || is_wrong.get()>
                        <p class="field__error" id="link-error" role="alert">
                            <Icon shape=Shape::Alert small=true />
                            "Write an address such as example.com or name@example.com."
                        </p>
                    </Show>
                </div>
            </div>
            <div class="dialog__row">
                <button class="btn btn--quiet" type="button" disabled=no_link on:click=remove>
                    "Remove link"
                </button>
                <button class="btn" type="button" on:click=move |_| close()>
                    "Cancel"
                </button>
                <button class="btn btn--primary" type="button" on:click=move |_| apply()>
                    "Apply"
                </button>
            </div>
        </Modal>
    }
}

/// What somebody typed as the address of a link: with its scheme, of the web or of mail, or none.
fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let scheme = ["http://", "https://", "mailto:"]
        .into_iter()
        .find(|scheme| typed.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let is_mail = |address: &str| address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host));
    let full = match scheme {
        Some(scheme @ "mailto:") => {
            let address = typed[scheme.len()..].split('?').next().unwrap_or_default();
            is_mail(address).then(|| typed.to_owned())
        }
        Some(scheme) => (!typed[scheme.len()..].starts_with(['/', '?', '#']) && typed.len() > scheme.len())
            .then(|| typed.to_owned()),
        None if is_mail(typed) => Some(format!("mailto:{typed}")),
        None => {
            let host = typed.split(['/', '?', '#']).next().unwrap_or_default();
            is_host(host).then(|| format!("https://{typed}"))
        }
    };
    full.filter(|full| is_link(full) && !full.contains(char::is_whitespace))
}

/// Whether this is like "example.com" or "example.com:8080".
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "0"));
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.contains('.') && host.split('.').all(is_part) && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
}

/// Loads the code of the editor, which lies beside the page's own script; `done` is told, perhaps twice, whether it is
/// here.
fn load(done: impl Fn(bool) + Clone + 'static) {
    if Reflect::get(&window(), &JsValue::from_str(MODULE)).is_ok_and(|module| !module.is_undefined()) {
        done(true);
        return;
    }
    let Some(script) = add_script() else {
        done(false);
        return;
    };
    for (event, is_here) in [("load", true), ("error", false)] {
        let done = done.clone();
        let heard = callback(move |_| done(is_here));
        let _ = script.add_event_listener_with_callback(event, heard.unchecked_ref());
    }
    Timeout::new(PATIENCE_MS, move || done(false)).forget();
}

fn add_script() -> Option<Element> {
    let boot = document().query_selector("script[src$='/boot.js']").ok()??;
    let folder = boot.get_attribute("src")?.strip_suffix("boot.js")?.to_owned();
    let script = document().create_element("script").ok()?;
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &format!("{folder}editor.js")).ok()?;
    boot.parent_node()?.append_child(&script).ok()?;
    Some(script)
}

/// A function for JavaScript, which keeps it for as long as it needs it.
fn callback(run: impl Fn(JsValue) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(run).into_js_value()
}

fn to_js(text: &RichText) -> JsValue {
    serde_json::to_string(text).ok().and_then(|json| JSON::parse(&json).ok()).unwrap_or(JsValue::NULL)
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let json = JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_scheme() {
        let is = |typed, full: &str| assert_eq!(address(typed).as_deref(), Some(full), "{typed}");
        is(" https://example.com/a?b=c#d ", "https://example.com/a?b=c#d");
        is("HTTP://localhost:3000", "HTTP://localhost:3000");
        is("example.com", "https://example.com");
        is("shop.example.com:8080/a", "https://shop.example.com:8080/a");
        is("bücher.example", "https://bücher.example");
        is("mailto:ada@example.com?subject=Hi", "mailto:ada@example.com?subject=Hi");
        is("ada@example.com", "mailto:ada@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "",
            "example",
            "two words.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https:///a",
            "mailto:ada",
            "a..b",
            ".com",
        ] {
            assert_eq!(address(typed), None, "{typed}");
        }
    }
}
