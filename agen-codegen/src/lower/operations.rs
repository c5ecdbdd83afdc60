//! Lowers operations to the few constructs that progenitor takes without a panic.
//!
//! | rewrite | reason |
//! |---|---|
//! | parameters are named `p0`, `p1`, … | the signature that progenitor makes is matched to the document by them |
//! | paths and methods are replaced | the request is made from the document; progenitor's is thrown away |
//! | error responses go | they panic where they differ; the runtime has one error type |
//! | one media type stays, JSON where there is one | two of them panic |
//! | every success status becomes `200` | two of them panic where they differ in more than the number |

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{names_in, schemas::Schemas};
use crate::{
    api::{Answer, Body, Encoding, Field, Location, Operation, Parameter, Scopes},
    document::{Document, Node},
    media_type, name,
    security::{self, Asked},
};

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// Methods that `Client` has in any case, in the runtime or by a trait that takes it by value.
const CLIENT_METHODS: [&str; 9] = [
    "builder",
    "clone",
    "follow_session",
    "from_env",
    "into",
    "new",
    "request",
    "try_into",
    "wait_until_finished",
];

/// What the generated code means by these names must not be hidden by the type of a call.
const USED_NAMES: [&str; 17] = [
    "Box",
    "Bytes",
    "Call",
    "CallSettings",
    "Client",
    "Default",
    "Error",
    "Into",
    "IntoNullableString",
    "Method",
    "None",
    "Operation",
    "Option",
    "Result",
    "Some",
    "String",
    "Vec",
];

pub(super) struct Operations {
    pub(super) operations: Vec<Operation>,
    /// The lowered path items.
    pub(super) paths: Map<String, Value>,
    /// Types that stand in requests by themselves; fields of a flat body are not among them.
    pub(super) sent: BTreeSet<String>,
}

/// The names of the method and of the type of a call, by the `operationId`. `None` where it holds nothing
/// that an identifier can be made of.
pub(crate) fn call_names(id: &str) -> Option<(String, String)> {
    let (mut name, mut builder) = (name::snake(id)?, name::pascal(id)?);
    if CLIENT_METHODS.contains(&name.as_str()) {
        name.push('_');
    }
    if USED_NAMES.contains(&builder.as_str()) {
        builder.push_str("Call");
    }
    Some((name, builder))
}

/// Lowers every operation; `scheme` is the one that the key of the client belongs to.
pub(super) fn lower<'a>(
    document: &'a Document,
    scheme: Option<&str>,
    schemas: &mut Schemas<'a>,
) -> Operations {
    let mut result = Operations {
        operations: Vec::new(),
        paths: Map::new(),
        sent: BTreeSet::new(),
    };
    for (path, item) in document.root().members("paths") {
        for method in METHODS {
            if let Some(node) = item.get(method) {
                let asked = security::asked(&node, scheme);
                result.add(schemas, path, method, &item, &node, asked);
            }
        }
    }
    result
}

impl Operations {
    fn add<'a>(
        &mut self,
        schemas: &mut Schemas<'a>,
        path: &str,
        method: &str,
        item: &Node<'a>,
        node: &Node<'a>,
        asked: Asked,
    ) {
        let id = node.text("operationId").unwrap_or_default();
        let Some((name, builder)) = call_names(id) else {
            return;
        };
        let found = parameters(path, item, node);

        let mut lowered_parameters = Vec::new();
        let mut lowered_path = format!("/{:08}", self.operations.len());
        let mut parameters = Vec::new();
        for (index, (location, parameter)) in found.iter().enumerate() {
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
            self.sent.extend(names_in(&lowered));
            if let Some(description) = parameter.text("description") {
                value.description = Some(description.to_owned());
            }
            if let Some(example) = example(parameter) {
                value.example = Some(example.clone());
            }
            value.deprecated |= parameter.flag("deprecated");
            value.nullable = false;
            if *location == Location::Path {
                lowered_path.push_str(&format!("/{{p{index}}}"));
            }
            lowered_parameters.push(json!({
                "name": format!("p{index}"),
                "in": if *location == Location::Path { "path" } else { "query" },
                "required": true,
                "schema": lowered,
            }));
            parameters.push(Parameter {
                wire: wire.to_owned(),
                location: *location,
                required,
                value,
            });
        }

        let (body, lowered_body) = match node.get("requestBody").and_then(|body| body.resolve()) {
            Some(body) => self.body(schemas, &builder, &body),
            None => (None, None),
        };
        let (answer, lowered_response) = answer(schemas, &builder, node);

        let mut lowered = json!({
            "operationId": format!("operation{}", self.operations.len()),
            "parameters": lowered_parameters,
            "responses": {"200": lowered_response},
        });
        if let Some(body) = lowered_body {
            lowered["requestBody"] = body;
        }
        self.paths.insert(lowered_path, json!({"post": lowered}));

        let own = |key: &str| {
            node.text(key)
                .filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        self.operations.push(Operation {
            pointer: node.pointer.clone(),
            name,
            builder,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: own("summary"),
            description: own("description"),
            page: node
                .get("externalDocs")
                .and_then(|docs| docs.text("url").map(str::to_owned)),
            scopes: scopes(node),
            asked,
            deprecated: node.flag("deprecated"),
            parameters,
            body,
            answer,
            errors: errors(schemas, node),
        });
    }

    fn body<'a>(
        &mut self,
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
                    Some(name) => self
                        .sent
                        .extend(schemas.edges.get(name).into_iter().flatten().cloned()),
                    None => self.sent.extend(names_in(&lowered)),
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
}

/// Path parameters in the order of the path, then query and header parameters by name. A parameter
/// of the operation hides one of the path item with the same name and place.
fn parameters<'a>(path: &str, item: &Node<'a>, node: &Node<'a>) -> Vec<(Location, Node<'a>)> {
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

/// The shape of a successful answer, and the response for progenitor.
fn answer<'a>(schemas: &mut Schemas<'a>, builder: &str, node: &Node<'a>) -> (Answer, Value) {
    let empty = json!({"description": ""});
    let Some(response) = success(node).and_then(|response| response.resolve()) else {
        // Nothing is known of success, so its body is not thrown away.
        return (Answer::Bytes, empty);
    };
    let Some((media_type, media)) = preferred(&response) else {
        return (Answer::Empty, empty);
    };
    if encoding(media_type) != Encoding::Json {
        return (Answer::Bytes, empty);
    }
    let lowered = media.get("schema").map_or(json!({}), |schema| {
        schemas.lower(&schema, &format!("{builder}Response"))
    });
    schemas.note_example(&lowered, &media);
    (
        Answer::Json,
        json!({"description": "", "content": {"application/json": {"schema": lowered}}}),
    )
}

/// The response that describes success: lint saw to it that all of them have one shape.
fn success<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let mut responses: Vec<_> = node.members("responses").collect();
    responses.sort_by_key(|(status, _)| *status == "2XX" || *status == "2xx");
    let numbered = responses.iter().find(|(status, _)| status.starts_with('2'));
    let default = responses.iter().find(|(status, _)| *status == "default");
    numbered.or(default).map(|(_, response)| response.clone())
}

fn errors<'a>(schemas: &Schemas<'a>, node: &Node<'a>) -> Vec<(String, Option<String>)> {
    let has_success = node
        .members("responses")
        .any(|(status, _)| status.starts_with('2'));
    node.members("responses")
        .filter(|(status, _)| {
            !status.starts_with(['2', 'x']) && (*status != "default" || has_success)
        })
        .map(|(status, response)| {
            let media = response
                .resolve()
                .and_then(|response| preferred(&response).map(|(_, media)| media));
            let body = media
                .and_then(|media| media.get("schema"))
                .and_then(|schema| schemas.reference(&schema));
            (status.to_owned(), body)
        })
        .collect()
}

/// The media type that is spoken: JSON where it is offered, otherwise the first one.
fn preferred<'a>(node: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    media_type::json(node).or_else(|| node.members("content").next())
}

fn encoding(media_type: &str) -> Encoding {
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

fn scopes(node: &Node<'_>) -> Option<Scopes> {
    let scopes = node.get("x-agen-scopes")?;
    let any_of = scopes
        .elements("any-of")
        .filter_map(|scope| scope.value.as_str().map(str::to_owned))
        .collect();
    Some(Scopes {
        any_of,
        stated: scopes.text("certainty") == Some("stated"),
    })
}

/// `example`, or the first of `examples`.
pub(super) fn example<'a>(node: &Node<'a>) -> Option<&'a Value> {
    let first = || {
        node.members("examples")
            .find_map(|(_, example)| example.resolve()?.get("value"))
    };
    node.get("example")
        .or_else(first)
        .map(|example| example.value)
}
