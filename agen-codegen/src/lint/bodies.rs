//! Rules on the bodies of requests and responses.

use super::{Findings, Rule, grammar::Kind, index::Index, reading};
use crate::{diagnostic::quote, document::Node, media_type};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "request-media-type",
        media_type,
        "a request body has no media type that the client can write",
        "the client writes JSON, or else the one of a form, bytes or text that the body is described \
         as; it cannot choose between several, and writes no multipart bodies",
    ),
    Rule::warning(
        "responses-empty",
        empty,
        "an operation has no responses",
        "what the call returns is not known, so it gives the bytes that come; the specification \
         demands at least one",
    ),
    Rule::error(
        "response-shapes",
        shapes,
        "the successes of an operation differ in what they hold",
        "the call has one return type, which every success is read as",
    ),
];

/// Request bodies can be written.
fn media_type(index: &Index<'_>, findings: &mut Findings<'_>) {
    const OTHERS: [&str; 3] = [
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "text/plain",
    ];
    for visit in index.all(Kind::RequestBody).filter(|visit| visit.reached) {
        let Some(content) = visit.node.get("content") else {
            continue;
        };
        let Some(object) = content.value.as_object() else {
            continue;
        };
        let mut types = object.keys().map(String::as_str);
        let fits = match object.len() {
            1 => types.any(|name| {
                media_type::is_json(name) || OTHERS.contains(&&*media_type::essence(name))
            }),
            _ => types.any(media_type::is_json),
        };
        if fits {
            continue;
        }
        let names: Vec<_> = object.keys().take(3).map(|name| quote(name)).collect();
        let message = match names.len() {
            0 => "the request body has no media type".to_owned(),
            1 => format!("a request body of {} is not supported", names.join("")),
            _ => format!(
                "none of {} is JSON, and there are several",
                names.join(", ")
            ),
        };
        findings.add(
            content.key_span(),
            "no media type to write",
            message,
            format!(
                "describe the body as `application/json`, or as exactly one of {}",
                OTHERS.map(|name| format!("`{name}`")).join(", ")
            ),
        );
    }
}

/// Every operation has a response.
fn empty(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        let Some(responses) = operation.node.get("responses") else {
            continue;
        };
        if responses.value.is_object() && responses.entries().all(|(key, _)| key.starts_with("x-"))
        {
            findings.add(
                responses.key_span(),
                "nothing in it",
                format!("{} has no responses", operation.title()),
                "describe the success, at the least `2XX: { description: Done }`",
            );
        }
    }
}

/// What a response holds, as far as the return type of a call depends on it.
enum Shape<'a> {
    Nothing,
    /// With its schema, where there is one.
    Json(Option<Node<'a>>),
    Raw,
}

impl<'a> Shape<'a> {
    /// `None` where it cannot be read.
    fn of(response: &Node<'a>) -> Option<Self> {
        let response = response.resolve()?;
        let content = response.get("content");
        let Some(content) = content else {
            return Some(Self::Nothing);
        };
        let object = content.value.as_object()?;
        Some(match reading::json_content(&response) {
            _ if object.is_empty() => Self::Nothing,
            Some(json) => match json.get("schema") {
                Some(schema) => Self::Json(Some(schema.resolve()?)),
                None => Self::Json(None),
            },
            None => Self::Raw,
        })
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing)
            | (Self::Raw, Self::Raw)
            | (Self::Json(None), Self::Json(None)) => true,
            (Self::Json(Some(a)), Self::Json(Some(b))) => {
                a.pointer == b.pointer || a.value == b.value
            }
            _ => false,
        }
    }

    fn noun(&self) -> &'static str {
        match self {
            Self::Nothing => "no body",
            Self::Json(_) => "JSON",
            Self::Raw => "a body that is not JSON",
        }
    }
}

/// All successes of an operation hold the same.
fn shapes(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        let mut successes = reading::successes(&operation.node).into_iter();
        let first = successes.find_map(|node| Some((Shape::of(&node)?, node)));
        let Some((expected, first)) = first else {
            continue;
        };
        for response in successes {
            let Some(shape) = Shape::of(&response).filter(|shape| !shape.same(&expected)) else {
                continue;
            };
            let (one, two) = (first.name(), response.name());
            let message = match (&expected, &shape) {
                (Shape::Json(_), Shape::Json(_)) => format!(
                    "{} returns different JSON with {} and with {}",
                    operation.title(),
                    quote(&one),
                    quote(&two)
                ),
                _ => format!(
                    "{} returns {} with {}, and {} with {}",
                    operation.title(),
                    expected.noun(),
                    quote(&one),
                    shape.noun(),
                    quote(&two)
                ),
            };
            findings.add(
                response.key_span(),
                shape.noun(),
                message,
                "describe one of them, as `2XX` where it stands for all; or describe the same \
                 schema for each",
            );
            findings.also(first.key_span(), expected.noun());
        }
    }
}
