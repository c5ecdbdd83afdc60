//! Unions that keep a value they do not know.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cycles, docs, ident,
    structs::{Structs, TypeSummary},
    types::{self, Type},
};
use crate::{
    api::{self, Api, Holds, Shape, Union, Variant},
    render::Section,
};

pub(super) fn polish(
    structs: &Structs,
    api: &Api,
    section: &mut Section,
) -> Result<Vec<TypeSummary>, String> {
    let mut summaries = Vec::new();
    let circles = circles(structs, api);
    for (name, found) in &api.types {
        let Shape::Union(union) = &found.shape else {
            continue;
        };
        if found.by_name {
            continue;
        }
        let types = variant_types(name, union, structs, &circles)?;
        section.add(definition(name, found, union, &types, api))?;
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
fn definition(
    name: &str,
    found: &api::Type,
    union: &Union,
    types: &[Type],
    api: &Api,
) -> TokenStream {
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
    let by_fit = union.variants.iter().filter(|variant| variant.by_fit);
    let by_fit: Vec<_> = by_fit.map(|variant| fitting(variant, api)).collect();
    let by_fit = (!by_fit.is_empty()).then(|| quote!(, [#(#by_fit),*]));
    let by_tag = union.tag.as_ref().map(|tag| {
        let arms = union.variants.iter().zip(&variants).map(|(variant, name)| {
            let tags = &variant.tags;
            quote!(#(#tags)|* => #name)
        });
        quote!(, tag = #tag, { #(#arms),* })
    });
    let choice = quote!(#name #by_tag #by_fit);
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

/// A variant as `open_union!` tries it.
fn fitting(variant: &Variant, api: &Api) -> TokenStream {
    let name = ident(&variant.name);
    let Holds::Named(held) = &variant.holds else {
        return quote!(#name);
    };
    match api.types.get(held).map(|found| &found.shape) {
        Some(Shape::Struct {
            fields,
            keeps_unknown: false,
        }) => {
            let known = fields.keys();
            quote!(#name { #(#known),* })
        }
        Some(Shape::Union(_)) => {
            let held = ident(held);
            quote!(#name(#held))
        }
        _ => quote!(#name),
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
        same.count() == 1 && types::name_of(ty) != Some("Value")
    })
}

/// The type of each variant, in a box where it would hold the union itself.
fn variant_types(
    name: &str,
    union: &Union,
    structs: &Structs,
    circles: &BTreeMap<&str, usize>,
) -> Result<Vec<Type>, String> {
    let mut types = Vec::new();
    for variant in &union.variants {
        types.push(match &variant.holds {
            Holds::Named(type_name) => {
                let held = Type::named(type_name);
                let circle = circles.get(type_name.as_str());
                if circle.is_some() && circle == circles.get(name) {
                    held.in_a("Box")
                } else {
                    held
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

/// The types that hold each other in themselves, not behind a pointer: those of a circle have one number.
fn circles<'a>(structs: &'a Structs, api: &'a Api) -> BTreeMap<&'a str, usize> {
    let named = |ty: &Type| types::name_of(types::without_option(ty)).map(str::to_owned);
    let edges = api.types.iter().map(|(name, found)| {
        let held: Vec<String> = match &found.shape {
            Shape::Struct { .. } => {
                let fields = structs.fields.get(name).into_iter();
                let inputs = fields.flat_map(|fields| &fields.named);
                inputs.filter_map(|input| named(&input.base)).collect()
            }
            Shape::Alias => structs
                .inner
                .get(name)
                .and_then(named)
                .into_iter()
                .collect(),
            Shape::Union(union) => {
                let variants = union.variants.iter();
                let held = variants.filter_map(|variant| match &variant.holds {
                    Holds::Named(held) => Some(held.clone()),
                    Holds::Carried(_) => None,
                });
                held.collect()
            }
            Shape::Enum { .. } | Shape::Same(_) => Vec::new(),
        };
        let held = held.iter().filter_map(|held| api.types.get_key_value(held));
        (name.as_str(), held.map(|(held, _)| held.as_str()).collect())
    });
    cycles::cycles(&edges.collect())
}
