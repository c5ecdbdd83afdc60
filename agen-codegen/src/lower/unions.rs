//! Lowers unions: their tag, and the names and types of their variants.

use std::{cmp::Reverse, collections::BTreeSet};

use serde_json::{Map, json};

use super::{
    merge::{Merged, Properties},
    reading::{is_null, variants},
    schemas::{Schemas, component_name},
};
use crate::{
    api::{self, Holds, Union, Variant},
    document::Node,
    name,
    polish::documented_name,
};

/// A variant as the document has it.
struct Member<'a> {
    node: Node<'a>,
    properties: Properties<'a>,
    /// The component that it refers to.
    component: Option<String>,
}

impl<'a> Schemas<'a> {
    pub(super) fn union(&mut self, rust: &str, node: &Node<'a>) -> Union {
        let members: Vec<Member<'a>> = variants(node)
            .filter(|variant| !is_null(variant))
            .map(|node| Member {
                properties: Merged::of(&node).properties,
                component: node.text("$ref").and_then(component_name),
                node,
            })
            .collect();
        let discriminator = node.get("discriminator");
        let tag = match &discriminator {
            Some(discriminator) => discriminator.text("propertyName").map(str::to_owned),
            None => self.implied_tag(&members),
        };

        let mut names = Vec::new();
        let mut carried = Map::new();
        let mut found = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let tags = match &tag {
                Some(tag) => self.tags(member, tag, discriminator.as_ref()),
                None => Vec::new(),
            };
            let type_name = self.reference(&member.node);
            let wanted = match (tags.as_slice(), &type_name) {
                ([only], _) => name::pascal(only),
                (_, Some(name)) => Some(name.clone()),
                _ => member.node.text("title").and_then(name::pascal),
            };
            let wanted = wanted.unwrap_or_else(|| kind_name(&member.node).to_owned());
            let name = documented_name(rust, wanted, &names);
            names.push(name.clone());

            let lowered = self.lower(&member.node, &format!("{rust}{name}"));
            let type_name = type_name.or_else(|| {
                let reference = lowered["$ref"].as_str()?;
                reference.rsplit('/').next().map(str::to_owned)
            });
            let holds = match type_name {
                Some(type_name) => Holds::Named(type_name),
                None => {
                    let field = format!("v{index}");
                    carried.insert(field.clone(), lowered);
                    Holds::Carried(field)
                }
            };
            let variant = Variant { name, tags, holds };
            found.push((weight(&member.properties), variant));
        }
        if tag.is_none() {
            // The first that fits is taken, so the most demanding one comes first. The sort keeps
            // the order of the document among equals.
            found.sort_by_key(|(weight, _)| Reverse(*weight));
        }
        if !carried.is_empty() {
            let required: Vec<&String> = carried.keys().collect();
            let lowered = json!({"type": "object", "required": required, "properties": carried});
            self.lowered.insert(api::carrier(rust), lowered);
        }
        Union {
            tag,
            variants: found.into_iter().map(|(_, variant)| variant).collect(),
        }
    }

    /// The values of the tag that mean a variant: those of the mapping, else the name of the
    /// component, else the only value that the variant permits.
    fn tags(
        &self,
        member: &Member<'a>,
        tag: &str,
        discriminator: Option<&Node<'a>>,
    ) -> Vec<String> {
        let mapping = discriminator
            .into_iter()
            .flat_map(|found| found.members("mapping"));
        let mapped: Vec<String> = mapping
            .filter(|(_, target)| {
                // A mapping names a schema by a reference, or by its bare name.
                let target = target.value.as_str();
                let named =
                    target.map(|target| component_name(target).unwrap_or(target.to_owned()));
                named.is_some() && named == member.component
            })
            .map(|(value, _)| value.to_owned())
            .collect();
        if !mapped.is_empty() {
            return mapped;
        }
        match (discriminator, &member.component) {
            (Some(_), Some(component)) => vec![component.clone()],
            _ => self.constant(member, tag).into_iter().collect(),
        }
    }

    /// The property that is required in every variant with one permitted value each, all different:
    /// a tag, though no discriminator says so.
    fn implied_tag(&self, members: &[Member<'a>]) -> Option<String> {
        let candidates = members.first().filter(|_| members.len() > 1)?;
        let mut candidates = candidates.properties.keys();
        let found = candidates.find(|key| {
            let constants = members
                .iter()
                .filter_map(|member| self.constant(member, key));
            constants.collect::<BTreeSet<_>>().len() == members.len()
        });
        found.map(|key| (*key).to_owned())
    }

    fn constant(&self, member: &Member<'a>, key: &str) -> Option<String> {
        let property = member.properties.get(key)?;
        let field = self.field(&property.node, property.required);
        field.constant.filter(|_| property.required)
    }
}

/// How much a variant asks of a value.
fn weight(properties: &Properties<'_>) -> (usize, usize) {
    let required = properties.values().filter(|property| property.required);
    (required.count(), properties.len())
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
