//! A schema as the values see it: with what stands in `allOf` put together.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use crate::{document::Node, lower::is_null, value::Value};

/// A schema, and everything that its `allOf` makes part of it. An `oneOf` or `anyOf` with one
/// alternative beside null that no discriminator names is part of it as well.
pub(super) struct View<'a> {
    pub(super) node: Node<'a>,
    /// The schema itself first.
    parts: Vec<Node<'a>>,
    /// Whether null is an alternative to others.
    has_null: bool,
}

/// Names of required properties, and where they stand.
pub(super) type Required<'a> = BTreeMap<&'a str, Node<'a>>;

/// How many schemas are put together at most.
const MOST: usize = 200;

impl<'a> View<'a> {
    /// `node` is no reference.
    pub(super) fn new(node: &Node<'a>) -> Self {
        let mut parts = vec![node.clone()];
        let mut known: HashSet<String> = HashSet::from([node.pointer.clone()]);
        let mut next = 0;
        let mut has_null = false;
        while let Some(part) = parts.get(next).cloned() {
            next += 1;
            let all = part.elements("allOf");
            let unions: Vec<_> = unions(&part).collect();
            has_null |= unions.iter().any(|union| union.has_null);
            for inner in all.chain(unions.into_iter().filter_map(Union::only)) {
                if parts.len() == MOST {
                    break;
                }
                if let Some(inner) = inner.resolve()
                    && known.insert(inner.pointer.clone())
                {
                    parts.push(inner);
                }
            }
        }
        Self {
            node: node.clone(),
            parts,
            has_null,
        }
    }

    /// The schema itself, and then what `allOf` makes part of it.
    pub(super) fn parts(&self) -> &[Node<'a>] {
        &self.parts
    }

    /// A member, of the first part that has it.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// Every member of that name.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = Node<'a>> {
        self.parts.iter().filter_map(move |part| part.get(key))
    }

    /// Whether a part says so.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.parts.iter().any(|part| part.flag(key))
    }

    /// Whether null is a value.
    pub(super) fn is_nullable(&self) -> bool {
        self.has_null || self.flag("nullable")
    }

    /// The type, as far as something tells it.
    pub(super) fn kind(&self) -> Option<&'a str> {
        let said = self.parts.iter().find_map(|part| part.text("type"));
        said.or_else(|| {
            let has = |key: &str| self.get(key).is_some();
            if has("properties") || has("additionalProperties") || has("required") {
                Some("object")
            } else if has("items") {
                Some("array")
            } else {
                None
            }
        })
    }

    /// The properties. Of one that several parts have, the last part says most.
    pub(super) fn properties(&self) -> BTreeMap<&'a str, Node<'a>> {
        let parts = self.parts.iter();
        parts.flat_map(|part| part.members("properties")).collect()
    }

    /// The names of required properties, and where they stand.
    pub(super) fn required(&self) -> Required<'a> {
        let all = self.parts.iter().flat_map(|part| part.elements("required"));
        all.filter_map(|node| Some((node.value.as_str()?, node)))
            .collect()
    }

    /// Where a name stands among those that are `required`, else where the list of them does.
    pub(super) fn requires(&self, required: &Required<'a>, name: &str) -> Option<Range<usize>> {
        let entry = required.get(name).map(Node::span);
        entry.or_else(|| self.get("required").map(|list| list.key_span()))
    }

    /// The alternatives: whether they are those of `oneOf`, where they stand, and what they are. One
    /// alternative alone, or beside null, is part of the schema, unless a discriminator names it.
    pub(super) fn union(&self) -> Option<Union<'a>> {
        let is_union =
            |union: &Union<'a>| union.elements.len() > 1 || union.discriminator.is_some();
        self.parts
            .iter()
            .find_map(|part| unions(part).find(is_union))
    }

    /// The one alternative beside null, where the schema says nothing else about its values.
    pub(super) fn single(&self) -> Option<Union<'a>> {
        let beside = |key: &str| {
            let known = [
                "oneOf",
                "anyOf",
                "discriminator",
                "title",
                "description",
                "example",
            ];
            !known.contains(&key) && !key.starts_with("x-")
        };
        if self.node.entries().any(|(key, _)| beside(key)) {
            return None;
        }
        let mut all = unions(&self.node);
        let only = all.next().filter(|union| union.elements.len() == 1)?;
        all.next().is_none().then_some(only)
    }

    /// Whether the schema says anything about its values beside their alternatives.
    pub(super) fn is_plain(&self) -> bool {
        let says = |key: &str| self.get(key).is_some();
        ![
            "type",
            "properties",
            "items",
            "enum",
            "additionalProperties",
        ]
        .into_iter()
        .any(says)
    }

    /// The values of `enum`, by their text; null is left to [`View::is_nullable`]. None where any value
    /// is allowed.
    pub(super) fn listed(&self) -> Option<(Node<'a>, BTreeMap<String, Node<'a>>)> {
        let list = self.get("enum").filter(|list| list.value.is_array())?;
        let length = list.value.as_array().map_or(0, Vec::len);
        let values = (0..length).filter_map(|index| list.element(index));
        let values = values.filter(|value| *value.value != Value::Null);
        let values: BTreeMap<_, _> = values
            .map(|value| (value.value.to_string(), value))
            .collect();
        let is_any_boolean = self.kind() == Some("boolean")
            && ["true", "false"]
                .iter()
                .all(|text| values.contains_key(*text));
        (!is_any_boolean).then_some((list, values))
    }
}

/// The lists of alternatives that a part has.
fn unions<'a>(part: &Node<'a>) -> impl Iterator<Item = Union<'a>> {
    ["oneOf", "anyOf"].into_iter().filter_map(move |key| {
        let list = part.get(key)?;
        let (mut null, mut elements): (Vec<_>, Vec<_>) = part.elements(key).partition(is_null);
        let has_null = !null.is_empty() && !elements.is_empty();
        if !has_null {
            elements.append(&mut null);
        }
        Some(Union {
            exclusive: key == "oneOf",
            list,
            elements,
            has_null,
            discriminator: part.get("discriminator"),
        })
    })
}

/// The alternatives of a schema.
pub(super) struct Union<'a> {
    /// Whether it is `oneOf`, and not `anyOf`.
    pub(super) exclusive: bool,
    pub(super) list: Node<'a>,
    /// Without null, unless there is nothing else.
    pub(super) elements: Vec<Node<'a>>,
    has_null: bool,
    pub(super) discriminator: Option<Node<'a>>,
}

impl<'a> Union<'a> {
    /// The one alternative, alone or beside null, that no discriminator names.
    fn only(self) -> Option<Node<'a>> {
        let is_only = self.elements.len() == 1 && self.discriminator.is_none();
        self.elements.into_iter().next().filter(|_| is_only)
    }
}
