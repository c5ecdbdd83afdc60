//! Which change of the document a change of the client comes from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    RustChange,
    client::Client,
    names::{Module, words},
};
use crate::{
    declarations::{Declared, Form},
    document::{Document, is_inside},
    review::Wire,
};

/// The findings on the wire by where they stand.
pub(super) struct Causes<'a> {
    documents: [&'a Document; 2],
    wire: &'a Wire,
    /// In the base and in the head: the gravest finding at a pointer.
    at: [HashMap<&'a str, usize>; 2],
    /// The same inside of a pointer: it is asked for the same one many times.
    inside: [HashMap<&'a str, usize>; 2],
    known: HashMap<[Option<String>; 2], Option<usize>>,
}

/// How many references are followed from a place.
const MOST_STEPS: usize = 8;

impl<'a> Causes<'a> {
    pub(super) fn new(documents: [&'a Document; 2], wire: &'a Wire) -> Self {
        let [mut at, mut inside]: [[HashMap<&str, usize>; 2]; 2] = Default::default();
        for (index, finding) in wire.findings.iter().enumerate() {
            for (side, place) in [&finding.base, &finding.head].into_iter().enumerate() {
                let Some(place) = place else {
                    continue;
                };
                // The gravest comes first.
                at[side].entry(&*place.pointer).or_insert(index);
                let mut rest = &*place.pointer;
                while let Some((above, _)) = rest.rsplit_once('/') {
                    inside[side].entry(above).or_insert(index);
                    rest = above;
                }
            }
        }
        Self {
            documents,
            wire,
            at,
            inside,
            known: HashMap::new(),
        }
    }

    /// The finding that stands nearest to a place: there, inside of it, behind the references that stand
    /// there, or in what holds it. Of several the gravest.
    pub(super) fn of(&mut self, pointers: &[Option<String>; 2]) -> Option<usize> {
        if let Some(known) = self.known.get(pointers) {
            return *known;
        }
        let found = self.find(pointers);
        self.known.insert(pointers.clone(), found);
        found
    }

    fn find(&self, pointers: &[Option<String>; 2]) -> Option<usize> {
        // What is new or gone stands in one of the documents, and its neighbours in the other.
        let own = match pointers {
            [Some(base), Some(head)] if is_inside(head, base) => Some([None, Some(head.clone())]),
            [Some(base), Some(head)] if is_inside(base, head) => Some([Some(base.clone()), None]),
            _ => None,
        };
        let own = own.and_then(|own| self.below(&own));
        own.or_else(|| self.below(pointers)).or_else(|| {
            [0, 1].into_iter().find_map(|side| {
                let pointer = pointers[side].as_deref()?;
                self.above(side, pointer)
            })
        })
    }

    /// The finding at a place, else inside of it, else behind the references that stand there.
    fn below(&self, pointers: &[Option<String>; 2]) -> Option<usize> {
        let ways: [Vec<String>; 2] = [0, 1].map(|side| {
            let start = pointers[side].as_deref();
            start.map_or(Vec::new(), |start| self.way(side, start))
        });
        for step in 0..MOST_STEPS {
            let here = ways.iter().enumerate();
            let here = here.filter_map(|(side, way)| Some((side, way.get(step)?)));
            let exact = here.clone().filter_map(|(side, at)| self.exact(side, at));
            let inside = || here.clone().filter_map(|(side, at)| self.inside(side, at));
            let best = exact.min().or_else(|| inside().min());
            if best.is_some() {
                return best;
            }
        }
        None
    }

    /// The gravest finding at a pointer.
    fn exact(&self, side: usize, pointer: &str) -> Option<usize> {
        self.at[side].get(pointer).copied()
    }

    /// A pointer, and those of what it refers to, directly or as what an array holds.
    fn way(&self, side: usize, start: &str) -> Vec<String> {
        let mut way = vec![start.to_owned()];
        while let Some(last) = way.last().filter(|_| way.len() < MOST_STEPS) {
            let Some(node) = self.documents[side].at(last) else {
                break;
            };
            let next = match node.resolve().filter(|found| found.pointer != *last) {
                Some(found) => Some(found.pointer),
                None => node.get("items").map(|items| items.pointer),
            };
            match next.filter(|next| !way.contains(next)) {
                Some(next) => way.push(next),
                None => break,
            }
        }
        way
    }

    /// The gravest finding inside of a pointer.
    fn inside(&self, side: usize, pointer: &str) -> Option<usize> {
        self.inside[side].get(pointer).copied()
    }

    /// The gravest finding of the nearest value that holds a place, but not of the whole document.
    fn above(&self, side: usize, pointer: &str) -> Option<usize> {
        let mut rest = pointer;
        while let Some((above, _)) = rest.rsplit_once('/') {
            // A path, a component, or what stands in one.
            if above.matches('/').count() < 3 {
                return None;
            }
            if let Some(found) = self.at[side].get(above) {
                return Some(*found).filter(|at| *at < self.wire.findings.len());
            }
            rest = above;
        }
        None
    }
}

/// Gives to each change without a cause that of the nearest change that has one, over what uses its item and
/// then over what its item uses: a type goes with the operation that held it.
pub(super) fn by_use(changes: &mut [RustChange], clients: [&Client; 2]) {
    if changes.iter().all(|change| change.cause.is_some()) {
        return;
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for change in changes.iter() {
        if let Some(cause) = change.cause {
            let least = known.entry(owner(&change.item)).or_insert(cause);
            *least = cause.min(*least);
        }
    }
    let mut uses: [BTreeMap<String, BTreeSet<String>>; 2] = Default::default();
    for client in clients {
        for (item, used) in mentions(client) {
            let user = uses[1].entry(item.clone()).or_default();
            user.extend(used.iter().cloned());
            for used in used {
                uses[0].entry(used).or_default().insert(item.clone());
            }
        }
    }
    let mut found: HashMap<String, Option<usize>> = HashMap::new();
    for change in changes.iter_mut().filter(|change| change.cause.is_none()) {
        let start = owner(&change.item);
        change.cause = *found.entry(start).or_insert_with_key(|start| {
            let mut ways = uses.iter();
            ways.find_map(|uses| nearest(start, uses, &known))
        });
    }
}

/// The cause of the nearest item over uses.
fn nearest(
    start: &str,
    uses: &BTreeMap<String, BTreeSet<String>>,
    known: &HashMap<String, usize>,
) -> Option<usize> {
    let mut seen = BTreeSet::from([start]);
    let mut level = vec![start];
    for _ in 0..MOST_STEPS {
        let met = level.iter().filter_map(|item| known.get(*item));
        if let Some(cause) = met.min() {
            return Some(*cause);
        }
        let next = level.iter().filter_map(|item| uses.get(*item)).flatten();
        level = next
            .map(String::as_str)
            .filter(|item| seen.insert(item))
            .collect();
    }
    None
}

/// The method or type that an item belongs to.
fn owner(item: &str) -> String {
    let mut parts = item.splitn(3, "::");
    match (parts.next(), parts.next()) {
        (Some("MockServer"), Some(name)) => format!("Client::{name}"),
        (Some(first), Some(second)) => format!("{first}::{second}"),
        _ => item.to_owned(),
    }
}

/// The types that each method and type mentions.
fn mentions(client: &Client) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &client.operations {
        let uses = found
            .entry(format!("Client::{}", operation.name))
            .or_default();
        for (name, declared) in operation.declared.iter().chain(&operation.mock) {
            if !matches!(name.as_str(), "Client" | "Mock" | "MockServer") {
                uses.insert(format!("operations::{name}"));
            }
            mentioned(declared, Module::Operations, uses);
        }
    }
    for (name, typed) in &client.types {
        let uses = found.entry(format!("types::{name}")).or_default();
        mentioned(&typed.declared, Module::Types, uses);
        uses.retain(|used| {
            let name = used.strip_prefix("types::");
            name.is_some_and(|name| client.types.contains_key(name))
        });
    }
    found
}

fn mentioned(declared: &Declared, module: Module, uses: &mut BTreeSet<String>) {
    let mut add = |text: &str| {
        uses.extend(words(text, module).map(|(_, word)| format!("types::{word}")));
    };
    match &declared.form {
        Some(Form::Struct { fields, .. }) => fields.values().for_each(|ty| add(ty)),
        Some(Form::Enum { variants, .. }) => variants.values().for_each(|ty| add(ty)),
        Some(Form::Alias(of)) => add(of),
        None => {}
    }
    for function in declared.functions.values() {
        add(&function.answer);
        function.parameters.iter().for_each(|(_, ty)| add(ty));
    }
}
