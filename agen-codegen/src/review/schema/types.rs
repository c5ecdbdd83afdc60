//! Types that are written as alternatives: `oneOf: [{type: string}, {type: integer}]`.

use std::collections::BTreeMap;

use super::{Change, Schemas, View};
use crate::{diagnostic::quote, document::Node, review::rules::Direction};

/// What a schema can say beside its type that says nothing of its values, or is compared by itself.
const BESIDE: [&str; 7] = [
    "type",
    "nullable",
    "title",
    "description",
    "example",
    "default",
    "deprecated",
];

/// The type of a schema that says nothing else of its values.
fn bare<'a>(schema: &Node<'a>) -> Option<&'a str> {
    let members = schema.value.as_object()?;
    let only = members.keys().all(|key| BESIDE.contains(&&**key));
    let kind = schema.text("type")?;
    (only && !["object", "array"].contains(&kind)).then_some(kind)
}

impl<'a> View<'a> {
    /// The types that a schema allows, and where they stand, if that is all it says of its values, and
    /// whether they are alternatives.
    fn types(&self) -> Option<(BTreeMap<&'a str, Node<'a>>, bool)> {
        if self.parts().len() > 1 {
            return None;
        }
        if let Some(kind) = bare(&self.node) {
            return Some((BTreeMap::from([(kind, self.node.clone())]), false));
        }
        let union = self.union().filter(|union| union.discriminator.is_none())?;
        let members = self.node.value.as_object()?;
        let is_list = |key: &str| ["oneOf", "anyOf"].contains(&key);
        let lists = members.keys().filter(|key| is_list(key)).count();
        let beside = |key: &str| is_list(key) || (key != "type" && BESIDE.contains(&key));
        if lists > 1 || !members.keys().all(|key| beside(key)) {
            return None;
        }
        let elements = union.elements.into_iter();
        let types = elements.map(|element| Some((bare(&element.resolve()?)?, element)));
        Some((types.collect::<Option<_>>()?, true))
    }
}

impl<'a> Schemas<'_, 'a> {
    /// Compares types of which at least one side has several. Says whether that was all there is to
    /// compare.
    pub(super) fn lists_of_types(&mut self) -> bool {
        let types = self.base.types().zip(self.head.types());
        let Some(((was, was_list), (is, is_list))) = types else {
            return false;
        };
        if !was_list && !is_list {
            return false;
        }
        let gone: Vec<_> = was.keys().filter(|kind| !is.contains_key(*kind)).collect();
        let come: Vec<_> = is.keys().filter(|kind| !was.contains_key(*kind)).collect();
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
