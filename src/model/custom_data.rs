//! What a website tells of its visitor beside the name: `frontdesk('set', {plan: 'pro'})`.

use super::visitor::cut;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most values that are kept of one visitor; later ones are dropped.
pub const MAX_VALUES: usize = 20;
/// Longest name of a value, in characters; longer ones are cut.
pub const MAX_KEY_CHARS: usize = 40;
/// Longest value, in characters; longer ones are cut.
pub const MAX_VALUE_CHARS: usize = 200;

/// Names and values as texts, in the order in which the website told them. Never more than the bounds of this file,
/// however it came to be. On the wire and in the log it is an object.
///
/// Reading it never fails, because no visitor can help what their website tells: numbers and truth values are written as
/// texts, and what is neither of these nor a text is left out.
///
/// ```
/// use frontdesk::model::custom_data::CustomData;
/// let told: CustomData = serde_json::from_str(r#"{"plan":"pro","seats":3,"tags":["a"]}"#).unwrap();
/// assert_eq!(told.iter().collect::<Vec<_>>(), [("plan", "pro"), ("seats", "3")]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomData(Vec<(String, String)>);

impl CustomData {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Takes a value in, in place of one of the same name; what has no name, or no value, is none.
    fn take(&mut self, key: &str, value: &str) {
        let (key, value) = (line(key, MAX_KEY_CHARS), line(value, MAX_VALUE_CHARS));
        if key.is_empty() || value.is_empty() {
            return;
        }
        match self.0.iter().position(|(known, _)| *known == key) {
            Some(place) => self.0[place].1 = value,
            None if self.0.len() < MAX_VALUES => self.0.push((key, value)),
            None => {}
        }
    }
}

/// A text on one line, cut.
fn line(text: &str, max: usize) -> String {
    // Before it is split into words, so that the work is bounded, too.
    let begun = cut(text.trim_start(), max * 4);
    let words: Vec<String> = begun
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    cut(&words.join(" "), max).trim_end().to_owned()
}

impl Serialize for CustomData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for CustomData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

/// What serde would call an unexpected type is no data.
macro_rules! nothing {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method<E>(self, _: $kind) -> Result<Self::Value, E> { Ok(Self::Value::default()) })*
    };
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = CustomData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CustomData, A::Error> {
        let mut data = CustomData::default();
        while let Some((key, Value(value))) = map.next_entry::<String, Value>()? {
            if let Some(value) = value {
                data.take(&key, &value);
            }
        }
        Ok(data)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CustomData, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(CustomData::default())
    }

    fn visit_unit<E>(self) -> Result<CustomData, E> {
        Ok(CustomData::default())
    }

    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

/// One value as a text, when it is a text, a number or a truth value.
struct Value(Option<String>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Value)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<String>, E> {
        // As JSON writes it: 1e+300 and not three hundred digits.
        Ok(serde_json::Number::from_f64(value).map(|number| number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<String>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &str) -> CustomData {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    fn pairs(data: &CustomData) -> Vec<(&str, &str)> {
        data.iter().collect()
    }

    #[test]
    fn texts_numbers_and_truth_values_are_kept_in_order_and_all_else_is_left_out() {
        let told = read(
            r#"{"plan":"pro","seats":3,"debt":-7,"rate":0.5,"huge":1e300,"trial":true,"none":null,
                "list":[1,[2]],"deep":{"a":{"b":1}},"":"nameless","blank":" "}"#,
        );
        assert_eq!(
            pairs(&told),
            [("plan", "pro"), ("seats", "3"), ("debt", "-7"), ("rate", "0.5"), ("huge", "1e+300"), ("trial", "true")]
        );
        assert_eq!(read(&serde_json::to_string(&told).unwrap()), told, "as it is stored");
    }

    #[test]
    fn a_value_that_is_told_twice_is_the_later_one() {
        assert_eq!(pairs(&read(r#"{"plan":"free","seats":1,"plan":"pro"}"#)), [("plan", "pro"), ("seats", "1")]);
    }

    #[test]
    fn what_is_no_object_tells_nothing() {
        for json in ["null", "[]", "[{\"a\":1}]", "\"plan\"", "1", "-1", "1.5", "true", "{}"] {
            assert!(read(json).is_empty(), "{json}");
        }
    }

    #[test]
    fn names_and_values_are_one_line_each_and_cut() {
        let told =
            read(&format!(r#"{{" a\n\u0000b\t":"x\r\ny\u001b[31m","{}":"{}"}}"#, "k".repeat(90), "ä".repeat(900)));
        let pairs = pairs(&told);
        assert_eq!(pairs[0], ("a b", "x y [31m"));
        assert_eq!((pairs[1].0.len(), pairs[1].1.chars().count()), (MAX_KEY_CHARS, MAX_VALUE_CHARS));
    }

    proptest! {
        #[test]
        fn however_much_is_told_it_stays_within_bounds(told in prop::collection::vec((".{0,60}", ".{0,300}"), 0..40)) {
            let object: serde_json::Map<String, serde_json::Value> =
                told.into_iter().map(|(key, value)| (key, value.into())).collect();
            let data = read(&serde_json::Value::from(object).to_string());
            prop_assert!(data.iter().count() <= MAX_VALUES);
            for (key, value) in data.iter() {
                prop_assert!((1..=MAX_KEY_CHARS).contains(&key.chars().count()));
                prop_assert!((1..=MAX_VALUE_CHARS).contains(&value.chars().count()));
                prop_assert!(!key.contains(char::is_control) && !value.contains(char::is_control));
            }
            // What is stored is read as it was.
            prop_assert_eq!(read(&serde_json::to_string(&data).unwrap()), data);
        }
    }
}
