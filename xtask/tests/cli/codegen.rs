//! `cargo xtask codegen`: what it compares, writes, removes and refuses.

use std::fs;

use crate::common::{self, NOTES, Run, Workspace, notes_edited};
use insta::assert_snapshot;

const GENERATED: &str = "agen-api/src/generated";
const SNAPSHOTS: &str = "agen-codegen/tests/snapshots/openapi";

/// A report without what changes whenever the generator learns something: the numbers of lines and
/// the diff, which has tests of its own.
fn outline(run: &Run) -> String {
    let report = run.report();
    let paragraphs: Vec<_> = report.split("\n\n").collect();
    let report = match &paragraphs[..] {
        [table, _diff, command] => format!("{table}\n\n[diff]\n\n{command}"),
        _ => report,
    };
    let line = |line: &str| match line.split_once(" (+") {
        Some((before, _)) => format!("{before} (+[lines])\n"),
        None => format!("{line}\n"),
    };
    report.lines().map(line).collect()
}

#[test]
fn the_first_run_makes_everything_and_the_second_touches_nothing() {
    let workspace = Workspace::new(NOTES);
    let run = workspace.run(&["codegen"]);
    assert_snapshot!("first_run", outline(&run));
    let before = workspace.listing();
    let run = workspace.run(&["codegen"]);
    assert_snapshot!("second_run", outline(&run));
    let run = workspace.run(&["codegen", "--check"]);
    assert_snapshot!("check_fresh", outline(&run));
    assert_eq!(workspace.listing(), before);
}

#[test]
fn every_snapshot_holds_the_file_that_it_is_named_after() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    let mut count = 0;
    for (path, text) in common::contents(&workspace.path(GENERATED)) {
        if path.is_dir() {
            continue;
        }
        let below = path.strip_prefix(workspace.path(GENERATED)).unwrap();
        let name = below.to_str().unwrap().replace(['/', '\\'], "__");
        let snapshot = workspace.read(&format!("{SNAPSHOTS}/{name}.snap"));
        let text = String::from_utf8(text).unwrap();
        let header = "---\nsource: agen-codegen/tests/openapi.rs\nexpression: text\n---\n";
        assert_eq!(snapshot.strip_prefix(header), Some(&*text), "{name}");
        count += 1;
    }
    assert!(workspace.path(SNAPSHOTS).join("surface.snap").is_file());
    let snapshots = fs::read_dir(workspace.path(SNAPSHOTS)).unwrap();
    assert_eq!(snapshots.count(), count + 1);
}

#[test]
fn a_check_of_a_stale_tree_shows_the_difference_and_writes_nothing() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    workspace.write("openapi.yaml", notes_edited());
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(workspace.listing(), before);
    assert_eq!(run.status, Some(3));
    assert_eq!(run.stdout.lines().last(), Some("run: cargo xtask codegen"));
    assert!(run.stdout.contains("read_note"), "{}", run.stdout);
    assert_snapshot!("check_stale", outline(&run));

    let run = workspace.run(&["codegen"]);
    assert_snapshot!("regenerate", outline(&run));
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(run.status, Some(0), "{}", run.stdout);
}

#[test]
fn a_check_of_nothing_writes_nothing() {
    let workspace = Workspace::new(NOTES);
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(run.status, Some(3));
    assert!(run.stdout.contains("more lines of the diff left out"));
    assert_eq!(workspace.listing(), before);
}

#[test]
fn what_was_not_generated_is_removed() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    let fresh = common::contents(&workspace.path(GENERATED));
    workspace.write(&format!("{GENERATED}/extra.rs"), "fn extra() {}\n");
    workspace.write(&format!("{GENERATED}/deep/er/extra.rs"), "fn extra() {}\n");
    workspace.write(&format!("{GENERATED}/binary.rs"), [0xFF, 0xFE]);
    workspace.write(&format!("{SNAPSHOTS}/gone.rs.snap"), "---\n---\n");
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--check"]);
    assert_snapshot!("check_extra", outline(&run));
    assert_eq!(workspace.listing(), before);

    workspace.generate();
    assert_eq!(common::contents(&workspace.path(GENERATED)), fresh);
    assert_eq!(workspace.run(&["codegen", "--check"]).status, Some(0));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_removed_and_never_followed() {
    use std::os::unix::fs::symlink;

    let workspace = Workspace::new(NOTES);
    workspace.generate();
    workspace.write("elsewhere/precious.rs", "precious");
    symlink(
        workspace.path("elsewhere"),
        workspace.path(&format!("{GENERATED}/link")),
    )
    .unwrap();
    let run = workspace.run(&["codegen", "--check"]);
    assert_eq!(run.status, Some(3));
    let line = format!("     Removed {GENERATED}/link (symbolic link)");
    assert!(run.stdout.lines().any(|l| l == line), "{}", run.stdout);
    workspace.generate();
    assert!(!workspace.path(&format!("{GENERATED}/link")).exists());
    assert_eq!(workspace.read("elsewhere/precious.rs"), "precious");

    fs::create_dir(workspace.path("target")).unwrap();
    symlink(workspace.path("target"), workspace.path("out")).unwrap();
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--out", "out"]);
    assert_snapshot!("out_is_a_link", run.report());
    assert_eq!(workspace.listing(), before);
}

#[test]
fn a_damaged_tree_is_repaired() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    let fresh = common::contents(&workspace.path(GENERATED));
    fs::remove_file(workspace.path(&format!("{GENERATED}/mod.rs"))).unwrap();
    assert_eq!(workspace.run(&["codegen", "--check"]).status, Some(3));
    workspace.generate();
    assert_eq!(common::contents(&workspace.path(GENERATED)), fresh);
}

#[test]
fn line_endings_make_no_difference() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    for (path, text) in common::contents(&workspace.path("agen-api")) {
        if path.is_file() {
            let text = String::from_utf8(text).unwrap();
            fs::write(path, text.replace('\n', "\r\n")).unwrap();
        }
    }
    for (path, text) in common::contents(&workspace.path(SNAPSHOTS)) {
        let text = String::from_utf8(text).unwrap();
        fs::write(path, text.replace('\n', "\r\n")).unwrap();
    }
    let before = workspace.listing();
    for arguments in [&["codegen", "--check"][..], &["codegen"]] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(0), "{}{}", run.stdout, run.stderr);
    }
    assert_eq!(workspace.listing(), before);
}

#[test]
fn a_folder_that_was_not_generated_is_refused() {
    let workspace = Workspace::new(NOTES);
    workspace.write("src/mod.rs", "mod written_by_hand;\n");
    let before = workspace.listing();
    let run = workspace.run(&["codegen", "--out", "src"]);
    assert_snapshot!("foreign", run.report());
    let check = workspace.run(&["codegen", "--check", "--out", "src"]);
    assert_eq!(check.report(), run.report());
    // The second tree is refused before the first is written.
    workspace.write(&format!("{SNAPSHOTS}/by_hand.snap"), "by hand");
    let run = workspace.run(&["codegen"]);
    assert_snapshot!("foreign_snapshots", run.report());
    fs::remove_dir_all(workspace.path("agen-codegen")).unwrap();
    fs::remove_dir_all(workspace.path("agen-api")).unwrap();
    assert_eq!(workspace.listing().len(), before.len());

    workspace.write("file", "");
    let run = workspace.run(&["codegen", "--out", "file"]);
    assert_snapshot!("out_is_a_file", run.report());
}

#[test]
fn other_paths_are_named_in_the_command_that_repairs() {
    let workspace = Workspace::new("");
    workspace.write("my spec.yaml", NOTES);
    fs::create_dir(workspace.path("empty")).unwrap();
    let arguments = ["codegen", "--spec", "my spec.yaml", "--out", "empty"];
    let check = workspace.run(&[&arguments[..], &["--check"]].concat());
    assert_eq!(check.status, Some(3));
    assert_eq!(
        check.stdout.lines().last(),
        Some("run: cargo xtask codegen --spec 'my spec.yaml' --out empty")
    );
    let run = workspace.run(&arguments);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(workspace.path("empty/mod.rs").is_file());
    assert!(!workspace.path(GENERATED).exists());
    assert!(!workspace.path(SNAPSHOTS).exists());
}

#[test]
fn defaults_are_found_from_any_folder() {
    let workspace = Workspace::new(NOTES);
    let mut command = workspace.command(&["codegen"]);
    let output = command.current_dir(workspace.path("xtask")).output();
    assert!(output.unwrap().status.success());
    assert_eq!(workspace.run(&["codegen", "--check"]).status, Some(0));
    let arguments = ["codegen", "--check", "--spec", "../openapi.yaml"];
    let mut command = workspace.command(&arguments);
    let output = command.current_dir(workspace.path("xtask")).output();
    let run = common::Run::from(output.unwrap());
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains(SNAPSHOTS), "{}", run.stdout);
}

#[test]
fn a_broken_document_changes_nothing() {
    let workspace = Workspace::new(NOTES);
    workspace.generate();
    workspace.write(
        "openapi.yaml",
        NOTES.replace("#/components/schemas/Note", "#/components/schemas/Nota"),
    );
    let before = workspace.listing();
    for arguments in [&["codegen"][..], &["codegen", "--check"]] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, Some(1));
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains("openapi.yaml:31:"), "{}", run.stderr);
        assert!(run.stderr.ends_with("nothing was generated\n"));
    }
    assert_eq!(workspace.listing(), before);
}
