//! A workspace of clients and their callers, compiled in one run of cargo.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use agen_codegen::review::Level;
use serde_json::Value;

pub(crate) struct Scratch {
    folder: PathBuf,
    members: Vec<String>,
    complaints: BTreeMap<String, String>,
}

/// The tool, where it is installed.
pub(crate) fn semver_checks() -> Option<PathBuf> {
    let name = env::var_os("AGEN_SEMVER_CHECKS");
    let tool = PathBuf::from(name.unwrap_or_else(|| "cargo-semver-checks".into()));
    let run = Command::new(&tool)
        .args(["semver-checks", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    run.is_ok_and(|status| status.success()).then_some(tool)
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap().to_owned()
}

/// What a client consists of beside its generated code, as the fixtures have it.
const LIBRARY: &str = "#![allow(warnings)]
mod generated;
#[path = \"RUNTIME\"]
mod runtime;
pub use bytes::Bytes;
pub use generated::{operations, types};
pub use reqwest::StatusCode;
pub mod mock {
    pub use crate::runtime::mock::{Mock, MockServer, Received, Sample, Waits};
}
pub use runtime::{
    Client, ClientBuilder, Download, Error, ErrorKind, Event, Events, Failure, IntoNullableString, ItemStream,
    Method, Part, Request, RetryPolicy, UnknownValue,
};
";

impl Scratch {
    pub(crate) fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement");
        fs::create_dir_all(&folder).unwrap();
        // The same versions of dependencies as everywhere.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Self {
            folder,
            members: Vec::new(),
            complaints: BTreeMap::new(),
        }
    }

    fn write(&mut self, member: &str, manifest: &str, files: &[(&str, &str)]) {
        let folder = self.folder.join(member);
        let _ = fs::remove_dir_all(&folder);
        for (file, text) in files.iter().chain([&("Cargo.toml", manifest)]) {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        self.members.push(member.to_owned());
    }

    /// Adds a client, with the runtime of `agen-api` and with its dependencies.
    pub(crate) fn client(&mut self, name: &str, generated: &BTreeMap<String, String>) {
        let ours = fs::read_to_string(root().join("agen-api/Cargo.toml")).unwrap();
        let (_, rest) = ours.split_once("[features]\n").unwrap();
        let (features, rest) = rest.split_once("[dependencies]\n").unwrap();
        let (dependencies, _) = rest.split_once("[dev-dependencies]\n").unwrap();
        let features = features.replace("default = [\"rustls\"]", "default = [\"mock\"]");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[lib]\nname = \"api\"\n\
             doctest = false\n[features]\n{features}\n[dependencies]\n{dependencies}"
        );
        let runtime = root().join("agen-api/src/runtime/mod.rs");
        let library = LIBRARY.replace("RUNTIME", &runtime.to_string_lossy().replace('\\', "/"));
        let paths = generated.iter();
        let mut files: Vec<(String, &str)> = paths
            .map(|(path, text)| (format!("src/generated/{path}"), text.as_str()))
            .collect();
        files.push(("src/lib.rs".to_owned(), &library));
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
        self.write(name, &manifest, &files);
    }

    /// Adds a caller of a client.
    pub(crate) fn caller(&mut self, name: &str, client: &str, text: &str) {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\n\
             api = {{ package = \"{client}\", path = \"../{client}\" }}\nchrono.workspace = true\n\
             serde.workspace = true\nserde_json.workspace = true\n"
        );
        self.write(name, &manifest, &[("src/lib.rs", text)]);
    }

    /// Compiles everything, and gives the names of what compiled.
    pub(crate) fn compile(&mut self) -> BTreeSet<String> {
        let ours = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let (_, rest) = ours.split_once("[workspace.dependencies]\n").unwrap();
        let (dependencies, _) = rest.split_once("[workspace.lints").unwrap();
        let dependencies: String = dependencies
            .lines()
            .filter(|line| !line.contains("path ="))
            .map(|line| format!("{line}\n"))
            .collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {:?}\n[workspace.dependencies]\n{dependencies}",
            self.members
        );
        fs::write(self.folder.join("Cargo.toml"), manifest).unwrap();
        let output = self.cargo(&[
            "check",
            "--workspace",
            "--keep-going",
            "--message-format=json",
        ]);
        let mut compiled = BTreeSet::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
            let member = manifest.parent().and_then(Path::file_name);
            let member = member.map_or(String::new(), |name| name.to_string_lossy().into_owned());
            if !manifest.starts_with(&self.folder) {
                continue;
            }
            match message["reason"].as_str() {
                Some("compiler-artifact") => drop(compiled.insert(member)),
                Some("compiler-message") => {
                    let text = message["message"]["rendered"].as_str().unwrap_or_default();
                    self.complaints.entry(member).or_default().push_str(text);
                }
                _ => {}
            }
        }
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(compiled.contains("base"), "{words}");
        compiled
    }

    /// What the compiler said of a member.
    pub(crate) fn complaints(&self, member: &str) -> &str {
        self.complaints.get(member).map_or("", String::as_str)
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO"))
            .arg("--offline")
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            // What documentation as JSON takes; it does nothing to the code.
            .env("RUSTC_BOOTSTRAP", "1")
            .output()
            .unwrap()
    }

    /// The documentation of a client as JSON, which is made once.
    fn documented(&self, member: &str) -> PathBuf {
        let made = self.folder.join(member).join("api.json");
        if !made.is_file() {
            let output = self.cargo(&[
                "rustdoc",
                "--package",
                member,
                "--lib",
                "--",
                "-Zunstable-options",
                "--output-format=json",
            ]);
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{words}");
            fs::copy(self.folder.join("target/doc/api.json"), &made).unwrap();
        }
        made
    }

    /// The level of the change from the base as `cargo semver-checks` has it.
    pub(crate) fn semver_checks(&self, tool: &Path, head: &str) -> Option<Level> {
        let [base, head] = ["base", head].map(|member| self.documented(member));
        let passes = |release: &str| {
            let output = Command::new(tool)
                .args(["semver-checks", "--release-type", release])
                .arg("--baseline-rustdoc")
                .arg(&base)
                .arg("--current-rustdoc")
                .arg(&head)
                .output()
                .unwrap();
            match output.status.code() {
                Some(0) => true,
                Some(100) => false,
                _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
            }
        };
        if passes("patch") {
            None
        } else if passes("minor") {
            Some(Level::Minor)
        } else {
            Some(Level::Major)
        }
    }
}
