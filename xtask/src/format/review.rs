//! A review as one object.

use agen_codegen::{
    Label, Lines, printable,
    review::{Finding, Impact, Place},
};
use serde_json::{Value, json};

use super::{json, region};
use crate::commands::lint::Linted;
use crate::commands::review::Reviewed;

/// The object: `base` and `head` name the sides; `verdict` is `breaking`, `notable`, `compatible`,
/// `unchanged`, or `refused` where a side cannot be read; `counts` has a number for each severity;
/// `findings` are those of the library, in its order, each place with the file, the JSON pointer and
/// the lines and columns from 1; `diagnostics` are those of `lint --format json`.
pub(crate) fn format(reviewed: &Reviewed) -> String {
    let sides = [&reviewed.base, &reviewed.head];
    let lines = sides.map(|side| Lines::new(&side.text));
    let diagnostics = sides.iter().zip(&lines).flat_map(|(side, lines)| {
        let object = |diagnostic| json::object(side, lines, diagnostic);
        side.diagnostics.iter().map(object)
    });
    let diagnostics: Vec<_> = diagnostics.collect();
    let wire = reviewed.review.wire.as_ref();
    let counts = wire.map(|wire| wire.counts).unwrap_or_default();
    let verdict = match (wire, counts.gravest()) {
        (None, _) => "refused",
        (Some(_), None) => "unchanged",
        (Some(_), Some(impact)) => word(impact),
    };
    let findings = wire.map_or(&[][..], |wire| &wire.findings);
    let findings = findings.iter().map(|found| finding(found, sides, &lines));
    let object = json!({
        "base": reviewed.base.file.name,
        "head": reviewed.head.file.name,
        "verdict": verdict,
        "counts": {
            "breaking": counts.breaking,
            "notable": counts.notable,
            "compatible": counts.compatible,
        },
        "findings": findings.collect::<Vec<_>>(),
        "diagnostics": diagnostics,
    });
    format!("{object:#}\n")
}

/// A severity in one word.
pub(super) fn word(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "breaking",
        Impact::Notable => "notable",
        Impact::Compatible => "compatible",
    }
}

fn finding(found: &Finding, [base, head]: [&Linted; 2], lines: &[Lines<'_>; 2]) -> Value {
    let at = |side: &Linted, lines: &Lines<'_>, found: &Option<Place>| {
        found.as_ref().map(|found| place(side, lines, found))
    };
    json!({
        "rule": found.rule.id,
        "severity": word(found.severity),
        "message": found.message,
        "why": found.rule.why,
        "base": at(base, &lines[0], &found.base),
        "head": at(head, &lines[1], &found.head),
        "operations": found.operations,
        "operation_count": found.operation_count,
    })
}

fn place(side: &Linted, lines: &Lines<'_>, place: &Place) -> Value {
    let label = Label {
        span: place.span.clone(),
        text: String::new(),
    };
    let (start, end) = region(lines, &label);
    json!({
        "file": side.file.name,
        "pointer": printable(&place.pointer),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
