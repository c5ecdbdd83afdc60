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
