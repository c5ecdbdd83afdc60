//! Lowers the body of a request: one media type stays, JSON where there is one, since two of them make
//! progenitor panic.
//!
//! | rewrite | reason |
//! |---|---|
//! | parts of a multipart body become parameters `part0`, `part1`, … | progenitor refuses such bodies; only their types matter |
//! | files become strings there | they have a type of the runtime |

use super::{
    merge::Merged,
    names_in,
    operations::example,
    reading::{is_any, variants},
    schemas::{Context, Schemas},
};
pub(super) use crate::media_type::encoding;
use crate::{
    api::{Body, Encoding, Field, Location, Part, PartContent, Style},
    document::Node,
    lint::schema_type,
    media_type::{self, Spoken},
    name, parameters,
    value::{Value, json, object},
};

/// The body of a request, as it is and as progenitor gets it.
#[derive(Default)]
pub(super) struct Lowered {
    pub(super) body: Option<Body>,
    pub(super) lowered: Option<Value>,
    /// Parameters that stand for its parts.
    pub(super) parts: Vec<Value>,
}

pub(super) fn lower<'a>(schemas: &mut Schemas<'a>, builder: &str, body: &Node<'a>) -> Lowered {
    let Some(spoken) = media_type::request(body) else {
        return Lowered::default();
    };
    let Spoken {
        stated,
        media,
        encoding,
        is_sent,
    } = spoken;
    let required = body.flag("required");
    let is_usual = media_type::essence(stated) == media_type::usual(encoding);
    let mut found = Body {
        pointer: body.pointer.clone(),
        encoding,
        media_type: (is_sent && !is_usual).then(|| stated.to_owned()),
        required,
        styles: styles(encoding, &media),
        flat: None,
        parts: Vec::new(),
        description: body.text("description").map(str::to_owned),
        example: example(&media).cloned(),
    };
    let mut parts = Vec::new();
    let content = match encoding {
        Encoding::Json | Encoding::Form => {
            let schema = media.get("schema");
            let lowered = schema.as_ref().map_or(json!({}), |schema| {
                schemas.lower(schema, Context::Named(&format!("{builder}Body")))
            });
            schemas.note_example(&lowered, &media);
            let named = lowered
                .get("$ref")
                .and_then(|_| names_in(&lowered).into_iter().next());
            found.flat = named.filter(|name| required && schemas.is_flat(name));
            match &found.flat {
                // Its fields are arguments; what they hold is made by the caller.
                Some(name) => schemas
                    .sent
                    .extend(schemas.edges.get(name).into_iter().flatten().cloned()),
                None => schemas.sent.extend(names_in(&lowered)),
            }
            Some(object([(
                "application/json",
                object([("schema", lowered)]),
            )]))
        }
        Encoding::Multipart => {
            found.media_type = is_sent.then(|| media_type::essence(stated));
            for (part, schema) in multipart(schemas, builder, &media) {
                parts.push(json!({
                    "name": format!("part{}", parts.len()),
                    "in": "query",
                    "required": true,
                    "schema": schema,
                }));
                found.parts.push(part);
            }
            None
        }
        Encoding::Text => Some(json!({"text/plain": {"schema": {"type": "string"}}})),
        Encoding::Bytes => Some(
            json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}),
        ),
    };
    Lowered {
        body: Some(found),
        lowered: content.map(|content| object([("required", json!(true)), ("content", content)])),
        parts,
    }
}

/// The parts of a multipart body: one for each property of its schema, with the type of what is in it.
fn multipart<'a>(schemas: &mut Schemas<'a>, builder: &str, media: &Node<'a>) -> Vec<(Part, Value)> {
    let Some(properties) = properties(media) else {
        let any = Part {
            wire: "parts".to_owned(),
            content: PartContent::Any,
            media_type: None,
            required: true,
            value: Field {
                description: Some(
                    "The parts, by name: the document does not say which there are.".to_owned(),
                ),
                ..Field::default()
            },
        };
        return vec![(any, json!({"type": "string"}))];
    };
    let mut parts = Vec::new();
    for (wire, property) in properties.properties {
        let content = content(&property.node);
        let encoded = media.get("encoding").and_then(|all| all.get(wire));
        let mut value = schemas.field(&property.node, property.required);
        value.nullable = false;
        let lowered = match content {
            PartContent::Value => {
                let of_component = schemas.lowered_property(&property.node);
                of_component.unwrap_or_else(|| {
                    let context = name::pascal(wire).unwrap_or_else(|| "Value".to_owned());
                    schemas.lower(
                        &property.node,
                        Context::Named(&format!("{builder}Body{context}")),
                    )
                })
            }
            _ => json!({"type": "string"}),
        };
        schemas.sent.extend(names_in(&lowered));
        let part = Part {
            wire: wire.to_owned(),
            content,
            media_type: part_type(&property.node, encoded.as_ref()),
            required: property.required,
            value,
        };
        parts.push((part, lowered));
    }
    parts
}

/// The properties that are the parts of a multipart body; none where the schema does not name them.
fn properties<'a>(media: &Node<'a>) -> Option<Merged<'a>> {
    let merged = Merged::of(&media.get("schema")?);
    (merged.is_object() && !merged.properties.is_empty()).then_some(merged)
}

/// Whether the schema of a multipart body says something of it, and no parts: what it says is lost.
pub(crate) fn has_lost_parts(media: &Node<'_>) -> bool {
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    let says = schema.is_some_and(|schema| {
        let is_object = schema.text("type") == Some("object") && variants(&schema).next().is_none();
        !is_object && !is_any(&schema)
    });
    says && properties(media).is_none()
}

fn content(property: &Node<'_>) -> PartContent {
    let Some(schema) = property.resolve() else {
        return PartContent::Value;
    };
    let of_items = || schema.get("items").is_some_and(|items| is_file(&items));
    match schema.text("type") {
        Some("array") if of_items() => PartContent::Files,
        _ if is_file(&schema) => PartContent::File,
        _ => PartContent::Value,
    }
}

/// Whether a part is bytes: OpenAPI says so by `format: binary`, by `contentMediaType` (3.1), and by a
/// schema that says nothing. A union that has such a variant is one, too.
fn is_file(node: &Node<'_>) -> bool {
    let Some(schema) = node.resolve() else {
        return false;
    };
    let is_bytes = |schema: &Node<'_>| {
        let is_text = matches!(schema.text("type"), Some("string") | None);
        let media_type = schema.text("contentMediaType");
        let is_media = media_type.is_some_and(|stated| encoding(stated) == Encoding::Bytes);
        let is_decoded = schema.get("contentEncoding").is_none();
        let is_binary = schema.text("format") == Some("binary");
        is_text && is_decoded && (is_binary || is_media)
    };
    is_bytes(&schema)
        || is_any(&schema)
        || variants(&schema)
            .filter_map(|variant| variant.resolve())
            .any(|variant| is_bytes(&variant))
}

/// The media type of a part, where the document gives it exactly one.
fn part_type(property: &Node<'_>, encoding: Option<&Node<'_>>) -> Option<String> {
    let schema = property.resolve();
    let stated = encoding
        .and_then(|encoding| encoding.text("contentType"))
        .or_else(|| schema.as_ref()?.text("contentMediaType"))?;
    media_type::is_concrete(stated).then(|| stated.to_owned())
}

/// The styles that a form says of its fields. Where none of `style`, `explode` and `allowReserved` is said, the
/// media type of the field counts (OpenAPI 3.0.4, Encoding Object).
fn styles(encoding: Encoding, media: &Node<'_>) -> Vec<(String, Style)> {
    if encoding != Encoding::Form {
        return Vec::new();
    }
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    let said = media.members("encoding").filter(|(_, field)| {
        let keys = ["style", "explode", "allowReserved"];
        keys.iter().any(|key| field.get(key).is_some())
    });
    said.map(|(name, field)| {
        let property = schema.as_ref().and_then(|schema| property(schema, name));
        let style = parameters::style(&field, Location::Query, property.as_ref());
        (name, style, property)
    })
    .filter(|(_, style, property)| {
        // A scalar or an array of the usual style needs no mention.
        let kind = property.as_ref().and_then(schema_type);
        let plain = matches!(
            kind,
            Some("string" | "number" | "integer" | "boolean" | "array")
        );
        *style != parameters::usual(Location::Query) || !plain
    })
    .map(|(name, style, _)| (name.to_owned(), style))
    .collect()
}

fn property<'a>(schema: &Node<'a>, name: &str) -> Option<Node<'a>> {
    schema.get("properties")?.get(name)
}
