//! A workspace of generated clients that are only compiled: one package for each document, so that
//! cargo tells them apart, checks several at a time, and goes on where one fails.
//!
//! The dependencies are those of `agen-api`, in the versions of this workspace's `Cargo.lock`, so that
//! nothing is fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

const WHAT: &str = "the generated clients cannot be compiled";

/// A generated client.
pub(crate) struct Package<'a> {
    /// A name for people, such as the path of the document.
    pub(crate) document: &'a str,
    pub(crate) files: &'a BTreeMap<String, String>,
}

/// What the compiler says of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Compiled {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// The first complaint, in full.
    pub(crate) first: String,
}

impl Compiled {
    pub(crate) fn is_clean(&self) -> bool {
        self.errors + self.warnings == 0
    }
}

/// Compiles every package, and calls `done` as each comes to its end. The answers stand in the order
/// of the packages.
pub(crate) fn compile(
    root: &Path,
    packages: &[Package<'_>],
    done: impl FnMut(),
) -> Result<Vec<Compiled>, Failure> {
    let base = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let base = std::path::absolute(base.join("survey"));
    let base = base.map_err(|error| failed(root, &error))?;
    let workspace = base.join("workspace");
    let names = write(root, &workspace, packages)?;
    let mut said = check(&workspace, &base.join("target"), done)?;
    let mut found = Vec::new();
    for name in &names {
        // A package of which nothing was said was not reached.
        found.push(said.remove(name).ok_or_else(|| unexplained(&workspace))?);
    }
    Ok(found)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::io(
        WHAT,
        path,
        error,
        "look at the folder, and run the command again",
    )
}

fn unexplained(workspace: &Path) -> Failure {
    let log = workspace.join(LOG);
    let text = fs::read_to_string(&log).unwrap_or_default();
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    Failure::new(
        WHAT,
        log.display().to_string(),
        last.unwrap_or("cargo ended without a word").trim(),
        "build the workspace once, with `cargo build --workspace`, so that all it depends on is there",
    )
}

/// What cargo writes to standard error.
const LOG: &str = "cargo.log";

/// Writes the workspace, and gives the names of the packages. A file that is there already is left as
/// it is, so that cargo knows it has seen it.
pub(crate) fn write(
    root: &Path,
    workspace: &Path,
    packages: &[Package<'_>],
) -> Result<Vec<String>, Failure> {
    let read = |below: &str| {
        let path = root.join(below);
        fs::read_to_string(&path).map_err(|error| failed(&path, &error))
    };
    let (manifest, client) = (read("Cargo.toml")?, read("agen-api/Cargo.toml")?);
    let names = names(packages);
    // A folder that is no longer meant would be a package all the same.
    let documents = workspace.join("documents");
    for entry in fs::read_dir(&documents).into_iter().flatten().flatten() {
        if !names.iter().any(|name| entry.file_name() == name.as_str()) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(|error| failed(&path, &error))?;
        }
    }
    let mut files = BTreeMap::from([
        (workspace.join("Cargo.toml"), workspace_manifest(&manifest)),
        (workspace.join("Cargo.lock"), read("Cargo.lock")?),
    ]);
    let runtime = root.join("agen-api/src/runtime/mod.rs");
    let runtime = std::path::absolute(&runtime).map_err(|error| failed(&runtime, &error))?;
    for (name, package) in names.iter().zip(packages) {
        let dir = documents.join(name);
        files.insert(dir.join("Cargo.toml"), package_manifest(name, &client));
        files.insert(dir.join("src/lib.rs"), library(package.document, &runtime));
        for (path, text) in package.files {
            files.insert(dir.join("src/generated").join(path), text.clone());
        }
    }
    for (path, text) in files {
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            fs::write(&path, text)
        };
        write().map_err(|error| failed(&path, &error))?;
    }
    Ok(names)
}

/// Names of packages that remind of the documents.
fn names(packages: &[Package<'_>]) -> Vec<String> {
    const LONGEST: usize = 60;
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for package in packages {
        let tail = package.document.chars().count().saturating_sub(LONGEST);
        let last: String = package.document.chars().skip(tail).collect();
        let words = last.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        // Words are one hyphen apart: the compiler warns of a crate whose name has two.
        let wanted = format!("of-{}", words.join("-").to_ascii_lowercase());
        let wanted = wanted.trim_end_matches('-').to_owned();
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut all = std::iter::once(wanted.clone()).chain(numbered);
        names.extend(all.find(|name| taken.insert(name.clone())));
    }
    names
}

fn workspace_manifest(manifest: &str) -> String {
    let dependencies: String = section(manifest, "workspace.dependencies")
        // Those are of no use outside of this workspace.
        .filter(|line| !line.contains("path ="))
        .map(|line| format!("{line}\n"))
        .collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"documents/*\"]\n\n\
         [workspace.dependencies]\n{dependencies}"
    )
}

fn package_manifest(name: &str, client: &str) -> String {
    let mut text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n"
    );
    for wanted in ["features", "dependencies"] {
        text.push_str(&format!("\n[{wanted}]\n"));
        text.extend(section(client, wanted).map(|line| format!("{line}\n")));
    }
    text
}

/// The lines of a table of a manifest that say something.
fn section<'m>(manifest: &'m str, name: &str) -> impl Iterator<Item = &'m str> {
    let head = format!("[{name}]");
    let lines = manifest
        .lines()
        .skip_while(move |line| *line != head)
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn library(document: &str, runtime: &Path) -> String {
    format!(
        "//! Generated from {document:?}.\n\n\
         mod generated;\n\
         #[path = {runtime:?}]\n\
         mod runtime;\n\n\
         pub use generated::*;\n\
         pub use runtime::*;\n"
    )
}

/// Runs `cargo check`, and gives what it says of each package, by name.
fn check(
    workspace: &Path,
    target: &Path,
    mut done: impl FnMut(),
) -> Result<BTreeMap<String, Compiled>, Failure> {
    let log = workspace.join(LOG);
    let log = File::create(&log).map_err(|error| failed(&log, &error))?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(&cargo)
        .args(["check", "--workspace", "--keep-going", "--offline"])
        .args(["--quiet", "--message-format", "json", "--target-dir"])
        .arg(target)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(|error| failed(Path::new(&cargo), &error))?;
    let mut said = BTreeMap::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if note(&line, workspace, &mut said) {
                done();
            }
        }
    }
    child.wait().map_err(|error| failed(workspace, &error))?;
    Ok(said)
}

/// Notes a message of cargo; whether it is the end of a package, or its first error.
fn note(line: &str, workspace: &Path, said: &mut BTreeMap<String, Compiled>) -> bool {
    let message: Value = serde_json::from_str(line).unwrap_or_default();
    let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
    // Anything else is a dependency, of which cargo shows no warnings.
    let Ok(below) = manifest.strip_prefix(workspace.join("documents")) else {
        return false;
    };
    let Some(name) = below.parent().and_then(Path::to_str) else {
        return false;
    };
    let found = said.entry(name.to_owned()).or_default();
    if message["reason"] == "compiler-artifact" {
        return true;
    }
    let message = &message["message"];
    // The last ones only count the others.
    let is_sum = message["spans"].as_array().is_none_or(Vec::is_empty) && message["code"].is_null();
    let counter = match message["level"].as_str() {
        Some("error") if !is_sum || found.errors == 0 => &mut found.errors,
        Some("warning") if !is_sum => &mut found.warnings,
        _ => return false,
    };
    *counter += 1;
    if found.first.is_empty() || (found.errors == 1 && message["level"] == "error") {
        found.first = message["rendered"].as_str().unwrap_or_default().to_owned();
    }
    found.errors == 1 && message["level"] == "error"
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn each_document_is_a_package_with_the_dependencies_of_the_client() {
        let home = tempfile::tempdir().unwrap();
        let (root, out) = (home.path().join("root"), home.path().join("out"));
        fs::create_dir_all(root.join("agen-api")).unwrap();
        fs::write(root.join("Cargo.lock"), "version = 4\n").unwrap();
        let manifest = "[workspace]\nmembers = []\n\n[workspace.dependencies]\nown = { path = \"own\" }\n\n# A note.\nbytes = \"1\"\n\n[profile.dev]\ndebug = 1\n";
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        let client = "[package]\nname = \"c\"\n\n[features]\nmock = []\n\n[dependencies]\nbytes.workspace = true\n";
        fs::write(root.join("agen-api/Cargo.toml"), client).unwrap();
        let files = BTreeMap::from([("types/mod.rs".to_owned(), "// Types.\n".to_owned())]);
        let package = |document| Package {
            document,
            files: &files,
        };
        let written = write(
            &root,
            &out,
            &[
                package("a/B.yaml"),
                package("a__b.yaml"),
                package("ä.b.yaml"),
            ],
        );
        assert_eq!(
            written.unwrap(),
            ["of-a-b-yaml", "of-a-b-yaml-2", "of-b-yaml"]
        );
        let read = |below: &str| fs::read_to_string(out.join(below)).unwrap();
        assert_snapshot!(read("Cargo.toml"), @r#"
        [workspace]
        resolver = "3"
        members = ["documents/*"]

        [workspace.dependencies]
        bytes = "1"
        "#);
        assert_snapshot!(read("documents/of-a-b-yaml-2/Cargo.toml"), @r#"
        [package]
        name = "of-a-b-yaml-2"
        version = "0.0.0"
        edition = "2024"
        publish = false

        [features]
        mock = []

        [dependencies]
        bytes.workspace = true
        "#);
        assert_eq!(
            read("documents/of-b-yaml/src/generated/types/mod.rs"),
            "// Types.\n"
        );
        assert!(
            read("documents/of-a-b-yaml/src/lib.rs")
                .starts_with("//! Generated from \"a/B.yaml\".\n")
        );
        // What is no longer meant goes away, and the rest is not written again.
        let library = out.join("documents/of-b-yaml/src/lib.rs");
        let time = || fs::metadata(&library).unwrap().modified().unwrap();
        let before = time();
        write(&root, &out, &[package("ä.b.yaml")]).unwrap();
        assert_eq!(time(), before);
        assert!(!out.join("documents/of-a-b-yaml").exists());
    }

    #[test]
    fn messages_are_counted_for_their_package() {
        let at = |name: &str| format!("/w/documents/{name}/Cargo.toml");
        let line = |name: &str, level: &str, rendered: &str, spans: Value| {
            serde_json::json!({
                "reason": "compiler-message",
                "manifest_path": at(name),
                "message": {"level": level, "rendered": rendered, "spans": spans, "code": null},
            })
            .to_string()
        };
        let mut said = BTreeMap::new();
        let mut ends = 0;
        let artifact = |path: String| {
            serde_json::json!({"reason": "compiler-artifact", "manifest_path": path}).to_string()
        };
        for text in [
            line("a", "warning", "w", serde_json::json!([1])),
            line("a", "error", "e", serde_json::json!([1])),
            line("a", "error", "f", serde_json::json!([1])),
            line("a", "error", "aborting", serde_json::json!([])),
            line("a", "failure-note", "more", serde_json::json!([])),
            artifact(at("b")),
            artifact("/registry/c/Cargo.toml".to_owned()),
            "{\"reason\":\"build-finished\"}".to_owned(),
            "no JSON".to_owned(),
        ] {
            ends += usize::from(note(&text, Path::new("/w"), &mut said));
        }
        assert_eq!(ends, 2);
        let failed = Compiled {
            errors: 2,
            warnings: 1,
            first: "e".to_owned(),
        };
        let expected = [
            ("a".to_owned(), failed),
            ("b".to_owned(), Compiled::default()),
        ];
        assert_eq!(said, BTreeMap::from(expected));
        assert!(said["b"].is_clean() && !said["a"].is_clean());
    }
}
