//! Lowers unions: their tag, and the names and types of their variants.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    merge::{Merged, kind},
    reading::{is_any, is_nullable, only_part, only_variant, string_values, variants},
    schemas::{Context, Schemas, component_name, set_not_nullable},
};
use crate::{
    api::{self, Holds, Union, Variant},
    document::Node,
    name,
    polish::documented_name,
    value::{Map, Value, json},
};

/// A variant as the document has it.
pub(crate) struct Member<'a> {
    /// The schemas that a value of it matches, besides what all variants have: one of each union.
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) merged: Merged<'a>,
    /// The component that it refers to.
    component: Option<String>,
}

/// How the variants of a union are told apart.
pub(crate) struct Discrimination<'a> {
    /// The property whose value decides, if one does.
    pub(crate) tag: Option<String>,
    /// The values of it that mean each variant; none where there is no tag.
    tags: Vec<Vec<String>>,
    /// The members of the mapping that lead to no variant.
    pub(crate) unmapped: Vec<(&'a str, Node<'a>)>,
    /// Variants that have no value of their own, for which the discriminator is not followed.
    pub(crate) untold: Vec<usize>,
}

/// The most variants that a union of unions, or a merge of them, becomes.
const MOST: usize = 64;

/// The variants of everything in `merged` that is a union. Where that is one union and nothing else, they
/// are its own; otherwise each has one of each union, with what all have in common. `None` where these are
/// too many, or one is no object.
pub(crate) fn choices<'a>(merged: &Merged<'a>) -> Option<Vec<Member<'a>>> {
    let is_one = merged.properties.is_empty() && merged.unions.len() == 1;
    let mut found = Vec::new();
    let mut open = vec![Member {
        nodes: Vec::new(),
        merged: merged.clone(),
        component: None,
    }];
    let mut steps = 0;
    while let Some(mut member) = open.pop() {
        let is_done = is_one && !member.nodes.is_empty();
        if is_done || member.merged.unions.is_empty() {
            if !is_one && !member.merged.is_object() {
                return None;
            }
            if let [only] = member.nodes.as_slice() {
                member.component = only.text("$ref").and_then(component_name);
            }
            found.push(member);
            continue;
        }
        let union = member.merged.unions.remove(0);
        let longer = variants(&union).map(|variant| {
            let mut merged = member.merged.clone();
            merged.add(&variant);
            let mut nodes = member.nodes.clone();
            nodes.push(variant);
            Member {
                nodes,
                merged,
                component: None,
            }
        });
        let longer: Vec<Member<'a>> = longer.collect();
        steps += 1;
        if !is_one && found.len() + open.len() + longer.len() > MOST || steps > MOST {
            return None;
        }
        open.extend(longer.into_iter().rev());
    }
    Some(found)
}

/// How the variants of a union are told apart: by the discriminator, where every variant has values of
/// it that no other has; without one, by a property that each requires with a value of its own.
pub(crate) fn told_apart<'a>(
    discriminator: Option<&Node<'a>>,
    members: &[Member<'a>],
) -> Discrimination<'a> {
    let mut told = Discrimination {
        tag: None,
        tags: vec![Vec::new(); members.len()],
        unmapped: Vec::new(),
        untold: Vec::new(),
    };
    let property = discriminator.and_then(|found| found.text("propertyName"));
    let Some((discriminator, property)) = discriminator.zip(property) else {
        if let Some((tag, values)) = implied_tag(members) {
            told.tag = Some(tag);
            told.tags = values.into_iter().map(|value| vec![value]).collect();
        }
        return told;
    };
    let mut by_component: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, member) in members.iter().enumerate() {
        if let Some(component) = &member.component {
            by_component.entry(component).or_default().push(index);
        }
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (value, node) in discriminator.members("mapping") {
        let found = node.value.as_str().and_then(|target| {
            let names = [
                component_name(target).unwrap_or_default(),
                target.to_owned(),
                file_stem(target).to_owned(),
            ];
            names
                .iter()
                .find_map(|name| by_component.get(name.as_str()))
        });
        match found.and_then(|found| found.first()) {
            Some(index) => {
                taken.insert(value.to_owned());
                told.tags[*index].push(value.to_owned());
            }
            None => told.unmapped.push((value, node)),
        }
    }
    let permitted: Vec<Vec<String>> = members
        .iter()
        .map(|member| {
            let property = member.merged.properties.get(property);
            property
                .and_then(|found| string_values(&found.node.resolve()?))
                .unwrap_or_default()
        })
        .collect();
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for value in permitted.iter().flatten() {
        *owners.entry(value).or_default() += 1;
    }
    for (index, member) in members.iter().enumerate() {
        if !told.tags[index].is_empty() {
            continue;
        }
        // The name of the schema, unless the schema itself permits only other values.
        let name = member.component.clone();
        let name =
            name.filter(|name| permitted[index].is_empty() || permitted[index].contains(name));
        let is_own = |value: &&String| owners.get(value.as_str()) == Some(&1);
        let values = match name {
            Some(name) => vec![name],
            None => permitted[index].iter().filter(is_own).cloned().collect(),
        };
        if values.is_empty() || values.iter().any(|value| taken.contains(value)) {
            told.untold.push(index);
        }
        taken.extend(values.iter().cloned());
        told.tags[index] = values;
    }
    if told.untold.is_empty() {
        told.tag = Some(property.to_owned());
    } else {
        told.tags = vec![Vec::new(); members.len()];
    }
    told
}

/// The name of the file that a reference means, without its ending: `Dog` of `./animals/Dog.yaml`.
fn file_stem(target: &str) -> &str {
    let last = target.rsplit(['/', '#']).next().unwrap_or_default();
    last.split_once('.').map_or(last, |(stem, _)| stem)
}

/// The property that is required in every variant with one permitted value each, all different:
/// a tag, though no discriminator says so.
fn implied_tag(members: &[Member<'_>]) -> Option<(String, Vec<String>)> {
    let first = members.first().filter(|_| members.len() > 1)?;
    first.merged.properties.keys().find_map(|key| {
        let values: Option<Vec<String>> =
            members.iter().map(|member| constant(member, key)).collect();
        let values = values?;
        let different: BTreeSet<&String> = values.iter().collect();
        (different.len() == members.len()).then(|| ((*key).to_owned(), values))
    })
}

/// The only value that a variant permits a property, where it requires it.
fn constant(member: &Member<'_>, key: &str) -> Option<String> {
    let property = member.merged.properties.get(key)?;
    let node = property.node.resolve()?;
    let mut values = string_values(&node)?;
    let only = values
        .pop()
        .filter(|_| values.is_empty() && !is_nullable(&node));
    only.filter(|_| property.required)
}

/// The discriminator of a union, or of one that it merges.
pub(crate) fn discriminator<'a>(node: &Node<'a>, merged: &Merged<'a>) -> Option<Node<'a>> {
    let all = std::iter::once(node).chain(&merged.unions);
    let mut all = all.filter_map(|node| node.get("discriminator"));
    all.next()
}

impl<'a> Schemas<'a> {
    pub(super) fn union(&mut self, rust: &str, node: &Node<'a>, merged: Merged<'a>) -> Union {
        let members = choices(&merged).unwrap_or_default();
        let told = told_apart(discriminator(node, &merged).as_ref(), &members);
        let has_base = !merged.properties.is_empty();

        let mut names = name::Taken::default();
        let mut carried = Map::new();
        let mut found = Vec::new();
        for (index, (member, tags)) in members.into_iter().zip(told.tags).enumerate() {
            let order = order(&member);
            let component = match member.nodes.as_slice() {
                [only] => self.reference(only),
                _ => None,
            };
            let component = component
                .or_else(|| self.inside(member.nodes.first().filter(|_| member.nodes.len() == 1)?));
            let wanted = match (tags.as_slice(), &component) {
                ([only], _) => name::pascal(only),
                (_, Some(name)) => Some(name.clone()),
                _ => title(&member.nodes),
            };
            let wanted = wanted.unwrap_or_else(|| kind_name(&member.nodes).to_owned());
            let name = documented_name(rust, wanted, &mut names);

            let required = told.tag.as_ref().is_none_or(|tag| {
                let property = member.merged.properties.get(tag.as_str());
                property.is_some_and(|property| property.required) || !member.merged.is_object()
            });
            let lowered = self.variant(member, Context::Named(&format!("{rust}{name}")), has_base);
            let holds = match lowered["$ref"].as_str() {
                Some(reference) => {
                    let name = reference.rsplit('/').next().unwrap_or_default();
                    Holds::Named(name.to_owned())
                }
                None => {
                    let field = format!("v{index}");
                    carried.insert(field.clone(), lowered);
                    Holds::Carried(field)
                }
            };
            let by_fit = told.tag.is_none() || !required;
            let variant = Variant {
                name,
                tags,
                holds,
                by_fit,
            };
            found.push((order, variant));
        }
        // Where the first that fits is taken, the most demanding one comes first. The sort keeps the
        // order of the document among equals.
        if found.iter().any(|(_, variant)| variant.by_fit) {
            found.sort_by_key(|(order, _)| *order);
        }
        if !carried.is_empty() {
            let required: Vec<String> = carried.keys().map(str::to_owned).collect();
            let lowered = json!({"type": "object", "required": required, "properties": carried});
            self.lowered.insert(api::carrier(rust), lowered);
        }
        Union {
            tag: told.tag,
            variants: found.into_iter().map(|(_, variant)| variant).collect(),
        }
    }

    /// Lowers a variant: its schema as it is, unless the union says more of it.
    fn variant(&mut self, member: Member<'a>, context: Context<'_>, has_base: bool) -> Value {
        let Member { nodes, merged, .. } = member;
        let first = match nodes.as_slice() {
            [only] if !has_base || Merged::of(only).has_all_of(&merged) => {
                let mut lowered = self.lower(only, context);
                // Null is what the whole union is then, and none of its values.
                set_not_nullable(&mut lowered);
                return lowered;
            }
            [first, ..] => first.clone(),
            [] => return json!({}),
        };
        let rust = self.unique(&context.name());
        let reference = self.mention(&rust);
        self.define_object(rust, &first, merged);
        reference
    }
}

/// Where a variant stands among those that are tried one after the other: what takes anything comes last,
/// and of two objects the one that demands more comes first.
type Order = (u8, Reverse<usize>, Reverse<usize>);

fn order(member: &Member<'_>) -> Order {
    let properties = &member.merged.properties;
    let required = properties.values().filter(|property| property.required);
    let last = match member.nodes.as_slice() {
        [only] if properties.is_empty() => openness(only),
        _ => 0,
    };
    (last, Reverse(required.count()), Reverse(properties.len()))
}

/// How much a schema takes that another one is meant for.
fn openness(node: &Node<'_>) -> u8 {
    let mut node = node.clone();
    for _ in 0..32 {
        let Some(found) = node.resolve() else {
            break;
        };
        if is_any(&found) {
            return 4;
        }
        let Some(inner) = only_part(&found).or_else(|| only_variant(&found)) else {
            return match kind(&found) {
                _ if variants(&found).next().is_some() && string_values(&found).is_none() => 3,
                Some("object") => 2,
                Some("number") => 1,
                _ => 0,
            };
        };
        node = inner;
    }
    4
}

fn title(nodes: &[Node<'_>]) -> Option<String> {
    let titles: Option<Vec<&str>> = nodes
        .iter()
        .map(|node| match node.text("$ref") {
            Some(reference) => reference.rsplit('/').next(),
            None => node.text("title"),
        })
        .collect();
    name::pascal(&titles?.join(" "))
}

fn kind_name(nodes: &[Node<'_>]) -> &'static str {
    let [node] = nodes else {
        return "Object";
    };
    match node.text("type") {
        Some("string") => "String",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("boolean") => "Boolean",
        Some("array") => "Array",
        _ => "Object",
    }
}
