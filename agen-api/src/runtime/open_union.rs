//! Unions that keep a value they do not know.

/// Serde for an enum of the form `enum Payload { Message(MessagePayload), …, Unknown(serde_json::Value) }`.
///
/// - `open_union!(Payload, tag = "type", { "message" => Message, "a" | "b" => Other })` chooses by the text
///   of the property `type`.
/// - `open_union!(Payload, [Message { "text" }, Other(Inner), Count])` takes the first variant that fits.
/// - Both lists together choose by the tag, and where there is none by the second list.
///
/// In a list of what fits, the members that a struct knows are named: only an object is tried as one, and
/// of several structs that fit the one that loses the fewest members is taken. A variant with a name in
/// brackets holds the open union of this name, and fits where that knows the value.
///
/// A value whose tag is not listed or that does not fit its variant is kept whole in `Unknown`, so
/// deserializing fails on text that is not JSON and on nothing else. Like `open_enum` this names no path of
/// this crate; import it by its name.
macro_rules! open_union {
    ($name:ident, [
        $($variant:ident $({ $($known:literal),* $(,)? })? $(($inner:ident))?),+ $(,)?
    ]) => {
        open_union!(@implement $name, [$($variant)+], |value| {
            open_union!(@fit value, [$($variant $({ $($known),* })? $(($inner))?),+]);
        });
    };

    ($name:ident, tag = $property:literal, {
        $($($tag:literal)|+ => $variant:ident),+ $(,)?
    } $(, $fit:tt)?) => {
        open_union!(@implement $name, [$($variant)+], |value| {
            match value.get($property).and_then(::serde_json::Value::as_str) {
                $(::std::option::Option::Some($($tag)|+) => {
                    if let ::std::option::Option::Some(found) = open_union!(@read value, $variant) {
                        return ::std::result::Result::Ok(found);
                    }
                })+
                ::std::option::Option::Some(_) => {}
                ::std::option::Option::None => {
                    $(open_union!(@fit value, $fit);)?
                }
            }
        });
    };

    (@implement $name:ident, [$($variant:ident)+], |$value:ident| $choose:block) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let whole = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let $value = &whole;
                $choose
                ::std::result::Result::Ok(Self::Unknown(whole))
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

    (@fit $value:ident, [
        $($variant:ident $({ $($known:literal),* })? $(($inner:ident))?),+
    ]) => {
        let mut tries: ::std::vec::Vec<(
            usize,
            fn(&::serde_json::Value) -> ::std::option::Option<Self>,
        )> = ::std::vec::Vec::new();
        $(if let ::std::option::Option::Some(lost) = open_union!(@lost $value $({ $($known),* })?) {
            tries.push((lost, |value| open_union!(@read value, $variant $(($inner))?)));
        })+
        tries.sort_by_key(|(lost, _)| *lost);
        for (_, read) in tries {
            if let ::std::option::Option::Some(found) = read($value) {
                return ::std::result::Result::Ok(found);
            }
        }
    };

    // How many members of the value a variant would lose; nothing where it cannot be one.
    (@lost $value:ident) => { ::std::option::Option::Some(0) };
    (@lost $value:ident { $($known:literal),* }) => {
        $value.as_object().map(|object| {
            let known: &[&str] = &[$($known),*];
            object.keys().filter(|key| !known.contains(&key.as_str())).count()
        })
    };

    (@read $value:ident, $variant:ident) => {
        ::serde::Deserialize::deserialize($value).ok().map(Self::$variant)
    };
    (@read $value:ident, $variant:ident($inner:ident)) => {
        match <$inner as ::serde::Deserialize>::deserialize($value) {
            ::std::result::Result::Err(_)
            | ::std::result::Result::Ok($inner::Unknown(_)) => ::std::option::Option::None,
            ::std::result::Result::Ok(content) => ::std::option::Option::Some(Self::$variant(
                ::std::convert::From::from(content),
            )),
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

    open_union!(Untagged, [Circle { "kind", "radius" }, Text]);

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Dot {
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    }

    #[derive(Debug, PartialEq)]
    enum Mark {
        Shape(Box<Shape>),
        Round(Circle),
        Dot(Dot),
        Unknown(Value),
    }

    open_union!(Mark, tag = "is", { "shape" => Shape, "round" => Round, "dot" => Dot }, [
        Round { "kind", "radius" },
        Dot { "label" },
        Shape(Shape)
    ]);

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
        for value in [json!(1), json!(["circle", 1])] {
            assert_eq!(
                from_value::<Untagged>(value.clone()).unwrap(),
                Untagged::Unknown(value)
            );
        }
    }

    #[test]
    fn a_value_without_its_tag_goes_where_it_loses_least() {
        for (value, fits) in [
            (json!({"kind": "circle", "radius": 1}), "Round("),
            (json!({"label": "a"}), "Dot("),
            (json!({}), "Dot("),
            // The tag decides where there is one.
            (
                json!({"is": "shape", "kind": "circle", "radius": 1}),
                "Shape(Circle(",
            ),
            (json!({"is": "new", "label": "a"}), "Unknown("),
            (json!({"is": "round", "label": "a"}), "Unknown("),
            (json!([]), "Unknown("),
        ] {
            let mark: Mark = from_value(value).unwrap();
            assert!(format!("{mark:?}").starts_with(fits), "{mark:?}");
        }
    }

    #[test]
    fn a_union_in_a_union_fits_where_it_knows_the_value() {
        let polygon = json!({"kind": "square", "sides": []});
        let mark: Mark = from_value(polygon).unwrap();
        assert!(matches!(mark, Mark::Shape(_)), "{mark:?}");
        assert_eq!(
            from_value::<Mark>(json!(1)).unwrap(),
            Mark::Unknown(json!(1))
        );
    }
}
