//! Reads what progenitor made: the types, and the signatures of its methods.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree, token_stream};
use syn::{FnArg, Item, ReturnType, Type, visit_mut::VisitMut};

use super::types;
use crate::api::{self, Api, Encoding};

/// The items of progenitor's modules of types, parsed one at a time: the tree of a large document
/// would not fit into any cache.
struct Items<I> {
    made: I,
    open: token_stream::IntoIter,
}

impl<I: Iterator<Item = Result<TokenStream, String>>> Iterator for Items<I> {
    type Item = Result<Item, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let tokens = loop {
            if let Some(tokens) = until_end(&mut self.open, |tree| tree) {
                break tokens;
            }
            match self.made.next()? {
                Ok(made) => self.open = inside_of(made, ["mod", "types"]).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        };
        let item = syn::parse2(tokens).map(|mut item| {
            types::Cleaner.visit_item_mut(&mut item);
            item
        });
        Some(item.map_err(|error| format!("progenitor wrote what is no Rust: {error}")))
    }
}

/// The signature of a method.
pub(crate) struct Method {
    /// The owned types of the parameters, in the order of the operation's parameters.
    pub(super) parameters: Vec<Type>,
    /// Those of the parts of its body, in their order.
    pub(super) parts: Vec<Type>,
    pub(super) body: Option<Type>,
    pub(super) answer: Type,
}

/// The types of what progenitor made, in several parts.
pub(super) fn types(
    made: impl Iterator<Item = Result<TokenStream, String>>,
) -> impl Iterator<Item = Result<Item, String>> {
    Items {
        made,
        open: TokenStream::new().into_iter(),
    }
}

/// The signatures of the operations, in their order, out of several parts that progenitor made.
pub(crate) fn methods(
    made: impl Iterator<Item = Result<TokenStream, String>>,
    api: &Api,
) -> Result<Vec<Method>, String> {
    let mut methods = BTreeMap::new();
    for made in made {
        collect_methods(inside_of(made?, ["impl", "Client"]), &mut methods)?;
    }
    let mut found = Vec::new();
    for (index, operation) in api.operations.iter().enumerate() {
        let signature = methods
            .remove(&format!("operation{index}"))
            .ok_or_else(|| format!("progenitor made no method for `{}`", operation.name))?;
        found.push(method(&signature, operation)?);
    }
    if !methods.is_empty() {
        return Err(format!(
            "progenitor made {} methods that no operation asked for",
            methods.len()
        ));
    }
    Ok(found)
}

/// What stands in all blocks that two words begin.
fn inside_of(tokens: TokenStream, words: [&str; 2]) -> TokenStream {
    let mut inside = TokenStream::new();
    let mut before = [String::new(), String::new()];
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if before == words {
                    let stream = group.stream();
                    // While the group lives, taking its tokens out would copy them.
                    drop(group);
                    if inside.is_empty() {
                        inside = stream;
                    } else {
                        inside.extend(stream);
                    }
                }
                before = Default::default();
            }
            tree => before = [std::mem::take(&mut before[1]), tree.to_string()],
        }
    }
    inside
}

/// Reads the signatures of the asynchronous methods. Their bodies are replaced, and parsing them
/// would cost more than all the rest.
fn collect_methods(
    tokens: TokenStream,
    methods: &mut BTreeMap<String, syn::Signature>,
) -> Result<(), String> {
    let mut tokens = tokens.into_iter();
    let without_body = |tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::new()))
        }
        other => other,
    };
    while let Some(function) = until_end(&mut tokens, without_body) {
        let mut function: syn::ImplItemFn = syn::parse2(function)
            .map_err(|error| format!("progenitor wrote what is no function: {error}"))?;
        if function.sig.asyncness.is_some() {
            types::Cleaner.visit_signature_mut(&mut function.sig);
            methods.insert(function.sig.ident.to_string(), function.sig);
        }
    }
    Ok(())
}

/// The tokens up to the end of an item: a semicolon or a group in braces.
fn until_end(
    tokens: &mut token_stream::IntoIter,
    change: impl Fn(TokenTree) -> TokenTree,
) -> Option<TokenStream> {
    let mut found = Vec::new();
    for tree in tokens {
        let end = match &tree {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        found.push(change(tree));
        if end {
            break;
        }
    }
    (!found.is_empty()).then(|| found.into_iter().collect())
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
    let body = arguments.remove("body");
    let mut numbered = |name: &str, count: usize| -> Result<Vec<Type>, String> {
        let all = (0..count).map(|index| arguments.remove(&format!("{name}{index}")));
        all.collect::<Option<_>>().ok_or_else(|| {
            format!(
                "progenitor made too few parameters for `{}`",
                operation.name
            )
        })
    };
    let asked = operation.body.as_ref();
    let parameters = numbered("p", operation.parameters.len())?;
    let parts = numbered("part", asked.map_or(0, |body| body.parts.len()))?;
    let is_whole = asked.is_some_and(|body| body.encoding != Encoding::Multipart);
    if body.is_some() != is_whole || !arguments.is_empty() {
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
        parts,
        body,
        answer,
    })
}

/// `T` of `Result<ResponseValue<T>, Error<E>>`.
fn answer(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    let value = types::inside("Result", result)?;
    types::inside("ResponseValue", value).cloned()
}
