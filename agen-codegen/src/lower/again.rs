//! Types that are met again: components that are only other names, and inline schemas that hold themselves
//! or are brought into several others.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    form::{Form, form},
    reading::says,
    schemas::{Schemas, components},
};
use crate::document::{Node, is_inside};

impl<'a> Schemas<'a> {
    /// Finds the components that are only other names of types.
    pub(super) fn find_same(&mut self) {
        let mut next = BTreeMap::new();
        for (component, node) in components(self.document) {
            let other = if node.value.get("$ref").is_some() {
                self.reference(&node)
            } else if ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|key| says(&node, key))
                && let Form::Same(other) = form(&node)
            {
                self.reference(&other)
            } else {
                None
            };
            if let Some(other) = other {
                next.insert(self.components[component].clone(), other);
            }
        }
        for name in next.keys() {
            // The names up to the type, or to one whose type is known.
            let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
            let mut last = name;
            while let Some(other) = next.get(last).filter(|_| seen.insert(last)) {
                names.push(last.clone());
                last = self.same.get(last).unwrap_or(other);
            }
            let last = last.clone();
            self.same
                .extend(names.into_iter().map(|name| (name, last.clone())));
        }
    }

    /// The type of an inline schema that is met again: inside of itself, or where `allOf` brings it into
    /// several others. With a new type each time there would be no end to them.
    pub(super) fn met(&self, node: &Node<'a>) -> Option<String> {
        let mut open = self.owners.iter();
        let open = open.find(|(_, pointer)| *pointer == node.pointer);
        let open = open.map(|(rust, _)| rust);
        let brought = || self.brought.get(&node.pointer);
        open.or_else(|| brought().filter(|_| self.is_brought(node)))
            .cloned()
    }

    /// Notes the type of an inline schema that `allOf` has brought into another one.
    pub(super) fn bring(&mut self, node: &Node<'a>, rust: &str) {
        if self.is_brought(node) {
            self.brought.insert(node.pointer.clone(), rust.to_owned());
        }
    }

    /// Whether `allOf` has brought an inline schema into another one.
    fn is_brought(&self, node: &Node<'a>) -> bool {
        let owner = self.owners.last().filter(|_| self.owners.len() > 1);
        owner.is_some_and(|(_, owner)| !is_inside(&node.pointer, owner))
    }
}
