//! `allOf` of schemas that no value matches all at once, or for which Rust has no type.

use std::collections::BTreeSet;

use super::{Lowering, LoweringRule, compounds};
use crate::{
    diagnostic::quote,
    document::Node,
    lint::Index,
    lower::{Form, MOST_COPIES, form},
};

pub(super) const TABLE: &[LoweringRule] = &[LoweringRule::new(
    "all-of-conflict",
    "the schemas that an `allOf` merges contradict each other",
    "no value could match both, so there is no type for it: it is kept as the JSON that comes",
    "give both the same type, or remove one of the schemas from `allOf`",
    [
        "paths: {}
components:
  schemas:
    Base: {type: object, properties: {age: {type: integer}, name: {type: string}}}
    Pet:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {type: object, properties: {age: {type: string}}}
",
        "paths: {}
components:
  schemas:
    Base: {type: object, properties: {age: {type: integer}, name: {type: string}}}
    Pet: {type: object, properties: {age: {}, name: {type: string}}}
",
    ],
)];

/// Tells of what becomes JSON because of it; the document stays as it is.
pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let mut told = BTreeSet::new();
    let mut copies = 0;
    for node in compounds(index.root.document()) {
        let merged = match form(&node) {
            Form::Anything => {
                let part = ["allOf", "oneOf", "anyOf"]
                    .iter()
                    .find_map(|key| node.get(key));
                done.push(Lowering {
                    id: "all-of-conflict",
                    span: part.unwrap_or(node).key_span(),
                    text: "these schemas have no type in common: the value is kept as JSON"
                        .to_owned(),
                });
                continue;
            }
            Form::Object(merged) | Form::Union(merged) => merged,
            Form::Same(_) | Form::Enum(_) | Form::Plain => continue,
        };
        copies += merged.brought(&node).count();
        // The client is not made, so nothing becomes JSON.
        if copies > MOST_COPIES {
            break;
        }
        for (name, property) in &merged.properties {
            let Some([known, own]) = &property.conflict else {
                continue;
            };
            if !told.insert((known.pointer.clone(), own.pointer.clone())) {
                continue;
            }
            done.push(Lowering {
                id: "all-of-conflict",
                span: place(own),
                text: format!(
                    "`allOf` merges properties {} of different types: the value is kept as JSON",
                    quote(name)
                ),
            });
        }
    }
}

/// Where a schema says its type.
fn place(node: &Node<'_>) -> std::ops::Range<usize> {
    node.get("type")
        .map_or_else(|| node.key_span(), |kind| kind.span())
}
