//! Frontdesk: live chat for a company's website, run by the company itself.
#![recursion_limit = "256"]

pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
