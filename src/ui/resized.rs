//! The size of an element, watched.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};

/// Watches the size of an element for as long as it is kept.
pub struct Resized {
    observer: ResizeObserver,
    _heard: Closure<dyn FnMut()>,
}

impl Resized {
    pub fn watch(element: &Element, changed: impl FnMut() + 'static) -> Option<Self> {
        let heard = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(heard.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Resized { observer, _heard: heard })
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
