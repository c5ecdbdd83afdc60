//! The formats that machines read.

pub(crate) mod docs_drift;
pub(crate) mod docs_drift_human;
pub(crate) mod docs_drift_markdown;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod review;
pub(crate) mod row;
pub(crate) mod sarif;
pub(crate) mod survey;

use agen_codegen::{Label, Lines, Position, Severity};

/// How the formats name a severity; all of them know these two words.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Where a label begins and ends; lines and columns from 1, the columns in characters, and the
/// end behind the last character.
fn region(lines: &Lines<'_>, label: &Label) -> (Position, Position) {
    (
        lines.position(label.span.start),
        lines.position(label.span.end),
    )
}
