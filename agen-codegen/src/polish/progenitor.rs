//! Reads what progenitor made: the types, and the signatures of its methods.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{FnArg, GenericArgument, Item, PathArguments, ReturnType, Type, visit_mut::VisitMut};

use super::types;
use crate::api::{self, Api, Shape};

/// Progenitor's types by name, each with its `impl` blocks, and its methods.
pub(super) struct Made {
    pub(super) types: BTreeMap<String, Vec<Item>>,
    /// In the order of the operations.
    pub(super) methods: Vec<Method>,
}

/// The signature of a method.
pub(super) struct Method {
    /// The owned types of the parameters, in the order of the operation's parameters.
    pub(super) parameters: Vec<Type>,
    pub(super) body: Option<Type>,
    pub(super) answer: Type,
}

pub(super) fn read(tokens: TokenStream, api: &Api) -> Result<Made, String> {
    let file: syn::File = syn::parse2(without_bodies(tokens))
        .map_err(|error| format!("progenitor wrote what is no Rust: {error}"))?;
    let mut made = Made {
        types: BTreeMap::new(),
        methods: Vec::new(),
    };
    let mut methods = BTreeMap::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for mut item in module.content.into_iter().flat_map(|(_, items)| items) {
                    types::Cleaner.visit_item_mut(&mut item);
                    if let Some(name) = type_name(&item) {
                        made.types.entry(name).or_default().push(item);
                    }
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    if let syn::ImplItem::Fn(mut function) = item
                        && function.sig.asyncness.is_some()
                    {
                        types::Cleaner.visit_signature_mut(&mut function.sig);
                        methods.insert(function.sig.ident.to_string(), function.sig);
                    }
                }
            }
            _ => {}
        }
    }
    for (index, operation) in api.operations.iter().enumerate() {
        let signature = methods
            .remove(&format!("operation{index}"))
            .ok_or_else(|| format!("progenitor made no method for `{}`", operation.name))?;
        made.methods.push(method(&signature, operation)?);
    }
    if !methods.is_empty() {
        return Err(format!(
            "progenitor made {} methods that no operation asked for",
            methods.len()
        ));
    }
    // Enums and unions are made by `polish`; everything else has to be there.
    let expected = api
        .types
        .iter()
        .filter(|(_, found)| matches!(found.shape, Shape::Struct { .. } | Shape::Alias));
    for (name, _) in expected {
        if !made.types.contains_key(name) {
            return Err(format!("progenitor made no type `{name}`"));
        }
    }
    for name in made.types.keys() {
        let carries = || api.types.keys().any(|union| *name == api::carrier(union));
        if !api.types.contains_key(name) && !carries() {
            return Err(format!(
                "progenitor made a type `{name}` that the document does not name"
            ));
        }
    }
    Ok(made)
}

/// Drops the bodies of the client's methods: they are replaced, and parsing them costs more than
/// all the rest.
fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut after_impl = false;
    let strip = |tree: TokenTree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::new()))
        }
        other => other,
    };
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Ident(word) => {
                after_impl = word == "impl" || (after_impl && word == "Client");
                TokenTree::Ident(word)
            }
            TokenTree::Group(group) if after_impl && group.delimiter() == Delimiter::Brace => {
                after_impl = false;
                TokenTree::Group(Group::new(
                    Delimiter::Brace,
                    group.stream().into_iter().map(strip).collect(),
                ))
            }
            other => other,
        })
        .collect()
}

/// The type that an item defines or implements something for.
fn type_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        // `impl From<Alias> for Inner` belongs to the alias.
        Item::Impl(item) => {
            let own = types::name_of(&item.self_ty);
            let of_trait = item
                .trait_
                .as_ref()
                .and_then(|(path, _)| types::argument_of(path))
                .and_then(types::name_of);
            let is_from = item.trait_.as_ref().is_some_and(|(path, _)| {
                path.segments
                    .last()
                    .is_some_and(|last| last.ident == "From")
            });
            match (own, of_trait) {
                (Some(own), Some(other)) if is_from && is_foreign(&own) => Some(other),
                (own, _) => own,
            }
        }
        _ => None,
    }
}

fn is_foreign(name: &str) -> bool {
    matches!(
        name,
        "String" | "Vec" | "BTreeMap" | "Map" | "Value" | "Option" | "DateTime" | "NaiveDate"
    ) || name.starts_with(|first: char| first.is_ascii_lowercase())
}

fn method(signature: &syn::Signature, operation: &api::Operation) -> Result<Method, String> {
    let mut arguments = BTreeMap::new();
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument
            && let syn::Pat::Ident(pattern) = &*typed.pat
        {
            arguments.insert(pattern.ident.to_string(), types::owned(&typed.ty));
        }
    }
    let parameters: Option<Vec<Type>> = (0..operation.parameters.len())
        .map(|index| arguments.remove(&format!("p{index}")))
        .collect();
    let parameters = parameters.ok_or_else(|| {
        format!(
            "progenitor made too few parameters for `{}`",
            operation.name
        )
    })?;
    let body = arguments.remove("body");
    if body.is_some() != operation.body.is_some() || !arguments.is_empty() {
        return Err(format!(
            "progenitor made other parameters than asked for `{}`",
            operation.name
        ));
    }
    let answer = answer(&signature.output).ok_or_else(|| {
        format!(
            "progenitor's answer of `{}` is not understood",
            operation.name
        )
    })?;
    Ok(Method {
        parameters,
        body,
        answer,
    })
}

/// `T` of `Result<ResponseValue<T>, Error<E>>`.
fn answer(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    let value = first_argument(result)?;
    first_argument(value).cloned()
}

fn first_argument(of: &Type) -> Option<&Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(found) => Some(found),
        _ => None,
    }
}
