//! Values to what they mean.

use super::Json;

/// What can be read out of a JSON value.
pub trait Read: Sized {
    /// The value; nothing when it is not of this shape.
    fn read(json: &Json) -> Option<Self>;
}

impl Read for Json {
    fn read(json: &Json) -> Option<Self> {
        Some(json.clone())
    }
}

impl Read for bool {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Read for i64 {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// Numbers that are read as another one and have to fit.
macro_rules! smaller_numbers {
    ($($number:ty),*) => {
        $(impl Read for $number {
            fn read(json: &Json) -> Option<Self> {
                i64::read(json)?.try_into().ok()
            }
        })*
    };
}

smaller_numbers!(u32, u64, usize);

impl Read for String {
    fn read(json: &Json) -> Option<Self> {
        json.as_text().map(str::to_owned)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::List(items) => {
                let mut all = Vec::with_capacity(items.len());
                for item in items {
                    all.push(T::read(item)?);
                }
                Some(all)
            }
            _ => None,
        }
    }
}

/// Objects that are read member by member; those after the semicolon may be missing.
macro_rules! objects {
    ($($type:ty { $($field:ident),* $(; $($default:ident),*)? })*) => {
        $(impl $crate::model::json::Read for $type {
            fn read(json: &$crate::model::json::Json) -> Option<Self> {
                matches!(json, $crate::model::json::Json::Object(_)).then_some(())?;
                Some(Self {
                    $($field: json.field(stringify!($field))?,)*
                    $($($default: json.field_or_default(stringify!($default))?,)*)?
                })
            }
        })*
    };
}

pub(crate) use objects;
