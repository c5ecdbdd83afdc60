//! SARIF 2.1.0, the format of code scanning.

use agen_codegen::{Diagnostic, Label, Lines, Rule};
use serde_json::{Value, json};

use super::{level, region};
use crate::commands::lint::Linted;

pub(crate) fn format(documents: &[Linted]) -> String {
    let rules: Vec<_> = agen_codegen::rules().collect();
    let descriptions = rules.iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.summary },
            "fullDescription": { "text": rule.why },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    });
    let results = documents.iter().flat_map(|document| {
        let lines = Lines::new(&document.text);
        let result = |diagnostic| result(document, &lines, diagnostic, &rules);
        document.diagnostics.iter().map(result).collect::<Vec<_>>()
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "agen-codegen",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": descriptions.collect::<Vec<_>>(),
            }},
            // The default would be UTF-16 code units.
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn result(document: &Linted, lines: &Lines<'_>, diagnostic: &Diagnostic, rules: &[&Rule]) -> Value {
    let related = diagnostic.related.iter();
    let related: Vec<_> = related
        .map(|label| {
            let mut location = location(document, lines, label);
            location["message"] = json!({ "text": label.text });
            location
        })
        .collect();
    let text = format!(
        "{}\nwhy: {}\nhelp: {}",
        diagnostic.message, diagnostic.why, diagnostic.help
    );
    let mut result = json!({
        "ruleId": diagnostic.rule,
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": [location(document, lines, &diagnostic.primary)],
        "relatedLocations": related,
    });
    // A fault of the generator itself breaks no rule of the table.
    if let Some(index) = rules.iter().position(|rule| rule.id == diagnostic.rule) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn location(document: &Linted, lines: &Lines<'_>, label: &Label) -> Value {
    let (start, end) = region(lines, label);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&document.file.in_repository()) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// A path as a reference of RFC 3986: relative, or with the scheme `file` where it is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        // A drive of Windows.
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("spec/a b%.yaml"), "spec/a%20b%25.yaml");
        assert_eq!(uri("/tmp/ü.yaml"), "file:///tmp/%C3%BC.yaml");
        assert_eq!(uri("C:/a.yaml"), "file:///C%3A/a.yaml");
    }
}
