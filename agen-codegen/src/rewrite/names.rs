//! Names that cannot be made in the usual way, or that something else has. Nothing is changed in the
//! document: what is reported here is chosen by the same functions when the client is made.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    document::Node,
    lint::{Index, spot},
    lower, name, polish,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "enum-value-name",
        "a value of an enum gives no Rust name, or the same one as another",
        "each value is a variant, so signs are put in words, and one of two is called by how it is written",
        "nothing, if the name is good: it stays as long as the values before it do",
        [
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: order, in: query, schema: {type: string, enum: [asc, ASC]}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /a:
    get:
      operationId: a
      parameters: [{name: order, in: query, schema: {type: string, enum: [asc, AscUpper]}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "property-collision",
        "a property gives no Rust name, or the same one as another of its schema",
        "each is a field, so signs are put in words, and one of two is called by how it is written",
        "nothing, if the name is good: it stays as long as the others do",
        [
            "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components: {schemas: {A: {type: object, properties: {'@id': {type: string}, id: {type: string}}}}}
",
            "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components: {schemas: {A: {type: object, properties: {at_id: {type: string}, id: {type: string}}}}}
",
        ],
    ),
    LoweringRule::new(
        "parameter-collision",
        "a parameter gives no Rust name, or the same one as another of its operation",
        "each is an argument or a setter, so signs are put in words, and one of two is called by its place",
        "nothing, if the name is good: it stays as long as the others do",
        [
            "paths:
  /a/{id}:
    get:
      operationId: a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
      responses: {'204': {description: Done.}}
",
            "paths:
  /a/{id}:
    get:
      operationId: a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: query_id, in: query, schema: {type: string}}
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "schema-name-collision",
        "a schema in the components gives no Rust name, or one that something else has",
        "the type is called by it, so signs are put in words, and one of two is called by how it is written",
        "rename the schema and the references to it",
        [
            "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Fee'}}}}
        '400': {description: B., content: {application/json: {schema: {$ref: '#/components/schemas/fee'}}}}
components:
  schemas:
    Fee: {type: object, properties: {a: {type: string}}}
    fee: {type: object, properties: {b: {type: string}}}
",
            "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Fee'}}}}
        '400': {description: B., content: {application/json: {schema: {$ref: '#/components/schemas/FeeLower'}}}}
components:
  schemas:
    Fee: {type: object, properties: {a: {type: string}}}
    FeeLower: {type: object, properties: {b: {type: string}}}
",
        ],
    ),
];

pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let mut report = Report {
        done,
        told: HashSet::new(),
        copies: 0,
    };
    report.components(index);
    report.parameters(index);
    for schema in index.schemas() {
        report.properties(schema);
        report.values(schema);
    }
}

struct Report<'d> {
    done: &'d mut Vec<Lowering>,
    /// A schema can be part of several, and a parameter of several operations.
    told: HashSet<(usize, String)>,
    /// How many properties stand in schemas that `allOf` may have brought them into.
    copies: usize,
}

impl Report<'_> {
    fn add(&mut self, id: &'static str, span: Range<usize>, text: String) {
        if self.told.insert((span.start, text.clone())) {
            self.done.push(Lowering { id, span, text });
        }
    }

    fn components(&mut self, index: &Index<'_>) {
        let names = lower::component_types(index.root.document());
        for (wire, node) in index.components("schemas") {
            if let Some(name) = names.get(wire)
                && !is_usual(name::pascal(wire), name)
            {
                let text = format!(
                    "the type of the schema {} is called {}",
                    quote(wire),
                    quote(name)
                );
                self.add("schema-name-collision", node.key_span(), text);
            }
        }
    }

    fn parameters(&mut self, index: &Index<'_>) {
        const PLACES: [&str; 4] = ["path", "query", "header", "cookie"];
        for operation in index.operations.iter() {
            let mut seen = HashSet::new();
            let mut all: Vec<_> = operation.parameters.iter().collect();
            // What is listed twice is one parameter.
            all.retain(|parameter| seen.insert((parameter.place, parameter.name)));
            all.sort_by_key(|parameter| PLACES.iter().position(|place| *place == parameter.place));
            let paged = operation.node.get("x-agen-pagination").is_some();
            let given: Vec<_> = all.iter().map(|given| (given.place, given.name)).collect();
            let (names, _) = polish::argument_names(&given, paged);
            let usual: HashSet<String> = all
                .iter()
                .filter_map(|given| name::snake(given.name))
                .collect();
            if usual.len() == all.len() && !paged {
                continue;
            }
            for (parameter, name) in all.iter().zip(&names) {
                if !is_usual(name::snake(parameter.name), name) {
                    let text = format!(
                        "the {} parameter {} is called {}",
                        parameter.place,
                        quote(parameter.name),
                        quote(name)
                    );
                    self.add("parameter-collision", spot(&parameter.site), text);
                }
            }
        }
    }

    fn properties(&mut self, schema: &Node<'_>) {
        let has_parts = schema.get("allOf").is_some();
        // Of more than so many copies no client is made.
        if self.copies > lower::MOST_COPIES || !has_parts && schema.get("properties").is_none() {
            return;
        }
        let properties = lower::properties(schema);
        if has_parts {
            self.copies += properties.len();
        }
        let names = name::fields(properties.keys().copied());
        for ((wire, node), name) in properties.iter().zip(&names) {
            if !is_usual(name::snake(wire), name) {
                let text = format!(
                    "the field of the property {} is called {}",
                    quote(wire),
                    quote(name)
                );
                self.add("property-collision", node.key_span(), text);
            }
        }
    }

    fn values(&mut self, schema: &Node<'_>) {
        let Some(values) = lower::string_values(schema) else {
            return;
        };
        // In the client it is the name of the enum.
        const OWNER: &str = "Value";
        let names = name::variants(OWNER, &values);
        let mut places = None;
        for (value, name) in values.iter().zip(&names) {
            if !is_usual(name::pascal(value), name) && !name.ends_with(OWNER) {
                let places = places.get_or_insert_with(|| places_of(schema));
                let span = places.get(value.as_str()).cloned();
                let text = format!(
                    "the variant of the value {} is called {}",
                    quote(value),
                    quote(name)
                );
                self.add(
                    "enum-value-name",
                    span.unwrap_or_else(|| schema.key_span()),
                    text,
                );
            }
        }
    }
}

/// Whether a name is the one that is made without a choice.
fn is_usual(usual: Option<String>, name: &str) -> bool {
    usual.as_deref() == Some(name)
}

/// Where the values of an enum stand, or of a union of enums.
fn places_of<'a>(schema: &Node<'a>) -> HashMap<&'a str, Range<usize>> {
    let variants = lower::variants(schema).filter_map(|variant| variant.resolve());
    let all = std::iter::once(schema.clone()).chain(variants);
    let values = all.flat_map(|schema| schema.elements("enum"));
    let places = values.map(|value| (value.value.as_str(), value.span()));
    let found = places.filter_map(|(text, span)| text.map(|text| (text, span)));
    found.filter(|(_, span)| !span.is_empty()).collect()
}
