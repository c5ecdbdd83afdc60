//! A type as the generated code spells it, and small questions about it.
//!
//! It is no `syn::Type`, since that cannot go from one thread to another, and takes several times the room.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericArgument, Path, PathArguments, visit_mut::VisitMut};

use super::ident;
use crate::api::Api;

/// An owned type, in the short form in which the files have it: `String`, `Vec<Widget>`, and
/// `::serde_json::Value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// A path, and the arguments of its last name.
    Path(String, Vec<Type>),
    Tuple(Vec<Type>),
    Array(Box<Type>, String),
}

impl Type {
    /// The type of a name or path.
    pub(super) fn named(path: impl Into<String>) -> Self {
        Self::Path(path.into(), Vec::new())
    }

    /// `Wrapper<Self>`.
    pub(super) fn in_a(self, wrapper: &str) -> Self {
        Self::Path(wrapper.to_owned(), vec![self])
    }

    /// Reads a type that progenitor wrote, without the paths before the names of the standard library and
    /// of types of the document. What is borrowed is read as what is owned; the error is a fault of this
    /// crate or a change of progenitor.
    pub(super) fn read(of: &syn::Type) -> Result<Self, String> {
        match of {
            syn::Type::Path(found) if found.qself.is_none() => Self::of_path(&found.path),
            syn::Type::Reference(reference) => match Self::read(&reference.elem)? {
                Self::Path(path, _) if path == "str" => Ok(Self::named("String")),
                other => Ok(other),
            },
            syn::Type::Tuple(tuple) => {
                let all = tuple.elems.iter().map(Self::read);
                all.collect::<Result<_, _>>().map(Self::Tuple)
            }
            syn::Type::Array(array) => Ok(Self::Array(
                Box::new(Self::read(&array.elem)?),
                array.len.to_token_stream().to_string(),
            )),
            other => Err(format!(
                "progenitor made a type of an unknown kind: `{}`",
                spelled(other)
            )),
        }
    }

    fn of_path(path: &Path) -> Result<Self, String> {
        let names = path.segments.iter();
        let names: Vec<String> = names.map(|segment| segment.ident.to_string()).collect();
        let own = match own_names(&names) {
            Some(own) => names[names.len() - own..].join("::"),
            None if path.leading_colon.is_some() => format!("::{}", names.join("::")),
            None => names.join("::"),
        };
        let mut arguments = Vec::new();
        if let Some(last) = path.segments.last()
            && let PathArguments::AngleBracketed(given) = &last.arguments
        {
            for argument in &given.args {
                if let GenericArgument::Type(argument) = argument {
                    arguments.push(Self::read(argument)?);
                }
            }
        }
        Ok(Self::Path(own, arguments))
    }
}

impl ToTokens for Type {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Path(path, arguments) => {
                for (index, name) in path.split("::").enumerate() {
                    if index > 0 {
                        tokens.extend(quote!(::));
                    }
                    if !name.is_empty() {
                        ident(name).to_tokens(tokens);
                    }
                }
                if !arguments.is_empty() {
                    tokens.extend(quote!(<#(#arguments),*>));
                }
            }
            Self::Tuple(all) => match all.as_slice() {
                [only] => tokens.extend(quote!((#only,))),
                all => tokens.extend(quote!((#(#all),*))),
            },
            Self::Array(of, length) => {
                let length: TokenStream = length.parse().unwrap_or_default();
                tokens.extend(quote!([#of; #length]));
            }
        }
    }
}

/// How many of the names of a path are left of it where a file has the rest in scope.
fn own_names(names: &[String]) -> Option<usize> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["std", "option", "Option"]
        | ["std", "string", "String"]
        | ["std", "vec", "Vec"]
        | ["std", "boxed", "Box"]
        | ["types", _] => Some(1),
        _ => None,
    }
}

/// Shortens `::std::option::Option` and its like, and drops the `types::` that progenitor puts before
/// a type of its own.
pub(super) struct Cleaner;

impl VisitMut for Cleaner {
    fn visit_path_mut(&mut self, path: &mut Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names = path.segments.iter();
        let names: Vec<String> = names.map(|segment| segment.ident.to_string()).collect();
        if let Some(own) = own_names(&names) {
            path.leading_colon = None;
            let segments = std::mem::take(&mut path.segments).into_iter();
            path.segments = segments.skip(names.len() - own).collect();
        }
    }
}

/// Puts `types::` before the types of the document.
pub(super) fn qualified(api: &Api, of: &Type) -> Type {
    let all = |all: &[Type]| all.iter().map(|of| qualified(api, of)).collect();
    match of {
        Type::Path(name, arguments) if arguments.is_empty() && api.types.contains_key(name) => {
            Type::named(format!("types::{name}"))
        }
        Type::Path(path, arguments) => Type::Path(path.clone(), all(arguments)),
        Type::Tuple(types) => Type::Tuple(all(types)),
        Type::Array(of, length) => Type::Array(Box::new(qualified(api, of)), length.clone()),
    }
}

/// `T` of `Wrapper<T>`.
pub(super) fn inside<'t>(wrapper: &str, of: &'t Type) -> Option<&'t Type> {
    match of {
        Type::Path(path, arguments) if last_of(path) == wrapper => arguments.first(),
        _ => None,
    }
}

/// The type without an `Option` around it.
pub(super) fn without_option(of: &Type) -> &Type {
    inside("Option", of).unwrap_or(of)
}

pub(super) fn is_string(of: &Type) -> bool {
    name_of(of) == Some("String")
}

/// The last name of a path.
pub(super) fn name_of(of: &Type) -> Option<&str> {
    match of {
        Type::Path(path, _) => Some(last_of(path)),
        Type::Tuple(_) | Type::Array(..) => None,
    }
}

fn last_of(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
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
