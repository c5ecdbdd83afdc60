//! Values of enums that do not have the type of their schema, or stand there twice.

use std::collections::HashSet;

use super::{Edit, Lowering, LoweringRule, walk::inner};
use crate::{diagnostic::quote, document::Node, lint::Index, value::Value};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "enum-value-type",
        "a value of an enum does not have the type of its schema",
        "one of the two is wrong: a text is meant by a number or boolean among texts, the items are \
         meant by the values of a list, and otherwise nothing is known of the value",
        "put the value in quotes, or correct the type",
        [
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: version, in: query, schema: {type: string, enum: ['1.5', 2]}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: version, in: query, schema: {type: string, enum: ['1.5', '2']}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "enum-value-duplicate",
        "an enum lists a value twice",
        "a variant of the client is one value",
        "remove one of the two",
        [
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: kind, in: query, schema: {type: string, enum: [kml, kmz, kml]}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: kind, in: query, schema: {type: string, enum: [kml, kmz]}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
];

/// Gives every enum values of its type, each once. An enum whose values contradict its type goes, and the
/// type with it.
pub(super) fn rewrite(index: &Index<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for schema in index.schemas() {
        let Some(list) = schema.get("enum").filter(|list| list.value.is_array()) else {
            continue;
        };
        let mut mending = Mending {
            schema,
            list: &list,
            done,
            edits: &mut edits,
        };
        mending.mend();
    }
    edits
}

struct Mending<'m, 'd> {
    schema: &'m Node<'d>,
    list: &'m Node<'d>,
    done: &'m mut Vec<Lowering>,
    edits: &'m mut Vec<Edit>,
}

impl Mending<'_, '_> {
    fn mend(&mut self) {
        let kind = self.schema.text("type");
        let values: Vec<Node<'_>> = self.schema.elements("enum").collect();
        let misfits: Vec<&Node<'_>> = values
            .iter()
            .filter(|value| kind.is_some_and(|kind| !fits(kind, value.value)))
            .collect();
        match kind {
            _ if misfits.is_empty() => {}
            Some("string") => {}
            Some("array") => return self.mend_array(&misfits),
            Some(kind) => {
                self.report(
                    &misfits,
                    format!(
                        "the enum has the type `{kind}`, and {} is none: it can be anything",
                        shown(&misfits)
                    ),
                );
                for key in ["enum", "type"] {
                    self.edits
                        .push(Edit::Remove(inner(&self.schema.pointer, key)));
                }
                return;
            }
            None => {}
        }
        self.mend_values(&values);
    }

    /// Texts in place of numbers and booleans among texts, and every value once.
    fn mend_values(&mut self, values: &[Node<'_>]) {
        let is_text = self.schema.text("type") == Some("string");
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(values.len());
        for value in values {
            let mended = match value.value {
                Value::Bool(_) | Value::Number(_) if is_text => {
                    let text = value.value.to_string();
                    self.report(
                        &[value],
                        format!(
                            "the enum has the type `string`: {} is the text of it",
                            quote(&text)
                        ),
                    );
                    Value::String(text)
                }
                Value::Array(_) | Value::Object(_) if is_text => {
                    self.report(
                        &[value],
                        "the enum has the type `string`, and this is none: it is left aside"
                            .to_owned(),
                    );
                    continue;
                }
                other => other.clone(),
            };
            if seen.insert(mended.to_string()) {
                kept.push(mended);
            } else {
                self.done.push(Lowering {
                    id: "enum-value-duplicate",
                    span: value.span(),
                    text: format!(
                        "the enum lists {} twice: once is enough",
                        short(value.value)
                    ),
                });
            }
        }
        let kept = Value::Array(kept);
        if kept != *self.list.value {
            self.edits
                .push(Edit::Set(self.schema.pointer.clone(), "enum", kept));
        }
    }

    /// The values of a list that are none are those of its items.
    fn mend_array(&mut self, misfits: &[&Node<'_>]) {
        let items = self.schema.get("items").filter(|items| {
            let kind = items.text("type");
            let open = ["enum", "$ref", "oneOf", "anyOf", "allOf"]
                .iter()
                .all(|key| items.value.get(key).is_none());
            items.value.is_object()
                && open
                && misfits
                    .iter()
                    .all(|value| kind.is_none_or(|kind| fits(kind, value.value)))
        });
        let what = if items.is_some() {
            "those of its items"
        } else {
            "left aside"
        };
        self.report(
            misfits,
            format!(
                "the enum has the type `array`: values such as {} are {what}",
                shown(misfits)
            ),
        );
        if let Some(items) = items {
            let values = misfits.iter().map(|value| value.value.clone()).collect();
            self.edits.push(Edit::Set(items.pointer, "enum", values));
        }
        self.edits
            .push(Edit::Remove(inner(&self.schema.pointer, "enum")));
    }

    /// Reports values at the first of them.
    fn report(&mut self, values: &[&Node<'_>], text: String) {
        let span = values.first().map(|value| value.span());
        let span = span.filter(|span| !span.is_empty());
        self.done.push(Lowering {
            id: "enum-value-type",
            span: span.unwrap_or_else(|| self.list.key_span()),
            text,
        });
    }
}

/// Whether a value has a type.
fn fits(kind: &str, value: &Value) -> bool {
    match (kind, value) {
        // Strictly it needs `nullable` too; what is meant is plain.
        (_, Value::Null)
        | ("string", Value::String(_))
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        ("integer", Value::Number(number)) => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        ("string" | "boolean" | "number" | "array" | "object" | "integer", _) => false,
        // Another type is a fault of the structure.
        _ => true,
    }
}

fn shown(values: &[&Node<'_>]) -> String {
    let first = values.first().map(|value| short(value.value));
    first.unwrap_or_default()
}

/// A value as a message shows it.
fn short(value: &Value) -> String {
    match value {
        Value::Array(_) => "`[…]`".to_owned(),
        Value::Object(_) => "`{…}`".to_owned(),
        other => quote(&other.to_string()),
    }
}
