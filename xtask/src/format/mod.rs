//! The formats that machines read.

pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod sarif;

use agen_codegen::{Diagnostic, Label, Position, Severity};

use crate::commands::lint::Linted;

/// How the formats name a severity; all of them know these two words.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Where a label begins and ends; lines and columns from 1, the columns in characters, and the
/// end behind the last character.
fn region(document: &Linted, diagnostic: &Diagnostic, label: &Label) -> (Position, Position) {
    let at = |offset: usize| {
        let mut there = diagnostic.clone();
        there.primary.span = offset..offset;
        there.position(&document.source())
    };
    (at(label.span.start), at(label.span.end))
}
