//! Lowers the body of a request: one media type stays, JSON where there is one, since two of them make
//! progenitor panic.

use serde_json::{Value, json};

use super::{names_in, operations::example, schemas::Schemas};
use crate::{
    api::{Body, Encoding},
    document::Node,
    media_type,
};

pub(super) fn lower<'a>(
    schemas: &mut Schemas<'a>,
    builder: &str,
    body: &Node<'a>,
) -> (Option<Body>, Option<Value>) {
    let Some((media_type, media)) = preferred(body) else {
        return (None, None);
    };
    let encoding = encoding(media_type);
    let mut flat = None;
    let content = match encoding {
        Encoding::Json | Encoding::Form => {
            let schema = media.get("schema");
            let lowered = schema.as_ref().map_or(json!({}), |schema| {
                schemas.lower(schema, &format!("{builder}Body"))
            });
            schemas.note_example(&lowered, &media);
            let named = lowered
                .get("$ref")
                .and_then(|_| names_in(&lowered).into_iter().next());
            let required = body.flag("required");
            flat = named.filter(|name| required && schemas.is_flat(name));
            match &flat {
                // Its fields are arguments; what they hold is made by the caller.
                Some(name) => schemas
                    .sent
                    .extend(schemas.edges.get(name).into_iter().flatten().cloned()),
                None => schemas.sent.extend(names_in(&lowered)),
            }
            json!({"application/json": {"schema": lowered}})
        }
        Encoding::Text => json!({"text/plain": {"schema": {"type": "string"}}}),
        Encoding::Bytes => {
            json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
        }
    };
    let found = Body {
        encoding,
        media_type: (media_type::essence(media_type) != usual(encoding))
            .then(|| media_type.to_owned()),
        required: body.flag("required"),
        flat,
        description: body.text("description").map(str::to_owned),
        example: example(&media).cloned(),
    };
    (
        Some(found),
        Some(json!({"required": true, "content": content})),
    )
}

/// The media type that is spoken: JSON where it is offered, otherwise the first one.
pub(super) fn preferred<'a>(node: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    media_type::json(node).or_else(|| node.members("content").next())
}

pub(super) fn encoding(media_type: &str) -> Encoding {
    match media_type::essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => Encoding::Form,
        "text/plain" => Encoding::Text,
        _ if media_type::is_json(media_type) => Encoding::Json,
        _ => Encoding::Bytes,
    }
}

fn usual(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Json => "application/json",
        Encoding::Form => "application/x-www-form-urlencoded",
        Encoding::Text => "text/plain",
        Encoding::Bytes => "application/octet-stream",
    }
}
