//! Uploads: files that go to the server before the message that carries them. Each is asked for, then its bytes are sent
//! with `PUT /files/{id}`; how far that is, is shown in the tray. What breaks is tried again by itself, a few times and
//! when the network is back; then it waits for a person.

use super::browser::{chance, on_window, spawn_local};
use super::small_map::SmallMap;
use super::state::*;
use super::words::{fill, say, say_refusal, say_size, t, word};
use crate::model::attachment::{Attachment, check_size};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, FileId};
use crate::model::json;
use crate::model::outbox::wait_after;
use futures::future::LocalBoxFuture;
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, Url, XmlHttpRequest};

/// Uploads that run at one time; the others wait.
const AT_ONCE: usize = 2;
/// So often in a row a broken upload is tried again by itself.
const TRIES: u32 = 5;

/// What a message can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the largest file.
    pub max_bytes: u64,
    pub max_files: usize,
}

impl Limits {
    /// The same as a person reads it.
    pub fn in_words(self) -> String {
        match self.max_files {
            1 => fill("One file of up to {0}", &[&say_size(self.max_bytes)]),
            files => fill("Up to {0} files of {1} each", &[&files.to_string(), &say_size(self.max_bytes)]),
        }
    }
}

/// "3.1 of 8.4 MB"
pub fn progress_in_words(size: u64, percent: u32) -> String {
    let sent = say_size(size * u64::from(percent) / 100);
    let all = say_size(size);
    let sent = match (sent.split_once(' '), all.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => number.to_owned(),
        _ => sent,
    };
    fill("{0} of {1}", &[&sent, &all])
}

/// A file in the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub key: u32,
    pub name: String,
    /// In bytes.
    pub size: u64,
    pub state: UploadState,
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// So many percent are sent.
    Uploading(u32),
    Stored(Attachment),
    /// It broke, and is tried again by itself.
    Broken,
    /// Why not, in a sentence; whether trying again may help.
    Failed {
        sentence: String,
        retryable: bool,
    },
}

type Open = dyn Fn(ChatId, String, u64) -> LocalBoxFuture<'static, Result<FileId, ApiError>>;

/// The files that go with the next message of a chat. Copied freely.
#[derive(Clone, Copy)]
pub struct Uploads {
    pub chat: ChatId,
    pub items: RwSignal<Vec<Upload>>,
    /// Why something was not taken into the tray, in a sentence.
    pub note: RwSignal<Option<String>>,
    /// A message waits for its files.
    pub waits: RwSignal<bool>,
    work: StoredValue<Work, LocalStorage>,
}

struct Work {
    open: Rc<Open>,
    limits: Box<dyn Fn() -> Limits>,
    bearer: Option<String>,
    held: SmallMap<u32, Held>,
    last_key: u32,
    /// Sends the message that waits: for the uploads, or for a person to decide about what failed.
    send: Option<Box<dyn FnOnce()>>,
}

/// A file in the browser.
struct Held {
    file: File,
    id: Option<FileId>,
    running: bool,
    request: Option<XmlHttpRequest>,
    /// How often in a row it broke.
    failures: u32,
    /// Runs out when it is tried again.
    again: Option<Timeout>,
    /// Shows it from the browser's own memory.
    url: Option<String>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(url) = &self.url {
            let _ = Url::revoke_object_url(url);
        }
        if let Some(request) = &self.request {
            let _ = request.abort();
        }
    }
}

impl Uploads {
    /// An empty tray for a chat. `open` asks for permission, by name and size in bytes; `bearer` is the token that the
    /// bytes are sent with, where there is no cookie.
    pub fn new(
        chat: ChatId,
        limits: impl Fn() -> Limits + 'static,
        open: impl Fn(ChatId, String, u64) -> LocalBoxFuture<'static, Result<FileId, ApiError>> + 'static,
        bearer: Option<String>,
    ) -> Self {
        Uploads {
            chat,
            items: RwSignal::new(Vec::new()),
            note: RwSignal::new(None),
            waits: RwSignal::new(false),
            work: StoredValue::new_local(Work {
                open: Rc::new(open),
                limits: Box::new(limits),
                bearer,
                held: SmallMap::new(),
                last_key: 0,
                send: None,
            }),
        }
    }

    /// What a message can carry now.
    pub fn limits(&self) -> Limits {
        self.work.with_value(|work| (work.limits)())
    }

    /// Puts files into the tray and begins to send them. What is too large or too many is said at once.
    pub fn add(&self, files: Vec<File>) {
        let limits = self.limits();
        self.note.set(None);
        for file in files {
            if self.items.with_untracked(Vec::len) >= limits.max_files {
                self.note.set(Some(say_refusal(&Refusal::TooManyFiles { max: limits.max_files })));
                break;
            }
            let size = file.size() as u64;
            let state = match check_size(size, limits.max_bytes) {
                Ok(()) => UploadState::Uploading(0),
                Err(refusal) => failed(say_refusal(&refusal)),
            };
            let name = file.name();
            let key = self.work.try_update_value(|work| {
                work.last_key += 1;
                let held = Held { file, id: None, running: false, request: None, failures: 0, again: None, url: None };
                work.held.insert(work.last_key, held);
                work.last_key
            });
            if let Some(key) = key {
                self.items.update(|items| items.push(Upload { key, name, size, state }));
            }
        }
        self.proceed();
    }

    /// Puts files back into the tray that an earlier page has sent there.
    pub fn put_back(&self, files: Vec<Attachment>) {
        for file in files {
            let key = self.work.try_update_value(|work| {
                work.last_key += 1;
                work.last_key
            });
            let (name, size) = (file.name.clone(), file.size);
            let state = UploadState::Stored(file);
            self.items.update(|items| items.push(Upload { key: key.unwrap_or_default(), name, size, state }));
        }
    }

    /// Takes these out of the tray: they are in a message, or there are none such any more.
    pub fn leave_out(&self, gone: impl Fn(FileId) -> bool) {
        let is_gone = |item: &Upload| attachment(item).is_some_and(|file| gone(file.id));
        if self.items.with_untracked(|items| items.iter().any(is_gone)) {
            self.take(is_gone);
        }
    }

    /// Takes a file out of the tray, however far it is.
    pub fn cancel(&self, key: u32) {
        self.items.update(|items| items.retain(|item| item.key != key));
        let _ = self.work.try_update_value(|work| work.held.remove(key));
        self.note.set(None);
        self.proceed();
    }

    /// Tries a failed upload again.
    pub fn retry(&self, key: u32) {
        let _ = self.held(key, |held| (held.failures, held.again) = (0, None));
        self.set_state(key, UploadState::Uploading(0));
        self.note.set(None);
        self.proceed();
    }

    /// It broke a while ago.
    fn try_again(&self, key: u32) {
        let _ = self.held(key, |held| held.again = None);
        self.set_state(key, UploadState::Uploading(0));
        self.proceed();
    }

    /// Tries everything again that broke.
    fn retry_all(&self) {
        let may_pass =
            |item: &&Upload| matches!(item.state, UploadState::Broken | UploadState::Failed { retryable: true, .. });
        // The tray may have gone.
        let keys = self
            .items
            .try_with_untracked(|items| items.iter().filter(may_pass).map(|item| item.key).collect::<Vec<_>>());
        for key in keys.unwrap_or_default() {
            self.retry(key);
        }
    }

    /// Empties the tray. A message that waits for it is not sent.
    pub fn clear(&self) {
        let _ = self.work.try_update_value(|work| work.send = None);
        self.take(|_| true);
        self.proceed();
    }

    /// The stored files, in their order.
    pub fn stored(&self) -> Vec<Attachment> {
        self.items.with_untracked(|items| items.iter().filter_map(attachment).cloned().collect())
    }

    /// The same, which leave the tray: they are in a message now.
    pub fn take_stored(&self) -> Vec<Attachment> {
        let stored = self.stored();
        self.take(|item| attachment(item).is_some());
        stored
    }

    /// Nothing is in the tray.
    pub fn is_empty(&self) -> bool {
        self.items.try_with_untracked(Vec::is_empty).unwrap_or(true)
    }

    /// Something is being uploaded.
    pub fn busy(&self) -> bool {
        self.items.with(|items| items.iter().any(is_busy))
    }

    /// Something could not be uploaded.
    pub fn has_failed(&self) -> bool {
        self.items.with(|items| items.iter().any(|item| matches!(item.state, UploadState::Failed { .. })))
    }

    /// Runs `send` once everything in the tray is stored: now, or when the last upload is through. What failed keeps the
    /// message back, with its sentence in the tray, until it is tried again or removed.
    pub fn when_stored(&self, send: impl FnOnce() + 'static) {
        let _ = self.work.try_update_value(|work| work.send = Some(Box::new(send)));
        self.proceed();
    }

    /// The message is written on. One that waits for a person to decide about its files is not sent in the middle of that,
    /// but when they say so.
    pub fn edited(&self) {
        let idle = self.items.with_untracked(|items| !items.iter().any(is_busy));
        if idle && self.work.try_update_value(|work| work.send.take()).flatten().is_some() {
            self.note.set(None);
        }
    }

    /// An address that shows a file of the tray from the browser's own memory.
    pub fn local_url(&self, key: u32) -> Option<String> {
        self.work.try_update_value(|work| {
            let held = work.held.get_mut(key)?;
            if held.url.is_none() {
                held.url = Url::create_object_url_with_blob(&held.file).ok();
            }
            held.url.clone()
        })?
    }

    fn take(&self, gone: impl Fn(&Upload) -> bool) {
        let keys: Vec<u32> =
            self.items.with_untracked(|items| items.iter().filter(|item| gone(item)).map(|item| item.key).collect());
        self.items.update(|items| items.retain(|item| !keys.contains(&item.key)));
        let _ = self.work.try_update_value(|work| work.held.retain(|key| !keys.contains(&key)));
    }

    /// Begins what can begin, and sends the message that waits for nothing more.
    fn proceed(&self) {
        while let Some(key) = self.next() {
            spawn_local(run(*self, key));
        }
        let waits = self.work.try_with_value(|work| work.send.is_some()).unwrap_or_default();
        // An upload may end after its tray has gone.
        let Some(busy) = self.items.try_with_untracked(|items| items.iter().any(is_busy)) else { return };
        if waits && !busy {
            if untrack(|| self.has_failed()) {
                self.note.set(Some(t("A file could not be sent. Try it again or remove it.")));
            } else if let Some(send) = self.work.try_update_value(|work| work.send.take()).flatten() {
                send();
            }
        }
        let waits = waits && busy;
        if self.waits.try_get_untracked().is_some_and(|shown| shown != waits) {
            self.waits.set(waits);
        }
    }

    /// The next upload that may begin; it counts as running from now on.
    fn next(&self) -> Option<u32> {
        let waiting: Vec<u32> = self
            .items
            .try_with_untracked(|items| items.iter().filter(|item| is_sent(item)).map(|i| i.key).collect())?;
        self.work.try_update_value(|work| {
            if work.held.values().filter(|held| held.running).count() >= AT_ONCE {
                return None;
            }
            let key = waiting.into_iter().find(|key| work.held.get(*key).is_some_and(|held| !held.running))?;
            work.held.get_mut(key)?.running = true;
            Some(key)
        })?
    }

    fn set_state(&self, key: u32, state: UploadState) {
        let differs = self
            .items
            .try_with_untracked(|items| items.iter().any(|item| item.key == key && item.state != state))
            .unwrap_or_default();
        if differs {
            self.items.update(|items| {
                if let Some(item) = items.iter_mut().find(|item| item.key == key) {
                    item.state = state;
                }
            });
        }
    }

    /// Changes a file that is still in the tray.
    fn held<T>(&self, key: u32, change: impl FnOnce(&mut Held) -> T) -> Result<T, ApiError> {
        self.work.try_update_value(|work| work.held.get_mut(key).map(change)).flatten().ok_or(ApiError::Gone)
    }

    async fn upload(self, key: u32) -> Result<Attachment, ApiError> {
        let (file, known) = self.held(key, |held| (held.file.clone(), held.id))?;
        let (open, bearer) =
            self.work.try_with_value(|work| (work.open.clone(), work.bearer.clone())).ok_or(ApiError::Gone)?;
        let id = match known {
            Some(id) => id,
            None => open(self.chat, file.name(), file.size() as u64).await?,
        };
        self.held(key, |held| held.id = Some(id))?;
        self.put(key, id, &file, bearer).await
    }

    async fn put(self, key: u32, id: FileId, file: &File, bearer: Option<String>) -> Result<Attachment, ApiError> {
        let request = XmlHttpRequest::new().map_err(unreachable)?;
        request.open("PUT", &format!("/files/{id}")).map_err(unreachable)?;
        if let Some(bearer) = bearer {
            request.set_request_header("Authorization", &format!("Bearer {bearer}")).map_err(unreachable)?;
        }
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                self.set_state(key, UploadState::Uploading((event.loaded() / event.total() * 100.0) as u32));
            }
        });
        // Loaded, broken or aborted: it ends once.
        let end = Promise::new(&mut |done, _| {
            let _ = request.add_event_listener_with_callback("loadend", &done);
        });
        request
            .upload()
            .and_then(|up| up.add_event_listener_with_callback("progress", progress.as_ref().unchecked_ref()))
            .map_err(unreachable)?;
        self.held(key, |held| held.request = Some(request.clone()))?;
        request.send_with_opt_blob(Some(file)).map_err(unreachable)?;
        let _ = JsFuture::from(end).await;
        let text = request.response_text().ok().flatten().unwrap_or_default();
        answer(request.status().unwrap_or_default(), &text)
    }
}

async fn run(uploads: Uploads, key: u32) {
    let outcome = uploads.upload(key).await;
    let passing = outcome.as_ref().err().is_some_and(ApiError::is_passing);
    // Whoever took it out of the tray meanwhile has no use for it.
    let failures = uploads.held(key, |held| {
        held.running = false;
        held.request = None;
        if passing {
            held.failures += 1;
        } else {
            held.id = None;
        }
        held.failures
    });
    if passing {
        await_network(uploads);
    }
    uploads.set_state(
        key,
        match outcome {
            Ok(attachment) => UploadState::Stored(attachment),
            Err(error) if passing && failures.as_ref().is_ok_and(|failures| *failures <= TRIES) => {
                let wait = wait_after(&error, failures.unwrap_or(1), chance());
                let again = Timeout::new(wait, move || uploads.try_again(key));
                let _ = uploads.held(key, |held| held.again = Some(again));
                UploadState::Broken
            }
            Err(ApiError::Unreachable) => {
                UploadState::Failed { sentence: t("The connection broke while it was sent."), retryable: true }
            }
            Err(error) => UploadState::Failed { sentence: say(&error), retryable: passing },
        },
    );
    uploads.proceed();
}

thread_local! {
    /// Trays with something that broke; nothing while nobody listens for the network.
    static BROKEN: RefCell<Option<Vec<Uploads>>> = const { RefCell::new(None) };
}

/// Tries what broke again at once when the network is back.
fn await_network(uploads: Uploads) {
    let listens = BROKEN.with_borrow_mut(|broken| {
        let listens = broken.is_some();
        let broken = broken.get_or_insert_default();
        broken.retain(|other| other.chat != uploads.chat);
        broken.push(uploads);
        listens
    });
    if !listens {
        on_window("online", |_| {
            for uploads in BROKEN.replace(Some(Vec::new())).unwrap_or_default() {
                uploads.retry_all();
            }
        });
    }
}

/// What the server says to the bytes.
fn answer(status: u16, text: &str) -> Result<Attachment, ApiError> {
    if (200..300).contains(&status) {
        return json::read(text).ok_or(ApiError::Unreachable);
    }
    Err(json::read(text).unwrap_or_else(|| match status {
        413 => ApiError::Invalid { sentence: word("This file is too large.").into() },
        400..500 => ApiError::Invalid { sentence: word("The server does not take this file.").into() },
        _ => ApiError::Unreachable,
    }))
}

fn unreachable(_: JsValue) -> ApiError {
    ApiError::Unreachable
}

fn attachment(item: &Upload) -> Option<&Attachment> {
    match &item.state {
        UploadState::Stored(attachment) => Some(attachment),
        _ => None,
    }
}

/// It is sent, now or when there is room.
fn is_sent(item: &Upload) -> bool {
    matches!(item.state, UploadState::Uploading(_))
}

/// It goes on without a person.
fn is_busy(item: &Upload) -> bool {
    is_sent(item) || item.state == UploadState::Broken
}

fn failed(sentence: impl Into<String>) -> UploadState {
    UploadState::Failed { sentence: sentence.into(), retryable: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_file_or_says_why_not() {
        let file = r#"{"id":"0190f0c0-0000-7000-8000-000000000000","name":"a.pdf","mime":"application/pdf","size":7}"#;
        assert_eq!(answer(200, file).unwrap().name, "a.pdf");
        assert_eq!(answer(404, r#"{"error":"no_such_file"}"#), Err(ApiError::NoSuchFile));
        assert_eq!(answer(502, "<html>Bad gateway</html>"), Err(ApiError::Unreachable));
        assert_eq!(answer(200, "<html>"), Err(ApiError::Unreachable));
        assert_eq!(answer(0, ""), Err(ApiError::Unreachable));
        assert!(!answer(413, "").unwrap_err().is_passing());
    }
}
