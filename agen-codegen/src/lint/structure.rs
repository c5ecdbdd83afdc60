//! Rules on the structure of the document.

use super::{
    Findings, Rule,
    index::{Departure, Index, is_of},
};
use crate::{Diagnostic, Label, Severity, diagnostic::quote, document::Document};

pub(super) const RULES: &[Rule] = &[
    OPENAPI_VERSION,
    Rule::error(
        "invalid-structure",
        invalid_structure,
        "a field has the wrong type, or a required one is missing",
        "the OpenAPI Specification says so, and what is meant cannot be told",
    ),
    Rule::warning(
        "unknown-field",
        unknown_field,
        "a field that OpenAPI does not have",
        "a field with an unknown name is ignored, so what it says has no effect",
    ),
    Rule::warning(
        "ref-siblings",
        ref_siblings,
        "something stands beside a `$ref`",
        "in OpenAPI 3.0 everything beside `$ref` is ignored",
    ),
];

const OPENAPI_VERSION: Rule = Rule {
    id: "openapi-version",
    severity: Severity::Error,
    summary: "the document is not OpenAPI 3",
    why: "the versions differ in what the same words mean; only 3.0, 3.1 and 3.2 are understood here",
    check: None,
};

/// The one rule that is checked before all others: they would misread a document of another
/// version.
pub(super) fn version(document: &Document) -> Vec<Diagnostic> {
    let root = document.root();
    let complaint = |span, label: &str, message: String, help: &str| {
        vec![Diagnostic {
            rule: OPENAPI_VERSION.id,
            severity: OPENAPI_VERSION.severity,
            message,
            primary: Label {
                span,
                text: label.to_owned(),
            },
            related: Vec::new(),
            why: OPENAPI_VERSION.why.to_owned(),
            help: help.to_owned(),
        }]
    };
    if !root.value.is_object() {
        return Vec::new();
    }
    if let Some(swagger) = root.get("swagger") {
        return complaint(
            swagger.key_span(),
            "an older version",
            "the document is written in Swagger 2.0".to_owned(),
            "convert it to OpenAPI 3.0, for example with `npx swagger2openapi OLD -o NEW`",
        );
    }
    let Some(openapi) = root.get("openapi") else {
        return complaint(
            root.span(),
            "the document starts here",
            "the document does not say which version of OpenAPI it is written in".to_owned(),
            "add `openapi: 3.0.3` at the top",
        );
    };
    let version = match openapi.value.as_str() {
        Some(version) => version.to_owned(),
        None if openapi.value.is_number() => openapi.value.to_string(),
        // The rule on structure says more.
        None => return Vec::new(),
    };
    if ["3.0", "3.1", "3.2"]
        .iter()
        .any(|line| is_of(&version, line))
    {
        return Vec::new();
    }
    complaint(
        openapi.span(),
        "not 3.0, 3.1 or 3.2",
        format!("OpenAPI {} is not supported", quote(&version)),
        "write the document in OpenAPI 3.1 or 3.0, and `openapi: 3.1.1` or `openapi: 3.0.3`",
    )
}

fn report(departures: &[Departure], findings: &mut Findings<'_>) {
    for departure in departures {
        findings.add(
            departure.span.clone(),
            departure.label.clone(),
            departure.message.clone(),
            departure.help.clone(),
        );
    }
}

/// Every known field has the type that the specification says, and required fields are there.
fn invalid_structure(index: &Index<'_>, findings: &mut Findings<'_>) {
    report(&index.invalid, findings);
}

/// Every field is known, or an extension.
fn unknown_field(index: &Index<'_>, findings: &mut Findings<'_>) {
    report(&index.unknown, findings);
}

/// Nothing stands beside a `$ref`. Since 3.1 it has a meaning.
fn ref_siblings(index: &Index<'_>, findings: &mut Findings<'_>) {
    if index.is_newer {
        return;
    }
    for reference in &index.references {
        let ignored: Vec<_> = reference
            .node
            .entries()
            .filter(|(key, _)| *key != "$ref")
            .collect();
        let Some((key, first)) = ignored.first() else {
            continue;
        };
        let message = match ignored.len() {
            1 => format!("{} beside `$ref` is ignored", quote(key)),
            more => format!(
                "{} and {} more beside `$ref` are ignored",
                quote(key),
                more - 1
            ),
        };
        findings.add(
            first.key_span(),
            "ignored",
            message,
            if reference.kind == super::grammar::Kind::Schema {
                "remove it, or write the `$ref` as the only element of `allOf`, with this beside it"
            } else {
                "remove it, or say it where the reference leads"
            },
        );
    }
}
