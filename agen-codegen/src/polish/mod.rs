//! Passes over the syntax tree that progenitor gives: never over text.
//!
//! Each pass knows from [`Api`] how many places it has to touch, and fails when it touched another
//! number: a new version of progenitor or typify that writes something else is noticed here.

mod answers;
mod bodies;
mod cycles;
mod docs;
mod enums;
mod example;
mod inputs;
mod mocks;
mod operation_docs;
mod operations;
mod pages;
mod progenitor;
mod samples;
mod structs;
mod types;
mod unions;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use crate::{Settings, api::Api, render::Files};

pub(crate) use enums::documented_name;
pub(crate) use inputs::{Input, shown_arguments};
pub(crate) use operations::{Call, argument_names};
pub(crate) use progenitor::{Method, methods};
pub(crate) use structs::TypeSummary;
pub(crate) use types::{shortened, show, spelled};

/// What the name of a type that stands beside another one has behind the name of that.
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const ERROR: &str = "Error";
pub(crate) const REQUIRED: &str = "Required";

/// Turns progenitor's types into the code that is written, piece by piece. The error is a fault of
/// this crate or a change of progenitor, never of the document. Each call is told of as it is made, and the
/// types, in the order of their names, are given.
pub(crate) fn polish(
    types: impl Iterator<Item = Result<TokenStream, String>>,
    methods: &[Method],
    api: &Api,
    settings: &Settings,
    files: &mut Files,
    told: &mut dyn FnMut(Call),
) -> Result<Vec<TypeSummary>, String> {
    let types = progenitor::types(types);
    let mut structs = structs::polish(types, api, settings, &mut files.structs)?;
    let mut types = std::mem::take(&mut structs.summaries);
    types.extend(enums::polish(api, &mut files.enums)?);
    types.extend(unions::polish(&structs, api, &mut files.unions)?);
    types.sort_by(|one, other| one.name.cmp(&other.name));
    operations::polish(methods, &structs, api, settings, files, told)?;
    samples::polish(api, &mut files.mock)?;
    Ok(types)
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

/// A field of a struct literal, in short where the value has the name of the field.
fn field_value(field: &proc_macro2::Ident, value: &TokenStream) -> TokenStream {
    if *field == value.to_string() {
        quote!(#field,)
    } else {
        quote!(#field: #value,)
    }
}
