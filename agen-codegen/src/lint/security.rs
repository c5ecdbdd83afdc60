//! Rules on authentication.

use std::collections::HashSet;

use super::{Findings, Rule, index::Index, parameters, suggestion::nearest};
use crate::{
    diagnostic::quote,
    document::Node,
    security::{alternatives, chosen, follow, owners},
};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "security-scheme",
    scheme,
    "a security scheme is not defined or not sound, or the client can follow none",
    "the client sends one key: in a header or a query parameter, as a bearer token, or as user and password",
)];

/// The schemes that a `security` asks for, with the place of each, in the order of the text.
fn asked<'a>(owner: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut asked: Vec<_> = alternatives(owner).into_iter().flatten().collect();
    asked.sort_by_cached_key(|(_, node)| node.key_span().start);
    asked
}

/// Schemes that are asked for are defined and sound, and the client can follow one of them.
fn scheme(index: &Index<'_>, findings: &mut Findings<'_>) {
    let can_follow = chosen(index.root.document()).is_some();
    let mut told = HashSet::new();
    for owner in owners(&index.root, &index.operations) {
        for (name, place) in asked(&owner) {
            let Some(node) = index.component("securitySchemes", name) else {
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
            let fault = unsound(&node).or_else(|| unsupported(&node).filter(|_| !can_follow));
            if let Some((spot, what)) = fault
                && told.insert(node.pointer.clone())
            {
                findings.add(
                    spot.span(),
                    "not supported",
                    format!("the security scheme {} is {what}", quote(name)),
                    "describe the key as `type: apiKey` with `in: header` or `in: query` and its \
                     `name`, or as `type: http` with `scheme: bearer` or `basic`",
                );
                findings.also(place.key_span(), "asked for here");
            }
        }
    }
}

/// What a scheme lacks, and where.
fn unsound<'a>(scheme: &Node<'a>) -> Option<(Node<'a>, String)> {
    let kind = scheme.get("type")?;
    let lacks = |field: &str| scheme.get(field).is_none();
    match kind.value.as_str()? {
        "apiKey" if lacks("in") => Some((kind, "an `apiKey` without `in`".to_owned())),
        "apiKey" if lacks("name") => Some((kind, "an `apiKey` without `name`".to_owned())),
        "apiKey" if scheme.text("in") == Some("header") => {
            let name = scheme.get("name")?;
            let wrong = !parameters::is_header_name(name.value.as_str()?);
            wrong.then(|| (name, "sent in a header of an impossible name".to_owned()))
        }
        "http" if lacks("scheme") => Some((kind, "of type `http` without `scheme`".to_owned())),
        _ => None,
    }
}

/// Why a sound scheme cannot be followed, and where it says so.
fn unsupported<'a>(scheme: &Node<'a>) -> Option<(Node<'a>, String)> {
    if follow(scheme).is_some() {
        return None;
    }
    match scheme.text("type")? {
        "apiKey" => {
            let place = scheme.get("in")?;
            let what = format!("a key in a {}", quote(place.value.as_str()?));
            Some((place, what))
        }
        "http" => {
            let kind = scheme.get("scheme")?;
            let what = format!(
                "of type `http` with the scheme {}",
                quote(kind.value.as_str()?)
            );
            Some((kind, what))
        }
        _ => None,
    }
}
