//! Rules on paths and the parameters in them.

use std::{collections::HashMap, ops::Range};

use super::{Findings, Rule, index::Index};
use crate::{diagnostic::quote, document::Node, path::template};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "path-template",
        well_formed,
        "a path is not a template with names in pairs of braces",
        "the client puts the values of path parameters in place of the names in braces",
    ),
    Rule::warning(
        "path-duplicate",
        duplicate_path,
        "two paths differ in the names of parameters alone",
        "a request matches both, so the server decides which operation it is; the specification forbids it",
    ),
];

/// The paths of the document with their items.
fn paths<'a>(index: &Index<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let all = index.root.members("paths");
    all.filter(|(path, _)| !path.starts_with("x-"))
}

/// Paths are templates.
fn well_formed(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (path, item) in paths(index) {
        if let Err(what) = template(path) {
            findings.add(
                item.key_span(),
                "this path",
                format!("{} is no path: {what}", quote(path)),
                "write a path such as `/sessions/{id}/events`",
            );
        }
    }
}

/// The place of a name in braces in the key of a path; that of the whole key where it is written with
/// escapes.
pub(crate) fn brace_span(key: &Range<usize>, path: &str, inside: &Range<usize>) -> Range<usize> {
    match key.len().checked_sub(path.len()) {
        // Bare or in quotes.
        Some(quotes @ (0 | 2)) => {
            let start = key.start + quotes / 2;
            start + inside.start..start + inside.end
        }
        _ => key.clone(),
    }
}

/// No two paths match the same requests.
fn duplicate_path(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<String, Node<'_>> = HashMap::new();
    let mut all: Vec<_> = paths(index).collect();
    all.sort_by_cached_key(|(_, item)| item.key_span().start);
    for (path, item) in all {
        let Ok(names) = template(path) else { continue };
        let mut shape = String::new();
        let mut end = 0;
        for (_, inside) in names {
            shape.push_str(path.get(end..inside.start).unwrap_or_default());
            shape.push_str("{}");
            end = inside.end;
        }
        shape.push_str(path.get(end..).unwrap_or_default());
        if let Some(other) = first.get(&shape) {
            findings.add(
                item.key_span(),
                "the same path",
                format!(
                    "{} is the same path as {}",
                    quote(path),
                    quote(&other.name())
                ),
                "put the operations of both under one path",
            );
            findings.also(other.key_span(), "first here");
        } else {
            first.insert(shape, item);
        }
    }
}
