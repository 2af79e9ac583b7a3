//! What a visitor's browser says, as JSON. Values are written through pointers to what they are, so that the code is
//! there once and not once for each type.

use super::Json;

/// What can be written as JSON.
pub trait Write {
    fn write(&self, out: &mut String);

    /// Whether it says no more than its absence, where that is allowed.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// Writes a value as JSON.
pub fn write(value: &dyn Write) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

/// An object that is being written.
pub struct Object<'a>(&'a mut String);

impl<'a> Object<'a> {
    pub fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Object(out)
    }

    /// Says what it is, as `serde` says it of a tagged variant.
    pub fn tag(self, tag: &str) -> Self {
        self.with("type", &tag)
    }

    /// Adds a member.
    pub fn with(self, name: &str, value: &dyn Write) -> Self {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        text(self.0, name);
        self.0.push(':');
        value.write(self.0);
        self
    }

    /// Adds a member unless it is nothing.
    pub fn with_some(self, name: &str, value: &dyn Write) -> Self {
        if value.is_nothing() { self } else { self.with(name, value) }
    }

    pub fn end(self) {
        self.0.push('}');
    }
}

/// Writes an object of one member: a variant that has something.
pub fn variant(out: &mut String, name: &str, value: &dyn Write) {
    Object::begin(out).with(name, value).end();
}

fn text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\0'..' ' => {
                out.push_str("\\u00");
                for digit in [c as u32 >> 4, c as u32 & 15] {
                    out.extend(char::from_digit(digit, 16));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

impl Write for &str {
    fn write(&self, out: &mut String) {
        text(out, self);
    }
}

impl Write for String {
    fn write(&self, out: &mut String) {
        text(out, self);
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Write for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn is_nothing(&self) -> bool {
        !self
    }
}

impl Write for i64 {
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

/// Numbers that are written as another one; none in Frontdesk is larger.
macro_rules! smaller_numbers {
    ($($number:ty),*) => {
        $(impl Write for $number {
            fn write(&self, out: &mut String) {
                (*self as i64).write(out);
            }
        })*
    };
}

smaller_numbers!(u32, u64, usize);

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut String) {
        out.push('[');
        for (i, item) in self.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            item.write(out);
        }
        out.push(']');
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Write for Json {
    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => value.write(out),
            Json::Int(number) => number.write(out),
            Json::Text(value) | Json::Number(value) => text(out, value),
            Json::List(items) => items.write(out),
            Json::Object(members) => {
                let mut object = Object::begin(out);
                for (name, value) in members {
                    object = object.with(name, value);
                }
                object.end();
            }
        }
    }

    fn is_nothing(&self) -> bool {
        *self == Json::Null
    }
}

/// Objects that are written member by member; those after the semicolon are left out when they are nothing.
macro_rules! written {
    ($($type:ty { $($field:ident),* $(; $($some:ident),*)? })*) => {
        $(impl $crate::model::json::Write for $type {
            fn write(&self, out: &mut String) {
                $crate::model::json::Object::begin(out)
                    $(.with(stringify!($field), &self.$field))*
                    $($(.with_some(stringify!($some), &self.$some))*)?
                    .end();
            }
        })*
    };
}

pub(crate) use written;
