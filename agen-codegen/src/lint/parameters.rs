//! Rules on parameters.

use std::{collections::HashSet, ops::Range};

use super::{Findings, Rule, index::Index};
use crate::{diagnostic::quote, document::Node};

pub(super) const RULES: &[Rule] = &[Rule::warning(
    "parameter-header",
    header,
    "a header parameter says the media type",
    "the specification says that such a parameter is ignored: `content` says the media types",
)];

/// Where a parameter is best pointed at: its name, or the reference to it.
pub(crate) fn spot(site: &Node<'_>) -> Range<usize> {
    let part = site.get("name").or_else(|| site.get("$ref"));
    part.map_or_else(|| site.span(), |part| part.span())
}

/// Every parameter that an operation has, each once: name, place and what it is.
pub(super) fn declared<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = (&'a str, &'a str, &'i Node<'a>)> {
    let mut seen = HashSet::new();
    let all = index
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    all.filter(move |parameter| seen.insert(&parameter.node.pointer))
        .map(|parameter| (parameter.name, parameter.place, &parameter.node))
}

/// Whether a header can have a name: a token (RFC 9110, section 5.6.2).
pub(crate) fn is_header_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}

/// Media types are not parameters.
fn header(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (name, place, node) in declared(index) {
        let lower = name.to_ascii_lowercase();
        if place == "header" && matches!(&*lower, "accept" | "content-type") {
            findings.add(
                spot(node),
                "ignored",
                format!("the header parameter {} is ignored", quote(name)),
                "remove the parameter",
            );
        }
    }
}
