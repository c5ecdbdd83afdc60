//! The levels that the review gives, held to two other judges, for edits of `openapi.yaml` of every kind:
//!
//! - the compiler: a caller that uses everything that the one client has is compiled against the other one.
//!   Where a caller of the base does not compile any more, the change is major; where only one of the head
//!   does not compile against the base, something was added, which is minor;
//! - `cargo semver-checks`, on the documentation of both clients.
//!
//! Neither sees everything: the compiler takes no notice of what is deprecated, and `cargo semver-checks` of
//! types of fields and arguments. So the graver of both counts.
//!
//! This compiles some two hundred crates and runs only where `cargo semver-checks` is installed, or where
//! `AGEN_AGREEMENT` is set, and then with the compiler alone if need be:
//!
//! ```sh
//! AGEN_AGREEMENT=1 cargo test -p agen-codegen --test review_rust_agreement -- --nocapture
//! ```

mod caller;
mod edits;
mod scratch;

use std::{collections::BTreeMap, env, fs, path::Path};

use agen_codegen::{Settings, Source, generate, review, review::Level};
use serde_json::Value;

use edits::EDITS;
use scratch::{Scratch, semver_checks};

fn source(text: &str) -> Source<'_> {
    Source {
        name: "openapi.json",
        text,
    }
}

fn client(text: &str) -> BTreeMap<String, String> {
    let outcome = generate(&source(text), &Settings::default());
    let said: Vec<_> = outcome
        .diagnostics
        .iter()
        .map(|found| &found.message)
        .collect();
    outcome.output.unwrap_or_else(|| panic!("{said:?}")).files
}

/// The level that the review gives; nothing where it finds no change.
fn reviewed(base: &str, head: &str) -> Option<Level> {
    let rust = review(&source(base), &source(head)).rust.unwrap();
    rust.changes.iter().map(|change| change.rule.level).max()
}

fn shown(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Major) => "major",
        Some(Level::Minor) => "minor",
        Some(Level::Patch) | None => "-",
    }
}

/// What is no level at all is one that asks for nothing.
fn weighed(level: Option<Level>) -> Level {
    level.unwrap_or(Level::Patch)
}

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn edited(edit: fn(&mut Value)) -> String {
    let mut document = document();
    edit(&mut document);
    serde_json::to_string_pretty(&document).unwrap()
}

#[test]
fn the_level_is_that_of_other_judges() {
    let tool = semver_checks();
    if tool.is_none() && env::var_os("AGEN_AGREEMENT").is_none() {
        println!(
            "SKIPPED: `cargo semver-checks` is not installed, and AGEN_AGREEMENT is not set; CONTRIBUTING.md \
             says how to run this"
        );
        return;
    }
    let base = edited(|_| {});
    let documents: Vec<String> = EDITS.iter().map(|(_, edit)| edited(*edit)).collect();

    let mut scratch = Scratch::new();
    scratch.client("base", &client(&base));
    let caller_of_base = caller::caller(&client(&base));
    scratch.caller("s", "base", &caller_of_base);
    for (number, document) in documents.iter().enumerate() {
        let files = client(document);
        let head = format!("e{number}");
        scratch.client(&head, &files);
        scratch.caller(&format!("f{number}"), &head, &caller_of_base);
        scratch.caller(&format!("b{number}"), "base", &caller::caller(&files));
    }
    let compiled = scratch.compile();
    // A caller that does not even compile against its own client judges nothing.
    assert!(compiled.contains("s"), "{}", scratch.complaints("s"));

    let mut others = 0;
    for (number, ((name, _), document)) in EDITS.iter().zip(&documents).enumerate() {
        let head = format!("e{number}");
        assert!(
            compiled.contains(&head),
            "{name}: {}",
            scratch.complaints(&head)
        );
        let compiler = if !compiled.contains(&format!("f{number}")) {
            Some(Level::Major)
        } else if !compiled.contains(&format!("b{number}")) {
            Some(Level::Minor)
        } else {
            None
        };
        let tool = tool.as_ref().map(|tool| scratch.semver_checks(tool, &head));
        let ours = reviewed(&base, document);
        let judged = weighed(compiler).max(weighed(tool.flatten()));
        // What is deprecated only the tool sees.
        let same = weighed(ours) == judged || tool.is_none() && name.ends_with(" deprecated");
        others += usize::from(!same);
        println!(
            "{:<50} review {:<6} compiler {:<6} semver-checks {:<6}{}",
            name,
            shown(ours),
            shown(compiler),
            tool.map_or("absent", shown),
            if same { "" } else { "  DIFFERS" },
        );
    }
    assert_eq!(others, 0, "levels that the other judges do not give");
}

/// Edits are what they say they are only while the document is as it is.
#[test]
fn every_edit_changes_the_document() {
    let base = edited(|_| {});
    assert!(EDITS.len() >= 40);
    for (name, edit) in EDITS {
        let head = edited(*edit);
        assert_ne!(head, base, "{name}");
        client(&head);
    }
}
