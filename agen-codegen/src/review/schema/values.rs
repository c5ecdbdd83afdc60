//! Types, null, listed values, patterns, defaults, lists, deprecation.

use super::{Change, Place, Schemas, View, bounds};
use crate::{
    diagnostic::quote,
    review::{names, rules::Direction, sunset},
    value::Value,
};

impl Schemas<'_, '_> {
    pub(super) fn deprecation(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("deprecated"));
        match (self.base.flag("deprecated"), self.head.flag("deprecated")) {
            (false, true) => {
                let is_named = self.head.parts().iter().any(sunset::is_named);
                let change = if is_named {
                    Change::DeprecatedUntil
                } else {
                    Change::Deprecated
                };
                self.change(change, old.as_ref(), new.as_ref(), "is deprecated");
            }
            (true, false) => self.change(
                Change::Reactivated,
                old.as_ref(),
                new.as_ref(),
                "is not deprecated any more",
            ),
            _ => {}
        }
    }

    pub(super) fn nullability(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("nullable"));
        let (change, what) = match (self.base.is_nullable(), self.head.is_nullable()) {
            (false, true) => (Change::BecameNullable, "can be null"),
            (true, false) => (Change::BecameNotNullable, "cannot be null any more"),
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), what);
    }

    pub(super) fn default(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("default"));
        let (change, what) = match (&old, &new) {
            (None, Some(new)) => (
                Change::DefaultAdded,
                format!("has the default {}", names::value(new.value)),
            ),
            (Some(old), None) => (
                Change::DefaultRemoved,
                format!(
                    "has no default any more; it was {}",
                    names::value(old.value)
                ),
            ),
            (Some(old), Some(new)) if !is_equal(old.value, new.value) => (
                Change::DefaultChanged,
                format!(
                    "has the default {} instead of {}",
                    names::value(new.value),
                    names::value(old.value)
                ),
            ),
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), &what);
    }

    /// Compares types and formats. Says whether the types have nothing in common.
    pub(super) fn kinds(&mut self) -> bool {
        let (old, new) = (self.base.kind(), self.head.kind());
        let direction = self.context.place.direction();
        if old != new {
            // Not every text is one of a format.
            let [was_any, is_any] =
                [&self.base, &self.head].map(|view| view.get("format").is_none());
            let fit = match (old, new) {
                (Some(_), None) | (Some("integer"), Some("number")) => Fit::Wider,
                (None, Some(_)) | (Some("number"), Some("integer")) => Fit::Narrower,
                (Some("integer" | "number" | "boolean"), Some("string"))
                    if is_any && self.context.text && direction == Direction::Request =>
                {
                    Fit::Text
                }
                (Some("string"), Some(_))
                    if was_any && self.context.text && direction == Direction::Response =>
                {
                    Fit::Text
                }
                // The text of any single value is a text.
                (Some("string"), Some("integer" | "number" | "boolean"))
                    if was_any && self.context.place == Place::ParameterProperty =>
                {
                    Fit::Narrower
                }
                _ => Fit::Other,
            };
            let what = match (old.map(quote), new.map(quote)) {
                (Some(old), None) => format!("may have any type, not only {old}"),
                (None, Some(new)) => format!("has the type {new} instead of any"),
                (old, new) => format!(
                    "has the type {} instead of {}",
                    new.unwrap_or_default(),
                    old.unwrap_or_default()
                ),
            };
            self.kind(fit, "type", &what);
            return matches!(fit, Fit::Other | Fit::Text) || old.is_none() || new.is_none();
        }
        let [was, is] = [&self.base, &self.head].map(|view| view.get("format"));
        let [was, is] = [was, is].map(|node| node.and_then(|node| node.value.as_str()));
        if was != is {
            let fit = match (was, is) {
                (_, None) | (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
                    Fit::Wider
                }
                (None, _) | (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
                    Fit::Narrower
                }
                _ => Fit::Other,
            };
            let what = match (was.map(quote), is.map(quote)) {
                (Some(was), None) => format!("has no format any more; it was {was}"),
                (None, Some(is)) => format!("has the format {is}; it had none"),
                (was, is) => format!(
                    "has the format {} instead of {}",
                    is.unwrap_or_default(),
                    was.unwrap_or_default()
                ),
            };
            self.kind(fit, "format", &what);
        }
        false
    }

    fn kind(&mut self, fit: Fit, key: &str, what: &str) {
        let change = match (fit, self.context.place.direction()) {
            (Fit::Wider, _) => Change::TypeGeneralized,
            (Fit::Text, _) => Change::TypeCompatible,
            (Fit::Narrower, _) => Change::TypeSpecialized,
            (Fit::Other, _) => Change::TypeChanged,
        };
        let [old, new] = [&self.base, &self.head].map(|view| view.get(key));
        self.change(change, old.as_ref(), new.as_ref(), what);
    }

    /// Compares listed values.
    pub(super) fn listed(&mut self) {
        match (self.base.listed(), self.head.listed()) {
            (None, Some((list, _))) => {
                let what = "takes listed values only";
                self.change(Change::BecameEnum, None, Some(&list), what);
            }
            (Some((list, _)), None) => {
                let what = "takes other values than the listed ones";
                self.change(Change::EnumRemoved, Some(&list), None, what);
            }
            (Some((old_list, old)), Some((new_list, new))) => {
                for (text, value) in &old {
                    if !new.contains_key(text) {
                        let what = format!("has lost the value {}", names::value(value.value));
                        let places = (Some(value), Some(&new_list));
                        self.change(Change::EnumValueRemoved, places.0, places.1, &what);
                    }
                }
                for (text, value) in &new {
                    if !old.contains_key(text) {
                        let what = format!("has the new value {}", names::value(value.value));
                        let places = (Some(&old_list), Some(value));
                        self.change(Change::EnumValueAdded, places.0, places.1, &what);
                    }
                }
            }
            (None, None) => {}
        }
        self.extensible();
    }

    /// Compares the values that are known of a list that may grow: an extension that is in common use.
    fn extensible(&mut self) {
        const KEY: &str = "x-extensible-enum";
        let (Some(old), Some(new)) = (self.base.get(KEY), self.head.get(KEY)) else {
            return;
        };
        let known = new.value.as_array().into_iter().flatten();
        let known: Vec<_> = known.collect();
        let length = old.value.as_array().map_or(0, Vec::len);
        for value in (0..length).filter_map(|index| old.element(index)) {
            if !known.contains(&value.value) {
                let what = format!("has lost the known value {}", names::value(value.value));
                let places = (Some(&value), Some(&new));
                self.change(Change::ExtensibleValueRemoved, places.0, places.1, &what);
            }
        }
    }

    pub(super) fn pattern(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("pattern"));
        let (change, what) = match (&old, &new) {
            (None, Some(new)) => (
                Change::PatternAdded,
                format!("has to match {}", names::value(new.value)),
            ),
            (Some(old), None) => (
                Change::PatternRemoved,
                format!(
                    "does not have to match {} any more",
                    names::value(old.value)
                ),
            ),
            (Some(old), Some(new)) if old.value != new.value => (
                if new.value.as_str().is_some_and(takes_any_text) {
                    Change::PatternGeneralized
                } else {
                    Change::PatternChanged
                },
                format!(
                    "has to match {} instead of {}",
                    names::value(new.value),
                    names::value(old.value)
                ),
            ),
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), &what);
    }

    /// Compares what is in a list.
    pub(super) fn list(&mut self) {
        let unique = |view: &View<'_>| view.flag("uniqueItems");
        let [old, new] = [&self.base, &self.head].map(|view| view.get("uniqueItems"));
        match (unique(&self.base), unique(&self.head)) {
            (false, true) => self.change(
                Change::UniqueItemsSet,
                old.as_ref(),
                new.as_ref(),
                "may not hold a value twice",
            ),
            (true, false) => self.change(
                Change::UniqueItemsUnset,
                old.as_ref(),
                new.as_ref(),
                "may hold a value twice",
            ),
            _ => {}
        }
        if let (Some(old), Some(new)) = (self.base.get("items"), self.head.get("items")) {
            self.inside(&old, &new);
        }
    }

    pub(super) fn negation(&mut self) {
        let [old, new] = [&self.base, &self.head].map(|view| view.get("not"));
        let (change, what) = match (&old, &new) {
            (None, Some(_)) => (Change::NotAdded, "has a `not`"),
            (Some(_), None) => (Change::NotRemoved, "has no `not` any more"),
            (Some(old), Some(new)) if !self.comparison.same(old, new) => {
                (Change::NotChanged, "has another `not`")
            }
            _ => return,
        };
        self.change(change, old.as_ref(), new.as_ref(), what);
    }
}

/// Whether a pattern excludes no text, for which it takes one of the usual forms.
fn takes_any_text(pattern: &str) -> bool {
    matches!(pattern, "" | ".*" | "^.*" | ".*$" | "^.*$")
}

/// What a new type is to the old one.
#[derive(Clone, Copy)]
enum Fit {
    /// It takes in the old one.
    Wider,
    /// It is part of the old one.
    Narrower,
    /// It is another, but its text is read as well.
    Text,
    /// It is another.
    Other,
}

/// Whether two values are equal; numbers are as numbers, whether written as `1` or `1.0`.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => bounds::order(one, other).is_eq(),
        _ => one == other,
    }
}
