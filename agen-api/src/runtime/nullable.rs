//! Values that may be null.

use serde::{Deserialize, Deserializer};

mod sealed {
    pub trait Sealed {}
    impl Sealed for &str {}
    impl Sealed for String {}
    impl Sealed for &String {}
    impl Sealed for Option<&str> {}
    impl Sealed for &Option<String> {}
}

/// A string that the API requires but that may be null: a string, or `None` for null.
///
/// Implemented for `&str`, `String`, `&String`, `Option<&str>` and `&Option<String>`. It is not
/// implemented for `Option<String>`, so that a bare `None` needs no type; give `&value`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a string nor null",
    label = "expected a string, `None`, or an `Option<&str>`",
    note = "borrow an `Option<String>`: `&value`"
)]
pub trait IntoNullableString: sealed::Sealed {
    /// The value as it is sent: `None` is null.
    fn into_nullable_string(self) -> Option<String>;
}

impl IntoNullableString for &str {
    fn into_nullable_string(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoNullableString for String {
    fn into_nullable_string(self) -> Option<String> {
        Some(self)
    }
}

impl IntoNullableString for &String {
    fn into_nullable_string(self) -> Option<String> {
        Some(self.clone())
    }
}

impl IntoNullableString for Option<&str> {
    fn into_nullable_string(self) -> Option<String> {
        self.map(str::to_owned)
    }
}

impl IntoNullableString for &Option<String> {
    fn into_nullable_string(self) -> Option<String> {
        self.clone()
    }
}

/// For `#[serde(default, deserialize_with = "…::present", skip_serializing_if = "Option::is_none")]` on an
/// optional field that can hold null, such as an `Option<Option<String>>`: serde calls it for a field that is
/// there, be it null or not, so that `None` is an absent field alone.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{from_str, to_string};

    use super::present;

    #[derive(Deserialize, Serialize, PartialEq, Debug)]
    struct Patch {
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "present"
        )]
        title: Option<Option<u8>>,
    }

    #[test]
    fn absent_null_and_set_are_three_things() {
        for (json, title) in [
            ("{}", None),
            (r#"{"title":null}"#, Some(None)),
            (r#"{"title":1}"#, Some(Some(1))),
        ] {
            let patch: Patch = from_str(json).unwrap();
            assert_eq!(patch, Patch { title });
            assert_eq!(to_string(&patch).unwrap(), json);
        }
    }
}
