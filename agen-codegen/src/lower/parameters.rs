//! Lowers the parameters of an operation.
//!
//! | rewrite | reason |
//! |---|---|
//! | parameters are named `p0`, `p1`, … | the signature that progenitor makes is matched to the document by them |
//! | all are required, and those that are not in the path are in the query | only their types matter |

use serde_json::{Value, json};

use super::{names_in, operations::example, schemas::Schemas};
use crate::{
    api::{Field, Location, Parameter},
    document::Node,
    name,
};

/// The parameters of an operation, as they are and as progenitor gets them.
#[derive(Default)]
pub(super) struct Parameters {
    pub(super) parameters: Vec<Parameter>,
    pub(super) lowered: Vec<Value>,
    /// The end of the lowered path, which names those of the path.
    pub(super) path: String,
}

impl Parameters {
    pub(super) fn lower<'a>(
        schemas: &mut Schemas<'a>,
        builder: &str,
        path: &str,
        item: &Node<'a>,
        node: &Node<'a>,
    ) -> Self {
        let mut found = Self::default();
        for (index, (location, parameter)) in declared(path, item, node).iter().enumerate() {
            let wire = parameter.text("name").unwrap_or_default();
            let context = format!(
                "{builder}{}",
                name::pascal(wire).unwrap_or_else(|| "Value".to_owned())
            );
            let required = *location == Location::Path || parameter.flag("required");
            let schema = parameter.get("schema");
            let (lowered, mut value) = match &schema {
                Some(schema) => (
                    schemas.lower(schema, &context),
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
            if let Some(description) = parameter.text("description") {
                value.description = Some(description.to_owned());
            }
            if let Some(example) = example(parameter) {
                value.example = Some(example.clone());
            }
            value.deprecated |= parameter.flag("deprecated");
            value.nullable = false;
            if *location == Location::Path {
                found.path.push_str(&format!("/{{p{index}}}"));
            }
            found.lowered.push(json!({
                "name": format!("p{index}"),
                "in": if *location == Location::Path { "path" } else { "query" },
                "required": true,
                "schema": lowered,
            }));
            found.parameters.push(Parameter {
                wire: wire.to_owned(),
                location: *location,
                required,
                value,
            });
        }
        found
    }
}

/// Path parameters in the order of the path, then query and header parameters by name. A parameter
/// of the operation hides one of the path item with the same name and place.
fn declared<'a>(path: &str, item: &Node<'a>, node: &Node<'a>) -> Vec<(Location, Node<'a>)> {
    let mut found: Vec<(Location, Node<'a>)> = Vec::new();
    let both = node
        .elements("parameters")
        .chain(item.elements("parameters"));
    for parameter in both.filter_map(|parameter| parameter.resolve()) {
        let location = match parameter.text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") if !parameter.text("name").is_some_and(is_set_by_client) => {
                Location::Header
            }
            _ => continue,
        };
        let same = |(other, seen): &(Location, Node<'a>)| {
            *other == location && seen.text("name") == parameter.text("name")
        };
        if !found.iter().any(same) {
            found.push((location, parameter));
        }
    }
    found.sort_by_cached_key(|(location, parameter)| {
        let wire = parameter.text("name").unwrap_or_default();
        let place = match location {
            Location::Path => path.find(&format!("{{{wire}}}")),
            _ => None,
        };
        (*location, place, wire.to_owned())
    });
    found
}

/// Headers that a description of parameters cannot set (OpenAPI 3.0.3, Parameter Object, `name`): the
/// media types are described by `content`.
fn is_set_by_client(header: &str) -> bool {
    ["accept", "content-type"].contains(&header.to_ascii_lowercase().as_str())
}
