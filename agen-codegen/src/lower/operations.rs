//! Lowers operations to the few constructs that progenitor takes without a panic.
//!
//! Paths and methods are replaced: the request is made from the document, and progenitor's is thrown away.

use super::{answers::Answers, bodies, parameters, schemas::Schemas};
use crate::{
    api::{Operation, Pages, Scopes},
    document::Node,
    lint::{self, Reading},
    name,
    parameters::Parameters,
    path::Target,
    security::{self, Chosen},
    servers::{self, Address},
    value::{Value, json, object},
};

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
const USED_NAMES: [&str; 25] = [
    "Answered",
    "Box",
    "Bytes",
    "Call",
    "CallSettings",
    "Client",
    "Default",
    "Download",
    "Error",
    "Failed",
    "Failure",
    "Into",
    "IntoNullableString",
    "ItemStream",
    "Method",
    "None",
    "Operation",
    "Option",
    "Part",
    "Result",
    "Some",
    "StatusCode",
    "String",
    "Style",
    "Vec",
];

pub(super) struct Operations<'a> {
    pub(super) operations: Vec<Operation>,
    pub(super) answers: Answers<'a>,
    /// The lowered path items, in JSON.
    pub(super) paths: Vec<(String, String)>,
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

/// Lowers every operation, in the order of their paths and then of their methods; `chosen` is the scheme that
/// the key of the client belongs to.
pub(super) fn lower<'a>(
    reading: &Reading<'a>,
    chosen: Option<&Chosen<'_>>,
    schemas: &mut Schemas<'a>,
) -> Operations<'a> {
    let document = reading.document;
    let mut result = Operations {
        operations: Vec::new(),
        answers: Answers::new(document),
        paths: Vec::new(),
    };
    let root = document.root();
    let address = servers::address(&root);
    let mut all: Vec<_> = reading.operations().iter().collect();
    all.sort_by_key(|operation| (operation.path, operation.method));
    for operation in all {
        result.add(schemas, operation, chosen, address.as_ref());
    }
    result
}

impl<'a> Operations<'a> {
    fn add(
        &mut self,
        schemas: &mut Schemas<'a>,
        operation: &lint::Operation<'a>,
        chosen: Option<&Chosen<'_>>,
        address: Option<&Address>,
    ) {
        let node = &operation.node;
        let id = node.text("operationId").unwrap_or_default();
        let Some((name, builder)) = call_names(id) else {
            return;
        };
        schemas.copies.site.clone_from(&node.pointer);
        let read = Parameters::new(operation, chosen.map(|chosen| &chosen.authentication));
        let parameters = parameters::lower(schemas, &builder, &read);
        let body = node.get("requestBody").and_then(|body| body.resolve());
        let body = body.map(|body| bodies::lower(schemas, &builder, &body));
        let body = body.unwrap_or_default();
        let answers = self.answers.lower(schemas, &builder, node);

        let mut lowered_parameters = parameters.lowered;
        lowered_parameters.extend(body.parts);
        let mut lowered = object([
            (
                "operationId",
                json!(format!("operation{}", self.operations.len())),
            ),
            ("parameters", Value::Array(lowered_parameters)),
            ("responses", object([("200", answers.lowered)])),
        ]);
        if let Some(body) = body.lowered {
            lowered.set("requestBody", body);
        }
        let lowered_path = format!("/{:08}{}", self.operations.len(), parameters.path);
        let lowered = object([("post", lowered)]).to_string();
        self.paths.push((lowered_path, lowered));

        let target = Target::new(operation.path);
        let (_, query) = operation.path.split_once('?').unwrap_or_default();
        let path = if target.query.is_empty() {
            target.path.to_string()
        } else {
            let query = query.split('#').next().unwrap_or_default();
            format!("{}?{query}", target.path)
        };
        let own = |key: &str| {
            node.text(key)
                .filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        self.operations.push(Operation {
            pointer: node.pointer.clone(),
            name,
            builder,
            method: operation.method.to_ascii_uppercase(),
            path,
            target: target.path.into_owned(),
            fixed: read
                .fixed
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            server: servers::other(operation, address).map(|(_, other)| other),
            summary: own("summary"),
            description: own("description"),
            page: node
                .get("externalDocs")
                .and_then(|docs| docs.text("url").map(str::to_owned)),
            pages: pages(node),
            scopes: scopes(node),
            asked: security::asked(node, chosen.map(|chosen| chosen.name)),
            deprecated: node.flag("deprecated"),
            parameters: parameters.parameters,
            body: body.body,
            answer: answers.answer,
            accept: answers.accept,
            failures: answers.failures,
        });
    }
}

fn pages(node: &Node<'_>) -> Option<Pages> {
    let pages = node.get("x-agen-pagination")?;
    let path = |key| Some(pages.text(key)?.split('.').map(str::to_owned).collect());
    Some(Pages {
        cursor: pages.text("cursor")?.to_owned(),
        next: path("next")?,
        items: path("items")?,
    })
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
