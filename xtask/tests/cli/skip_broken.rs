//! `--skip-broken`: what is left out, how it is told, and what comes of the rest.

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::{NOTES, Workspace};

const SURFACE: &str = "agen-codegen/tests/snapshots/openapi/surface.snap";

/// The notes, and an operation that leads to nothing.
fn broken() -> String {
    let operation = "
  /authors:
    get:
      operationId: list_authors
      summary: Lists the authors.
      description: Every author has written a note.
      externalDocs: {url: 'https://example.com/docs/authors'}
      responses:
        '200':
          description: The authors.
          content: {application/json: {schema: {$ref: '#/components/schemas/Authors'}}}
";
    let text = NOTES.replacen("\ncomponents:", &format!("{operation}components:"), 1);
    assert_ne!(text, NOTES);
    text
}

#[test]
fn a_document_that_is_refused_for_one_operation_is_generated_without_it() {
    let workspace = Workspace::new(&broken());
    let before = workspace.listing();
    let refused = workspace.run(&["codegen"]);
    assert_eq!(refused.status, Some(1));
    assert_eq!(workspace.listing(), before);

    let run = workspace.run(&["codegen", "--skip-broken"]);
    assert_eq!(run.status, Some(0));
    assert_snapshot!("skip_broken", run.stderr);
    let surface = workspace.read(SURFACE);
    let end = "left out `GET /authors`\n    `#/components/schemas/Authors` does not exist\n";
    assert!(surface.ends_with(end), "{surface}");

    // The rest is that of a document without the operation, and a check finds it fresh.
    let run = workspace.run(&["codegen", "--skip-broken", "--check"]);
    assert_eq!(run.status, Some(0));
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(run.status, Some(1));
    workspace.write("openapi.yaml", NOTES);
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(run.status, Some(3));
    let stale = run.stdout.lines().filter(|line| line.contains("Stale"));
    let stale: Vec<_> = stale.collect();
    assert!(
        stale.len() == 1 && stale[0].contains("surface.snap"),
        "{stale:?}"
    );
}

#[test]
fn an_error_of_the_whole_document_is_not_left_out() {
    let workspace = Workspace::new(&NOTES.replace("openapi: 3.0", "openapi: 2.0"));
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--skip-broken"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.report(), workspace.run(&["codegen"]).report());
    assert_eq!(workspace.listing(), before);
}

#[test]
fn a_survey_tells_what_each_document_is_without() {
    let workspace = Workspace::new(NOTES);
    workspace.write("all/broken.yaml", broken());
    let run = workspace.run(&["survey", "all", "--skip-broken"]);
    assert_eq!(run.status, Some(0));
    assert!(
        run.stdout.contains("  without 1 operation\n"),
        "{}",
        run.stdout
    );
    let run = workspace.run(&["survey", "all", "--skip-broken", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value[0]["outcome"], "generated");
    assert_eq!(value[0]["left_out"][0]["title"], "`GET /authors`");
    let rules: Vec<_> = value[0]["diagnostics"].as_array().unwrap().iter().collect();
    let rules: Vec<_> = rules
        .iter()
        .map(|found| found["rule"].as_str().unwrap())
        .collect();
    assert_eq!(
        rules,
        ["left-out", "example-missing", "reference-unresolved"]
    );
}
