//! Rules on schemas.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::{Findings, Rule, index::Index, reading};
use crate::{diagnostic::quote, document::Node, name};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "schema-name-collision",
        component,
        "a schema in the components gives no Rust name, or the same one as another",
        "the type is called by it, in pascal case",
    ),
    Rule::error(
        "property-collision",
        property,
        "a property gives no Rust name, or the same one as another of its schema",
        "the field is called by it, in snake case",
    ),
    Rule::error(
        "enum-empty",
        enum_empty,
        "an enum has no values",
        "nothing would be valid",
    ),
    Rule::error(
        "enum-value-type",
        enum_type,
        "a value of an enum does not have the type of its schema",
        "no valid document could ever hold the value",
    ),
    Rule::error(
        "enum-value-duplicate",
        enum_duplicate,
        "an enum lists a value twice",
        "each value becomes a variant, and variants differ",
    ),
    Rule::error(
        "enum-value-collision",
        enum_collision,
        "two values of an enum give the same Rust name",
        "each value becomes a variant that is called by it, in pascal case",
    ),
    Rule::error(
        "enum-value-name",
        enum_name,
        "a value of an enum gives no Rust name",
        "each value becomes a variant that is called by it, in pascal case",
    ),
];

/// Components have a name of their own in Rust.
fn component(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<String, Node<'_>> = HashMap::new();
    let mut schemas: Vec<_> = index.components("schemas").collect();
    schemas.sort_by_cached_key(|(_, node)| node.key_span().start);
    for (name, node) in schemas {
        let help = "rename the schema and the references to it";
        let Some(made) = name::pascal(name) else {
            findings.add(
                node.key_span(),
                "no letter or digit",
                format!("no Rust name can be made of the schema {}", quote(name)),
                help,
            );
            continue;
        };
        if made == "Self_" {
            findings.add(
                node.key_span(),
                "a keyword",
                format!("the schema {} is called by a keyword of Rust", quote(name)),
                help,
            );
        }
        if let Some(other) = first.get(&made) {
            findings.add(
                node.key_span(),
                format!("`{made}` in Rust"),
                format!(
                    "the schemas {} and {} have the same name in Rust",
                    quote(&other.name()),
                    quote(name)
                ),
                help,
            );
            findings.also(other.key_span(), "the other one");
        } else {
            first.insert(made, node);
        }
    }
}

/// Properties have a name of their own in Rust.
fn property(index: &Index<'_>, findings: &mut Findings<'_>) {
    for schema in index.schemas() {
        let mut all: Vec<_> = schema.members("properties").collect();
        let made: HashSet<_> = all.iter().map(|(name, _)| name::snake(name)).collect();
        if made.len() == all.len() && !made.contains(&None) {
            continue;
        }
        let mut first: HashMap<String, Node<'_>> = HashMap::new();
        all.sort_by_cached_key(|(_, node)| node.key_span().start);
        for (name, node) in all {
            let Some(made) = name::snake(name) else {
                findings.add(
                    node.key_span(),
                    "no letter or digit",
                    format!("no Rust name can be made of the property {}", quote(name)),
                    "leave it out: unknown fields of a response are allowed",
                );
                continue;
            };
            if let Some(other) = first.get(&made) {
                findings.add(
                    node.key_span(),
                    format!("`{made}` in Rust"),
                    format!(
                        "the properties {} and {} have the same name in Rust",
                        quote(&other.name()),
                        quote(name)
                    ),
                    "leave one of them out: unknown fields of a response are allowed",
                );
                findings.also(other.key_span(), "the other one");
            } else {
                first.insert(made, node);
            }
        }
    }
}

/// The enums of the document: the schema, and the list of values.
fn enums<'i, 'a>(index: &'i Index<'a>) -> impl Iterator<Item = (&'i Node<'a>, Node<'a>)> {
    index.schemas().filter_map(|schema| {
        let list = schema.get("enum")?;
        list.value.is_array().then_some((schema, list))
    })
}

/// The values of an enum that are strings, where all of them are strings or null.
fn strings<'a>(schema: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut strings = Vec::new();
    if schema
        .get("type")
        .is_some_and(|kind| kind.value != "string")
    {
        return strings;
    }
    for value in schema.elements("enum") {
        match value.value {
            Value::String(text) => strings.push((text.as_str(), value)),
            Value::Null => {}
            _ => return Vec::new(),
        }
    }
    strings
}

/// Enums have values.
fn enum_empty(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (_, list) in enums(index) {
        if list.value.as_array().is_some_and(Vec::is_empty) {
            findings.add(
                list.span(),
                "no values",
                "the enum has no values",
                "list the values, or remove `enum` to allow any",
            );
        }
    }
}

/// The values of an enum have its type.
fn enum_type(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, list) in enums(index) {
        let Some(kind) = schema.text("type") else {
            continue;
        };
        for value in schema.elements("enum") {
            let fits = match (kind, value.value) {
                // Strictly it needs `nullable` too; what is meant is plain.
                (_, Value::Null) => true,
                ("string", Value::String(_))
                | ("boolean", Value::Bool(_))
                | ("number", Value::Number(_))
                | ("array", Value::Array(_))
                | ("object", Value::Object(_)) => true,
                ("integer", Value::Number(number)) => {
                    number.as_f64().is_some_and(|number| number.fract() == 0.0)
                }
                ("string" | "boolean" | "number" | "array" | "object" | "integer", _) => false,
                _ => true,
            };
            if fits {
                continue;
            }
            let found = reading::json_type(value.value);
            let help = match (kind, value.value) {
                ("string", Value::Bool(_) | Value::Number(_)) => "put the value in quotes",
                _ => "correct the value, or the type",
            };
            let span = value.span();
            findings.add(
                if span.is_empty() {
                    list.key_span()
                } else {
                    span
                },
                format!("this is {found}"),
                format!(
                    "the enum has the type `{kind}`, and {} is {found}",
                    quote(&short(value.value))
                ),
                help,
            );
        }
    }
}

/// A value as a message shows it.
fn short(value: &Value) -> String {
    match value {
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
        other => other.to_string(),
    }
}

/// The values of an enum differ.
fn enum_duplicate(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, _) in enums(index) {
        let mut first: HashMap<String, Node<'_>> = HashMap::new();
        for value in schema.elements("enum") {
            let key = value.value.to_string();
            if let Some(other) = first.get(&key) {
                findings.add(
                    value.span(),
                    "again here",
                    format!("the enum lists {} twice", quote(&short(value.value))),
                    "remove one of the two",
                );
                findings.also(other.span(), "first here");
            } else {
                first.insert(key, value);
            }
        }
    }
}

/// The values of an enum differ in Rust too.
fn enum_collision(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, _) in enums(index) {
        let mut first: BTreeMap<String, (&str, Node<'_>)> = BTreeMap::new();
        for (text, value) in strings(schema) {
            let Some(made) = name::pascal(text) else {
                continue;
            };
            match first.get(&made) {
                Some((other, _)) if *other == text => {}
                Some((other, place)) => {
                    findings.add(
                        value.span(),
                        format!("`{made}` in Rust"),
                        format!(
                            "the values {} and {} have the same name in Rust",
                            quote(other),
                            quote(text)
                        ),
                        "leave one of them out (an unknown value is kept as it is), or remove `enum`",
                    );
                    findings.also(place.span(), "the other one");
                }
                None => {
                    first.insert(made, (text, value));
                }
            }
        }
    }
}

/// The values of an enum have a name in Rust.
fn enum_name(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, _) in enums(index) {
        for (text, value) in strings(schema) {
            if name::pascal(text).is_none() {
                findings.add(
                    value.span(),
                    "no letter or digit",
                    format!("no Rust name can be made of the value {}", quote(text)),
                    "leave it out (an unknown value is kept as it is), or remove `enum`",
                );
            }
        }
    }
}
