//! An array with one object for each complaint.

use agen_codegen::{Diagnostic, Label, Lines};
use serde_json::{Value, json};

use super::{level, region};
use crate::commands::lint::Linted;

pub(crate) fn format(documents: &[Linted]) -> String {
    let mut array = Vec::new();
    for document in documents {
        let lines = Lines::new(&document.text);
        let diagnostics = document.diagnostics.iter();
        array.extend(diagnostics.map(|diagnostic| object(document, &lines, diagnostic)));
    }
    let array = Value::from(array);
    format!("{array:#}\n")
}

pub(crate) fn object(document: &Linted, lines: &Lines<'_>, diagnostic: &Diagnostic) -> Value {
    let related = diagnostic.related.iter();
    let related: Vec<_> = related
        .map(|label| {
            let mut object = place(lines, label);
            object["message"] = json!(label.text);
            object
        })
        .collect();
    let mut object = place(lines, &diagnostic.primary);
    object["file"] = json!(document.file.name);
    object["rule"] = json!(diagnostic.rule);
    object["severity"] = json!(level(diagnostic.severity));
    object["message"] = json!(diagnostic.message);
    object["why"] = json!(diagnostic.why);
    object["help"] = json!(diagnostic.help);
    object["related"] = json!(related);
    object
}

fn place(lines: &Lines<'_>, label: &Label) -> Value {
    let (start, end) = region(lines, label);
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
