//! Rules on what an operation says of itself.

use super::{Findings, Rule, index::Index};
use crate::{diagnostic::quote, document::Node, value::Value};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "extension-scopes",
    scopes,
    "`x-agen-scopes` does not have the structure that the generator reads",
    "the documentation of the method tells from it which scopes a key must have",
)];

/// `x-agen-scopes` is readable.
fn scopes(index: &Index<'_>, findings: &mut Findings<'_>) {
    const FORM: &str = "write `x-agen-scopes: { any-of: ['sessions:read'], certainty: stated }`, \
                        where the certainty is `stated` or `inferred`";
    for operation in index.operations.iter() {
        let Some(scopes) = operation.node.get("x-agen-scopes") else {
            continue;
        };
        let mut complain = |node: &Node<'_>, what: String| {
            let span = node.span();
            let span = if span.is_empty() {
                node.key_span()
            } else {
                span
            };
            findings.add(span, "cannot be read", what, FORM);
        };
        if !scopes.value.is_object() {
            complain(&scopes, "`x-agen-scopes` is not an object".to_owned());
            continue;
        }
        for (key, node) in scopes.entries() {
            if !matches!(key, "any-of" | "certainty") {
                complain(
                    &node,
                    format!("{} is no field of `x-agen-scopes`", quote(key)),
                );
            }
        }
        match scopes.get("any-of") {
            Some(list) => {
                let names = list.value.as_array().map(Vec::as_slice).unwrap_or_default();
                let is_name = |name: &Value| name.as_str().is_some_and(|name| !name.is_empty());
                if names.is_empty() || !names.iter().all(is_name) {
                    complain(
                        &list,
                        "`any-of` is not a list of at least one scope".to_owned(),
                    );
                }
            }
            None => complain(&scopes, "`x-agen-scopes` has no `any-of`".to_owned()),
        }
        match scopes.get("certainty") {
            Some(node) if matches!(node.value.as_str(), Some("stated" | "inferred")) => {}
            Some(node) => complain(
                &node,
                "`certainty` is neither `stated` nor `inferred`".to_owned(),
            ),
            None => complain(&scopes, "`x-agen-scopes` has no `certainty`".to_owned()),
        }
    }
}
