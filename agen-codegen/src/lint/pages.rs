//! The rule on lists that come page by page.

use std::collections::BTreeMap;

use super::{Findings, Rule, index::Index, operation::Operation, reading, suggestion::nearest};
use crate::{
    api::Encoding,
    diagnostic::quote,
    document::Node,
    lower::{Form, form, properties},
    media_type,
};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "extension-pagination",
    pagination,
    "`x-agen-pagination` does not say how one page leads to the next",
    "the stream over the items of all pages is made from it",
)];

const FORM: &str = "write `x-agen-pagination: { cursor: …, next: …, items: … }`: the query parameter or \
                    field of the body that takes the cursor, and the properties of the answer that hold \
                    the next cursor and the items, as in `meta.next_cursor`";

/// Something that is wrong with a field of the extension.
struct Fault<'a> {
    message: String,
    help: String,
    /// What it is about, where that is somewhere else.
    related: Option<(Node<'a>, &'static str)>,
}

impl Fault<'_> {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            related: None,
        }
    }
}

/// `x-agen-pagination` is readable, and means something that is there.
fn pagination(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in index.operations.iter() {
        let Some(pages) = operation.node.get("x-agen-pagination") else {
            continue;
        };
        let mut complain = |node: &Node<'_>, fault: Fault<'_>| {
            let span = Some(node.span()).filter(|span| !span.is_empty());
            let span = span.unwrap_or_else(|| node.key_span());
            findings.add(span, "this does not lead on", fault.message, fault.help);
            if let Some((related, label)) = fault.related {
                findings.also(related.key_span(), label);
            }
        };
        if !pages.value.is_object() {
            let message = "`x-agen-pagination` is not an object";
            complain(&pages, Fault::new(message, FORM));
            continue;
        }
        for (key, node) in pages.entries() {
            if !matches!(key, "cursor" | "next" | "items") {
                let message = format!("{} is no field of `x-agen-pagination`", quote(key));
                complain(&node, Fault::new(message, FORM));
            }
        }
        let answer = answer(operation);
        let mut kinds = Vec::new();
        for key in ["cursor", "next", "items"] {
            let Some(node) = pages.get(key) else {
                let message = format!("`x-agen-pagination` has no `{key}`");
                complain(&pages, Fault::new(message, FORM));
                continue;
            };
            let found = match (node.value.as_str(), &answer) {
                (None | Some(""), _) => Err(Fault::new(format!("`{key}` is no name"), FORM)),
                (Some(name), _) if key == "cursor" => {
                    cursor(operation, name).and_then(|found| scalar(&found, name))
                }
                (Some(_), Err(message)) => Err(Fault::new(
                    format!("`{key}` leads nowhere: {message}"),
                    "describe one success, whose JSON body is an object",
                )),
                (Some(path), Ok(answer)) => property(answer, path).and_then(|found| match key {
                    "items" => list(&found, path).map(|()| None),
                    _ => scalar(&found, path),
                }),
            };
            match found {
                Ok(kind) => kinds.extend(kind),
                Err(fault) => complain(&node, fault),
            }
        }
        if let [cursor, next] = kinds.as_slice()
            && cursor != next
        {
            let message =
                format!("the next cursor is of type `{next}`, and is to be sent as `{cursor}`");
            let help = "describe both with the same type, such as `string`";
            complain(&pages, Fault::new(message, help));
        }
    }
}

/// The schema of the one success of an operation, or why there is none.
fn answer<'a>(operation: &Operation<'a>) -> Result<Node<'a>, &'static str> {
    let successes = reading::successes(&operation.node);
    let [success] = successes.as_slice() else {
        return Err("the operation has not exactly one success");
    };
    let success = success.resolve().ok_or("the success cannot be read")?;
    let content = reading::json_content(&success);
    let schema = content.and_then(|content| content.get("schema"));
    schema.ok_or("the success has no JSON body with a schema")
}

/// What takes the cursor: a parameter of the query, or a field of a body that is always sent.
fn cursor<'a>(operation: &Operation<'a>, name: &str) -> Result<Node<'a>, Fault<'a>> {
    let queries = operation.parameters.iter();
    let mut places: BTreeMap<&str, Option<Node<'a>>> = queries
        .filter(|parameter| parameter.place == "query")
        .map(|parameter| (parameter.name, parameter.node.get("schema")))
        .collect();
    let body = operation.node.get("requestBody");
    let body = body.and_then(|body| body.resolve());
    let spoken = body
        .filter(|body| body.flag("required"))
        .and_then(|body| media_type::request(&body));
    let schema = spoken
        .filter(|spoken| matches!(spoken.encoding, Encoding::Json | Encoding::Form))
        .and_then(|spoken| spoken.media.get("schema"));
    for (field, schema) in schema.iter().flat_map(fields) {
        places.entry(field).or_insert(Some(schema));
    }
    match places.get(name) {
        Some(Some(schema)) => Ok(schema.clone()),
        Some(None) => Err(Fault::new(
            format!("the parameter {} has no schema", quote(name)),
            "give it `schema: { type: string }`",
        )),
        None => Err(Fault::new(
            format!(
                "{} has no parameter {} that takes a cursor",
                operation.title(),
                quote(name)
            ),
            meant(name, places.into_keys()).unwrap_or_else(|| {
                "name a parameter with `in: query`, or a property of a required body of JSON"
                    .to_owned()
            }),
        )),
    }
}

/// The fields of the struct that a schema becomes; none where it becomes something else.
fn fields<'a>(schema: &Node<'a>) -> BTreeMap<&'a str, Node<'a>> {
    // An honest document needs a few of these.
    let mut schema = schema.clone();
    for _ in 0..8 {
        let Some(found) = schema.resolve() else { break };
        match form(&found) {
            Form::Same(other) => schema = other,
            Form::Object(_) => return properties(&found),
            _ => break,
        }
    }
    BTreeMap::new()
}

/// The property at the end of a path of names with points between.
fn property<'a>(answer: &Node<'a>, path: &str) -> Result<Node<'a>, Fault<'a>> {
    let mut node = answer.clone();
    for step in path.split('.') {
        let mut properties = fields(&node);
        let Some(next) = properties.remove(step) else {
            let help = meant(step, properties.into_keys()).unwrap_or_else(|| FORM.to_owned());
            return Err(Fault {
                related: Some((node, "looked for here")),
                ..Fault::new(format!("the answer has no property {}", quote(path)), help)
            });
        };
        node = next;
    }
    Ok(node)
}

fn meant<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates)
        .map(|found| format!("write {}, if that is what is meant", quote(found)))
}

/// The type of what holds a cursor, where it is said.
fn scalar<'a>(schema: &Node<'a>, name: &str) -> Result<Option<&'a str>, Fault<'a>> {
    match reading::schema_type(schema) {
        None | Some("null") => Ok(None),
        Some(kind @ ("string" | "integer")) => Ok(Some(kind)),
        Some(kind) => Err(Fault {
            related: Some((schema.clone(), "described here")),
            ..Fault::new(
                format!(
                    "{} is of type {}, which is no cursor",
                    quote(name),
                    quote(kind)
                ),
                "name what is a `string` or an `integer`",
            )
        }),
    }
}

fn list<'a>(schema: &Node<'a>, name: &str) -> Result<(), Fault<'a>> {
    let is_own = schema.get("$ref").is_none() && matches!(form(schema), Form::Plain);
    if is_own && schema.text("type") == Some("array") {
        return Ok(());
    }
    Err(Fault {
        related: Some((schema.clone(), "described here")),
        ..Fault::new(
            format!("{} is no array", quote(name)),
            "name a property that is described as `type: array` in its own place",
        )
    })
}
