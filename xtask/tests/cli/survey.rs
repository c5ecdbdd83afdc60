//! `cargo xtask survey`. What `--compile` writes is tested where it is written: to compile it takes
//! longer than a test may.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::common::{NOTES, Workspace};

/// A folder with a document that is generated from, one to which something is done for that, one that
/// is refused, one that cannot be read, and files that are no documents.
fn mixed() -> Workspace {
    let workspace = Workspace::new(NOTES);
    workspace.write("all/b/good.YML", NOTES);
    let unnamed = NOTES.replace("      operationId: get_note\n", "");
    assert_ne!(unnamed, NOTES);
    workspace.write("all/a.json", unnamed);
    workspace.write(
        "all/b/broken.yaml",
        NOTES.replace("openapi: 3.0", "openapi: 2.0"),
    );
    workspace.write(
        "all/latin1.yaml",
        b"openapi: 3.0.3\ninfo: {title: caf\xE9}\n",
    );
    workspace.write("all/notes.txt", NOTES);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(
            workspace.path("openapi.yaml"),
            workspace.path("all/link.yaml"),
        )
        .unwrap();
        std::os::unix::fs::symlink(workspace.path("all"), workspace.path("all/b/loop")).unwrap();
    }
    workspace
}

/// The table with `#` for every time.
fn without_times(table: &str) -> String {
    let (head, rows) = table.split_once('\n').unwrap();
    let end = head.find("ms").unwrap() + "ms".len();
    let mut text = format!("{head}\n");
    for line in rows.lines() {
        let time = line.get(end - 6..end).unwrap_or_default();
        if time.trim_start().parse::<u32>().is_ok() {
            text.push_str(&format!("{}     #{}\n", &line[..end - 6], &line[end..]));
        } else {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

#[test]
fn human() {
    let workspace = mixed();
    let before = workspace.listing();
    let run = workspace.run(&["survey", "all"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert_snapshot!("survey_human", without_times(&run.stdout));
    assert_eq!(workspace.listing(), before);
}

#[test]
fn json() {
    let run = mixed().run(&["survey", "all", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    let all = value.as_array().unwrap();
    let files: Vec<_> = all
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    assert_eq!(
        files,
        [
            "all/a.json",
            "all/b/broken.yaml",
            "all/b/good.YML",
            "all/latin1.yaml"
        ]
    );
    let [unnamed, broken, good, latin1] = &all[..] else {
        panic!("{value:#}");
    };
    for one in all {
        let keys: Vec<_> = one
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            [
                "compiles",
                "diagnostics",
                "file",
                "left_out",
                "lines",
                "lowered",
                "milliseconds",
                "operations",
                "outcome",
                "types",
            ]
        );
        assert!(one["milliseconds"].is_u64() && one["compiles"].is_null());
    }
    assert_eq!(good["outcome"], "generated");
    assert_eq!(
        (&good["diagnostics"], &good["lowered"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        (&good["operations"], &good["types"]),
        (&unnamed["operations"], &unnamed["types"])
    );
    assert!(good["lines"].as_u64().unwrap() > 100);
    let done = &unnamed["lowered"][0];
    assert_eq!(done["id"], "operation-id-missing");
    assert!(done["line"].as_u64().unwrap() > 1 && done["column"].as_u64().unwrap() > 1);
    for (refused, rule) in [(broken, "openapi-version"), (latin1, "document-unreadable")] {
        assert_eq!(refused["outcome"], "refused");
        assert_eq!(refused["diagnostics"][0]["rule"], rule);
        assert!(refused["operations"].is_null() && refused["lines"].is_null());
    }
}

#[test]
fn a_folder_without_documents_and_one_that_is_not_there() {
    let workspace = Workspace::new(NOTES);
    fs::create_dir(workspace.path("empty")).unwrap();
    let run = workspace.run(&["survey", "empty", "--format", "json", "--compile"]);
    assert_eq!(run.report(), "status: 0\n--- stdout\n[]\n--- stderr\n");
    let run = workspace.run(&["survey", "missing"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("there is no such file or folder"),
        "{}",
        run.stderr
    );
}

#[test]
fn codegen_says_what_was_done() {
    let workspace = Workspace::new(&NOTES.replace("      operationId: get_note\n", ""));
    let run = workspace.run(&["codegen"]);
    assert_eq!(run.status, Some(0));
    assert_snapshot!("codegen_lowered", run.stderr);
}
