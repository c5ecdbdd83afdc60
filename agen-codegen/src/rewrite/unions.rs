//! Unions whose discriminator does not say what it should.

use std::collections::BTreeSet;

use super::{Edit, Lowering, LoweringRule, compounds};
use crate::{
    diagnostic::quote,
    lint::Reading,
    lower::{Form, choices, discriminator, form, told_apart},
    value::{json, object},
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "discriminator-mapping",
        "a tag of a discriminator leads to no variant of its union",
        "nothing says as what a value with this tag is read: it is kept as the JSON that came",
        "write `#/components/schemas/NAME` of a variant, or remove the tag",
        [
            "paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Bird'}, {$ref: '#/components/schemas/Fish'}]
      discriminator: {propertyName: kind, mapping: {bird: Bird, fish: ./Fish.yaml, dog: ./Dog.yaml}}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}, wings: {type: integer}}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}, fins: {type: integer}}}
",
            "paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Bird'}, {$ref: '#/components/schemas/Fish'}]
      discriminator: {propertyName: kind, mapping: {bird: Bird, fish: Fish}}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}, wings: {type: integer}}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}, fins: {type: integer}}}
",
        ],
    ),
    LoweringRule::new(
        "discriminator-inline",
        "a variant under a discriminator has no value of it that is its own",
        "a variant is found by its tag or by the name of its schema; without either, each value is tried \
         as the variants one after the other",
        "move the schema to `components/schemas` and refer to it, give its property an `enum` of one value, \
         or remove the discriminator",
        [
            "paths: {}
components:
  schemas:
    Pet:
      oneOf:
        - {$ref: '#/components/schemas/Bird'}
        - {title: Fish, type: object, required: [kind, fins], properties: {kind: {type: string}, fins: {type: integer}}}
      discriminator: {propertyName: kind}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}, wings: {type: integer}}}
",
            "paths: {}
components:
  schemas:
    Pet:
      oneOf:
        - {$ref: '#/components/schemas/Bird'}
        - {title: Fish, type: object, required: [kind, fins], properties: {kind: {type: string}, fins: {type: integer}}}
    Bird: {type: object, required: [kind], properties: {kind: {type: string}, wings: {type: integer}}}
",
        ],
    ),
    LoweringRule::new(
        "discriminator-property",
        "a variant lacks the property that the discriminator names",
        "without it the tag of a value would be lost, and no request could have one",
        "add the property to the variant, and list it in `required`",
        [
            "paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Bird'}, {$ref: '#/components/schemas/Fish'}]
      discriminator: {propertyName: kind}
    Bird: {type: object, required: [wings], properties: {wings: {type: integer}}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}, fins: {type: integer}}}
",
            "paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Bird'}, {$ref: '#/components/schemas/Fish'}]
      discriminator: {propertyName: kind}
    Bird: {type: object, required: [wings], properties: {wings: {type: integer}, kind: {type: string}}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}, fins: {type: integer}}}
",
        ],
    ),
];

/// Tells of what of a discriminator is not followed, and gives variants its property.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let document = reading.document;
    let mut edits = Vec::new();
    let mut added = BTreeSet::new();
    for node in compounds(document) {
        let Some(own) = node.get("discriminator") else {
            continue;
        };
        let Form::Union(merged) = form(&node) else {
            continue;
        };
        let members = choices(&merged).unwrap_or_default();
        let told = told_apart(discriminator(&node, &merged).as_ref(), &members);
        for (tag, target) in told.unmapped {
            done.push(Lowering {
                id: "discriminator-mapping",
                span: target.span(),
                text: format!(
                    "the tag {} leads to {}, which is no variant: it is not followed",
                    quote(tag),
                    quote(target.value.as_str().unwrap_or_default())
                ),
            });
        }
        let property = own.text("propertyName").unwrap_or_default();
        if let Some(first) = told.untold.first() {
            let variant = members.get(*first).and_then(|member| member.nodes.last());
            done.push(Lowering {
                id: "discriminator-inline",
                span: variant.map_or_else(|| own.key_span(), |variant| variant.span()),
                text: format!(
                    "this variant has no value of {} that is its own: the variants are told apart by what \
                     they hold",
                    quote(property)
                ),
            });
        }
        let Some(tag) = told.tag else {
            continue;
        };
        for member in &members {
            let [site] = member.nodes.as_slice() else {
                continue;
            };
            let properties = &member.merged.properties;
            // What has no properties at all keeps whatever comes.
            if !member.merged.is_object()
                || properties.is_empty()
                || properties.contains_key(tag.as_str())
            {
                continue;
            }
            let Some(variant) = site.resolve() else {
                continue;
            };
            if !added.insert((variant.pointer.clone(), tag.clone())) {
                continue;
            }
            done.push(Lowering {
                id: "discriminator-property",
                span: site.span(),
                text: format!(
                    "the variant {} does not have the property {}: it is added, as a text",
                    quote(&variant.name()),
                    quote(&tag)
                ),
            });
            let description = "Tells the variants of a union apart.";
            let property = json!({"type": "string", "description": description});
            let properties = object([(&tag, property)]);
            let part = json!({
                "type": "object",
                "properties": properties,
            });
            edits.push(Edit::Append(variant.pointer, "allOf", part));
        }
    }
    edits
}
