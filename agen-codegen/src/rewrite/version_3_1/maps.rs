//! Objects whose properties are found by a pattern or a condition.

use std::collections::HashSet;

use super::{Schema, Work, short};
use crate::{
    rewrite::{Edit, walk::inner},
    value::{Value, json},
};

impl<'d> Work<'d> {
    /// Patterns of keys become a map of their values, where there are no other properties. Else what
    /// they describe is kept as JSON.
    pub(super) fn pattern_properties(&mut self, schema: &Schema<'_, 'd>) {
        let object = schema.object;
        let rest = object.get("additionalProperties");
        let Some(Value::Object(patterns)) = object.get("patternProperties") else {
            let unevaluated = object.get("unevaluatedProperties");
            if rest.is_none() && unevaluated.is_some_and(Value::is_object) {
                self.edits.push(Edit::Move(
                    schema.inner("unevaluatedProperties"),
                    schema.inner("additionalProperties"),
                ));
            }
            return;
        };
        let pointer = schema.spot.pointer;
        let key = schema.inner("patternProperties");
        let remove = Edit::Remove(key.clone());
        if patterns.is_empty() {
            self.edits.push(remove);
            return;
        }
        let rest = rest.filter(|rest| rest.is_object());
        let has_properties = matches!(
            object.get("properties"),
            Some(Value::Object(properties)) if !properties.is_empty()
        );
        let same: HashSet<_> = patterns.values().map(short).collect();
        let is_one = patterns.len() == 1 || same.len() == 1 && !same.contains(&None);
        let text = match patterns.keys().next() {
            Some(first) if !has_properties && rest.is_none() && is_one => {
                self.edits.push(Edit::Move(
                    inner(&key, first),
                    schema.inner("additionalProperties"),
                ));
                "keys by a pattern are read as a map with any keys"
            }
            _ => {
                self.set(pointer, "additionalProperties", json!(true));
                "values of keys by a pattern are kept as JSON"
            }
        };
        self.edits.push(remove);
        if !schema.has("type") && !has_properties {
            self.set(pointer, "type", json!("object"));
        }
        self.report.place("pattern-properties", &key, text);
    }

    /// What holds only on a condition is no part of a type.
    pub(super) fn conditions(&mut self, schema: &Schema<'_, 'd>) {
        for key in ["then", "else", "dependentSchemas"] {
            let Some(Value::Object(adds)) = schema.object.get(key) else {
                continue;
            };
            // A schema that only checks takes nothing from the client.
            let adds = match key {
                "dependentSchemas" => adds.values().any(has_shape),
                _ => adds.keys().any(is_shape),
            };
            if adds {
                let text = format!("what `{key}` adds on a condition is not part of the type");
                self.report
                    .place("conditional-schema", &schema.inner(key), text);
            }
        }
    }
}

fn has_shape(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|schema| schema.keys().any(is_shape))
}

fn is_shape(key: &str) -> bool {
    ["$ref", "properties", "items", "allOf", "anyOf", "oneOf"].contains(&key)
}
