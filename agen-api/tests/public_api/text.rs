//! Pieces of Rust on one line, as rustfmt would write them if lines had no end.

use quote::{ToTokens, quote};
use syn::{
    Attribute, Field, FnArg, Item, ItemImpl, Pat, Path, Signature, Type, Variant, Visibility,
    parse_quote, visit_mut::VisitMut,
};

use crate::attributes;

/// An item on one line.
pub(crate) fn line(item: impl ToTokens) -> String {
    let mut file: syn::File = syn::parse2(item.to_token_stream())
        .unwrap_or_else(|error| panic!("no item: {error}: {}", item.to_token_stream()));
    Shorten.visit_file_mut(&mut file);
    let mut text = String::new();
    for line in prettyplease::unparse(&file).lines().map(str::trim) {
        if line.starts_with([')', '>', ']']) {
            text.truncate(text.trim_end_matches(',').len());
        } else if !text.is_empty() && !text.ends_with(['(', '<', '[']) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Drops `::std::…` before a name, which only macros write out, and `super::…`, which says nothing
/// where the line stands.
struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let first = path.segments.first().map(|first| first.ident.to_string());
        let std = path.leading_colon.is_some() && first.as_deref() == Some("std");
        let here = matches!(first.as_deref(), Some("crate" | "self" | "super"));
        if path.segments.len() > 1 && (std || here) {
            *path = last(path);
        }
    }
}

fn last(path: &Path) -> Path {
    let segment = path.segments.last();
    parse_quote!(#segment)
}

fn between(text: &str, before: &str, after: &str) -> String {
    let inner = text
        .strip_prefix(before)
        .and_then(|text| text.strip_suffix(after));
    let inner = inner.unwrap_or_else(|| panic!("{text:?} is not {before:?} … {after:?}"));
    inner.trim().trim_end_matches(',').to_owned()
}

pub(crate) fn ty(ty: &Type) -> String {
    between(&line(quote!(type X = #ty;)), "type X = ", ";")
}

pub(crate) fn attribute(attribute: &Attribute) -> String {
    let meta = attributes::tokens(attribute);
    between(&line(quote!(#[#meta] struct X;)), "", " struct X;")
}

/// `fn name(…) -> …`, without a body. That an argument is `mut` matters to the body alone.
pub(crate) fn signature(signature: &Signature) -> String {
    let mut signature = signature.clone();
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(receiver) => receiver.mutability = None,
            FnArg::Typed(typed) => {
                if let Pat::Ident(name) = &mut *typed.pat {
                    name.mutability = None;
                }
            }
        }
    }
    member(quote!(#signature;))
}

/// An item of a trait without its semicolon.
pub(crate) fn member(tokens: impl ToTokens) -> String {
    let text = between(&line(quote!(trait X { #tokens })), "trait X {", "}");
    text.trim_end_matches(';').trim_end_matches(',').to_owned()
}

/// The head of an item that ends with a semicolon.
pub(crate) fn head(tokens: impl ToTokens) -> String {
    between(&line(tokens), "", ";")
}

/// `impl Trait for Type`, with associated types, by the name of the trait alone: whether it is
/// written with its path, or derived, makes no difference.
pub(crate) fn implementation(block: &ItemImpl) -> String {
    let mut block = block.clone();
    block.attrs.clear();
    block
        .items
        .retain(|item| !matches!(item, syn::ImplItem::Fn(_)));
    if let Some((path, _)) = &mut block.trait_ {
        *path = last(path);
    }
    let text = line(Item::Impl(block));
    text.trim_end_matches(" {}").to_owned()
}

pub(crate) fn variant(variant: &Variant) -> String {
    let mut variant = variant.clone();
    variant.attrs.clear();
    for field in variant.fields.iter_mut() {
        field.attrs.clear();
    }
    between(&line(quote!(enum X { #variant })), "enum X {", "}")
}

/// What stands behind the name of a struct: whether it can be written as a literal.
pub(crate) fn shape(fields: &syn::Fields) -> &'static str {
    let private = |field: &Field| !matches!(field.vis, Visibility::Public(_));
    match (fields, fields.iter().any(private)) {
        (syn::Fields::Unit, _) => ";",
        (syn::Fields::Named(_), false) => " {}",
        (syn::Fields::Named(_), true) => " { private fields }",
        (syn::Fields::Unnamed(_), false) => "()",
        (syn::Fields::Unnamed(_), true) => "(private fields)",
    }
}
