//! Rules on the addresses of the API.

use super::{Findings, Rule, grammar::Kind, index::Index};
use crate::diagnostic::quote;

pub(super) const RULES: &[Rule] = &[
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
