//! SARIF 2.1.0, the format of code scanning.

use agen_codegen::printable;
use serde_json::{Value, json};

use super::row::{At, Described, Level, Row};

/// The name under which [`Row::fingerprint`] is given, with the version of how it is made.
const FINGERPRINT: &str = "agen/v1";

/// How many results are given: GitHub shows as many.
const MOST: usize = 5_000;

/// The log of one run of a tool: its rules, and the first of its results.
pub(crate) fn format(rules: &[Described], rows: &[Row]) -> String {
    let descriptions = rules.iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.summary },
            "fullDescription": { "text": rule.why },
            "defaultConfiguration": { "level": level(rule.level) },
        })
    });
    let results = rows.iter().take(MOST).map(|row| result(row, rules));
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

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn result(row: &Row, rules: &[Described]) -> Value {
    let related = row.related.iter().map(|(at, words)| {
        let mut location = location(at);
        location["message"] = json!({ "text": printable(words) });
        location
    });
    let mut result = json!({
        "ruleId": row.rule,
        "level": level(row.level),
        "message": { "text": row.text() },
        "locations": [location(&row.at)],
        "relatedLocations": related.collect::<Vec<_>>(),
    });
    // A fault of the generator itself breaks no rule of the table.
    if let Some(index) = rules.iter().position(|rule| rule.id == row.rule) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(fingerprint) = &row.fingerprint {
        result["partialFingerprints"] = json!({ FINGERPRINT: fingerprint });
    }
    if let Some(reason) = &row.accepted {
        let reason = printable(reason);
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

fn location(at: &At) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&at.file) },
            "region": {
                "startLine": at.start.line,
                "startColumn": at.start.column,
                "endLine": at.end.line,
                "endColumn": at.end.column,
            },
        },
    })
}

/// A path as a reference of RFC 3986: relative, or with the scheme `file` where it is absolute. An address
/// keeps its scheme.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    let address = path.split_once("://");
    let address = address.filter(|(scheme, _)| ["http", "https"].contains(scheme));
    if let Some((scheme, _)) = address {
        uri.push_str(&format!("{scheme}://"));
    } else if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        // A drive of Windows.
        uri.push_str("file:///");
    }
    for byte in address.map_or(path, |(_, rest)| rest).bytes() {
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
        assert_eq!(uri("https://a.b/c d"), "https://a.b/c%20d");
        assert_eq!(uri("javascript://a"), "javascript%3A//a");
    }
}
