//! How people and instants are written in letters.

use super::one_line::one_line;
use crate::model::Millis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Longest name that is shown, in characters.
const MAX_NAME_CHARS: usize = 100;

/// The name of a person, a company or a department.
pub(super) fn name(text: &str) -> String {
    one_line(text, MAX_NAME_CHARS)
}

/// The first letter or digit, as a capital; empty when there is none.
pub(super) fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(String::new, |c| c.to_uppercase().collect())
}

/// An instant in UTC; one that no calendar has counts as the epoch.
pub(super) fn formatted(at: Millis, format: &str) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC).strftime(format).to_string()
}
