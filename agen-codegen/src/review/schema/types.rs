//! Types that are written as alternatives: `oneOf: [{type: string}, {type: integer}]`.

use std::collections::BTreeMap;

use super::{Change, Schemas};
use crate::{diagnostic::quote, document::Node, review::rules::Direction, value::Value};

/// The type of a schema that says nothing else of its values.
fn bare<'a>(schema: &Node<'a>) -> Option<&'a str> {
    /// What says nothing of values.
    const BESIDE: [&str; 6] = [
        "type",
        "title",
        "description",
        "example",
        "default",
        "deprecated",
    ];
    let mut members = schema.value.as_object()?.iter();
    let is_anything = |value: &Value| value.as_object().is_some_and(|it| it.is_empty());
    let only =
        members.all(|(key, value)| BESIDE.contains(&key) || (key == "items" && is_anything(value)));
    schema.text("type").filter(|_| only)
}

/// The types that a schema allows, and where they stand, and whether they are alternatives. What stands
/// beside them is compared by itself.
fn types<'a>(schema: &Node<'a>) -> Option<(BTreeMap<&'a str, Node<'a>>, bool)> {
    let mut lists = ["oneOf", "anyOf"].into_iter();
    let list = lists.find(|key| schema.get(key).is_some());
    match (schema.text("type"), list) {
        (Some(kind), None) => Some((BTreeMap::from([(kind, schema.clone())]), false)),
        (None, Some(list)) if lists.all(|key| schema.get(key).is_none()) => {
            let elements = schema.elements(list);
            let types = elements.map(|element| Some((bare(&element.resolve()?)?, element)));
            let types: BTreeMap<_, _> = types.collect::<Option<_>>()?;
            (!types.is_empty()).then_some((types, true))
        }
        _ => None,
    }
}

impl<'a> Schemas<'_, 'a> {
    /// Compares types of which at least one side has several. Says whether it is so.
    pub(super) fn lists_of_types(&mut self) -> bool {
        let types = types(&self.base.node).zip(types(&self.head.node));
        let Some(((was, was_list), (is, is_list))) = types else {
            return false;
        };
        if !was_list && !is_list {
            return false;
        }
        // A whole number is a number.
        let lacks = |types: &BTreeMap<_, _>, kind: &str| {
            let has = |kind| types.contains_key(kind);
            !(has(kind) || kind == "integer" && has("number"))
        };
        let gone: Vec<_> = was.keys().filter(|kind| lacks(&is, kind)).collect();
        let come: Vec<_> = is.keys().filter(|kind| lacks(&was, kind)).collect();
        // Of a type that comes and another one that goes, the one that breaks callers counts.
        let narrows = match self.context.place.direction() {
            Direction::Request => !gone.is_empty(),
            Direction::Response => come.is_empty(),
        };
        let (change, kinds, verb) = if narrows {
            (Change::ListOfTypesNarrowed, &gone, "cannot be")
        } else {
            (Change::ListOfTypesWidened, &come, "can be")
        };
        if kinds.is_empty() {
            return true;
        }
        let names: Vec<_> = kinds.iter().map(|kind| quote(kind)).collect();
        let end = if narrows { " any more" } else { ", too" };
        let what = format!("{verb} of type {}{end}", names.join(" or "));
        self.change(change, None, None, &what);
        true
    }
}
