//! Damaged documents: each is refused with a place, or what is generated from it is Rust. The example
//! `mutate` does the same with as many as wanted.

mod bases;
mod check;
mod mutation;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    thread,
};

use check::{Seen, check, check_clients, check_review};

/// As many as take a few seconds.
const COUNT: u64 = 600;

#[test]
fn a_damaged_document_is_refused_with_a_place_or_generated() {
    let bases = bases::made();
    let seen: Mutex<BTreeMap<String, usize>> = Mutex::default();
    thread::scope(|scope| {
        for first in 0..2 {
            let (bases, seen) = (&bases, &seen);
            scope.spawn(move || {
                for seed in (first..COUNT).step_by(2) {
                    let mutant = mutation::mutant(bases, seed);
                    let outcome = check(&mutant.text, seed.is_multiple_of(50));
                    let outcome = outcome.unwrap_or_else(|found| {
                        panic!("seed {seed}: {}\n{found}\n{}", mutant.history, mutant.text)
                    });
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    *seen.entry(format!("{outcome:?}")).or_default() += 1;
                }
            });
        }
    });
    // All of it happens, so no part of the test is empty.
    let seen = seen.into_inner().unwrap();
    for outcome in [Seen::Refused, Seen::GeneratedInPart, Seen::Generated] {
        let times = seen.get(&format!("{outcome:?}"));
        assert!(times.is_some_and(|times| *times > 50), "{seen:?}");
    }
}

/// How many of some damaged documents differ from the sound ones by a check of both.
fn changed(check: fn(&str, &str) -> Result<usize, String>) -> u64 {
    let bases = bases::made();
    let mut changed = 0;
    for seed in 0..COUNT / 4 {
        let mutant = mutation::mutant(&bases, seed);
        let found = check(&mutant.sound, &mutant.text).unwrap_or_else(|found| {
            panic!("seed {seed}: {}\n{found}\n{}", mutant.history, mutant.text)
        });
        changed += u64::from(found > 0);
    }
    changed
}

#[test]
fn a_damaged_document_is_compared_with_the_sound_one() {
    let changed = changed(check_review);
    assert!(changed > COUNT / 16, "{changed}");
}

#[test]
fn the_client_of_a_damaged_document_is_compared_with_that_of_the_sound_one() {
    let changed = changed(check_clients);
    assert!(changed > COUNT / 64, "{changed}");
}

/// Schemas at which the generator once failed, found by damaging documents.
const FOUND: [&str; 4] = [
    // An inline schema that brings itself in, in a circle of two references.
    "    Tree: {type: object, properties: {left: {allOf: [{$ref: '#/components/schemas/Tree'}, {$ref: '#/components/schemas/Tree'}]}}}\n",
    // Inline schemas that bring each other in, in more orders than anybody waits for.
    "    A: {properties: {a: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}]}}}\n\
     \x20   B: {properties: {b: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}]}}}\n\
     \x20   C: {properties: {c: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}]}}}\n\
     \x20   D: {properties: {d: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}]}}}\n",
    // Names that are not the same twice: `AB` becomes `Ab`, and `SS` becomes `Ss`.
    "    a-b: {type: object, properties: {x: {type: string}}}\n",
    "    ß: {type: object, properties: {x: {type: string}}}\n",
];

/// A schema that each of its properties brings in once more: a hundred thousand fields.
#[test]
fn what_multiplies_is_left_out() {
    let property = |number| {
        format!("        p{number}: {{$ref: '#/components/schemas/Many', required: [p0]}}\n")
    };
    let properties: String = (0..300).map(property).collect();
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    One: {{type: object, properties: {{a: {{type: string}}}}}}\n    Many:\n      type: object\n      properties:\n{properties}"
    );
    assert_eq!(check(&text, false), Ok(Seen::GeneratedInPart));
}

#[test]
fn what_was_found_is_mended() {
    for schemas in FOUND {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
        );
        assert_eq!(check(&text, true), Ok(Seen::Generated), "{text}");
    }
}
