//! Bounds of numbers, texts, lists and objects.

use std::cmp::Ordering;

use serde_json::Number;

use super::{Change, Schemas, View};
use crate::document::Node;

/// A bound, and what its changes are called.
struct Bound {
    key: &'static str,
    /// Of several that count together, whether the lowest one holds.
    upper: bool,
    set: Change,
    unset: Change,
    increased: Change,
    decreased: Change,
}

macro_rules! bound {
    ($key:literal $upper:literal $set:ident $unset:ident $increased:ident $decreased:ident) => {
        Bound {
            key: $key,
            upper: $upper,
            set: Change::$set,
            unset: Change::$unset,
            increased: Change::$increased,
            decreased: Change::$decreased,
        }
    };
}

const BOUNDS: [Bound; 8] = [
    bound!("maximum" true MaxSet MaxUnset MaxIncreased MaxDecreased),
    bound!("minimum" false MinSet MinUnset MinIncreased MinDecreased),
    bound!("maxLength" true MaxLengthSet MaxLengthUnset MaxLengthIncreased MaxLengthDecreased),
    bound!("minLength" false MinLengthSet MinLengthUnset MinLengthIncreased MinLengthDecreased),
    bound!("maxItems" true MaxItemsSet MaxItemsUnset MaxItemsIncreased MaxItemsDecreased),
    bound!("minItems" false MinItemsSet MinItemsUnset MinItemsIncreased MinItemsDecreased),
    bound!("maxProperties" true MaxPropertiesSet MaxPropertiesUnset MaxPropertiesIncreased MaxPropertiesDecreased),
    bound!("minProperties" false MinPropertiesSet MinPropertiesUnset MinPropertiesIncreased MinPropertiesDecreased),
];

/// A bound that stands in a document.
struct Found<'a> {
    node: Node<'a>,
    number: &'a Number,
}

impl<'a> View<'a> {
    /// The bound that holds of all that the parts have. A lower bound of a length that any length meets
    /// is none.
    fn bound(&self, bound: &Bound) -> Option<Found<'a>> {
        let all = self.all(bound.key).filter_map(|node| {
            let number = node.value.as_number()?;
            Some(Found { node, number })
        });
        let strictest = all.reduce(|one, other| {
            let order = order(one.number, other.number);
            let first = if bound.upper {
                order.is_le()
            } else {
                order.is_ge()
            };
            if first { one } else { other }
        })?;
        let is_empty =
            !bound.upper && bound.key != "minimum" && strictest.number.as_u64() == Some(0);
        (!is_empty).then_some(strictest)
    }
}

/// The order of two numbers, exact for whole ones.
pub(super) fn order(one: &Number, other: &Number) -> Ordering {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => {
            let numbers = one.as_f64().zip(other.as_f64());
            let order = numbers.and_then(|(one, other)| one.partial_cmp(&other));
            order.unwrap_or(Ordering::Equal)
        }
    }
}

/// The last whole number that a bound of an `integer` allows, where one part alone says it.
fn last_whole(view: &View<'_>, bound: &str, exclusive: &str, inwards: i128) -> Option<i128> {
    let mut all = view.all(bound);
    let number = all.next().filter(|_| view.kind() == Some("integer"))?;
    let number = number.value.as_number()?.as_i128()?;
    let inwards = if view.flag(exclusive) { inwards } else { 0 };
    all.next().is_none().then(|| number.checked_add(inwards))?
}

impl Schemas<'_, '_> {
    pub(super) fn bounds(&mut self) {
        let [maximum, minimum] = [
            ("maximum", "exclusiveMaximum", -1),
            ("minimum", "exclusiveMinimum", 1),
        ]
        .map(|(bound, exclusive, inwards)| {
            let last = |view| last_whole(view, bound, exclusive, inwards);
            let (old, new) = (last(&self.base), last(&self.head));
            old.is_some() && old == new
        });
        let is_kept = |key: &str| match key {
            "maximum" => maximum,
            "minimum" => minimum,
            _ => false,
        };
        for bound in BOUNDS.iter().filter(|bound| !is_kept(bound.key)) {
            let (old, new) = (self.base.bound(bound), self.head.bound(bound));
            let key = bound.key;
            let (change, what) = match (&old, &new) {
                (None, Some(new)) => (bound.set, format!("has `{key}: {}`", new.number)),
                (Some(old), None) => (
                    bound.unset,
                    format!("has no `{key}` any more; it was {}", old.number),
                ),
                (Some(old), Some(new)) => {
                    let change = match order(old.number, new.number) {
                        Ordering::Less => bound.increased,
                        Ordering::Greater => bound.decreased,
                        Ordering::Equal => continue,
                    };
                    let what = format!("has `{key}: {}` instead of {}", new.number, old.number);
                    (change, what)
                }
                (None, None) => continue,
            };
            let [old, new] = [old, new].map(|found| found.map(|found| found.node));
            self.change(change, old.as_ref(), new.as_ref(), &what);
        }
        if !maximum {
            let changes = [Change::ExclusiveMaxSet, Change::ExclusiveMaxUnset];
            self.exclusive("maximum", "exclusiveMaximum", changes);
        }
        if !minimum {
            let changes = [Change::ExclusiveMinSet, Change::ExclusiveMinUnset];
            self.exclusive("minimum", "exclusiveMinimum", changes);
        }
        self.steps();
    }

    /// Compares whether a bound itself is allowed, which says something where there is a bound.
    fn exclusive(&mut self, bound: &str, key: &str, [set, unset]: [Change; 2]) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get(key));
        let counts = |view: &View<'_>| view.flag(key) && view.get(bound).is_some();
        let (change, what) = match (counts(&self.base), counts(&self.head)) {
            (false, true) => (set, format!("has to differ from its `{bound}`")),
            (true, false) => (unset, format!("may be its `{bound}`")),
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), &what);
    }

    /// Compares what a number has to be a multiple of.
    fn steps(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("multipleOf"));
        let number = |node: &Option<Node<'_>>| node.as_ref().and_then(|node| node.value.as_f64());
        let (change, what) = match (number(&old), number(&new)) {
            (None, Some(step)) => (
                Change::MultipleOfSet,
                format!("has to be a multiple of {step}"),
            ),
            (Some(step), None) => (
                Change::MultipleOfUnset,
                format!("does not have to be a multiple of {step} any more"),
            ),
            (Some(was), Some(is)) if was != is => {
                let divides = |one: f64, other: f64| one > 0.0 && other % one == 0.0;
                let change = if divides(is, was) {
                    Change::MultipleOfGeneralized
                } else if divides(was, is) {
                    Change::MultipleOfSpecialized
                } else {
                    Change::MultipleOfChanged
                };
                (
                    change,
                    format!("has to be a multiple of {is} instead of {was}"),
                )
            }
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), &what);
    }
}
