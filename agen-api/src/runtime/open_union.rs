//! Unions that keep a value they do not know.

/// Serde for an enum of the form `enum Payload { Message(MessagePayload), …, Unknown(serde_json::Value) }`.
///
/// - `open_union!(Payload, tag = "type", { "message" => Message, "a" | "b" => Other })` chooses by the text
///   of the property `type`.
/// - `open_union!(Payload, [Message, Other])` takes the first variant that fits.
///
/// A value whose tag is not listed or that does not fit its variant is kept whole in `Unknown`, so
/// deserializing fails on text that is not JSON and on nothing else. Like `open_enum` this names no path of
/// this crate; import it by its name.
macro_rules! open_union {
    ($name:ident, [$($variant:ident),+ $(,)?]) => {
        open_union!($name, { $($variant),+ });
    };

    ($name:ident, $(tag = $property:literal,)? {
        $($($tag:literal)|* $(=>)? $variant:ident),+ $(,)?
    }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let tag = ::std::option::Option::<&::serde_json::Value>::None
                    $(.or_else(|| value.get($property)))?
                    .and_then(::serde_json::Value::as_str);
                $({
                    let tags: &[&str] = &[$($tag),*];
                    if tags.is_empty() || tag.is_some_and(|tag| tags.contains(&tag)) {
                        let content = ::serde::Deserialize::deserialize(&value);
                        if let ::std::result::Result::Ok(content) = content {
                            return ::std::result::Result::Ok(Self::$variant(content));
                        }
                    }
                })+
                ::std::result::Result::Ok(Self::Unknown(value))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(content) => ::serde::Serialize::serialize(content, serializer),)+
                    Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
}
pub(crate) use open_union;

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, from_value, json, to_value};

    use super::open_union;

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Circle {
        kind: String,
        radius: u8,
    }

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Polygon {
        kind: String,
        sides: Vec<u8>,
    }

    #[derive(Debug, PartialEq)]
    enum Shape {
        Circle(Circle),
        Polygon(Box<Polygon>),
        Unknown(Value),
    }

    open_union!(Shape, tag = "kind", {
        "circle" => Circle,
        "triangle" | "square" => Polygon,
    });

    #[derive(Debug, PartialEq)]
    enum Untagged {
        Circle(Circle),
        Text(String),
        Unknown(Value),
    }

    open_union!(Untagged, [Circle, Text]);

    #[test]
    fn the_tag_chooses_the_variant() {
        let circle: Shape = from_value(json!({"kind": "circle", "radius": 1})).unwrap();
        assert_eq!(
            circle,
            Shape::Circle(Circle {
                kind: "circle".to_owned(),
                radius: 1
            })
        );
        for kind in ["triangle", "square"] {
            let polygon: Shape = from_value(json!({"kind": kind, "sides": [1]})).unwrap();
            assert!(matches!(polygon, Shape::Polygon(_)));
        }
    }

    #[test]
    fn what_does_not_fit_is_kept_whole() {
        for value in [
            json!({"kind": "ellipse", "radius": 1}),
            json!({"kind": "circle", "radius": "wide", "more": [null]}),
            json!({"kind": 1}),
            json!({}),
            json!(null),
            json!([1, 2.5]),
        ] {
            let shape: Shape = from_value(value.clone()).unwrap();
            assert_eq!(shape, Shape::Unknown(value.clone()));
            assert_eq!(to_value(&shape).unwrap(), value);
        }
    }

    #[test]
    fn without_a_tag_the_first_that_fits_is_taken() {
        assert_eq!(
            from_value::<Untagged>(json!("a")).unwrap(),
            Untagged::Text("a".to_owned())
        );
        let circle = json!({"kind": "circle", "radius": 1});
        assert!(matches!(
            from_value::<Untagged>(circle).unwrap(),
            Untagged::Circle(_)
        ));
        assert_eq!(
            from_value::<Untagged>(json!(1)).unwrap(),
            Untagged::Unknown(json!(1))
        );
    }
}
