//! Parameters of requests.

use std::collections::HashMap;

use crate::{
    diagnostic::quote,
    document::Node,
    lint::{Operation, Parameter},
    path::template,
};

use super::{
    compare::{Comparison, Kind, Pair, Step},
    names,
    rules::rules,
    schema::{self, Context},
    sunset::{self, Gone},
};

rules! {
    NEW_REQUIRED Breaking "new-required-request-parameter"
        "a required parameter is new"
        "a request without it, as clients send it today, is refused";
    NEW_OPTIONAL Compatible "new-optional-request-parameter"
        "an optional parameter is new"
        "a request without it is still taken";
    NEW_REQUIRED_OF_PATH Breaking "new-required-request-default-parameter-to-existing-path"
        "all operations of a path have a new required parameter"
        "a request without it, as clients send it today, is refused";
    NEW_OPTIONAL_OF_PATH Compatible "new-optional-request-default-parameter-to-existing-path"
        "all operations of a path have a new optional parameter"
        "a request without it is still taken";
    NEW_IN_PATH Breaking "new-request-path-parameter"
        "a parameter of the path is new"
        "the path that clients call today is another one";
    REMOVED Notable "request-parameter-removed"
        "a parameter is gone"
        "a server passes over it, or refuses requests that still have it";
    REMOVED_DEPRECATED Compatible "request-parameter-removed-with-deprecation"
        "a parameter is gone that was deprecated"
        "clients were told to do without it";
    REQUIRED Breaking "request-parameter-became-required"
        "a parameter has become required"
        "a request without it was taken and is refused";
    OPTIONAL Compatible "request-parameter-became-optional"
        "a parameter is not required any more"
        "a request with it is still taken";
    STYLE Breaking "request-parameter-style-changed"
        "the style of a parameter is another"
        "lists and objects are written in another way, which the server does not read";
    EXPLODE Breaking "request-parameter-explode-changed"
        "`explode` of a parameter is another"
        "lists and objects are written in another way, which the server does not read";
    RESERVED Compatible "request-parameter-became-allow-reserved"
        "a parameter takes reserved characters as they are"
        "encoded ones are still read";
    NOT_RESERVED Breaking "request-parameter-became-not-allow-reserved"
        "a parameter does not take reserved characters as they are any more"
        "clients that send them so are misread";
    CONTENT Breaking "request-parameter-media-type-changed"
        "a parameter is written in another media type"
        "the server reads its value in another way";
}

/// What tells a parameter from the others of its operation.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// In the path, the place counts, and the name is not sent.
    Position(usize),
    /// Elsewhere, where it is and its name, which has no case in a header.
    Named(String, String),
}

fn identity(operation: &Operation<'_>, parameter: &Parameter<'_>) -> Identity {
    if parameter.place == "path" {
        let names = template(operation.path).unwrap_or_default();
        let position = names.iter().position(|(name, _)| *name == parameter.name);
        if let Some(position) = position {
            return Identity::Position(position);
        }
    }
    let name = if parameter.place == "header" {
        parameter.name.to_ascii_lowercase()
    } else {
        parameter.name.to_owned()
    };
    Identity::Named(parameter.place.to_owned(), name)
}

/// Compares the parameters of an operation, those of its path included.
pub(super) fn all<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Operation<'a>,
    head: &Operation<'a>,
) {
    let counts = |parameter: &&Parameter<'a>| !is_passed_over(parameter);
    let mut new: HashMap<Identity, &Parameter<'a>> = HashMap::new();
    for parameter in head.parameters.iter().filter(counts) {
        new.entry(identity(head, parameter)).or_insert(parameter);
    }
    let mut old: HashMap<Identity, &Parameter<'a>> = HashMap::new();
    for parameter in base.parameters.iter().filter(counts) {
        let identity = identity(base, parameter);
        match new.get(&identity) {
            Some(other) => {
                comparison.pair(step, Kind::Parameter, &parameter.node, &other.node);
            }
            None => {
                let node = &parameter.node;
                let title = format!("the {}", noun(node));
                if node.flag("deprecated")
                    && sunset::removed(comparison, step, node, Gone::Parameter, &title)
                {
                    old.entry(identity).or_insert(parameter);
                    continue;
                }
                let rule = if node.flag("deprecated") {
                    &REMOVED_DEPRECATED
                } else {
                    &REMOVED
                };
                let message = format!("the {} is gone", noun(&parameter.node));
                comparison.found(step, rule, Some(&parameter.site), None, message);
            }
        }
        old.entry(identity).or_insert(parameter);
    }
    for parameter in head.parameters.iter().filter(counts) {
        if old.contains_key(&identity(head, parameter)) {
            continue;
        }
        let required = parameter.node.flag("required");
        let of_path = !parameter.site.pointer.starts_with(&head.node.pointer);
        let rule = match (parameter.place, required, of_path) {
            ("path", ..) => &NEW_IN_PATH,
            (_, true, true) => &NEW_REQUIRED_OF_PATH,
            (_, false, true) => &NEW_OPTIONAL_OF_PATH,
            (_, true, false) => &NEW_REQUIRED,
            (_, false, false) => &NEW_OPTIONAL,
        };
        let kind = if required { "required" } else { "optional" };
        let message = format!("the {kind} {} is new", noun(&parameter.node));
        comparison.found(step, rule, None, Some(&parameter.site), message);
    }
}

/// Whether the specification says that a parameter means nothing: these headers are described elsewhere.
fn is_passed_over(parameter: &Parameter<'_>) -> bool {
    let name = parameter.name.to_ascii_lowercase();
    parameter.place == "header" && ["accept", "content-type", "authorization"].contains(&&*name)
}

/// A parameter as a message names it.
fn noun(parameter: &Node<'_>) -> String {
    let name = names::text(parameter, "name", "");
    match parameter.text("in") {
        Some("header") => format!("header parameter {name}"),
        Some("cookie") => format!("cookie parameter {name}"),
        Some("path") => format!("path parameter {name}"),
        _ => format!("query parameter {name}"),
    }
}

/// Compares two parameters.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let noun = noun(head);
    let title = format!("the {noun}");
    let sides = [base, head];
    sunset::kept(comparison, *step, sides, true, &title);
    let is_new = head.flag("deprecated") && !base.flag("deprecated");
    let is_unreadable = is_new && sunset::is_unreadable(comparison, *step, sides, &title);
    let mut found = |rule, key: &str, what: &str| {
        let at = |node: &Node<'a>| node.get(key).unwrap_or_else(|| node.clone());
        let message = format!("the {noun} {what}");
        comparison.found(*step, rule, Some(&at(base)), Some(&at(head)), message);
    };
    let in_path = head.text("in") == Some("path");
    match (base.flag("required"), head.flag("required")) {
        (false, true) if !in_path => found(&REQUIRED, "required", "has become required"),
        (true, false) if !in_path => found(&OPTIONAL, "required", "is not required any more"),
        _ => {}
    }
    match (base.flag("deprecated"), head.flag("deprecated")) {
        (false, true) if is_unreadable => {}
        (false, true) => found(schema::deprecated(true), "deprecated", "is deprecated"),
        (true, false) => {
            let rule = schema::deprecated(false);
            found(rule, "deprecated", "is not deprecated any more");
        }
        _ => {}
    }
    match (base.flag("allowReserved"), head.flag("allowReserved")) {
        (false, true) => found(
            &RESERVED,
            "allowReserved",
            "takes reserved characters as they are",
        ),
        (true, false) => found(
            &NOT_RESERVED,
            "allowReserved",
            "does not take reserved characters as they are any more",
        ),
        _ => {}
    }

    let is_header = head.text("in") == Some("header");
    let kind = Kind::Schema(Context::parameter(is_header));
    let schemas = [base, head].map(|node| node.get("schema"));
    if let [Some(old), Some(new)] = &schemas {
        let (was, is) = (serialization(base), serialization(head));
        if was.0 != is.0 {
            let what = format!("has the style {} instead of {}", quote(is.0), quote(was.0));
            found(&STYLE, "style", &what);
        } else if was.1 != is.1 && !(is_scalar(old) && is_scalar(new)) {
            found(&EXPLODE, "explode", &format!("has `explode: {}` now", is.1));
        }
        let mut new = new.clone();
        if let Some(items) = list_of(old, &new).filter(|_| was == ("form", true) && was == is) {
            let message = format!("the {noun} takes a list of what it took one of");
            schema::became_list(comparison, *step, old, &new, message);
            new = items;
        }
        comparison.pair(*step, kind, old, &new);
        return;
    }
    // A parameter with `content` has one media type in it.
    let media = [base, head].map(|node| node.members("content").next());
    match media {
        [Some((old_type, old)), Some((new_type, new))] if old_type == new_type => {
            schema::media_type(comparison, *step, &old, &new, Context::parameter(is_header));
        }
        [None, None] => {}
        _ => {
            let name = |media: &Option<(&str, Node<'_>)>| match media {
                Some((name, _)) => quote(name),
                None => "a style".to_owned(),
            };
            let [old, new] = media.each_ref().map(name);
            let what = format!("is written in {new} instead of {old}");
            found(&CONTENT, "content", &what);
        }
    }
}

/// How a value becomes text: the style and whether it is exploded, as far as they are not written
/// down, as the specification says.
fn serialization<'a>(parameter: &Node<'a>) -> (&'a str, bool) {
    let style = parameter
        .text("style")
        .unwrap_or(match parameter.text("in") {
            Some("query" | "cookie") => "form",
            _ => "simple",
        });
    let explode = parameter
        .get("explode")
        .and_then(|node| node.value.as_bool());
    (style, explode.unwrap_or(style == "form"))
}

/// What is in a list that takes the place of a single value. Where a list is written as one parameter
/// for each value, a single value is a list of one.
fn list_of<'a>(base: &Node<'a>, head: &Node<'a>) -> Option<Node<'a>> {
    let head = head
        .resolve()
        .filter(|head| head.text("type") == Some("array"))?;
    head.get("items").filter(|_| is_scalar(base))
}

/// Whether every value of a schema is a single one, for which `explode` makes no difference.
fn is_scalar(schema: &Node<'_>) -> bool {
    let schema = schema.resolve();
    let found = schema.as_ref().and_then(|schema| schema.text("type"));
    matches!(found, Some("string" | "number" | "integer" | "boolean"))
}
