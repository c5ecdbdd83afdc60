//! Runs that are killed, and runs at the same time: the tree is always one of two, as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::{self, NOTES, Workspace, notes_edited};

const TREES: [&str; 2] = [
    "agen-api/src/generated",
    "agen-codegen/tests/snapshots/openapi",
];

type Contents = BTreeMap<PathBuf, Vec<u8>>;

fn contents(workspace: &Workspace) -> [Contents; 2] {
    TREES.map(|tree| common::contents(&workspace.path(tree)))
}

/// Names beside a tree, the tree itself included.
fn beside(workspace: &Workspace, tree: &str) -> Vec<String> {
    let parent = workspace.path(tree).parent().unwrap().to_owned();
    let names = fs::read_dir(parent).unwrap();
    names
        .map(|name| name.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Waits, busily, until something is so or the process has ended.
fn wait_until(child: &mut Child, mut reached: impl FnMut() -> bool) {
    while child.try_wait().unwrap().is_none() && !reached() {
        std::hint::spin_loop();
    }
}

#[test]
fn a_killed_run_leaves_the_old_tree_or_the_new_one() {
    let workspace = Workspace::new(NOTES);
    let start = Instant::now();
    workspace.generate();
    let whole = start.elapsed();
    let one = contents(&workspace);
    workspace.write("openapi.yaml", notes_edited());
    workspace.generate();
    let two = contents(&workspace);
    assert_ne!(one[0], two[0]);

    let mut interrupted = 0;
    for round in 0..100_u32 {
        // Always towards the other tree, so that there is something to write.
        let document = if contents(&workspace)[0] == one[0] {
            notes_edited()
        } else {
            NOTES.to_owned()
        };
        workspace.write("openapi.yaml", document);
        let mut command = workspace.command(&["codegen"]);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        if round % 2 == 0 {
            // Anywhere in the whole run.
            let moment = Instant::now() + whole * round / 80;
            wait_until(&mut child, || Instant::now() >= moment);
        } else {
            // While one of the trees is written and exchanged.
            let tree = workspace.path(TREES[(round / 2 % 2) as usize]);
            let name = tree.file_name().unwrap().to_str().unwrap();
            let staged = tree.with_file_name(format!(".{name}.codegen-new"));
            wait_until(&mut child, || staged.exists());
            let moment = Instant::now() + Duration::from_micros(u64::from(round) * 20);
            wait_until(&mut child, || Instant::now() >= moment);
        }
        child.kill().unwrap();
        interrupted += u32::from(!child.wait().unwrap().success());

        for (tree, now) in contents(&workspace).iter().enumerate() {
            let whole = *now == one[tree] || *now == two[tree];
            assert!(whole, "round {round} left a mixed {}", TREES[tree]);
        }
    }
    // A run that was over before its kill shows nothing.
    assert!(interrupted >= 10, "only {interrupted} runs were killed");

    workspace.write("openapi.yaml", NOTES);
    workspace.generate();
    assert_eq!(contents(&workspace), one);
    assert_eq!(beside(&workspace, TREES[0]), ["generated"]);
    assert_eq!(beside(&workspace, TREES[1]), ["openapi"]);
}

#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let workspace = Workspace::new(NOTES);
    workspace.write("edited.yaml", notes_edited());
    let generate = |spec| {
        let mut command = workspace.command(&["codegen", "--spec", spec, "--out", "src/out"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let out = || common::contents(&workspace.path("src/out"));
    assert!(generate("openapi.yaml").wait().unwrap().success());
    let one = out();
    assert!(generate("edited.yaml").wait().unwrap().success());
    let two = out();
    for _ in 0..5 {
        let specs = ["openapi.yaml", "edited.yaml", "openapi.yaml", "edited.yaml"];
        let mut runs = specs.map(generate);
        for run in &mut runs {
            assert!(run.wait().unwrap().success());
        }
        assert!(out() == one || out() == two);
        assert_eq!(beside(&workspace, "src/out"), ["out"]);
    }
}
