//! Operations: which belong together, and what is said of them as a whole.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    diagnostic::quote,
    document::Node,
    lint::{Operation, operations},
    path::template,
    value::Value,
};

use super::{
    compare::{Comparison, Step},
    names, parameters, responses,
    rules::rules,
    security, servers,
    sunset::{self, Gone},
};

rules! {
    ADDED Compatible "endpoint-added"
        "an operation is new"
        "nobody calls it yet";
    PATH_REMOVED Breaking "api-path-removed-without-deprecation"
        "a path is gone with its operations, which were not deprecated"
        "whoever calls it gets an error, without having been told";
    PATH_REMOVED_DEPRECATED Compatible "api-path-removed-with-deprecation"
        "a path is gone with its operations, which were deprecated"
        "whoever still calls it gets an error, but was told so";
    REMOVED Breaking "api-removed-without-deprecation"
        "an operation is gone that was not deprecated"
        "whoever calls it gets an error, without having been told";
    REMOVED_DEPRECATED Compatible "api-removed-with-deprecation"
        "an operation is gone that was deprecated"
        "whoever still calls it gets an error, but was told so";
    MOVED Breaking "api-operation-moved"
        "the operation of an operationId has another method or path"
        "whoever calls the old one gets an error";
    ID_REMOVED Compatible "api-operation-id-removed"
        "an operationId is gone, or is another"
        "it is not sent; names of generated code come from it";
    ID_ADDED Compatible "api-operation-id-added"
        "an operation has an operationId now"
        "it is not sent; names of generated code come from it";
    TAG_ADDED Compatible "api-tag-added"
        "an operation has one more tag"
        "tags are not sent";
    TAG_REMOVED Compatible "api-tag-removed"
        "an operation has lost a tag"
        "tags are not sent";
    REACTIVATED Compatible "endpoint-reactivated"
        "an operation is not deprecated any more"
        "it can be called as before";
    LESS_STABLE Breaking "api-stability-decreased"
        "an operation has a lower level of stability"
        "callers were told that it stays as it is";
    MORE_STABLE Compatible "api-stability-increased"
        "an operation has a higher level of stability"
        "it can be called as before";
    NO_LEVEL Breaking "api-invalid-stability-level"
        "the level of stability of an operation is none"
        "nobody can tell whether it stays as it is";
}

/// An operation of the one document and, where it has one, its like in the other.
struct Match<'m, 'a> {
    base: &'m Operation<'a>,
    head: &'m Operation<'a>,
    moved: bool,
}

/// Compares all operations.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let base = operations(&comparison.base.root());
    let head = operations(&comparison.head.root());
    let (matches, removed, added) = matches(&base, &head);
    let paths: HashSet<String> = head.iter().map(|found| blanked(found.path)).collect();

    for Match { base, head, moved } in matches {
        let title = names::operation(head.method, head.path);
        let step = comparison.operation(title.clone());
        if moved {
            let old = names::operation(base.method, base.path);
            let message = format!("`{old}` is `{title}` now");
            let nodes = (Some(&base.node), Some(&head.node));
            comparison.found(step, &MOVED, nodes.0, nodes.1, message);
        }
        facts(comparison, step, base, head, &title);
        parameters::all(comparison, step, base, head);
        super::bodies::of_operation(comparison, step, &base.node, &head.node);
        responses::all(comparison, step, &base.node, &head.node);
        security::of_operation(comparison, step, &base.node, &head.node);
        servers::of_operation(comparison, step, &base.node, &head.node);
    }
    for old in removed {
        let title = names::operation(old.method, old.path);
        let step = comparison.operation(title.clone());
        let rules = if paths.contains(&blanked(old.path)) {
            [&REMOVED, &REMOVED_DEPRECATED]
        } else {
            [&PATH_REMOVED, &PATH_REMOVED_DEPRECATED]
        };
        let [rule, deprecated] = rules;
        let is_deprecated = old.node.flag("deprecated");
        let gone = if rules[0] == &REMOVED {
            Gone::Operation
        } else {
            Gone::Path
        };
        let name = format!("`{title}`");
        if is_deprecated && sunset::removed(comparison, step, &old.node, gone, &name) {
            continue;
        }
        let rule = if is_deprecated { deprecated } else { rule };
        comparison.found(
            step,
            rule,
            Some(&old.node),
            None,
            format!("`{title}` is gone"),
        );
    }
    for new in added {
        let title = names::operation(new.method, new.path);
        let step = comparison.operation(title.clone());
        comparison.found(
            step,
            &ADDED,
            None,
            Some(&new.node),
            format!("`{title}` is new"),
        );
    }
}

/// A path without the names of its parameters, which no request holds.
pub(super) fn blanked(path: &str) -> String {
    let mut blank = String::with_capacity(path.len());
    let mut end = 0;
    for (_, span) in template(path).into_iter().flatten() {
        blank.push_str(path.get(end..span.start).unwrap_or_default());
        blank.push_str("{}");
        end = span.end;
    }
    blank.push_str(path.get(end..).unwrap_or_default());
    blank
}

type Matched<'m, 'a> = (
    Vec<Match<'m, 'a>>,
    Vec<&'m Operation<'a>>,
    Vec<&'m Operation<'a>>,
);

/// The operations that belong together, those that are gone, and those that are new. Operations belong
/// together by method and path, whatever the parameters of the path are called; of the rest, by an
/// operationId that both documents have once.
fn matches<'m, 'a>(base: &'m [Operation<'a>], head: &'m [Operation<'a>]) -> Matched<'m, 'a> {
    let mut waiting: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for (at, found) in head.iter().enumerate() {
        let key = (found.method, blanked(found.path));
        waiting.entry(key).or_default().push(at);
    }
    let mut partner: Vec<Option<usize>> = vec![None; head.len()];
    let mut left = Vec::new();
    for (old, found) in base.iter().enumerate() {
        let candidates = waiting.get_mut(&(found.method, blanked(found.path)));
        let new = candidates.and_then(|candidates| {
            // Two paths that differ in names alone are against the specification, and yet there.
            let exact = candidates
                .iter()
                .position(|at| head.get(*at).is_some_and(|other| other.path == found.path));
            (!candidates.is_empty()).then(|| candidates.remove(exact.unwrap_or(0)))
        });
        match new.and_then(|new| partner.get_mut(new)) {
            Some(partner) => *partner = Some(old),
            None => left.push(old),
        }
    }

    let moved_from = identified(base);
    let moved_to = identified(head);
    let mut moved: HashMap<usize, usize> = HashMap::new();
    left.retain(|old| {
        let id = base
            .get(*old)
            .and_then(|found| found.node.text("operationId"));
        let new = id.and_then(|id| {
            let unique = moved_from.get(id).is_some_and(Option::is_some);
            moved_to.get(id).copied().flatten().filter(|_| unique)
        });
        match new.filter(|new| partner.get(*new).is_some_and(Option::is_none)) {
            Some(new) => moved.insert(new, *old).is_some(),
            None => true,
        }
    });

    let mut matched = Vec::new();
    let mut added = Vec::new();
    for (at, (found, partner)) in head.iter().zip(partner).enumerate() {
        let moved_from = moved.get(&at).copied();
        match partner.or(moved_from).and_then(|old| base.get(old)) {
            Some(old) => matched.push(Match {
                base: old,
                head: found,
                moved: moved_from.is_some(),
            }),
            None => added.push(found),
        }
    }
    let removed = left.into_iter().filter_map(|old| base.get(old)).collect();
    (matched, removed, added)
}

/// Which operation has an operationId; none where several have.
fn identified<'a>(all: &[Operation<'a>]) -> HashMap<&'a str, Option<usize>> {
    let mut ids = HashMap::new();
    for (at, found) in all.iter().enumerate() {
        if let Some(id) = found.node.text("operationId") {
            ids.entry(id)
                .and_modify(|known| *known = None)
                .or_insert(Some(at));
        }
    }
    ids
}

/// What stands in the operations themselves.
fn facts<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Operation<'a>,
    head: &Operation<'a>,
    title: &str,
) {
    let nodes = (Some(&base.node), Some(&head.node));
    let [old, new] = [&base.node, &head.node].map(|node| node.text("operationId"));
    let at = [&base.node, &head.node].map(|node| node.get("operationId"));
    match (old, new) {
        (Some(old), new) if new != Some(old) => {
            let rest = new.map_or_else(
                || "has no operationId any more".to_owned(),
                |new| format!("has the operationId {} now", quote(new)),
            );
            let message = format!("`{title}` {rest}; it was {}", quote(old));
            let head = at[1].as_ref().or(nodes.1);
            comparison.found(step, &ID_REMOVED, at[0].as_ref(), head, message);
        }
        (None, Some(new)) => {
            let message = format!("`{title}` has the operationId {}", quote(new));
            comparison.found(step, &ID_ADDED, nodes.0, at[1].as_ref(), message);
        }
        _ => {}
    }

    let sides = [&base.node, &head.node];
    sunset::kept(comparison, step, sides, false, &format!("`{title}`"));
    match (base.node.flag("deprecated"), head.node.flag("deprecated")) {
        (false, true) => sunset::operation(comparison, step, sides, title),
        (true, false) => {
            let message = format!("`{title}` is not deprecated any more");
            comparison.found(step, &REACTIVATED, nodes.0, nodes.1, message);
        }
        _ => {}
    }

    stability(comparison, step, sides, title);

    let tags = |node: &Node<'a>| -> Vec<Node<'a>> { node.elements("tags").collect() };
    let names = |tags: &[Node<'a>]| -> BTreeSet<&'a str> {
        tags.iter().filter_map(|tag| tag.value.as_str()).collect()
    };
    let (old, new) = (tags(&base.node), tags(&head.node));
    let (old_names, new_names) = (names(&old), names(&new));
    for tag in &old {
        if let Some(name) = tag.value.as_str().filter(|name| !new_names.contains(name)) {
            let message = format!("`{title}` has lost the tag {}", quote(name));
            comparison.found(step, &TAG_REMOVED, Some(tag), None, message);
        }
    }
    for tag in &new {
        if let Some(name) = tag.value.as_str().filter(|name| !old_names.contains(name)) {
            let message = format!("`{title}` has the tag {} now", quote(name));
            comparison.found(step, &TAG_ADDED, None, Some(tag), message);
        }
    }
}

/// Compares how stable operations are said to be, by an extension that oasdiff made common. One that says nothing
/// is stable, and an alpha promises no more than a draft does.
fn stability<'a>(comparison: &mut Comparison<'a>, step: Step, sides: [&Node<'a>; 2], title: &str) {
    const KEY: &str = "x-stability-level";
    const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
    let said = sides.map(|node| node.get(KEY));
    let levels = said.clone().map(|said| match said.map(|node| node.value) {
        None | Some(Value::Null) => Some(3),
        Some(value) => LEVELS
            .iter()
            .position(|level| Some(*level) == value.as_str()),
    });
    let shown = |side: usize| {
        let level = said[side].as_ref().map(|node| node.value);
        level.map_or_else(|| quote(LEVELS[3]), names::value)
    };
    let values = said
        .each_ref()
        .map(|said| said.as_ref().map(|node| node.value));
    let (rule, promised, message) = match levels {
        _ if values[0] == values[1] => return,
        [Some(old), Some(new)] if old != new => {
            let rule = if new < old {
                &LESS_STABLE
            } else {
                &MORE_STABLE
            };
            let message = format!("`{title}` is {} instead of {}", shown(1), shown(0));
            (rule, old > 1, message)
        }
        [Some(_), Some(_)] => return,
        [old, _] => {
            let side = usize::from(old.is_some());
            let levels = LEVELS.join(", ");
            let message = format!("`{title}` is {}, which is none of {levels}", shown(side));
            (&NO_LEVEL, true, message)
        }
    };
    let places = [0, 1].map(|side| Some(said[side].as_ref().unwrap_or(sides[side])));
    comparison.weighed(step, rule, promised, places, message);
}
