//! Rules on unions with a discriminator.

use std::collections::{BTreeMap, HashSet};

use super::{
    Findings, Rule, grammar::Kind, index::Index, reading, references, suggestion::nearest,
};
use crate::{
    diagnostic::quote,
    document::{Node, reference_pointer},
};

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "discriminator-mapping",
        mapping,
        "a tag of a discriminator leads to no schema, or to two",
        "the tag decides as which schema a value is read",
    ),
    Rule::error(
        "discriminator-inline",
        inline,
        "an inline variant under a discriminator does not say which value is its own",
        "a variant is found by the name of its schema, and an inline schema has none",
    ),
    Rule::error(
        "discriminator-property",
        property,
        "a variant lacks the property that the discriminator names, or does not require it",
        "a value without the property could not be told from the other variants",
    ),
];

/// The schemas with a discriminator, with it and the name of its property.
fn discriminators<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = (&'i Node<'a>, Node<'a>, &'a str)> {
    index.schemas().filter_map(|schema| {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.text("propertyName")?;
        Some((schema, discriminator, property))
    })
}

fn variants<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let all = schema.elements("oneOf").chain(schema.elements("anyOf"));
    all.collect()
}

/// The pointer of the component that a value of `mapping` names.
fn target<'a>(index: &Index<'_>, text: &'a str) -> Option<std::borrow::Cow<'a, str>> {
    if !text.starts_with('#') && index.component("schemas", text).is_some() {
        return Some(format!("/components/schemas/{text}").into());
    }
    let pointer = reference_pointer(text)?;
    (index.kinds.get(&*pointer) == Some(&Kind::Schema)).then_some(pointer)
}

/// Every tag leads to one schema.
fn mapping(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, discriminator, _) in discriminators(index) {
        let mut mapped = BTreeMap::new();
        let mut reached = HashSet::new();
        for (tag, node) in discriminator.members("mapping") {
            let Some(text) = node.value.as_str() else {
                continue;
            };
            if let Some(pointer) = target(index, text) {
                mapped.insert(tag, node);
                reached.insert(pointer);
                continue;
            }
            let wanted = text.rsplit('/').next().unwrap_or_default();
            let names = index.components("schemas").map(|(name, _)| name);
            let near = nearest(wanted, names.take_while(|_| findings.few()));
            let help = match near {
                Some(name) => format!("write {}", quote(&format!("#/components/schemas/{name}"))),
                None => "write `#/components/schemas/NAME`".to_owned(),
            };
            findings.add(
                node.span(),
                "leads to nothing",
                format!(
                    "the tag {} leads to {}, which is no schema",
                    quote(tag),
                    quote(text)
                ),
                help,
            );
        }
        // A variant that no tag leads to is found by its own name.
        for variant in variants(schema) {
            let Some(pointer) = variant.text("$ref").and_then(reference_pointer) else {
                continue;
            };
            let Some((_, name)) = references::component(&pointer) else {
                continue;
            };
            let taken = mapped.get_key_value(&*name);
            if let Some((tag, node)) = taken.filter(|_| !reached.contains(&pointer)) {
                findings.add(
                    node.key_span(),
                    "leads elsewhere",
                    format!("the tag {} stands for two variants", quote(tag)),
                    format!("add a tag that leads to {}", quote(&format!("#{pointer}"))),
                );
                findings.also(
                    variant.span(),
                    "found by this name, since no tag leads to it",
                );
            }
        }
    }
}

/// Variants are references, or say which value of the property is theirs.
fn inline(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, discriminator, property) in discriminators(index) {
        for variant in variants(schema) {
            let inline = variant.value.is_object() && variant.get("$ref").is_none();
            if inline && !permits_one(&variant, property) {
                findings.add(
                    variant.span(),
                    "an inline schema",
                    "a variant of the union has no name and no value of the discriminator",
                    format!(
                        "move the schema to `components/schemas` and refer to it, or give its \
                         property {} an `enum` of one value",
                        quote(property)
                    ),
                );
                findings.also(discriminator.key_span(), "variants are told apart by this");
            }
        }
    }
}

/// Whether a variant requires a property and permits one value of it.
fn permits_one(variant: &Node<'_>, property: &str) -> bool {
    let properties = reading::properties(variant);
    let values = properties
        .get(property)
        .and_then(|found| found.resolve())
        .and_then(|found| found.value.get("enum")?.as_array().map(Vec::len));
    values == Some(1) && reading::required(variant).contains(property)
}

/// Variants have and require the property by which they are told apart.
fn property(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (schema, discriminator, property) in discriminators(index) {
        let name = discriminator.get("propertyName");
        let place = name.map_or_else(|| discriminator.key_span(), |name| name.span());
        for reference in variants(schema) {
            let Some(variant) = reference.get("$ref").and_then(|_| reference.resolve()) else {
                continue;
            };
            // A variant that is a union itself has the property in its own variants.
            let is_union = !variants(&variant).is_empty();
            if is_union || !variant.value.is_object() {
                continue;
            }
            let (what, help) = if !reading::properties(&variant).contains_key(property) {
                (
                    "does not have",
                    "add the property, and list it in `required`",
                )
            } else if !reading::required(&variant).contains(property) {
                ("does not require", "list the property in `required`")
            } else {
                continue;
            };
            findings.add(
                reference.span(),
                "this variant",
                format!(
                    "the variant {} {what} the property {}",
                    quote(&variant.name()),
                    quote(property)
                ),
                help,
            );
            findings.also(place.clone(), "variants are told apart by it");
        }
    }
}
