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

use crate::{
    api::{self, Field, Shape, Type, Union, Variant},
    document::{Document, Node},
    name,
    polish::documented_name,
};

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
    document: &'a Document,
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
}

/// A property, collected through references and `allOf`.
struct Property<'a> {
    node: Node<'a>,
    required: bool,
}

/// An object schema with everything that its `allOf` adds.
#[derive(Default)]
struct Merged<'a> {
    properties: BTreeMap<&'a str, Property<'a>>,
    required: BTreeSet<&'a str>,
    additional: Option<Node<'a>>,
    keeps_unknown: bool,
    /// Whether a part is something else than an object.
    foreign: bool,
    /// What is in already: a part that is reached twice adds nothing, and a circle ends.
    seen: BTreeSet<String>,
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
            if node.resolve().is_some_and(|target| target.flag("nullable")) {
                set_nullable(&mut reference);
            }
            return reference;
        }
        let nullable = node.flag("nullable");
        if let Some(only) = self.only_reference(node) {
            let reference = self.mention(&only);
            return if nullable {
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
            return if nullable || variants(node).any(|variant| is_null(&variant)) {
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
        let reference = node.text("$ref")?;
        let component = reference.strip_prefix("#/components/schemas/")?;
        let component = component.replace("~1", "/").replace("~0", "~");
        self.components.get(component.as_str()).cloned()
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
            nullable: target.flag("nullable")
                || variants(&target).any(|variant| is_null(&variant))
                || target
                    .value
                    .get("enum")
                    .and_then(Value::as_array)
                    .is_some_and(|values| values.contains(&Value::Null)),
            any: is_any(&target),
            constant: values
                .filter(|values| values.len() == 1)
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
    fn only_variant(&self, node: &Node<'a>) -> Option<Node<'a>> {
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
            let mut merged = Merged::default();
            self.merge(node, &mut merged);
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
        let required: Vec<&str> = merged
            .required
            .iter()
            .copied()
            .filter(|key| merged.properties.contains_key(key))
            .collect();
        for (key, property) in &merged.properties {
            let needed = property.required || merged.required.contains(key);
            let mut field = self.field(&property.node, needed);
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
            field.any |= lowered == json!({});
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

    /// Collects the properties of a schema and of everything in its `allOf`.
    fn merge(&self, node: &Node<'a>, merged: &mut Merged<'a>) {
        let Some(node) = node.resolve() else {
            merged.foreign = true;
            return;
        };
        if !merged.seen.insert(node.pointer.clone()) {
            return;
        }
        let kind = node.text("type");
        if kind.is_some_and(|kind| kind != "object")
            || variants(&node).next().is_some()
            || string_values(&node).is_some()
        {
            merged.foreign = true;
            return;
        }
        for part in node.elements("allOf") {
            self.merge(&part, merged);
        }
        merged.required.extend(
            node.elements("required")
                .filter_map(|key| key.value.as_str()),
        );
        for (key, property) in node.members("properties") {
            merged.properties.insert(
                key,
                Property {
                    node: property,
                    required: false,
                },
            );
        }
        match node.get("additionalProperties") {
            Some(schema) if schema.value.is_object() && !is_any(&schema) => {
                merged.additional = Some(schema)
            }
            Some(flag) if flag.value != &Value::Bool(false) => merged.keeps_unknown = true,
            _ => {}
        }
    }

    fn union(&mut self, rust: &str, node: &Node<'a>) -> Union {
        let discriminator = node.get("discriminator");
        let mut tag = discriminator
            .as_ref()
            .and_then(|found| found.text("propertyName"))
            .map(str::to_owned);
        let real: Vec<Node<'a>> = variants(node).filter(|variant| !is_null(variant)).collect();
        let properties: Vec<BTreeMap<&str, Property<'a>>> = real
            .iter()
            .map(|variant| self.properties(variant))
            .collect();
        if tag.is_none() {
            tag = self.implied_tag(&properties);
        }
        let mapping: Vec<(&str, String)> = discriminator
            .iter()
            .flat_map(|found| found.members("mapping"))
            .filter_map(|(value, target)| {
                let target = target.value.as_str()?;
                Some((
                    value,
                    target
                        .strip_prefix("#/components/schemas/")
                        .unwrap_or(target)
                        .to_owned(),
                ))
            })
            .collect();
        let mut names: Vec<String> = Vec::new();
        let mut carried = Map::new();
        let mut found = Vec::new();
        for (index, variant) in real.iter().enumerate() {
            let type_name = self.reference(variant);
            let mut tags: Vec<String> = Vec::new();
            if let Some(tag) = &tag {
                let component = variant
                    .text("$ref")
                    .and_then(|target| target.strip_prefix("#/components/schemas/"));
                tags.extend(
                    mapping
                        .iter()
                        .filter(|(_, target)| Some(target.as_str()) == component)
                        .map(|(value, _)| (*value).to_owned()),
                );
                if tags.is_empty() {
                    match (discriminator.is_some(), component) {
                        (true, Some(component)) => tags.push(component.to_owned()),
                        _ => tags.extend(self.constant(&properties[index], tag)),
                    }
                }
            }
            let wanted = match (tags.as_slice(), &type_name) {
                ([only], _) => name::pascal(only),
                (_, Some(name)) => Some(name.clone()),
                _ => variant.text("title").and_then(name::pascal),
            };
            let wanted = wanted.unwrap_or_else(|| kind_name(variant).to_owned());
            let name = documented_name(rust, wanted, &names);
            names.push(name.clone());
            let type_name = match type_name {
                Some(type_name) => {
                    self.mention(&type_name);
                    Some(type_name)
                }
                None => {
                    let lowered = self.lower(variant, &format!("{rust}{name}"));
                    let named = lowered["$ref"]
                        .as_str()
                        .and_then(|target| target.rsplit('/').next())
                        .map(str::to_owned);
                    if named.is_none() {
                        carried.insert(format!("v{index}"), lowered);
                    }
                    named
                }
            };
            found.push((
                weight(&properties[index]),
                index,
                Variant {
                    name,
                    tags,
                    type_name,
                },
            ));
        }
        if tag.is_none() {
            // The first that fits is taken, so the most demanding one comes first.
            found.sort_by_key(|(weight, index, _)| (std::cmp::Reverse(*weight), *index));
        }
        if !carried.is_empty() {
            let required: Vec<&String> = carried.keys().collect();
            let lowered = json!({"type": "object", "required": required, "properties": carried});
            self.lowered.insert(api::carrier(rust), lowered);
        }
        Union {
            tag,
            variants: found.into_iter().map(|(_, _, variant)| variant).collect(),
        }
    }

    /// The property that is required in every variant with one permitted value each, all different:
    /// a tag, though no discriminator says so.
    fn implied_tag(&self, variants: &[BTreeMap<&str, Property<'a>>]) -> Option<String> {
        let first = variants.first()?;
        first.keys().map(|key| (*key).to_owned()).find(|key| {
            let constants: Vec<Option<String>> = variants
                .iter()
                .map(|properties| self.constant(properties, key))
                .collect();
            let distinct: BTreeSet<_> = constants.iter().flatten().collect();
            variants.len() > 1 && distinct.len() == variants.len()
        })
    }

    fn constant(&self, properties: &BTreeMap<&str, Property<'a>>, key: &str) -> Option<String> {
        let property = properties.get(key).filter(|property| property.required)?;
        self.field(&property.node, true).constant
    }

    fn properties(&self, node: &Node<'a>) -> BTreeMap<&'a str, Property<'a>> {
        let mut merged = Merged::default();
        self.merge(node, &mut merged);
        let required = merged.required;
        let mark = |(key, mut property): (&'a str, Property<'a>)| {
            property.required = required.contains(key);
            (key, property)
        };
        merged.properties.into_iter().map(mark).collect()
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

/// How much a variant asks of a value.
fn weight(properties: &BTreeMap<&str, Property<'_>>) -> (usize, usize) {
    (
        properties
            .values()
            .filter(|property| property.required)
            .count(),
        properties.len(),
    )
}

/// The values of a string enum, without null. A union of strings is an enum as well: the ones that
/// are named are its documented values.
fn string_values(node: &Node<'_>) -> Option<Vec<String>> {
    let real: Vec<Node<'_>> = variants(node).filter(|variant| !is_null(variant)).collect();
    if real.is_empty() {
        return enum_values(node);
    }
    let resolved: Option<Vec<Node<'_>>> = real.iter().map(Node::resolve).collect();
    let resolved = resolved?;
    let strings = resolved
        .iter()
        .all(|variant| variant.text("type") == Some("string"));
    let mut values: Vec<String> = resolved.iter().filter_map(enum_values).flatten().collect();
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    (strings && !values.is_empty()).then_some(values)
}

/// The strings of `enum`, without null; `None` where something else stands among them.
fn enum_values(node: &Node<'_>) -> Option<Vec<String>> {
    if !matches!(node.text("type"), None | Some("string")) {
        return None;
    }
    let values = node
        .value
        .get("enum")?
        .as_array()?
        .iter()
        .filter(|value| !value.is_null());
    let texts: Option<Vec<String>> = values
        .map(|value| value.as_str().map(str::to_owned))
        .collect();
    texts.filter(|texts| !texts.is_empty())
}

/// Whether there is a variant that is not null.
fn is_union(node: &Node<'_>) -> bool {
    variants(node).any(|variant| !is_null(&variant))
}

fn variants<'a>(node: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    node.elements("oneOf").chain(node.elements("anyOf"))
}

/// A union of strings that names no values.
fn is_text(node: &Node<'_>) -> bool {
    let mut real = variants(node)
        .filter(|variant| !is_null(variant))
        .peekable();
    let text = |variant: Node<'_>| {
        variant
            .resolve()
            .is_some_and(|found| found.text("type") == Some("string"))
    };
    real.peek().is_some() && real.all(text) && string_values(node).is_none()
}

/// `enum: [null]`, which 3.0 documents write for null.
fn is_null(node: &Node<'_>) -> bool {
    node.value
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.as_slice() == [Value::Null])
        || node.text("type") == Some("null")
}

/// A schema that says nothing of the value.
fn is_any(node: &Node<'_>) -> bool {
    const MEANING: [&str; 9] = [
        "$ref",
        "type",
        "properties",
        "items",
        "additionalProperties",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
    ];
    node.value
        .as_object()
        .is_some_and(|object| !MEANING.iter().any(|key| object.contains_key(*key)))
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

fn kind_name(node: &Node<'_>) -> &'static str {
    match node.text("type") {
        Some("string") => "String",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("boolean") => "Boolean",
        Some("array") => "Array",
        _ => "Object",
    }
}
