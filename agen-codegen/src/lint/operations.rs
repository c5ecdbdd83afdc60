//! Rules on the names of operations.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Findings, Rule,
    index::{Index, Operation},
};
use crate::{diagnostic::quote, document::Node, name};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "operation-id-missing",
        missing,
        "an operation has no `operationId`",
        "the method of the client is called by it",
    ),
    Rule::error(
        "operation-id-duplicate",
        duplicate,
        "two operations have the same `operationId`",
        "the client would have two methods of the same name",
    ),
    Rule::error(
        "operation-id-collision",
        collision,
        "an `operationId` gives no Rust name, or the same one as another",
        "the method of the client is called by the `operationId`, in snake case",
    ),
    Rule::error(
        "extension-scopes",
        scopes,
        "`x-agen-scopes` does not have the structure that the generator reads",
        "the documentation of the method tells from it which scopes a key must have",
    ),
];

impl Operation<'_> {
    /// The operation as a message names it.
    pub(super) fn title(&self) -> String {
        quote(&format!("{} {}", self.method.to_uppercase(), self.path))
    }
}

/// Every operation has a name.
fn missing(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        if operation.node.get("operationId").is_some() {
            continue;
        }
        findings.add(
            operation.node.key_span(),
            "this operation",
            format!("{} has no `operationId`", operation.title()),
            format!("add `operationId: {}`", proposal(operation)),
        );
    }
}

/// A name made of the method and the path.
fn proposal(operation: &Operation<'_>) -> String {
    const LONGEST: usize = 60;
    let words = format!("{} {}", operation.method, operation.path);
    let made = name::pascal(&words).unwrap_or_default();
    let mut characters = made.chars().take(LONGEST);
    let first = characters.next().unwrap_or_default();
    first.to_lowercase().chain(characters).collect()
}

/// The operations with a name, with the name.
fn named<'a>(index: &Index<'a>) -> Vec<(&'a str, Node<'a>)> {
    let id = |operation: &Operation<'a>| {
        let node = operation.node.get("operationId")?;
        Some((node.value.as_str()?, node))
    };
    let mut named: Vec<_> = index.operations.iter().filter_map(id).collect();
    named.sort_by_cached_key(|(_, node)| node.span().start);
    named
}

/// No two operations have the same name.
fn duplicate(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<&str, Node<'_>> = HashMap::new();
    for (id, node) in named(index) {
        if let Some(first) = first.get(id) {
            findings.add(
                node.span(),
                "again here",
                format!("two operations have the `operationId` {}", quote(id)),
                "give each operation a name of its own",
            );
            findings.also(first.span(), "first here");
        } else {
            first.insert(id, node);
        }
    }
}

/// No two operations have the same name in Rust, and each has one.
fn collision(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<String, (&str, Node<'_>)> = HashMap::new();
    for (id, node) in named(index) {
        let Some(made) = name::snake(id) else {
            findings.add(
                node.span(),
                "no letter or digit",
                format!(
                    "no Rust name can be made of the `operationId` {}",
                    quote(id)
                ),
                "write a name of letters and digits, such as `listSessions`",
            );
            continue;
        };
        match first.get(&made) {
            Some((other, _)) if *other == id => {}
            Some((other, place)) => {
                findings.add(
                    node.span(),
                    format!("`{made}` in Rust"),
                    format!(
                        "the operations {} and {} have the same name in Rust",
                        quote(other),
                        quote(id)
                    ),
                    "rename one of them, so that they differ in more than case and punctuation",
                );
                findings.also(place.span(), "the other one");
            }
            None => {
                first.insert(made, (id, node));
            }
        }
    }
}

/// `x-agen-scopes` is readable.
fn scopes(index: &Index<'_>, findings: &mut Findings<'_>) {
    const FORM: &str = "write `x-agen-scopes: { any-of: ['sessions:read'], certainty: stated }`, \
                        where the certainty is `stated` or `inferred`";
    for operation in &index.operations {
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
