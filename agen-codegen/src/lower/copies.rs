//! Bounds how much of a document is made into Rust more than once.
//!
//! `allOf` brings the properties of a schema into others, and an inline schema in a shared parameter or answer
//! has a type in every operation. Each is a copy, and copies of copies multiply: a few hundred properties that
//! extend the schema in which they stand come to a hundred thousand fields.

use std::collections::BTreeSet;

use super::{merge::Merged, schemas::Schemas};
use crate::{Diagnostic, Label, Severity, document::Node, lint::Rule, value::Value};

/// How many bytes may be copied. Honest documents stay far below it.
const MOST: usize = 8 << 20;
/// What a value takes beside its text.
const VALUE: usize = 16;
/// More values than this are too many, whatever they hold.
pub(crate) const MOST_COPIES: usize = MOST / VALUE;

const SCHEMA_COPIES: Rule = Rule {
    id: "schema-copies",
    severity: Severity::Error,
    summary: "schemas that are made into several types come to more than 8 MiB",
    why: "each is a copy with a name of its own, and copies of copies would take more time and memory than there is",
    check: None,
};

/// The rules that lowering finds broken.
pub(crate) const RULES: &[Rule] = &[SCHEMA_COPIES];

/// What has been copied.
pub(super) struct Copies {
    left: usize,
    /// The pointer of the component or operation that is being lowered.
    pub(super) site: String,
    /// Those of all that have copied more than there was left for.
    beyond: BTreeSet<String>,
}

impl Copies {
    pub(super) fn new() -> Self {
        Self {
            left: MOST,
            site: String::new(),
            beyond: BTreeSet::new(),
        }
    }

    /// Whether there is room for one more copy of a value.
    pub(super) fn has_room_for(&mut self, value: &Value) -> bool {
        let has_room = take(value, &mut self.left);
        if !has_room {
            self.left = 0;
            self.beyond.insert(self.site.clone());
        }
        has_room
    }
}

/// Takes the size of a value from what is left; it stops where that is not enough.
fn take(value: &Value, left: &mut usize) -> bool {
    let text = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => {
            if !items.iter().all(|item| take(item, left)) {
                return false;
            }
            0
        }
        Value::Object(object) => {
            let mut members = object.iter();
            let all_fit = members.all(|(key, value)| {
                let rest = left.checked_sub(key.len());
                rest.is_some_and(|rest| {
                    *left = rest;
                    take(value, left)
                })
            });
            if !all_fit {
                return false;
            }
            0
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    let rest = left.checked_sub(VALUE + text);
    *left = rest.unwrap_or_default();
    rest.is_some()
}

impl<'a> Schemas<'a> {
    /// Whether there was no room for a copy: the client is not made in any case, and of a schema it is only
    /// noted whether it would be one more.
    pub(super) fn is_over(&mut self, node: &Node<'a>) -> bool {
        if self.copies.beyond.is_empty() {
            return false;
        }
        if node.get("allOf").is_some() || self.inner.contains_key(&node.pointer) {
            self.copies.has_room_for(node.value);
        }
        true
    }

    /// Whether there is room for the properties that a struct has from elsewhere.
    pub(super) fn has_room_for(&mut self, node: &Node<'a>, merged: &Merged<'a>) -> bool {
        let mut brought = merged.brought(node);
        brought.all(|node| self.copies.has_room_for(node.value))
    }

    /// An error at every component and operation that copies more than there is room for.
    pub(super) fn beyond(&self) -> Vec<Diagnostic> {
        let beyond = self.copies.beyond.iter().map(|pointer| Diagnostic {
            rule: SCHEMA_COPIES.id,
            severity: SCHEMA_COPIES.severity,
            message: format!(
                "the schemas up to here that are made into several types come to more than {} MiB",
                MOST >> 20
            ),
            primary: Label {
                span: self.document.key_span(pointer),
                text: "too much is copied into this".to_owned(),
            },
            related: Vec::new(),
            why: SCHEMA_COPIES.why.to_owned(),
            help: "move inline schemas that stand in several places to `components/schemas`, and let `allOf` bring \
                   in no more than what is needed"
                .to_owned(),
        });
        let mut beyond: Vec<Diagnostic> = beyond.collect();
        beyond.sort_by_key(|found| found.primary.span.start);
        beyond
    }
}
