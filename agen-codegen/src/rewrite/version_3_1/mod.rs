//! What OpenAPI 3.1 says otherwise than 3.0, said as in 3.0. Documents of 3.0 that say it in the way of
//! 3.1 are understood as well; only what stands beside a `$ref` means nothing in them.
//!
//! What a client does not look at, such as `contains` and `propertyNames`, stays where it is, as bounds
//! and patterns do.

mod arrays;
mod maps;
mod references;
mod rules;
mod types;
mod values;

use std::collections::HashSet;

use super::{
    Edit, Lowering,
    report::Report,
    walk::{Spot, inner, walk},
};
use crate::{
    document::{Document, reference_pointer, unescape},
    lint::{Kind, Reading, Shape, is_newer},
    value::{Map, Value, json},
};

pub(super) use rules::TABLE;

/// What is found on the walk.
struct Work<'d> {
    document: &'d Document,
    is_newer: bool,
    edits: Vec<Edit>,
    report: Report<'d>,
    names: references::Names<'d>,
    /// The components that stand in multipart bodies.
    multipart: HashSet<String>,
}

/// A schema that is an object, and where it stands.
struct Schema<'s, 'd> {
    spot: &'s Spot<'s, 'd>,
    object: &'d Map,
}

impl Schema<'_, '_> {
    fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    fn pointer(&self) -> String {
        self.spot.pointer.to_owned()
    }

    /// The pointer of a member.
    fn inner(&self, key: &str) -> String {
        self.spot.inner(key)
    }
}

pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let document = reading.document;
    let mut work = Work {
        document,
        is_newer: is_newer(&document.root()),
        edits: Vec::new(),
        report: Report::new(document),
        names: references::Names::default(),
        multipart: HashSet::new(),
    };
    walk(document, &mut |spot| work.spot(spot));
    // They are for the places as they are, so they go first.
    let mut edits = work.named_references();
    edits.append(&mut work.edits);
    work.report.finish(done);
    edits
}

impl<'d> Work<'d> {
    fn spot(&mut self, spot: &Spot<'_, 'd>) {
        if let Shape::Ref(_) = spot.shape {
            self.note_reference(spot);
        }
        match (spot.shape, spot.value) {
            (Shape::Ref(Kind::Schema), Value::Bool(_)) => self.boolean(spot),
            (Shape::Ref(Kind::Schema) | Shape::FlagOr(Kind::Schema), Value::Object(object)) => {
                self.schema(&Schema { spot, object });
            }
            (Shape::Object(Kind::Root), Value::Object(root)) => self.root(root),
            (Shape::Object(Kind::MediaType), Value::Object(media)) => self.multipart(spot, media),
            _ => {}
        }
    }

    fn schema(&mut self, schema: &Schema<'_, 'd>) {
        self.note_names(schema);
        if !self.siblings(schema) {
            return;
        }
        self.types(schema);
        self.constant(schema);
        self.examples(schema);
        self.bounds(schema);
        self.content(schema);
        self.items(schema);
        self.pattern_properties(schema);
        self.conditions(schema);
    }

    fn set(&mut self, pointer: &str, key: &'static str, value: Value) {
        self.edits.push(Edit::Set(pointer.to_owned(), key, value));
    }

    /// A value can be anything, or nothing at all, which a client has no use for.
    fn boolean(&mut self, spot: &Spot<'_, 'd>) {
        // Whether a tuple can be longer than it is said to be.
        let has_places = |object: &Map| object.contains_key("prefixItems");
        if spot.site.key == "items" && spot.object.is_some_and(has_places) {
            return;
        }
        let is_property = (spot.site.kind, spot.site.key) == (Kind::Schema, "properties");
        let (text, edit) = if is_property && spot.value.as_bool() == Some(false) {
            (
                "a property that is never there is left out",
                Edit::Remove(spot.pointer.to_owned()),
            )
        } else {
            (
                "a boolean stands for a schema: any value is let through",
                Edit::Replace(spot.pointer.to_owned(), json!({})),
            )
        };
        self.report.kind("boolean-schema", spot.pointer, text);
        self.edits.push(edit);
    }

    fn root(&mut self, root: &Map) {
        if let Some(Value::Object(webhooks)) = root.get("webhooks")
            && !webhooks.is_empty()
        {
            let text = match webhooks.len() {
                1 => "a webhook is left out".to_owned(),
                count => format!("{count} webhooks are left out"),
            };
            self.report.place("webhooks", "/webhooks", text);
        }
        if self.is_newer && !root.contains_key("paths") {
            self.set("", "paths", json!({}));
            self.report.place(
                "paths-missing",
                "",
                "the document has no `paths`: the client has no operations",
            );
        }
    }

    /// In a multipart body, a part of which nothing is said is bytes.
    fn multipart(&mut self, spot: &Spot<'_, 'd>, media: &Map) {
        let name = spot.pointer.rsplit('/').next().unwrap_or_default();
        if !self.is_newer || !unescape(name).starts_with("multipart/") {
            return;
        }
        let mut pointer = spot.inner("schema");
        let Some(mut schema) = media.get("schema") else {
            return;
        };
        if let Some(Value::String(reference)) = schema.get("$ref") {
            let target = reference_pointer(reference);
            let Some(target) = target.and_then(|target| self.document.at(&target)) else {
                return;
            };
            if !self.multipart.insert(target.pointer.clone()) {
                return;
            }
            pointer.clone_from(&target.pointer);
            schema = target.value;
        }
        let Some(Value::Object(properties)) = schema.get("properties") else {
            return;
        };
        for (name, property) in properties {
            let mut place = inner(&inner(&pointer, "properties"), name);
            let mut part = property;
            if let (Some("array"), Some(items)) = (
                part.get("type").and_then(Value::as_str),
                property.get("items"),
            ) {
                place = inner(&place, "items");
                part = items;
            }
            let says_nothing = part
                .as_object()
                .is_some_and(|part| part.keys().all(references::is_remark));
            if says_nothing {
                self.report.kind(
                    "content-encoding",
                    &place,
                    "a part without a type is read as `format: binary`",
                );
                self.set(&place, "type", json!("string"));
                self.set(&place, "format", json!("binary"));
            }
        }
    }
}

/// A schema as a text, by which it can be compared; none where it is large, since schemas that hold each
/// other would be written again and again.
fn short(value: &Value) -> Option<String> {
    fn count(value: &Value, left: &mut usize) -> bool {
        match left.checked_sub(1) {
            None => false,
            Some(rest) => {
                *left = rest;
                match value {
                    Value::Array(list) => list.iter().all(|value| count(value, left)),
                    Value::Object(object) => object.values().all(|value| count(value, left)),
                    Value::String(text) => text.len() <= 1000,
                    _ => true,
                }
            }
        }
    }
    let mut left = 50;
    count(value, &mut left).then(|| value.to_string())
}
