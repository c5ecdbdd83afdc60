use std::{collections::BTreeSet, fs, path::Path};

use super::rules;
use crate::{Severity, Source, lint};

/// Too large for a file; their tests make them.
const MADE: [&str; 3] = ["document-too-large", "path-item-copies", "schema-copies"];

#[test]
fn every_rule_has_a_fixture_that_breaks_it_and_it_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut fixtures = BTreeSet::from(MADE.map(str::to_owned));
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let source = Source {
            name: "a",
            text: &text,
        };
        let found = lint(&source);
        let broken: BTreeSet<_> = found.iter().map(|found| found.rule).collect();
        assert_eq!(broken, BTreeSet::from([&*id]), "{found:#?}");
        let rule = rules().find(|rule| rule.id == id).unwrap();
        assert!(found.iter().all(|found| found.severity == rule.severity));
        assert!(found.iter().all(|found| found.why == rule.why));
        fixtures.insert(id);
    }
    let ids: Vec<_> = rules().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(ids.len(), fixtures.len(), "a rule is listed twice");
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), fixtures);
}

#[test]
fn copies_of_path_items_have_an_end() {
    let large = "x".repeat(1 << 20);
    let item =
        format!("{{get: {{description: {large}, responses: {{'204': {{description: Done.}}}}}}}}");
    let references: String = (0..20)
        .map(|path| format!("  /{path}: {{$ref: '#/paths/x-item'}}\n"))
        .collect();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  x-item: {item}\n{references}"
    );
    let source = Source {
        name: "a",
        text: &text,
    };
    let found = lint(&source);
    let copied = found.iter().filter(|found| found.rule == "path-item-ref");
    assert_eq!(copied.count(), 15);
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let errors: Vec<&str> = errors.map(|found| found.rule).collect();
    assert_eq!(errors, ["path-item-copies"]);
}

/// The errors of a document, each with the text at its place.
fn errors(rest: &str) -> Vec<(&'static str, String)> {
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{rest}");
    let source = Source {
        name: "a",
        text: &text,
    };
    let found = lint(&source).into_iter();
    found
        .filter(|found| found.severity == Severity::Error)
        .map(|found| (found.rule, text[found.primary.span].to_owned()))
        .collect()
}

#[test]
fn copies_of_properties_have_an_end() {
    // Each property brings all of them into a type of its own.
    let thing = |count: usize| {
        let property = |number| {
            format!(
                "        p{number}: {{allOf: [{{$ref: '#/components/schemas/Thing'}}, {{required: [p0]}}]}}\n"
            )
        };
        let properties: String = (0..count).map(property).collect();
        format!(
            "paths: {{}}\ncomponents:\n  schemas:\n    Thing:\n      type: object\n      properties:\n{properties}"
        )
    };
    assert_eq!(errors(&thing(20)), []);
    let beyond = ("schema-copies", "Thing".to_owned());
    assert_eq!(errors(&thing(400)), [beyond]);
}

#[test]
fn copies_of_inline_schemas_have_an_end() {
    // The enum of the shared parameter is a type in each operation.
    let get = |number| {
        format!(
            "  /{number}: {{get: {{parameters: [{{$ref: '#/components/parameters/P'}}], responses: {{'204': {{description: D.}}}}}}}}\n"
        )
    };
    let paths: String = (0..10).map(get).collect();
    let value = "x".repeat(1 << 20);
    let text = format!(
        "paths:\n{paths}components:\n  parameters:\n    P: {{in: query, name: p, schema: {{type: string, enum: [a, {value}]}}}}\n"
    );
    // There is room for seven copies beside the first.
    let beyond = ("schema-copies", "get".to_owned());
    assert_eq!(errors(&text), [beyond.clone(), beyond]);
}
