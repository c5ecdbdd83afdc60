//! Enums that keep a value they do not know.

use std::fmt;

/// The text of an enum value that this version of the crate has no variant for.
///
/// It comes from text only (`EventStatus::from("paused")`), never from a constructor, so that a value that
/// has a variant is always that variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// For generated code: the caller has seen that no variant has this text.
    pub(in super::super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for UnknownValue {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// `open_enum!(Status)`: what every open string enum has, on top of `fn as_str(&self) -> &str` and
/// `From<&str>`: `Display`, `FromStr`, `From<String>`, `AsRef<str>`, order by text, and serde by text.
///
/// It names no path of this crate, so that it works wherever the module stands. Its own names have
/// underscores, since the enum can be called anything that a schema can.
macro_rules! open_enum {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(<Self as ::std::convert::From<&str>>::from(text))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                <Self as ::std::convert::From<&str>>::from(&text)
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                ::std::cmp::Ord::cmp(self.as_str(), other.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                // A visitor takes the text where the parser has it; a `String` would be a copy.
                struct __Text;

                impl ::serde::de::Visitor<'_> for __Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<__E: ::serde::de::Error>(
                        self,
                        text: &str,
                    ) -> ::std::result::Result<$name, __E> {
                        ::std::result::Result::Ok(<$name as ::std::convert::From<&str>>::from(text))
                    }
                }

                deserializer.deserialize_str(__Text)
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::UnknownValue;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    enum Light {
        Red,
        Green,
        Unknown(UnknownValue),
    }

    impl Light {
        fn as_str(&self) -> &str {
            match self {
                Self::Red => "red",
                Self::Green => "green",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Light {
        fn from(text: &str) -> Self {
            match text {
                "red" => Self::Red,
                "green" => Self::Green,
                _ => Self::Unknown(UnknownValue::new(text)),
            }
        }
    }

    super::open_enum!(Light);

    #[test]
    fn every_text_comes_out_as_it_went_in() {
        for text in ["red", "green", "blue", "", "Red", "r\u{e9}d\n"] {
            let json = serde_json::to_string(text).unwrap();
            let light: Light = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&light).unwrap(), json);
            assert_eq!(light.to_string(), text);
            assert_eq!(text.parse::<Light>().unwrap(), light);
            assert_eq!(Light::from(text.to_owned()), light);
            assert_eq!(
                matches!(light, Light::Unknown(_)),
                !matches!(text, "red" | "green")
            );
            assert_eq!(serde_json::from_value::<Light>(text.into()).unwrap(), light);
        }
        assert!(serde_json::from_str::<Light>("1").is_err());
    }

    #[test]
    fn order_is_by_text() {
        let mut lights: Vec<Light> = ["red", "amber", "green"].map(Light::from).into();
        lights.sort();
        assert_eq!(
            lights.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            ["amber", "green", "red"]
        );
    }
}
