//! Every rule on the client is shown by a pair of documents, in both directions; what is found is held in
//! `tests/snapshots/review_rust/`.
//!
//! `tests/review_rust/*.yaml` holds the pairs, each named after a rule that it shows.

use std::{collections::BTreeSet, fs, path::Path};

use agen_codegen::{
    Review, Source, review,
    review::{Level, Place, Rust, RustChange, rust::rules},
};

/// The pairs, in the order of their names: name, base, head.
fn pairs() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review_rust");
    let entries = fs::read_dir(folder).unwrap();
    let mut pairs: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let (base, head) = text.split_once("\n---\n").expect("two documents");
            (name, document(base), document(head))
        })
        .collect();
    pairs.sort();
    assert!(!pairs.is_empty());
    pairs
}

/// A document out of its paths and components.
fn document(text: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{text}\n")
}

fn source(text: &str) -> Source<'_> {
    Source {
        name: "openapi.yaml",
        text,
    }
}

/// Compares two texts, and checks what is true of every change.
fn compare(base: &str, head: &str) -> (Review, Rust) {
    let mut review = review(&source(base), &source(head));
    let refused = [
        &review.base,
        &review.head,
        &review.base_client,
        &review.head_client,
    ];
    assert!(refused.iter().all(|side| side.is_empty()), "{refused:?}");
    let rust = review.rust.clone().unwrap();
    let wire = review.wire.get_or_insert_default();
    for found in &rust.changes {
        for (text, place) in [(base, &found.base), (head, &found.head)] {
            if let Some(place) = place {
                assert!(text.get(place.span.clone()).is_some(), "{found:?}");
            }
        }
        assert!(found.base.is_some() || found.head.is_some(), "{found:?}");
        assert!(
            found.cause.is_none_or(|at| at < wire.findings.len()),
            "{found:?}"
        );
        assert!(
            found.caller.is_none() || found.before.is_some(),
            "{found:?}"
        );
    }
    let of = |level| {
        let changes = rust.changes.iter();
        changes.filter(|change| change.rule.level == level).count()
    };
    assert_eq!(of(Level::Major), rust.counts.major);
    assert_eq!(of(Level::Minor), rust.counts.minor);
    assert_eq!(of(Level::Patch), rust.counts.patch);
    (review, rust)
}

fn shown(found: &RustChange, review: &Review, base: &str, head: &str) -> String {
    let at = |text: &str, place: &Option<Place>| {
        place.as_ref().map_or("-".to_owned(), |place| {
            let line = text[..place.span.start].matches('\n').count() + 1;
            format!("{line} {:?}", text.get(place.span.clone()).unwrap())
        })
    };
    let level = match found.rule.level {
        Level::Major => "major",
        Level::Minor => "minor",
        Level::Patch => "patch",
    };
    let findings = &review.wire.as_ref().unwrap().findings;
    let cause = found
        .cause
        .map_or("the client alone", |at| findings[at].rule.id);
    let mut text = format!(
        "{level} {} of {}\n  {}\n  {} -> {}, by {cause}\n",
        found.rule.id,
        found.item,
        found.message,
        at(base, &found.base),
        at(head, &found.head),
    );
    for (sign, line) in [('-', &found.before), ('+', &found.after)] {
        if let Some(line) = line {
            text.push_str(&format!("  {sign} {line}\n"));
        }
    }
    if let Some(caller) = &found.caller {
        let after = caller.after.as_deref().unwrap_or("");
        text.push_str(&format!("  caller: {}\n      ->: {after}\n", caller.before));
    }
    text
}

#[test]
fn every_rule_has_a_pair() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/review_rust");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    let mut found = BTreeSet::new();
    for (name, base, head) in pairs() {
        let mut text = String::new();
        for (title, base, head) in [("", &base, &head), ("\nin reverse\n", &head, &base)] {
            text.push_str(title);
            let (review, rust) = compare(base, head);
            for change in &rust.changes {
                found.insert(change.rule.id);
                text.push_str(&shown(change, &review, base, head));
            }
        }
        assert!(text.contains(&format!(" {name} of ")), "{name}: {text}");
        insta::assert_snapshot!(name, text);
    }
    let ids = rules().map(|rule| rule.id);
    let missing: Vec<_> = ids.filter(|id| !found.contains(id)).collect();
    assert!(missing.is_empty(), "no pair for {missing:#?}");
}

#[test]
fn rules_have_ids_of_their_own() {
    let mut ids = BTreeSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "{}", rule.id);
        assert!(rule.id.starts_with("rust-"), "{}", rule.id);
        assert!(!rule.summary.is_empty() && !rule.why.is_empty());
    }
}

#[test]
fn a_change_comes_from_the_property_that_it_is_made_from() {
    let text = |properties: &str| {
        document(&format!(
            "paths: {{/a: {{get: {{operationId: get_a, responses: {{'200': {{description: A, content: \
             {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{A: {{type: object, required: [gone, other], properties: {{{properties}}}}}}}}}"
        ))
    };
    let old = text("gone: {type: string}, other: {type: string}, old: {type: string}");
    let new = text("other: {type: integer}, fresh: {type: string}, old: {type: string}");
    let new = new.replace("required: [gone, other]", "required: [other]");
    for (base, head) in [(&old, &new), (&new, &old)] {
        let (review, rust) = compare(base, head);
        let findings = &review.wire.as_ref().unwrap().findings;
        for name in ["gone", "other", "fresh"] {
            let of = |change: &&RustChange| {
                change.item.ends_with(&format!("A::{name}"))
                    || change.message.contains(&format!("`{name}`"))
            };
            let changes: Vec<_> = rust.changes.iter().filter(of).collect();
            assert!(!changes.is_empty(), "{name}: {:#?}", rust.changes);
            for change in changes {
                let cause = &findings[change.cause.unwrap()];
                assert!(
                    cause.message.contains(&format!("A.{name}`")),
                    "{}: {}",
                    change.message,
                    cause.message
                );
            }
        }
    }
}
