//! The parts of `allOf`. What they come to is compared as one schema; here it is told that one was added
//! or removed.

use super::{Change, Schemas, View, unions};
use crate::{document::Node, review::compare::Comparison};

impl<'a> Schemas<'_, 'a> {
    /// Compares which parts there are, where both sides have some.
    pub(super) fn conjuncts(&mut self) {
        let parts = |view: &View<'a>| view.node.elements("allOf").collect::<Vec<_>>();
        let (old, new) = (parts(&self.base), parts(&self.head));
        if old.is_empty() || new.is_empty() {
            return;
        }
        let (_, gone, come) = unions::matches(&old, &new);
        for part in gone {
            let Some(schema) = part.resolve() else {
                continue;
            };
            let what = format!("has no part {} any more", unions::title(part));
            if is_annotation(&schema) {
                let change = Change::AllOfRemovedAnnotationOnly;
                self.change(change, Some(part), None, &what);
            } else if !is_said(&*self.comparison, &schema, &self.head, |one, other| {
                (other, one)
            }) {
                self.change(Change::AllOfRemoved, Some(part), None, &what);
            }
        }
        for part in come {
            let Some(schema) = part.resolve() else {
                continue;
            };
            let what = format!("has the new part {}", unions::title(part));
            if is_annotation(&schema) {
                let change = Change::AllOfAddedAnnotationOnly;
                self.change(change, None, Some(part), &what);
            } else if !is_said(&*self.comparison, &schema, &self.base, |one, other| {
                (one, other)
            }) {
                self.change(Change::AllOfAdded, None, Some(part), &what);
            }
        }
    }
}

/// Whether a schema says nothing of the values that it allows.
fn is_annotation(schema: &Node<'_>) -> bool {
    let members = schema.value.as_object().into_iter().flatten();
    members.into_iter().all(|(key, _)| says_nothing(key))
}

/// Whether a member of a schema says nothing of the values that it allows.
fn says_nothing(key: &str) -> bool {
    const KEYS: [&str; 8] = [
        "title",
        "description",
        "example",
        "examples",
        "default",
        "externalDocs",
        "deprecated",
        "xml",
    ];
    KEYS.contains(&key) || key.starts_with("x-")
}

/// Whether the other document says all that a part says, whatever parts it has: a schema can be cut into
/// parts in many ways. `order` puts a node of the other document and one of the part in the order of base
/// and head.
fn is_said<'a>(
    comparison: &Comparison<'a>,
    part: &Node<'a>,
    other: &View<'a>,
    order: for<'n> fn(&'n Node<'a>, &'n Node<'a>) -> (&'n Node<'a>, &'n Node<'a>),
) -> bool {
    let view = View::new(part);
    let (properties, required) = (other.properties(), other.required());
    let same = |theirs: &Node<'a>, ours: &Node<'a>| {
        let (base, head) = order(theirs, ours);
        comparison.same(base, head)
    };
    let named = view.properties();
    let mut named = named.iter();
    let mut needed = view.required().into_keys();
    named.all(|(name, node)| properties.get(name).is_some_and(|it| same(it, node)))
        && needed.all(|name| required.contains_key(name))
        && view.parts().iter().all(|part| {
            let members = part.value.as_object().into_iter().flatten();
            members.into_iter().all(|(key, value)| {
                let is_told = matches!(&**key, "properties" | "required" | "allOf");
                is_told || says_nothing(key) || other.all(key).any(|node| node.value == value)
            })
        })
}
