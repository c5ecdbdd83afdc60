//! Every rule is broken by a document in `tests/diagnostics/`, and what is said of it is held in
//! `tests/snapshots/diagnostics/`.

use std::{fs, path::Path};

use agen_codegen::{Diagnostic, Source, lint};

/// The fixtures in the order of their names: the name of the rule, and the text.
fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let rule = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (rule, fs::read_to_string(path).unwrap())
        })
        .collect();
    fixtures.sort();
    fixtures
}

/// Lints a text, and checks what is true of every complaint.
fn complaints(text: &str) -> (Vec<Diagnostic>, String) {
    let source = Source {
        name: "openapi.yaml",
        text,
    };
    let found = lint(&source);
    let mut shown = String::new();
    for diagnostic in &found {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.related) {
            assert!(
                text.get(label.span.clone()).is_some(),
                "{diagnostic:?} is outside of {text:?}"
            );
        }
        let rendered = diagnostic.render(&source, false);
        let position = diagnostic.position(&source);
        let place = format!("openapi.yaml:{}:{}\n", position.line, position.column);
        assert!(rendered.contains(&place), "{place} is not in {rendered}");
        assert!(
            !rendered.contains(|c: char| c.is_control() && c != '\n'),
            "{rendered:?} holds control characters"
        );
        shown += &rendered;
        shown += "\n\n";
    }
    (found, shown)
}

#[test]
fn every_fixture_reads_well() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for (rule, text) in fixtures() {
        let (found, shown) = complaints(&text);
        assert!(!found.is_empty(), "{rule}");
        for diagnostic in found {
            assert_eq!(diagnostic.rule, rule, "{shown}");
        }
        insta::assert_snapshot!(rule, shown);
    }
}

#[test]
fn a_valid_document_is_not_complained_of() {
    let text = include_str!("diagnostics/valid/everything.yaml");
    assert_eq!(complaints(text).1, "");
    let crlf = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(complaints(&crlf).1, "");
}

#[test]
fn a_long_line_is_cut_and_keeps_its_column() {
    let long = "x".repeat(1_000_000);
    let text = format!("{{\"a\": \"{long}\", \"b\": 1, \"b\": 2, \"c\": \"{long}\"}}");
    let (found, shown) = complaints(&text);
    assert_eq!(found.len(), 1);
    assert!(shown.len() < 1500, "{shown}");
    assert!(shown.contains("openapi.yaml:1:1000019\n"), "{shown}");
    assert!(shown.contains("openapi.yaml:1:1000011\n"), "{shown}");
}

#[test]
fn colours_are_written_only_where_they_are_wanted() {
    let source = Source {
        name: "a",
        text: "a: 1\na: 2\n",
    };
    let found = lint(&source);
    assert!(found[0].render(&source, true).contains("\u{1b}["));
    assert!(!found[0].render(&source, false).contains('\u{1b}'));
}

/// A small generator of numbers, so that the test is the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

#[test]
fn nothing_panics_on_a_damaged_document() {
    const DAMAGE: [&str; 16] = [
        "\0",
        "\t",
        "\r",
        "\u{feff}",
        "\u{1b}[31m",
        "é",
        "😀",
        ":",
        "- ",
        "{",
        "]",
        "\"",
        "&a ",
        "*a",
        "$ref",
        "99999999999999999999999",
    ];
    let mut numbers = Numbers(1);
    for (_, text) in fixtures() {
        for _ in 0..6 {
            let mut at = numbers.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            complaints(&text[..at]);
            let piece = DAMAGE[numbers.below(DAMAGE.len())];
            complaints(&format!("{}{piece}{}", &text[..at], &text[at..]));
            let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            complaints(&format!("{}{piece}{}", &text[..at], &text[next..]));
        }
    }
}
