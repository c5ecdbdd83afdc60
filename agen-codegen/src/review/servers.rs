//! The addresses of the API.

use std::collections::{HashMap, HashSet};

use crate::{
    diagnostic::quote,
    document::{Document, Node},
};

use super::{
    compare::{Comparison, Kind, Pair, Step},
    rules::rules,
};

rules! {
    FIRST Notable "server-default-changed"
        "calls go to another address unless a client is told otherwise"
        "it depends on whether the old address still answers";
    REMOVED Notable "server-removed"
        "an address is gone"
        "it depends on whether the old address still answers";
    ADDED Compatible "server-added"
        "an address is new"
        "the others still answer";
    VARIABLE Notable "server-variable-changed"
        "a variable in an address has another default, or other values"
        "the same settings of a client can lead to another address";
}

/// Compares the addresses that count for an operation: its own, else those of its path, else those of
/// the document.
pub(super) fn of_operation<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
) {
    let owner = |document: &'a Document, node: &Node<'a>| {
        let says = |node: &Node<'a>| node.elements("servers").next().is_some();
        if says(node) {
            return node.clone();
        }
        let item = node.pointer.rsplit_once('/');
        let item = item.and_then(|(item, _)| document.at(item)).filter(says);
        item.unwrap_or_else(|| document.root())
    };
    let (base, head) = (owner(comparison.base, base), owner(comparison.head, head));
    // The owner holds much more than this, so what it says is compared here and not the owner.
    let list = |node: &Node<'a>| node.get("servers").map(|node| node.value);
    if list(&base) != list(&head) {
        comparison.pair(step, Kind::Servers, &base, &head);
    }
}

/// Compares the addresses of two owners.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    // A server that is listed again is none more: the first one counts.
    let all = |node: &Node<'a>| {
        let mut seen = HashSet::new();
        let servers = node.elements("servers");
        let firsts = servers.filter(|server| seen.insert(url(server)));
        firsts.collect::<Vec<_>>()
    };
    let (old, new) = (all(base), all(head));
    let first = |servers: &[Node<'a>]| servers.first().map_or("/", url);
    let at = |node: &Node<'a>| node.get("servers").unwrap_or_else(|| node.clone());
    let mut moved = None;
    if first(&old) != first(&new) {
        moved = Some((first(&old), first(&new)));
        let message = format!(
            "the first server is {} instead of {}",
            quote(first(&new)),
            quote(first(&old))
        );
        let place = |servers: &[Node<'a>], owner: &Node<'a>| {
            let first = servers.first();
            first.map_or_else(
                || at(owner),
                |first| first.get("url").unwrap_or(first.clone()),
            )
        };
        let (base, head) = (place(&old, base), place(&new, head));
        comparison.found(*step, &FIRST, Some(&base), Some(&head), message);
    }
    let by_url = |servers: &[Node<'a>]| -> HashMap<&'a str, Node<'a>> {
        let all = servers.iter();
        all.map(|server| (url(server), server.clone())).collect()
    };
    let (was, is) = (by_url(&old), by_url(&new));
    for server in &old {
        // That the first one is another has been said.
        let told = moved.is_some_and(|(first, _)| first == url(server));
        if !is.contains_key(url(server)) && !told {
            let message = format!("the server {} is gone", quote(url(server)));
            comparison.found(*step, &REMOVED, Some(server), None, message);
        }
    }
    for server in &new {
        let told = moved.is_some_and(|(_, first)| first == url(server));
        let Some(before) = was.get(url(server)) else {
            if !told {
                let message = format!("the server {} is new", quote(url(server)));
                comparison.found(*step, &ADDED, None, Some(server), message);
            }
            continue;
        };
        for (name, variable) in server.members("variables") {
            let was = before.get("variables").and_then(|all| all.get(name));
            let Some(was) = was else { continue };
            let changed = ["default", "enum"]
                .into_iter()
                .any(|key| was.value.get(key) != variable.value.get(key));
            if changed {
                let message = format!(
                    "the variable {} of the server {} is another",
                    quote(name),
                    quote(url(server))
                );
                comparison.found(*step, &VARIABLE, Some(&was), Some(&variable), message);
            }
        }
    }
}

fn url<'a>(server: &Node<'a>) -> &'a str {
    server.text("url").unwrap_or("/")
}
