use std::{cell::Cell, fmt::Write as _};

use super::*;
use crate::{Settings, Source, document::Document, guard::guarded, parse, value::Value};

const TEXT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Outer'}}}}}}}
  /b: {get: {operationId: b, responses: {'200': {$ref: '#/components/responses/B'}}}}
components:
  responses:
    B: {description: B.}
  schemas:
    Outer: {type: object, properties: {inner: {$ref: '#/components/schemas/Inner'}}}
    Inner: {type: object, properties: {x: {type: string}, again: {$ref: '#/components/schemas/Ring'}}}
    Other: {type: object, properties: {x: {type: string}}}
    Ring: {type: object, properties: {next: {$ref: '#/components/schemas/Knot'}}}
    Knot: {type: object, properties: {next: {$ref: '#/components/schemas/Ring'}}}
";

fn read(text: &str) -> Document {
    let source = Source {
        name: "isolate.yaml",
        text,
    };
    parse::parse(&source).expect("the text is YAML")
}

/// Whether there is something at every pointer.
fn has(document: &Document, pointers: &[&str]) -> bool {
    let full = |node: crate::document::Node<'_>| node.value != &Value::Object(Default::default());
    pointers
        .iter()
        .all(|pointer| document.at(pointer).is_some_and(full))
}

/// The pointers of the culprits where the generator fails with one of several things beside each other.
fn blamed(text: &str, faults: &[&[&str]]) -> Vec<String> {
    let document = read(text);
    let attempt = |document: Document| match faults.iter().find(|fault| has(&document, fault)) {
        Some(fault) => Err(fault.concat()),
        None => Ok(()),
    };
    let parts = Parts::new(&document);
    let all = (0..parts.all.len()).collect();
    let mut found: Vec<_> = culprits(&document, &parts, &all, "", &attempt)
        .iter()
        .map(|culprit| parts.all[culprit.part].pointer.clone())
        .collect();
    found.sort();
    found
}

#[test]
fn a_fault_reads_well() {
    let document = read(TEXT);
    let attempt = |document: Document| match has(&document, &["/components/schemas/Inner"]) {
        true => Err("not yet implemented".to_owned()),
        false => Ok(()),
    };
    let found = isolate(&document, "", &attempt);
    let source = Source {
        name: "isolate.yaml",
        text: TEXT,
    };
    let shown: Vec<_> = found
        .iter()
        .map(|found| found.render(&source, false))
        .collect();
    insta::with_settings!({
        snapshot_path => "../../tests/snapshots/diagnostics",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("generator-fault", shown.join("\n"));
    });
}

#[test]
fn a_fault_is_blamed_on_the_smallest_part_that_fails() {
    let schema = "/components/schemas/Inner";
    assert_eq!(blamed(TEXT, &[]), [""; 0]);
    // Not on those that hold it.
    assert_eq!(blamed(TEXT, &[&[schema]]), [schema]);
    let operation = "/paths/~1b/get";
    assert_eq!(blamed(TEXT, &[&[operation]]), [operation]);
    // On what leads to it, where that is what becomes code.
    assert_eq!(blamed(TEXT, &[&["/components/responses/B"]]), [operation]);
    // All of several.
    assert_eq!(
        blamed(TEXT, &[&[operation], &[schema]]),
        [schema, operation]
    );
    // The right one of a circle.
    for schema in ["/components/schemas/Knot", "/components/schemas/Ring"] {
        assert_eq!(blamed(TEXT, &[&[schema]]), [schema]);
    }
    // One of two that only fail beside each other.
    let other = "/components/schemas/Other";
    assert_eq!(blamed(TEXT, &[&[schema, other]]), [other]);
    // Nothing where the document fails without any part.
    assert_eq!(blamed(TEXT, &[&["/info"]]), [""; 0]);
}

#[test]
fn a_fault_at_each_step_is_traced() {
    use crate::{Outcome, pipeline};
    let document = read(TEXT);
    // As in `generate`, with a panic where a step would have one.
    for step in ["rewrite", "lower", "polish"] {
        let attempt = |document: Document| {
            guarded(|| {
                let fails = has(&document, &["/components/schemas/Other"]);
                assert!(!fails, "a panic in {step}");
                pipeline(document, &Settings::default()).map(|_: Outcome| ())
            })?
        };
        let found = isolate(&document, "", &attempt);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            format!("the generator cannot take this: a panic in {step}")
        );
        assert_eq!(
            found[0].primary.span,
            document.key_span("/components/schemas/Other")
        );
    }
}

#[test]
fn one_of_many_is_found_in_a_few_runs_and_all_of_many_in_bounded_ones() {
    const SCHEMAS: usize = 1_024;
    // Every second one leads to the next.
    let mut text = "openapi: 3.0.3\ncomponents:\n  schemas:\n".to_owned();
    for number in 0..SCHEMAS {
        let next = number + 1 - number % 2;
        writeln!(
            text,
            "    S{number}: {{type: object, x: {{$ref: '#/components/schemas/S{next}'}}}}"
        )
        .unwrap();
    }
    let document = read(&text);
    let parts = Parts::new(&document);
    let all: HashSet<usize> = (0..parts.all.len()).collect();
    let runs = Cell::new((0, 0));
    let count = |document: &Document| {
        let size = document
            .at("/components/schemas")
            .map_or(0, |node| node.entries().count());
        let (count, sizes) = runs.get();
        runs.set((count + 1, sizes + size));
    };

    let one = |document: Document| {
        count(&document);
        if has(&document, &["/components/schemas/S777"]) {
            Err(String::new())
        } else {
            Ok(())
        }
    };
    let found = culprits(&document, &parts, &all, "", &one);
    assert_eq!(found.len(), 1);
    assert_eq!(parts.all[found[0].part].pointer, "/components/schemas/S777");
    let (count_of_one, sizes) = runs.take();
    assert!(
        count_of_one <= 20 && sizes <= 3 * SCHEMAS,
        "{count_of_one} runs of {sizes} schemas"
    );

    let each = |document: Document| {
        count(&document);
        if document
            .at("/components/schemas")
            .is_some_and(|node| node.entries().next().is_some())
        {
            Err(String::new())
        } else {
            Ok(())
        }
    };
    let found = culprits(&document, &parts, &all, "", &each);
    // Only those that lead to no other.
    assert_eq!(found.len(), SCHEMAS / 2);
    let (_, sizes) = runs.take();
    assert!(sizes <= 45 * SCHEMAS, "{sizes}");
}
