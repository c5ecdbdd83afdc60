//! Reads what progenitor made: the types, and the signatures of its methods.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree, token_stream};
use syn::{FnArg, Item, ReturnType};

use super::types::{self, Type};
use crate::api::{self, Encoding};

/// An item of progenitor's module of types, which is not parsed before it is asked for.
pub(super) struct Unparsed(Vec<TokenTree>);

impl Unparsed {
    /// Whether it begins with a word, behind its attributes.
    pub(super) fn is(&self, word: &str) -> bool {
        let first = self.0.iter().find_map(|tree| match tree {
            TokenTree::Ident(first) => Some(first),
            _ => None,
        });
        first.is_some_and(|first| first == word)
    }

    pub(super) fn parse(self) -> Result<Item, String> {
        syn::parse2(self.0.into_iter().collect())
            .map_err(|error| format!("progenitor wrote what is no Rust: {error}"))
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

/// The items of progenitor's modules of types, one at a time: the tree of all would not fit into any cache.
pub(super) fn types(made: TokenStream) -> impl Iterator<Item = Unparsed> {
    let mut open = inside_of(made, ["mod", "types"]).into_iter();
    std::iter::from_fn(move || until_end(&mut open, |tree| tree).map(Unparsed))
}

/// The signatures of some operations, the first of which has this number among all, in their order, out of
/// what progenitor made.
pub(super) fn methods(
    made: TokenStream,
    operations: &[api::Operation],
    first: usize,
) -> Result<Vec<Method>, String> {
    let mut methods = BTreeMap::new();
    collect_methods(inside_of(made, ["impl", "Client"]), &mut methods)?;
    let mut found = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let signature = methods
            .remove(&format!("operation{}", first + index))
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
        let function: syn::ImplItemFn = syn::parse2(function.into_iter().collect())
            .map_err(|error| format!("progenitor wrote what is no function: {error}"))?;
        if function.sig.asyncness.is_some() {
            methods.insert(function.sig.ident.to_string(), function.sig);
        }
    }
    Ok(())
}

/// The tokens up to the end of an item: a semicolon or a group in braces.
fn until_end(
    tokens: &mut token_stream::IntoIter,
    change: impl Fn(TokenTree) -> TokenTree,
) -> Option<Vec<TokenTree>> {
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
    (!found.is_empty()).then_some(found)
}

fn method(signature: &syn::Signature, operation: &api::Operation) -> Result<Method, String> {
    let mut arguments = BTreeMap::new();
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument
            && let syn::Pat::Ident(pattern) = &*typed.pat
        {
            let mut ty = Type::read(&typed.ty)?;
            while let Some(inner) = types::inside("Option", &ty) {
                ty = inner.clone();
            }
            arguments.insert(pattern.ident.to_string(), ty);
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
    let answer = answer(&signature.output)?.ok_or_else(|| {
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
fn answer(output: &ReturnType) -> Result<Option<Type>, String> {
    let ReturnType::Type(_, result) = output else {
        return Ok(None);
    };
    let result = Type::read(result)?;
    let value = types::inside("Result", &result);
    let value = value.and_then(|value| types::inside("ResponseValue", value));
    Ok(value.cloned())
}
