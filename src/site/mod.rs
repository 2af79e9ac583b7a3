//! The pages around the two faces: start, set-up, log-in, errors, and the widget without its code. Rendered on the server
//! alone: plain forms.

mod console;
mod frame;
mod gate;
pub mod plain;
mod start;

pub use console::console_outline;
pub use frame::{Document, Preload, document};
pub use gate::{GateForm, error, login, setup, setup_closed};
pub use start::start;
