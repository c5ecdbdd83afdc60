//! Lowers the parameters of an operation.
//!
//! | rewrite | reason |
//! |---|---|
//! | parameters are named `p0`, `p1`, … | the signature that progenitor makes is matched to the document by them |
//! | all are required, and those that are not in the path are in the query | only their types matter |

use super::{
    names_in,
    operations::example,
    schemas::{Context, Schemas},
};
use crate::{
    api::{Field, Location, Parameter},
    parameters::{Parameters, is_sensitive, usual},
    value::{Value, json, object},
};

/// The parameters of an operation, as they are and as progenitor gets them.
#[derive(Default)]
pub(super) struct Lowered {
    pub(super) parameters: Vec<Parameter>,
    pub(super) lowered: Vec<Value>,
    /// The end of the lowered path, which names those of the path.
    pub(super) path: String,
}

pub(super) fn lower<'a>(
    schemas: &mut Schemas<'a>,
    builder: &str,
    parameters: &Parameters<'a>,
) -> Lowered {
    let mut found = Lowered::default();
    for (index, sent) in parameters.sent.iter().enumerate() {
        let node = &sent.node;
        // There is no path without its parameters.
        let required = node.text("in") == Some("path") || node.flag("required");
        let (lowered, mut value) = match &sent.schema {
            Some(schema) => (
                schemas.lower(schema, Context::Property(builder, sent.wire)),
                schemas.field(schema, required),
            ),
            None => (
                json!({"type": "string"}),
                Field {
                    required,
                    ..Field::default()
                },
            ),
        };
        schemas.sent.extend(names_in(&lowered));
        if let Some(description) = node.text("description") {
            value.description = Some(description.to_owned());
        }
        if let Some(example) = example(node) {
            value.example = Some(example.clone());
        }
        value.pointer.clone_from(&node.pointer);
        value.deprecated |= node.flag("deprecated");
        value.nullable = false;
        let in_path = sent.location == Location::Path;
        if in_path {
            found.path.push_str(&format!("/{{p{index}}}"));
        }
        found.lowered.push(object([
            ("name", Value::String(format!("p{index}"))),
            ("in", json!(if in_path { "path" } else { "query" })),
            ("required", json!(true)),
            ("schema", lowered),
        ]));
        found.parameters.push(Parameter {
            wire: sent.wire.to_owned(),
            location: sent.location,
            style: Some(sent.style.clone()).filter(|style| *style != usual(sent.location)),
            sensitive: is_sensitive(sent.wire, sent.location),
            required,
            value,
        });
    }
    found
}
