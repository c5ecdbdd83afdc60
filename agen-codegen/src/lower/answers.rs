//! Lowers what an operation answers.
//!
//! | rewrite | reason |
//! |---|---|
//! | error responses go | they make progenitor panic where they differ; the runtime has one error type |
//! | every success status becomes `200` | two of them make it panic where they differ in more than the number |

use serde_json::{Value, json};

use super::{
    bodies::{encoding, preferred},
    schemas::Schemas,
};
use crate::{
    api::{Answer, Encoding},
    document::Node,
};

/// The shape of a successful answer, and the response for progenitor.
pub(super) fn lower<'a>(
    schemas: &mut Schemas<'a>,
    builder: &str,
    node: &Node<'a>,
) -> (Answer, Value) {
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

/// Statuses of errors that the document describes, each with the type of its body.
pub(super) fn errors<'a>(schemas: &Schemas<'a>, node: &Node<'a>) -> Vec<(String, Option<String>)> {
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
