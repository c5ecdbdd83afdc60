use std::{fs, path::Path};

use super::prune;
use crate::{
    Settings, Source,
    document::Document,
    parse::parse,
    review::{
        BUDGET,
        rust::{RustChange, changes::Changes, client, prepared},
        wire,
    },
    rewrite,
};

/// Something of everything that a call or a type is made of.
const BASE: &str = "
paths:
  /pets:
    get:
      operationId: list_pets
      parameters: [{name: cursor, in: query, schema: {type: string}}, {name: kind, in: query, required: true, schema: {$ref: '#/components/schemas/Kind'}}]
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}}
    post:
      operationId: add_pet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '202': {description: B, content: {application/json: {schema: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}}}}}}
        '400': {description: C, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
  /pets/{id}:
    get:
      operationId: pet
      parameters: [{name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}]
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /owners:
    get:
      operationId: owner
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
    put:
      operationId: put_owners
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Owner'}}}}}
      responses: {'204': {description: A}, default: {description: C, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}}
components:
  schemas:
    Id: {type: string}
    Kind: {type: string, enum: [cat, dog]}
    Page: {type: object, required: [data], properties: {data: {type: array, items: {$ref: '#/components/schemas/Pet'}}, next_cursor: {type: string}}}
    Pet: {type: object, required: [name, kind, a, b], properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}, a: {type: string}, b: {type: string}, owner: {$ref: '#/components/schemas/Owner'}}}
    Owner: {type: object, required: [id], properties: {id: {$ref: '#/components/schemas/Id'}, home: {$ref: '#/components/schemas/Home'}}}
    Home: {oneOf: [{$ref: '#/components/schemas/House'}, {$ref: '#/components/schemas/Boat'}]}
    House: {type: object, required: [street], properties: {street: {type: string}}}
    Boat: {type: object, required: [harbour], properties: {harbour: {type: string}}}
    Fault: {type: object, required: [text], properties: {text: {type: string}}}
";

/// What is changed, and into what.
const EDITS: &[(&str, &str)] = &[
    (
        "{street: {type: string}}",
        "{street: {type: string}, floor: {type: integer}}",
    ),
    ("[street]", "[]"),
    ("[id]", "[]"),
    ("[name, kind, a, b]", "[name]"),
    ("enum: [cat, dog]", "enum: [cat, dog, cow]"),
    (
        "    Kind: {type: string, enum: [cat, dog]}",
        "    Kind: {type: string}",
    ),
    ("    Id: {type: string}", "    Id: {type: integer}"),
    ("{text: {type: string}}", "{text: {type: integer}}"),
    (
        "next_cursor: {type: string}",
        "next_cursor: {type: integer}",
    ),
    ("required: [data], ", ""),
    ("operationId: owner", "operationId: the_owner"),
    (
        "operationId: owner",
        "deprecated: true\n      operationId: owner",
    ),
    (
        "{type: array, items: {$ref: '#/components/schemas/Owner'}}",
        "{$ref: '#/components/schemas/Owner'}",
    ),
    ("Home", "Place"),
    (", {$ref: '#/components/schemas/Boat'}", ""),
    (
        "    Fault:",
        "    PetRequired: {type: object, properties: {a: {type: string}}}\n    Fault:",
    ),
    ("operationId: pet", "operationId: add_pet_answer"),
    (
        "'204': {description: A}",
        "'200': {description: A, content: {text/plain: {schema: {type: string}}}}",
    ),
];

/// The changes of the client between two texts.
fn changes(base: &str, head: &str, is_pruned: bool) -> Vec<RustChange> {
    let read = |text| {
        let source = Source { name: "a", text };
        let mut document = parse(&source).expect("it is sound");
        let client = rewrite::to_3_0(&mut document);
        (document, client)
    };
    let ((old, mut old_client), (new, mut new_client)) = (read(base), read(head));
    let lowered = |document: &mut Document| prepared(document).expect("it is sound");
    let (mut base, mut head) = (lowered(&mut old_client), lowered(&mut new_client));
    if is_pruned {
        prune(&mut base, &mut head);
    }
    let settings = Settings::default();
    let made = |side| client::client(side, &settings).expect("the generator takes it");
    let (base, head) = (made(base), made(head));
    let wire = wire(&old, &new, BUDGET, None);
    let changes = Changes::new(&base, &head, &settings.public_root);
    changes.finish([&old, &new], &wire).changes
}

/// Holds the two ways against each other, in both directions, and says how many changes there are.
fn agree(base: &str, head: &str, what: &str) -> usize {
    let pairs = [(base, head), (head, base)];
    let found = pairs.map(|(base, head)| {
        let pruned = changes(base, head, true);
        assert_eq!(pruned, changes(base, head, false), "{what}");
        pruned.len()
    });
    found.into_iter().sum()
}

fn document(text: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{text}\n")
}

#[test]
fn what_is_left_out_changes_nothing() {
    let base = document(BASE);
    for (from, to) in EDITS {
        assert!(BASE.contains(from), "{from}");
        let head = document(&BASE.replace(from, to));
        assert_ne!(agree(&base, &head, to), 0, "{to}");
    }
}

#[test]
fn nor_in_the_pair_of_any_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review_rust");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (base, head) = text.split_once("\n---\n").expect("two documents");
        agree(
            &document(base),
            &document(head),
            &path.display().to_string(),
        );
    }
}
