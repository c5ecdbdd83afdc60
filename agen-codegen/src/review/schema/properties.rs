//! Properties of objects.

use std::collections::BTreeMap;

use super::{Change, Schemas, View, presence::Only, view::Required};
use crate::{document::Node, review::compare::Kind, value::Value};

/// What a schema says of properties that it does not name.
enum Others<'a> {
    Any,
    Fit(Node<'a>),
    None,
}

fn others<'a>(view: &View<'a>) -> (Option<Node<'a>>, Others<'a>) {
    let Some(node) = view.get("additionalProperties") else {
        return (None, Others::Any);
    };
    let is_anything = |node: &Node<'_>| {
        let schema = node.resolve();
        schema.is_none_or(|schema| schema.value.as_object().is_some_and(|it| it.is_empty()))
    };
    let others = match node.value {
        Value::Bool(false) => Others::None,
        Value::Object(_) if !is_anything(&node) => Others::Fit(node.clone()),
        _ => Others::Any,
    };
    (Some(node), others)
}

/// The names of the one property that is gone and of the one that is new, where they stand in the same place and
/// have the same schema: the one has become the other, as far as a document can tell.
fn renamed<'a>(
    old: &BTreeMap<&'a str, Node<'a>>,
    new: &BTreeMap<&'a str, Node<'a>>,
) -> Option<[&'a str; 2]> {
    let mut gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    let mut come = new.iter().filter(|(name, _)| !old.contains_key(*name));
    let ((before, was), (now, is)) = (gone.next()?, come.next()?);
    if gone.next().is_some() || come.next().is_some() || was.value != is.value {
        return None;
    }
    let place = |all: &BTreeMap<&str, Node<'_>>, own: &Node<'_>| {
        let start = own.key_span().start;
        let earlier = all.values().filter(|node| node.key_span().start < start);
        earlier.count()
    };
    (place(old, was) == place(new, is)).then_some([*before, *now])
}

impl<'a> Schemas<'_, 'a> {
    pub(super) fn properties(&mut self) {
        let (old, new) = (self.base.properties(), self.head.properties());
        self.comparison.spend(old.len() + new.len());
        let (was, is) = (self.base.required(), self.head.required());
        let renamed = renamed(&old, &new);
        for (name, property) in &old {
            let required = was.contains_key(name);
            match new.get(name) {
                Some(other) => {
                    self.property(name, property, other, [&was, &is]);
                }
                None => {
                    let now = renamed.map(|names| names[1]);
                    self.removed(name, property, required, now);
                }
            }
        }
        for (name, property) in &new {
            if !old.contains_key(name) {
                let before = renamed.map(|names| names[0]);
                self.added(name, property, is.contains_key(name), before);
            }
        }
        // Names that are required and described nowhere.
        let said = |name: &&str| old.contains_key(*name) || new.contains_key(*name);
        for (name, node) in is.iter().filter(|(name, _)| !said(name)) {
            if !was.contains_key(name) {
                let base = self.base.node.clone();
                self.requirement(name, [&was, &is], [&base, node], false);
            }
        }
        for (name, node) in was.iter().filter(|(name, _)| !said(name)) {
            if !is.contains_key(name) {
                let head = self.head.node.clone();
                self.requirement(name, [&was, &is], [node, &head], false);
            }
        }
        self.others();
    }

    /// Compares a property that both have.
    fn property(
        &mut self,
        name: &str,
        base: &Node<'a>,
        head: &Node<'a>,
        names: [&Required<'a>; 2],
    ) {
        let required = names.map(|names| names.contains_key(name));
        let same = self.comparison.same(base, head);
        let mut context = self.context.inside();
        let mut never_came = false;
        let mut views = Vec::new();
        if !same || required[0] != required[1] {
            let resolved = [base, head].map(Node::resolve);
            views = resolved.iter().flatten().map(View::new).collect();
        }
        if let [old, new] = &views[..] {
            let silencing = Only::silencing(self.context.place.direction());
            // How a value looks that does not travel any more is nobody's concern either.
            context.silent |= new.flag(silencing.key());
            never_came = old.flag(silencing.key());
            for only in Only::BOTH {
                let flags = [old, new].map(|view| view.flag(only.key()));
                if flags[0] != flags[1] {
                    self.travel(name, [base, head], required, (only, flags[1]));
                }
            }
        }
        if !same {
            let kind = Kind::Schema(context);
            self.comparison.pair(self.step, kind, base, head);
        }
        if required[0] != required[1] {
            let silent = self.context.silent;
            // What did not travel before cannot be missed.
            self.context.silent |= context.silent || (never_came && !required[1]);
            let default = views.last().and_then(|head| head.get("default"));
            self.requirement(name, names, [base, head], default.is_some());
            self.context.silent = silent;
        }
    }

    /// Compares what is said of properties that have no name.
    fn others(&mut self) {
        let is_object = |view: &View<'_>| view.kind() == Some("object");
        if !is_object(&self.base) || !is_object(&self.head) {
            return;
        }
        let ((old, was), (new, is)) = (others(&self.base), others(&self.head));
        let (change, what) = match (was, is) {
            (Others::Fit(old), Others::Fit(new)) => return self.inside(&old, &new),
            (Others::Any, Others::Any) if old.is_none() && new.is_some() => (
                Change::PropertiesWritten,
                "says that it may have other properties",
            ),
            (Others::Any, Others::Any) if old.is_some() && new.is_none() => (
                Change::PropertiesWritten,
                "may have other properties without saying so",
            ),
            (Others::Any, Others::Any) | (Others::None, Others::None) => return,
            (_, Others::None) => (
                Change::PropertiesForbidden,
                "may not have other properties any more",
            ),
            (Others::None, _) => (Change::PropertiesAllowed, "may have other properties"),
            (Others::Any, Others::Fit(_)) => (
                Change::PropertiesRestricted,
                "may have other properties of one schema only",
            ),
            (Others::Fit(_), Others::Any) => (
                Change::PropertiesGeneralized,
                "may have other properties of any kind",
            ),
        };
        self.change(change, old.as_ref(), new.as_ref(), what);
    }
}
