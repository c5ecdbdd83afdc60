//! The parts that a document can be without: operations, path items and components, and which of them
//! lead to which.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{
    diagnostic::quote,
    document::{Document, Node, push_segment, reference_pointer},
    value::{Map, Value},
};

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// A part of a document.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) pointer: String,
    pub(crate) kind: PartKind,
    /// The parts without which this one makes no sense, by their numbers.
    leads_to: Vec<usize>,
    /// From the key to the end of the value, in bytes of the text.
    span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Schema,
    /// Another component.
    Component,
    /// What all operations of a path have in common.
    Path,
    Operation,
}

impl Part {
    /// The part as a message names it.
    pub(crate) fn title(&self, document: &Document) -> String {
        let last = |pointer: &str| {
            let node = document.at(pointer);
            node.map(|node| node.name().into_owned())
                .unwrap_or_default()
        };
        let above = self.pointer.rsplit_once('/').map_or("", |(above, _)| above);
        match self.kind {
            PartKind::Schema => format!("the schema {}", quote(&last(&self.pointer))),
            PartKind::Component => format!("the component {}", quote(&last(&self.pointer))),
            PartKind::Path => format!("the path {}", quote(&last(&self.pointer))),
            PartKind::Operation => {
                let method = last(&self.pointer).to_ascii_uppercase();
                quote(&format!("{method} {}", last(above)))
            }
        }
    }
}

/// The parts of a document, each after those that it leads to, as far as there are no circles, and
/// operations last.
pub(crate) struct Parts {
    pub(crate) all: Vec<Part>,
    numbers: HashMap<String, usize>,
    /// By number: which parts lead to it.
    led_from: Vec<Vec<usize>>,
    /// Numbers of all parts but paths, by their places in the text.
    places: Vec<usize>,
}

impl Parts {
    /// Reads the parts of a document, in one walk.
    pub(crate) fn new(document: &Document) -> Self {
        let mut found: Vec<(PartKind, Node<'_>)> = Vec::new();
        for (section, node) in document.root().members("components") {
            // These are named by `security`, not by references, and concern the whole document.
            if section == "securitySchemes" {
                continue;
            }
            let kind = match section {
                "schemas" => PartKind::Schema,
                _ => PartKind::Component,
            };
            found.extend(node.entries().map(|(_, node)| (kind, node)));
        }
        let paths = || document.root().members("paths");
        found.extend(paths().map(|(_, node)| (PartKind::Path, node)));
        let operations = paths().flat_map(|(_, item)| {
            let operation = move |method: &&str| item.get(method);
            METHODS.iter().filter_map(operation)
        });
        let operations: Vec<_> = operations.collect();
        found.extend(
            operations
                .into_iter()
                .map(|node| (PartKind::Operation, node)),
        );

        let number = |(number, (_, node)): (usize, &(_, Node<'_>))| (node.pointer.clone(), number);
        let numbers: HashMap<_, _> = found.iter().enumerate().map(number).collect();
        let edges: Vec<Vec<usize>> = found
            .iter()
            .map(|(kind, node)| edges(*kind, node, &numbers))
            .collect();
        let order = order(&edges, found.iter().map(|(kind, _)| *kind));
        Self::ordered(document, &found, &edges, &order)
    }

    fn ordered(
        document: &Document,
        found: &[(PartKind, Node<'_>)],
        edges: &[Vec<usize>],
        order: &[usize],
    ) -> Self {
        let mut number_of = vec![0; found.len()];
        for (number, old) in order.iter().enumerate() {
            if let Some(place) = number_of.get_mut(*old) {
                *place = number;
            }
        }
        let renumbered = |old: &usize| number_of.get(*old).copied();
        let part = |old: &usize| {
            let (kind, node) = found.get(*old)?;
            Some(Part {
                pointer: node.pointer.clone(),
                kind: *kind,
                leads_to: edges.get(*old)?.iter().filter_map(renumbered).collect(),
                span: document.key_span(&node.pointer).start..document.span(&node.pointer).end,
            })
        };
        let all: Vec<Part> = order.iter().filter_map(part).collect();
        let mut led_from = vec![Vec::new(); all.len()];
        for (number, part) in all.iter().enumerate() {
            for target in &part.leads_to {
                led_from[*target].push(number);
            }
        }
        let mut places: Vec<usize> = (0..all.len()).collect();
        places.retain(|number| all[*number].kind != PartKind::Path);
        places.sort_by_key(|number| all[*number].span.start);
        let numbers = all.iter().enumerate();
        Self {
            numbers: numbers
                .map(|(number, part)| (part.pointer.clone(), number))
                .collect(),
            all,
            led_from,
            places,
        }
    }

    /// The smallest part in which something stands.
    pub(crate) fn around(&self, span: &Range<usize>) -> Option<usize> {
        let holds = |number: &usize| {
            let part = &self.all[*number].span;
            part.start <= span.start && span.end <= part.end
        };
        let after = self
            .places
            .partition_point(|number| self.all[*number].span.start <= span.start);
        let last = self.places.get(..after).and_then(<[usize]>::last).copied();
        last.filter(holds).or_else(|| {
            let mut paths = 0..self.all.len();
            paths.find(|number| self.all[*number].kind == PartKind::Path && holds(number))
        })
    }

    /// These parts and all that they lead to.
    pub(crate) fn closure(&self, from: impl IntoIterator<Item = usize>) -> HashSet<usize> {
        reached(from, |number| &self.all[number].leads_to)
    }

    /// These parts and all that lead to them.
    pub(crate) fn dependents(&self, of: impl IntoIterator<Item = usize>) -> HashSet<usize> {
        reached(of, |number| &self.led_from[number])
    }

    /// The document with some of its parts alone. Those of the schemas that are `stubs` allow anything
    /// instead.
    pub(crate) fn only(
        &self,
        document: &Document,
        keep: &HashSet<usize>,
        stubs: &HashSet<usize>,
    ) -> Document {
        let known = |pointer: &str| self.numbers.get(pointer);
        let is_kept = |pointer: &str| known(pointer).is_none_or(|number| keep.contains(number));
        let value = |pointer: &str, value: &Value| match known(pointer) {
            Some(number) if stubs.contains(number) => Value::Object(Map::new()),
            _ => value.clone(),
        };
        // Of an object at a pointer, what is kept: directly, or one level further down.
        let kept = |above: &str, members: &Map| {
            let mut result = Map::new();
            for (key, member) in members {
                let mut pointer = above.to_owned();
                push_segment(&mut pointer, key);
                if is_kept(&pointer) {
                    result.insert(key, value(&pointer, member));
                }
            }
            result
        };
        let mut root = Map::new();
        for (key, member) in document.root().value.as_object().into_iter().flatten() {
            let member = match (key, member) {
                (section @ ("paths" | "components"), Value::Object(members)) => {
                    let mut result = Map::new();
                    for (key, member) in members {
                        let mut pointer = format!("/{section}");
                        push_segment(&mut pointer, key);
                        match member {
                            _ if !is_kept(&pointer) => {}
                            Value::Object(members) => {
                                let members = kept(&pointer, members);
                                result.insert(key, Value::Object(members));
                            }
                            other => drop(result.insert(key, other.clone())),
                        }
                    }
                    Value::Object(result)
                }
                (_, other) => other.clone(),
            };
            root.insert(key, member);
        }
        document.with_root(Value::Object(root))
    }
}

fn reached<'e>(
    from: impl IntoIterator<Item = usize>,
    edges: impl Fn(usize) -> &'e Vec<usize>,
) -> HashSet<usize> {
    let mut open: Vec<usize> = from.into_iter().collect();
    let mut found = HashSet::new();
    while let Some(number) = open.pop() {
        if found.insert(number) {
            open.extend(edges(number));
        }
    }
    found
}

/// The parts that one part leads to.
fn edges(kind: PartKind, node: &Node<'_>, numbers: &HashMap<String, usize>) -> Vec<usize> {
    let mut found = HashSet::new();
    let mut refer = |reference: &str| {
        let Some(pointer) = reference_pointer(reference) else {
            return;
        };
        // A part is at most three keys deep.
        let ends = pointer.match_indices('/').skip(1).map(|(end, _)| end);
        let ends: Vec<usize> = ends.take(3).chain([pointer.len()]).collect();
        let part = |end: &usize| numbers.get(pointer.get(..*end)?);
        found.extend(ends.iter().rev().find_map(part));
        // Who refers to a path item means its operations.
        if ends.len() == 2 {
            let operation = |method| numbers.get(&format!("{pointer}/{method}"));
            found.extend(METHODS.iter().filter_map(operation));
        }
    };
    match kind {
        PartKind::Path => {
            for (key, member) in node.value.as_object().into_iter().flatten() {
                match member {
                    Value::String(reference) if key == "$ref" => refer(reference),
                    _ if METHODS.contains(&key) => {}
                    other => references(other, &mut refer),
                }
            }
        }
        _ => references(node.value, &mut refer),
    }
    if kind == PartKind::Operation {
        let path = node.pointer.rsplit_once('/').map(|(path, _)| path);
        found.extend(path.and_then(|path| numbers.get(path)));
    }
    let mut found: Vec<usize> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// Every reference in a value, and every target of a discriminator's mapping.
fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key, member) {
                    ("$ref", Value::String(reference)) => found(reference),
                    ("mapping", Value::Object(targets)) => {
                        targets
                            .values()
                            .filter_map(Value::as_str)
                            .for_each(&mut *found);
                    }
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The parts so that each comes after those that it leads to, as far as that can be, and operations last.
fn order(edges: &[Vec<usize>], kinds: impl Iterator<Item = PartKind>) -> Vec<usize> {
    let (operations, others): (Vec<_>, Vec<_>) = kinds
        .enumerate()
        .partition(|(_, kind)| *kind == PartKind::Operation);
    let is_operation: HashSet<usize> = operations.iter().map(|(number, _)| *number).collect();
    let (mut seen, mut order) = (HashSet::new(), Vec::new());
    for (start, _) in others {
        // Without recursion: a chain of references can be as long as the document.
        let mut open = vec![(start, false)];
        while let Some((number, is_done)) = open.pop() {
            if is_done {
                order.push(number);
            } else if !is_operation.contains(&number) && seen.insert(number) {
                open.push((number, true));
                open.extend(edges[number].iter().map(|next| (*next, false)));
            }
        }
    }
    order.extend(operations.into_iter().map(|(number, _)| number));
    order
}
