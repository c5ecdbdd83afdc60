//! Rules on the bodies of requests.

use super::{Findings, Rule, grammar::Kind, index::Index};
use crate::{diagnostic::quote, media_type};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "request-media-type",
    media_type,
    "a request body has no media type that the client can write",
    "the client writes JSON, or else the one of a form, bytes or text that the body is described \
         as; it cannot choose between several, and writes no multipart bodies",
)];

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
