//! A review as one object, as `xtask/review.schema.json` describes it.

use agen_codegen::{
    Label, Lines, printable,
    review::{
        Decision, Finding, Impact, Place,
        rust::{Rust, RustChange},
    },
};
use serde_json::{Value, json};

use super::{level, versions, word};
use crate::commands::lint::Linted;
use crate::commands::review::Reviewed;
use crate::format::{json, region};

pub(crate) fn format(reviewed: &Reviewed) -> String {
    let sides = [&reviewed.base, &reviewed.head];
    let lines = sides.map(|side| Lines::new(&side.text));
    let documents = sides.into_iter().chain(&reviewed.policy);
    let diagnostics = documents.flat_map(|document| {
        let lines = Lines::new(&document.text);
        let found = document.diagnostics.iter();
        let objects = found.map(|found| json::object(document, &lines, found));
        objects.collect::<Vec<_>>()
    });
    let wire = reviewed.review.wire.as_ref();
    let counts = wire.map(|wire| wire.counts).unwrap_or_default();
    let verdict = match (wire, reviewed.gravest()) {
        (None, _) => "refused",
        (Some(_), None | Some(Impact::Compatible)) if reviewed.review.rust.is_none() => "refused",
        (Some(_), None) => "unchanged",
        (Some(_), Some(impact)) => word(impact),
    };
    let findings = wire.map_or(&[][..], |wire| &wire.findings);
    let findings = findings.iter().map(|found| finding(found, sides, &lines));
    let rust = reviewed.review.rust.as_ref();
    let object = json!({
        "base": reviewed.base.file.name,
        "head": reviewed.head.file.name,
        "policy": reviewed.policy.as_ref().map(|policy| &policy.file.name),
        "verdict": verdict,
        "counts": {
            "breaking": counts.breaking,
            "notable": counts.notable,
            "compatible": counts.compatible,
            "accepted": counts.accepted,
        },
        "findings": findings.collect::<Vec<_>>(),
        "rust": rust.map(|rust| in_rust(rust, sides, &lines)),
        "versions": versions::object(&reviewed.versions),
        "diagnostics": diagnostics.collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn finding(found: &Finding, sides: [&Linted; 2], lines: &[Lines<'_>; 2]) -> Value {
    let [base, head] = places([&found.base, &found.head], sides, lines);
    let decision = |decision: &Decision| {
        json!({
            "reason": decision.reason,
            "decided_by_this_change": decision.is_new,
        })
    };
    let accepted = found.accepted.as_ref().map(|(accepted, until)| {
        let mut object = decision(accepted);
        object["until"] = json!(until.to_string());
        object
    });
    json!({
        "fingerprint": found.fingerprint,
        "rule": found.rule.id,
        "severity": word(found.severity),
        "severity_of_rule": word(found.rule.severity),
        "message": found.message,
        "why": found.rule.why,
        "base": base,
        "head": head,
        "operations": found.operations,
        "operation_count": found.operation_count,
        "weighed": found.weighed.as_ref().map(decision),
        "accepted": accepted,
    })
}

fn in_rust(rust: &Rust, sides: [&Linted; 2], lines: &[Lines<'_>; 2]) -> Value {
    let change = |change: &RustChange| {
        let [base, head] = places([&change.base, &change.head], sides, lines);
        let caller = change.caller.as_ref();
        json!({
            "rule": change.rule.id,
            "level": level(change.rule.level),
            "item": printable(&change.item),
            "message": change.message,
            "why": change.rule.why,
            "before": change.before,
            "after": change.after,
            "caller": caller.map(|caller| json!({
                "before": caller.before,
                "after": caller.after,
            })),
            "base": base,
            "head": head,
            "cause": change.cause,
        })
    };
    let changes: Vec<_> = rust.changes.iter().map(change).collect();
    json!({
        "level": level(rust.level()),
        "counts": {
            "major": rust.counts.major,
            "minor": rust.counts.minor,
            "patch": rust.counts.patch,
        },
        "changes": changes,
    })
}

/// Places in the base and in the head.
fn places(
    places: [&Option<Place>; 2],
    [base, head]: [&Linted; 2],
    lines: &[Lines<'_>; 2],
) -> [Option<Value>; 2] {
    let at = |side: &Linted, lines: &Lines<'_>, found: &Option<Place>| {
        found.as_ref().map(|found| place(side, lines, found))
    };
    [
        at(base, &lines[0], places[0]),
        at(head, &lines[1], places[1]),
    ]
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
