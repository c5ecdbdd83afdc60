//! Values for tests.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A type that has a sample: a value for tests that is valid by the document, and always the same.
///
/// It has what the document requires, with the values of the document's examples and defaults where it has
/// them. Change what the test is about, and leave the rest.
pub trait Sample {
    /// The sample.
    fn sample() -> Self;
}

/// For generated code: a sample, whose text was made with its type.
pub(crate) fn from_json<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| {
        let name = std::any::type_name::<T>();
        panic!("the sample of {name} does not fit it, which is a fault of the generator: {error}")
    })
}

macro_rules! number {
    ($name:ident) => {
        impl Sample for $name {
            fn sample() -> Self {
                1 as Self
            }
        }
    };
}

number!(f32);
number!(f64);
number!(i32);
number!(i64);
number!(u32);
number!(u64);

impl Sample for bool {
    fn sample() -> Self {
        true
    }
}

impl Sample for String {
    fn sample() -> Self {
        "sample".to_owned()
    }
}

impl Sample for DateTime<Utc> {
    fn sample() -> Self {
        from_json(r#""2025-01-31T09:15:00Z""#)
    }
}

impl Sample for NaiveDate {
    fn sample() -> Self {
        from_json(r#""2025-01-31""#)
    }
}

/// An empty object.
impl Sample for Value {
    fn sample() -> Self {
        Self::Object(Map::sample())
    }
}

impl Sample for Map<String, Value> {
    fn sample() -> Self {
        Self::new()
    }
}

/// One sample.
impl<T: Sample> Sample for Vec<T> {
    fn sample() -> Self {
        vec![T::sample()]
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample() -> Self {
        Some(T::sample())
    }
}

impl<T: Sample> Sample for Box<T> {
    fn sample() -> Self {
        Self::new(T::sample())
    }
}

/// One sample, under the name `sample`.
impl<T: Sample> Sample for HashMap<String, T> {
    fn sample() -> Self {
        Self::from([("sample".to_owned(), T::sample())])
    }
}

/// One sample, under the name `sample`.
impl<T: Sample> Sample for BTreeMap<String, T> {
    fn sample() -> Self {
        Self::from([("sample".to_owned(), T::sample())])
    }
}
