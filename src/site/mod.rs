//! The pages around the two faces: start, set-up, log-in, errors. Rendered on the server alone: plain forms, no script.

mod frame;
mod gate;
mod start;

pub use frame::{Document, Preload, document};
pub use gate::{GateForm, error, login, setup, setup_closed};
pub use start::start;
