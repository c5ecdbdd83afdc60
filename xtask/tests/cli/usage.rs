//! The face of the program: help texts, wrong usage, and documents that cannot be read.

use crate::common::{NOTES, Workspace};
use insta::assert_snapshot;

#[test]
fn help() {
    let workspace = Workspace::new(NOTES);
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_codegen", &["codegen", "--help"]),
        ("help_docs_drift", &["docs-drift", "--help"]),
        ("help_lint", &["lint", "--help"]),
        ("help_review", &["review", "--help"]),
        ("help_survey", &["survey", "--help"]),
    ] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(0));
        assert_snapshot!(name, run.stdout);
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let workspace = Workspace::new(NOTES);
    let before = workspace.listing();
    for arguments in [
        &[][..],
        &["unknown"],
        &["codegen", "--unknown"],
        &["codegen", "--spec"],
        &["codegen", "openapi.yaml"],
        &["lint", "--format", "xml"],
        &["docs-drift", "--format", "html"],
        &["docs-drift", "--fail-on", "warnings"],
        &["survey"],
        &["review"],
        &["review", "HEAD", "--fail-on", "warnings"],
    ] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(2), "{arguments:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains("--help"), "{}", run.stderr);
    }
    assert_eq!(workspace.listing(), before);
}

#[test]
fn documents_that_cannot_be_read() {
    let workspace = Workspace::new(NOTES);
    workspace.write("latin1.yaml", b"openapi: 3.0.3\ninfo: {title: caf\xE9}\n");
    workspace.write("folder/inner.yaml", NOTES);
    fs_set_len(&workspace, "large.yaml", 16 * 1024 * 1024 + 1);
    let before = workspace.listing();
    for (name, file) in [
        ("unreadable_missing", "missing.yaml"),
        ("unreadable_latin1", "latin1.yaml"),
        ("unreadable_folder", "folder"),
        ("unreadable_large", "large.yaml"),
    ] {
        let codegen = workspace.run(&["codegen", "--spec", file]);
        assert_snapshot!(name, codegen.report());
        let lint = workspace.run(&["lint", file]);
        assert_eq!(lint.status, Some(1), "{}", lint.stderr);
        assert_eq!(lint.stdout, "");
        assert!(lint.stderr.starts_with(&codegen.stderr), "{}", lint.stderr);
    }
    assert_eq!(workspace.listing(), before);
}

/// Makes a file of zeros that takes no room on the disk.
fn fs_set_len(workspace: &Workspace, below: &str, length: u64) {
    let file = std::fs::File::create(workspace.path(below)).unwrap();
    file.set_len(length).unwrap();
}

#[test]
fn colors_follow_the_environment() {
    let workspace = Workspace::new(NOTES);
    let arguments = ["codegen", "--spec", "missing.yaml"];
    let plain = workspace.run(&arguments).stderr;
    assert!(!plain.contains('\u{1b}'));
    let mut forced = workspace.command(&arguments);
    let forced = forced.env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stderr.contains(&0x1b));
    let mut refused = workspace.command(&arguments);
    refused.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!refused.output().unwrap().stderr.contains(&0x1b));
}
