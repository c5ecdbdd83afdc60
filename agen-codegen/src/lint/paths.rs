//! Rules on paths and the parameters in them.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    Findings, Rule,
    index::Index,
    parameters::{declared, spot},
};
use crate::{diagnostic::quote, document::Node};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "path-template",
        well_formed,
        "a path is not a template with a `/` first and names in pairs of braces",
        "the client puts the values of path parameters in place of the names in braces",
    ),
    Rule::error(
        "path-parameter-unused",
        unused,
        "a path parameter is declared that the path does not name",
        "its value would be asked for and never sent",
    ),
    Rule::error(
        "path-parameter-optional",
        optional,
        "a path parameter is not `required: true`",
        "there is no path without it; the specification demands it",
    ),
    Rule::error(
        "path-duplicate",
        duplicate_path,
        "two paths differ in the names of parameters alone",
        "a request would match both, so the specification forbids it",
    ),
];

/// The names in braces of a path, each with its place, or what is wrong with the path.
pub(crate) fn template(path: &str) -> Result<Vec<(&str, Range<usize>)>, &'static str> {
    if !path.starts_with('/') {
        return Err("it does not start with `/`");
    }
    let mut names = Vec::new();
    let mut known = HashSet::new();
    let mut end = 0;
    while let Some(found) = path.get(end..).and_then(|tail| tail.find(['{', '}'])) {
        let start = end + found;
        let tail = path.get(start..).unwrap_or_default();
        let Some(tail) = tail.strip_prefix('{') else {
            return Err("a `}` has no `{` before it");
        };
        let Some((name, close)) = tail
            .find(['{', '}'])
            .and_then(|at| tail.split_at_checked(at))
        else {
            return Err("a `{` has no `}` after it");
        };
        if close.starts_with('{') {
            return Err("a `{` has no `}` after it");
        }
        if name.is_empty() {
            return Err("there is no name in the braces");
        }
        if !known.insert(name) {
            return Err("it names a parameter twice");
        }
        end = start + name.len() + 2;
        names.push((name, start..end));
    }
    Ok(names)
}

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

/// Every path parameter has its place in the path.
fn unused(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for operation in &index.operations {
        let Ok(names) = template(operation.path) else {
            continue;
        };
        let names: HashSet<_> = names.into_iter().map(|(name, _)| name).collect();
        for parameter in &operation.parameters {
            if parameter.place != "path"
                || names.contains(parameter.name)
                || !seen.insert(parameter.site.pointer.clone())
            {
                continue;
            }
            findings.add(
                spot(&parameter.site),
                "not in the path",
                format!(
                    "the path {} has no {}",
                    quote(operation.path),
                    quote(&format!("{{{}}}", parameter.name))
                ),
                "put the name into the path in braces, or remove the parameter",
            );
        }
    }
}

/// Path parameters are required.
fn optional(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        let required = node.value.get("required");
        let readable = required.is_none_or(serde_json::Value::is_boolean);
        if place == "path" && readable && !node.flag("required") {
            findings.add(
                spot(node),
                "not required",
                format!("the path parameter {} is not required", quote(name)),
                "add `required: true`",
            );
        }
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
