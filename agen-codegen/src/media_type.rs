//! Media types: which of them are JSON, how a body is written in each, and which one of several is
//! spoken.

use crate::{api::Encoding, document::Node, lint::is_header_name};

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, `text/json` or anything that ends in `+json`, whatever
/// its parameters.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// The JSON that is spoken of everything in `content`: `application/json`, else the first of the
/// others.
pub(crate) fn json<'a>(body: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let all = body.members("content");
    all.filter(|(media_type, _)| is_json(media_type))
        .min_by_key(|(media_type, _)| essence(media_type) != "application/json")
}

/// How a body of a media type is written.
pub(crate) fn encoding(media_type: &str) -> Encoding {
    let essence = essence(media_type);
    match essence.split_once('/') {
        _ if is_json(&essence) => Encoding::Json,
        Some((_, "x-www-form-urlencoded")) => Encoding::Form,
        // No such type is registered; documents mean the form of HTML by it.
        Some((_, "form-data")) | Some(("multipart", _)) => Encoding::Multipart,
        Some(("text", _)) => Encoding::Text,
        _ => Encoding::Bytes,
    }
}

/// The media type that a body of an encoding has where nothing else is said.
pub(crate) fn usual(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Json => "application/json",
        Encoding::Form => "application/x-www-form-urlencoded",
        Encoding::Multipart => "multipart/form-data",
        Encoding::Text => "text/plain",
        Encoding::Bytes => "application/octet-stream",
    }
}

/// The media type in which the body of a request is sent.
pub(crate) struct Spoken<'a> {
    /// Its key in `content`.
    pub(crate) stated: &'a str,
    pub(crate) media: Node<'a>,
    pub(crate) encoding: Encoding,
    /// Whether the body goes out under the stated type. One that is a range, that is none, or that no
    /// body of its encoding can have is replaced by the [`usual`] one.
    pub(crate) is_sent: bool,
}

impl<'a> Spoken<'a> {
    fn new(stated: &'a str, media: Node<'a>) -> Self {
        let is_concrete = is_concrete(stated);
        let encoding = match encoding(stated) {
            // Any type will do, and of structures this is the one that can be written.
            Encoding::Bytes if !is_concrete && is_structured(&media) => Encoding::Json,
            encoding => encoding,
        };
        let essence = essence(stated);
        let is_sent = match encoding {
            Encoding::Multipart => is_concrete && essence.starts_with("multipart/"),
            Encoding::Form => essence == usual(encoding),
            _ => is_concrete,
        };
        Self {
            stated,
            media,
            encoding,
            is_sent,
        }
    }
}

/// The media type in which a request body is sent: JSON where it is offered, then a form, then parts,
/// text and bytes; of several of one kind the usual one, and else the first by name.
pub(crate) fn request<'a>(body: &Node<'a>) -> Option<Spoken<'a>> {
    let all = body.members("content");
    all.map(|(stated, media)| Spoken::new(stated, media))
        .min_by_key(|spoken| {
            let is_usual = essence(spoken.stated) == usual(spoken.encoding);
            // What stands for any type goes behind what names one.
            let is_range = spoken.encoding == Encoding::Json && !is_json(spoken.stated);
            (is_range, spoken.encoding, !is_usual, !spoken.is_sent)
        })
}

/// Whether a text is one media type, with or without parameters, and no range of them.
pub(crate) fn is_concrete(media_type: &str) -> bool {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let is_name = |name: &str| is_header_name(name) && !name.contains('*');
    let named = essence.trim().split_once('/');
    named.is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
        && parameters.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

/// Whether a schema describes more than a text or bytes.
fn is_structured(media: &Node<'_>) -> bool {
    const STRUCTURES: [&str; 5] = ["properties", "items", "allOf", "oneOf", "anyOf"];
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    schema.is_some_and(|schema| {
        schema.text("type").is_some_and(|kind| kind != "string")
            || STRUCTURES.iter().any(|key| schema.get(key).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::is_concrete;

    #[test]
    fn a_range_or_a_broken_type_is_not_one_type() {
        for one in ["image/png", "text/plain; charset=utf-8", "a/b+c;d=\"e f\""] {
            assert!(is_concrete(one), "{one}");
        }
        for other in [
            "",
            "*/*",
            "image/*",
            "json",
            "a/",
            "a b/c",
            "a/b;\r\nx: y",
            "é/a",
        ] {
            assert!(!is_concrete(other), "{other}");
        }
    }
}
