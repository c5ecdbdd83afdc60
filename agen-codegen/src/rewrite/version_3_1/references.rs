//! References by name, and what stands beside a reference.

use std::collections::HashMap;

use super::{Schema, Work};
use crate::{
    rewrite::{
        Edit,
        walk::{Spot, inner},
    },
    value::{Value, json},
};

/// Names that schemas have, and references that may be by such a name.
#[derive(Default)]
pub(super) struct Names<'d> {
    /// The pointer of each anchor, with a `#` before it, and of each identifier.
    known: HashMap<String, String>,
    /// The pointer of an object with a reference, under which key it has it, and the reference.
    used: Vec<(String, &'static str, &'d str)>,
}

/// Whether a field says something of a thing and nothing of its values.
pub(super) fn is_remark(key: &str) -> bool {
    const REMARKS: [&str; 13] = [
        "summary",
        "description",
        "title",
        "default",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
    ];
    key.starts_with("x-") || REMARKS.contains(&key)
}

impl<'d> Work<'d> {
    /// Notes the names that references can call a schema by.
    pub(super) fn note_names(&mut self, schema: &Schema<'_, 'd>) {
        let text = |key| schema.object.get(key).and_then(Value::as_str);
        let anchors = ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text);
        let names = anchors
            .map(|anchor| format!("#{anchor}"))
            .chain(text("$id").map(|id| id.trim_end_matches('#').to_owned()));
        for name in names {
            self.names.known.entry(name).or_insert(schema.pointer());
        }
        if let (Some(target), false) = (text("$dynamicRef"), schema.has("$ref")) {
            let used = (schema.pointer(), "$dynamicRef", target);
            self.names.used.push(used);
        }
    }

    /// Notes a reference that is no pointer into this document.
    pub(super) fn note_reference(&mut self, spot: &Spot<'_, 'd>) {
        let reference = spot.value.get("$ref").and_then(Value::as_str);
        if let Some(reference) = reference.filter(|reference| !reference.starts_with("#/")) {
            let used = (spot.pointer.to_owned(), "$ref", reference);
            self.names.used.push(used);
        }
    }

    /// References by a name become references by a pointer.
    pub(super) fn named_references(&mut self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let names = std::mem::take(&mut self.names);
        for (pointer, key, reference) in names.used {
            let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
            let escaped = |pointer: &String| pointer.replace('%', "%25");
            let target = match names.known.get(reference) {
                Some(found) => Some(escaped(found)),
                None if key == "$dynamicRef" && reference.starts_with("#/") => {
                    Some(fragment.to_owned())
                }
                // Into a schema with an identifier.
                None if fragment.is_empty() || fragment.starts_with('/') => names
                    .known
                    .get(base)
                    .map(|found| format!("{}{fragment}", escaped(found))),
                // An anchor in such a schema.
                None => names.known.get(&format!("#{fragment}")).map(escaped),
            };
            let Some(target) = target else { continue };
            self.report.kind(
                "reference-by-name",
                &inner(&pointer, key),
                "a reference by a name is read as one by a pointer",
            );
            if key != "$ref" {
                edits.push(Edit::Remove(inner(&pointer, key)));
            }
            edits.push(Edit::Set(pointer, "$ref", json!(format!("#{target}"))));
        }
        edits
    }

    /// Says what stands beside a reference as a part of an `allOf`. False where a schema is a
    /// reference and nothing else that matters.
    pub(super) fn siblings(&mut self, schema: &Schema<'_, 'd>) -> bool {
        if !schema.object.get("$ref").is_some_and(Value::is_string) {
            return true;
        }
        let mut others = schema.object.keys().filter(|key| *key != "$ref");
        // A type, which the other schema has as well.
        let matters =
            others.any(|key| !is_remark(key) && !matches!(key, "type" | "$id" | "$anchor"));
        if !matters || !self.is_newer {
            return false;
        }
        let pointer = schema.spot.pointer;
        let index = match schema.object.get("allOf") {
            Some(Value::Array(parts)) => {
                let part = Edit::Append(pointer.to_owned(), "allOf", json!({}));
                self.edits.push(part);
                parts.len()
            }
            _ => {
                self.set(pointer, "allOf", json!([{}]));
                0
            }
        };
        let part = inner(&schema.inner("allOf"), &index.to_string());
        let reference = schema.inner("$ref");
        self.edits.push(Edit::Move(reference, inner(&part, "$ref")));
        self.report.kind(
            "reference-siblings",
            pointer,
            "a reference and what stands beside it are read as an `allOf`",
        );
        true
    }
}
