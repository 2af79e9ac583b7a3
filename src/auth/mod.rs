//! Secrets: passwords, and the random tokens of sessions, visitors and set-up links, of which the database holds only
//! hashes; and what websites sign with a secret that they share with us.

pub mod identity;
pub mod password;
pub mod throttle;
pub mod token;
