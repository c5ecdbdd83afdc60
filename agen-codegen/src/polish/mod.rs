//! Passes over the syntax tree that progenitor gives: never over text.
//!
//! Each pass knows from [`Api`] how many places it has to touch, and fails when it touched another
//! number: a new version of progenitor or typify that writes something else is noticed here.

mod docs;
mod enums;
mod example;
mod inputs;
mod operation_docs;
mod operations;
mod progenitor;
mod structs;
mod types;
mod unions;

use proc_macro2::TokenStream;
use syn::Item;

use crate::{Settings, api::Api};

pub(crate) use enums::documented_name;
pub(crate) use inputs::{Input, MOST_ARGUMENTS};
pub(crate) use operations::Call;
pub(crate) use types::show;

/// The generated code by purpose, and what `surface` tells of it.
pub(crate) struct Polished {
    pub(crate) structs: Vec<Item>,
    pub(crate) enums: Vec<Item>,
    pub(crate) unions: Vec<Item>,
    pub(crate) operations: Vec<Item>,
    pub(crate) calls: Vec<Call>,
    pub(crate) types: Vec<structs::TypeSummary>,
}

/// Turns progenitor's tokens into the code that is written. The error is a fault of this crate or
/// a change of progenitor, never of the document.
pub(crate) fn polish(
    tokens: TokenStream,
    api: &Api,
    settings: &Settings,
) -> Result<Polished, String> {
    let made = progenitor::read(tokens, api)?;
    let structs = structs::polish(&made, api, settings)?;
    let enums = enums::polish(api)?;
    let unions = unions::polish(&made, &structs, api)?;
    let operations = operations::polish(&made, &structs, api, settings)?;
    let mut types = structs.summaries;
    types.extend(enums.summaries);
    types.extend(unions.summaries);
    types.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Polished {
        structs: structs.items,
        enums: enums.items,
        unions: unions.items,
        operations: operations.items,
        calls: operations.calls,
        types,
    })
}

/// Parses the items that a pass has written.
fn items(tokens: TokenStream) -> Result<Vec<Item>, String> {
    syn::parse2::<syn::File>(tokens)
        .map(|file| file.items)
        .map_err(|error| format!("a pass wrote what is no Rust: {error}"))
}

/// A name of the document's making as an identifier; `name` made sure that it is one.
fn ident(name: &str) -> proc_macro2::Ident {
    proc_macro2::Ident::new(name, proc_macro2::Span::call_site())
}
