//! The table of a survey: an array with one object for each document.

use agen_codegen::Lines;
use serde_json::{Value, json};

use super::json;
use crate::commands::survey::Surveyed;
use crate::scratch::Compiled;

pub(crate) fn format(surveyed: &[Surveyed]) -> String {
    let array: Vec<_> = surveyed.iter().map(object).collect();
    format!("{:#}\n", Value::from(array))
}

fn object(one: &Surveyed) -> Value {
    let document = &one.document;
    let lines = Lines::new(&document.text);
    let diagnostics = document.diagnostics.iter();
    let diagnostics: Vec<_> = diagnostics
        .map(|diagnostic| json::object(document, &lines, diagnostic))
        .collect();
    let lowered = one.outcome.lowered.iter().map(|done| {
        let at = lines.position(done.span.start);
        json!({"id": done.id, "line": at.line, "column": at.column, "text": done.text})
    });
    let left_out = one.outcome.left_out.iter().map(|found| {
        let at = lines.position(found.span.start);
        json!({"title": found.title, "line": at.line, "column": at.column, "reason": found.reason})
    });
    let output = one.outcome.output.as_ref();
    json!({
        "file": document.file.name,
        "outcome": if output.is_some() { "generated" } else { "refused" },
        "diagnostics": diagnostics,
        "operations": output.map(|output| output.operations),
        "types": output.map(|output| output.types),
        "lines": output.map(Surveyed::lines),
        "lowered": lowered.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "milliseconds": u64::try_from(one.milliseconds).unwrap_or(u64::MAX),
        "compiles": one.compiled.as_ref().map(Compiled::is_clean),
    })
}
