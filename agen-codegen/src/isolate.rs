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
    let lowered = guarded(|| lower::lower(document)).ok();
    let found = lowered.and_then(|lowered| culprit(&lowered));
    blame(document, found, fault)
}

/// The diagnostic of a culprit, if one was found.
fn blame(document: &Document, found: Option<(String, String)>, fault: &str) -> Diagnostic {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Source, parse};

    const TEXT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Outer'}}}}}}}
  /b: {get: {operationId: b, responses: {'200': {description: B.}}}}
components:
  schemas:
    Outer: {type: object, properties: {inner: {$ref: '#/components/schemas/Inner'}}}
    Inner: {type: object, properties: {x: {type: string}}}
    Other: {type: object, properties: {x: {type: string}}}
";

    const SOURCE: Source<'_> = Source {
        name: "isolate.yaml",
        text: TEXT,
    };

    fn document() -> Document {
        parse::parse(&SOURCE).expect("the text is YAML")
    }

    fn lowered() -> Lowered {
        lower::lower(&document())
    }

    #[test]
    fn a_fault_reads_well() {
        let found = Some((
            "/components/schemas/Inner".to_owned(),
            "not yet implemented".to_owned(),
        ));
        let shown = blame(&document(), found, "").render(&SOURCE, false);
        insta::with_settings!({
            snapshot_path => "../tests/snapshots/diagnostics",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("generator-fault", shown);
        });
    }

    #[test]
    fn nothing_is_blamed_where_nothing_fails() {
        assert_eq!(culprit(&lowered()), None);
    }

    #[test]
    fn a_panic_in_a_schema_is_blamed_on_it_and_not_on_those_that_hold_it() {
        let mut lowered = lowered();
        // Two variants of one name: typify panics.
        lowered.schemas["Inner"] = json!({"type": "string", "enum": ["a", "A"]});
        let (pointer, fault) = culprit(&lowered).expect("typify cannot take this");
        assert_eq!(pointer, "/components/schemas/Inner");
        assert!(!fault.is_empty());
    }

    #[test]
    fn a_panic_in_an_operation_is_blamed_on_it() {
        let mut lowered = lowered();
        // A success with and one without a body: progenitor panics.
        let operation = &mut lowered.paths["/00000001"]["post"]["responses"];
        operation["201"] = json!({"description": "", "content": {"application/json": {"schema": {"type": "string"}}}});
        let (pointer, _) = culprit(&lowered).expect("progenitor cannot take this");
        assert_eq!(pointer, "/paths/~1b/get");
    }
}
