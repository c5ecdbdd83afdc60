//! The rules that the text itself must keep.

use crate::{Severity, lint::Rule};

const fn rule(id: &'static str, summary: &'static str, why: &'static str) -> Rule {
    Rule {
        id,
        severity: Severity::Error,
        summary,
        why,
        check: None,
    }
}

/// Every rule of this kind.
pub(crate) const RULES: &[Rule] = &[
    YAML_SYNTAX,
    DUPLICATE_KEY,
    DOCUMENT_EMPTY,
    DOCUMENT_TOO_LARGE,
    DOCUMENT_TOO_DEEP,
    ALIAS_EXPANSION,
];

pub(super) const YAML_SYNTAX: Rule = rule(
    "yaml-syntax",
    "the text is not one YAML or JSON document made of JSON values",
    "an OpenAPI document is one tree of JSON values, written in YAML 1.2 or JSON",
);

pub(super) const DUPLICATE_KEY: Rule = rule(
    "duplicate-key",
    "a key stands twice in one object",
    "readers differ in which of two equal keys they keep, so the document has no certain meaning",
);

pub(super) const DOCUMENT_EMPTY: Rule = rule(
    "document-empty",
    "the document holds nothing",
    "there is no API to generate a client for",
);

pub(super) const DOCUMENT_TOO_LARGE: Rule = rule(
    "document-too-large",
    "the document is longer than 16 MiB, or holds more than 2,000,000 values",
    "the bound keeps time and memory small on a document that was not meant to be read",
);

pub(super) const DOCUMENT_TOO_DEEP: Rule = rule(
    "document-too-deep",
    "objects and arrays are nested more than 100 deep, or below keys of more than 2048 bytes",
    "the bound keeps the stack small; schemas that are kept in components are never this deep",
);

pub(super) const ALIAS_EXPANSION: Rule = rule(
    "alias-expansion",
    "aliases stand for more text than a document may hold, or an alias stands for itself",
    "each alias is a copy of its anchor, so a few lines can describe more than memory holds",
);
