//! A sample of each type: the example or default of the document where it has one that fits, otherwise a
//! value made of what the document says of it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    ptr,
};

use super::{
    fit::{self, Judged, read, reference},
    merge::Merged,
    reading::only_variant,
    schemas::Schemas,
};
use crate::{
    api::{Field, Holds, Shape, Union},
    document::Node,
    value::{Map, Value, json},
};

/// How many values and types a sample may be made of, at most: types that hold each other would go on
/// for ever.
const MOST_VALUES: usize = 500;
/// The longest text of a sample or of an example in it, in about bytes.
const LONGEST: usize = 16 * 1024;
/// The longest made text, in characters, and array, in elements, whatever the document asks for.
const LONGEST_TEXT: usize = 256;
const MOST_ITEMS: u64 = 8;

/// Gives every type its sample. A type that holds itself in any case has none.
pub(super) fn add(schemas: &mut Schemas<'_>) {
    let judged = RefCell::default();
    let sample = |name: &String| {
        // With items in its arrays a sample shows more; without them it is not as long.
        [true, false].into_iter().find_map(|with_items| {
            let mut maker = Maker {
                schemas,
                judged: &judged,
                open: Vec::new(),
                left: MOST_VALUES,
                with_items,
            };
            let sample = maker.named(name)?;
            let fits = is_short(&sample) && maker.fits(&refer(name), &sample);
            fits.then_some(sample)
        })
    };
    let samples: Vec<_> = schemas.types.keys().map(sample).collect();
    for (found, sample) in schemas.types.values_mut().zip(samples) {
        found.sample = sample;
    }
}

/// What became of an example, by the schema and the example. The same one stands in the way of every type
/// that holds its own, and is judged once.
type Judgements = HashMap<(String, *const Value), Option<Value>>;

struct Maker<'s, 'a> {
    schemas: &'s Schemas<'a>,
    judged: &'s RefCell<Judgements>,
    /// The types that a value is being made of, the outermost first.
    open: Vec<&'s str>,
    /// How many values may still be made.
    left: usize,
    /// Whether arrays and maps have something in them.
    with_items: bool,
}

impl<'s, 'a> Maker<'s, 'a> {
    fn named(&mut self, name: &'s str) -> Option<Value> {
        if self.open.contains(&name) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let schemas = self.schemas;
        let found = schemas.types.get(name)?;
        let lowered = schemas.lowered.get(name)?;
        let node = schemas.document.at(&found.pointer);
        let of_media_type = schemas.examples.get(name).copied();
        let candidates = node.iter().flat_map(examples).chain(of_media_type);
        if let Some(example) = self.first_that_fits(&refer(name), candidates) {
            return Some(example);
        }
        self.open.push(name);
        let made = match &found.shape {
            Shape::Struct { fields, .. } => self.object(lowered, fields, node.as_ref()),
            Shape::Enum { values } => values.first().map(|value| json!(value)),
            Shape::Union(union) => self.union(name, union),
            Shape::Alias => self.value(lowered, node, "sample"),
            Shape::Same(other) => self.named(other),
        };
        self.open.pop();
        made
    }

    /// A value of a lowered schema, of which `node` is what the document has. `name` is what the value is
    /// called where it stands.
    fn value(&mut self, lowered: &'s Value, node: Option<Node<'a>>, name: &str) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let own = node.iter().flat_map(examples);
        if let Some(example) = self.first_that_fits(lowered, own) {
            return Some(example);
        }
        let made = match reference(lowered) {
            Some(reference) => self.named(reference),
            None => self.plain(lowered, node, name),
        };
        made.or_else(|| fit::is_nullable(lowered).then_some(Value::Null))
    }

    fn plain(&mut self, lowered: &'s Value, node: Option<Node<'a>>, name: &str) -> Option<Value> {
        let node = node.map(|node| only_variant(&node).unwrap_or(node));
        let values = node.iter().flat_map(|node| node.elements("enum"));
        let values = values
            .map(|value| value.value)
            .filter(|value| !value.is_null());
        if let Some(value) = self.first_that_fits(lowered, values) {
            return Some(value);
        }
        let get = |key: &str| node.as_ref().and_then(|node| node.value.get(key));
        match lowered.get("type").and_then(Value::as_str) {
            Some("string") => {
                let made = text(lowered.get("format").or(get("format")), name);
                let bound = |key| get(key).and_then(Value::as_u64);
                Some(json!(bounded(made, bound("minLength"), bound("maxLength"))))
            }
            Some("boolean") => Some(json!(true)),
            Some(kind @ ("integer" | "number")) => {
                let made = number(kind == "integer", &get);
                let made = Some(made).filter(|made| self.fits(lowered, made));
                made.or_else(|| read(self.schemas, lowered, &json!(1), Judged::ByDocument))
            }
            Some("array" | "object") if !self.with_items => Some(match lowered.get("items") {
                Some(_) => json!([]),
                None => json!({}),
            }),
            Some("array") => {
                let items = lowered.get("items")?;
                let most = get("maxItems")
                    .and_then(Value::as_u64)
                    .unwrap_or(MOST_ITEMS);
                let least = get("minItems").and_then(Value::as_u64).unwrap_or(1);
                let count = least.max(1).min(most).min(MOST_ITEMS);
                let node = node.as_ref().and_then(|node| node.get("items"));
                // What holds itself ends here.
                let made = (0..count).map_while(|_| self.value(items, node.clone(), name));
                Some(Value::Array(made.collect()))
            }
            Some("object") => {
                let mut map = Map::new();
                let node = node
                    .as_ref()
                    .and_then(|node| node.get("additionalProperties"));
                if let Some(schema) = lowered.get("additionalProperties")
                    && let Some(made) = self.value(schema, node, "value")
                {
                    map.insert("key".to_owned(), made);
                }
                Some(Value::Object(map))
            }
            _ => Some(json!({})),
        }
    }

    /// What is required, and what the document has an example of.
    fn object(
        &mut self,
        lowered: &'s Value,
        fields: &BTreeMap<String, Field>,
        node: Option<&Node<'a>>,
    ) -> Option<Value> {
        let properties = node
            .map(|node| Merged::of(node).properties)
            .unwrap_or_default();
        let mut object = Map::new();
        for (key, field) in fields {
            let node = properties
                .get(key.as_str())
                .map(|property| property.node.clone());
            let lowered = lowered.get("properties")?.get(key)?;
            let made = if field.required {
                let made = self.value(lowered, node, key);
                Some(made.or_else(|| field.nullable.then_some(Value::Null))?)
            } else {
                let example = node.as_ref().and_then(|node| node.value.get("example"));
                self.first_that_fits(lowered, example)
            };
            if let Some(made) = made {
                object.insert(key.clone(), made);
            }
        }
        Some(Value::Object(object))
    }

    /// A value of the first variant that the client takes for one of it.
    fn union(&mut self, name: &str, union: &'s Union) -> Option<Value> {
        let schemas = self.schemas;
        union.variants.iter().find_map(|variant| {
            let mut made = match &variant.holds {
                Holds::Named(held) => self.named(held),
                Holds::Carried(field) => {
                    let lowered = fit::carried(schemas, name, field)?;
                    self.value(lowered, None, "sample")
                }
            }?;
            if let (Some(tag), Some(first)) = (&union.tag, variant.tags.first())
                && let Some(object) = made.as_object_mut()
            {
                let is_meant =
                    |value: &Value| variant.tags.iter().any(|known| value == known.as_str());
                if !object.get(tag).is_some_and(is_meant) {
                    object.insert(tag.clone(), json!(first));
                }
            }
            Some(made).filter(|made| {
                read(schemas, &refer(name), made, Judged::ByDocument).as_ref() == Some(made)
                    && self.fits(&refer(name), made)
            })
        })
    }

    /// The first of the document's values that is one of the type, as the client writes it.
    fn first_that_fits<'v>(
        &self,
        lowered: &Value,
        values: impl IntoIterator<Item = &'v Value>,
    ) -> Option<Value>
    where
        'a: 'v,
    {
        let mut values = values.into_iter().peekable();
        values.peek()?;
        // A reference is made anew each time; anything else stays where it is.
        let schema = match reference(lowered) {
            Some(name) => format!("{name} {}", fit::is_nullable(lowered)),
            None => format!("{:p}", ptr::from_ref(lowered)),
        };
        values.find_map(|value| {
            let key = (schema.clone(), ptr::from_ref(value));
            if let Some(judged) = self.judged.borrow().get(&key) {
                return judged.clone();
            }
            let judged = self.judge(lowered, value);
            self.judged.borrow_mut().insert(key, judged.clone());
            judged
        })
    }

    fn judge(&self, lowered: &Value, value: &Value) -> Option<Value> {
        if !is_short(value) {
            return None;
        }
        let read = read(self.schemas, lowered, value, Judged::ByDocument)?;
        self.fits(lowered, &read).then_some(read)
    }

    /// Whether the client writes what it has read.
    fn fits(&self, lowered: &Value, value: &Value) -> bool {
        read(self.schemas, lowered, value, Judged::ByClient).as_ref() == Some(value)
    }
}

/// The values that the document has of a schema.
fn examples<'a>(node: &Node<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let value = node.value;
    ["example", "default"]
        .into_iter()
        .filter_map(|key| value.get(key))
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn is_short(value: &Value) -> bool {
    room(value, LONGEST).is_some()
}

/// How much of some room is left behind a value, by about its length as JSON.
fn room(value: &Value, left: usize) -> Option<usize> {
    match value {
        Value::String(text) => left.checked_sub(text.len() + 2),
        Value::Array(items) => items
            .iter()
            .try_fold(left, |left, item| room(item, left.checked_sub(1)?)),
        Value::Object(members) => members.iter().try_fold(left, |left, (key, member)| {
            room(member, left.checked_sub(key.len() + 4)?)
        }),
        _ => left.checked_sub(4),
    }
}

/// A text of some format; one without a format says where it stands.
fn text<'v>(format: Option<&'v Value>, name: &'v str) -> &'v str {
    match format.and_then(Value::as_str) {
        Some("date") => "2025-01-31",
        Some("date-time") => "2025-01-31T09:15:00Z",
        Some("time") => "09:15:00Z",
        Some("uuid") => "123e4567-e89b-42d3-a456-426614174000",
        Some("uri" | "url") => "https://example.com/",
        Some("hostname") => "example.com",
        Some("email") => "user@example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "c2FtcGxl",
        _ => name,
    }
}

/// The text, repeated or cut to a length that the document permits.
fn bounded(text: &str, least: Option<u64>, most: Option<u64>) -> String {
    let length = |bound: u64| {
        usize::try_from(bound)
            .unwrap_or(LONGEST_TEXT)
            .min(LONGEST_TEXT)
    };
    let text = if text.is_empty() { "sample" } else { text };
    let count = text.chars().count();
    let count = count
        .max(least.map_or(0, length))
        .min(most.map_or(LONGEST_TEXT, length));
    text.chars().cycle().take(count).collect()
}

/// 1 where the bounds permit it, otherwise a number near one of them.
fn number<'v>(integer: bool, get: &impl Fn(&str) -> Option<&'v Value>) -> Value {
    let bound = |key| get(key).and_then(Value::as_f64);
    let is_exclusive = |key| get(key).and_then(Value::as_bool).unwrap_or(false);
    let least = bound("minimum").unwrap_or(f64::NEG_INFINITY);
    let most = bound("maximum").unwrap_or(f64::INFINITY);
    let (above, below) = (
        is_exclusive("exclusiveMinimum"),
        is_exclusive("exclusiveMaximum"),
    );
    let candidates = [
        1.0,
        least.ceil(),
        least.ceil() + 1.0,
        least,
        (least + most) / 2.0,
        most.floor(),
        most.floor() - 1.0,
    ];
    let found = candidates.into_iter().find(|value| {
        let inside = *value >= least && *value <= most;
        let excluded = (above && *value == least) || (below && *value == most);
        value.is_finite() && inside && !excluded && (!integer || value.fract() == 0.0)
    });
    let found = found.unwrap_or(1.0);
    match (integer, found < 0.0) {
        // Beyond the range of its type it is the nearest; the caller judges it.
        (true, true) => json!(found as i64),
        (true, false) => json!(found as u64),
        (false, _) => json!(found),
    }
}
