//! Documents that say the same in another way: keys in another order, schemas moved into components or out
//! of them, other words, JSON in the place of YAML. Nothing of that changes anything on the wire.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use agen_codegen::{
    Source,
    review::{Finding, review_wire},
};
use serde_json::{Map, Value, json};

/// The documents that were made here without a slip.
fn documents() -> Vec<(String, String)> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![home.join("../openapi.yaml")];
    for folder in ["fixtures/documents", "tests/diagnostics/valid"] {
        let entries = fs::read_dir(home.join(folder)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, text)
    };
    files.iter().map(read).collect()
}

/// The findings; `None` where something of a side cannot be read.
fn findings(base: &str, head: &str) -> Option<Vec<Finding>> {
    let [base, head] = [base, head].map(|text| Source {
        name: "openapi.yaml",
        text,
    });
    let found = review_wire(&base, &head, None);
    let is_sound = found.base.is_empty() && found.head.is_empty();
    Some(found.wire.filter(|_| is_sound)?.findings)
}

/// The keys of an object whose members are named by the document.
const NAMES: [&str; 17] = [
    "properties",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "examples",
    "links",
    "callbacks",
    "securitySchemes",
    "paths",
    "content",
    "encoding",
    "variables",
    "mapping",
    "scopes",
    "patternProperties",
];

/// The keys of values that are not part of the description.
const OPAQUE: [&str; 5] = ["enum", "default", "example", "const", "security"];

/// Changes every member of every object of the description, from the inside: `change` gets an object and
/// the key under which it stands.
fn walk(
    value: &mut Value,
    key: &str,
    named: bool,
    change: &mut impl FnMut(&mut Map<String, Value>, &str),
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let is_names = !named && NAMES.contains(&&**name) && member.is_object();
                if named || !OPAQUE.contains(&&**name) && !name.starts_with("x-") {
                    let inner = if named { key } else { name };
                    walk(member, inner, is_names, change);
                }
            }
            if !named {
                change(members, key);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                walk(element, key, false, change);
            }
        }
        _ => {}
    }
}

/// Says everything that is said to people in other words.
fn reworded(document: &mut Value) {
    walk(document, "", false, &mut |members, _| {
        for key in ["description", "summary"] {
            if let Some(Value::String(text)) = members.get_mut(key) {
                text.push_str(" Said anew.");
            }
        }
        if members.contains_key("type") && !members.contains_key("in") {
            members.insert("description".to_owned(), json!("Told anew."));
            members.insert(
                "externalDocs".to_owned(),
                json!({"url": "https://example.com"}),
            );
        }
    });
}

/// Whether a schema can be moved: the name of an alternative can be a value of the wire.
fn is_movable(key: &str) -> bool {
    [
        "schema",
        "properties",
        "items",
        "additionalProperties",
        "allOf",
    ]
    .contains(&key)
}

/// Moves schemas into components.
fn hoisted(document: &mut Value) {
    let mut moved = Map::new();
    walk(document, "", false, &mut |members, key| {
        let is_schema = members.contains_key("type") || members.contains_key("allOf");
        if is_movable(key) && is_schema && !members.contains_key("$ref") {
            let name = format!("Moved{}", moved.len());
            let schema = std::mem::take(members);
            members.insert(
                "$ref".to_owned(),
                json!(format!("#/components/schemas/{name}")),
            );
            moved.insert(name, Value::Object(schema));
        }
    });
    let root = document.as_object_mut().unwrap();
    let components = root.entry("components").or_insert(json!({}));
    let schemas = components
        .as_object_mut()
        .unwrap()
        .entry("schemas")
        .or_insert(json!({}));
    schemas.as_object_mut().unwrap().extend(moved);
}

/// Writes components where they are used, unless they use others.
fn inlined(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned();
    let is_plain = |schema: &&Value| !schema.to_string().contains("\"$ref\"");
    walk(document, "", false, &mut |members, key| {
        let target = members.get("$ref").and_then(Value::as_str);
        let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
        let schema = name.and_then(|name| schemas.as_ref()?.get(name));
        if let Some(Value::Object(schema)) = schema.filter(is_plain)
            && is_movable(key)
        {
            *members = schema.clone();
        }
    });
}

/// A way to say the same.
type Way = fn(&mut Value);

/// A value as JSON with the keys in the opposite order.
fn reversed(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            text.push('{');
            for (number, (key, member)) in members.iter().rev().enumerate() {
                let comma = if number == 0 { "" } else { "," };
                write!(text, "{comma}{}:", json!(key)).unwrap();
                reversed(member, text);
            }
            text.push('}');
        }
        Value::Array(elements) => {
            text.push('[');
            for (number, element) in elements.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { "," });
                reversed(element, text);
            }
            text.push(']');
        }
        other => write!(text, "{other}").unwrap(),
    }
}

/// Whether references lead to components only, so that the inside of things can be moved.
fn refers_to_components(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().all(|(key, member)| match member {
            Value::String(target) if key == "$ref" => {
                let inside = target.strip_prefix("#/components/");
                inside.is_some_and(|inside| inside.matches('/').count() == 1)
            }
            member => refers_to_components(member),
        }),
        Value::Array(elements) => elements.iter().all(refers_to_components),
        _ => true,
    }
}

#[test]
fn a_document_that_says_the_same_has_no_finding() {
    let mut compared = 0;
    let mut changed = BTreeSet::new();
    for (name, text) in documents() {
        let Ok(value) = serde_yaml::from_str::<Value>(&text) else {
            continue;
        };
        let Some(same) = findings(&text, &text) else {
            continue;
        };
        assert_eq!(same, [], "{name}");
        compared += 1;
        let changes: [(&str, Way); 4] = [
            ("reworded", reworded),
            ("hoisted", hoisted),
            ("inlined", inlined),
            ("reversed", |_| {}),
        ];
        for (kind, change) in changes {
            let mut head = value.clone();
            if kind == "reworded" || refers_to_components(&value) {
                change(&mut head);
            }
            if head != value {
                changed.insert(kind);
            }
            let mut json = String::new();
            reversed(&head, &mut json);
            let mut texts = vec![json];
            if kind == "reworded" {
                texts.push(serde_yaml::to_string(&head).unwrap());
            }
            for head in &texts {
                for (base, head) in [(&text, head), (head, &text)] {
                    let mut found = findings(base, head).expect("it can be read still");
                    // That a component is gone is told, though it says nothing of the wire.
                    found.retain(|found| found.rule.id != "api-schema-removed");
                    assert_eq!(found, [], "{name}, {kind}:\n{base}\n---\n{head}");
                }
            }
        }
    }
    assert!(compared > 25, "{compared}");
    assert_eq!(changed.len(), 3, "{changed:?}");
}
