//! What is sent of the parameters that a document declares, and how: for the report and the client alike.

use std::collections::HashSet;

use crate::{
    api::{Authentication, Location, Style},
    document::Node,
    lint::{Operation, Parameter, is_header_name, schema_type},
    media_type,
    path::{Given, Target, template},
    value::Value,
};

/// A parameter that a caller gives.
pub(crate) struct Sent<'a> {
    /// Its name on the wire.
    pub(crate) wire: &'a str,
    /// Its name in the document, which is another one where the query of the path names it.
    pub(crate) name: &'a str,
    pub(crate) location: Location,
    pub(crate) style: Style,
    pub(crate) node: Node<'a>,
    /// The schema of its value. A value without one is a text.
    pub(crate) schema: Option<Node<'a>>,
}

/// Why a parameter is none of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// The client sends its key there.
    Key,
    /// It says how the message is sent.
    OfHttp,
    /// No header or cookie can have the name.
    Impossible,
    /// It is described elsewhere: OpenAPI 3.0.4, Parameter Object, `name`.
    MediaType,
    /// The path does not name it.
    NotInPath,
    /// The query that stands in the path has its value.
    InQuery,
    /// Another one of this name and place counts.
    Replaced,
}

/// The parameters of an operation.
#[derive(Default)]
pub(crate) struct Parameters<'a> {
    /// Path parameters in the order of the path, then the others by place and name.
    pub(crate) sent: Vec<Sent<'a>>,
    /// In the order of the document.
    pub(crate) dropped: Vec<(&'a str, Node<'a>, Dropped)>,
    /// The query that stands in the path itself.
    pub(crate) fixed: Vec<(&'a str, &'a str)>,
}

impl<'a> Parameters<'a> {
    /// `key` says how the key of the client goes out.
    pub(crate) fn new(operation: &Operation<'a>, key: Option<&Authentication>) -> Self {
        let target = Target::new(operation.path);
        let names = template(operation.path).unwrap_or_default();
        let names: HashSet<&str> = names.into_iter().map(|(name, _)| name).collect();
        let mut found = Self::default();
        let texts = target.query.iter();
        found.fixed = texts
            .filter_map(|(name, given)| match given {
                Given::Text(text) => Some((*name, *text)),
                Given::Parameter(_) => None,
            })
            .filter(|(name, _)| !key.is_some_and(|key| carries(key, name, Location::Query)))
            .collect();
        for parameter in &operation.replaced {
            let (name, node) = (parameter.name, parameter.node.clone());
            found.dropped.push((name, node, Dropped::Replaced));
        }
        for parameter in &operation.parameters {
            let name = parameter.name;
            let moved = target.query_name(name);
            let (location, wire) = match parameter.place {
                "path" => match moved {
                    Some(wire) => (Location::Query, wire),
                    None => (Location::Path, name),
                },
                "query" => (Location::Query, name),
                "header" => (Location::Header, name),
                "cookie" => (Location::Cookie, name),
                _ => continue,
            };
            let taken = |pair: &(&str, Given<'_>)| match pair {
                (other, Given::Text(_)) => *other == name,
                // The parameter that stands for the value goes first.
                (other, Given::Parameter(inner)) => {
                    *other == name && operation.declares("path", inner)
                }
            };
            let in_query = parameter.place == "query" && target.query.iter().any(taken);
            let dropped = if key.is_some_and(|key| carries(key, wire, location)) {
                Some(Dropped::Key)
            } else if location == Location::Path && !names.contains(name) {
                Some(Dropped::NotInPath)
            } else if in_query {
                Some(Dropped::InQuery)
            } else {
                of_http(wire, location)
            };
            match dropped {
                Some(why) => found.dropped.push((name, parameter.node.clone(), why)),
                None => found.sent.push(sent(parameter, wire, location)),
            }
        }
        found.sent.sort_by_cached_key(|sent| {
            let place = match sent.location {
                Location::Path => operation.path.find(&format!("{{{}}}", sent.name)),
                _ => None,
            };
            (sent.location, place, sent.wire)
        });
        found
    }
}

/// Whether a parameter would take the place of the key.
fn carries(key: &Authentication, name: &str, location: Location) -> bool {
    match key {
        Authentication::Header { name: own, prefix } => {
            let is_cookie = own.eq_ignore_ascii_case("cookie");
            location == Location::Header && own.eq_ignore_ascii_case(name)
                || location == Location::Cookie
                    && is_cookie
                    && prefix.strip_suffix('=') == Some(name)
        }
        Authentication::Basic => {
            location == Location::Header && name.eq_ignore_ascii_case("authorization")
        }
        Authentication::Query { name: own } => location == Location::Query && own == name,
    }
}

/// Why no caller can set a header or cookie.
fn of_http(name: &str, location: Location) -> Option<Dropped> {
    /// They say where a request goes and how it is framed.
    const OURS: [&str; 12] = [
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    if location != Location::Header {
        return None;
    }
    let name = name.to_ascii_lowercase();
    if ["accept", "content-type"].contains(&&*name) {
        Some(Dropped::MediaType)
    } else if OURS.contains(&&*name) {
        Some(Dropped::OfHttp)
    } else if !is_header_name(&name) {
        Some(Dropped::Impossible)
    } else {
        None
    }
}

fn sent<'a>(parameter: &Parameter<'a>, wire: &'a str, location: Location) -> Sent<'a> {
    let node = &parameter.node;
    let (schema, style) = match content(node) {
        Some((media_type, media)) if media_type::is_json(media_type) => {
            (media.get("schema"), reserved(node, location, Style::Json))
        }
        Some(_) => (None, usual(location)),
        None => {
            let schema = node.get("schema");
            let style = style(node, location, schema.as_ref());
            (schema, style)
        }
    };
    Sent {
        wire,
        name: parameter.name,
        location,
        style,
        node: node.clone(),
        schema,
    }
}

/// The media type of a parameter that is described by `content`.
pub(crate) fn content<'a>(parameter: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    media_type::json(parameter).or_else(|| parameter.members("content").next())
}

/// The style of a place, where nothing else is said.
pub(crate) fn usual(location: Location) -> Style {
    match location {
        Location::Path | Location::Header => Style::Simple { explode: false },
        Location::Query | Location::Cookie => Style::Form { explode: true },
    }
}

/// The style of a parameter, or of a field of a form (`Location::Query`).
pub(crate) fn style(node: &Node<'_>, location: Location, schema: Option<&Node<'_>>) -> Style {
    let kind = schema.and_then(schema_type);
    let is_scalar = matches!(kind, Some("string" | "number" | "integer" | "boolean"));
    let said = node.text("style").unwrap_or_default();
    let explode = |usual: bool| {
        let said = node.value.get("explode").and_then(Value::as_bool);
        said.unwrap_or(usual)
    };
    let style = match (location, said) {
        (Location::Path, "label") => Style::Label {
            explode: explode(false) && !is_scalar,
        },
        (Location::Path, "matrix") => Style::Matrix {
            explode: explode(false) && !is_scalar,
        },
        // An array is joined by commas in any case.
        (Location::Path | Location::Header, _) => Style::Simple {
            explode: explode(false) && !is_scalar && kind != Some("array"),
        },
        (Location::Query, "deepObject") if !is_scalar => Style::DeepObject,
        (Location::Query, "spaceDelimited") if !is_scalar && !explode(false) => {
            Style::SpaceDelimited
        }
        (Location::Query, "pipeDelimited") if !is_scalar && !explode(false) => Style::PipeDelimited,
        (Location::Query, "deepObject" | "spaceDelimited" | "pipeDelimited") => {
            Style::Form { explode: true }
        }
        (Location::Query | Location::Cookie, _) => Style::Form {
            explode: explode(true) || is_scalar,
        },
    };
    reserved(node, location, style)
}

fn reserved(node: &Node<'_>, location: Location, style: Style) -> Style {
    if location == Location::Query && node.flag("allowReserved") {
        Style::Reserved(Box::new(style))
    } else {
        style
    }
}

/// Whether a style says how arrays and objects inside of a value are written. Where it does not, they are
/// JSON.
pub(crate) fn nests(style: &Style) -> bool {
    match style {
        Style::DeepObject | Style::Json => true,
        Style::Reserved(style) => nests(style),
        _ => false,
    }
}

/// Headers and cookies that prove who a caller is: never shown by `Debug`.
pub(crate) fn is_sensitive(wire: &str, location: Location) -> bool {
    match location {
        Location::Cookie => true,
        Location::Header => ["authorization", "cookie"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(wire)),
        Location::Path | Location::Query => false,
    }
}
