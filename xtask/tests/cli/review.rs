//! `cargo xtask review`: sides that are revisions and files, the formats, the exit status.

use std::process::{Command, Stdio};

use crate::common::{NOTES, Workspace, notes_edited};
use insta::assert_snapshot;
use serde_json::Value;

/// Runs git in a workspace, without the settings of whoever runs the test.
pub(crate) fn git(workspace: &Workspace, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(workspace.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A workspace with two commits, of which the first has the document as it is in `NOTES`.
pub(crate) fn repository(now: &str) -> Workspace {
    let workspace = Workspace::new(NOTES);
    workspace.write("specs/other.yaml", NOTES);
    git(&workspace, &["init", "--quiet"]);
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "--message", "one"]);
    git(&workspace, &["tag", "v1"]);
    workspace.write("openapi.yaml", now);
    git(
        &workspace,
        &[
            "commit",
            "--quiet",
            "--all",
            "--allow-empty",
            "--message",
            "two",
        ],
    );
    workspace
}

/// The document with changes of each severity.
pub(crate) fn changed() -> String {
    notes_edited().replace("https://notes.example\n", "https://api.notes.example\n")
}

#[test]
fn a_revision_against_the_folder() {
    let workspace = repository(&changed());
    let before = workspace.listing();
    assert_snapshot!(
        "review_human",
        workspace.run(&["review", "HEAD~1"]).report()
    );
    let json = workspace.run(&["review", "v1", "--format", "json"]);
    assert_eq!(json.status, Some(3));
    assert_eq!(json.stderr, "");
    assert_snapshot!("review_json", json.stdout);
    // A check writes nothing.
    assert_eq!(workspace.listing(), before);
}

#[test]
fn nothing_changed_is_said_in_words() {
    let workspace = repository(NOTES);
    let run = workspace.run(&["review", "HEAD~1"]);
    assert_snapshot!("review_unchanged", run.report());
    // What is not committed counts, unless a head is named.
    workspace.write(
        "openapi.yaml",
        NOTES.replace("The text of the note.", "Its text."),
    );
    let run = workspace.run(&["review", "HEAD"]);
    assert_snapshot!("review_unchanged_on_the_wire", run.report());
    let run = workspace.run(&["review", "HEAD", "HEAD"]);
    assert!(run.stdout.contains("is the same as"), "{}", run.stdout);
    let json = workspace.run(&["review", "HEAD", "--format", "json"]);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["verdict"], "unchanged");
    assert_eq!(value["findings"], Value::Array(Vec::new()));
}

#[test]
fn sides_are_files_or_revisions() {
    let workspace = repository(&changed());
    for sides in [
        &["v1", "main"][..],
        &["specs/other.yaml"],
        &["specs/other.yaml", "HEAD"],
        &["HEAD", "--spec", "specs/other.yaml", "openapi.yaml"],
        &["v1^{commit}", "openapi.yaml"],
    ] {
        let run = workspace.run(&[&["review"], sides].concat());
        assert_eq!(run.status, Some(3), "{sides:?}: {}", run.stderr);
        assert!(run.stdout.contains("breaking["), "{}", run.stdout);
    }
    let run = workspace.run(&["review", "HEAD", "--spec", "specs/other.yaml"]);
    assert!(
        run.stdout
            .contains("specs/other.yaml is the same as HEAD:specs/other.yaml"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_status_says_what_was_found() {
    let workspace = repository(NOTES);
    let servers = NOTES.replace("https://notes.example\n", "https://other.example\n");
    assert_ne!(servers, NOTES);
    workspace.write("openapi.yaml", servers);
    for (fail_on, status) in [("breaking", 0), ("notable", 3), ("any", 3)] {
        let run = workspace.run(&["review", "HEAD~1", "--fail-on", fail_on]);
        assert_eq!(run.status, Some(status), "{fail_on}: {}", run.stdout);
    }
    let tagged = NOTES.replace(
        "      operationId: get_note",
        "      tags: [read]\n      operationId: get_note",
    );
    assert_ne!(tagged, NOTES);
    workspace.write("openapi.yaml", tagged);
    for (fail_on, status) in [("breaking", 0), ("notable", 0), ("any", 3)] {
        let run = workspace.run(&["review", "HEAD~1", "--fail-on", fail_on]);
        assert_eq!(run.status, Some(status), "{fail_on}: {}", run.stdout);
    }
}

#[test]
fn sides_that_cannot_be_read() {
    let workspace = repository(&changed());
    workspace.write("broken.yaml", "openapi: 3.0.3\nopenapi: 3.0.3\n");
    let report = |arguments: &[&str]| {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(1), "{arguments:?}: {}", run.stdout);
        run
    };
    assert_snapshot!(
        "review_no_revision",
        report(&["review", "nowhere"]).report()
    );
    assert_snapshot!(
        "review_broken",
        report(&["review", "HEAD", "broken.yaml"]).report()
    );
    let json = report(&["review", "broken.yaml", "--format", "json"]);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["verdict"], "refused");
    assert_eq!(value["diagnostics"][0]["file"], "broken.yaml");
    report(&["review", "v1", "--spec", "specs/none.yaml"]);
    report(&["review", "v1:openapi.yaml"]);
    workspace.write("young.yaml", NOTES);
    let run = report(&["review", "v1", "--spec", "young.yaml"]);
    assert!(
        run.stderr.contains("the revision has no such file") && !run.stderr.contains("fatal"),
        "{}",
        run.stderr
    );
    // Nothing that begins with a dash reaches git as an option.
    let run = report(&["review", "--", "--batch-all-objects"]);
    assert!(
        run.stderr.contains("--batch-all-objects:openapi.yaml"),
        "{}",
        run.stderr
    );

    let lonely = Workspace::new(NOTES);
    let run = lonely.run(&["review", "HEAD"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stderr.contains("not a git repository"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_large_object_is_not_read_whole() {
    let workspace = repository(NOTES);
    let file = std::fs::File::create(workspace.path("large.yaml")).unwrap();
    file.set_len(16 * 1024 * 1024 + 1).unwrap();
    git(&workspace, &["add", "large.yaml"]);
    git(&workspace, &["commit", "--quiet", "--message", "large"]);
    let run = workspace.run(&["review", "HEAD", "openapi.yaml", "--spec", "large.yaml"]);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("larger than 16 MiB"), "{}", run.stderr);
}

#[test]
fn a_client_that_cannot_be_made_is_not_safe() {
    let workspace = repository(NOTES);
    let path = "  \"/other/{open\":\n    get:\n      responses:\n        \"204\":\n          description: \
                No.\n";
    let wrong = NOTES.replace("\ncomponents:\n", &format!("\n{path}components:\n"));
    assert_ne!(wrong, NOTES);
    workspace.write("openapi.yaml", wrong);
    for fail_on in ["breaking", "unversioned"] {
        let run = workspace.run(&["review", "HEAD~1", "--fail-on", fail_on]);
        assert_eq!(run.status, Some(1), "{}", run.report());
        let first = run.stdout.lines().next().unwrap();
        assert!(
            first.trim_start().starts_with("Not compared in Rust: "),
            "{first}"
        );
        assert!(
            run.stderr.contains("error[path-template]"),
            "{}",
            run.stderr
        );
    }
    let of = |format| {
        let run = workspace.run(&["review", "HEAD~1", "--format", format]);
        assert_eq!(run.status, Some(1), "{}", run.report());
        run.stdout
    };
    let json: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(json["verdict"], "refused");
    assert_eq!(json["diagnostics"][0]["rule"], "path-template");
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 1);
    let sarif: Value = serde_json::from_str(&of("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(
        results
            .iter()
            .any(|found| found["ruleId"] == "path-template")
    );
    assert!(of("github").contains("title=path-template::"));
    for format in ["markdown", "html"] {
        let page = of(format);
        assert!(page.contains("Not compared in Rust"), "{page}");
        assert!(!page.contains("Safe to merge"), "{page}");
    }
}

#[test]
fn a_break_needs_both_versions() {
    let workspace = repository(NOTES);
    let manifest = |version: &str| {
        let text = format!("[package]\nname = \"agen-api\"\nversion = \"{version}\"\n");
        workspace.write("agen-api/Cargo.toml", text);
    };
    manifest("0.2.0");
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "--message", "three"]);
    // Another path: callers compile as before, and get no answer.
    let moved = NOTES.replace("  /notes/{note_id}:", "  /note/{note_id}:");
    assert_ne!(moved, NOTES);
    let raised = moved.replace("version: 1.0.0", "version: 2.0.0");
    assert_ne!(raised, moved);
    for (document, client, status) in [
        (&moved, "0.2.0", 3),
        (&moved, "0.2.1", 3),
        (&moved, "0.3.0", 3),
        (&raised, "0.2.1", 3),
        (&raised, "0.3.0", 0),
    ] {
        workspace.write("openapi.yaml", document);
        manifest(client);
        let run = workspace.run(&["review", "HEAD", "--fail-on", "unversioned"]);
        assert_eq!(run.status, Some(status), "{client}: {}", run.report());
    }
    let json = workspace.run(&["review", "HEAD", "--format", "json"]);
    let object: Value = serde_json::from_str(&json.stdout).unwrap();
    let entry = object["versions"]["changelog"].as_str().unwrap();
    assert!(entry.contains("### Changed\n\n- On the wire: "), "{entry}");
}

#[test]
fn an_addition_without_the_version_of_the_document_is_said() {
    let workspace = repository(NOTES);
    let more = NOTES.replace(
        "      properties:\n",
        "      properties:\n        more: {type: string}\n",
    );
    assert_ne!(more, NOTES);
    workspace.write("openapi.yaml", &more);
    let run = workspace.run(&["review", "HEAD"]);
    assert!(run.stdout.contains("Needs a version: "), "{}", run.report());
    let github = workspace.run(&["review", "HEAD", "--format", "github"]);
    // The line of `info.version`.
    let command = "::warning file=openapi.yaml,line=4,";
    assert!(github.stdout.contains(command), "{}", github.report());
    workspace.write(
        "openapi.yaml",
        more.replace("version: 1.0.0", "version: 1.1.0"),
    );
    let run = workspace.run(&["review", "HEAD"]);
    assert!(run.stdout.contains("Safe to merge: "), "{}", run.report());
}
