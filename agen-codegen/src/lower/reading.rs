//! Small questions about a schema of the document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Node;

/// The values of a string enum, without null. A union of strings is an enum as well: the ones that
/// are named are its documented values.
pub(super) fn string_values(node: &Node<'_>) -> Option<Vec<String>> {
    let real: Vec<Node<'_>> = variants(node).filter(|variant| !is_null(variant)).collect();
    if real.is_empty() {
        return enum_values(node);
    }
    let resolved: Option<Vec<Node<'_>>> = real.iter().map(Node::resolve).collect();
    let resolved = resolved?;
    let strings = resolved
        .iter()
        .all(|variant| variant.text("type") == Some("string"));
    let mut values: Vec<String> = resolved.iter().filter_map(enum_values).flatten().collect();
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    (strings && !values.is_empty()).then_some(values)
}

/// The strings of `enum`, without null; `None` where something else stands among them.
fn enum_values(node: &Node<'_>) -> Option<Vec<String>> {
    if !matches!(node.text("type"), None | Some("string")) {
        return None;
    }
    let values = node
        .value
        .get("enum")?
        .as_array()?
        .iter()
        .filter(|value| !value.is_null());
    let texts: Option<Vec<String>> = values
        .map(|value| value.as_str().map(str::to_owned))
        .collect();
    texts.filter(|texts| !texts.is_empty())
}

/// Whether there is a variant that is not null.
pub(super) fn is_union(node: &Node<'_>) -> bool {
    variants(node).any(|variant| !is_null(&variant))
}

pub(super) fn variants<'a>(node: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    node.elements("oneOf").chain(node.elements("anyOf"))
}

/// A union of strings that names no values.
pub(super) fn is_text(node: &Node<'_>) -> bool {
    let mut real = variants(node)
        .filter(|variant| !is_null(variant))
        .peekable();
    let text = |variant: Node<'_>| {
        variant
            .resolve()
            .is_some_and(|found| found.text("type") == Some("string"))
    };
    real.peek().is_some() && real.all(text) && string_values(node).is_none()
}

/// `enum: [null]`, which 3.0 documents write for null.
pub(super) fn is_null(node: &Node<'_>) -> bool {
    node.value
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.as_slice() == [Value::Null])
        || node.text("type") == Some("null")
}

/// Whether a schema lets null stand for its value, in any of the ways in which documents say so. An
/// `allOf` of one schema is as good as that schema.
pub(super) fn is_nullable(node: &Node<'_>) -> bool {
    const DEEPEST: usize = 8;
    let mut schema = Some(node.clone());
    for _ in 0..DEEPEST {
        let Some(node) = schema else { break };
        if says_null(&node) {
            return true;
        }
        let mut parts = node.elements("allOf");
        schema = match (parts.next(), parts.next()) {
            (Some(only), None) => only.resolve(),
            _ => None,
        };
    }
    false
}

fn says_null(node: &Node<'_>) -> bool {
    let values = node.value.get("enum").and_then(Value::as_array);
    node.flag("nullable")
        || variants(node).any(|variant| is_null(&variant))
        || values.is_some_and(|values| values.contains(&Value::Null))
}

/// A schema that says nothing of the value.
pub(super) fn is_any(node: &Node<'_>) -> bool {
    const MEANING: [&str; 9] = [
        "$ref",
        "type",
        "properties",
        "items",
        "additionalProperties",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
    ];
    node.value
        .as_object()
        .is_some_and(|object| !MEANING.iter().any(|key| object.contains_key(*key)))
}
