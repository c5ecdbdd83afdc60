//! Documents that are damaged line by line: each is refused with a place, or what is generated from it
//! is Rust.

use std::{fs, path::Path};

use agen_codegen::{Settings, Severity, Source, generate};

#[test]
fn a_damaged_document_is_refused_with_a_place_or_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents");
    let (mut refused, mut generated) = (0, 0);
    for entry in fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("the fixtures can be listed").path();
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        let lines: Vec<&str> = text.lines().collect();
        for index in 0..lines.len() {
            let (before, after) = (&lines[..index], &lines[index + 1..]);
            let without = [before, after].concat();
            let twice = [before, &lines[index..=index], &lines[index..]].concat();
            let cut = before.to_vec();
            let retyped = lines[index].replacen("string", "object", 1);
            let retyped = [before, &[retyped.as_str()], after].concat();
            for lines in [without, twice, cut, retyped] {
                if check(&lines.join("\n")) {
                    generated += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    // Both happen, so neither half of the test is empty.
    assert!(
        refused > 100 && generated > 100,
        "{refused} refused, {generated} generated"
    );
}

/// Whether a client came out.
fn check(text: &str) -> bool {
    let source = Source {
        name: "damaged.yaml",
        text,
    };
    let outcome = generate(&source, &Settings::default());
    for found in &outcome.diagnostics {
        assert_ne!(
            found.rule,
            "generator-fault",
            "{}\n{text}",
            found.render(&source, false)
        );
        assert!(
            text.get(found.primary.span.clone()).is_some(),
            "{found:?}\n{text}"
        );
    }
    let errors = outcome
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    assert_eq!(errors.count() == 0, outcome.output.is_some(), "{text}");
    for (path, code) in outcome.output.iter().flat_map(|output| &output.files) {
        if let Err(error) = syn::parse_file(code) {
            panic!("{path} is no Rust: {error}\n{code}\n{text}");
        }
    }
    outcome.output.is_some()
}
