//! Alternatives, and what tells them apart.

use std::collections::{BTreeMap, HashMap};

use super::{Change, Schemas, View, conjuncts, view::Union};
use crate::{diagnostic::quote, document::Node, review::names, value::Value};

impl<'a> Schemas<'_, 'a> {
    /// Compares alternatives. Says whether that is all there is to compare.
    pub(super) fn unions(&mut self) -> bool {
        // What one alternative says is part of a side without a discriminator, but not of the other.
        if let (Some(old), Some(new)) = (self.base.single(), self.head.single())
            && old.discriminator.is_some() != new.discriminator.is_some()
        {
            self.alternatives(&old, &new);
            self.discriminators(&old, &new);
            return true;
        }
        match (self.base.union(), self.head.union()) {
            (Some(old), Some(new)) => {
                self.alternatives(&old, &new);
                self.discriminators(&old, &new);
                false
            }
            (None, Some(new)) => {
                if self.base.is_plain() {
                    // Anything was allowed.
                    self.change(
                        Change::TypeSpecialized,
                        None,
                        Some(&new.list),
                        "has to be one of several alternatives",
                    );
                    return true;
                }
                self.wrapped(&new)
            }
            (Some(old), None) => {
                if self.head.is_plain() {
                    self.change(
                        Change::TypeGeneralized,
                        Some(&old.list),
                        None,
                        "may be anything, not only one of the alternatives",
                    );
                    return true;
                }
                self.unwrapped(&old)
            }
            (None, None) => false,
        }
    }

    /// Alternatives take the place of one schema, which may be among them.
    fn wrapped(&mut self, new: &Union<'a>) -> bool {
        let own = itself(&self.base);
        let kept = among(&own, &new.elements);
        let change = added(new);
        let Some(kept) = kept else {
            let what = "has alternatives now";
            self.change(Change::WrappedInOneOf, None, Some(&new.list), what);
            return self.head.is_plain();
        };
        if new.exclusive && new.elements.len() > 1 {
            let what = "has alternatives, of which a value may fit what it had to fit and no other";
            self.change(Change::WrappedWithOriginal, None, Some(&new.list), what);
        }
        for (at, one) in new.elements.iter().enumerate() {
            if at == kept {
                self.inside(&own, one);
            } else {
                let what = format!("has the new alternative {}", title(one));
                self.change(change, None, Some(one), &what);
            }
        }
        true
    }

    /// One schema takes the place of the alternatives, among which it may have been.
    fn unwrapped(&mut self, old: &Union<'a>) -> bool {
        let own = itself(&self.head);
        let kept = among(&own, &old.elements);
        let change = removed(old);
        let Some(kept) = kept else {
            let what = "has no alternatives any more";
            self.change(Change::UnwrappedFromOneOf, Some(&old.list), None, what);
            return self.base.is_plain();
        };
        for (at, one) in old.elements.iter().enumerate() {
            if at == kept {
                self.inside(one, &own);
            } else {
                let what = format!("has lost the alternative {}", title(one));
                self.change(change, Some(one), None, &what);
            }
        }
        true
    }

    /// Compares two lists of alternatives.
    fn alternatives(&mut self, old: &Union<'a>, new: &Union<'a>) {
        let (both, gone, come) = matches(&old.elements, &new.elements);
        for (one, other) in both {
            self.inside(one, other);
            let values = implied(old, one).zip(implied(new, other));
            if let Some((was, is)) = values.filter(|(was, is)| was != is) {
                let what = format!("is told apart by {} instead of {}", quote(is), quote(was));
                self.change(Change::ToldApartOtherwise, Some(one), Some(other), &what);
            }
        }
        for one in gone {
            let what = format!("has lost the alternative {}", title(one));
            self.change(removed(old), Some(one), Some(&new.list), &what);
        }
        for one in come {
            let what = format!("has the new alternative {}", title(one));
            self.change(added(new), Some(&old.list), Some(one), &what);
        }
    }

    fn discriminators(&mut self, old: &Union<'a>, new: &Union<'a>) {
        let (was, is) = match (&old.discriminator, &new.discriminator) {
            (None, Some(new)) => {
                let what = format!("is told apart by {}", names::text(new, "propertyName", ""));
                return self.change(Change::DiscriminatorAdded, None, Some(new), &what);
            }
            (Some(old), None) => {
                let name = names::text(old, "propertyName", "");
                let what = format!("is not told apart by {name} any more");
                return self.change(Change::DiscriminatorRemoved, Some(old), None, &what);
            }
            (Some(old), Some(new)) => (old, new),
            (None, None) => return,
        };
        if was.text("propertyName") != is.text("propertyName") {
            let [before, now] = [was, is].map(|node| names::text(node, "propertyName", ""));
            let what = format!("is told apart by {now} instead of {before}");
            let change = Change::DiscriminatorPropertyChanged;
            self.change(change, Some(was), Some(is), &what);
            let what = format!("has {now} to choose the alternative by, which was {before}");
            self.change(Change::ToldApartOtherwise, Some(was), Some(is), &what);
        }
        let mapping = |node: &Node<'a>| node.members("mapping").collect::<BTreeMap<_, _>>();
        let (before, now) = (mapping(was), mapping(is));
        for (value, node) in &before {
            match now.get(value) {
                None => {
                    let what = format!("is not told apart by {} any more", quote(value));
                    self.change(Change::MappingDeleted, Some(node), Some(is), &what);
                    let what = format!("has no alternative that {} chooses", quote(value));
                    self.change(Change::ToldApartOtherwise, Some(node), Some(is), &what);
                }
                Some(other) if target(other) != target(node) => {
                    let what = format!(
                        "has {} for {} instead of {}",
                        names::value(other.value),
                        quote(value),
                        names::value(node.value)
                    );
                    self.change(Change::MappingChanged, Some(node), Some(other), &what);
                    let what = format!("has another alternative that {} chooses", quote(value));
                    self.change(Change::ToldApartOtherwise, Some(node), Some(other), &what);
                }
                Some(_) => {}
            }
        }
        for (value, node) in now.iter().filter(|(value, _)| !before.contains_key(*value)) {
            let what = format!("is told apart by {} as well", quote(value));
            self.change(Change::MappingAdded, Some(was), Some(node), &what);
        }
    }
}

/// A schema, or its one alternative, where that is all that it says.
fn itself<'a>(view: &View<'a>) -> Node<'a> {
    let only = view
        .single()
        .and_then(|union| union.elements.into_iter().next());
    only.unwrap_or_else(|| view.node.clone())
}

/// The value of the discriminator that an alternative has because of its name, since none is mapped to
/// it.
fn implied<'a>(union: &Union<'a>, alternative: &Node<'a>) -> Option<&'a str> {
    let reference = alternative.text("$ref")?;
    let name = reference.strip_prefix("#/components/schemas/")?;
    let mut mapping = union.discriminator.as_ref()?.members("mapping");
    let is_mapped = mapping.any(|(_, node)| target(&node) == Some(name));
    (!is_mapped).then_some(name)
}

/// The name of the schema that a value of a discriminator stands for; it can be written as a reference.
fn target<'a>(node: &Node<'a>) -> Option<&'a str> {
    let text = node.value.as_str()?;
    Some(text.strip_prefix("#/components/schemas/").unwrap_or(text))
}

fn added(union: &Union<'_>) -> Change {
    if union.exclusive {
        Change::OneOfAdded
    } else {
        Change::AnyOfAdded
    }
}

fn removed(union: &Union<'_>) -> Change {
    if union.exclusive {
        Change::OneOfRemoved
    } else {
        Change::AnyOfRemoved
    }
}

/// An alternative, or a part of `allOf`, as a message names it.
pub(super) fn title(alternative: &Node<'_>) -> String {
    if let Some(reference) = alternative.text("$ref") {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return quote(name);
    }
    let words = alternative
        .text("title")
        .or_else(|| alternative.text("type"));
    let number = alternative.name().parse::<usize>().unwrap_or_default() + 1;
    words.map_or_else(|| format!("number {number}"), quote)
}

pub(super) type Matched<'m, 'a> = (
    Vec<(&'m Node<'a>, &'m Node<'a>)>,
    Vec<&'m Node<'a>>,
    Vec<&'m Node<'a>>,
);

/// The alternatives that belong together, those that are gone, and those that are new. They belong
/// together by what they refer to, by their values, by their titles, or where they are alike.
pub(super) fn matches<'m, 'a>(old: &'m [Node<'a>], new: &'m [Node<'a>]) -> Matched<'m, 'a> {
    let identities: [fn(&Node<'_>) -> Option<String>; 3] = [
        |node| node.text("$ref").map(str::to_owned),
        |node| Some(meaning(node)),
        |node| node.resolve()?.text("title").map(str::to_owned),
    ];
    let mut both = Vec::new();
    let mut left: Vec<_> = old.iter().collect();
    let mut rest: Vec<_> = new.iter().collect();
    for identity in identities {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, node) in rest.iter().enumerate().rev() {
            if let Some(key) = identity(node) {
                known.entry(key).or_default().push(at);
            }
        }
        let mut taken = vec![false; rest.len()];
        left.retain(|node| {
            let candidates = identity(node).and_then(|key| known.get_mut(&key));
            let Some(at) = candidates.and_then(Vec::pop) else {
                return true;
            };
            if let (Some(other), Some(taken)) = (rest.get(at), taken.get_mut(at)) {
                both.push((*node, *other));
                *taken = true;
            }
            false
        });
        let mut taken = taken.into_iter();
        rest.retain(|_| !taken.next().unwrap_or_default());
    }
    /// More than so many are compared with nothing: each would be held against each.
    const MOST: usize = 50;
    if left.len() <= MOST && rest.len() <= MOST {
        left.retain(|node| {
            let resolved = node.resolve();
            let like = rest.iter().position(|other| {
                let pair = resolved.as_ref().zip(other.resolve());
                pair.is_some_and(|(one, other)| alike(one, &other))
            });
            match like {
                Some(at) => {
                    both.push((*node, rest.remove(at)));
                    false
                }
                None => true,
            }
        });
    }
    (both, left, rest)
}

/// A schema as text, without what is said of it in words.
fn meaning(schema: &Node<'_>) -> String {
    match schema.value {
        Value::Object(members) => {
            let members = members.iter();
            let telling = members.filter(|(key, _)| !conjuncts::says_nothing(key));
            format!("{:?}", telling.collect::<Vec<_>>())
        }
        other => other.to_string(),
    }
}

/// Which of several alternatives a schema of the other document is: the one of its name, that of its
/// value, or a component that was renamed. One that is only alike may take less than all of what the
/// schema took.
fn among(schema: &Node<'_>, alternatives: &[Node<'_>]) -> Option<usize> {
    let resolved: Vec<_> = alternatives.iter().map(Node::resolve).collect();
    let tests: [fn(&Node<'_>, &Node<'_>) -> bool; 3] = [
        |one, other| one.pointer == other.pointer,
        |one, other| one.value == other.value,
        is_renamed,
    ];
    tests.into_iter().find_map(|test| {
        let mut all = resolved.iter();
        all.position(|other| other.as_ref().is_some_and(|other| test(schema, other)))
    })
}

/// Whether one component is gone that is like one that is new, so that it is the same with another name.
fn is_renamed(one: &Node<'_>, other: &Node<'_>) -> bool {
    let is_component = |node: &Node<'_>| {
        let name = node.pointer.strip_prefix("/components/schemas/");
        name.is_some_and(|name| !name.contains('/'))
    };
    is_component(one) && is_component(other) && one.pointer != other.pointer && alike(one, other)
}

/// Whether two schemas are so much alike that the one of the head is taken for a new version of the one
/// of the base: the same type and, of objects, at least half of the properties. Components of different
/// names have to be a component that was renamed, and one of the two has all properties of the other.
fn alike(base: &Node<'_>, head: &Node<'_>) -> bool {
    if base.value == head.value {
        return true;
    }
    let is_component = |node: &Node<'_>| {
        let name = node.pointer.strip_prefix("/components/schemas/");
        name.is_some_and(|name| !name.contains('/'))
    };
    let named = is_component(base) && is_component(head) && base.pointer != head.pointer;
    if named {
        let stayed = head.document().at(&base.pointer).is_some();
        let was_there = base.document().at(&head.pointer).is_some();
        if stayed || was_there {
            return false;
        }
    }
    let (base, head) = (View::new(base), View::new(head));
    match (base.kind(), head.kind()) {
        (Some("object"), Some("object")) => {}
        (Some(was), Some(is)) => return was == is,
        (None, None) => {
            let listed = base.listed().zip(head.listed());
            return listed.map_or(base.union().is_some() && head.union().is_some(), |listed| {
                let ((_, was), (_, is)) = listed;
                was.keys().any(|value| is.contains_key(value))
            });
        }
        _ => return false,
    }
    let (base, head) = (base.properties(), head.properties());
    let shared = base.keys().filter(|name| head.contains_key(*name)).count();
    if named {
        return shared == base.len().min(head.len());
    }
    shared * 2 >= base.len().max(head.len())
}
