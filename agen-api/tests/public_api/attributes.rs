//! What attributes say of an item.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta, Visibility, punctuated::Punctuated, token::Comma};

use crate::text;

/// Attributes that change nothing for a caller, or that are read elsewhere.
const SILENT: [&str; 12] = [
    "allow",
    "cfg",
    "cold",
    "default",
    "derive",
    "diagnostic",
    "doc",
    "expect",
    "inline",
    "rustfmt",
    "serde",
    "warn",
];
/// Attributes that are part of the API. Their text is documentation.
const SHOWN: [&str; 3] = ["deprecated", "must_use", "non_exhaustive"];

pub(crate) fn of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => panic!("an item of a kind that is not read; read it in tests/public_api"),
    }
}

/// The name that an item declares.
pub(crate) fn name(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

pub(crate) fn visibility(item: &Item) -> Option<&Visibility> {
    match item {
        Item::Const(item) => Some(&item.vis),
        Item::Enum(item) => Some(&item.vis),
        Item::Fn(item) => Some(&item.vis),
        Item::Static(item) => Some(&item.vis),
        Item::Struct(item) => Some(&item.vis),
        Item::Trait(item) => Some(&item.vis),
        Item::Type(item) => Some(&item.vis),
        _ => None,
    }
}

/// The conditions of an item, as they are written.
pub(crate) fn cfg(attributes: &[Attribute]) -> impl Iterator<Item = String> {
    let of = |attribute: &Attribute| attribute.path().is_ident("cfg");
    let found = attributes.iter().filter(move |attribute| of(attribute));
    found.map(text::attribute)
}

/// Whether an item is there for tests alone.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    cfg(attributes).any(|text| matches!(text.as_str(), "#[cfg(test)]" | "#[cfg(doctest)]"))
}

/// The attributes that a caller has to know of.
pub(crate) fn shown(attributes: &[Attribute]) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in attributes {
        let name = attribute.path().segments[0].ident.to_string();
        let written = text::attribute(attribute);
        if SHOWN.contains(&name.as_str()) {
            found.push(format!("#[{name}]"));
        } else if name == "repr" || written == "#[doc(hidden)]" {
            found.push(written);
        } else {
            let silent =
                SILENT.contains(&name.as_str()) || written.starts_with("#[cfg_attr(docsrs,");
            assert!(
                silent,
                "`{written}` is an attribute that the list of the public API does not know: add it to \
                 SILENT or SHOWN in tests/public_api/attributes.rs, or read there what it makes"
            );
        }
    }
    found.sort();
    found
}

/// Names of the traits that are derived.
pub(crate) fn derives(attributes: &[Attribute]) -> Vec<String> {
    let of = |attribute: &&Attribute| attribute.path().is_ident("derive");
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(of) {
        let paths = attribute.parse_args_with(Punctuated::<syn::Path, Comma>::parse_terminated);
        let paths = paths.expect("a derive is a list of paths");
        found.extend(
            paths
                .iter()
                .filter_map(|path| Some(path.segments.last()?.ident.to_string())),
        );
    }
    found
}

/// The attribute without its text: `must_use = "…"` would be documentation.
pub(crate) fn tokens(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::NameValue(pair) => pair.path.to_token_stream(),
        meta => meta.to_token_stream(),
    }
}
