//! Lists of types, and the type `null`.

use super::{Schema, Work};
use crate::{
    lint::{Kind, TYPES},
    rewrite::{
        Edit,
        walk::{above, inner},
    },
    value::{Map, Value, json},
};

const ID: &str = "type-list";

impl<'d> Work<'d> {
    pub(super) fn types(&mut self, schema: &Schema<'_, 'd>) {
        let mut listed: Vec<&str> = match schema.object.get("type") {
            Some(Value::String(word)) if word == "null" => vec![word],
            // `[string, null]` without quotes means the same.
            Some(Value::Array(words)) => words
                .iter()
                .map(|word| word.as_str().unwrap_or("null"))
                .collect(),
            _ => return,
        };
        listed.sort_by_key(|word| TYPES.iter().position(|known| known == word));
        listed.dedup();
        let with_null = listed.contains(&"null");
        listed.retain(|word| *word != "null");
        if listed.contains(&"number") {
            listed.retain(|word| *word != "integer");
        }
        let pointer = schema.pointer();
        let text = match (listed.as_slice(), with_null) {
            ([], false) => {
                self.edits.push(Edit::Remove(schema.inner("type")));
                "no type is listed: any value is let through"
            }
            ([], true) => {
                self.null(schema);
                "the type `null` is read as an `enum` of null"
            }
            ([one], _) => {
                self.set(&pointer, "type", json!(one));
                if with_null {
                    self.set(&pointer, "nullable", json!(true));
                    "a type and `null` are read as `nullable: true`"
                } else {
                    "a list of one type is read as that type"
                }
            }
            (several, _) => {
                if with_null {
                    self.set(&pointer, "nullable", json!(true));
                }
                self.union(schema, several)
            }
        };
        self.report.kind(ID, schema.spot.pointer, text);
    }

    /// A schema for null alone.
    fn null(&mut self, schema: &Schema<'_, 'd>) {
        self.edits.push(Edit::Remove(schema.inner("type")));
        self.set(schema.spot.pointer, "enum", json!([null]));
        // No value is null and something else; what is meant is either.
        let site = schema.spot.site;
        if (site.kind, site.key) == (Kind::Schema, "allOf") {
            let merged = above(schema.spot.above()).to_owned();
            self.set(&merged, "nullable", json!(true));
        }
    }

    /// Several types become the variants of a union, each with what is said of it.
    fn union(&mut self, schema: &Schema<'_, 'd>, listed: &[&str]) -> &'static str {
        let pointer = schema.spot.pointer;
        self.edits.push(Edit::Remove(schema.inner("type")));
        let has_shape = ["items", "properties", "additionalProperties"]
            .iter()
            .any(|key| schema.has(key));
        let is_any = listed.len() + 1 >= TYPES.len() && !has_shape;
        let unknown = listed.iter().any(|word| !TYPES.contains(word));
        if let Some(Value::Array(values)) = schema.object.get("enum") {
            let mut kinds: Vec<_> = values.iter().filter_map(kind_of).collect();
            kinds.dedup();
            if let [only] = kinds.as_slice() {
                self.set(pointer, "type", json!(only));
                return "several types with an `enum` are read as the type of its values";
            }
            return "several types with an `enum` are read as any value";
        }
        if is_any || unknown || schema.has("const") {
            return "all types are read as any value";
        }
        if ["anyOf", "oneOf", "allOf", "$ref"]
            .iter()
            .any(|key| schema.has(key))
        {
            return "several types beside a union are read as that union";
        }
        let mut branches = Vec::new();
        let mut moves = Vec::new();
        let format = schema.object.get("format").and_then(Value::as_str);
        let numeric = format.is_some_and(|format| {
            ["int", "uint", "float", "double", "decimal"]
                .iter()
                .any(|start| format.starts_with(start))
        });
        for (index, word) in listed.iter().enumerate() {
            let keys: &[&str] = match *word {
                "array" => &["items"],
                "object" => &["properties", "required", "additionalProperties"],
                "string" if !numeric => &["format"],
                "integer" | "number" if numeric => &["format"],
                _ => &[],
            };
            let branch = inner(&inner(pointer, "anyOf"), &index.to_string());
            for key in keys.iter().filter(|key| schema.has(key)) {
                moves.push(Edit::Move(schema.inner(key), inner(&branch, key)));
            }
            let mut members = Map::from_iter([("type".to_owned(), json!(word))]);
            if *word == "array" {
                members.insert("items".to_owned(), json!({}));
            }
            branches.push(Value::Object(members));
        }
        self.set(pointer, "anyOf", Value::Array(branches));
        self.edits.extend(moves);
        "several types are read as the variants of an `anyOf`"
    }
}

/// The type of a value that is not null.
pub(super) fn kind_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}
