//! Rules on authentication.

use std::collections::HashSet;

use super::{Findings, Rule, index::Index, parameters};
use crate::{
    diagnostic::quote,
    document::Node,
    security::{self, alternatives, owners},
};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "security-scheme-incomplete",
    scheme,
    "a security scheme that is asked for lacks what its type needs",
    "nobody can tell how it proves who a caller is",
)];

/// Schemes that are asked for say what they are.
fn scheme(index: &Index<'_>, findings: &mut Findings<'_>) {
    let document = index.root.document();
    let mut told = HashSet::new();
    for owner in owners(&index.root, &index.operations) {
        let mut asked: Vec<_> = alternatives(&owner).into_iter().flatten().collect();
        asked.sort_by_cached_key(|(_, node)| node.key_span().start);
        for (name, place) in asked {
            let Some(node) = security::scheme(document, name) else {
                continue;
            };
            if let Some((spot, what)) = unsound(&node)
                && told.insert(node.pointer.clone())
            {
                findings.add(
                    spot.span(),
                    "not complete",
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
pub(crate) fn unsound<'a>(scheme: &Node<'a>) -> Option<(Node<'a>, String)> {
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
