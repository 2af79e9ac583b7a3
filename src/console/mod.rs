//! stub for now
use leptos::prelude::*;
pub fn skeleton() -> AnyView {
    ().into_any()
}
