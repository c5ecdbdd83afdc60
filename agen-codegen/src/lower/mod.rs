//! Small rewrites that bring a document down to what progenitor turns into the Rust that we want.
//!
//! The lowered document is never seen by anybody: it exists for progenitor to make types and
//! signatures of. Everything that it leaves out stands in [`Api`].

mod again;
mod answers;
mod bodies;
mod copies;
mod fit;
mod form;
mod inside;
mod merge;
mod operations;
mod parameters;
mod plain;
mod reading;
mod samples;
mod schemas;
mod unions;

use std::collections::BTreeMap;

use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr};
use serde::Deserialize;

use crate::{
    Diagnostic,
    api::{self, Api, Shape},
    lint::Reading,
    security, servers,
    value::Value,
};

pub(crate) use answers::successes;
pub(crate) use bodies::has_lost_parts;
pub(crate) use copies::{MOST_COPIES, RULES};
pub(crate) use form::{Form, form};
pub(crate) use merge::properties;
pub(crate) use operations::call_names;
pub(crate) use reading::{is_null, string_values, variants};
pub(crate) use schemas::component_types;
pub(crate) use unions::{choices, discriminator, told_apart};

/// A lowered document in its parts, and what it leaves out.
pub(crate) struct Lowered {
    /// One path and its path item in JSON per operation, in their order: as values they would take many
    /// times the room.
    pub(crate) paths: Vec<(String, String)>,
    /// Schemas by the names of their types.
    pub(crate) schemas: BTreeMap<String, Value>,
    pub(crate) api: Api,
}

/// Lowers a document in which lint found no error. The errors are those of [`RULES`].
pub(crate) fn lower(reading: &Reading<'_>) -> Result<Lowered, Vec<Diagnostic>> {
    let document = reading.document;
    let mut schemas = schemas::Schemas::new(document);
    schemas.lower_components();
    let chosen = security::chosen(&document.root(), reading.operations());
    let operations = operations::lower(reading, chosen.as_ref(), &mut schemas);
    let answers_carrier = operations.answers.finish(&mut schemas);
    schemas.define_pending();
    let beyond = schemas.beyond();
    if !beyond.is_empty() {
        return Err(beyond);
    }
    samples::add(&mut schemas);
    schemas.strip_null();
    number_fields(&mut schemas);
    let mut api = Api {
        server: servers::address(&document.root()).and_then(|address| address.url),
        authentication: chosen.map(|chosen| chosen.authentication),
        operations: operations.operations,
        types: schemas.types,
        answers_carrier,
    };
    api.mark_sent(schemas.sent, &schemas.edges);
    Ok(Lowered {
        paths: operations.paths,
        schemas: schemas.lowered,
        api,
    })
}

/// Calls the properties of every struct by their numbers. Until here they are called as on the wire.
fn number_fields(schemas: &mut schemas::Schemas<'_>) {
    for (name, found) in &schemas.types {
        let (Shape::Struct { fields, .. }, Some(lowered)) =
            (&found.shape, schemas.lowered.get_mut(name))
        else {
            continue;
        };
        let properties = lowered.get_mut("properties").map(Value::take);
        let Some(Value::Object(mut properties)) = properties else {
            continue;
        };
        let mut numbered = Vec::new();
        let mut required = Vec::new();
        for (index, (wire, field)) in fields.iter().enumerate() {
            let property = properties.get_mut(wire).map(Value::take);
            numbered.push((api::numbered(index), property.unwrap_or_default()));
            if field.required {
                required.push(Value::String(api::numbered(index)));
            }
        }
        lowered.set("properties", Value::Object(numbered.into_iter().collect()));
        if !required.is_empty() {
            lowered.set("required", Value::Array(required));
        }
    }
}

/// Puts parts of a lowered document together for progenitor. They are read one by one: `openapiv3`
/// copies the whole of what it is given at every level that has extensions.
pub(crate) fn document(
    paths: impl IntoIterator<Item = (String, Value)>,
    schemas: impl IntoIterator<Item = (String, Value)>,
) -> Result<OpenAPI, serde_json::Error> {
    let mut document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        ..OpenAPI::default()
    };
    for (path, item) in paths {
        let item = ReferenceOr::Item(PathItem::deserialize(item)?);
        document.paths.paths.insert(path, item);
    }
    let mut components = Components::default();
    for (name, schema) in schemas {
        components
            .schemas
            .insert(name, ReferenceOr::deserialize(schema)?);
    }
    document.components = Some(components);
    Ok(document)
}

/// The types that a part of a lowered document names.
pub(crate) fn names_in(lowered: &Value) -> Vec<String> {
    match lowered {
        Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference
                .rsplit('/')
                .next()
                .map(str::to_owned)
                .into_iter()
                .collect(),
            None => object.values().flat_map(names_in).collect(),
        },
        Value::Array(items) => items.iter().flat_map(names_in).collect(),
        _ => Vec::new(),
    }
}
