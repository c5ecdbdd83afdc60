//! What a caller has to prove, and by which schemes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::quote,
    document::{Document, Node},
    value::Value,
};

use super::{
    compare::{Comparison, Kind, Pair, Step},
    names,
    rules::rules,
};

rules! {
    REMOVED Breaking "api-security-removed"
        "a way to authenticate at an operation is gone"
        "clients that use it are refused";
    UNNEEDED Compatible "api-security-removed-where-open"
        "a way to authenticate is gone from an operation that anybody can call"
        "nobody is refused";
    ADDED Compatible "api-security-added"
        "there is one more way to authenticate at an operation"
        "the others are still taken";
    SCOPE_ADDED Breaking "api-security-scope-added"
        "an operation asks for one more scope"
        "a token without it, good until now, is refused";
    SCOPE_UNNEEDED Compatible "api-security-scope-added-where-open"
        "an operation that anybody can call asks for one more scope where a token is sent"
        "a call without a token is taken as before";
    SCOPE_REMOVED Compatible "api-security-scope-removed"
        "an operation asks for a scope less"
        "the tokens that clients have still do";
    REQUIRED Breaking "api-security-anonymous-access-removed"
        "an operation that anybody could call asks for authentication"
        "calls without it are refused";
    OPEN Compatible "api-security-anonymous-access-added"
        "an operation can be called without authentication"
        "calls with it are still taken";
    GLOBAL_REMOVED Breaking "api-global-security-removed"
        "a way to authenticate at the API is gone"
        "clients that use it are refused";
    GLOBAL_UNNEEDED Compatible "api-global-security-removed-where-open"
        "a way to authenticate is gone from an API that anybody can call"
        "nobody is refused";
    GLOBAL_UNUSED Compatible "api-global-security-removed-where-unused"
        "a way to authenticate is gone from the `security` of the document alone"
        "it counts where an operation asked for it, which is another finding";
    GLOBAL_ADDED Compatible "api-global-security-added"
        "there is one more way to authenticate at the API"
        "the others are still taken";
    GLOBAL_SCOPE_ADDED Breaking "api-global-security-scope-added"
        "the API asks for one more scope"
        "a token without it, good until now, is refused";
    GLOBAL_SCOPE_UNNEEDED Compatible "api-global-security-scope-added-where-open"
        "an API that anybody can call asks for one more scope where a token is sent"
        "a call without a token is taken as before";
    GLOBAL_SCOPE_REMOVED Compatible "api-global-security-scope-removed"
        "the API asks for a scope less"
        "the tokens that clients have still do";
    GLOBAL_REQUIRED Breaking "api-global-security-anonymous-access-removed"
        "an API that anybody could call asks for authentication"
        "calls without it are refused";
    GLOBAL_OPEN Compatible "api-global-security-anonymous-access-added"
        "the API can be called without authentication"
        "calls with it are still taken";
    SCHEME_ADDED Compatible "api-security-component-added"
        "a security scheme is new"
        "it counts where an operation asks for it, which is another finding";
    SCHEME_REMOVED Compatible "api-security-component-removed"
        "a security scheme is gone"
        "it counts where an operation asked for it, which is another finding";
    SCHEME_RENAMED Compatible "api-security-component-renamed"
        "a security scheme has another name"
        "its name is not part of a call";
    SCHEME_TYPE Breaking "api-security-component-type-changed"
        "a security scheme has another type"
        "clients prove who they are in a way that is not taken any more";
    KEY_NAME Breaking "api-security-component-api-key-name-changed"
        "the key of a security scheme has another name"
        "clients send it where it is not read any more";
    KEY_PLACE Breaking "api-security-component-api-key-in-changed"
        "the key of a security scheme stands in another place"
        "clients send it where it is not read any more";
    HTTP_SCHEME Breaking "api-security-component-http-scheme-changed"
        "the scheme of HTTP of a security scheme is another"
        "clients prove who they are in a way that is not taken any more";
    BEARER_FORMAT Compatible "api-security-component-bearer-format-changed"
        "the tokens of a security scheme are described in another way"
        "clients pass on tokens as they get them";
    OPEN_ID_URL Breaking "api-security-component-openid-connect-url-changed"
        "the address that describes how to log in is another"
        "tokens of the old place may not be taken any more";
    AUTHORIZATION_URL Compatible "api-security-component-oauth-url-changed"
        "the address at which users give their consent is another"
        "calls are made as before; how a token is got is not part of them";
    TOKEN_URL Compatible "api-security-component-oauth-token-url-changed"
        "the address at which tokens are given is another"
        "calls are made as before; how a token is got is not part of them";
    OAUTH_SCOPE_ADDED Compatible "api-security-component-oauth-scope-added"
        "a flow of OAuth has one more scope"
        "it counts where an operation asks for it, which is another finding";
    OAUTH_SCOPE_REMOVED Compatible "api-security-component-oauth-scope-removed"
        "a flow of OAuth has a scope less"
        "it counts where an operation asked for it, which is another finding";
    OAUTH_SCOPE_CHANGED Compatible "api-security-component-oauth-scope-changed"
        "a scope of OAuth is described in another way"
        "what it is for is said to people";
}

/// Compares what counts for an operation: its own `security`, else that of the document.
pub(super) fn of_operation<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
) {
    let owner = |node: &Node<'a>| {
        if node.get("security").is_some() {
            node.clone()
        } else {
            node.document().root()
        }
    };
    comparison.pair(step, Kind::Security, &owner(base), &owner(head));
}

/// An alternative: schemes, each with its scopes.
struct Alternative<'a> {
    node: Node<'a>,
    /// By their names in the base.
    schemes: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Their names here, by those in the base.
    here: BTreeMap<&'a str, &'a str>,
}

impl<'a> Alternative<'a> {
    /// The name of a scheme here.
    fn name<'n>(&self, scheme: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.here.get(scheme).copied().unwrap_or(scheme)
    }

    /// The scopes of a scheme, and where they stand.
    fn scopes(&self, scheme: &str) -> BTreeMap<&'a str, Node<'a>> {
        let scopes = self.node.elements(self.name(scheme));
        scopes
            .filter_map(|node| Some((node.value.as_str()?, node)))
            .collect()
    }

    fn names(&self) -> Vec<&str> {
        self.schemes.keys().copied().collect()
    }

    /// As a message names it.
    fn noun(&self) -> String {
        let names: Vec<_> = self.here.values().map(|name| quote(name)).collect();
        names.join(" with ")
    }
}

/// The schemes that have another name in the head and are the same but for that: the names in the head, with
/// those in the base.
pub(super) fn renamed<'a>(base: &'a Document, head: &'a Document) -> Renamed<'a> {
    let [old, new] = [base, head].map(|document| document.at("/components/securitySchemes"));
    let (Some(old), Some(new)) = (old, new) else {
        return Renamed::new();
    };
    let definition = |node: &Node<'a>| {
        let node = node.resolve()?;
        let said = node.entries().filter(|(key, _)| *key != "description");
        Some(
            said.map(|(key, node)| (key, node.value.to_string()))
                .collect::<BTreeMap<_, _>>(),
        )
    };
    let mut gone: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, node) in old.entries().filter(|(name, _)| new.get(name).is_none()) {
        if let Some(definition) = definition(&node) {
            gone.entry(definition).or_default().push(name);
        }
    }
    let come = new.entries().filter(|(name, _)| old.get(name).is_none());
    come.filter_map(|(name, node)| {
        let was = gone.get_mut(&definition(&node)?)?.pop()?;
        Some((name, was))
    })
    .collect()
}

/// Names in the head, with those in the base.
pub(super) type Renamed<'a> = BTreeMap<&'a str, &'a str>;

fn alternatives<'a>(owner: &Node<'a>, renamed: &Renamed<'a>) -> Vec<Alternative<'a>> {
    let was = |name: &'a str| renamed.get(name).copied().unwrap_or(name);
    let all = owner.elements("security");
    all.map(|node| Alternative {
        here: node.entries().map(|(name, _)| (was(name), name)).collect(),
        schemes: node
            .entries()
            .map(|(name, scopes)| {
                let scopes = scopes.value.as_array().into_iter().flatten();
                (was(name), scopes.filter_map(Value::as_str).collect())
            })
            .collect(),
        node,
    })
    .collect()
}

/// Compares the `security` of two operations, or of both documents.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let global = base.pointer.is_empty() && head.pointer.is_empty();
    let rule = |global_rule, own_rule| if global { global_rule } else { own_rule };
    let old = alternatives(base, &Renamed::new());
    let new = alternatives(head, &comparison.renamed_schemes);
    let is_open =
        |all: &[Alternative<'a>]| all.is_empty() || all.iter().any(|one| one.schemes.is_empty());
    let at = |node: &Node<'a>| node.get("security").unwrap_or_else(|| node.clone());
    let places = (&at(base), &at(head));
    let open = [is_open(&old), is_open(&new)];
    match open {
        [true, false] => {
            let message = "calls without authentication are not taken any more".to_owned();
            let rule = rule(&GLOBAL_REQUIRED, &REQUIRED);
            comparison.found(*step, rule, Some(places.0), Some(places.1), message);
        }
        [false, true] => {
            let message = "calls without authentication are taken".to_owned();
            let rule = rule(&GLOBAL_OPEN, &OPEN);
            comparison.found(*step, rule, Some(places.0), Some(places.1), message);
        }
        [true, true] | [false, false] => {}
    }

    // What is nothing to prove has been told.
    let (both, left, rest) = matches(&old, &new);
    let named = |one: &&Alternative<'a>| !one.schemes.is_empty();
    for one in left.into_iter().filter(named) {
        let (what, rule) = if open[1] {
            let rule = rule(&GLOBAL_UNNEEDED, &UNNEEDED);
            ("is not asked for any more", rule)
        } else {
            ("is not taken any more", rule(&GLOBAL_REMOVED, &REMOVED))
        };
        let message = format!("{} {what}", one.noun());
        comparison.found(*step, rule, Some(&one.node), None, message);
    }
    for one in rest.into_iter().filter(named) {
        let message = format!("{} is taken, too", one.noun());
        let rule = rule(&GLOBAL_ADDED, &ADDED);
        comparison.found(*step, rule, None, Some(&one.node), message);
    }
    for (one, other) in both {
        for (name, scopes) in &one.schemes {
            let Some(now) = other.schemes.get(name) else {
                continue;
            };
            let now_named = other.name(name);
            if scopes != now {
                let (was, is) = (one.scopes(name), other.scopes(name));
                for (scope, node) in is.iter().filter(|(scope, _)| !was.contains_key(*scope)) {
                    let message = format!("{} needs the scope {}", quote(now_named), quote(scope));
                    let rule = if open[1] {
                        rule(&GLOBAL_SCOPE_UNNEEDED, &SCOPE_UNNEEDED)
                    } else {
                        rule(&GLOBAL_SCOPE_ADDED, &SCOPE_ADDED)
                    };
                    comparison.found(*step, rule, Some(&one.node), Some(node), message);
                }
                for (scope, node) in was.iter().filter(|(scope, _)| !is.contains_key(*scope)) {
                    let message = format!(
                        "{} does without the scope {}",
                        quote(now_named),
                        quote(scope)
                    );
                    let rule = rule(&GLOBAL_SCOPE_REMOVED, &SCOPE_REMOVED);
                    comparison.found(*step, rule, Some(node), Some(&other.node), message);
                }
            }
            let was = crate::security::scheme(base.document(), name);
            let is = crate::security::scheme(head.document(), now_named);
            if let (Some(was), Some(is)) = (was, is) {
                comparison.pair(*step, Kind::Scheme, &was, &is);
            }
        }
    }
}

type Matched<'m, 'a> = (
    Vec<(&'m Alternative<'a>, &'m Alternative<'a>)>,
    Vec<&'m Alternative<'a>>,
    Vec<&'m Alternative<'a>>,
);

/// The alternatives that belong together, those that are gone, and those that are new. Alternatives
/// belong together by their schemes, and those with the same scopes before others.
fn matches<'m, 'a>(old: &'m [Alternative<'a>], new: &'m [Alternative<'a>]) -> Matched<'m, 'a> {
    let mut both = Vec::new();
    let mut exact: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for other in new.iter().rev() {
        exact.entry(&other.schemes).or_default().push(other);
    }
    let mut left = Vec::new();
    for one in old {
        match exact.get_mut(&one.schemes).and_then(Vec::pop) {
            Some(other) => both.push((one, other)),
            None => left.push(one),
        }
    }
    let mut rest: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for other in exact.into_values().flatten() {
        rest.entry(other.names()).or_default().push(other);
    }
    left.retain(|one| match rest.get_mut(&one.names()).and_then(Vec::pop) {
        Some(other) => {
            both.push((one, other));
            false
        }
        None => true,
    });
    (both, left, rest.into_values().flatten().collect())
}

/// Compares two security schemes that an operation asks for.
pub(super) fn scheme<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>) {
    let Pair { step, base, head } = pair;
    let of = format!("the security scheme {}", quote(&head.name()));
    let at = |node: &Node<'a>, key: &str| node.get(key).unwrap_or_else(|| node.clone());
    if base.text("type") != head.text("type") {
        let (old, new) = (at(base, "type"), at(head, "type"));
        let [was, is] = [base, head].map(|node| names::text(node, "type", "none"));
        let message = format!("{of} has the type {is} instead of {was}");
        comparison.found(*step, &SCHEME_TYPE, Some(&old), Some(&new), message);
        return;
    }
    for (key, rule) in [
        ("in", &KEY_PLACE),
        ("name", &KEY_NAME),
        ("scheme", &HTTP_SCHEME),
        ("bearerFormat", &BEARER_FORMAT),
        ("openIdConnectUrl", &OPEN_ID_URL),
    ] {
        // Header names and schemes of HTTP have no case.
        let plain = |node: &Node<'a>| node.text(key).map(str::to_ascii_lowercase);
        let is_header = key == "name" && head.text("in") == Some("header");
        let changed = if is_header || key == "scheme" {
            plain(base) != plain(head)
        } else {
            base.text(key) != head.text(key)
        };
        if changed {
            let (old, new) = (at(base, key), at(head, key));
            let [was, is] = [base, head].map(|node| names::text(node, key, ""));
            let message = format!("{of} has `{key}` {is} instead of {was}");
            comparison.found(*step, rule, Some(&old), Some(&new), message);
        }
    }
    for (flow, old) in base.members("flows") {
        let Some(new) = head.get("flows").and_then(|flows| flows.get(flow)) else {
            continue;
        };
        for (key, rule) in [
            ("authorizationUrl", &AUTHORIZATION_URL),
            ("tokenUrl", &TOKEN_URL),
        ] {
            if old.text(key) != new.text(key) {
                let places = (at(&old, key), at(&new, key));
                let [was, is] = [&old, &new].map(|node| names::text(node, key, ""));
                let message = format!("{of} has the `{key}` {is} instead of {was}");
                comparison.found(*step, rule, Some(&places.0), Some(&places.1), message);
            }
        }
        let scopes = |node: &Node<'a>| node.members("scopes").collect::<BTreeMap<_, _>>();
        let (was, is) = (scopes(&old), scopes(&new));
        for (scope, node) in was.iter().filter(|(scope, _)| !is.contains_key(*scope)) {
            let message = format!("{of} has no scope {} any more", quote(scope));
            comparison.found(*step, &OAUTH_SCOPE_REMOVED, Some(node), None, message);
        }
        for (scope, node) in &is {
            match was.get(scope) {
                None => {
                    let message = format!("{of} has the scope {}", quote(scope));
                    comparison.found(*step, &OAUTH_SCOPE_ADDED, None, Some(node), message);
                }
                Some(old) if old.value != node.value => {
                    let message = format!("{of} describes the scope {} anew", quote(scope));
                    comparison.found(*step, &OAUTH_SCOPE_CHANGED, Some(old), Some(node), message);
                }
                Some(_) => {}
            }
        }
    }
}

/// Compares what no operation led to: the `security` of the document where every operation has its own,
/// which breaks no call, and schemes that nobody asks for.
pub(super) fn rest<'a>(comparison: &mut Comparison<'a>) {
    let step = comparison.root();
    let (base, head) = (comparison.base.root(), comparison.head.root());
    if !comparison.is_known(Kind::Security, &base, &head) {
        let old = alternatives(&base, &Renamed::new());
        let new = alternatives(&head, &comparison.renamed_schemes);
        let (_, left, rest) = matches(&old, &new);
        for one in left.iter().filter(|one| !one.schemes.is_empty()) {
            let message = format!("{} is not asked for any more", one.noun());
            comparison.found(step, &GLOBAL_UNUSED, Some(&one.node), None, message);
        }
        for one in rest.iter().filter(|one| !one.schemes.is_empty()) {
            let message = format!("{} is asked for", one.noun());
            comparison.found(step, &GLOBAL_ADDED, None, Some(&one.node), message);
        }
    }

    let [old, new] = [&base, &head].map(|root| root.document().at("/components/securitySchemes"));
    let renamed = comparison.renamed_schemes.clone();
    for (name, was) in &renamed {
        let at = |all: &Option<Node<'a>>, name| all.as_ref().and_then(|all| all.get(name));
        let message = format!(
            "the security scheme {} is called {}",
            quote(was),
            quote(name)
        );
        let (old, new) = (at(&old, was), at(&new, name));
        comparison.found(step, &SCHEME_RENAMED, old.as_ref(), new.as_ref(), message);
    }
    let before: BTreeSet<_> = renamed.values().copied().collect();
    let kept = |(name, _): &(&str, Node<'a>)| !before.contains(name);
    for (name, node) in old.iter().flat_map(Node::entries).filter(kept) {
        match new.as_ref().and_then(|new| new.get(name)) {
            Some(other) => comparison.pair(step, Kind::Scheme, &node, &other),
            None => {
                let message = format!("the security scheme {} is gone", quote(name));
                comparison.found(step, &SCHEME_REMOVED, Some(&node), None, message);
            }
        }
    }
    for (name, node) in new.iter().flat_map(Node::entries) {
        let is_new = old.as_ref().is_none_or(|old| old.get(name).is_none());
        if is_new && !renamed.contains_key(name) {
            let message = format!("the security scheme {} is new", quote(name));
            comparison.found(step, &SCHEME_ADDED, None, Some(&node), message);
        }
    }
}
