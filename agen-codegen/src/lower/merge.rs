//! Objects with everything that their `allOf` adds.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::{is_any, is_null, is_text, only_variant, says, string_values, variants};
use crate::{
    document::{Node, is_inside},
    value::Value,
};

/// A property, collected through references and `allOf`.
#[derive(Clone)]
pub(crate) struct Property<'a> {
    /// The schema that says most of it; the last one among equals.
    pub(super) node: Node<'a>,
    /// Other objects that it is as well.
    pub(super) more: Vec<Node<'a>>,
    pub(super) required: bool,
    /// The first two schemas whose types no value has both: it is kept as the JSON that came.
    pub(crate) conflict: Option<[Node<'a>; 2]>,
}

/// Properties by their names on the wire.
pub(crate) type Properties<'a> = BTreeMap<&'a str, Property<'a>>;

/// A schema with everything that its `allOf` adds.
#[derive(Clone, Default)]
pub(crate) struct Merged<'a> {
    pub(crate) properties: Properties<'a>,
    required: BTreeSet<&'a str>,
    pub(super) additional: Option<Node<'a>>,
    pub(super) keeps_unknown: bool,
    /// The parts that are unions, whose variants are not among the properties.
    pub(crate) unions: Vec<Node<'a>>,
    /// The parts that are no objects, as they are referred to.
    pub(super) others: Vec<Node<'a>>,
    /// A part that is an object.
    pub(super) object: Option<Node<'a>>,
    /// What is in already: a part that is reached twice adds nothing, and a circle ends.
    seen: BTreeSet<String>,
}

/// The properties of a schema as the fields of its struct, with those that its `allOf` adds.
pub(crate) fn properties<'a>(node: &Node<'a>) -> BTreeMap<&'a str, Node<'a>> {
    let merged = Merged::of(node).properties;
    let found = merged.into_iter();
    found.map(|(key, property)| (key, property.node)).collect()
}

impl<'a> Merged<'a> {
    /// Collects the properties of a schema and of everything in its `allOf`.
    pub(super) fn of(node: &Node<'a>) -> Self {
        Self::of_all([node])
    }

    /// The same of schemas that a value has to match all at once.
    pub(super) fn of_all<'n>(nodes: impl IntoIterator<Item = &'n Node<'a>>) -> Self
    where
        'a: 'n,
    {
        let mut merged = Self::default();
        for node in nodes {
            merged.add(node);
        }
        merged
    }

    /// The schemas of the properties that stand elsewhere than in the schema that all is merged into.
    pub(crate) fn brought<'m>(&'m self, into: &'m Node<'a>) -> impl Iterator<Item = &'m Node<'a>> {
        let all = self.properties.values();
        let all = all.flat_map(|property| std::iter::once(&property.node).chain(&property.more));
        all.filter(|node| !is_inside(&node.pointer, &into.pointer))
    }

    /// Whether nothing but objects is in it.
    pub(crate) fn is_object(&self) -> bool {
        self.unions.is_empty() && self.others.is_empty()
    }

    /// Whether it has the properties of another one, and demands as much.
    pub(super) fn has_all_of(&self, other: &Self) -> bool {
        other.properties.iter().all(|(key, property)| {
            self.properties.get(key).is_some_and(|own| {
                own.node.pointer == property.node.pointer
                    && own.more.len() == property.more.len()
                    && own.required == property.required
            })
        })
    }

    /// Adds a schema and everything that it merges. What a schema says itself counts after what its
    /// parts say.
    pub(super) fn add(&mut self, node: &Node<'a>) {
        /// More parts than an honest document has.
        const MOST: usize = 512;
        let mut open = vec![(node.clone(), false)];
        while let Some((site, parts_done)) = open.pop() {
            let Some(node) = site.resolve() else {
                self.others.push(site);
                continue;
            };
            if parts_done {
                self.own(&site, &node);
                continue;
            }
            if !self.seen.insert(node.pointer.clone()) {
                continue;
            }
            if self.seen.len() > MOST {
                self.others.push(site);
                return;
            }
            let mut parts: Vec<_> = node.elements("allOf").map(|part| (part, false)).collect();
            // A union of one schema and null merges as that schema.
            parts.extend(only_variant(&node).map(|only| (only, false)));
            open.push((site, true));
            open.extend(parts.into_iter().rev());
        }
        for (key, property) in &mut self.properties {
            property.required = self.required.contains(key);
        }
    }

    /// Adds what a schema says itself.
    fn own(&mut self, site: &Node<'a>, node: &Node<'a>) {
        if is_null(node) {
            return;
        }
        if string_values(node).is_some() || is_text(node) {
            self.others.push(site.clone());
            return;
        }
        match node.text("type") {
            Some("object") => self.object = Some(site.clone()),
            Some(_) => {
                self.others.push(site.clone());
                return;
            }
            None if says(node, "items") || says(node, "enum") => {
                self.others.push(site.clone());
                return;
            }
            None if says(node, "properties") || says(node, "additionalProperties") => {
                self.object = Some(site.clone());
            }
            None => {}
        }
        if only_variant(node).is_none() && variants(node).next().is_some() {
            self.unions.push(node.clone());
        }
        let required = node.elements("required");
        self.required
            .extend(required.filter_map(|key| key.value.as_str()));
        for (key, node) in node.members("properties") {
            let property = Property {
                node,
                more: Vec::new(),
                required: false,
                conflict: None,
            };
            match self.properties.get_mut(key) {
                Some(known) => known.add(property.node),
                None => drop(self.properties.insert(key, property)),
            }
        }
        match node.get("additionalProperties") {
            Some(schema) if schema.value.is_object() && !is_any(&schema) => {
                self.additional = Some(schema);
            }
            Some(flag) if flag.value != &Value::Bool(false) => self.keeps_unknown = true,
            _ => {}
        }
    }
}

impl<'a> Property<'a> {
    /// Adds what another part says of the same property.
    fn add(&mut self, node: Node<'a>) {
        let (known, own) = (kind(&self.node), kind(&node));
        if let (Some(known), Some(own)) = (known, own)
            && !agree(known, own)
        {
            let pair = || [self.node.clone(), node.clone()];
            self.conflict = self.conflict.take().or_else(|| Some(pair()));
            return;
        }
        let (less, more) = (weight(&self.node), weight(&node));
        let both = known == Some("object") && own == known && less.min(more) > 1;
        if both
            && self.node.resolve().map(|node| node.pointer)
                != node.resolve().map(|node| node.pointer)
        {
            self.more.push(std::mem::replace(&mut self.node, node));
        } else if more >= less && !(known == Some("integer") && own == Some("number")) {
            self.node = node;
        }
    }
}

/// How much a schema says of its value: nothing, its type, or more than that.
fn weight(node: &Node<'_>) -> u8 {
    match node.resolve() {
        Some(found) if is_any(&found) => 0,
        Some(found)
            if [
                "properties",
                "additionalProperties",
                "items",
                "enum",
                "allOf",
                "oneOf",
                "anyOf",
                "format",
            ]
            .iter()
            .any(|key| says(&found, key)) =>
        {
            2
        }
        _ => 1,
    }
}

/// The JSON type of a schema; `None` where it can be several, or is not said.
pub(super) fn kind<'a>(node: &Node<'a>) -> Option<&'a str> {
    // An honest document needs a few of these.
    let mut open = vec![node.clone()];
    for _ in 0..32 {
        let Some(node) = open.pop()?.resolve() else {
            continue;
        };
        let of = |key| says(&node, key);
        match node.text("type") {
            Some(kind) => return Some(kind),
            None if string_values(&node).is_some() || is_text(&node) => return Some("string"),
            None if of("properties") || of("additionalProperties") => return Some("object"),
            None if of("items") => return Some("array"),
            None => {}
        }
        let mut parts: Vec<_> = node.elements("allOf").collect();
        parts.extend(only_variant(&node));
        open.extend(parts.into_iter().rev());
    }
    None
}

/// Whether a value can have both types.
pub(super) fn agree(one: &str, other: &str) -> bool {
    let number = |name: &str| matches!(name, "integer" | "number");
    one == other || number(one) && number(other)
}
