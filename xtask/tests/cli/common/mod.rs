//! A workspace of its own for each test, in a temporary folder, and the real program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use tempfile::TempDir;

/// A small document without anything to complain of.
pub(crate) const NOTES: &str = include_str!("notes.yaml");

/// The same document after an edit that changes a field, a description and an operation.
pub(crate) fn notes_edited() -> String {
    NOTES
        .replace("        author:", "        writer:")
        .replace("The text of the note.", "What the note says.")
        .replace("operationId: get_note", "operationId: read_note")
}

/// A temporary workspace with `openapi.yaml`.
pub(crate) struct Workspace {
    home: TempDir,
}

/// What is below a folder, by path, with its time and, of a file, its contents.
pub(crate) type Listing = BTreeMap<PathBuf, (SystemTime, Vec<u8>)>;

/// How a run ended.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    pub(crate) fn new(document: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("xtask")).unwrap();
        let workspace = Self { home };
        workspace.write("openapi.yaml", document);
        workspace
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    pub(crate) fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    /// The program, to be run from the root of this workspace.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(self.home.path())
            .env("CARGO_MANIFEST_DIR", self.path("xtask"))
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).output().unwrap().into()
    }

    /// Generates, and fails the test where that does.
    pub(crate) fn generate(&self) {
        let run = self.run(&["codegen"]);
        assert_eq!(run.status, Some(0), "{}{}", run.stdout, run.stderr);
    }

    /// All files of the workspace.
    pub(crate) fn listing(&self) -> Listing {
        listing(self.home.path())
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Everything a user sees, for a snapshot.
    pub(crate) fn report(&self) -> String {
        let status = self.status.map_or("none".to_owned(), |s| s.to_string());
        format!(
            "status: {status}\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        )
    }
}

/// All files, folders and symbolic links below a folder.
pub(crate) fn listing(dir: &Path) -> Listing {
    let mut found = Listing::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let mut text = Vec::new();
            if metadata.is_dir() {
                folders.push(path.clone());
            } else if metadata.is_file() {
                text = fs::read(&path).unwrap();
            }
            found.insert(path, (metadata.modified().unwrap(), text));
        }
    }
    found
}

/// Files below a folder with their contents, without the times.
pub(crate) fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = listing(dir).into_iter();
    files.map(|(path, (_, text))| (path, text)).collect()
}
