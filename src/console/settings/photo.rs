//! The photo of an agent: shown, changed, removed.

use crate::console::desk::Desk;
use crate::model::attachment::size_in_words;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, PhotoId};
use crate::model::settings::MAX_PHOTO_BYTES;
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use js_sys::Promise;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, XmlHttpRequest};

/// What can be chosen. The server looks at the bytes.
const ACCEPT: &str = "image/png,image/jpeg,image/gif,image/webp";

/// A photo with what can be done about it. What is chosen holds at once.
#[component]
pub fn PhotoField(
    desk: Desk,
    agent: AgentId,
    #[prop(into)] name: Signal<String>,
    photo: RwSignal<Option<PhotoId>>,
    on_change: Callback<()>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let said = RwSignal::new("");
    let change = move |picture: Option<File>| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        said.set("");
        if picture.as_ref().is_some_and(|picture| picture.size() > MAX_PHOTO_BYTES as f64) {
            error.set(Some(Refusal::FileTooLarge { max: MAX_PHOTO_BYTES }.to_string()));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = send(agent, picture.as_ref()).await;
            // The dialog may be closed by now; what was sent holds all the same.
            let _ = busy.try_set(false);
            match answer {
                Ok(new) => {
                    let _ = photo.try_set(new);
                    let _ = said.try_set(if new.is_some() { "The photo was saved." } else { "The photo was removed." });
                    on_change.try_run(());
                }
                Err(problem @ ApiError::NotLoggedIn) => desk.fail(problem),
                Err(problem) => drop(error.try_set(Some(problem.to_string()))),
            }
        });
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let picture = input.files().and_then(|files| files.get(0));
        // The same one may be chosen again.
        input.set_value("");
        if picture.is_some() {
            change(picture);
        }
    };
    let choose = move |_| {
        if let Some(input) = input.get_untracked().filter(|_| !busy.get_untracked()) {
            input.click();
        }
    };
    let has_photo = Memo::new(move |_| photo.get().is_some());
    let disabled = move || busy.get().then_some("true");
    let hint = format!(
        "JPEG, PNG, GIF or WebP of at most {}. Its middle is shown, also to visitors in their chats.",
        size_in_words(MAX_PHOTO_BYTES)
    );
    view! {
        <div class="photo" role="group" aria-label="Photo">
            <Avatar name=name photo=photo />
            <div class="photo__body">
                <div class="form__row">
                    <button class="btn btn--line" type="button" aria-disabled=disabled on:click=choose>
                        {move || match busy.get() {
                            true => view! { <span class="spinner"></span> }.into_any(),
                            false => view! { <Icon shape=Shape::IMAGE /> }.into_any(),
                        }}
                        {move || if has_photo.get() { "Change photo" } else { "Upload photo" }}
                    </button>
                    <Show when=move || has_photo.get()>
                        <button
                            class="btn btn--quiet btn--bad"
                            type="button"
                            aria-disabled=disabled
                            on:click=move |_| change(None)
                        >
                            "Remove photo"
                        </button>
                    </Show>
                </div>
                <input type="file" hidden=true accept=ACCEPT aria-label="Photo" node_ref=input on:change=chosen />
                <p class="field__hint">{hint}</p>
                {move || {
                    error
                        .get()
                        .map(|text| {
                            view! { <p class="field__error" role="alert"><Icon shape=Shape::ALERT small=true />{text}</p> }
                        })
                }}
                <p class="visually-hidden" role="status">{move || said.get()}</p>
            </div>
        </div>
    }
}

/// Puts the agent's photo in its place, or removes it; answers with its name.
async fn send(agent: AgentId, picture: Option<&File>) -> Result<Option<PhotoId>, ApiError> {
    let unreachable = |_| ApiError::Unreachable;
    let request = XmlHttpRequest::new().map_err(unreachable)?;
    let method = if picture.is_some() { "PUT" } else { "DELETE" };
    request.open(method, &format!("/agents/{agent}/photo")).map_err(unreachable)?;
    // Loaded or broken: it ends once.
    let end = Promise::new(&mut |done, _| {
        let _ = request.add_event_listener_with_callback("loadend", &done);
    });
    match picture {
        Some(picture) => request.send_with_opt_blob(Some(picture)),
        None => request.send(),
    }
    .map_err(unreachable)?;
    let _ = JsFuture::from(end).await;
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or_default() {
        200 => serde_json::from_str(&text).map_err(|_| ApiError::Unreachable),
        _ => Err(serde_json::from_str(&text).unwrap_or(ApiError::Unreachable)),
    }
}
