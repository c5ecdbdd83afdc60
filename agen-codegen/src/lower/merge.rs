//! Objects with everything that their `allOf` adds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reading::{is_any, string_values, variants};
use crate::document::Node;

/// A property, collected through references and `allOf`.
pub(super) struct Property<'a> {
    pub(super) node: Node<'a>,
    pub(super) required: bool,
}

/// Properties by their names on the wire.
pub(super) type Properties<'a> = BTreeMap<&'a str, Property<'a>>;

/// An object schema with everything that its `allOf` adds.
#[derive(Default)]
pub(super) struct Merged<'a> {
    pub(super) properties: Properties<'a>,
    required: BTreeSet<&'a str>,
    pub(super) additional: Option<Node<'a>>,
    pub(super) keeps_unknown: bool,
    /// Whether a part is something else than an object.
    pub(super) foreign: bool,
    /// What is in already: a part that is reached twice adds nothing, and a circle ends.
    seen: BTreeSet<String>,
}

impl<'a> Merged<'a> {
    /// Collects the properties of a schema and of everything in its `allOf`.
    pub(super) fn of(node: &Node<'a>) -> Self {
        let mut merged = Self::default();
        merged.add(node);
        for (key, property) in &mut merged.properties {
            property.required = merged.required.contains(key);
        }
        merged
    }

    fn add(&mut self, node: &Node<'a>) {
        let Some(node) = node.resolve() else {
            self.foreign = true;
            return;
        };
        if !self.seen.insert(node.pointer.clone()) {
            return;
        }
        let kind = node.text("type");
        if kind.is_some_and(|kind| kind != "object")
            || variants(&node).next().is_some()
            || string_values(&node).is_some()
        {
            self.foreign = true;
            return;
        }
        for part in node.elements("allOf") {
            self.add(&part);
        }
        self.required.extend(
            node.elements("required")
                .filter_map(|key| key.value.as_str()),
        );
        for (key, property) in node.members("properties") {
            self.properties.insert(
                key,
                Property {
                    node: property,
                    required: false,
                },
            );
        }
        match node.get("additionalProperties") {
            Some(schema) if schema.value.is_object() && !is_any(&schema) => {
                self.additional = Some(schema)
            }
            Some(flag) if flag.value != &Value::Bool(false) => self.keeps_unknown = true,
            _ => {}
        }
    }
}
