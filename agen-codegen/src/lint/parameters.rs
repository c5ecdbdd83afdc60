//! Rules on parameters.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use super::{Findings, Rule, index::Index};
use crate::{diagnostic::quote, document::Node, name};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "parameter-collision",
        collision,
        "two parameters of an operation have the same name in Rust",
        "each becomes an argument or a setter of the call, named in snake case",
    ),
    Rule::warning(
        "parameter-header",
        header,
        "a header parameter says the media type",
        "the specification says that such a parameter is ignored: `content` says the media types",
    ),
];

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

/// No two parameters of an operation have the same name in Rust, and each has one.
fn collision(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut told = HashSet::new();
    for operation in &index.operations {
        let mut first: BTreeMap<String, &super::index::Parameter<'_>> = BTreeMap::new();
        for parameter in &operation.parameters {
            let Some(made) = name::snake(parameter.name) else {
                if told.insert((parameter.site.pointer.clone(), String::new())) {
                    findings.add(
                        spot(&parameter.site),
                        "no letter or digit",
                        format!(
                            "no Rust name can be made of the parameter {}",
                            quote(parameter.name)
                        ),
                        "the client cannot offer it; leave the parameter out of the document",
                    );
                }
                continue;
            };
            let Some(other) = first.get(&made) else {
                first.insert(made, parameter);
                continue;
            };
            let same = (other.name, other.place) == (parameter.name, parameter.place);
            let pair = (parameter.site.pointer.clone(), other.site.pointer.clone());
            if same || !told.insert(pair) {
                continue;
            }
            findings.add(
                spot(&parameter.site),
                format!("`{made}` in Rust"),
                format!(
                    "the parameters {} in {} and {} in {} have the same name in Rust",
                    quote(other.name),
                    other.place,
                    quote(parameter.name),
                    parameter.place
                ),
                "the client cannot offer both; leave one of them out of the document",
            );
            findings.also(spot(&other.site), "the other one");
        }
    }
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
