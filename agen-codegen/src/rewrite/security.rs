//! Ways to authenticate that the client follows only in part. Nothing is changed in the document:
//! `security.rs` reads it.

use std::collections::HashSet;

use super::{Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    document::{Document, Node},
    lint::{Index, Operation, unsound},
    security::{alternatives, asked, chosen, named, owners, scheme},
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "security-scheme",
        "a security scheme is not defined, or the client can follow none",
        "the client has one key, and sends it in a header, a query parameter or a cookie, as a bearer token, or \
         as user and password: what else is asked for, the caller has to add",
        "describe the key as `type: apiKey` with its `in` and `name`, or as `type: http` with `scheme: bearer` or \
         `basic`, if the server takes that",
        [
            "security: [{Key: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
components: {securitySchemes: {Other: {type: http, scheme: bearer}}}
",
            "paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
        ],
    ),
    LoweringRule::new(
        "security-oauth",
        "a security scheme is a flow of OAuth 2 or of OpenID Connect",
        "the client runs no flow: its user gets the token elsewhere, and gives it as the key",
        "describe the scheme as `type: http` with `scheme: bearer`, if users have a token",
        [
            "security: [{Login: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
components: {securitySchemes: {Login: {type: openIdConnect, openIdConnectUrl: 'https://example.com/id'}}}
",
            "security: [{Login: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
components: {securitySchemes: {Login: {type: http, scheme: bearer}}}
",
        ],
    ),
    LoweringRule::new(
        "security-alternatives",
        "there are several ways to authenticate",
        "the client has one key, for the first way that it can follow",
        "keep the scheme that users of the client have a key for",
        [
            "security: [{Cookie: []}, {Key: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
components:
  securitySchemes:
    Cookie: {type: apiKey, in: cookie, name: session}
    Key: {type: apiKey, in: query, name: key}
",
            "security: [{Key: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
components: {securitySchemes: {Key: {type: apiKey, in: query, name: key}}}
",
        ],
    ),
    LoweringRule::new(
        "security-operation",
        "an operation asks for something else than the key of the client",
        "the client has one key, so the caller adds the rest, by a header or a parameter of the call",
        "ask for the same scheme everywhere, if the server takes it",
        [
            "security: [{Key: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
  /all: {get: {operationId: get_all, security: [{Admin: []}], responses: {'204': {description: Done.}}}}
components:
  securitySchemes:
    Admin: {type: http, scheme: basic}
    Key: {type: apiKey, in: header, name: x-api-key}
",
            "security: [{Key: []}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
  /all: {get: {operationId: get_all, responses: {'204': {description: Done.}}}}
components: {securitySchemes: {Key: {type: apiKey, in: header, name: x-api-key}}}
",
        ],
    ),
];

/// Reports each way once, however many operations have it.
pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let (root, operations) = (&index.root, &index.operations);
    let document = root.document();
    let chosen = chosen(root, operations);
    not_followed(document, operations, chosen.is_some(), done);
    let Some(chosen) = chosen else {
        return;
    };
    let mut told = HashSet::new();
    if let Some(scheme) = scheme(document, chosen.name)
        && let Some(kind @ ("oauth2" | "openIdConnect")) = scheme.text("type")
    {
        done.push(Lowering {
            id: "security-oauth",
            span: scheme.key_span(),
            text: format!(
                "the security scheme {} is of type `{kind}`: the client sends the token that it is \
                 given as its key",
                quote(chosen.name)
            ),
        });
    }
    for owner in owners(root, operations) {
        let Some(place) = owner.get("security") else {
            continue;
        };
        let mut names: Vec<&str> = alternatives(&owner)
            .iter()
            .filter_map(|schemes| Some(schemes.first()?.0))
            .collect();
        names.dedup();
        if names.len() > 1 && names.contains(&chosen.name) && told.insert(names.clone()) {
            done.push(Lowering {
                id: "security-alternatives",
                span: place.key_span(),
                text: format!(
                    "one of {} is asked for: the client has a key for {}",
                    names
                        .iter()
                        .map(|name| quote(name))
                        .collect::<Vec<_>>()
                        .join(", "),
                    quote(chosen.name)
                ),
            });
        }
    }
    let mut told = HashSet::new();
    for operation in operations.iter() {
        let asked = asked(&operation.node, Some(chosen.name));
        let place = operation.node.get("security").or(root.get("security"));
        let (Some(place), false) = (place, asked.others.is_empty()) else {
            continue;
        };
        let names: Vec<String> = asked.others.iter().map(|name| quote(name)).collect();
        let names = names.join(", ");
        let what = if asked.key == Some(true) {
            "beside the key"
        } else {
            "in place of the key"
        };
        if told.insert((names.clone(), asked.key)) {
            done.push(Lowering {
                id: "security-operation",
                span: place.key_span(),
                text: format!(
                    "{} asks for {names} {what}: the caller has to add that",
                    operation.title()
                ),
            });
        }
    }
}

/// Reports each scheme that is asked for and not defined, and, where the client has no key, each that it cannot
/// follow.
fn not_followed(
    document: &Document,
    operations: &[Operation<'_>],
    has_key: bool,
    done: &mut Vec<Lowering>,
) {
    let mut told = HashSet::new();
    for owner in owners(&document.root(), operations) {
        for (name, place) in named(&owner) {
            let what = match scheme(document, name) {
                None => "is not defined: nothing is sent for it".to_owned(),
                // One that is not complete is refused.
                Some(scheme) if has_key || unsound(&scheme).is_some() => continue,
                Some(scheme) => format!(
                    "is {}, which the client cannot follow: the caller adds what it asks for, by a header or a \
                     parameter of the call",
                    kind(&scheme)
                ),
            };
            if told.insert(name) {
                done.push(Lowering {
                    id: "security-scheme",
                    span: place.key_span(),
                    text: format!("the security scheme {} {what}", quote(name)),
                });
            }
        }
    }
}

/// A scheme in words.
fn kind(scheme: &Node<'_>) -> String {
    let text = |key| quote(scheme.text(key).unwrap_or_default());
    match scheme.text("type") {
        Some("http") => format!("of type `http` with the scheme {}", text("scheme")),
        Some("apiKey") => format!("a key in a {}", text("in")),
        _ => format!("of type {}", text("type")),
    }
}
