//! Files that go with the next message: how they are picked, dropped and pasted, and how far they are.

use super::browser::focus;
use super::file_events::{LEFT_MS, is_within, listed, with_files};
use super::icon::{Icon, Shape};
use super::upload::{Upload, UploadState, Uploads, progress_in_words};
use super::words::{fill, say_size, t, word};
use gloo_timers::callback::Timeout;
use leptos::ev::{self, DragEvent};
use leptos::html::Input;
use leptos::prelude::*;

/// The files that go with the next message. `back` is the id of the text box that has the focus after a file was removed.
#[component]
pub fn Tray(uploads: Uploads, back: &'static str) -> impl IntoView {
    let keys = Memo::new(move |_| uploads.items.with(|items| items.iter().map(|item| item.key).collect::<Vec<_>>()));
    view! {
        <Show when=move || keys.with(|keys| !keys.is_empty())>
            <ul class="tray" aria-label=t("Files to send")>
                <For each=move || keys.get() key=|key| *key children=move |key| draw_upload(uploads, key, back) />
            </ul>
        </Show>
    }
}

fn draw_upload(uploads: Uploads, key: u32, back: &'static str) -> Option<AnyView> {
    let item = Memo::new(move |_| uploads.items.with(|items| items.iter().find(|item| item.key == key).cloned()));
    let Upload { name, size, .. } = item.get_untracked()?;
    let state = move || item.get().map_or(UploadState::Uploading(0), |item| item.state);
    let is_failed = move || matches!(state(), UploadState::Failed { .. });
    let thumb = move || match state() {
        UploadState::Failed { .. } => {
            view! { <span class="upload__thumb"><Icon shape=Shape::ALERT /></span> }.into_any()
        }
        UploadState::Stored(file) if file.is_picture() => {
            let src = uploads.local_url(key);
            view! { <img class="upload__thumb" src=src width="40" height="40" alt="" /> }.into_any()
        }
        _ => view! { <span class="upload__thumb"><Icon shape=Shape::FILE /></span> }.into_any(),
    };
    let progress = fill("Uploading {0}", &[&name]);
    let told = move || match state() {
        UploadState::Uploading(percent) => view! {
            <span class="upload__state">
                <progress class="progress" max="100" value=percent.to_string() aria-label=progress.clone()></progress>
                {progress_in_words(size, percent)}
            </span>
        }
        .into_any(),
        UploadState::Stored(file) => view! { <span class="upload__state">{say_size(file.size)}</span> }.into_any(),
        UploadState::Broken => view! { <span class="upload__state">{t("Trying again…")}</span> }.into_any(),
        UploadState::Failed { sentence, .. } => {
            view! { <span class="upload__state" role="alert">{sentence}</span> }.into_any()
        }
    };
    let retry = move || {
        matches!(state(), UploadState::Broken | UploadState::Failed { retryable: true, .. }).then(|| {
            let on_retry = move |_| {
                uploads.retry(key);
                focus(back);
            };
            view! { <button class="btn btn--quiet" type="button" on:click=on_retry>{t("Retry")}</button> }
        })
    };
    let is_under_way = move || matches!(state(), UploadState::Uploading(_) | UploadState::Broken);
    let verb = move || if is_under_way() { t("Cancel") } else { t("Remove") };
    let shown = name.clone();
    Some(
        view! {
            <li class=move || if is_failed() { "upload upload--failed" } else { "upload" }>
                {thumb}
                <span class="upload__name">{shown}</span>
                {told}
                {retry}
                <button
                    class="ibtn"
                    type="button"
                    aria-label=move || fill(if is_under_way() { word("Cancel {0}") } else { word("Remove {0}") }, &[&name])
                    title=verb
                    on:click=move |_| {
                        uploads.cancel(key);
                        focus(back);
                    }
                >
                    <Icon shape=Shape::CLOSE small=true />
                </button>
            </li>
        }
        .into_any(),
    )
}

/// The button that picks files.
#[component]
pub fn AttachButton(uploads: Uploads, #[prop(optional)] title: Option<&'static str>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let on_change = move |_| {
        if let Some(input) = input.get_untracked() {
            let files = input.files().map(listed).unwrap_or_default();
            // So that the same file can be picked again.
            input.set_value("");
            uploads.add(files);
        }
    };
    let on_click = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <input type="file" multiple hidden node_ref=input on:change=on_change />
        <button class="ibtn" type="button" aria-label=t("Attach file") title=title on:click=on_click>
            <Icon shape=Shape::ATTACH />
        </button>
    }
}

/// Takes files that are dropped on the element that `within` selects, and says so while they are above it. Elsewhere in
/// the window they are refused: the browser would leave the page for them.
#[component]
pub fn DropZone(uploads: Uploads, within: &'static str) -> impl IntoView {
    let over = RwSignal::new(false);
    let leaving = StoredValue::new_local(None::<Timeout>);
    let on_over = window_event_listener(ev::dragover, move |ev: DragEvent| {
        let Some(data) = with_files(&ev) else { return };
        ev.prevent_default();
        let here = is_within(&ev, within);
        data.set_drop_effect(if here { "copy" } else { "none" });
        leaving.set_value(None);
        if over.get_untracked() != here {
            over.set(here);
        }
    });
    let on_leave = window_event_listener(ev::dragleave, move |ev: DragEvent| {
        if ev.related_target().is_none() {
            leaving.set_value(Some(Timeout::new(LEFT_MS, move || {
                let _ = over.try_set(false);
            })));
        }
    });
    let on_drop = window_event_listener(ev::drop, move |ev: DragEvent| {
        let Some(data) = with_files(&ev) else { return };
        // The editor has taken what was dropped into its text.
        let taken = ev.default_prevented();
        ev.prevent_default();
        over.set(false);
        if !taken && is_within(&ev, within) {
            uploads.add(data.files().map(listed).unwrap_or_default());
        }
    });
    on_cleanup(move || {
        on_over.remove();
        on_leave.remove();
        on_drop.remove();
    });
    move || {
        over.get().then(|| {
            let text = uploads.limits().in_words();
            view! {
                <div class="drop" aria-hidden="true">
                    <Icon shape=Shape::UPLOAD />
                    <p class="drop__title">{t("Drop files here")}</p>
                    <p class="drop__text">{text}</p>
                </div>
            }
        })
    }
}
