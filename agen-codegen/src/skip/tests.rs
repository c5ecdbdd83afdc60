use super::*;
use crate::{Output, Settings, Source, generate, guard::guarded, parse, pipeline};

const TEXT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://example.com'}]
security: []
paths:
  /notes:
    get: {operationId: list, responses: {'200': {$ref: '#/components/responses/Notes'}}}
    post: {operationId: add, responses: {'204': {description: Done.}}}
  /words:
    get: {operationId: words, responses: {'200': {description: W., content: {application/json: {schema: {$ref: '#/components/schemas/Word'}}}}}}
components:
  responses:
    Notes: {description: N., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}
  schemas:
    Note: {type: object, properties: {text: {$ref: '#/components/schemas/Text'}}}
    Text: {type: object, properties: {text: {type: string}}}
    Word: {type: object, properties: {text: {type: string}}}
";

fn source(text: &str) -> Source<'_> {
    Source {
        name: "skip.yaml",
        text,
    }
}

fn skipping(text: &str) -> Outcome {
    let settings = Settings {
        skip_broken: true,
        ..Settings::default()
    };
    generate(&source(text), &settings)
}

fn left_out(outcome: &Outcome) -> Vec<&str> {
    let found = outcome.left_out.iter();
    found.map(|found| found.title.as_str()).collect()
}

/// The rules of the warnings that do not stand in a document that is whole.
fn told(outcome: &Outcome) -> Vec<&str> {
    let whole = generate(&source(TEXT), &Settings::default());
    let usual: Vec<_> = whole.diagnostics.iter().map(|found| found.rule).collect();
    assert!(
        outcome
            .diagnostics
            .iter()
            .all(|found| found.severity == Severity::Warning)
    );
    let found = outcome.diagnostics.iter().map(|found| found.rule);
    found.filter(|rule| !usual.contains(rule)).collect()
}

fn output(outcome: &Outcome) -> &Output {
    outcome
        .output
        .as_ref()
        .unwrap_or_else(|| panic!("{outcome:?}"))
}

#[test]
fn nothing_is_left_out_of_a_document_that_is_whole() {
    let (with, without) = (
        skipping(TEXT),
        generate(&source(TEXT), &Settings::default()),
    );
    assert_eq!(left_out(&with), [""; 0]);
    assert_eq!(output(&with).files, output(&without).files);
    assert_eq!(output(&with).surface, output(&without).surface);
}

#[test]
fn an_operation_and_a_schema_that_break_a_rule_are_left_out_with_what_leads_to_them() {
    let text = TEXT
        .replace(
            "add, ",
            "add, requestBody: {$ref: '#/components/requestBodies/None'}, ",
        )
        .replace("Text: {type: object", "Text: {enum: [], type: object");
    let refused = generate(&source(&text), &Settings::default());
    assert!(refused.output.is_none() && refused.left_out.is_empty());
    let outcome = skipping(&text);
    assert_eq!(
        left_out(&outcome),
        [
            "`GET /notes`",
            "`POST /notes`",
            "the schema `Note`",
            "the schema `Text`"
        ]
    );
    assert_eq!(
        told(&outcome),
        [
            "left-out",
            "left-out",
            "reference-unresolved",
            "left-out",
            "left-out",
            "enum-empty"
        ]
    );
    assert_eq!(
        (output(&outcome).operations, output(&outcome).types),
        (1, 1)
    );
    insta::with_settings!({
        snapshot_path => "../../tests/snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        let shown = outcome.diagnostics.iter().filter(|found| found.rule == "left-out");
        let shown: Vec<_> = shown.map(|found| found.render(&source(&text), false)).collect();
        insta::assert_snapshot!(
            "left-out",
            format!("{}\n{}\n", output(&outcome).surface, shown.join("\n\n"))
        );
    });
}

#[test]
fn what_all_operations_of_a_path_have_in_common_takes_them_along() {
    let text = TEXT.replace(
        "  /notes:\n",
        "  /notes:\n    parameters: [{$ref: '#/nowhere'}]\n",
    );
    assert_eq!(
        left_out(&skipping(&text)),
        ["`GET /notes`", "`POST /notes`"]
    );
}

#[test]
fn an_error_of_the_whole_document_refuses_it() {
    for text in [TEXT.replace("3.0.3", "2.0"), TEXT.replace("info:", "info")] {
        let (with, without) = (
            skipping(&text),
            generate(&source(&text), &Settings::default()),
        );
        assert!(with.output.is_none() && with.left_out.is_empty());
        assert_eq!(with.diagnostics, without.diagnostics);
        assert_ne!(with.diagnostics, []);
    }
}

#[test]
fn a_fault_is_left_out_and_what_leads_to_it() {
    for (fails_with, expected) in [
        ("/paths/~1words/get", ["`GET /words`"].as_slice()),
        (
            "/components/schemas/Note",
            ["`GET /notes`", "the schema `Note`"].as_slice(),
        ),
    ] {
        let document = parse::parse(&source(TEXT)).expect("the text is YAML");
        let run = |document: Document| {
            guarded(|| {
                assert!(document.at(fails_with).is_none(), "not yet implemented");
                pipeline(document, &Settings::default())
            })?
        };
        let whole = parse::parse(&source(TEXT)).expect("the text is YAML");
        let outcome = skip(&document, run(whole), Vec::new(), &run);
        assert_eq!(left_out(&outcome), expected);
        let rules = told(&outcome);
        assert_eq!(
            rules
                .iter()
                .filter(|rule| **rule == "generator-fault")
                .count(),
            1
        );
        assert_eq!(rules.len(), expected.len() + 1);
        assert_eq!(output(&outcome).operations, 2);
    }
    // One that has nothing to do with any part.
    let document = parse::parse(&source(TEXT)).expect("the text is YAML");
    let fault = || Err("not yet implemented".to_owned());
    let outcome = skip(&document, fault(), Vec::new(), &|_| fault());
    assert!(outcome.output.is_none());
    assert_eq!(
        outcome.diagnostics,
        [isolate::unplaced("not yet implemented")]
    );
}
