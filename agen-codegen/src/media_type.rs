//! Media types: which of them are JSON, and which one of several is spoken.

use crate::document::Node;

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json` or anything that ends in `+json`, whatever its
/// parameters.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// The JSON that is spoken of everything in `content`: `application/json`, else the first of the
/// others.
pub(crate) fn json<'a>(body: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let all = body.members("content");
    all.filter(|(media_type, _)| is_json(media_type))
        .min_by_key(|(media_type, _)| essence(media_type) != "application/json")
}
