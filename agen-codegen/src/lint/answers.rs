//! Rules on what an operation answers.

use super::{Findings, Rule, index::Index, reading};
use crate::{diagnostic::quote, document::Node};

pub(super) const RULES: &[Rule] = &[
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
