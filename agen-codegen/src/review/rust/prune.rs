//! Leaves out of both clients what is the same in both, before the generator runs: most changes of a large
//! document touch little of it, and progenitor takes the most time.
//!
//! What is made of an operation or a type depends on itself, on the types that it leads to, and on names. So
//! what is the same in both, and leads to nothing that is not, is made the same in both. What stays takes
//! along all that it leads to; of what is the same in both, and no other name of a type, only
//! the names.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    api::{self, Answer, Body, Case, Content, Field, Holds, Operation, Shape, Type},
    guard::in_parallel,
    lower::{Lowered, names_in},
    polish,
    value::Value,
};

/// Leaves out of both what is the same in both.
pub(super) fn prune(base: &mut Lowered, head: &mut Lowered) {
    let (of_base, of_head) = in_parallel(|| edges(base), || edges(head));
    let mut edges = of_base;
    for (name, used) in of_head {
        edges.entry(name).or_default().extend(used);
    }
    // Who leads to something that changed has changed.
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, used) in &edges {
        for used in used {
            users.entry(used).or_default().push(name);
        }
    }
    let users_of = |name: &str| users.get(name).into_iter().flatten().copied();
    let used_by = |name: &str| edges.get(name).into_iter().flatten().map(String::as_str);
    let mut types = all_from(changed(base, head), users_of);

    let mut kept = operations(base, head, &types);
    // A name can stand in the way of what is made beside another one.
    let all = [&*base, head].map(|side| side.api.operations.iter());
    let all = all.into_iter().flatten().map(|found| &found.builder);
    kept.extend(in_the_way(all.collect(), &kept));
    // Of others that are mentioned the name will do, unless a call reads their fields.
    let mut made = types.clone();
    for side in [&*base, head] {
        let items = side.paths.iter().zip(&side.api.operations);
        for ((_, item), operation) in items {
            if kept.contains(&operation.builder) {
                let used = operation_types(side, item, operation);
                if operation.pages.is_some() {
                    made.extend(all_from(used.iter().cloned().collect(), used_by));
                }
                made.extend(operation.body.as_ref().and_then(|body| body.flat.clone()));
                types.extend(used);
            }
        }
    }
    let names = [&*base, head].map(|side| side.api.types.keys());
    let others = in_the_way(names.into_iter().flatten().collect(), &types);
    made.extend(others.iter().cloned());
    types.extend(others);
    let types = all_from(types, used_by);
    in_parallel(
        || retain(base, &kept, &types, &made),
        || retain(head, &kept, &types, &made),
    );
}

/// Names and all that they lead to.
fn all_from<'n, I: Iterator<Item = &'n str>>(
    mut names: BTreeSet<String>,
    next: impl Fn(&str) -> I,
) -> BTreeSet<String> {
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for other in next(&name) {
            if names.insert(other.to_owned()) {
                open.push(other.to_owned());
            }
        }
    }
    names
}

/// The names that begin as that of a type beside one of the others: with what it would be called, and maybe
/// more, since one that is taken is lengthened. And the other way round: those beside which a type would be
/// called as one of the others.
fn in_the_way(mut all: Vec<&String>, with: &BTreeSet<String>) -> Vec<String> {
    all.sort();
    let mut found = Vec::new();
    for name in with {
        for ending in [polish::ANSWER, polish::ERROR, polish::REQUIRED] {
            let made = format!("{name}{ending}");
            let start = all.partition_point(|other| **other < made);
            let rest = all.get(start..).unwrap_or_default().iter();
            let taken = rest.take_while(|other| other.starts_with(&made));
            found.extend(taken.map(|other| (*other).clone()));
            let owners = name.match_indices(ending);
            let owners = owners.filter_map(|(at, _)| name.get(..at).map(str::to_owned));
            found.extend(owners.filter(|owner| all.binary_search(&owner).is_ok()));
        }
    }
    found
}

/// The types that each type leads to.
type Edges = BTreeMap<String, BTreeSet<String>>;

fn edges(side: &Lowered) -> Edges {
    let mut edges = Edges::new();
    for (name, found) in &side.api.types {
        let mut used = BTreeSet::new();
        for schema in [name, &api::carrier(name)] {
            used.extend(side.schemas.get(schema).map(names_in).unwrap_or_default());
        }
        match &found.shape {
            Shape::Union(union) => {
                used.extend(
                    union
                        .variants
                        .iter()
                        .filter_map(|variant| match &variant.holds {
                            Holds::Named(name) => Some(name.clone()),
                            Holds::Carried(_) => None,
                        }),
                )
            }
            Shape::Same(other) => drop(used.insert(other.clone())),
            Shape::Struct { .. } | Shape::Enum { .. } | Shape::Alias => {}
        }
        edges.insert(name.clone(), used);
    }
    edges
}

/// The types that are on one side alone, or not the same on both.
fn changed(base: &Lowered, head: &Lowered) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    for (name, found) in &base.api.types {
        let same = head.api.types.get(name).is_some_and(|like| {
            same_type(found, like)
                && [name, &api::carrier(name)]
                    .into_iter()
                    .all(|schema| base.schemas.get(schema) == head.schemas.get(schema))
        });
        if !same {
            changed.insert(name.clone());
        }
    }
    let added = head.api.types.keys();
    changed.extend(
        added
            .filter(|name| !base.api.types.contains_key(*name))
            .cloned(),
    );
    changed
}

fn same_type(one: &Type, other: &Type) -> bool {
    let fields = |one: &BTreeMap<String, Field>, other: &BTreeMap<String, Field>| {
        let same = |((name, field), (like, of_other))| name == like && same_field(field, of_other);
        one.len() == other.len() && one.iter().zip(other).all(same)
    };
    one.sent == other.sent
        && one.deprecated == other.deprecated
        && one.sample.is_some() == other.sample.is_some()
        && match (&one.shape, &other.shape) {
            (
                Shape::Struct {
                    fields: one,
                    keeps_unknown,
                },
                Shape::Struct {
                    fields: other,
                    keeps_unknown: also,
                },
            ) => keeps_unknown == also && fields(one, other),
            (Shape::Enum { values }, Shape::Enum { values: also }) => values == also,
            (Shape::Union(one), Shape::Union(other)) => {
                let mut pairs = one.variants.iter().zip(&other.variants);
                one.variants.len() == other.variants.len()
                    && pairs.all(|(one, other)| one.name == other.name && one.holds == other.holds)
            }
            (Shape::Alias, Shape::Alias) => true,
            (Shape::Same(one), Shape::Same(other)) => one == other,
            _ => false,
        }
}

/// Whether callers see the same in two fields: words and bounds are none of what they see.
fn same_field(one: &Field, other: &Field) -> bool {
    let seen = |field: &Field| (field.required, field.nullable, field.any, field.deprecated);
    seen(one) == seen(other) && one.constant == other.constant
}

/// The operations that are on one side alone, are not the same on both, or are made of a type that is not, by
/// the names of their calls.
fn operations(base: &Lowered, head: &Lowered, changed: &BTreeSet<String>) -> BTreeSet<String> {
    let by_builder = |side: &Lowered| -> BTreeMap<String, usize> {
        let all = side.api.operations.iter().enumerate();
        all.map(|(index, found)| (found.builder.clone(), index))
            .collect()
    };
    let indices = [base, head].map(by_builder);
    let mut kept = BTreeSet::new();
    for builder in indices.iter().flat_map(BTreeMap::keys) {
        let same = match (indices[0].get(builder), indices[1].get(builder)) {
            (Some(old), Some(new)) => same_operation([base, head], [*old, *new], changed),
            _ => false,
        };
        if !same {
            kept.insert(builder.clone());
        }
    }
    kept
}

fn same_operation(sides: [&Lowered; 2], at: [usize; 2], changed: &BTreeSet<String>) -> bool {
    let all = [0, 1].map(|side| {
        let found = sides[side].api.operations.get(at[side])?;
        let (path, item) = sides[side].paths.get(at[side])?;
        let path = path.get(NUMBER..).unwrap_or_default();
        Some((found, path, unnumbered(item, at[side]), item))
    });
    let [
        Some((one, path, item, text)),
        Some((other, other_path, other_item, _)),
    ] = all
    else {
        return false;
    };
    let flat = |body: &Option<Body>| body.as_ref().map(|body| body.flat.clone());
    let parts = |body: &Option<Body>| -> Vec<(String, bool, bool)> {
        let parts = body.iter().flat_map(|body| &body.parts);
        parts
            .map(|part| (part.wire.clone(), part.required, part.value.deprecated))
            .collect()
    };
    let shapes = |body: &Option<Body>| {
        let body = body.as_ref()?;
        let contents: Vec<_> = body.parts.iter().map(|part| part.content).collect();
        Some((body.encoding, body.required, contents))
    };
    let fields = |body: &Option<Body>| -> Vec<Option<String>> {
        let parts = body.iter().flat_map(|body| &body.parts);
        parts.map(|part| part.value.constant.clone()).collect()
    };
    let pages = |of: &Operation| {
        let pages = of.pages.as_ref()?;
        Some((
            pages.cursor.clone(),
            pages.next.clone(),
            pages.items.clone(),
        ))
    };
    // Of a struct a call has the name alone, unless it takes the fields one by one or looks for pages in it.
    let reads_fields =
        one.pages.is_some() || one.body.as_ref().is_some_and(|body| body.flat.is_some());
    let is_struct = |name: &String| {
        sides.iter().all(|side| {
            let found = side.api.types.get(name);
            found.is_some_and(|found| matches!(found.shape, Shape::Struct { .. }))
        })
    };
    let mut parameters = one.parameters.iter().zip(&other.parameters);
    one.name == other.name
        && one.deprecated == other.deprecated
        && path == other_path
        && item == other_item
        && one.parameters.len() == other.parameters.len()
        && parameters.all(|(one, other)| {
            one.wire == other.wire
                && one.location == other.location
                && one.required == other.required
                && same_field(&one.value, &other.value)
        })
        && flat(&one.body) == flat(&other.body)
        && shapes(&one.body) == shapes(&other.body)
        && parts(&one.body) == parts(&other.body)
        && fields(&one.body) == fields(&other.body)
        && pages(one) == pages(other)
        && same_answer(sides, [&one.answer, &other.answer])
        && same_cases(sides, [&one.failures, &other.failures])
        && !operation_types(sides[0], text, one)
            .iter()
            .any(|name| changed.contains(name) && (reads_fields || !is_struct(name)))
}

fn same_answer(sides: [&Lowered; 2], answers: [&Answer; 2]) -> bool {
    match answers {
        [Answer::ByStatus(one), Answer::ByStatus(other)] => same_cases(sides, [one, other]),
        [one, other] => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

fn same_cases(sides: [&Lowered; 2], cases: [&Vec<Case>; 2]) -> bool {
    let [one, other] = cases;
    let mut pairs = one.iter().zip(other);
    one.len() == other.len()
        && pairs.all(|(one, other)| {
            one.status == other.status
                && match (&one.content, &other.content) {
                    (Content::Json(Holds::Carried(one)), Content::Json(Holds::Carried(other))) => {
                        carried(sides[0], one) == carried(sides[1], other)
                    }
                    (Content::Bytes(_), Content::Bytes(_)) => true,
                    (one, other) => one == other,
                }
        })
}

/// The schema of the body of an answer that has no name.
fn carried<'s>(side: &'s Lowered, field: &str) -> Option<&'s Value> {
    let carrier = side.schemas.get(side.api.answers_carrier.as_deref()?)?;
    carrier.get("properties")?.get(field)
}

/// What the answers and failures of an operation hold, those that differ by status.
fn cases(operation: &Operation) -> impl Iterator<Item = &Case> {
    let answers = match &operation.answer {
        Answer::ByStatus(cases) => cases.as_slice(),
        _ => &[],
    };
    answers.iter().chain(&operation.failures)
}

/// The types that an operation leads to.
fn operation_types(side: &Lowered, item: &str, operation: &Operation) -> Vec<String> {
    // Nothing in it is text of the document, so what looks like a reference is one.
    let references = item.split("\"$ref\":\"").skip(1);
    let references = references.filter_map(|rest| rest.split('"').next()?.rsplit('/').next());
    let mut names: Vec<String> = references.map(str::to_owned).collect();
    for case in cases(operation) {
        match &case.content {
            Content::Json(Holds::Named(name)) => names.push(name.clone()),
            Content::Json(Holds::Carried(field)) => {
                names.extend(carried(side, field).map(names_in).unwrap_or_default());
            }
            Content::Empty | Content::Text | Content::Bytes(_) => {}
        }
    }
    names.extend(operation.body.as_ref().and_then(|body| body.flat.clone()));
    names
}

/// How long the number of an operation is at the beginning of its lowered path, with its slash.
const NUMBER: usize = 9;

/// What stands before the number of a lowered operation, and behind it. It is in the first such member, since
/// members go by their names.
fn unnumbered(item: &str, number: usize) -> (&str, &str) {
    item.split_once(&id(number)).unwrap_or((item, ""))
}

/// A lowered operation with another number.
fn numbered(item: &str, from: usize, to: usize) -> String {
    item.replacen(&id(from), &id(to), 1)
}

fn id(number: usize) -> String {
    format!("\"operationId\":\"operation{number}\"")
}

/// Leaves some operations and types, of which those are made that are among `made`, and other names of types.
fn retain(
    side: &mut Lowered,
    kept: &BTreeSet<String>,
    types: &BTreeSet<String>,
    made: &BTreeSet<String>,
) {
    let mut paths = Vec::new();
    let mut operations = Vec::new();
    let all = std::mem::take(&mut side.api.operations).into_iter();
    let all = all.zip(std::mem::take(&mut side.paths)).enumerate();
    for (index, (operation, (path, item))) in all {
        if kept.contains(&operation.builder) {
            let to = operations.len();
            let rest = path.get(NUMBER..).unwrap_or_default();
            paths.push((format!("/{to:08}{rest}"), numbered(&item, index, to)));
            operations.push(operation);
        }
    }
    side.paths = paths;
    side.api.operations = operations;
    side.api.types.retain(|name, _| types.contains(name));
    for (name, found) in &mut side.api.types {
        let is_other = matches!(found.shape, Shape::Alias | Shape::Same(_));
        found.by_name = !is_other && !made.contains(name);
    }
    let whole = side.api.types.iter().filter(|(_, found)| !found.by_name);
    let schemas = whole.flat_map(|(name, _)| [name.clone(), api::carrier(name)]);
    let mut schemas: BTreeSet<String> = schemas.collect();
    schemas.extend(side.api.answers_carrier.clone());
    let all = std::mem::take(&mut side.schemas);
    let all = all.into_iter().filter(|(name, _)| schemas.contains(name));
    side.schemas = all.collect();
    let carrier = side.api.answers_carrier.as_ref();
    if let Some(Value::Object(carrier)) = carrier.and_then(|name| side.schemas.get_mut(name)) {
        let held = side.api.operations.iter().flat_map(cases);
        let held = held.filter_map(|case| match &case.content {
            Content::Json(Holds::Carried(field)) => Some(field.as_str()),
            _ => None,
        });
        let held: BTreeSet<&str> = held.collect();
        if let Some(Value::Object(properties)) = carrier.get_mut("properties") {
            properties.retain(|name, _| held.contains(name));
        }
        if let Some(Value::Array(required)) = carrier.get_mut("required") {
            required.retain(|name| name.as_str().is_some_and(|name| held.contains(name)));
        }
    }
}
