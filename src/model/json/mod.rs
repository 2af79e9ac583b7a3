//! JSON as a visitor's browser reads and writes it. `serde` does so everywhere else: what it makes of our frames would be
//! half of the code that a visitor downloads. What is read and written here is what a widget meets and says, and tests
//! hold each reader and writer against `serde`.

mod parse;
mod read;
mod said;
#[cfg(test)]
mod tests;
mod visitor;
mod write;

pub use read::Read;
pub(crate) use read::objects;
pub(crate) use write::written;
pub use write::{Object, Write, write};

use write::variant;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    /// A number that is not whole, or too large, as it was written. Nothing in Frontdesk has such, but websites do.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Reads a value out of JSON; nothing when it is broken, or not of this shape.
pub fn read<T: Read>(json: &str) -> Option<T> {
    T::read(&parse::parse(json)?)
}

impl Json {
    /// The member of this name; `null` where there is none, or this is no object.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(members) => {
                members.iter().find(|(key, _)| key == name).map_or(&Json::Null, |(_, value)| value)
            }
            _ => &Json::Null,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member of this name, read. One that is missing is read as `null`.
    pub fn field<T: Read>(&self, name: &str) -> Option<T> {
        T::read(self.get(name))
    }

    /// The same; the default where it is missing.
    pub fn field_or_default<T: Read + Default>(&self, name: &str) -> Option<T> {
        match self.get(name) {
            Json::Null => Some(T::default()),
            value => T::read(value),
        }
    }

    /// The name of a variant and what it has: `"name"`, or `{"name": …}`.
    pub fn variant(&self) -> Option<(&str, &Json)> {
        match self {
            Json::Text(name) => Some((name, &Json::Null)),
            Json::Object(members) => match &members[..] {
                [(name, value)] => Some((name, value)),
                _ => None,
            },
            _ => None,
        }
    }
}
