//! Files that come by paste or by drag and drop.

use super::upload::Uploads;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, FileList};

/// The overlay goes this long after what is dragged has left: some browsers say so at every step.
pub const LEFT_MS: u32 = 120;

/// Takes the files of a paste, if there are any. What is copied out of a document is text that also comes as a picture:
/// that is left to the text box.
pub fn paste(uploads: Uploads, ev: &ClipboardEvent) {
    let Some(data) = ev.clipboard_data() else { return };
    let files = data.files().map(listed).unwrap_or_default();
    let is_text = has_type(&data, "text/plain") && has_type(&data, "text/html");
    if !files.is_empty() && !is_text {
        ev.prevent_default();
        uploads.add(files);
    }
}

/// The files of a list.
pub fn listed(files: FileList) -> Vec<File> {
    (0..files.length()).filter_map(|i| files.get(i)).collect()
}

/// What is dragged, when there are files in it.
pub fn with_files(ev: &DragEvent) -> Option<DataTransfer> {
    ev.data_transfer().filter(|data| has_type(data, "Files"))
}

fn has_type(data: &DataTransfer, name: &str) -> bool {
    data.types().iter().any(|kind| kind.as_string().as_deref() == Some(name))
}

/// Whether it happens inside an element that the selector finds.
pub fn is_within(ev: &DragEvent, selector: &str) -> bool {
    let element = ev.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}
