//! Finds the schema or operation at which the generator failed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{
    Diagnostic, Label, Severity,
    document::Document,
    generate,
    guard::guarded,
    lower::{self, Lowered},
};

/// Turns a failure of the generator into a diagnostic at the smallest part of the document that
/// fails by itself; at the start of the document where none does.
pub(crate) fn isolate(document: &Document, fault: &str) -> Diagnostic {
    let found = guarded(|| lower::lower(document))
        .ok()
        .and_then(|lowered| culprit(&lowered));
    let (pointer, fault) = found.unwrap_or_else(|| (String::new(), fault.to_owned()));
    let place = document.key_span(&pointer);
    Diagnostic {
        primary: Label {
            span: place,
            text: "it fails here".to_owned(),
        },
        ..unplaced(&fault)
    }
}

/// The same where no part of the document could be found, or none was read.
pub(crate) fn unplaced(fault: &str) -> Diagnostic {
    Diagnostic {
        rule: "generator-fault",
        severity: Severity::Error,
        message: format!("the generator cannot take this: {fault}"),
        primary: Label {
            span: 0..0,
            text: "somewhere in this document".to_owned(),
        },
        related: Vec::new(),
        why:
            "the document breaks no rule, so this is a fault of the generator, not of the document"
                .to_owned(),
        help: "say it in another way, and report the fault together with this part of the document"
            .to_owned(),
    }
}

/// The pointer of the part that fails, and how. Schemas are tried before operations, and small
/// ones before those that hold them.
fn culprit(lowered: &Lowered) -> Option<(String, String)> {
    let closures: BTreeMap<&String, BTreeSet<String>> = lowered
        .schemas
        .iter()
        .map(|(name, schema)| (name, closure(lowered, schema)))
        .collect();
    let mut names: Vec<&String> = lowered.schemas.keys().collect();
    names.sort_by_key(|name| closures[name].len());
    for name in names {
        let mut wanted = closures[name].clone();
        wanted.insert(name.clone());
        if let Err(fault) = attempt(lowered, &wanted, Map::new()) {
            let pointer = lowered
                .api
                .types
                .get(name)
                .map(|found| found.pointer.clone());
            return Some((pointer.unwrap_or_default(), fault));
        }
    }
    for (operation, (path, item)) in lowered.api.operations.iter().zip(&lowered.paths) {
        let only = Map::from_iter([(path.clone(), item.clone())]);
        if let Err(fault) = attempt(lowered, &closure(lowered, item), only) {
            return Some((operation.pointer.clone(), fault));
        }
    }
    None
}

fn attempt(
    lowered: &Lowered,
    wanted: &BTreeSet<String>,
    paths: Map<String, Value>,
) -> Result<(), String> {
    let schemas = lowered
        .schemas
        .iter()
        .filter(|(name, _)| wanted.contains(*name));
    let schemas = schemas
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    guarded(|| {
        let document = lower::document(paths, schemas).map_err(|error| error.to_string())?;
        generate::generate(&document, &lowered.api).map(drop)
    })?
}

/// Every schema that a part of the lowered document leads to.
fn closure(lowered: &Lowered, from: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = lower::names_in(from);
    while let Some(name) = open.pop() {
        if let Some(schema) = lowered.schemas.get(&name)
            && found.insert(name)
        {
            open.extend(lower::names_in(schema));
        }
    }
    found
}
