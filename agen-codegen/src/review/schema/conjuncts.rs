//! The parts of `allOf`. What they come to is compared as one schema; here it is told that one was added
//! or removed.

use super::{Change, Schemas, View, unions};
use crate::document::Node;

impl<'a> Schemas<'_, 'a> {
    /// Compares which parts there are, where both sides have some.
    pub(super) fn conjuncts(&mut self) {
        let parts = |view: &View<'a>| view.node.elements("allOf").collect::<Vec<_>>();
        let (old, new) = (parts(&self.base), parts(&self.head));
        // A schema can be cut into parts, or be put together from them. What says nothing is no part of that.
        let says_something = |part: &Node<'a>| part.resolve().is_none_or(|it| !is_annotation(&it));
        if [&old, &new].into_iter().any(Vec::is_empty) && old.iter().chain(&new).any(says_something)
        {
            return;
        }
        let (_, gone, come) = unions::matches(&old, &new);
        for part in gone {
            let changes = [Change::AllOfRemoved, Change::AllOfRemovedAnnotationOnly];
            self.conjunct(part, changes, true);
        }
        for part in come {
            let changes = [Change::AllOfAdded, Change::AllOfAddedAnnotationOnly];
            self.conjunct(part, changes, false);
        }
    }

    /// Notes a part that is gone, or that is new.
    fn conjunct(&mut self, part: &Node<'a>, [change, annotation]: [Change; 2], gone: bool) {
        let Some(schema) = part.resolve() else {
            return;
        };
        let title = unions::title(part);
        let (what, places, other) = if gone {
            let what = format!("has no part {title} any more");
            (what, [Some(part), None], &self.head)
        } else {
            let what = format!("has the new part {title}");
            (what, [None, Some(part)], &self.base)
        };
        if is_annotation(&schema) {
            return self.change(annotation, places[0], places[1], &what);
        }
        let same = |theirs: &Node<'a>, ours: &Node<'a>| {
            if gone {
                self.comparison.same(ours, theirs)
            } else {
                self.comparison.same(theirs, ours)
            }
        };
        // A schema can be cut into parts in many ways.
        let silent = self.context.silent;
        self.context.silent |= is_said(&schema, other, same);
        self.change(change, places[0], places[1], &what);
        self.context.silent = silent;
    }
}

/// Whether a schema says nothing of the values that it allows.
fn is_annotation(schema: &Node<'_>) -> bool {
    let members = schema.value.as_object().into_iter().flatten();
    members.into_iter().all(|(key, _)| says_nothing(key))
}

/// Whether a member of a schema says nothing of the values that it allows.
pub(super) fn says_nothing(key: &str) -> bool {
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

/// Whether the other document says all that a part says, in whatever parts.
fn is_said<'a>(
    part: &Node<'a>,
    other: &View<'a>,
    same: impl Fn(&Node<'a>, &Node<'a>) -> bool,
) -> bool {
    let view = View::new(part);
    let (properties, required) = (other.properties(), other.required());
    let named = view.properties();
    let mut named = named.iter();
    let mut needed = view.required().into_keys();
    named.all(|(name, node)| properties.get(name).is_some_and(|it| same(it, node)))
        && needed.all(|name| required.contains_key(name))
        && view.parts().iter().all(|part| {
            let members = part.value.as_object().into_iter().flatten();
            members.into_iter().all(|(key, value)| {
                let is_told = matches!(key, "properties" | "required" | "allOf");
                is_told || says_nothing(key) || other.all(key).any(|node| node.value == value)
            })
        })
}
