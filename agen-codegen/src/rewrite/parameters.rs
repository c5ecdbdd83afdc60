//! Parameters that the client sends in another way than the document says, or not at all. Nothing is changed
//! in the document: `parameters.rs` reads it.

use std::collections::HashSet;

use super::{Lowering, LoweringRule};
use crate::{
    api::{Authentication, Location, Style},
    diagnostic::quote,
    document::Node,
    lint::{Index, schema_type, spot},
    media_type,
    parameters::{Dropped, Parameters, Sent, content, nests, usual},
    security,
    value::Value,
};

/// An operation with these parameters.
macro_rules! with {
    ($path:literal, $parameters:literal) => {
        concat!(
            "paths:\n  ",
            $path,
            ":\n    get:\n      operationId: get_me\n      parameters: [",
            $parameters,
            "]\n      responses: {'204': {description: Done.}}\n"
        )
    };
}

/// The same in a document with a key.
macro_rules! with_key {
    ($parameters:literal) => {
        concat!(
            "security: [{Key: []}]\ncomponents: {securitySchemes: {Key: {type: apiKey, in: header, name: x-key}}}\n",
            with!("/me", $parameters)
        )
    };
}

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "parameter-duplicate",
        "a list names a parameter twice",
        "the specification forbids two parameters with the same `name` and `in`: the last one counts",
        "remove one of the two",
        [
            with!(
                "/me",
                "{name: a, in: query, schema: {type: string}}, {name: a, in: query, schema: {type: integer}}"
            ),
            with!("/me", "{name: a, in: query, schema: {type: integer}}"),
        ],
    ),
    LoweringRule::new(
        "parameter-key",
        "a parameter is the header, the cookie or the query parameter that carries the key",
        "the client sets it, so a value given by the caller would replace the key",
        "remove the parameter; `security` says that the key is sent",
        [
            with_key!("{name: X-Key, in: header, schema: {type: string}}"),
            with_key!(""),
        ],
    ),
    LoweringRule::new(
        "parameter-header-name",
        "a header parameter has a name that no header can have, or one that belongs to HTTP",
        "the name of a header is letters, digits and some signs (RFC 9110, section 5.6.2), and some headers say \
         how the message is sent: the caller cannot give either",
        "correct the name, or remove the parameter",
        [
            with!("/me", "{name: Host, in: header, schema: {type: string}}"),
            with!("/me", ""),
        ],
    ),
    LoweringRule::new(
        "path-parameter-unused",
        "a path parameter is declared that the path does not name",
        "there is no place for its value, so the caller is not asked for it",
        "put the name into the path in braces, or remove the parameter",
        [
            with!(
                "/me",
                "{name: id, in: path, required: true, schema: {type: string}}"
            ),
            with!("/me", ""),
        ],
    ),
    LoweringRule::new(
        "path-parameter-optional",
        "a path parameter is not `required: true`",
        "there is no path without it, so the caller has to give it",
        "add `required: true`",
        [
            with!("/{id}", "{name: id, in: path, schema: {type: string}}"),
            with!(
                "/{id}",
                "{name: id, in: path, required: true, schema: {type: string}}"
            ),
        ],
    ),
    LoweringRule::new(
        "parameter-content",
        "a parameter is described by a media type other than JSON",
        "the client cannot write a value as such, so the caller gives the text that is sent",
        "describe the text with `schema`, for example `type: string`, or the value as `application/json`",
        [
            with!(
                "/me",
                "{name: a, in: query, content: {application/xml: {schema: {type: object}}}}"
            ),
            with!("/me", "{name: a, in: query, schema: {type: string}}"),
        ],
    ),
    LoweringRule::new(
        "parameter-style",
        "a parameter has a style that its place does not know, or one that is not defined for its type",
        "the specification does not say how such a value is written, so the client chooses",
        "use a style that the specification defines for the place and the type of the value",
        [
            with!(
                "/me",
                "{name: a, in: query, style: simple, schema: {type: string}}"
            ),
            with!("/me", "{name: a, in: query, schema: {type: string}}"),
        ],
    ),
    LoweringRule::new(
        "parameter-type",
        "a parameter holds arrays or objects inside of an array or object",
        "the specification does not say how such a value is written, so the client sends what is inside as JSON",
        "describe the parameter as `content: {application/json: …}` or as `style: deepObject`, if the server reads \
         that; otherwise as the text that is sent",
        [
            with!(
                "/me",
                "{name: a, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}"
            ),
            with!(
                "/me",
                "{name: a, in: query, content: {application/json: {schema: {type: array, items: {type: array, items: {type: string}}}}}}"
            ),
        ],
    ),
];

/// Reports each thing once for a parameter that several operations refer to, and once for those of which the
/// same is to be said.
pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let chosen = security::chosen(&index.root, &index.operations);
    let key = chosen.as_ref().map(|chosen| &chosen.authentication);
    let mut report = Report {
        done,
        seen: HashSet::new(),
        told: HashSet::new(),
    };
    for operation in index.operations.iter() {
        let parameters = Parameters::new(operation, key);
        for (name, node, why) in &parameters.dropped {
            report.dropped(name, node, *why, key);
        }
        for sent in &parameters.sent {
            if report.seen.insert(sent.node.pointer.clone()) {
                report.sent(sent);
            }
        }
    }
}

struct Report<'r> {
    done: &'r mut Vec<Lowering>,
    /// Pointers of parameters.
    seen: HashSet<String>,
    told: HashSet<(&'static str, String)>,
}

impl Report<'_> {
    fn add(&mut self, id: &'static str, node: &Node<'_>, text: String) {
        if self.told.insert((id, text.clone())) {
            self.done.push(Lowering {
                id,
                span: spot(node),
                text,
            });
        }
    }

    fn dropped(&mut self, name: &str, node: &Node<'_>, why: Dropped, key: Option<&Authentication>) {
        let place = node.text("in").unwrap_or_default();
        let name = quote(name);
        let (id, text) = match why {
            // A warning of its own: lint has no report of what is dropped.
            Dropped::MediaType => return,
            Dropped::Replaced => (
                "parameter-duplicate",
                format!("the {place} parameter {name} is listed twice: the last one counts"),
            ),
            Dropped::Key => {
                let how = match key {
                    Some(Authentication::Basic) => "user and password",
                    _ => "the key",
                };
                (
                    "parameter-key",
                    format!("the {place} parameter {name} carries {how}: the client sets it"),
                )
            }
            Dropped::OfHttp => (
                "parameter-header-name",
                format!(
                    "the header parameter {name} says how the message is sent: the client sets it"
                ),
            ),
            Dropped::Impossible => (
                "parameter-header-name",
                format!(
                    "the {place} parameter {name} has a name that none can have: it is left out"
                ),
            ),
            Dropped::NotInPath => (
                "path-parameter-unused",
                format!("the path parameter {name} is not in the path: it is left out"),
            ),
            Dropped::InQuery => (
                "parameter-duplicate",
                format!("the query parameter {name} stands in the path, too: that one counts"),
            ),
        };
        self.add(id, node, text);
    }

    fn sent(&mut self, sent: &Sent<'_>) {
        let node = &sent.node;
        let place = node.text("in").unwrap_or_default();
        let title = format!("the {place} parameter {}", quote(sent.name));
        let required = node.value.get("required");
        let readable = required.is_none_or(Value::is_boolean);
        if place == "path" && readable && !node.flag("required") {
            let text = format!("{title} is not required: the caller has to give it");
            self.add("path-parameter-optional", node, text);
        }
        if let Some((essence, media)) = content(node) {
            if !media_type::is_json(essence) && !is_text(essence, &media) {
                let text = format!(
                    "{title} is described as {}: the caller gives the text",
                    quote(essence)
                );
                self.add("parameter-content", node, text);
            }
            return;
        }
        let schema = sent.schema.as_ref().and_then(Node::resolve);
        let kind = schema.as_ref().and_then(schema_type);
        let inner = schema.as_ref().and_then(nested);
        if let Some(text) = odd_style(sent, kind, inner) {
            self.add("parameter-style", node, format!("{title} {text}"));
        } else if let Some(inner) = inner
            && !nests(&sent.style)
        {
            let text = format!("{title} holds {inner}, which are sent as JSON");
            self.add("parameter-type", node, text);
        }
    }
}

/// Whether a media type is that of a text that the schema describes.
fn is_text(essence: &str, media: &Node<'_>) -> bool {
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    media_type::essence(essence) == "text/plain"
        && schema.is_none_or(|schema| schema_type(&schema) == Some("string"))
}

/// What a value holds that has no text of its own.
fn nested(schema: &Node<'_>) -> Option<&'static str> {
    let of = |node: Option<Node<'_>>| match schema_type(&node?.resolve()?)? {
        "array" => Some("arrays"),
        "object" => Some("objects"),
        _ => None,
    };
    match schema_type(schema)? {
        "array" => of(schema.get("items")),
        "object" => {
            // A free object can hold anything, and mostly holds texts.
            let mut properties = schema.members("properties").map(|(_, property)| property);
            properties
                .find_map(|property| of(Some(property)))
                .or_else(|| of(schema.get("additionalProperties")))
        }
        _ => None,
    }
}

/// What is chosen where the specification does not say how a value is written.
fn odd_style(sent: &Sent<'_>, kind: Option<&str>, inner: Option<&str>) -> Option<String> {
    let said = sent.node.text("style").unwrap_or_default();
    let known: &[&str] = match sent.location {
        Location::Path => &["simple", "label", "matrix"],
        Location::Query => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        Location::Header => &["simple"],
        Location::Cookie => &["form"],
    };
    if !said.is_empty() && !known.contains(&said) {
        let usual = match usual(sent.location) {
            Style::Simple { .. } => "simple",
            _ => "form",
        };
        return Some(format!(
            "has the style {}, which its place does not know: it is sent as `{usual}`",
            quote(said)
        ));
    }
    let style = match &sent.style {
        Style::Reserved(style) => style,
        style => style,
    };
    match (style, kind) {
        (Style::DeepObject, Some("array")) => Some(format!(
            "is an array of style `deepObject`: its items are numbered, as in {}",
            quote(&format!("{}[0]", sent.wire))
        )),
        (Style::DeepObject, _) if inner == Some("arrays") => Some(format!(
            "is of style `deepObject` and holds arrays: their items are numbered, as in {}",
            quote(&format!("{}[name][0]", sent.wire))
        )),
        (Style::DeepObject, _) if inner == Some("objects") => Some(format!(
            "is of style `deepObject` and holds objects: each has brackets of its own, as in {}",
            quote(&format!("{}[name][name]", sent.wire))
        )),
        (Style::Form { explode: true }, Some("array" | "object"))
            if sent.location == Location::Cookie =>
        {
            Some(
                "is several cookies: `; ` stands between them, as in any header of cookies"
                    .to_owned(),
            )
        }
        _ => None,
    }
}
