//! What the document says, where that takes more than one look.

use std::collections::HashSet;

use crate::{document::Node, media_type, value::Value};

/// A JSON type as a message names it.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Whether a status of `responses` is taken as success: any 2xx, and `default` where there is none.
pub(super) fn is_success(responses: &Node<'_>, status: &str) -> bool {
    status.starts_with('2')
        || status == "default"
            && responses
                .value
                .as_object()
                .is_some_and(|all| !all.keys().any(|status| status.starts_with('2')))
}

/// The responses of an operation that are taken as success, before references.
pub(super) fn successes<'a>(operation: &Node<'a>) -> Vec<Node<'a>> {
    let Some(responses) = operation.get("responses") else {
        return Vec::new();
    };
    let all = responses.entries();
    all.filter(|(status, _)| is_success(&responses, status))
        .map(|(_, response)| response)
        .collect()
}

/// The media type object that the client uses where there is JSON.
pub(super) fn json_content<'a>(body: &Node<'a>) -> Option<Node<'a>> {
    media_type::json(body).map(|(_, content)| content)
}

/// The JSON type of a schema, after references; that of its first branch that has one, where it is
/// an `allOf`. `None` where it can be several, or is not said.
pub(crate) fn schema_type<'a>(schema: &Node<'a>) -> Option<&'a str> {
    let mut found = None;
    each_branch(schema, &mut |branch| {
        if found.is_none() {
            found = branch.text("type").or_else(|| {
                let has = |key| branch.value.get(key).is_some();
                has("properties").then_some("object")
            });
        }
    });
    found
}

/// Calls a function for a schema and everything that it merges with `allOf`, each once, up to a
/// number that no honest document comes near.
pub(super) fn each_branch<'a>(schema: &Node<'a>, take: &mut dyn FnMut(&Node<'a>)) {
    const MOST: usize = 32;
    let mut seen = HashSet::new();
    let mut open = vec![schema.clone()];
    while let Some(schema) = open.pop().and_then(|next| next.resolve()) {
        if seen.len() == MOST {
            break;
        }
        if !seen.insert(schema.pointer.clone()) {
            continue;
        }
        take(&schema);
        let mut branches: Vec<_> = schema.elements("allOf").collect();
        branches.reverse();
        open.extend(branches);
    }
}
