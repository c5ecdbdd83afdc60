//! Bodies of requests.

use std::collections::{BTreeMap, BTreeSet};

use crate::{diagnostic::quote, document::Node, media_type};

use super::{
    compare::{Comparison, Kind, Pair, Step},
    rules::rules,
    schema::{self, Context},
};

rules! {
    ADDED_REQUIRED Breaking "request-body-added-required"
        "an operation asks for a body"
        "a request without one, as clients send it today, is refused";
    ADDED_OPTIONAL Compatible "request-body-added-optional"
        "an operation takes a body"
        "a request without one is still taken";
    REMOVED Breaking "request-body-removed"
        "an operation does not take a body any more"
        "what clients said in it cannot be said any more";
    REQUIRED Breaking "request-body-became-required"
        "the body of a request has become required"
        "a request without one was taken and is refused";
    OPTIONAL Compatible "request-body-became-optional"
        "the body of a request is not required any more"
        "a request with one is still taken";
    MEDIA_TYPE_ADDED Compatible "request-body-media-type-added"
        "a body can be sent in one more media type"
        "the others are still taken";
    MEDIA_TYPE_REMOVED Breaking "request-body-media-type-removed"
        "a body cannot be sent in a media type any more"
        "clients that send it so are refused";
    MEDIA_TYPE_CHANGED Notable "request-body-media-type-name-changed"
        "the parameters of a media type of a body are others"
        "it depends on the server whether it still takes what clients send today";
    SCHEMA_ADDED Breaking "request-body-media-type-schema-added"
        "a body that could be anything has a schema"
        "what a client sends today may be refused from now on";
    SCHEMA_REMOVED Compatible "request-body-media-type-schema-removed"
        "a body has no schema any more"
        "what a client sends today is still taken";
    ENCODING Notable "request-body-encoding-changed"
        "parts of a body are written in another way"
        "it depends on the server whether it still reads what clients send today";
}

/// Compares the bodies of the requests of an operation.
pub(super) fn of_operation<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
) {
    match (base.get("requestBody"), head.get("requestBody")) {
        (Some(old), Some(new)) => comparison.pair(step, Kind::Body, &old, &new),
        (Some(old), None) => {
            let message = "the operation does not take a body any more".to_owned();
            comparison.found(step, &REMOVED, Some(&old), Some(head), message);
        }
        (None, Some(new)) => {
            let required = new.resolve().is_some_and(|body| body.flag("required"));
            let (rule, message) = if required {
                (&ADDED_REQUIRED, "the operation asks for a body")
            } else {
                (&ADDED_OPTIONAL, "the operation takes a body")
            };
            comparison.found(step, rule, Some(base), Some(&new), message.to_owned());
        }
        (None, None) => {}
    }
}

/// Compares two bodies of requests.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let at = |node: &Node<'a>| node.get("required").unwrap_or_else(|| node.clone());
    let required = match (base.flag("required"), head.flag("required")) {
        (false, true) => Some((&REQUIRED, "the body has become required")),
        (true, false) => Some((&OPTIONAL, "the body is not required any more")),
        _ => None,
    };
    if let Some((rule, message)) = required {
        let places = (&at(base), &at(head));
        comparison.found(*step, rule, Some(places.0), Some(places.1), message.into());
    }

    let types = MediaTypes::of(base, head);
    for (name, old) in types.removed {
        let message = format!("a body cannot be sent as {} any more", quote(name));
        comparison.found(*step, &MEDIA_TYPE_REMOVED, Some(&old), None, message);
    }
    for (name, new) in types.added {
        let message = format!("a body can be sent as {}", quote(name));
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
            let message = format!(
                "a body is sent as {} instead of {}",
                quote(name),
                quote(was)
            );
            comparison.found(*step, &MEDIA_TYPE_CHANGED, Some(&old), Some(&new), message);
        }
        match (old.get("schema"), new.get("schema")) {
            (None, Some(schema)) => {
                let message = format!("a body that is sent as {} has a schema", quote(name));
                comparison.found(*step, &SCHEMA_ADDED, Some(&old), Some(&schema), message);
            }
            (Some(schema), None) => {
                let message = format!(
                    "a body that is sent as {} has no schema any more",
                    quote(name)
                );
                comparison.found(*step, &SCHEMA_REMOVED, Some(&schema), Some(&new), message);
            }
            _ => {}
        }
        let [was, is] = [&old, &new].map(|node| node.get("encoding"));
        if was.as_ref().map(|node| node.value) != is.as_ref().map(|node| node.value) {
            let message = format!(
                "parts of a body that is sent as {} are written in another way",
                quote(name)
            );
            let places = (was.as_ref().unwrap_or(&old), is.as_ref().unwrap_or(&new));
            comparison.found(*step, &ENCODING, Some(places.0), Some(places.1), message);
        }
        let context = Context::request(!media_type::is_json(name));
        schema::media_type(comparison, *step, &old, &new, context);
    }
}

/// What can be sent or received in two versions.
pub(super) struct MediaTypes<'a> {
    pub(super) both: Vec<MediaType<'a>>,
    pub(super) removed: Vec<(&'a str, Node<'a>)>,
    pub(super) added: Vec<(&'a str, Node<'a>)>,
}

/// A media type that is in both versions.
pub(super) struct MediaType<'a> {
    pub(super) name: &'a str,
    /// What it was called, where it has other parameters now.
    pub(super) was: Option<&'a str>,
    pub(super) old: Node<'a>,
    pub(super) new: Node<'a>,
}

impl<'a> MediaTypes<'a> {
    /// Two media types belong together where they are the same, or but for case, spaces and the charset
    /// of JSON, which is always the same, or but for parameters.
    pub(super) fn of(base: &Node<'a>, head: &Node<'a>) -> Self {
        let keys: [fn(&str) -> String; 3] = [str::to_owned, plain, media_type::essence];
        let mut both = Vec::new();
        let mut removed: Vec<_> = base.members("content").collect();
        let mut added: Vec<_> = head.members("content").collect();
        for key in keys {
            let mut known: BTreeMap<String, Vec<(&'a str, Node<'a>)>> = BTreeMap::new();
            for (name, new) in added.into_iter().rev() {
                known.entry(key(name)).or_default().push((name, new));
            }
            let matched = |(was, old): (&'a str, Node<'a>)| {
                let Some((name, new)) = known.get_mut(&key(was)).and_then(Vec::pop) else {
                    return Some((was, old));
                };
                both.push(MediaType {
                    name,
                    was: (plain(was) != plain(name)).then_some(was),
                    old,
                    new,
                });
                None
            };
            removed = removed.into_iter().filter_map(matched).collect();
            added = known.into_values().flatten().collect();
        }
        Self {
            both,
            removed,
            added,
        }
    }

    /// Puts together what is left, too, where the one takes in the other: `application/json` and
    /// `application/problem+json`.
    pub(super) fn and_related(mut self) -> Self {
        // The places of what is new, by its name, and by the name of what takes it in.
        let mut named: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut inside: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, (name, _)) in self.added.iter().enumerate() {
            let name = media_type::essence(name);
            if let Some(broad) = broad(&name) {
                inside.entry(broad).or_default().insert(at);
            }
            named.entry(name).or_default().insert(at);
        }
        let mut added: Vec<_> = self.added.into_iter().map(Some).collect();
        let mut left = Vec::new();
        for (was, old) in self.removed {
            let name = media_type::essence(was);
            let narrow = inside.get(&name).and_then(BTreeSet::first);
            let wide = broad(&name).and_then(|name| named.get(&name)?.first());
            let first = narrow.into_iter().chain(wide).min().copied();
            let Some((at, (name, new))) =
                first.and_then(|at| Some((at, added.get_mut(at)?.take()?)))
            else {
                left.push((was, old));
                continue;
            };
            let name_now = media_type::essence(name);
            let holder = broad(&name_now).and_then(|broad| inside.get_mut(&broad));
            for places in named.get_mut(&name_now).into_iter().chain(holder) {
                places.remove(&at);
            }
            self.both.push(MediaType {
                name,
                was: Some(was),
                old,
                new,
            });
        }
        self.removed = left;
        self.added = added.into_iter().flatten().collect();
        self
    }
}

/// Whether a media type takes in another one, since that is written in it: the suffix says so.
pub(super) fn includes(one: &str, narrow: &str) -> bool {
    broad(narrow).is_some_and(|broad| broad == one)
}

/// The media type in which another one is written.
fn broad(narrow: &str) -> Option<String> {
    let (kind, rest) = narrow.split_once('/')?;
    let (_, suffix) = rest.rsplit_once('+')?;
    Some(format!("{kind}/{suffix}"))
}

/// The parameters of a media type, in lower case.
pub(super) fn parameters(name: &str) -> BTreeMap<String, String> {
    let parameters = name.split(';').skip(1);
    let plain = |text: &str| text.trim().trim_matches('"').to_ascii_lowercase();
    parameters
        .map(|one| {
            let (name, value) = one.split_once('=').unwrap_or((one, ""));
            (plain(name), plain(value))
        })
        .collect()
}

/// A media type without what makes no difference.
fn plain(name: &str) -> String {
    let mut plain = name.to_ascii_lowercase();
    plain.retain(|character| !character.is_whitespace() && character != '"');
    if media_type::is_json(name) {
        let parts = plain.split(';').filter(|part| *part != "charset=utf-8");
        plain = parts.collect::<Vec<_>>().join(";");
    }
    plain
}
