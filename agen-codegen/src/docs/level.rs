//! What a schema of OpenAPI 3.0 or 3.1, or of the older export of pages, says of a value: one level.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{document::Node, value::Value};

use super::{
    facts::{At, BOUNDS, Field, Kind, Shape, Stated},
    kinds,
};

/// Pointers of the values that the end of the text cuts off.
pub(super) type Open = HashSet<String>;

/// How many schemas are put together at most.
const MOST_PARTS: usize = 200;

pub(super) fn at(node: &Node<'_>) -> At {
    At {
        pointer: node.pointer.clone(),
        span: node.key_span(),
    }
}

/// Reads one level of a schema. `None` where a reference leads nowhere.
pub(super) fn read<'a>(node: &Node<'a>, open: &Open) -> Option<Shape<Node<'a>>> {
    let parts = Parts::of(&node.resolve()?, open);
    let mut shape = Shape::unknown(at(&parts.all[0]));
    shape.bounds_known = BOUNDS;
    shape.fields_whole = !parts.dangling;
    shape.options_whole = true;
    shape.nullable = Some(parts.is_nullable());
    shape.format = parts.text("format");
    shape.default = parts.first("default");
    shape.values = parts.values();
    bounds(&parts, &mut shape);
    let required = parts.required();
    for part in &parts.all {
        for (name, property) in part.members("properties") {
            let field = Field {
                required: Some(required.contains(name)),
                at: at(&property),
                shape: property,
            };
            shape.fields.insert(name.to_owned(), field);
        }
    }
    shape.items = parts.get("items");
    kinds(&parts, &mut shape);
    if parts.all.iter().any(|part| open.contains(&part.pointer)) {
        shape.open();
    }
    Some(shape)
}

/// A schema, and everything that its `allOf` makes part of it. An alternative that stands alone, but for
/// null, is part of it as well.
struct Parts<'a, 'o> {
    all: Vec<Node<'a>>,
    /// What the end of the text cuts off: of that, nothing is taken.
    open: &'o Open,
    union: Vec<Node<'a>>,
    null: bool,
    /// Whether a part is missing since a reference leads nowhere.
    dangling: bool,
}

impl<'a, 'o> Parts<'a, 'o> {
    fn of(node: &Node<'a>, open: &'o Open) -> Self {
        let mut parts = Self {
            open,
            all: vec![node.clone()],
            union: Vec::new(),
            null: false,
            dangling: false,
        };
        let mut known = HashSet::from([node.pointer.clone()]);
        let mut next = 0;
        while let Some(part) = parts.all.get(next).cloned() {
            next += 1;
            let mut inner: Vec<_> = part.elements("allOf").collect();
            for key in ["oneOf", "anyOf"] {
                let all: Vec<_> = part.elements(key).collect();
                let count = all.len();
                let mut rest: Vec<_> = all.into_iter().filter(|node| !is_null(node)).collect();
                parts.null |= rest.len() < count;
                if rest.len() == 1 && part.get("discriminator").is_none() {
                    inner.append(&mut rest);
                } else if parts.union.is_empty() {
                    parts.union = rest;
                }
            }
            for node in inner {
                match node.resolve() {
                    Some(node) if parts.all.len() < MOST_PARTS => {
                        if known.insert(node.pointer.clone()) {
                            parts.all.push(node);
                        }
                    }
                    _ => parts.dangling = true,
                }
            }
        }
        parts
    }

    fn get(&self, key: &str) -> Option<Node<'a>> {
        self.all.iter().find_map(|part| part.get(key))
    }

    /// What is said, unless the text ends in it.
    fn stated<T>(&self, node: Option<Node<'a>>, read: impl Fn(&Value) -> Option<T>) -> Stated<T> {
        match node {
            None => Stated::Absent,
            Some(node) if self.open.contains(&node.pointer) => Stated::Unknown,
            Some(node) => {
                read(node.value).map_or(Stated::Unknown, |value| Stated::Is(value, at(&node)))
            }
        }
    }

    fn first(&self, key: &str) -> Stated<Value> {
        self.stated(self.get(key), |value| Some(value.clone()))
    }

    fn text(&self, key: &str) -> Stated<String> {
        self.stated(self.get(key), |value| value.as_str().map(str::to_owned))
    }

    /// The types as they are written, with their places.
    fn types(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let all = self.all.iter().filter_map(|part| part.get("type"));
        all.flat_map(|node| {
            let listed = node.value.as_array().map_or(0, Vec::len);
            let inside = (0..listed).filter_map({
                let node = node.clone();
                move |index| node.element(index)
            });
            inside
                .chain(node.value.is_string().then_some(node))
                .collect::<Vec<_>>()
        })
        .filter_map(|node| Some((node.value.as_str()?, node)))
    }

    fn is_nullable(&self) -> bool {
        let flagged = self.all.iter().any(|part| part.flag("nullable"));
        let typed = self
            .types()
            .any(|(text, _)| kinds::parse(text).is_some_and(|written| written.nullable));
        let mut listed = self.all.iter().flat_map(|part| part.elements("enum"));
        self.null || flagged || typed || listed.any(|value| value.value.is_null())
    }

    /// The values of `enum` or `const`; null is left to [`Parts::is_nullable`].
    fn values(&self) -> Stated<Vec<Value>> {
        let found = self.all.iter().find_map(|part| {
            let list = part.get("enum").filter(|node| node.value.is_array());
            list.or_else(|| part.get("const"))
        });
        self.stated(found, |value| {
            Some(match value {
                Value::Array(all) => all.iter().filter(|it| !it.is_null()).cloned().collect(),
                value => vec![value.clone()],
            })
        })
    }

    /// The types of an alternative that says nothing else of its values.
    fn plain(&self) -> Option<BTreeSet<Kind>> {
        let says = ["properties", "items", "enum", "const"];
        if says.into_iter().any(|key| self.get(key).is_some()) || !self.union.is_empty() {
            return None;
        }
        let written = self.types().filter_map(|(text, _)| kinds::parse(text));
        let kinds: BTreeSet<Kind> = written.flat_map(|written| written.kinds).collect();
        let plain = !kinds.is_empty() && !kinds.contains(&Kind::Object);
        plain.then_some(kinds)
    }

    fn required(&self) -> BTreeSet<&'a str> {
        let keys = ["required", "requiredProperties"];
        let all = self.all.iter().flat_map(|part| {
            let both = keys.into_iter().flat_map(|key| part.elements(key));
            both.collect::<Vec<_>>()
        });
        all.filter_map(|node| node.value.as_str()).collect()
    }
}

fn is_null(node: &Node<'_>) -> bool {
    let Some(node) = node.resolve() else {
        return false;
    };
    let is_null_list = |value: &Value| matches!(value, Value::Array(all) if all.iter().all(Value::is_null) && !all.is_empty());
    node.text("type") == Some("null")
        || node.value.get("const").is_some_and(Value::is_null)
        || node.value.get("enum").is_some_and(is_null_list)
}

fn kinds<'a>(parts: &Parts<'a, '_>, shape: &mut Shape<Node<'a>>) {
    let mut kinds = BTreeSet::new();
    let mut place = None;
    let mut any = false;
    for (text, node) in parts.types() {
        place.get_or_insert_with(|| at(&node));
        any |= parts.open.contains(&node.pointer);
        match kinds::parse(text) {
            Some(written) => {
                any |= written.any && !written.listed;
                kinds.extend(written.kinds);
            }
            None => any = true,
        }
    }
    if place.is_none() {
        let has = |key: &str| parts.get(key).is_some();
        if has("properties") || has("additionalProperties") {
            kinds.insert(Kind::Object);
        } else if has("items") {
            kinds.insert(Kind::Array);
        } else if let Some(values) = shape.values.value() {
            kinds.extend(values.iter().filter_map(Kind::of_value));
        }
    }
    // Alternatives that are plain types are one type of several words.
    let mut options = Vec::new();
    for option in &parts.union {
        match option
            .resolve()
            .map(|option| Parts::of(&option, parts.open))
            .map(|option| (option.plain(), option))
        {
            Some((Some(plain), _)) => kinds.extend(plain),
            Some((None, option)) => {
                let inner = option.types().filter_map(|(text, _)| kinds::parse(text));
                let inner: BTreeSet<Kind> = inner.flat_map(|written| written.kinds).collect();
                if inner.is_empty() {
                    kinds.insert(Kind::Object);
                } else {
                    kinds.extend(inner);
                }
                options.push(option.all[0].clone());
            }
            None => {
                any = true;
                shape.options_whole = false;
            }
        }
    }
    shape.options = options;
    let cut = parts
        .get("type")
        .is_some_and(|list| parts.open.contains(&list.pointer));
    if !any && !cut && !kinds.is_empty() {
        shape.kinds = Stated::Is(kinds, place.unwrap_or_else(|| shape.at.clone()));
    }
}

fn bounds<'a>(parts: &Parts<'a, '_>, shape: &mut Shape<Node<'a>>) {
    let mut found: BTreeMap<&'static str, (Value, At)> = BTreeMap::new();
    for key in BOUNDS {
        if let Some(node) = parts.get(key)
            && !parts.open.contains(&node.pointer)
        {
            found.insert(key, (node.value.clone(), at(&node)));
        }
    }
    // In 3.0 an exclusive bound is a flag beside the bound.
    for (exclusive, plain) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match found.get(exclusive).map(|(value, _)| value.clone()) {
            Some(Value::Bool(true)) => {
                found.remove(exclusive);
                if let Some(bound) = found.remove(plain) {
                    found.insert(exclusive, bound);
                }
            }
            Some(Value::Bool(false)) => {
                found.remove(exclusive);
            }
            _ => {}
        }
    }
    // These forbid nothing.
    for key in ["minLength", "minItems"] {
        if found
            .get(key)
            .is_some_and(|(value, _)| value.as_f64() == Some(0.0))
        {
            found.remove(key);
        }
    }
    shape.bounds = found;
}
