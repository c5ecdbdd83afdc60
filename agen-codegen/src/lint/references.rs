//! Rules on references.

use std::{collections::HashMap, ops::Range};

use super::{
    Findings, Rule,
    grammar::Kind,
    index::{Index, Reference},
    suggestion::nearest,
};
use crate::{
    diagnostic::quote,
    document::{Node, reference_pointer, unescape},
    rewrite::{MOST_COPIED, is_path_item},
};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "reference-unresolved",
        unresolved,
        "a `$ref` leads to nothing",
        "what stands there is not known",
    ),
    Rule::error(
        "reference-external",
        external,
        "a `$ref` leads out of the document",
        "the generator reads one document alone: no other file, and nothing from the network",
    ),
    Rule::error(
        "reference-kind",
        kind,
        "a `$ref` leads to a thing of another kind",
        "a schema, a parameter, a response and so on cannot stand for each other",
    ),
    Rule::error(
        "reference-cycle",
        cycle,
        "a reference or a union or merge of schemas leads back to itself",
        "a value would have to be checked against the same schema without end",
    ),
    Rule::error(
        "path-item-copies",
        path_item,
        "references to path items stand for more text than a document may hold",
        "each is a copy of the path item, with methods of its own",
    ),
];

/// Where a reference leads.
enum Lead {
    Out,
    Nowhere,
    OtherKind(Option<Kind>),
    /// Where it should, or to something that another rule complains of.
    There,
}

fn follow(index: &Index<'_>, reference: &Reference<'_>) -> Lead {
    if !reference.target.starts_with("#/") {
        return Lead::Out;
    }
    let pointer = reference_pointer(reference.target);
    let Some(target) = pointer.and_then(|pointer| index.root.document().at(&pointer)) else {
        return Lead::Nowhere;
    };
    if reference.kind == Kind::PathItem && is_path_item(&target) {
        return Lead::There;
    }
    let section = reference.kind.section();
    let component = component(&target.pointer).filter(|found| Some(found.0) == section);
    match index.kind(&target) {
        Some(kind) if kind != reference.kind => Lead::OtherKind(Some(kind)),
        // Schemas are kept in many places: `definitions`, extensions.
        None if reference.kind == Kind::Schema && target.value.is_object() => Lead::There,
        None if component.is_none() => Lead::OtherKind(None),
        _ => Lead::There,
    }
}

/// The section and name of a component, where a pointer is that of one.
pub(super) fn component(pointer: &str) -> Option<(&str, std::borrow::Cow<'_, str>)> {
    let (section, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
    (!name.contains('/')).then(|| (section, unescape(name)))
}

/// The text of the reference itself, for underlining.
fn place(reference: &Reference<'_>) -> Range<usize> {
    let text = reference.node.get("$ref");
    text.map_or_else(|| reference.node.span(), |text| text.span())
}

/// The references to schemas that lead out of the document: such a value can be anything.
pub(crate) fn lost<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = (Range<usize>, &'a str)> + use<'i, 'a> {
    let schemas = index.references.iter();
    schemas
        .filter(|reference| {
            reference.kind == Kind::Schema && matches!(follow(index, reference), Lead::Out)
        })
        .map(|reference| (place(reference), reference.target))
}

/// A reference to a thing of another kind that can be taken for what is expected.
pub(crate) struct Astray<'a> {
    pub(crate) span: Range<usize>,
    pub(crate) node: Node<'a>,
    pub(crate) target: &'a str,
    /// What is expected: a schema, or a thing that a schema can be the content of.
    pub(crate) is_schema: bool,
}

/// References that expect a schema and lead to something else, and those that expect a response or a body
/// and lead to a schema.
pub(crate) fn astray<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = Astray<'a>> + use<'i, 'a> {
    index.references.iter().filter_map(|reference| {
        let is_schema = reference.kind == Kind::Schema;
        let Lead::OtherKind(found) = follow(index, reference) else {
            return None;
        };
        let holds_one = matches!(reference.kind, Kind::Response | Kind::RequestBody);
        let fits = is_schema || holds_one && found == Some(Kind::Schema);
        fits.then(|| Astray {
            span: place(reference),
            node: reference.node.clone(),
            target: reference.target,
            is_schema,
        })
    })
}

/// What a reference names exists.
fn unresolved(index: &Index<'_>, findings: &mut Findings<'_>) {
    for reference in &index.references {
        if !matches!(follow(index, reference), Lead::Nowhere) {
            continue;
        }
        let section = reference.kind.section().unwrap_or_default();
        let pointer = reference_pointer(reference.target).unwrap_or_default();
        let wanted = pointer.rsplit('/').next().unwrap_or_default();
        let names = index.components(section).map(|(name, _)| name);
        let near = nearest(&unescape(wanted), names.take_while(|_| findings.few()));
        let help = match near {
            Some(name) => format!(
                "write {}, if that is what is meant",
                quote(&format!("#/components/{section}/{name}"))
            ),
            None if section.is_empty() => "write the operations of the path out".to_owned(),
            None => {
                format!("define it in `components/{section}`, or name one that is defined there")
            }
        };
        findings.add(
            place(reference),
            "leads to nothing",
            format!("{} does not exist", quote(reference.target)),
            help,
        );
    }
}

/// References stay in the document.
fn external(index: &Index<'_>, findings: &mut Findings<'_>) {
    // Of a schema any JSON is made, and of the others nothing at all.
    let unread = |kind| {
        matches!(
            kind,
            Kind::Schema | Kind::Header | Kind::Example | Kind::Link | Kind::Callback
        )
    };
    for reference in &index.references {
        if unread(reference.kind) || !matches!(follow(index, reference), Lead::Out) {
            continue;
        }
        let section = reference.kind.section().unwrap_or_default();
        let name = reference
            .target
            .rsplit(['/', '#'])
            .next()
            .unwrap_or_default();
        let help = if section.is_empty() {
            "write the operations of the path out".to_owned()
        } else if index.component(section, name).is_some() {
            format!("write {}", quote(&format!("#/components/{section}/{name}")))
        } else {
            format!("copy it to `components/{section}`, and write `#/components/{section}/NAME`")
        };
        findings.add(
            place(reference),
            "not in this document",
            format!("{} is not in this document", quote(reference.target)),
            help,
        );
    }
}

/// References lead to what is expected where they stand.
fn kind(index: &Index<'_>, findings: &mut Findings<'_>) {
    for reference in &index.references {
        let Lead::OtherKind(found) = follow(index, reference) else {
            continue;
        };
        let expected = reference.kind.any();
        let target = quote(reference.target);
        let message = match found {
            Some(found) => format!("{expected} is expected, but {target} is {}", found.any()),
            None => format!("{expected} is expected, and {target} is none"),
        };
        let help = match reference.kind.section() {
            Some(section) => format!("name one that is defined in `components/{section}`"),
            None => "write the operations of the path out".to_owned(),
        };
        findings.add(place(reference), format!("not {expected}"), message, help);
    }
}

/// Nothing is defined by itself.
fn cycle(index: &Index<'_>, findings: &mut Findings<'_>) {
    #[derive(PartialEq)]
    enum State {
        Open,
        Done,
    }
    // More circles than this are not drawn: each may be as long as the document.
    const MOST: usize = 100;
    // So many steps of one are.
    const SHOWN: usize = 6;
    let document = index.root.document();
    let mut states: HashMap<String, State> = HashMap::new();
    let schemas = index.components("schemas").map(|(_, node)| node);
    let starts = schemas.chain(
        index
            .references
            .iter()
            .map(|reference| reference.node.clone()),
    );
    for start in starts {
        // Where the search stands, and the references that are still to be followed from there.
        let mut path: Vec<(String, Vec<Node<'_>>)> = Vec::new();
        let mut next = Some(start.pointer);
        loop {
            if let Some(pointer) = next.take().filter(|next| !states.contains_key(next)) {
                let edges = document.at(&pointer).map(|node| in_place(&node));
                states.insert(pointer.clone(), State::Open);
                path.push((pointer, edges.unwrap_or_default()));
            }
            let Some((_, edges)) = path.last_mut() else {
                break;
            };
            let Some(edge) = edges.pop() else {
                if let Some((pointer, _)) = path.pop() {
                    states.insert(pointer, State::Done);
                }
                continue;
            };
            let Some(target) = edge.text("$ref").and_then(reference_pointer) else {
                continue;
            };
            if states.get(&*target) == Some(&State::Open) {
                if findings.count == MOST {
                    return;
                }
                let pointers = path.iter().map(|(pointer, _)| pointer.as_str());
                let names = pointers.skip_while(|pointer| *pointer != target);
                let mut names: Vec<_> = names.take(SHOWN + 1).map(last_name).collect();
                if names.len() > SHOWN {
                    names.truncate(SHOWN);
                    names.push("…".to_owned());
                }
                let back = last_name(&target);
                names.push(back.clone());
                let spot = edge
                    .get("$ref")
                    .map_or_else(|| edge.span(), |text| text.span());
                findings.add(
                    spot,
                    "leads back",
                    format!(
                        "the definition of {back} leads back to itself: {}",
                        names.join(" -> ")
                    ),
                    "remove one of the references; a type may contain itself in a property or as \
                     the items of an array",
                );
            } else {
                next = Some(target.into_owned());
            }
        }
    }
}

/// The last key of a pointer, as a message shows it.
fn last_name(pointer: &str) -> String {
    quote(&unescape(pointer.rsplit('/').next().unwrap_or_default()))
}

/// The references that a value must match itself: its own, and those that it merges or chooses from.
fn in_place<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        if node.text("$ref").is_some() {
            found.push(node);
            continue;
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            open.extend(node.elements(key));
        }
    }
    found
}

/// Copies of path items have an end: those that could be copied are references no more.
fn path_item(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut left = index
        .references
        .iter()
        .filter(|reference| reference.kind == Kind::PathItem);
    let left = left.find(|reference| {
        reference
            .node
            .resolve()
            .is_some_and(|node| is_path_item(&node))
    });
    if let Some(reference) = left {
        findings.add(
            place(reference),
            "one too many",
            format!(
                "the references to path items up to here stand for more than {} MiB",
                MOST_COPIED >> 20
            ),
            "give each path the operations that it has, and no more",
        );
    }
}
