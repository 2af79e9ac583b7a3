//! The address of a link: asked for, and read as people type it.

use super::writing::Writing;
use crate::model::text::is_link;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use crate::ui::modal::Modal;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::prelude::JsValue;

/// Asks for the address of a link.
#[component]
pub fn LinkDialog(writing: Writing) -> impl IntoView {
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
                            <Icon shape=Shape::ALERT small=true />
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

/// What somebody typed as the address of a link: with its scheme, of the web, mail or telephone, or none.
fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let scheme = ["http://", "https://", "mailto:", "tel:"]
        .into_iter()
        .find(|scheme| typed.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let is_mail = |address: &str| address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host));
    let full = match scheme {
        Some(scheme @ "mailto:") => {
            let address = typed[scheme.len()..].split('?').next().unwrap_or_default();
            is_mail(address).then(|| typed.to_owned())
        }
        Some(scheme @ "tel:") => {
            let is_dialled = |c: char| c.is_ascii_digit() || "+-.()".contains(c);
            (typed.len() > scheme.len() && typed[scheme.len()..].chars().all(is_dialled)).then(|| typed.to_owned())
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
        is("tel:+43-1-234", "tel:+43-1-234");
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
            "tel:",
            "tel:anna",
            "a..b",
            ".com",
        ] {
            assert_eq!(address(typed), None, "{typed}");
        }
    }
}
