//! Paths that stand for others, and those that are more or less than a path.

use std::collections::HashMap;

use super::{Edit, Lowering, LoweringRule, walk::inner};
use crate::{
    diagnostic::quote,
    document::Node,
    lint::Reading,
    path::{Target, template},
    value::Value,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "path-item-ref",
        "a path item is a reference",
        "each path has operations of its own, so the client has as many methods as there are paths for it",
        "write the operations of the path out, each with an `operationId` of its own",
        [
            "paths:
  x-me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
  /me: {$ref: '#/paths/x-me'}
",
            "paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
        ],
    ),
    LoweringRule::new(
        "path-form",
        "a path has a query or a fragment, or no slash first",
        "the specification knows paths alone, so what else stands there is taken for what it would be in a URL",
        "begin with a slash, and describe the query by parameters",
        [
            "paths:
  me#short: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
            "paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
        ],
    ),
];

/// What all copies of path items together may add to a document, in bytes of JSON.
pub(crate) const MOST_COPIED: usize = 16 << 20;

/// The members of a path item.
const MEMBERS: [&str; 12] = [
    "summary",
    "description",
    "servers",
    "parameters",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
];

/// A path item that refers to another gets a copy of what that has and it has not.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let document = reading.document;
    let mut edits = Vec::new();
    let mut sizes: HashMap<String, usize> = HashMap::new();
    let mut copied = 0_usize;
    for (path, item) in document.root().members("paths") {
        if path.starts_with("x-") {
            continue;
        }
        form(path, &item, done);
        let Some(reference) = item.get("$ref") else {
            continue;
        };
        // What leads nowhere is a fault of the document.
        let Some(target) = item.resolve().filter(is_path_item) else {
            continue;
        };
        let size = sizes
            .entry(target.pointer.clone())
            .or_insert_with(|| target.value.to_string().len());
        if copied + *size > MOST_COPIED {
            continue;
        }
        copied += *size;
        edits.push(Edit::Remove(inner(&item.pointer, "$ref")));
        for key in MEMBERS {
            if let (None, Some(member)) = (item.get(key), target.get(key)) {
                edits.push(Edit::Set(item.pointer.clone(), key, member.value.clone()));
            }
        }
        done.push(Lowering {
            id: "path-item-ref",
            span: reference.span(),
            text: format!(
                "the path {} has the operations of {}",
                quote(path),
                quote(reference.value.as_str().unwrap_or_default())
            ),
        });
    }
    edits
}

/// Whether a value stands where path items do.
pub(crate) fn is_path_item(node: &Node<'_>) -> bool {
    let inner = ["/paths/", "/components/pathItems/"]
        .iter()
        .find_map(|section| node.pointer.strip_prefix(section));
    inner.is_some_and(|name| !name.contains('/')) && matches!(node.value, Value::Object(_))
}

fn form(path: &str, item: &Node<'_>, done: &mut Vec<Lowering>) {
    // One that is no template is refused.
    if template(path).is_err() {
        return;
    }
    let target = Target::new(path);
    let mut problems = Vec::new();
    if !path.is_empty() && !path.starts_with(['/', '?', '#']) {
        problems.push("has no slash first: one is put there");
    }
    if path.is_empty() {
        problems.push("is empty: the address itself is called");
    }
    if !target.query.is_empty() {
        problems.push("has a query, which is sent as such");
    }
    if target.fragment {
        problems.push("has a fragment, which is not sent");
    }
    if !problems.is_empty() {
        done.push(Lowering {
            id: "path-form",
            span: item.key_span(),
            text: format!("the path {} {}", quote(path), problems.join(", and ")),
        });
    }
}
