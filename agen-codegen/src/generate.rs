//! The only file that names progenitor and its settings.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};

use crate::{
    api::{Api, Shape},
    circles::groups,
    lower,
    value::{Value, json},
};

/// How many operations are given to progenitor at once. It writes much for each that is not used, and
/// all of that together would take many times the memory of the document.
const OPERATIONS: usize = 8;
/// How many types are given to it at once, if they can be told apart.
const TYPES: usize = 16;

/// How many of so many operations are in a piece: no more than is given to progenitor at once, and few enough
/// for each thread to have some.
pub(crate) fn operations_at_once(count: usize, threads: usize) -> usize {
    count.div_ceil(threads).clamp(1, OPERATIONS)
}

/// Makes the types of some lowered schemas: other types that they mention are names alone. The error is in
/// progenitor's own words. It can panic; the caller runs it inside [`guarded`](crate::guard::guarded).
pub(crate) fn types(mut own: BTreeMap<String, Value>, api: &Api) -> Result<TokenStream, String> {
    let mentioned = own.values().flat_map(lower::names_in);
    let others = mentioned.filter(|name| !own.contains_key(name));
    let others: BTreeSet<String> = others.collect();
    let is_open = |name: &&String| {
        let shape = api.types.get(*name).map(|found| &found.shape);
        matches!(shape, Some(Shape::Enum { .. } | Shape::Union(_)))
    };
    let left_out: BTreeSet<String> = own.keys().filter(is_open).chain(&others).cloned().collect();
    own.extend(others.into_iter().map(|name| (name, json!({}))));
    let document = lower::document([], own).map_err(|error| error.to_string())?;
    generate(&document, left_out.iter().map(String::as_str))
}

/// The schemas in the pieces in which progenitor gets them. Types that hold each other stay together, since
/// progenitor boxes them where they would have no size; and so do names for names, which have the traits of
/// what they are names for.
pub(crate) fn chunks(
    mut schemas: BTreeMap<String, Value>,
    api: &Api,
    threads: usize,
) -> Vec<BTreeMap<String, Value>> {
    let most = schemas.len().div_ceil(threads).clamp(1, TYPES);
    if schemas.len() <= most {
        return vec![schemas];
    }
    let is_alias = |name: &str| {
        let found = api.types.get(name);
        found.is_some_and(|found| matches!(found.shape, Shape::Alias))
    };
    let mut edges: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, schema) in &schemas {
        let names = lower::names_in(schema);
        for other in names
            .iter()
            .filter(|other| is_alias(name) && is_alias(other))
        {
            if let Some((other, _)) = schemas.get_key_value(other) {
                edges.entry(other).or_default().push(name.clone());
            }
        }
        edges.entry(name).or_default().extend(names);
    }
    let mut chunks: Vec<Vec<String>> = Vec::new();
    for group in groups(&edges) {
        match chunks.last_mut().filter(|last| last.len() < most) {
            Some(last) => last.extend(group),
            None => chunks.push(group),
        }
    }
    let own = |chunk: Vec<String>| {
        let own = chunk.iter().filter_map(|name| schemas.remove_entry(name));
        own.collect()
    };
    chunks.into_iter().map(own).collect()
}

/// Makes the methods of some lowered operations: the types that they mention are names alone. It fails and
/// panics as [`types`] does.
pub(crate) fn methods(paths: &[(String, String)]) -> Result<TokenStream, String> {
    let read = |(path, item): &(String, String)| {
        let item = serde_json::from_str(item);
        Ok((path.clone(), item.map_err(|error| error.to_string())?))
    };
    let paths: Vec<(String, Value)> = paths.iter().map(read).collect::<Result<_, String>>()?;
    let names = paths.iter().flat_map(|(_, item)| lower::names_in(item));
    let names: BTreeSet<String> = names.collect();
    let schemas = names.iter().map(|name| (name.clone(), json!({})));
    let document = lower::document(paths, schemas).map_err(|error| error.to_string())?;
    generate(&document, names.iter().map(String::as_str))
}

/// Runs progenitor, which leaves out the types of some schemas and uses their names.
fn generate<'n>(
    document: &OpenAPI,
    left_out: impl Iterator<Item = &'n str>,
) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for name in left_out {
        settings.with_replacement(name, name, std::iter::empty::<TypeImpl>());
    }
    Generator::new(&settings)
        .generate_tokens(document)
        .map_err(|error| error.to_string())
}
