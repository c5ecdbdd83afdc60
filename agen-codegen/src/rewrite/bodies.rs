//! Bodies of requests whose media type has to be chosen, or made of what is none. Nothing is changed
//! here: [`media_type::request`] chooses, and this reports.

use std::collections::HashSet;

use super::{Edit, Lowering, LoweringRule};
use crate::{
    api::Encoding, diagnostic::quote, document::Node, lint::Reading, lower::has_lost_parts,
    media_type,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "request-media-type",
        "a request body has several media types",
        "the client writes one of them: JSON, else a form, parts, text or bytes",
        "describe the body by the media type that the client is to write",
        [
            "paths:
  /notes:
    post:
      operationId: add_note
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {text: {type: string}}}}
          application/xml: {}
      responses: {'204': {description: Done.}}
",
            "paths:
  /notes:
    post:
      operationId: add_note
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {text: {type: string}}}}
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "request-media-type-unknown",
        "a request body has a range of media types, or none that exists",
        "a body goes out under one media type, so the client takes the most usual one; a caller can \
         set the header `content-type` of a call",
        "write the media type that the server reads, such as `application/json` or \
         `application/octet-stream`",
        [
            "paths:
  /photo:
    put:
      operationId: put_photo
      requestBody: {required: true, content: {'image/*': {}}}
      responses: {'204': {description: Done.}}
",
            "paths:
  /photo:
    put:
      operationId: put_photo
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "request-body-empty",
        "a request body has no media type",
        "nothing is known of it, so the client sends none",
        "describe it in `content`, or remove `requestBody`",
        [
            "paths:
  /start:
    post:
      operationId: start
      requestBody: {content: {}}
      responses: {'204': {description: Done.}}
",
            "paths:
  /start:
    post:
      operationId: start
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "multipart-schema",
        "the schema of a multipart body is no object",
        "the properties of the schema are the parts: where it has none, the caller has to name them",
        "write `type: object`, with a property for each part; a file is `{ type: string, format: binary }`",
        [
            "paths:
  /photo:
    put:
      operationId: put_photo
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Done.}}
",
            "paths:
  /photo:
    put:
      operationId: put_photo
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
      responses: {'204': {description: Done.}}
",
        ],
    ),
];

/// Each body is looked at once, however many operations send it.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let mut seen = HashSet::new();
    for operation in reading.operations().iter() {
        let body = operation.node.get("requestBody");
        let Some(body) = body.and_then(|body| body.resolve()) else {
            continue;
        };
        if seen.insert(body.pointer.clone()) {
            report(&body, done);
        }
    }
    Vec::new()
}

fn report(body: &Node<'_>, done: &mut Vec<Lowering>) {
    let Some(content) = body.get("content").filter(|node| node.value.is_object()) else {
        return;
    };
    let mut tell = |id, node: &Node<'_>, text| {
        let span = node.key_span();
        done.push(Lowering { id, span, text });
    };
    let Some(spoken) = media_type::request(body) else {
        let text = "the request body has no media type: none is sent".to_owned();
        return tell("request-body-empty", &content, text);
    };
    let stated = quote(spoken.stated);
    let others: Vec<String> = content
        .entries()
        .filter(|(name, _)| *name != spoken.stated)
        .map(|(name, _)| quote(name))
        .collect();
    if let Some(shown) = others
        .get(..others.len().min(3))
        .filter(|all| !all.is_empty())
    {
        let more = match others.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} others"),
        };
        let text = format!(
            "the body is sent as {stated}, and not as {}{more}",
            shown.join(", ")
        );
        tell("request-media-type", &content, text);
    }
    if !spoken.is_sent {
        let sent = media_type::usual(spoken.encoding);
        let text =
            format!("{stated} is no media type that a body can have: it is sent as `{sent}`");
        tell("request-media-type-unknown", &spoken.media, text);
    }
    if spoken.encoding == Encoding::Multipart && has_lost_parts(&spoken.media) {
        let text = format!("the schema of {stated} names no parts: the caller does");
        tell("multipart-schema", &spoken.media, text);
    }
}
