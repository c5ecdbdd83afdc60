//! Addresses that a client cannot use as they are. Nothing is changed in the document: `servers.rs` reads it.

use std::collections::HashSet;

use super::{Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    lint::Index,
    servers::{self, address},
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "server-url",
        "the first server is no absolute http or https address, or lacks a part of one",
        "it is the address that the client uses where its user names no other; without one, each user has to",
        "write the address of the API, such as `https://api.example.com`, and give each variable a default",
        [
            "servers: [{url: //api.example.com}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
            "servers: [{url: https://api.example.com}]
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
        ],
    ),
    LoweringRule::new(
        "server-operation",
        "a path or an operation has another address than the document",
        "the client has one address, and its key goes nowhere else: who calls the operation makes a second \
         client for its address",
        "describe the operations of another server in a document of their own",
        [
            "servers: [{url: https://api.example.com}]
paths:
  /me:
    servers: [{url: https://files.example.com}]
    get: {operationId: get_me, responses: {'204': {description: Done.}}}
",
            "servers: [{url: https://api.example.com}]
paths:
  /me:
    get: {operationId: get_me, responses: {'204': {description: Done.}}}
",
        ],
    ),
];

/// Reports what is assumed of the first address, and each other one once.
pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let root = &index.root;
    let own = address(root);
    if let (Some(address), Some(place)) = (&own, root.elements("servers").next())
        && let Some(problem) = &address.problem
    {
        let place = place.get("url").unwrap_or(place);
        let end = match address.url {
            Some(_) => "",
            None => ", so the client has no address of its own: its user gives `base_url`",
        };
        done.push(Lowering {
            id: "server-url",
            span: place.span(),
            text: format!("of the first server, {problem}{end}"),
        });
    }
    let mut told = HashSet::new();
    for operation in index.operations.iter() {
        let Some((place, other)) = servers::other(operation, own.as_ref()) else {
            continue;
        };
        if told.insert(other.clone()) {
            done.push(Lowering {
                id: "server-operation",
                span: place.key_span(),
                text: format!(
                    "{} is at {}: a client of that address has to be made for it",
                    operation.title(),
                    quote(&other)
                ),
            });
        }
    }
}
