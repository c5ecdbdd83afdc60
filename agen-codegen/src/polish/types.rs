//! Small questions about `syn::Type`.

use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type, parse_quote, visit_mut::VisitMut};

use crate::api::Api;

/// Shortens `::std::option::Option` and its like, and drops the `types::` that progenitor puts before
/// a type of its own.
pub(super) struct Cleaner;

impl VisitMut for Cleaner {
    fn visit_path_mut(&mut self, path: &mut Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let keep = match names.as_slice() {
            ["std", "option", "Option"]
            | ["std", "string", "String"]
            | ["std", "vec", "Vec"]
            | ["std", "boxed", "Box"] => 1,
            ["types", _] => 1,
            _ => return,
        };
        path.leading_colon = None;
        path.segments = path
            .segments
            .iter()
            .skip(names.len() - keep)
            .cloned()
            .collect();
    }
}

/// Puts `types::` before the types of the document.
pub(super) fn qualified(api: &Api, of: &Type) -> Type {
    struct Qualifier<'a>(&'a Api);
    impl VisitMut for Qualifier<'_> {
        fn visit_path_mut(&mut self, path: &mut Path) {
            syn::visit_mut::visit_path_mut(self, path);
            if let Some(name) = path.get_ident()
                && self.0.types.contains_key(&name.to_string())
            {
                *path = parse_quote!(types::#name);
            }
        }
    }
    let mut of = of.clone();
    Qualifier(api).visit_type_mut(&mut of);
    of
}

/// The owned type of an argument that progenitor takes by reference, without its `Option`.
pub(super) fn owned(of: &Type) -> Type {
    match of {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => parse_quote!(String),
            other => other.clone(),
        },
        other => match inside("Option", other) {
            Some(inner) => owned(inner),
            None => other.clone(),
        },
    }
}

/// `T` of `Wrapper<T>`.
pub(super) fn inside<'t>(wrapper: &str, of: &'t Type) -> Option<&'t Type> {
    let Type::Path(path) = of else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == wrapper)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The type without an `Option` around it.
pub(super) fn without_option(of: &Type) -> &Type {
    inside("Option", of).unwrap_or(of)
}

pub(super) fn is_string(of: &Type) -> bool {
    name_of(of).as_deref() == Some("String")
}

/// The last segment of a path.
pub(super) fn name_of(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Type::Reference(reference) => name_of(&reference.elem),
        _ => None,
    }
}

/// A type as a person writes it, for documentation and the surface.
pub(crate) fn show(of: &impl ToTokens) -> String {
    shortened(&spelled(of))
}

/// A type that is spelled with all of its paths, as a person writes it.
pub(crate) fn shortened(spelled: &str) -> String {
    spelled
        .replace("types::", "")
        .replace("::serde_json::", "")
        .replace("::chrono::", "")
        .replace("offset::Utc", "Utc")
        .replace("::std::collections::", "")
}

/// A type with all of its paths.
pub(crate) fn spelled(of: &impl ToTokens) -> String {
    let mut text = String::new();
    show_tokens(of.to_token_stream(), &mut |tree| text.push_str(tree));
    text
}

fn show_tokens(tokens: proc_macro2::TokenStream, write: &mut dyn FnMut(&str)) {
    use proc_macro2::{Delimiter, TokenTree};
    let mut word = false;
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                write(open);
                show_tokens(group.stream(), write);
                write(close);
                word = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                write(", ");
                word = false;
            }
            TokenTree::Punct(punct) => {
                write(punct.as_char().encode_utf8(&mut [0; 4]));
                word = false;
            }
            other => {
                if word {
                    write(" ");
                }
                write(&other.to_string());
                word = true;
            }
        }
    }
}
