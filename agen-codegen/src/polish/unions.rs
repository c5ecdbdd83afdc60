//! Unions that keep a value they do not know.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::{
    docs, ident,
    structs::{Structs, TypeSummary},
    types,
};
use crate::{
    api::{self, Api, Holds, Shape, Union},
    render::Section,
};

pub(super) fn polish(
    structs: &Structs,
    api: &Api,
    section: &mut Section,
) -> Result<Vec<TypeSummary>, String> {
    let mut summaries = Vec::new();
    for (name, found) in &api.types {
        let Shape::Union(union) = &found.shape else {
            continue;
        };
        let types = variant_types(name, union, structs, api)?;
        section.add(super::items(definition(name, found, union, &types))?)?;
        let variants = union.variants.iter().zip(&types).map(|(variant, ty)| {
            let tags = if variant.tags.is_empty() {
                String::new()
            } else {
                format!("{}: ", variant.tags.join(" | "))
            };
            format!("{tags}{}({})", variant.name, types::show(ty))
        });
        let from = convertible(&types).map(|(_, ty)| format!("From<{}>", types::show(ty)));
        let from = from.collect::<Vec<_>>().join(", ");
        let from = (!from.is_empty()).then_some(from);
        summaries.push(TypeSummary {
            name: name.clone(),
            kind: "union",
            lines: variants.chain(from).collect(),
        });
    }
    Ok(summaries)
}

/// A large variant is not put into a box: whoever matches would have to take it out again, and the
/// type would change with the fields that the document adds.
fn definition(name: &str, found: &api::Type, union: &Union, types: &[Type]) -> TokenStream {
    let docs = super::structs::type_docs(name, found.description.as_deref());
    let name = ident(name);
    let names: Vec<String> = union
        .variants
        .iter()
        .map(|variant| variant.name.clone())
        .collect();
    let variants: Vec<_> = names.iter().map(|variant| ident(variant)).collect();
    let variant_docs =
        union
            .variants
            .iter()
            .zip(types)
            .map(|(variant, ty)| match variant.tags.as_slice() {
                [] => docs::raw(&docs::code(&types::show(ty))),
                tags => {
                    let tags: Vec<String> = tags.iter().map(|tag| docs::code(tag)).collect();
                    let property = docs::code(union.tag.as_deref().unwrap_or_default());
                    docs::raw(&format!("{property} is {}.", tags.join(" or ")))
                }
            });
    let choice = match &union.tag {
        Some(tag) => {
            let arms = union
                .variants
                .iter()
                .zip(&variants)
                .filter(|(variant, _)| !variant.tags.is_empty())
                .map(|(variant, name)| {
                    let tags = &variant.tags;
                    quote!(#(#tags)|* => #name)
                });
            quote!(#name, tag = #tag, { #(#arms),* })
        }
        None => quote!(#name, [#(#variants),*]),
    };
    let unknown_docs = docs::raw(match &union.tag {
        Some(_) => {
            "A value that no variant fits, kept as it came: its tag is new, or its shape has changed."
        }
        None => "A value that no variant fits, kept as it came.",
    });
    let deprecated = found.deprecated.then(|| quote!(#[deprecated]));
    let from = conversions(&name, &variants, types);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #name {
            #(#variant_docs #variants(#types),)*
            #unknown_docs
            Unknown(::serde_json::Value),
        }

        #from

        open_union!(#choice);
    }
}

/// `From` for each type that only one variant holds.
fn conversions(
    name: &proc_macro2::Ident,
    variants: &[proc_macro2::Ident],
    types: &[Type],
) -> TokenStream {
    let conversions = convertible(types).map(|(index, ty)| {
        let variant = &variants[index];
        quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(value)
                }
            }
        }
    });
    conversions.collect()
}

/// The types that only one variant holds, and its place.
fn convertible(types: &[Type]) -> impl Iterator<Item = (usize, &Type)> {
    let shown: Vec<String> = types.iter().map(types::show).collect();
    types.iter().enumerate().filter(move |(index, ty)| {
        let same = shown.iter().filter(|other| **other == shown[*index]);
        same.count() == 1 && types::name_of(ty).as_deref() != Some("Value")
    })
}

/// The type of each variant, in a box where it would hold the union itself.
fn variant_types(
    name: &str,
    union: &Union,
    structs: &Structs,
    api: &Api,
) -> Result<Vec<Type>, String> {
    let mut types = Vec::new();
    for variant in &union.variants {
        types.push(match &variant.holds {
            Holds::Named(type_name) => {
                let ident = ident(type_name);
                if holds(type_name, name, structs, api, &mut BTreeSet::new()) {
                    parse_quote!(Box<#ident>)
                } else {
                    parse_quote!(#ident)
                }
            }
            Holds::Carried(field) => {
                let carried = structs
                    .carried
                    .get(name)
                    .and_then(|fields| fields.get(field));
                carried.cloned().ok_or_else(|| {
                    format!("progenitor made no type for `{name}::{}`", variant.name)
                })?
            }
        });
    }
    Ok(types)
}

/// Whether a value of one type holds a value of the other in itself, not behind a pointer.
fn holds(
    outer: &str,
    inner: &str,
    structs: &Structs,
    api: &Api,
    seen: &mut BTreeSet<String>,
) -> bool {
    if outer == inner {
        return true;
    }
    if !seen.insert(outer.to_owned()) {
        return false;
    }
    let next: Vec<String> = match api.types.get(outer).map(|found| &found.shape) {
        Some(Shape::Struct { .. }) => {
            let inputs = structs
                .fields
                .get(outer)
                .into_iter()
                .flat_map(|fields| &fields.named);
            inputs
                .filter_map(|input| types::name_of(types::without_option(&input.base)))
                .collect()
        }
        Some(Shape::Union(union)) => union
            .variants
            .iter()
            .filter_map(|variant| match &variant.holds {
                Holds::Named(type_name) => Some(type_name.clone()),
                Holds::Carried(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    next.iter()
        .any(|name| holds(name, inner, structs, api, seen))
}
