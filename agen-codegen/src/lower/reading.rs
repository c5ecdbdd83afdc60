//! Small questions about a schema of the document.

use std::collections::BTreeSet;

use crate::{document::Node, value::Value};

/// The values of a string enum, without null. A union of strings is an enum as well: the ones that
/// are named are its documented values.
pub(crate) fn string_values(node: &Node<'_>) -> Option<Vec<String>> {
    let Some(strings) = strings(node) else {
        return enum_values(node).filter(|_| !is_union(node));
    };
    let mut values: Vec<String> = strings.iter().filter_map(enum_values).flatten().collect();
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    (!values.is_empty()).then_some(values)
}

/// The variants of a union of strings, after references.
fn strings<'a>(node: &Node<'a>) -> Option<Vec<Node<'a>>> {
    let is_string = node.text("type") == Some("string");
    let variants = variants(node).map(|variant| {
        let found = variant.resolve()?;
        let string = match found.text("type") {
            None => is_string && (found.value.get("enum").is_some() || is_any(&found)),
            Some(kind) => kind == "string",
        };
        string.then_some(found)
    });
    let strings: Vec<Node<'a>> = variants.collect::<Option<_>>()?;
    (!strings.is_empty()).then_some(strings)
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
    variants(node).next().is_some()
}

/// The variants of a union, without null. Variants that only demand something of a schema that says
/// itself what the value is, such as which properties are required, make no union.
pub(crate) fn variants<'a>(node: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let real = all_variants(node).filter(|variant| !is_null(variant));
    let real: Vec<Node<'a>> = real.collect();
    if real.is_empty() {
        return real.into_iter();
    }
    let kind = node.text("type");
    let kind = kind.or_else(|| says(node, "properties").then_some("object"));
    let demands = |variant: &Node<'a>| {
        !MEANING
            .iter()
            .any(|key| *key != "type" && says(variant, key))
            && variant.text("type").is_none_or(|own| Some(own) == kind)
    };
    let only_demands = kind.is_none_or(|kind| kind != "string") && real.iter().all(demands);
    let real = if only_demands { Vec::new() } else { real };
    real.into_iter()
}

/// The variants of a union, null among them.
fn all_variants<'a>(node: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    node.elements("oneOf").chain(node.elements("anyOf"))
}

/// A union of one schema and null.
pub(super) fn only_variant<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    if all_variants(node).nth(1).is_none() || node.value.get("discriminator").is_some() {
        return None;
    }
    let mut real = variants(node);
    let only = real.next()?;
    real.next().is_none().then_some(only)
}

/// A union of strings that names no values.
pub(super) fn is_text(node: &Node<'_>) -> bool {
    strings(node).is_some_and(|strings| !strings.iter().any(|one| enum_values(one).is_some()))
}

/// `enum: [null]`, which 3.0 documents write for null, or `nullable: true` and nothing else.
pub(crate) fn is_null(node: &Node<'_>) -> bool {
    node.value
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.as_slice() == [Value::Null])
        || node.text("type") == Some("null")
        || node.flag("nullable") && is_any(node)
}

/// Whether a schema lets null stand for its value, in any of the ways in which documents say so. An
/// `allOf` of one schema is as good as that schema.
pub(super) fn is_nullable(node: &Node<'_>) -> bool {
    let leads_on = |key| node.value.get(key).is_some();
    if !["$ref", "allOf", "oneOf", "anyOf"]
        .into_iter()
        .any(leads_on)
    {
        let values = node.value.get("enum").and_then(Value::as_array);
        let named = values.is_some_and(|values| values.contains(&Value::Null));
        return named || node.flag("nullable") || is_null(node);
    }
    // References, variants and parts that let null through are followed so far.
    let mut open = vec![node.clone()];
    for _ in 0..32 {
        let Some(node) = open.pop() else { break };
        let Some(node) = node.resolve() else { continue };
        let values = node.value.get("enum").and_then(Value::as_array);
        if node.flag("nullable") || values.is_some_and(|values| values.contains(&Value::Null)) {
            return true;
        }
        // Null among the variants; of several parts all would have to take it, but for those that say
        // only this.
        let mut parts = node.elements("allOf");
        let (first, second) = (parts.next(), parts.next());
        open.extend(all_variants(&node));
        match (first, second) {
            (Some(only), None) => open.push(only),
            (Some(first), Some(second)) => {
                open.extend([first, second].into_iter().chain(parts).filter(is_null));
            }
            _ => {}
        }
        if is_null(&node) {
            return true;
        }
    }
    false
}

/// What a schema can say of the type of its value.
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

/// A schema that says nothing of the value.
pub(super) fn is_any(node: &Node<'_>) -> bool {
    node.value.is_object() && !MEANING.iter().any(|key| says(node, key))
}

/// Whether a schema has a keyword, and something in it.
pub(super) fn says(node: &Node<'_>, key: &str) -> bool {
    match node.value.get(key) {
        Some(Value::Object(members)) if key == "properties" => !members.is_empty(),
        Some(Value::Array(elements)) if key != "enum" => !elements.is_empty(),
        Some(_) => true,
        None => false,
    }
}

/// The part of an `allOf` that a schema stands for, where everything else that it says is no matter of
/// its type: the usual way to say something about a reference in 3.0.
pub(super) fn only_part<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let closed = node.value.get("additionalProperties") == Some(&Value::Bool(false));
    let own = |key: &str| match key {
        "allOf" | "type" => false,
        "additionalProperties" if closed => false,
        "oneOf" | "anyOf" => is_union(node),
        _ => says(node, key),
    };
    if MEANING.iter().any(|key| own(key)) || says(node, "required") {
        return None;
    }
    let mut telling = node.elements("allOf").filter(|part| {
        let Some(found) = part.resolve() else {
            return true;
        };
        let types = !is_any(&found) && !is_bare_object(&found);
        types || says(&found, "required")
    });
    let only = telling.next()?;
    telling.next().is_none().then_some(only)
}

/// `type: object` and no more.
fn is_bare_object(node: &Node<'_>) -> bool {
    node.text("type") == Some("object")
        && !MEANING.iter().any(|key| *key != "type" && says(node, key))
}
