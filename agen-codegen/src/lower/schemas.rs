//! Lowers schemas to what progenitor turns into the Rust that we want.
//!
//! | rewrite | reason |
//! |---|---|
//! | inline objects, enums and unions become components | each has a name that is chosen here, so that none collides |
//! | string enums and unions become opaque components | progenitor's are closed: one new value fails the whole answer |
//! | `allOf` is merged into one object | a member that is an enum or a union is opaque to progenitor |
//! | bounds, patterns and defaults go | a client that checks answers breaks when the server relaxes a rule; a default would always be sent |
//! | `additionalProperties: false` goes | a field that is added to an answer would be an error |
//! | formats go, but for numbers, `date` and `date-time` | the text is kept as it came |

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    fit,
    merge::Merged,
    operations,
    reading::{is_any, is_null, is_nullable, is_text, is_union, string_values, variants},
};
use crate::{
    api::{Field, Shape, Type},
    document::{Document, Node, reference_pointer, unescape},
    name,
};

/// The name of the component that a reference means.
pub(super) fn component_name(reference: &str) -> Option<String> {
    let pointer = reference_pointer(reference)?;
    let name = pointer.strip_prefix("/components/schemas/")?;
    Some(unescape(name).into_owned())
}

/// What the generated code means by these names must not be hidden by a type of the document.
const USED_NAMES: [&str; 11] = [
    "Box",
    "Default",
    "From",
    "Into",
    "IntoNullableString",
    "None",
    "Option",
    "Some",
    "String",
    "UnknownValue",
    "Vec",
];

/// Lowers the schemas of one document, and collects the types that they become.
pub(super) struct Schemas<'a> {
    pub(super) document: &'a Document,
    /// Rust names of the components, by their names in the document.
    components: BTreeMap<&'a str, String>,
    taken: BTreeSet<String>,
    pub(super) types: BTreeMap<String, Type>,
    /// The lowered schemas, by Rust name.
    pub(super) lowered: Map<String, Value>,
    /// Which types a type mentions.
    pub(super) edges: BTreeMap<String, BTreeSet<String>>,
    /// The types whose schemas are being lowered, the innermost last.
    owners: Vec<String>,
    /// Properties that a discriminator names, as (component, property).
    tags: BTreeSet<(String, String)>,
    /// Examples of types that stand beside a mention of them in a body, by Rust name.
    pub(super) examples: BTreeMap<String, &'a Value>,
    /// Types that stand in requests by themselves; fields of a flat body are not among them.
    pub(super) sent: BTreeSet<String>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut schemas = Self {
            document,
            components: BTreeMap::new(),
            taken: BTreeSet::new(),
            types: BTreeMap::new(),
            lowered: Map::new(),
            edges: BTreeMap::new(),
            owners: Vec::new(),
            tags: BTreeSet::new(),
            examples: BTreeMap::new(),
            sent: BTreeSet::new(),
        };
        for (component, node) in schemas.component_nodes() {
            let rust = schemas.unique(component);
            schemas.components.insert(component, rust);
            schemas.collect_tags(&node);
        }
        schemas
    }

    /// Lowers every component.
    pub(super) fn lower_components(&mut self) {
        for (component, node) in self.component_nodes() {
            let rust = self.components[component].clone();
            self.define(rust, &node);
        }
    }

    /// Lowers a schema in place: a reference to a type or a plain schema. `context` is the name
    /// for what has none.
    pub(super) fn lower(&mut self, node: &Node<'a>, context: &str) -> Value {
        if let Some(rust) = self.reference(node) {
            let mut reference = self.mention(&rust);
            if node.resolve().is_some_and(|target| is_nullable(&target)) {
                set_nullable(&mut reference);
            }
            return reference;
        }
        let nullable = node.flag("nullable");
        if let Some(only) = self.only_reference(node) {
            let reference = self.mention(&only);
            return if is_nullable(node) {
                json!({"allOf": [reference], "nullable": true})
            } else {
                reference
            };
        }
        if let Some(inner) = self.only_variant(node) {
            let mut lowered = self.lower(&inner, context);
            set_nullable(&mut lowered);
            return lowered;
        }
        if self.has_name_of_its_own(node) {
            let rust = self.unique(context);
            let reference = self.mention(&rust);
            self.define(rust, node);
            return if is_nullable(node) {
                json!({"allOf": [reference], "nullable": true})
            } else {
                reference
            };
        }
        let mut plain = self.plain(node, context);
        if nullable {
            set_nullable(&mut plain);
        }
        plain
    }

    /// The Rust name of the component that a `$ref` means.
    pub(super) fn reference(&self, node: &Node<'a>) -> Option<String> {
        let component = component_name(node.text("$ref")?)?;
        self.components.get(component.as_str()).cloned()
    }

    /// What a property of a component was lowered to, so that its type has one name.
    pub(super) fn lowered_property(&self, node: &Node<'a>) -> Option<Value> {
        let component = node.pointer.strip_prefix("/components/schemas/")?;
        let component = unescape(component.split('/').next()?);
        let rust = self.components.get(&*component)?;
        let properties = self.lowered.get(rust)?.get("properties")?;
        properties.get(&*node.name()).cloned()
    }

    /// What is to be known of a schema as a field or a parameter.
    pub(super) fn field(&self, node: &Node<'a>, required: bool) -> Field {
        let target = node.resolve().unwrap_or_else(|| node.clone());
        let own = |key: &str| {
            node.text(key)
                .or_else(|| target.text(key))
                .map(str::to_owned)
        };
        let values = string_values(&target);
        Field {
            description: own("description"),
            required,
            // What can be anything can be null in any case.
            nullable: is_nullable(&target) && !is_any(&target),
            any: is_any(&target),
            // Null is a second value.
            constant: values
                .filter(|values| values.len() == 1 && !is_nullable(&target))
                .and_then(|mut values| values.pop()),
            default: node
                .value
                .get("default")
                .or_else(|| target.value.get("default"))
                .cloned(),
            min_length: target
                .value
                .get("minLength")
                .and_then(Value::as_u64)
                .filter(|least| *least > 0),
            max_length: target.value.get("maxLength").and_then(Value::as_u64),
            example: node
                .value
                .get("example")
                .or_else(|| target.value.get("example"))
                .cloned(),
            deprecated: node.flag("deprecated"),
        }
    }

    /// Notes the example of a media type, for the type of its body or of the body's items.
    pub(super) fn note_example(&mut self, lowered: &Value, media: &Node<'a>) {
        let Some(example) = operations::example(media) else {
            return;
        };
        let items = lowered.get("items").zip(example.get(0));
        let (lowered, example) = items.unwrap_or((lowered, example));
        if let Some(name) = fit::reference(lowered) {
            self.examples.entry(name.to_owned()).or_insert(example);
        }
    }

    /// Whether the named type is a struct, so that its fields can stand as arguments of a call.
    pub(super) fn is_flat(&self, rust: &str) -> bool {
        matches!(
            self.types.get(rust).map(|found| &found.shape),
            Some(Shape::Struct { fields, .. }) if !fields.is_empty()
        )
    }

    /// A name that no other type has, and that typify leaves as it is.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let stable = |name: &str| name::pascal(name).unwrap_or_else(|| "Type".to_owned());
        let mut wanted = stable(wanted);
        if USED_NAMES.contains(&wanted.as_str()) {
            wanted.push_str("Type");
        }
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = stable(&format!("{wanted}{number}"));
            number += 1;
        }
        name
    }

    fn component_nodes(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.document
            .at("/components/schemas")
            .into_iter()
            .flat_map(|node| node.entries())
    }

    fn mention(&mut self, rust: &str) -> Value {
        if let Some(owner) = self.owners.last() {
            self.edges
                .entry(owner.clone())
                .or_default()
                .insert(rust.to_owned());
        }
        json!({"$ref": format!("#/components/schemas/{rust}")})
    }

    /// Notes which property of which component a discriminator reads: it is a plain string there,
    /// since the union's variants say what it can be.
    fn collect_tags(&mut self, node: &Node<'a>) {
        let Some(property) = node
            .get("discriminator")
            .and_then(|found| found.text("propertyName"))
        else {
            return;
        };
        for variant in variants(node) {
            if let Some(target) = variant.resolve() {
                self.tags.insert((target.pointer, property.to_owned()));
            }
        }
    }

    /// `allOf` with one reference and nothing else that matters: the usual way to say something
    /// about a reference in 3.0.
    fn only_reference(&self, node: &Node<'a>) -> Option<String> {
        let mut parts = node.elements("allOf");
        let (first, None) = (parts.next()?, parts.next()) else {
            return None;
        };
        if node.value.get("properties").is_some()
            || node.value.get("oneOf").is_some()
            || node.value.get("anyOf").is_some()
        {
            return None;
        }
        self.reference(&first)
    }

    /// A union of one schema and null.
    pub(super) fn only_variant(&self, node: &Node<'a>) -> Option<Node<'a>> {
        let mut real = variants(node).filter(|variant| !is_null(variant));
        let (first, None) = (real.next()?, real.next()) else {
            return None;
        };
        (variants(node).count() > 1 && node.value.get("discriminator").is_none()).then_some(first)
    }

    fn has_name_of_its_own(&self, node: &Node<'a>) -> bool {
        if is_text(node) {
            return false;
        }
        string_values(node).is_some()
            || is_union(node)
            || node.value.get("allOf").is_some()
            || node
                .value
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|found| !found.is_empty())
    }

    /// Defines the type of a schema that has a name.
    fn define(&mut self, rust: String, node: &Node<'a>) {
        self.owners.push(rust.clone());
        let (shape, lowered) = self.shape(&rust, node);
        self.owners.pop();
        self.lowered.insert(rust.clone(), lowered);
        let description = node
            .text("description")
            .or_else(|| node.text("title"))
            .map(str::to_owned);
        let found = Type {
            pointer: node.pointer.clone(),
            description,
            deprecated: node.flag("deprecated"),
            sent: false,
            shape,
            sample: None,
        };
        self.types.insert(rust, found);
    }

    fn shape(&mut self, rust: &str, node: &Node<'a>) -> (Shape, Value) {
        if node.value.get("$ref").is_some() || self.only_reference(node).is_some() {
            return (Shape::Alias, self.lower(node, rust));
        }
        if let Some(values) = string_values(node) {
            return (Shape::Enum { values }, json!({}));
        }
        if !is_text(node) && is_union(node) {
            let union = self.union(rust, node);
            return (Shape::Union(union), json!({}));
        }
        if node.value.get("allOf").is_some() || node.value.get("properties").is_some() {
            let merged = Merged::of(node);
            if merged.foreign {
                // Not an object throughout: kept as the JSON that came.
                return (Shape::Alias, json!({}));
            }
            if !merged.properties.is_empty() {
                return self.object(rust, merged);
            }
        }
        (Shape::Alias, self.plain(node, rust))
    }

    fn object(&mut self, rust: &str, merged: Merged<'a>) -> (Shape, Value) {
        let mut fields = BTreeMap::new();
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, property) in &merged.properties {
            if property.required {
                required.push(*key);
            }
            let mut field = self.field(&property.node, property.required);
            let owner = parent_pointer(&property.node.pointer);
            let lowered = if self.tags.contains(&(owner, (*key).to_owned())) {
                json!({"type": "string"})
            } else {
                let context = format!(
                    "{rust}{}",
                    name::pascal(key).unwrap_or_else(|| "Value".to_owned())
                );
                self.lower(&property.node, &context)
            };
            if lowered == json!({}) {
                // A JSON value has its own null.
                field.any = true;
                field.nullable = false;
            }
            fields.insert((*key).to_owned(), field);
            properties.insert((*key).to_owned(), lowered);
        }
        let mut lowered = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            lowered["required"] = json!(required);
        }
        let keeps_unknown = merged.keeps_unknown || merged.additional.is_some();
        match merged.additional {
            Some(schema) => {
                lowered["additionalProperties"] = self.lower(&schema, &format!("{rust}Value"));
            }
            // For typify `true` is the same as nothing; an empty schema is not.
            None if merged.keeps_unknown => lowered["additionalProperties"] = json!({}),
            None => {}
        }
        (
            Shape::Struct {
                fields,
                keeps_unknown,
            },
            lowered,
        )
    }

    /// A schema without a type name of its own.
    fn plain(&mut self, node: &Node<'a>, context: &str) -> Value {
        match node.text("type") {
            Some("string") => match node.text("format") {
                Some(format @ ("date" | "date-time")) => {
                    json!({"type": "string", "format": format})
                }
                _ => json!({"type": "string"}),
            },
            Some("integer") => match node.text("format") {
                Some(format @ ("int32" | "uint32" | "uint64")) => {
                    json!({"type": "integer", "format": format})
                }
                _ => json!({"type": "integer", "format": "int64"}),
            },
            Some("number") => match node.text("format") {
                Some("float") => json!({"type": "number", "format": "float"}),
                _ => json!({"type": "number", "format": "double"}),
            },
            Some("boolean") => json!({"type": "boolean"}),
            Some("array") => self.array(node, context),
            None if node.value.get("items").is_some() => self.array(node, context),
            Some("object") => self.map(node, context),
            None if node.value.get("additionalProperties").is_some() => self.map(node, context),
            None if is_text(node) => json!({"type": "string"}),
            _ => json!({}),
        }
    }

    fn array(&mut self, node: &Node<'a>, context: &str) -> Value {
        let items = match node.get("items") {
            Some(items) => self.lower(&items, &format!("{context}Item")),
            None => json!({}),
        };
        json!({"type": "array", "items": items})
    }

    fn map(&mut self, node: &Node<'a>, context: &str) -> Value {
        match node
            .get("additionalProperties")
            .filter(|schema| schema.value.is_object() && !is_any(schema))
        {
            Some(schema) => {
                json!({"type": "object", "additionalProperties": self.lower(&schema, &format!("{context}Value"))})
            }
            None => json!({"type": "object"}),
        }
    }
}

fn set_nullable(lowered: &mut Value) {
    if lowered.get("$ref").is_some() {
        *lowered = json!({"allOf": [lowered.take()], "nullable": true});
    } else if lowered != &json!({}) {
        lowered["nullable"] = json!(true);
    }
}

/// The pointer of the schema that a property stands in.
fn parent_pointer(pointer: &str) -> String {
    let above = |pointer: &str| pointer.rsplit_once('/').map(|(above, _)| above.to_owned());
    above(pointer)
        .and_then(|properties| above(&properties))
        .unwrap_or_default()
}
