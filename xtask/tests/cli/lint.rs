//! `cargo xtask lint` in its formats.

use crate::common::{self, NOTES, Workspace};
use insta::assert_snapshot;
use serde_json::Value;

/// A workspace with a document in which a key stands twice, and one with a wrong reference, which
/// also leaves a schema unused: two errors and a warning.
fn broken() -> Workspace {
    let workspace = Workspace::new(NOTES);
    workspace.write(
        "a b/twice.yaml",
        NOTES.replace("  title: Notes\n", "  title: Nötes\n  title: Notes\n"),
    );
    workspace.write(
        "reference.yaml",
        NOTES.replace("#/components/schemas/Note", "#/components/schemas/Nota"),
    );
    workspace
}

fn run(workspace: &Workspace, format: &str) -> common::Run {
    workspace.run(&[
        "lint",
        "--format",
        format,
        "a b/twice.yaml",
        "reference.yaml",
    ])
}

/// The objects of a JSON array.
fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn a_clean_document() {
    let workspace = Workspace::new(NOTES);
    assert_snapshot!("lint_clean", workspace.run(&["lint"]).report());
    let json = workspace.run(&["lint", "--format", "json"]);
    assert_eq!(json.report(), "status: 0\n--- stdout\n[]\n--- stderr\n");
    let github = workspace.run(&["lint", "--format", "github"]);
    assert_eq!(github.report(), "status: 0\n--- stdout\n--- stderr\n");
    let sarif = workspace.run(&["lint", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&sarif.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn human() {
    assert_snapshot!("lint_human", run(&broken(), "human").report());
}

#[test]
fn json() {
    let run = run(&broken(), "json");
    assert_snapshot!("lint_json", run.report());
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    let [twice, reference, unused] = array(&value) else {
        panic!("{value:#}");
    };
    assert_eq!(twice["file"], "a b/twice.yaml");
    assert_eq!(twice["severity"], "error");
    assert_eq!(twice["line"], 4);
    assert_eq!(twice["column"], 3);
    assert_eq!(array(&twice["related"])[0]["line"], 3);
    assert_eq!(reference["file"], "reference.yaml");
    assert_eq!(reference["line"], 31);
    assert_eq!(unused["severity"], "warning");
    for key in ["rule", "message", "why", "help"] {
        assert_ne!(reference[key].as_str().unwrap_or_default(), "", "{key}");
    }
}

#[test]
fn github() {
    let run = run(&broken(), "github");
    assert_snapshot!("lint_github", run.report());
    let lines: Vec<_> = run.stdout.lines().collect();
    let [twice, reference, unused] = lines[..] else {
        panic!("{}", run.stdout);
    };
    assert!(twice.starts_with("::error file=a b/twice.yaml,line=4,"));
    assert!(reference.starts_with("::error file=reference.yaml,line=31,"));
    assert!(unused.starts_with("::warning file=reference.yaml,line=43,"));
}

#[test]
fn sarif() {
    let run = run(&broken(), "sarif");
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = array(&run["tool"]["driver"]["rules"]);
    let results = array(&run["results"]);
    let levels: Vec<_> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "error", "warning"]);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    // The place of a rule in the table changes with every rule that is added.
    let lines = format!("{:#}", run["results"]);
    let lines: Vec<_> = lines.lines().filter(|l| !l.contains("ruleIndex")).collect();
    assert_snapshot!("lint_sarif_results", lines.join("\n"));
    let at = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "a%20b/twice.yaml");
    assert_eq!(at["region"]["startLine"], 4);
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let workspace = broken();
    let arguments = ["lint", "--format", "json", "missing.yaml", "reference.yaml"];
    let run = workspace.run(&arguments);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("missing.yaml"), "{}", run.stderr);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(array(&value)[0]["file"], "reference.yaml");
}

#[test]
fn warnings_alone_are_no_failure() {
    let workspace = Workspace::new(&format!("{NOTES}{UNUSED}"));
    let run = workspace.run(&["lint"]);
    assert_eq!(run.status, Some(0));
    assert!(run.stderr.starts_with("warning[component-unused]"));
    let run = workspace.run(&["codegen"]);
    assert_eq!(run.status, Some(0));
    assert_snapshot!("codegen_warning", run.stderr);
}

/// One more schema, to which nothing refers.
const UNUSED: &str = "    Draft:
      type: object
      description: A note that is not finished.
      properties:
        text:
          type: string
          description: The text so far.
";
