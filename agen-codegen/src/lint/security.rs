//! Rules on authentication and servers.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::{Findings, Rule, grammar::Kind, index::Index, parameters, suggestion::nearest};
use crate::{diagnostic::quote, document::Node};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "security-scheme",
        scheme,
        "a security scheme is not defined, or not one that the client can follow",
        "the client sends one key: in a header of its own, or as a bearer token",
    ),
    Rule::error(
        "security-alternatives",
        alternatives,
        "the document asks for more than one security scheme",
        "the client has one key",
    ),
    Rule::error(
        "security-operation",
        operation,
        "an operation has a `security` of its own",
        "the client sends its key with every request alike",
    ),
    Rule::error(
        "server-url",
        server,
        "the first server is no absolute http or https address",
        "it is the address that the client uses where its user names no other",
    ),
    Rule::error(
        "server-operation",
        own_servers,
        "a path or an operation has `servers` of its own",
        "the client has one address, and its key goes nowhere else",
    ),
];

/// The schemes that a `security` asks for, with the place of each; none where it cannot be read.
fn asked<'a>(owner: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut asked: Vec<_> = owner
        .elements("security")
        .flat_map(|requirement| requirement.entries().collect::<Vec<_>>())
        .collect();
    asked.sort_by_cached_key(|(_, node)| node.key_span().start);
    asked
}

fn definition<'a>(index: &Index<'a>, name: &str) -> Option<Node<'a>> {
    index.component("securitySchemes", name)
}

/// The header that carries the key of the client.
pub(super) fn header(index: &Index<'_>) -> Option<String> {
    let (name, _) = asked(&index.root).into_iter().next()?;
    let scheme = definition(index, name)?.resolve()?;
    match scheme.text("type")? {
        "apiKey" if scheme.text("in") == Some("header") => scheme.text("name").map(str::to_owned),
        "http" => Some("Authorization".to_owned()),
        _ => None,
    }
}

/// Schemes that are asked for are defined, and supported.
fn scheme(index: &Index<'_>, findings: &mut Findings<'_>) {
    let owners = index.operations.iter().map(|operation| &operation.node);
    let mut told = HashSet::new();
    for owner in std::iter::once(&index.root).chain(owners) {
        for (name, place) in asked(owner) {
            let Some(node) = definition(index, name) else {
                let known = index.components("securitySchemes").map(|(known, _)| known);
                let near = nearest(name, known.take_while(|_| findings.few()));
                let help = match near {
                    Some(known) => format!("write {}, if that is what is meant", quote(known)),
                    None => "define it in `components/securitySchemes`".to_owned(),
                };
                findings.add(
                    place.key_span(),
                    "not defined",
                    format!("the security scheme {} is not defined", quote(name)),
                    help,
                );
                continue;
            };
            let Some(node) = node.resolve() else { continue };
            if let Some((spot, what)) = unsupported(&node)
                && told.insert(node.pointer.clone())
            {
                findings.add(
                    spot.span(),
                    "not supported",
                    format!("the security scheme {} is {what}", quote(name)),
                    "describe the key as `type: apiKey` with `in: header` and the `name` of the \
                     header, or as `type: http` with `scheme: bearer`",
                );
                findings.also(place.key_span(), "asked for here");
            }
        }
    }
}

/// Why a scheme cannot be followed, and where it says so.
fn unsupported<'a>(scheme: &Node<'a>) -> Option<(Node<'a>, String)> {
    let kind = scheme.get("type")?;
    match kind.value.as_str()? {
        "apiKey" => match scheme.get("in") {
            None => Some((kind, "an `apiKey` without `in`".to_owned())),
            Some(place) => match place.value.as_str()? {
                "header" if scheme.get("name").is_none() => {
                    Some((kind, "an `apiKey` without `name`".to_owned()))
                }
                "header" => {
                    let name = scheme.get("name")?;
                    let wrong = !parameters::is_header_name(name.value.as_str()?);
                    wrong.then(|| (name, "sent in a header of an impossible name".to_owned()))
                }
                other => {
                    let what = format!("a key in a {}", quote(other));
                    Some((place, what))
                }
            },
        },
        "http" => match scheme.get("scheme") {
            None => Some((kind, "of type `http` without `scheme`".to_owned())),
            Some(node) => {
                let text = node.value.as_str()?;
                let bearer = text.eq_ignore_ascii_case("bearer");
                (!bearer).then(|| {
                    (
                        node,
                        format!("of type `http` with the scheme {}", quote(text)),
                    )
                })
            }
        },
        other @ ("oauth2" | "openIdConnect") => Some((kind, format!("of type `{other}`"))),
        _ => None,
    }
}

/// The document asks for one scheme.
fn alternatives(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut all = asked(&index.root).into_iter();
    let Some((first, first_place)) = all.next() else {
        return;
    };
    if let Some((name, place)) = all.find(|(name, _)| *name != first) {
        findings.add(
            place.key_span(),
            "another scheme",
            format!(
                "the document asks for {} and for {}",
                quote(first),
                quote(name)
            ),
            "keep the scheme that users of the client have a key for",
        );
        findings.also(first_place.key_span(), "one scheme");
    }
}

/// The names of the schemes of every alternative of a `security`. Scopes do not matter, since the
/// client sends the same key for all, and an alternative without schemes alone is as good as none.
fn normal(security: &Value) -> Option<BTreeSet<Vec<&str>>> {
    let mut all = BTreeSet::new();
    for one in security.as_array()? {
        all.insert(one.as_object()?.keys().map(String::as_str).collect());
    }
    let nothing = all.iter().all(Vec::is_empty);
    Some(if nothing { BTreeSet::new() } else { all })
}

/// Operations ask for what the document asks for.
fn operation(index: &Index<'_>, findings: &mut Findings<'_>) {
    let document = index.root.get("security");
    for operation in &index.operations {
        let Some(own) = operation.node.get("security") else {
            continue;
        };
        let Some(asked) = normal(own.value) else {
            continue;
        };
        let expected = match &document {
            None => BTreeSet::new(),
            Some(document) => match normal(document.value) {
                None => continue,
                Some(expected) => expected,
            },
        };
        if asked == expected {
            continue;
        }
        let help = if document.is_some() {
            "remove `security` from the operation"
        } else {
            "state `security` once, at the top of the document"
        };
        findings.add(
            own.key_span(),
            "differs from the document's",
            format!("{} has a `security` of its own", operation.title()),
            help,
        );
        if let Some(document) = &document {
            findings.also(document.key_span(), "for the whole document");
        }
    }
}

/// The default address can be used as it stands.
fn server(index: &Index<'_>, findings: &mut Findings<'_>) {
    for server in index.root.elements("servers") {
        for (name, variable) in server.members("variables") {
            if variable.value.is_object() && variable.get("default").is_none() {
                findings.add(
                    variable.key_span(),
                    "no default",
                    format!("the server variable {} has no default", quote(name)),
                    "add `default`; the specification demands it",
                );
            }
        }
    }
    let Some(first) = index.root.elements("servers").next() else {
        return;
    };
    let Some((url, place)) = first.text("url").zip(first.get("url")) else {
        return;
    };
    let mut address = url.to_owned();
    for (name, variable) in first.members("variables") {
        match variable.text("default") {
            Some(default) => address = address.replace(&format!("{{{name}}}"), default),
            // A default that is missing was complained of.
            None => return,
        }
    }
    if let Some(what) = unusable(&address) {
        findings.add(
            place.span(),
            what,
            format!("{} is no absolute http or https address", quote(&address)),
            "write the address of the API, such as `https://api.example.com`; give each name in \
             braces a default in `variables`",
        );
    }
}

/// Paths and operations are at the address of the document.
fn own_servers(index: &Index<'_>, findings: &mut Findings<'_>) {
    let owners = index
        .visits
        .iter()
        .filter(|visit| matches!(visit.kind, Kind::PathItem | Kind::Operation) && visit.reached);
    for owner in owners {
        if let Some(servers) = owner.node.get("servers") {
            findings.add(
                servers.key_span(),
                "another address",
                "`servers` stands below a path",
                "state `servers` once, at the top of the document; describe the operations of \
                 another server in a document of their own",
            );
        }
    }
}

/// Why an address cannot be used.
fn unusable(address: &str) -> Option<&'static str> {
    let scheme = |name: &str| {
        let (head, tail) = address.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(tail)
    };
    let Some(rest) = scheme("https://").or_else(|| scheme("http://")) else {
        return Some("does not start with `https://`");
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') {
        Some("has no host")
    } else if address.contains(['{', '}']) {
        Some("a variable is not declared")
    } else if address.contains(['?', '#']) {
        Some("has a query or a fragment")
    } else if address
        .contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`|".contains(c))
    {
        Some("holds a character that an address cannot hold")
    } else {
        None
    }
}
