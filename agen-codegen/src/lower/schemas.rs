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

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    copies::Copies,
    fit,
    form::{Form, form},
    inside::Inner,
    merge::{Merged, Property},
    operations,
    reading::{is_any, is_nullable, string_values, variants},
};
use crate::{
    api::{Field, Shape, Type},
    document::{Document, Node, reference_pointer, unescape},
    name::{self, Case, Taken},
    value::{Map, Value, json},
};

/// The name of the component that a reference means.
pub(super) fn component_name(reference: &str) -> Option<String> {
    let pointer = reference_pointer(reference)?;
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| unescape(name).into_owned())
}

/// The Rust names of the schemas in the components, by their names in the document.
pub(crate) fn component_types(document: &Document) -> BTreeMap<&str, String> {
    names_of_components(document, &mut Taken::default())
}

fn names_of_components<'a>(document: &'a Document, taken: &mut Taken) -> BTreeMap<&'a str, String> {
    let names: Vec<&str> = components(document).map(|(name, _)| name).collect();
    let made = name::unordered(&names, TYPE, taken);
    names.into_iter().zip(made).collect()
}

pub(super) fn components(document: &Document) -> impl Iterator<Item = (&str, Node<'_>)> {
    let all = document.at("/components/schemas").into_iter();
    all.flat_map(|node| node.entries())
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

/// How the name of a type is written.
const TYPE: Case = Case::Type(&USED_NAMES);

/// Lowers the schemas of one document, and collects the types that they become.
pub(super) struct Schemas<'a> {
    pub(super) document: &'a Document,
    /// Rust names of the components, by their names in the document.
    pub(super) components: BTreeMap<&'a str, String>,
    taken: Taken,
    /// The types of schemas that stand somewhere inside, by their pointers.
    pub(super) inner: BTreeMap<String, Inner>,
    /// References into the inside that are being followed, the innermost last.
    pub(super) following: Vec<String>,
    /// What references lead to, and nothing has defined yet.
    pub(super) pending: Vec<Node<'a>>,
    /// The Rust names of components that are only other names, and the types that they mean.
    pub(super) same: BTreeMap<String, String>,
    pub(super) types: BTreeMap<String, Type>,
    /// The lowered schemas, by Rust name.
    pub(super) lowered: BTreeMap<String, Value>,
    /// Which types a type mentions.
    pub(super) edges: BTreeMap<String, BTreeSet<String>>,
    /// The types whose schemas are being lowered, each with the pointer of its schema, the innermost last.
    pub(super) owners: Vec<(String, String)>,
    /// The types of inline schemas that `allOf` has brought into other inline schemas, by their pointers.
    pub(super) brought: HashMap<String, String>,
    /// What is made into Rust more than once.
    pub(super) copies: Copies,
    /// Properties that a discriminator names, as (component, property).
    tags: BTreeSet<(String, String)>,
    /// Examples of types that stand beside a mention of them in a body, by Rust name.
    pub(super) examples: BTreeMap<String, &'a Value>,
    /// Types that stand in requests by themselves; fields of a flat body are not among them.
    pub(super) sent: BTreeSet<String>,
}

/// What a type is called that has no name of its own. That of a property, and of what is in something, is put
/// together only where it is asked for: few schemas do.
#[derive(Clone, Copy)]
pub(super) enum Context<'c> {
    Named(&'c str),
    /// By the name of what it belongs to, and that of the property or parameter.
    Property(&'c str, &'c str),
    /// By what it is in, and a word behind that.
    Inside(&'c Context<'c>, &'static str),
}

impl Context<'_> {
    pub(super) fn name(self) -> String {
        match self {
            Self::Named(name) => name.to_owned(),
            Self::Property(owner, name) => format!("{owner}{}", Case::Pascal.plain(name)),
            Self::Inside(outer, word) => format!("{}{word}", outer.name()),
        }
    }
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut schemas = Self {
            document,
            components: BTreeMap::new(),
            taken: Taken::default(),
            inner: BTreeMap::new(),
            following: Vec::new(),
            pending: Vec::new(),
            same: BTreeMap::new(),
            types: BTreeMap::new(),
            lowered: BTreeMap::new(),
            edges: BTreeMap::new(),
            owners: Vec::new(),
            brought: HashMap::new(),
            copies: Copies::new(),
            tags: BTreeSet::new(),
            examples: BTreeMap::new(),
            sent: BTreeSet::new(),
        };
        schemas.components = names_of_components(document, &mut schemas.taken);
        for (_, node) in components(document) {
            schemas.collect_tags(&node);
        }
        schemas.find_same();
        schemas
    }

    /// Lowers every component.
    pub(super) fn lower_components(&mut self) {
        for (component, node) in components(self.document) {
            let rust = self.components[component].clone();
            self.copies.site.clone_from(&node.pointer);
            self.define(rust, &node);
        }
    }

    /// Lowers a schema in place: a reference to a type or a plain schema. `context` is the name
    /// for what has none.
    pub(super) fn lower(&mut self, node: &Node<'a>, context: Context<'_>) -> Value {
        let mut lowered = if self.is_over(node) {
            return json!({});
        } else if let Some(rust) = self.named(node) {
            self.mention(&rust)
        } else if node.text("$ref").is_some() {
            return self.lower_inside(node);
        } else if let Some(rust) = self.met(node) {
            self.mention(&rust)
        } else {
            match form(node) {
                Form::Same(inner) => self.lower(&inner, context),
                Form::Plain => self.plain(node, context),
                Form::Anything => json!({}),
                form => self.lower_named(node, context, form),
            }
        };
        if is_nullable(node) {
            set_nullable(&mut lowered);
        }
        lowered
    }

    /// The Rust name of the type that a `$ref` means: that of the last component, where one is only
    /// another name of the next.
    pub(super) fn named(&self, node: &Node<'a>) -> Option<String> {
        let rust = self.reference(node)?;
        Some(self.same.get(&rust).cloned().unwrap_or(rust))
    }

    /// The Rust name of the component that a `$ref` means.
    pub(super) fn reference(&self, node: &Node<'a>) -> Option<String> {
        let component = component_name(node.text("$ref")?)?;
        self.component(&component).map(str::to_owned)
    }

    pub(super) fn component(&self, name: &str) -> Option<&str> {
        self.components.get(name).map(String::as_str)
    }

    /// What a property of a component was lowered to, so that its type has one name.
    pub(super) fn lowered_property(&self, node: &Node<'a>) -> Option<Value> {
        let component = node.pointer.strip_prefix("/components/schemas/")?;
        let component = unescape(component.split('/').next()?);
        let rust = self.components.get(&*component)?;
        let properties = self.lowered.get(rust)?.get("properties")?;
        properties.get(&node.name()).cloned()
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
            pointer: node.pointer.clone(),
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
        let items = lowered
            .get("items")
            .zip(example.as_array().and_then(|items| items.first()));
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

    /// Takes null from the properties of structs: their [`Field`]s say it, and typify would put the box of
    /// a type that holds itself around the `Option`.
    pub(super) fn strip_null(&mut self) {
        for (name, found) in &self.types {
            let lowered = self.lowered.get_mut(name);
            let properties = lowered.and_then(|lowered| lowered.get_mut("properties"));
            if let (Shape::Struct { .. }, Some(Value::Object(properties))) =
                (&found.shape, properties)
            {
                properties.change(set_not_nullable);
            }
        }
    }

    /// A name that no other type has, and that typify leaves as it is.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        self.taken.take_numbered(TYPE.plain(wanted), TYPE)
    }

    pub(super) fn mention(&mut self, rust: &str) -> Value {
        if let Some((owner, _)) = self.owners.last() {
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

    /// Defines the type of a schema that has a name.
    pub(super) fn define(&mut self, rust: String, node: &Node<'a>) {
        if self.is_over(node) {
            return;
        }
        if let Some(other) = self.same.get(&rust).cloned() {
            self.add(rust, node, Shape::Same(other), None);
        } else if node.value.get("$ref").is_some() {
            self.define_as(rust, node, Form::Same(node.clone()));
        } else {
            self.define_as(rust, node, form(node));
        }
    }

    pub(super) fn define_as(&mut self, rust: String, node: &Node<'a>, form: Form<'a>) {
        self.owners.push((rust.clone(), node.pointer.clone()));
        let (shape, lowered) = self.shape(&rust, node, form);
        self.owners.pop();
        self.add(rust, node, shape, Some(lowered));
    }

    /// Defines a struct of what several schemas say, of which the first has a place and a description.
    pub(super) fn define_object(&mut self, rust: String, node: &Node<'a>, merged: Merged<'a>) {
        self.define_as(rust, node, Form::Object(merged));
    }

    fn add(&mut self, rust: String, node: &Node<'a>, shape: Shape, lowered: Option<Value>) {
        if let Some(lowered) = lowered {
            self.lowered.insert(rust.clone(), lowered);
        }
        let described = |node: &Node<'a>| node.text("description").or_else(|| node.text("title"));
        let found = Type {
            pointer: node.pointer.clone(),
            description: described(node).map(str::to_owned),
            deprecated: node.flag("deprecated"),
            sent: false,
            shape,
            sample: None,
            by_name: false,
        };
        self.types.insert(rust, found);
    }

    fn shape(&mut self, rust: &str, node: &Node<'a>, form: Form<'a>) -> (Shape, Value) {
        match form {
            Form::Same(inner) if inner.text("$ref").is_none() => {
                self.shape(rust, &inner, super::form::form(&inner))
            }
            Form::Same(inner) => {
                let lowered = match self.named(&inner) {
                    Some(other) => self.mention(&other),
                    None => self.lower_inside(&inner),
                };
                (Shape::Alias, lowered)
            }
            Form::Enum(values) => (Shape::Enum { values }, json!({})),
            Form::Union(union) => {
                let union = self.union(rust, node, union);
                (Shape::Union(union), json!({}))
            }
            Form::Object(merged) => self.object(rust, node, merged),
            Form::Plain => (Shape::Alias, self.plain(node, Context::Named(rust))),
            Form::Anything => (Shape::Alias, json!({})),
        }
    }

    fn object(&mut self, rust: &str, node: &Node<'a>, mut merged: Merged<'a>) -> (Shape, Value) {
        if !self.has_room_for(node, &merged) {
            merged = Merged::default();
        }
        let mut fields = BTreeMap::new();
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, property) in &merged.properties {
            if property.required {
                required.push(*key);
            }
            let mut field = self.field(&property.node, property.required);
            let lowered = if self.is_tag(&property.node, key) {
                json!({"type": "string"})
            } else {
                self.property(property, Context::Property(rust, key))
            };
            if lowered == json!({}) {
                // A JSON value has its own null.
                field.any = true;
                field.nullable = false;
            }
            fields.insert((*key).to_owned(), field);
            properties.insert((*key).to_owned(), lowered);
        }
        let mut lowered = json!({"type": "object"});
        lowered.set("properties", Value::Object(properties));
        if !required.is_empty() {
            lowered.set("required", json!(required));
        }
        // Who inherits from a schema with a discriminator has properties that it does not name.
        let is_base = node.get("discriminator").is_some();
        let keeps_unknown = merged.keeps_unknown || merged.additional.is_some() || is_base;
        match merged.additional {
            Some(schema) => {
                lowered.set(
                    "additionalProperties",
                    self.lower(&schema, Context::Inside(&Context::Named(rust), "Value")),
                );
            }
            // For typify `true` is the same as nothing; an empty schema is not.
            None if keeps_unknown => lowered.set("additionalProperties", json!({})),
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

    /// Whether a discriminator reads a property.
    fn is_tag(&self, node: &Node<'a>, key: &str) -> bool {
        !self.tags.is_empty() && {
            let owner = parent_pointer(&node.pointer);
            self.tags.contains(&(owner, key.to_owned()))
        }
    }

    /// The value of a property: what all parts say that have it.
    fn property(&mut self, property: &Property<'a>, context: Context<'_>) -> Value {
        if property.conflict.is_some() {
            return json!({});
        }
        if !property.more.is_empty() {
            let merged = Merged::of_all(std::iter::once(&property.node).chain(&property.more));
            if merged.is_object() && !merged.properties.is_empty() {
                let met = self.met(&property.node);
                let rust = met.clone().unwrap_or_else(|| self.unique(&context.name()));
                let mut reference = self.mention(&rust);
                if met.is_none() {
                    self.bring(&property.node, &rust);
                    self.define_object(rust, &property.node, merged);
                }
                if is_nullable(&property.node) {
                    set_nullable(&mut reference);
                }
                return reference;
            }
        }
        self.lower(&property.node, context)
    }
}

pub(super) fn set_nullable(lowered: &mut Value) {
    if lowered.get("$ref").is_some() {
        *lowered = json!({"allOf": [lowered.take()], "nullable": true});
    } else if lowered != &json!({}) {
        lowered.set("nullable", json!(true));
    }
}

pub(super) fn set_not_nullable(lowered: &mut Value) {
    let only = lowered
        .get_mut("allOf")
        .and_then(|parts| parts.as_array_mut()?.first_mut());
    if let Some(inner) = only.map(Value::take) {
        *lowered = inner;
    } else if let Some(object) = lowered.as_object_mut() {
        object.remove("nullable");
    }
}

/// The pointer of the schema that a property stands in.
fn parent_pointer(pointer: &str) -> String {
    let above = |pointer: &str| pointer.rsplit_once('/').map(|(above, _)| above.to_owned());
    above(pointer)
        .and_then(|properties| above(&properties))
        .unwrap_or_default()
}
