//! Structs that keep the members they do not know.

/// `Deserialize` for a struct with a field that takes the members of the object that no other field does:
///
/// ```text
/// open_struct!(Session, unknown = extra, { "id" => required id, "type" => optional type_ });
/// ```
///
/// Each member goes to its field by its name on the wire, and a field says what a member may do:
///
/// - `required`: it has to be there. Null is for the type of the field, such as an `Option<T>`.
/// - `optional`, an `Option<T>`: it can be absent or null, and both are `None`.
/// - `present`, an `Option<T>` whose `T` takes null: absent is `None`, and null is `Some` of the null of `T`.
///
/// Values are read where the parser stands. With `#[serde(flatten)]` on a map the derived code puts every
/// unknown member into a buffer first. Like `open_enum` this names no path of this crate; import it by its
/// name. What a field could be mistaken for has underscores.
macro_rules! open_struct {
    ($name:ident, unknown = $unknown:ident, {
        $($wire:literal => $presence:ident $field:ident),* $(,)?
    }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                #[allow(non_camel_case_types)]
                enum __Key {
                    $($field,)*
                    __Unknown(::std::string::String),
                }

                impl<'de> ::serde::Deserialize<'de> for __Key {
                    fn deserialize<__D: ::serde::Deserializer<'de>>(
                        deserializer: __D,
                    ) -> ::std::result::Result<Self, __D::Error> {
                        deserializer.deserialize_identifier(__Text)
                    }
                }

                struct __Text;

                impl ::serde::de::Visitor<'_> for __Text {
                    type Value = __Key;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("the name of a field")
                    }

                    fn visit_str<__E: ::serde::de::Error>(
                        self,
                        text: &str,
                    ) -> ::std::result::Result<__Key, __E> {
                        ::std::result::Result::Ok(match text {
                            $($wire => __Key::$field,)*
                            _ => __Key::__Unknown(::std::borrow::ToOwned::to_owned(text)),
                        })
                    }
                }

                struct __Object;

                impl<'de> ::serde::de::Visitor<'de> for __Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(::std::concat!("struct ", ::std::stringify!($name)))
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: __A,
                    ) -> ::std::result::Result<$name, __A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        let mut $unknown = ::std::default::Default::default();
                        while let ::std::option::Option::Some(__key) = map.next_key::<__Key>()? {
                            match __key {
                                $(__Key::$field => {
                                    if $field.is_some() {
                                        return ::std::result::Result::Err(
                                            ::serde::de::Error::duplicate_field($wire),
                                        );
                                    }
                                    $field = ::std::option::Option::Some(map.next_value()?);
                                })*
                                __Key::__Unknown(name) => {
                                    let member = (name, map.next_value()?);
                                    ::std::iter::Extend::extend(&mut $unknown, [member]);
                                }
                            }
                        }
                        ::std::result::Result::Ok($name {
                            $($field: open_struct!(@$presence $wire, $field),)*
                            $unknown,
                        })
                    }
                }

                deserializer.deserialize_map(__Object)
            }
        }
    };

    (@required $wire:literal, $read:ident) => {
        match $read {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return ::std::result::Result::Err(::serde::de::Error::missing_field($wire));
            }
        }
    };
    (@optional $wire:literal, $read:ident) => { $read.flatten() };
    (@present $wire:literal, $read:ident) => { $read };
}
pub(crate) use open_struct;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::{Map, Value, from_str, from_value, json};

    use super::open_struct;

    #[derive(Debug, PartialEq)]
    struct Note {
        id: u8,
        parent: Option<Box<Note>>,
        title: Option<String>,
        due: Option<Option<u8>>,
        any: Option<Value>,
        extra: Map<String, Value>,
    }

    open_struct!(Note, unknown = extra, {
        "id" => required id,
        "parent-note" => required parent,
        "title" => optional title,
        "due" => present due,
        "any" => present any,
    });

    fn note(id: u8) -> Note {
        Note {
            id,
            parent: None,
            title: None,
            due: None,
            any: None,
            extra: Map::new(),
        }
    }

    /// What each kind of source makes of `json`, which is the same.
    fn read<T: DeserializeOwned + PartialEq + std::fmt::Debug>(json: &str) -> T {
        let value: Value = from_str(json).unwrap();
        let read: T = from_str(json).unwrap();
        assert_eq!(serde_json::from_slice::<T>(json.as_bytes()).unwrap(), read);
        assert_eq!(
            serde_json::from_reader::<_, T>(json.as_bytes()).unwrap(),
            read
        );
        assert_eq!(T::deserialize(&value).unwrap(), read);
        assert_eq!(from_value::<T>(value).unwrap(), read);
        read
    }

    fn failure(json: &str) -> String {
        from_str::<Note>(json).unwrap_err().to_string()
    }

    #[test]
    fn every_member_goes_to_its_field() {
        let read: Note = read(
            r#"{"new":[1],"\u0069d":1,"due":2,"parent-note":{"id":3,"parent-note":null},"title":"t","any":"a"}"#,
        );
        let expected = Note {
            parent: Some(Box::new(note(3))),
            title: Some("t".to_owned()),
            due: Some(Some(2)),
            any: Some("a".into()),
            extra: Map::from_iter([("new".to_owned(), json!([1]))]),
            ..note(1)
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn null_is_what_the_field_makes_of_it() {
        assert_eq!(read::<Note>(r#"{"id":1,"parent-note":null}"#), note(1));
        let nulls = r#"{"id":1,"parent-note":null,"title":null,"due":null,"any":null,"new":null}"#;
        let expected = Note {
            due: Some(None),
            any: Some(Value::Null),
            extra: Map::from_iter([("new".to_owned(), Value::Null)]),
            ..note(1)
        };
        assert_eq!(read::<Note>(nulls), expected);
        let failure = failure(r#"{"id":null,"parent-note":null}"#);
        assert!(
            failure.starts_with("invalid type: null, expected u8"),
            "{failure}"
        );
    }

    #[test]
    fn a_required_member_has_to_be_there() {
        for (json, missing) in [
            (
                r#"{"parent-note":null}"#,
                "missing field `id` at line 1 column 20",
            ),
            (
                r#"{"id":1}"#,
                "missing field `parent-note` at line 1 column 8",
            ),
        ] {
            assert_eq!(failure(json), missing);
        }
    }

    #[test]
    fn a_known_member_comes_once_and_of_others_the_last_is_kept() {
        for (json, twice) in [
            (r#"{"id":1,"id":1}"#, "id"),
            (r#"{"parent-note":null,"parent-note":null}"#, "parent-note"),
            (r#"{"title":null,"title":"t"}"#, "title"),
            (r#"{"due":null,"due":1}"#, "due"),
        ] {
            let expected = format!("duplicate field `{twice}`");
            assert!(failure(json).starts_with(&expected), "{json}");
        }
        let read: Note = read(r#"{"id":1,"parent-note":null,"new":1,"new":2}"#);
        assert_eq!(read.extra["new"], 2);
    }

    #[test]
    fn only_an_object_is_a_struct() {
        for (json, found) in [("[]", "sequence"), ("1", "integer `1`"), ("null", "null")] {
            let expected = format!("invalid type: {found}, expected struct Note");
            assert!(failure(json).starts_with(&expected), "{json}");
        }
        assert!(failure(r#"{"id":1,"#).starts_with("EOF while parsing"));
    }

    /// `Note` as serde's derive reads it.
    mod derived {
        use super::*;

        #[derive(Deserialize, Debug)]
        #[expect(dead_code, reason = "only what is shown of it matters")]
        pub(super) struct Note {
            id: u8,
            #[serde(rename = "parent-note", deserialize_with = "Option::deserialize")]
            parent: Option<Box<Note>>,
            title: Option<String>,
            #[serde(default, deserialize_with = "super::super::super::present")]
            due: Option<Option<u8>>,
            #[serde(default, deserialize_with = "super::super::super::present")]
            any: Option<Value>,
            #[serde(flatten)]
            extra: Map<String, Value>,
        }
    }

    #[test]
    fn values_and_errors_are_those_of_the_derived_code() {
        fn shown<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
            format!("{:?}", from_str::<T>(json))
        }
        let mut texts = vec!["{".to_owned()];
        for choices in [
            ["", r#""id":1,"#, r#""id":null,"#, r#""id":1,"id":2,"#],
            [
                "",
                r#""new":{"a":null},"#,
                r#""new":null,"#,
                r#""new":1,"new":2,"#,
            ],
            [
                "",
                r#""title":"t","#,
                r#""title":null,"#,
                r#""title":null,"title":2,"#,
            ],
            [
                "",
                r#""parent-note":{},"#,
                r#""parent-note":null,"#,
                r#""parent-note":{"id":1,"parent-note":null},"#,
            ],
            ["", r#""due":1,"#, r#""due":null,"#, r#""due":300,"#],
            ["", r#""any":[1e2],"#, r#""any":null,"#, r#""any":tru,"#],
        ] {
            let longer = |text: &String| choices.map(|choice| format!("{text}{choice}"));
            texts = texts.iter().flat_map(longer).collect();
        }
        let mut read = 0;
        for text in &texts {
            let json = format!("{}}}", text.trim_end_matches(','));
            let ours = shown::<Note>(&json);
            assert_eq!(ours, shown::<derived::Note>(&json), "{json}");
            read += usize::from(ours.starts_with("Ok"));
        }
        assert!(read > 0 && read < texts.len());
    }

    // The names that the macro gives its own variables.
    #[derive(Debug, PartialEq)]
    struct Names {
        r#type: u8,
        self_: u8,
        map: u8,
        key: u8,
        value: u8,
        member: u8,
        name: u8,
        deserializer: Option<u8>,
        größe: Option<u8>,
        f: BTreeMap<String, u8>,
    }

    open_struct!(Names, unknown = f, {
        "type" => required r#type,
        "self" => required self_,
        "map" => required map,
        "key" => required key,
        "value" => required value,
        "member" => required member,
        "name" => required name,
        "deserializer" => optional deserializer,
        "größe" => present größe,
    });

    #[test]
    fn a_field_can_be_called_anything() {
        let read: Names = read(
            r#"{"type":1,"self":2,"map":3,"key":4,"value":5,"member":6,"name":0,"deserializer":7,"größe":8,"f":9}"#,
        );
        let fields = [
            read.r#type,
            read.self_,
            read.map,
            read.key,
            read.value,
            read.member,
        ];
        assert_eq!(fields, [1, 2, 3, 4, 5, 6]);
        assert_eq!((read.deserializer, read.größe), (Some(7), Some(8)));
        assert_eq!(read.f, BTreeMap::from([("f".to_owned(), 9)]));
    }

    #[test]
    fn what_takes_the_unknown_members_says_what_they_can_be() {
        let names =
            r#"{"type":1,"self":2,"map":3,"key":4,"value":5,"member":6,"name":0,"other":"x"}"#;
        assert!(from_str::<Names>(names).is_err());
    }

    // Types that are called as those of std.
    mod shadowed {
        #[derive(Debug, PartialEq)]
        pub(super) struct Option {
            pub(super) extra: Map,
        }
        pub(super) type Map = std::collections::BTreeMap<std::string::String, u8>;
        #[expect(dead_code, reason = "only its name matters")]
        struct String;
        use super::open_struct;

        open_struct!(Option, unknown = extra, {});
    }

    #[test]
    fn a_struct_can_have_no_field_of_its_own() {
        assert_eq!(read::<shadowed::Option>(r#"{"extra":1}"#).extra["extra"], 1);
    }
}
