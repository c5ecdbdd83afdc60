//! What the client makes of a JSON value: whether it reads it as a type, and what it writes for it then.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};

use super::schemas::Schemas;
use crate::{
    api::{Field, Holds, Shape, Union, Variant, carrier},
    value::{Map, Value, json},
};

/// How deep types are followed into each other.
const DEEPEST: usize = 128;

/// How a value is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// As the client does, which keeps values that the document does not name.
    ByClient,
    /// As the document does: an enum has its values, and a union its variants.
    ByDocument,
}

/// Reads values by the types that were lowered.
pub(super) struct Reader<'s, 'a> {
    schemas: &'s Schemas<'a>,
    judged: Judged,
    /// How many values may still be looked at: types that hold each other in several ways would
    /// otherwise be tried in more ways than anybody waits for.
    steps: usize,
}

/// What the client writes for a value of a lowered schema, after it has read it. `None` where the value
/// does not fit.
pub(super) fn read(
    schemas: &Schemas<'_>,
    lowered: &Value,
    value: &Value,
    judged: Judged,
) -> Option<Value> {
    let mut reader = Reader {
        schemas,
        judged,
        steps: 10_000,
    };
    reader.value(lowered, value, 0)
}

/// The type that a lowered schema refers to.
pub(super) fn reference(lowered: &Value) -> Option<&str> {
    let only = lowered
        .get("allOf")
        .and_then(|parts| parts.as_array()?.first());
    let lowered = only.unwrap_or(lowered);
    lowered.get("$ref")?.as_str()?.rsplit('/').next()
}

pub(super) fn is_nullable(lowered: &Value) -> bool {
    lowered.get("nullable") == Some(&Value::Bool(true))
}

impl Reader<'_, '_> {
    fn value(&mut self, lowered: &Value, value: &Value, depth: usize) -> Option<Value> {
        self.steps = self.steps.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        if value.is_null() && is_nullable(lowered) {
            return Some(Value::Null);
        }
        if let Some(name) = reference(lowered) {
            return self.named(name, value, depth + 1);
        }
        let text = |key| lowered.get(key).and_then(Value::as_str);
        match (text("type"), text("format")) {
            (Some("string"), Some("date")) => through::<chrono::NaiveDate>(value),
            (Some("string"), Some("date-time")) => through::<chrono::DateTime<chrono::Utc>>(value),
            (Some("string"), _) => through::<String>(value),
            (Some("boolean"), _) => through::<bool>(value),
            (Some("integer"), Some("int32")) => through::<i32>(value),
            (Some("integer"), Some("uint32")) => through::<u32>(value),
            (Some("integer"), Some("uint64")) => through::<u64>(value),
            (Some("integer"), _) => through::<i64>(value),
            (Some("number"), Some("float")) => through::<f32>(value),
            (Some("number"), _) => through::<f64>(value),
            (Some("array"), _) => {
                let schema = lowered.get("items")?;
                let items = value.as_array()?.iter();
                let items: Option<Vec<Value>> = items
                    .map(|item| self.value(schema, item, depth + 1))
                    .collect();
                items.map(Value::Array)
            }
            (Some("object"), _) => {
                let any = json!({});
                let member = lowered.get("additionalProperties").unwrap_or(&any);
                let mut read = Map::new();
                for (key, value) in value.as_object()? {
                    read.insert(key, self.value(member, value, depth + 1)?);
                }
                Some(Value::Object(read))
            }
            _ => Some(value.clone()),
        }
    }

    fn named(&mut self, name: &str, value: &Value, depth: usize) -> Option<Value> {
        let schemas = self.schemas;
        let lowered = schemas.lowered.get(name)?;
        match &schemas.types.get(name)?.shape {
            Shape::Struct { fields, .. } => self.object(lowered, fields, value, depth),
            Shape::Enum { values } => {
                let text = value.as_str()?;
                let known = values.iter().any(|known| known == text);
                (known || self.judged == Judged::ByClient).then(|| value.clone())
            }
            Shape::Union(union) => self.union(name, union, value, depth),
            Shape::Alias => self.value(lowered, value, depth),
            Shape::Same(other) => self.named(other, value, depth),
        }
    }

    fn object(
        &mut self,
        lowered: &Value,
        fields: &BTreeMap<String, Field>,
        value: &Value,
        depth: usize,
    ) -> Option<Value> {
        let properties = lowered.get("properties")?;
        let extra = lowered.get("additionalProperties");
        let mut read = Map::new();
        for (key, value) in value.as_object()? {
            let schema = match (fields.get(key), extra) {
                (Some(field), _) if value.is_null() && (field.nullable || field.any) => {
                    read.insert(key, Value::Null);
                    continue;
                }
                // An optional value that is null is taken for absent.
                (Some(field), _) if value.is_null() && !field.required => continue,
                (Some(_), _) => properties.get(key)?,
                (None, Some(extra)) => extra,
                (None, None) => continue,
            };
            read.insert(key, self.value(schema, value, depth + 1)?);
        }
        let mut required = fields.iter().filter(|(_, field)| field.required);
        required
            .all(|(key, _)| read.contains_key(key))
            .then_some(Value::Object(read))
    }

    /// As `open_union!` chooses: by the tag, and where there is none the variant that fits and loses least.
    fn union(&mut self, name: &str, union: &Union, value: &Value, depth: usize) -> Option<Value> {
        let tag = union.tag.as_ref().and_then(|tag| value.get(tag)?.as_str());
        let mut tries: Vec<(usize, &Variant)> = match tag {
            Some(tag) => {
                let meant = |variant: &&Variant| variant.tags.iter().any(|known| known == tag);
                let meant = union.variants.iter().find(meant);
                meant.into_iter().map(|variant| (0, variant)).collect()
            }
            None => {
                let by_fit = union.variants.iter().filter(|variant| variant.by_fit);
                by_fit
                    .filter_map(|variant| Some((self.lost(&variant.holds, value)?, variant)))
                    .collect()
            }
        };
        tries.sort_by_key(|(lost, _)| *lost);
        for (_, variant) in tries {
            let read = match &variant.holds {
                Holds::Named(held) => {
                    // A union in this one fits where it knows the value.
                    let judged = self.judged;
                    if tag.is_none() && self.is_union(held) {
                        self.judged = Judged::ByDocument;
                    }
                    let read = self.named(held, value, depth + 1);
                    self.judged = judged;
                    read
                }
                Holds::Carried(field) => carried(self.schemas, name, field)
                    .and_then(|lowered| self.value(lowered, value, depth + 1)),
            };
            if read.is_some() {
                return read;
            }
        }
        (self.judged == Judged::ByClient).then(|| value.clone())
    }

    fn is_union(&self, name: &str) -> bool {
        let found = self.schemas.types.get(name);
        found.is_some_and(|found| matches!(found.shape, Shape::Union(_)))
    }

    /// How many members of a value a variant would lose; `None` where it cannot be one.
    fn lost(&self, holds: &Holds, value: &Value) -> Option<usize> {
        let Holds::Named(held) = holds else {
            return Some(0);
        };
        match self.schemas.types.get(held).map(|found| &found.shape) {
            Some(Shape::Struct {
                fields,
                keeps_unknown: false,
            }) => {
                let keys = value.as_object()?.keys();
                Some(keys.filter(|key| !fields.contains_key(*key)).count())
            }
            _ => Some(0),
        }
    }
}

/// The lowered schema of a variant that has no name.
pub(super) fn carried<'s>(schemas: &'s Schemas<'_>, union: &str, field: &str) -> Option<&'s Value> {
    let carrier = schemas.lowered.get(&carrier(union))?;
    carrier.get("properties")?.get(field)
}

/// By way of the type that the client has for it, and of the text: the number of an `f32` is longer
/// once it is an `f64`.
fn through<T: DeserializeOwned + Serialize>(value: &Value) -> Option<Value> {
    let read = T::deserialize(value.clone()).ok()?;
    let written = serde_json::from_str(&serde_json::to_string(&read).ok()?).ok()?;
    // What is infinite is written as null.
    Some(written).filter(|written: &Value| !written.is_null())
}
