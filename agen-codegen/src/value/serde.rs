//! To and from text, and to the types of other crates.

use std::fmt;

use serde::{
    Serialize, Serializer,
    de::{
        Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use super::Value;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => elements.serialize(serializer),
            Self::Object(members) => serializer.collect_map(members),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// YAML has a type of its own for an integer beyond 64 bits, which is a number of JSON like any other.
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(element) = elements.next_element()? {
            found.push(element);
        }
        Ok(Value::Array(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut found: Vec<(String, Value)> = Vec::new();
        while let Some(member) = members.next_entry()? {
            found.push(member);
        }
        Ok(Value::Object(found.into_iter().collect()))
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => number.deserialize_any(visitor),
            Self::String(text) => visitor.visit_string(text),
            Self::Array(elements) => {
                SeqDeserializer::new(elements.into_iter()).deserialize_any(visitor)
            }
            Self::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(key, value)| (key.to_string(), value));
                MapDeserializer::new(members).deserialize_any(visitor)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    /// Only a word: nothing here is read into an enum with content.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Self::String(text) => text
                .into_deserializer()
                .deserialize_enum(name, variants, visitor),
            _ => Err(Self::Error::custom("expected a word")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use openapiv3::{PathItem, ReferenceOr, Schema};
    use serde::Deserialize;

    use super::Value;

    fn both(text: &str) -> (Value, serde_json::Value) {
        let read = serde_json::from_str(text).expect("it is JSON");
        (read, serde_json::from_str(text).expect("it is JSON"))
    }

    #[test]
    fn a_value_is_written_as_serde_json_writes_it() {
        for text in [
            r#"{"b": [1, -0.0, 1e300, 0.1, 18446744073709551615, -9223372036854775808], "a": {}}"#,
            r#"["\u0000\u001f\n\"\\ / é \u2028 😀", "", null, true, [], {"": {"a": false}}]"#,
            "123456789012345678901234567890",
        ] {
            let (own, like) = both(text);
            assert_eq!(own.to_string(), like.to_string());
        }
    }

    #[test]
    fn a_type_is_read_as_from_a_value_of_serde_json() {
        let schema = r##"{"type": "object", "nullable": true, "minProperties": 1, "x-a": [1], "required": ["a"],
            "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"type": "string", "enum": ["x", null]},
            "c": {"type": "integer", "format": "int32", "maximum": 7}, "d": {"oneOf": [{"type": "number"}, {}]}},
            "additionalProperties": {"type": "array", "items": {"type": "string", "format": "other"}}}"##;
        let (own, like) = both(schema);
        let own = ReferenceOr::<Schema>::deserialize(own).expect("it is a schema");
        assert_eq!(Ok(own), serde_json::from_value(like).map_err(|_| ()));

        let item = r#"{"get": {"operationId": "a", "parameters": [{"name": "p", "in": "query", "style": "form",
            "schema": {"type": "boolean"}}], "responses": {"200": {"description": ""}}}}"#;
        let (own, like) = both(item);
        let own = PathItem::deserialize(own).expect("it is a path item");
        assert_eq!(Ok(own), serde_json::from_value(like).map_err(|_| ()));

        let (own, _) = both(r#"{"operationId": 1}"#);
        assert!(PathItem::deserialize(object_of("get", own)).is_err());
    }

    fn object_of(key: &str, value: Value) -> Value {
        crate::value::object([(key, value)])
    }
}
