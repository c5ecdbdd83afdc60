//! Which change of the document a change of the client comes from.

use std::collections::{BTreeMap, HashMap};

use crate::{document::Document, review::Wire};

/// The findings on the wire by where they stand.
pub(super) struct Causes<'a> {
    documents: [&'a Document; 2],
    wire: &'a Wire,
    /// In the base and in the head: the findings at a pointer, the gravest first.
    at: [BTreeMap<&'a str, Vec<usize>>; 2],
    known: HashMap<[Option<String>; 2], Option<usize>>,
}

/// How many references are followed from a place.
const MOST_STEPS: usize = 8;

impl<'a> Causes<'a> {
    pub(super) fn new(documents: [&'a Document; 2], wire: &'a Wire) -> Self {
        let mut at = [BTreeMap::new(), BTreeMap::new()];
        for (index, finding) in wire.findings.iter().enumerate() {
            for (side, place) in [&finding.base, &finding.head].into_iter().enumerate() {
                if let Some(place) = place {
                    let all: &mut Vec<usize> = at[side].entry(&*place.pointer).or_default();
                    all.push(index);
                }
            }
        }
        Self {
            documents,
            wire,
            at,
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
        let ways: [Vec<String>; 2] = [0, 1].map(|side| {
            let start = pointers[side].as_deref();
            start.map_or(Vec::new(), |start| self.way(side, start))
        });
        for step in 0..MOST_STEPS {
            let mut best: Option<usize> = None;
            for (side, way) in ways.iter().enumerate() {
                let Some(pointer) = way.get(step) else {
                    continue;
                };
                let found = self.inside(side, pointer);
                best = [best, found].into_iter().flatten().min();
            }
            if best.is_some() {
                return best;
            }
        }
        [0, 1].into_iter().find_map(|side| {
            let pointer = pointers[side].as_deref()?;
            self.above(side, pointer)
        })
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

    /// The gravest finding at a pointer or inside of it.
    fn inside(&self, side: usize, pointer: &str) -> Option<usize> {
        if let Some(found) = self.at[side].get(pointer).and_then(|all| all.first()) {
            return Some(*found);
        }
        let start = format!("{pointer}/");
        let inside = self.at[side].range(&*start..);
        let inside = inside.take_while(|(found, _)| found.starts_with(&start));
        inside.filter_map(|(_, all)| all.first().copied()).min()
    }

    /// The gravest finding of the nearest value that holds a place, but not of the whole document.
    fn above(&self, side: usize, pointer: &str) -> Option<usize> {
        let mut rest = pointer;
        while let Some((above, _)) = rest.rsplit_once('/') {
            // A path, a component, or what stands in one.
            if above.matches('/').count() < 3 {
                return None;
            }
            if let Some(found) = self.at[side].get(above).and_then(|all| all.first()) {
                return Some(*found).filter(|at| *at < self.wire.findings.len());
            }
            rest = above;
        }
        None
    }
}
