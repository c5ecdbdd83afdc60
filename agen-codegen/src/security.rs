//! What the document asks a caller to prove, and how far the client can follow it.
//!
//! The client has one key, which it sends in one place.

use std::collections::BTreeMap;

use crate::{
    api::Authentication,
    document::{Document, Node},
    lint::{Operation, is_header_name},
};

/// The scheme that the key of the client belongs to.
pub(crate) struct Chosen<'a> {
    pub(crate) name: &'a str,
    pub(crate) authentication: Authentication,
}

/// What an operation asks for, beside the key of the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Whether the key is sent; none where the client has no key.
    pub(crate) key: Option<bool>,
    /// The schemes that the caller has to see to.
    pub(crate) others: Vec<String>,
}

/// The alternatives of a `security`, each with the schemes that it asks for together. One that is not defined
/// is left out.
pub(crate) fn alternatives<'a>(owner: &Node<'a>) -> Vec<Vec<(&'a str, Node<'a>)>> {
    let document = owner.document();
    let defined = |(name, _): &(&str, Node<'_>)| scheme(document, name).is_some();
    owner
        .elements("security")
        .map(|requirement| requirement.entries().filter(defined).collect())
        .collect()
}

/// Every scheme that a `security` names, with the place of its name.
pub(crate) fn named<'a>(owner: &Node<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    owner
        .elements("security")
        .flat_map(|requirement| requirement.entries())
}

/// The definition of a scheme.
pub(crate) fn scheme<'a>(document: &'a Document, name: &str) -> Option<Node<'a>> {
    document
        .at("/components/securitySchemes")?
        .get(name)?
        .resolve()
}

/// How the key goes out by a scheme. `None` where the client cannot follow it.
pub(crate) fn follow(scheme: &Node<'_>) -> Option<Authentication> {
    let bearer = || Authentication::Header {
        name: "authorization".to_owned(),
        prefix: "Bearer ".to_owned(),
    };
    match scheme.text("type")? {
        "apiKey" => {
            let name = scheme.text("name")?.to_owned();
            match scheme.text("in")? {
                "header" if is_header_name(&name) => Some(Authentication::Header {
                    name,
                    prefix: String::new(),
                }),
                "cookie" if is_header_name(&name) => Some(Authentication::Header {
                    name: "cookie".to_owned(),
                    prefix: format!("{name}="),
                }),
                "query" if !name.is_empty() => Some(Authentication::Query { name }),
                _ => None,
            }
        }
        "http" => match scheme.text("scheme")?.to_ascii_lowercase().as_str() {
            "bearer" => Some(bearer()),
            "basic" => Some(Authentication::Basic),
            _ => None,
        },
        // Whoever got it, by whatever flow, it is sent as RFC 6750 says.
        "oauth2" | "openIdConnect" => Some(bearer()),
        _ => None,
    }
}

/// The scheme that the client follows: the first that it can of the document's `security`, otherwise
/// the one that most operations take. A key in a cookie, which a browser has, goes behind all others.
pub(crate) fn chosen<'a>(root: &Node<'a>, operations: &[Operation<'a>]) -> Option<Chosen<'a>> {
    let is_cookie = |scheme: &Node<'_>| scheme.text("in") == Some("cookie");
    most(root, operations, &|scheme| !is_cookie(scheme))
        .or_else(|| most(root, operations, &is_cookie))
}

/// [`chosen`] among the schemes of a kind.
fn most<'a>(
    root: &Node<'a>,
    operations: &[Operation<'a>],
    kind: &dyn Fn(&Node<'_>) -> bool,
) -> Option<Chosen<'a>> {
    if let Some((_, found)) = first(root, kind) {
        return Some(found);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut best: Option<(usize, Chosen<'_>)> = None;
    for operation in operations {
        if let Some((suffices, found)) = first(&operation.node, kind) {
            let count = counts.entry(found.name).or_default();
            *count += usize::from(suffices);
            if best.as_ref().is_none_or(|(most, _)| *count > *most) {
                best = Some((*count, found));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// The first scheme of a `security` that the client can follow, and whether it suffices by itself: one
/// that does goes before the others.
fn first<'a>(owner: &Node<'a>, kind: &dyn Fn(&Node<'_>) -> bool) -> Option<(bool, Chosen<'a>)> {
    let mut all = alternatives(owner);
    all.sort_by_key(|schemes| schemes.len() > 1);
    let document = owner.document();
    all.iter().find_map(|schemes| {
        let chosen = schemes.iter().find_map(|(name, _)| {
            let scheme = scheme(document, name).filter(kind)?;
            let authentication = follow(&scheme)?;
            Some(Chosen {
                name,
                authentication,
            })
        })?;
        Some((schemes.len() == 1, chosen))
    })
}

/// What an operation asks for, where `chosen` is the scheme of the client.
pub(crate) fn asked(operation: &Node<'_>, chosen: Option<&str>) -> Asked {
    let root;
    let owner = if operation.get("security").is_some() {
        operation
    } else {
        root = operation.document().root();
        &root
    };
    let mut all = alternatives(owner);
    let names = |schemes: &[(&str, Node<'_>)]| -> Vec<String> {
        let others = schemes.iter().filter(|(name, _)| Some(*name) != chosen);
        others.map(|(name, _)| (*name).to_owned()).collect()
    };
    all.sort_by_key(|schemes| schemes.len() > 1);
    let with_key = all
        .iter()
        .find(|schemes| schemes.iter().any(|(name, _)| Some(*name) == chosen));
    if let Some(schemes) = with_key {
        return Asked {
            key: Some(true),
            others: names(schemes),
        };
    }
    let is_open = all.iter().any(Vec::is_empty);
    let first = all.first().filter(|_| !is_open);
    Asked {
        key: chosen.map(|_| false),
        others: first.map(|schemes| names(schemes)).unwrap_or_default(),
    }
}

/// Everything that has a `security`: the document and its operations.
pub(crate) fn owners<'a>(
    root: &Node<'a>,
    operations: &[Operation<'a>],
) -> impl Iterator<Item = Node<'a>> {
    let operations = operations.iter().map(|operation| operation.node.clone());
    let all: Vec<_> = std::iter::once(root.clone()).chain(operations).collect();
    all.into_iter()
}
