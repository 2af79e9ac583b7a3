//! Secrets: passwords, and the random tokens of sessions, visitors and set-up links. The database holds only hashes.

pub mod password;
pub mod throttle;
pub mod token;
