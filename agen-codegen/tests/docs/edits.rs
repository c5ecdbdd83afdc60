//! What is to be written instead.

use agen_codegen::docs::{self};
use serde_json::Value;

use crate::changes::CHANGES;
use crate::{SMALL, SPEC, changed, drift, pages, small};

#[test]
fn an_edit_keeps_what_is_right() {
    let pages = small();
    let edit = |spec: &str, pages: &[(String, String)], rule: &str| {
        let found = drift(spec, pages).findings;
        let found = found.into_iter().find(|found| found.rule.id == rule);
        let edit = found.and_then(|found| found.edit).expect(rule);
        (edit.instruction, edit.pointer, edit.yaml)
    };
    // The order of a list, of the page or of the document.
    let size =
        "/paths/~1things~1{id}/put/requestBody/content/application~1json/schema/properties/size";
    let spec = SMALL.replace("enum: [small, large]", "enum: [large]");
    let (instruction, pointer, yaml) = edit(&spec, &pages, "values-differ");
    assert_eq!(pointer, format!("{size}/enum"));
    assert_eq!(instruction, format!("add to the list `{pointer}`"));
    assert_eq!(yaml, "- small");
    let spec = SMALL.replace("enum: [small, large]", "enum: [huge, large]");
    let (_, pointer, yaml) = edit(&spec, &pages, "values-differ");
    assert_eq!(pointer, size);
    assert_eq!(yaml, "enum:\n  - small\n  - large");

    // A list of what others refer to as well.
    let thing = "schema: {$ref: '#/components/schemas/Thing'}";
    let list = "schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}";
    let markdown = [(small()[1].0.clone(), small()[1].1.replace(thing, list))];
    let (instruction, pointer, yaml) = edit(SMALL, &markdown, "type-differs");
    assert!(
        pointer.ends_with("/responses/200/content/application~1json/schema"),
        "{pointer}"
    );
    assert!(instruction.starts_with("in place of the reference in"));
    assert_eq!(
        yaml,
        "type: array\nitems:\n  $ref: \"#/components/schemas/Thing\""
    );

    // A path that another operation still has.
    let moved =
        |(name, text): &(String, String)| (name.clone(), text.replace("/things/", "/v2/things/"));
    let markdown = [moved(&small()[1])];
    let (instruction, ..) = edit(SMALL, &markdown, "path-differs");
    assert_eq!(instruction, "write the key of `/paths/~1things~1{id}` as");
    let spec = SMALL.replace(
        "    put:\n",
        "    get: {responses: {'200': {description: One}}}\n    put:\n",
    );
    let (instruction, pointer, yaml) = edit(&spec, &markdown, "path-differs");
    assert_eq!(pointer, "/paths/~1things~1{id}/put");
    assert_eq!(instruction, format!("move `{pointer}` alone below"));
    assert_eq!(yaml, "/v2/things/{id}:");
}

/// The document after an edit.
fn edited(spec: &Value, edit: &docs::Edit) -> Value {
    let yaml: Value = serde_yaml::from_str(&edit.yaml).unwrap_or(Value::Null);
    let mut spec = spec.clone();
    let instruction = edit.instruction.as_str();
    let (above, key) = edit.pointer.rsplit_once('/').unwrap_or_default();
    let key = key.replace("~1", "/").replace("~0", "~");
    let name = yaml.as_object().and_then(|it| it.keys().next()).cloned();
    let take = |spec: &mut Value| match spec.pointer_mut(above).expect(above) {
        Value::Object(members) => members.remove(&key),
        Value::Array(all) => Some(all.remove(key.parse().unwrap())),
        _ => None,
    };
    if instruction.starts_with("write the key of") {
        let value = take(&mut spec).unwrap();
        spec.pointer_mut(above).unwrap()[name.unwrap()] = value;
    } else if instruction.starts_with("move ") {
        let value = take(&mut spec).unwrap();
        spec["paths"][name.unwrap()][key] = value;
    } else if instruction.starts_with("add to the list") {
        let list = spec.pointer_mut(above).unwrap();
        let list = &mut list[key];
        if list.is_null() {
            *list = Value::Array(Vec::new());
        }
        let more = yaml.as_array().unwrap().clone();
        list.as_array_mut().unwrap().extend(more);
    } else if instruction.contains(" from the list ") {
        let gone = instruction.split('`').nth(1).unwrap();
        let list = spec
            .pointer_mut(&edit.pointer)
            .unwrap()
            .as_array_mut()
            .unwrap();
        let value: Option<Value> = serde_json::from_str(gone).ok();
        list.retain(|it| it.as_str() != Some(gone) && Some(it) != value.as_ref());
    } else if instruction.starts_with("remove ") {
        take(&mut spec).unwrap();
    } else if instruction.starts_with("in place of") {
        *spec.pointer_mut(&edit.pointer).unwrap() = yaml;
    } else {
        assert!(instruction.starts_with("in "), "{instruction}");
        merge(spec.pointer_mut(&edit.pointer).expect(instruction), yaml);
    }
    spec
}

/// Puts members into an object; those of lists that only grow are added.
fn merge(value: &mut Value, more: Value) {
    let (Value::Object(members), Value::Object(more)) = (value, more) else {
        panic!("no object");
    };
    for (key, more) in more {
        let grows = ["required", "parameters"].contains(&key.as_str());
        match (members.get_mut(&key), more) {
            (Some(Value::Array(all)), Value::Array(more)) if grows => all.extend(more),
            (Some(known @ Value::Object(_)), more @ Value::Object(_)) => merge(known, more),
            (_, more) => {
                members.insert(key, more);
            }
        }
    }
}

#[test]
fn an_edit_settles_its_finding() {
    let mut wrong = Vec::new();
    let mut check = |told: &str, spec: &str, pages: &[(String, String)]| {
        let value: Value = serde_yaml::from_str(spec).unwrap();
        let key = |it: &docs::Finding| {
            let at = it.spec.as_ref().map(|place| place.pointer.clone());
            (it.rule.id, it.message.clone(), at)
        };
        let before = drift(&value.to_string(), pages).findings;
        let known: Vec<_> = before.iter().map(key).collect();
        for found in &before {
            let Some(edit) = &found.edit else { continue };
            let after = drift(&edited(&value, edit).to_string(), pages).findings;
            // An operation is moved alone, though others may have to follow.
            let same = |it: &docs::Finding| {
                key(it) == key(found) && it.subjects.len() >= found.subjects.len()
            };
            let stays = after.iter().any(same);
            let new: Vec<_> = after
                .iter()
                .map(key)
                .filter(|it| !known.contains(it))
                .collect();
            if stays || !new.is_empty() {
                wrong.push(format!("{told}: {:?} {edit:?}\n  {new:?}", key(found)));
            }
        }
    };
    let pages = pages();
    for (behind, what, with, rule, fact) in CHANGES {
        check(
            &format!("{rule} {fact}"),
            &changed(behind, what, with),
            &pages,
        );
    }
    let key = "  securitySchemes:\n    ApiKey:\n";
    for (what, with) in [
        (
            "        2XX:\n          description: The session",
            "        '404':\n          description: The session",
        ),
        (
            "      operationId: createSession\n",
            "      operationId: createSession\n      security: []\n",
        ),
        ("security:\n  - ApiKey: []\n", ""),
        (
            key,
            "  securitySchemes:\n    Other: {type: http, scheme: bearer}\n    ApiKey:\n",
        ),
        ("servers:\n  - url: https://api.agenhq.com\n", ""),
        (
            "      operationId: createSession\n",
            "      operationId: createSession\n      servers: [{url: 'https://other.example'}]\n",
        ),
        (
            "      operationId: createSession\n",
            "      operationId: createSession\n      security: [{ApiKey: [], Other: []}]\n",
        ),
    ] {
        assert!(SPEC.contains(what), "{what}");
        let mut spec = SPEC.replacen(what, with, 1);
        if with.contains("Other: []") {
            spec = spec.replace(
                key,
                "  securitySchemes:\n    Other: {type: http, scheme: bearer}\n    ApiKey:\n",
            );
        }
        check(with, &spec, &pages);
    }
    for (what, with) in [
        ("'200'", "'404'"),
        (
            "        '200':\n          description: Done\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Thing'}\n",
            "        '200': {description: Done}\n",
        ),
        ("{type: array, items: {type: string}}", "{type: array}"),
        (
            "schema: {$ref: '#/components/schemas/Thing'}",
            "schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}",
        ),
        (
            "        - {name: dry, in: query, schema: {type: boolean, default: false}}\n",
            "",
        ),
        ("enum: [small, large]", "enum: [huge, large]"),
        ("  /things/{id}:\n    put:", "  /parts/{id}/all:\n    get:"),
    ] {
        assert!(SMALL.contains(what), "{what}");
        check(with, &SMALL.replacen(what, with, 1), &small());
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
