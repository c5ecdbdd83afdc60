//! Rules on parameters.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

use super::{Findings, Rule, grammar::Kind, index::Index, reading};
use crate::{api::Authentication, diagnostic::quote, document::Node, name, security};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "parameter-duplicate",
        duplicate,
        "a list names a parameter twice",
        "the specification forbids two parameters with the same `name` and `in`",
    ),
    Rule::error(
        "parameter-collision",
        collision,
        "two parameters of an operation have the same name in Rust",
        "each becomes an argument or a setter of the call, named in snake case",
    ),
    Rule::error(
        "parameter-cookie",
        cookie,
        "a parameter is sent as a cookie",
        "the client keeps and sends no cookies",
    ),
    Rule::error(
        "parameter-content",
        content,
        "a parameter is described by `content`",
        "the client writes plain values into paths, queries and headers, not documents",
    ),
    Rule::error(
        "parameter-style",
        style,
        "a parameter is not written in the usual way of its place",
        "the client writes `form` with `explode: true` into queries, and `simple` elsewhere",
    ),
    Rule::error(
        "parameter-type",
        kind,
        "a parameter has a type that cannot be written in its place",
        "paths, queries and headers hold text: there is no common way to nest values in it",
    ),
    Rule::error(
        "parameter-key",
        key,
        "a parameter is the header or the query parameter that carries the key",
        "the client sets it, so a value given by the caller would replace the key",
    ),
    Rule::error(
        "parameter-header-name",
        header_name,
        "a header parameter has a name that no header can have, or one that belongs to HTTP",
        "the name of a header is letters, digits and some signs (RFC 9110, section 5.6.2), and some \
         headers say how the message is sent",
    ),
    Rule::warning(
        "parameter-header",
        header,
        "a header parameter says the media type",
        "the specification says that such a parameter is ignored: `content` says the media types",
    ),
];

/// Where a parameter is best pointed at: its name, or the reference to it.
pub(super) fn spot(site: &Node<'_>) -> Range<usize> {
    let part = site.get("name").or_else(|| site.get("$ref"));
    part.map_or_else(|| site.span(), |part| part.span())
}

/// Every parameter that an operation has, each once: name, place and what it is.
pub(super) fn declared<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = (&'a str, &'a str, &'i Node<'a>)> {
    let mut seen = HashSet::new();
    let all = index
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    all.filter(move |parameter| seen.insert(&parameter.node.pointer))
        .map(|parameter| (parameter.name, parameter.place, &parameter.node))
}

/// Every list of parameters names each once.
fn duplicate(index: &Index<'_>, findings: &mut Findings<'_>) {
    let owners = index
        .visits
        .iter()
        .filter(|visit| matches!(visit.kind, Kind::PathItem | Kind::Operation) && visit.reached);
    for owner in owners {
        let mut first: HashMap<(&str, &str), Node<'_>> = HashMap::new();
        for site in owner.node.elements("parameters") {
            let Some(node) = site.resolve() else { continue };
            let Some(key) = node.text("name").zip(node.text("in")) else {
                continue;
            };
            if let Some(first) = first.get(&key) {
                findings.add(
                    spot(&site),
                    "again here",
                    format!("the {} parameter {} is listed twice", key.1, quote(key.0)),
                    "remove one of the two",
                );
                findings.also(spot(first), "first here");
            } else {
                first.insert(key, site);
            }
        }
    }
}

/// No two parameters of an operation have the same name in Rust, and each has one.
fn collision(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut told = HashSet::new();
    for operation in &index.operations {
        let mut first: BTreeMap<String, &super::index::Parameter<'_>> = BTreeMap::new();
        for parameter in &operation.parameters {
            let Some(made) = name::snake(parameter.name) else {
                if told.insert((parameter.site.pointer.clone(), String::new())) {
                    findings.add(
                        spot(&parameter.site),
                        "no letter or digit",
                        format!(
                            "no Rust name can be made of the parameter {}",
                            quote(parameter.name)
                        ),
                        "the client cannot offer it; leave the parameter out of the document",
                    );
                }
                continue;
            };
            let Some(other) = first.get(&made) else {
                first.insert(made, parameter);
                continue;
            };
            let same = (other.name, other.place) == (parameter.name, parameter.place);
            let pair = (parameter.site.pointer.clone(), other.site.pointer.clone());
            if same || !told.insert(pair) {
                continue;
            }
            findings.add(
                spot(&parameter.site),
                format!("`{made}` in Rust"),
                format!(
                    "the parameters {} in {} and {} in {} have the same name in Rust",
                    quote(other.name),
                    other.place,
                    quote(parameter.name),
                    parameter.place
                ),
                "the client cannot offer both; leave one of them out of the document",
            );
            findings.also(spot(&other.site), "the other one");
        }
    }
}

/// No parameter is a cookie.
fn cookie(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        if place == "cookie" {
            findings.add(
                node.get("in").map_or_else(|| node.span(), |place| place.span()),
                "sent as a cookie",
                format!("the parameter {} is a cookie", quote(name)),
                "leave the parameter out, or describe it in another place if the server takes it there",
            );
        }
    }
}

/// Parameters are described by a schema.
fn content(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, _, node) in declared(index) {
        if let Some(content) = node.get("content") {
            findings.add(
                content.key_span(),
                "not a schema",
                format!("the parameter {} is described by `content`", quote(name)),
                "describe the text that is sent with `schema`, for example `type: string`",
            );
        }
    }
}

/// Parameters are written in the usual way of their place.
fn style(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        let usual = match place {
            "query" => "form",
            "path" | "header" => "simple",
            _ => continue,
        };
        if let Some(style) = node.get("style")
            && let Some(text) = style.value.as_str()
            && text != usual
        {
            findings.add(
                style.span(),
                "not the usual style",
                format!(
                    "the {place} parameter {} has the style {}",
                    quote(name),
                    quote(text)
                ),
                format!("remove `style`, which means `{usual}`, if the server takes it that way"),
            );
        }
        let Some(explode) = node.get("explode") else {
            continue;
        };
        let schema = node.get("schema").and_then(|schema| schema.resolve());
        let several = schema.is_some_and(|schema| {
            matches!(reading::schema_type(&schema), Some("array" | "object"))
        });
        if place == "query" && explode.value.as_bool() == Some(false) && several {
            findings.add(
                explode.span(),
                "not repeated",
                format!("the query parameter {} has `explode: false`", quote(name)),
                "remove `explode`, if the server takes the name once per value; else describe the \
                 joined text as `type: string`",
            );
        }
    }
}

/// Parameters have a type that can be written as text.
fn kind(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        let Some(site) = node.get("schema") else {
            continue;
        };
        let Some(schema) = site.resolve() else {
            continue;
        };
        let what = match reading::schema_type(&schema) {
            Some("object") if matches!(place, "path" | "header") => "an object",
            Some("array") => {
                let items = schema.get("items").and_then(|items| items.resolve());
                match items.as_ref().and_then(reading::schema_type) {
                    Some("array") => "an array of arrays",
                    Some("object") => "an array of objects",
                    _ => continue,
                }
            }
            _ => continue,
        };
        findings.add(
            spot(node),
            what,
            format!("the {place} parameter {} is {what}", quote(name)),
            "describe the text that is sent, for example `type: string`",
        );
    }
}

/// The key is not a parameter.
fn key(index: &Index<'_>, findings: &mut Findings<'_>) {
    let Some(chosen) = security::chosen(index.root.document()) else {
        return;
    };
    let carries = |name: &str, place: &str| match &chosen.authentication {
        Authentication::Header { name: own, .. } => {
            place == "header" && own.eq_ignore_ascii_case(name)
        }
        Authentication::Basic => place == "header" && name.eq_ignore_ascii_case("authorization"),
        Authentication::Query { name: own } => place == "query" && own == name,
    };
    for (name, place, node) in declared(index) {
        if carries(name, place) {
            findings.add(
                spot(node),
                "set by the client",
                format!("the {place} parameter {} carries the key", quote(name)),
                "remove the parameter; `security` says that the key is sent",
            );
        }
    }
}

/// Whether a header can have a name: a token (RFC 9110, section 5.6.2).
pub(crate) fn is_header_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}

/// Header parameters have a name that a request can carry.
fn header_name(index: &Index<'_>, findings: &mut Findings<'_>) {
    const OF_HTTP: [&str; 8] = [
        "connection",
        "content-length",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    for (name, place, node) in declared(index) {
        if place != "header" {
            continue;
        }
        let (label, what) = if !is_header_name(name) {
            ("not a token", "is the name of no header")
        } else if OF_HTTP.contains(&name.to_ascii_lowercase().as_str()) {
            ("set by HTTP", "says how the message is sent")
        } else {
            continue;
        };
        findings.add(
            spot(node),
            label,
            format!("the header parameter {} {what}", quote(name)),
            "correct the name, or remove the parameter",
        );
    }
}

/// Media types are not parameters.
fn header(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        let lower = name.to_ascii_lowercase();
        if place == "header" && matches!(&*lower, "accept" | "content-type") {
            findings.add(
                spot(node),
                "ignored",
                format!("the header parameter {} is ignored", quote(name)),
                "remove the parameter",
            );
        }
    }
}
