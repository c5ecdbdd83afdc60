//! Responses and their headers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{diagnostic::quote, document::Node, media_type};

use super::{
    ReviewRule,
    bodies::{MediaType, MediaTypes, includes, parameters},
    compare::{Comparison, Kind, Pair, Step},
    rules::rules,
    schema::{self, Context},
};

rules! {
    SUCCESS_REMOVED Breaking "response-success-status-removed"
        "a status of success is gone"
        "clients that wait for it take what comes instead for a failure";
    SUCCESS_ADDED Compatible "response-success-status-added"
        "a status of success is new"
        "the others still come";
    FAILURE_REMOVED Compatible "response-non-success-status-removed"
        "a status of failure is gone"
        "clients have to be ready for any failure";
    FAILURE_ADDED Compatible "response-non-success-status-added"
        "a status of failure is new"
        "clients have to be ready for any failure";
    GENERALIZED Compatible "response-status-generalized"
        "a response is described by a range of statuses, or by `default`, that takes it in"
        "what came still comes; what has changed in it is another finding";
    SPECIALIZED Compatible "response-status-specialized"
        "a response that a range of statuses or `default` took in is described by itself"
        "it could come before; what has changed in it is another finding";
    MEDIA_TYPE_REMOVED Breaking "response-media-type-removed"
        "a response does not come in a media type any more"
        "clients that ask for it do not get it";
    MEDIA_TYPE_ADDED Compatible "response-media-type-added"
        "a response can come in one more media type"
        "clients that do not ask for it do not get it";
    MEDIA_TYPE_CHANGED Notable "response-media-type-name-changed"
        "the name and the parameters of a media type of a response are others"
        "it depends on the client whether it still understands what comes";
    MEDIA_TYPE_GENERALIZED Breaking "response-media-type-name-generalized"
        "a response comes in a media type that takes in the old one"
        "something can come that a client had no reason to expect";
    MEDIA_TYPE_SPECIALIZED Compatible "response-media-type-name-specialized"
        "a response comes in a media type that is part of the old one"
        "a client already understands everything that still comes";
    PARAMETER_ADDED Compatible "response-media-type-parameter-added"
        "the media type of a response has one more parameter"
        "it says more closely what comes";
    PARAMETER_REMOVED Breaking "response-media-type-parameter-removed"
        "the media type of a response has a parameter less"
        "something can come that a client had no reason to expect";
    PARAMETER_CHANGED Breaking "response-media-type-parameter-changed"
        "a parameter of the media type of a response has another value"
        "what comes is written in another way than clients expect";
    SCHEMA_ADDED Compatible "response-body-media-type-schema-added"
        "a response that could be anything has a schema"
        "a client already understands everything that still comes";
    SCHEMA_REMOVED Breaking "response-body-media-type-schema-removed"
        "a response has no schema any more"
        "something can come that a client had no reason to expect";
    HEADER_REMOVED Breaking "required-response-header-removed"
        "a header that always came is gone"
        "clients that read it fail";
    OPTIONAL_HEADER_REMOVED Compatible "optional-response-header-removed"
        "a header that could come is gone"
        "clients have to do without it already";
    HEADER_ADDED Compatible "response-header-added"
        "a header is new"
        "clients pass over headers that they do not know";
    HEADER_OPTIONAL Breaking "response-header-became-optional"
        "a header does not always come any more"
        "clients that read it fail where it is missing";
    HEADER_REQUIRED Compatible "response-header-became-required"
        "a header always comes now"
        "clients that do without it go on doing so";
}

/// Compares the responses of an operation.
pub(super) fn all<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
) {
    let responses = |node: &Node<'a>| -> Responses<'a> {
        let all = node.members("responses");
        let all = all.filter(|(status, _)| !status.starts_with("x-"));
        all.map(|(status, node)| (status.to_ascii_uppercase(), node))
            .collect()
    };
    let (old, new) = (responses(base), responses(head));
    // What is under the same name, and what a wider status takes in.
    let mut paired = [BTreeSet::new(), BTreeSet::new()];
    for (status, response) in &old {
        let wider = match new.get(status) {
            Some(_) => Some(status.clone()),
            None => wider(status, &new, &old),
        };
        if let Some((wider, other)) = wider.and_then(|wider| new.get_key_value(&wider)) {
            if status != wider {
                let [was, is] = [response, other].map(|node| quote(&node.name()));
                let message = format!("the response {was} is described by {is} now");
                comparison.found(step, &GENERALIZED, Some(response), Some(other), message);
            }
            comparison.pair(step, Kind::Response, response, other);
            paired[0].insert(status);
            paired[1].insert(wider);
        }
    }
    for (status, response) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        let wider = wider(status, &old, &new);
        if let Some((wider, other)) = wider.and_then(|wider| old.get_key_value(&wider)) {
            let [was, is] = [other, response].map(|node| quote(&node.name()));
            let message = format!("the response {is} is described by itself, no longer by {was}");
            comparison.found(step, &SPECIALIZED, Some(other), Some(response), message);
            comparison.pair(step, Kind::Response, other, response);
            paired[0].insert(wider);
            paired[1].insert(status);
        }
    }
    for (status, response) in &old {
        if !paired[0].contains(status) {
            let rule = if is_success(status) {
                &SUCCESS_REMOVED
            } else {
                &FAILURE_REMOVED
            };
            let message = format!("the response {} is gone", quote(&response.name()));
            comparison.found(step, rule, Some(response), None, message);
        }
    }
    for (status, response) in &new {
        if !paired[1].contains(status) {
            let rule = if is_success(status) {
                &SUCCESS_ADDED
            } else {
                &FAILURE_ADDED
            };
            let message = format!("the response {} is new", quote(&response.name()));
            comparison.found(step, rule, None, Some(response), message);
        }
    }
}

/// The responses of an operation, by their status.
type Responses<'a> = BTreeMap<String, Node<'a>>;

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The range, or else `default`, that takes in a status which is not among the responses of its side.
///
/// `default` does so only where the other side has none: one that stays is what it was before. Beside a
/// success, it stands for failures.
fn wider(status: &str, side: &Responses<'_>, other: &Responses<'_>) -> Option<String> {
    let class = status.get(..1).filter(|_| status != "DEFAULT")?;
    let range = format!("{class}XX");
    if side.contains_key(&range) {
        return Some(range);
    }
    let stays = other.contains_key("DEFAULT");
    let for_failures = side.keys().any(|status| is_success(status));
    let takes_in = side.contains_key("DEFAULT") && !stays && !(is_success(status) && for_failures);
    takes_in.then(|| "DEFAULT".to_owned())
}

/// Compares two responses.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let of = format!("the response {}", quote(&head.name()));
    let types = MediaTypes::of(base, head).and_related();
    for (name, old) in types.removed {
        let message = format!("{of} does not come as {} any more", quote(name));
        comparison.found(*step, &MEDIA_TYPE_REMOVED, Some(&old), None, message);
    }
    for (name, new) in types.added {
        let message = format!("{of} can come as {}", quote(name));
        comparison.found(*step, &MEDIA_TYPE_ADDED, None, Some(&new), message);
    }
    for MediaType {
        name,
        was,
        old,
        new,
    } in types.both
    {
        if let Some(was) = was {
            let message = format!("{of} comes as {} instead of {}", quote(name), quote(was));
            comparison.found(*step, renamed(was, name), Some(&old), Some(&new), message);
        }
        match (old.get("schema"), new.get("schema")) {
            (None, Some(schema)) => {
                let message = format!("{of} has a schema for {}", quote(name));
                comparison.found(*step, &SCHEMA_ADDED, Some(&old), Some(&schema), message);
            }
            (Some(schema), None) => {
                let message = format!("{of} has no schema for {} any more", quote(name));
                comparison.found(*step, &SCHEMA_REMOVED, Some(&schema), Some(&new), message);
            }
            _ => {}
        }
        let context = Context::response(!media_type::is_json(name));
        schema::media_type(comparison, *step, &old, &new, context);
    }
    headers(comparison, *step, base, head, &of);
}

/// What it means that a response comes in another media type.
fn renamed(was: &str, is: &str) -> &'static ReviewRule {
    let (old, new) = (media_type::essence(was), media_type::essence(is));
    let (before, now) = (parameters(was), parameters(is));
    if old != new {
        return match before == now {
            true if includes(&new, &old) => &MEDIA_TYPE_GENERALIZED,
            true => &MEDIA_TYPE_SPECIALIZED,
            false => &MEDIA_TYPE_CHANGED,
        };
    }
    let gone = before.keys().any(|name| !now.contains_key(name));
    let come = now.keys().any(|name| !before.contains_key(name));
    match (gone, come) {
        (true, true) => &MEDIA_TYPE_CHANGED,
        (true, false) => &PARAMETER_REMOVED,
        (false, true) => &PARAMETER_ADDED,
        (false, false) => &PARAMETER_CHANGED,
    }
}

fn headers<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
    of: &str,
) {
    let headers = |node: &Node<'a>| -> BTreeMap<String, Node<'a>> {
        let all = node.members("headers");
        all.map(|(name, node)| (name.to_ascii_lowercase(), node))
            .collect()
    };
    let (old, new) = (headers(base), headers(head));
    for (name, header) in &old {
        match new.get(name) {
            Some(other) => comparison.pair(step, Kind::Header, header, other),
            None => {
                let required = header.resolve().is_some_and(|node| node.flag("required"));
                let rule = if required {
                    &HEADER_REMOVED
                } else {
                    &OPTIONAL_HEADER_REMOVED
                };
                let message = format!("{of} has no header {} any more", quote(&header.name()));
                comparison.found(step, rule, Some(header), None, message);
            }
        }
    }
    for (name, header) in &new {
        if !old.contains_key(name) {
            let message = format!("{of} has the header {}", quote(&header.name()));
            comparison.found(step, &HEADER_ADDED, None, Some(header), message);
        }
    }
}

/// Compares two headers.
pub(super) fn header<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let of = format!("the header {}", quote(&head.name()));
    let required = match (base.flag("required"), head.flag("required")) {
        (true, false) => Some((&HEADER_OPTIONAL, "does not always come any more")),
        (false, true) => Some((&HEADER_REQUIRED, "always comes now")),
        _ => None,
    };
    if let Some((rule, what)) = required {
        let at = |node: &Node<'a>| node.get("required").unwrap_or_else(|| node.clone());
        let (old, new) = (at(base), at(head));
        comparison.found(*step, rule, Some(&old), Some(&new), format!("{of} {what}"));
    }
    let schemas = (base.get("schema"), head.get("schema"));
    if let (Some(old), Some(new)) = schemas {
        comparison.pair(*step, Kind::Schema(Context::HEADER), &old, &new);
    }
}
