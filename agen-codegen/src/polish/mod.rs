//! Passes over the syntax tree that progenitor gives: never over text.
//!
//! Each pass knows from [`Api`] how many places it has to touch, and fails when it touched another
//! number: a new version of progenitor or typify that writes something else is noticed here.

mod answers;
mod bodies;
mod chain;
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

use crate::{
    Settings,
    api::Api,
    generate,
    guard::{self, Work},
    lower::Lowered,
    render::Files,
};
use operations::Shaped;
use progenitor::Method;
use structs::{Carriers, Structs};

pub(crate) use enums::documented_name;
pub(crate) use inputs::{Input, shown_arguments};
pub(crate) use operations::{Call, argument_names};
pub(crate) use structs::TypeSummary;
pub(crate) use types::{shortened, show, spelled};

/// What the name of a type that stands beside another one has behind the name of that.
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const ERROR: &str = "Error";
pub(crate) const REQUIRED: &str = "Required";

/// How the code is made.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    pub(crate) settings: &'a Settings,
    /// Whether only what the code declares is asked for, instead of its text.
    pub(crate) declaring: bool,
    /// How many threads may work on it.
    pub(crate) threads: usize,
}

/// What is made of a lowered document, or of a part of it.
pub(crate) struct Made<T> {
    methods: Vec<Method>,
    structs: Structs,
    pub(crate) files: Files,
    /// In the order of their names, once all are made.
    pub(crate) types: Vec<TypeSummary>,
    /// What is told of each call.
    pub(crate) calls: Vec<T>,
}

impl<T: Send> Made<T> {
    fn new(way: Way<'_>) -> Self {
        Self {
            methods: Vec::new(),
            structs: Structs::default(),
            files: Files::new(way.declaring),
            types: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Adds what pieces of work make, in their order.
    fn add(
        &mut self,
        work: Vec<Work<'_, Result<Self, String>>>,
        way: Way<'_>,
    ) -> Result<(), String> {
        for made in guard::each(work, way.threads) {
            let made = made?;
            self.methods.extend(made.methods);
            self.structs.append(made.structs);
            self.files.append(made.files);
            self.types.extend(made.types);
            self.calls.extend(made.calls);
        }
        Ok(())
    }
}

/// Has progenitor make the types and methods of a lowered document, and turns them into the code that is
/// written, piece by piece: the code of a large document would not fit into any cache, and two threads can
/// work on it. The error is a fault of this crate or a change of progenitor, never of the document.
pub(crate) fn polish<T: Send>(
    lowered: Lowered,
    way: Way<'_>,
    tell: &(dyn Fn(Call) -> T + Sync),
) -> Result<(Made<T>, Api), String> {
    let Lowered {
        mut paths,
        schemas,
        api,
    } = lowered;
    let settings = way.settings;
    let mut made = Made::new(way);

    // Calls have fields of structs as arguments, so these are made first.
    let carriers = Carriers::new(&api);
    let mut work: Vec<Work<'_, _>> = Vec::new();
    let at_once = generate::operations_at_once(api.operations.len(), way.threads);
    for operations in api.operations.chunks(at_once) {
        let rest = paths.split_off(operations.len().min(paths.len()));
        let own = std::mem::replace(&mut paths, rest);
        let first = work.len() * at_once;
        work.push(Box::new(move || {
            let mut made = Made::new(way);
            made.methods = progenitor::methods(generate::methods(&own)?, operations, first)?;
            Ok(made)
        }));
    }
    for own in generate::chunks(schemas, &api, way.threads) {
        let (api, carriers) = (&api, &carriers);
        work.push(Box::new(move || {
            let mut made = Made::new(way);
            let types = progenitor::types(generate::types(own, api)?);
            let section = &mut made.files.structs;
            made.structs = structs::polish(types, carriers, api, settings, section)?;
            Ok(made)
        }));
    }
    work.push(Box::new(|| {
        let mut made = Made::new(way);
        made.types = enums::polish(&api, &mut made.files.enums)?;
        Ok(made)
    }));
    made.add(work, way)?;
    made.structs.finish(&api, &mut made.files.structs)?;
    made.types.append(&mut made.structs.summaries);

    let structs = std::mem::take(&mut made.structs);
    let methods = std::mem::take(&mut made.methods);
    let builders = operations::builders(&api);
    let mut work: Vec<Work<'_, _>> = Vec::new();
    work.push(Box::new(|| {
        let mut made = Made::new(way);
        made.types = unions::polish(&structs, &api, &mut made.files.unions)?;
        Ok(made)
    }));
    for (operations, methods) in api.operations.chunks(at_once).zip(methods.chunks(at_once)) {
        let (api, structs, builders) = (&api, &structs, &builders);
        work.push(Box::new(move || {
            let mut made = Made::new(way);
            for (operation, method) in operations.iter().zip(methods) {
                let call = Shaped::new(operation, method, structs, api, builders)?;
                call.write(settings, &mut made.files)?;
                made.calls.push(tell(call.summary()));
            }
            Ok(made)
        }));
    }
    work.push(Box::new(|| {
        let mut made = Made::new(way);
        samples::polish(&api, &mut made.files.mock)?;
        Ok(made)
    }));
    made.add(work, way)?;
    made.types.sort_by(|one, other| one.name.cmp(&other.name));
    Ok((made, api))
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
