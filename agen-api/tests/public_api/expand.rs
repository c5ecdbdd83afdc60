//! What a macro of the crate makes, read from its rules and not by the compiler.
//!
//! A macro is understood when its first argument is `$name:ident` and one rule makes the items; other
//! rules may hand on to that one, and those that begin with `@` are for use inside of it. `$name` is put in,
//! and a body of a function that holds more than that is left out, since nothing in it is public.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Item, ItemMacro};

/// Macros of std that make nothing that a caller can name.
const NOTHING: [&str; 2] = ["compile_error", "thread_local"];

/// The items that a call stands for.
pub(crate) fn call(call: &ItemMacro, rules: &BTreeMap<String, ItemMacro>) -> Vec<Item> {
    let path = &call.mac.path;
    let name = path.segments.last().map(|last| last.ident.to_string());
    let name = name.unwrap_or_default();
    if NOTHING.contains(&name.as_str()) {
        return Vec::new();
    }
    let argument = call.mac.tokens.clone().into_iter().next();
    let made = match (rules.get(&name), argument) {
        (None, _) => Err("no `macro_rules!` of this crate has its name".to_owned()),
        (Some(rules), Some(TokenTree::Ident(argument))) => items(rules, &argument),
        _ => Err("its first argument is no name".to_owned()),
    };
    made.unwrap_or_else(|reason| {
        panic!(
            "the list of the public API does not see what `{}` makes: {reason}. Write its items out, give it \
             the form `($name:ident, …)`, or read it in tests/public_api/expand.rs",
            call.to_token_stream()
        )
    })
}

/// The items that a macro makes for `name`. The error is why it is not understood.
pub(crate) fn items(rules: &ItemMacro, name: &Ident) -> Result<Vec<Item>, String> {
    let own = rules.ident.as_ref().map(ToString::to_string);
    // The rules that others hand on to: what begins with `@` and one of these words makes items.
    let mut inner = Vec::new();
    let mut makers = Vec::new();
    let mut tokens = rules.mac.tokens.clone().into_iter().filter_map(group);
    while let (Some(matcher), Some(body)) = (tokens.next(), tokens.next()) {
        let start: Vec<TokenTree> = matcher.into_iter().take(6).collect();
        let start: Vec<String> = start.iter().map(ToString::to_string).collect();
        let start: Vec<&str> = start.iter().map(String::as_str).collect();
        let variable = match start.as_slice() {
            ["$", variable, ":", "ident", ..] => *variable,
            ["@", word, "$", variable, ":", "ident"] if inner.iter().any(|known| known == word) => {
                *variable
            }
            // A rule that the others use inside of their items.
            ["@", ..] => continue,
            _ => return Err("not every rule of it begins with `$name:ident`".to_owned()),
        };
        let mut first = body.clone().into_iter();
        if first.next().map(|first| first.to_string()) != own {
            makers.push((variable.to_owned(), body));
        } else if let Some(given) = first.nth(1).and_then(group) {
            let mut given = given.into_iter().map(|tree| tree.to_string());
            if given.next().as_deref() == Some("@") {
                inner.extend(given.next());
            }
        }
    }
    let [(variable, body)] = makers.as_slice() else {
        return Err(format!("{} of its rules make items", makers.len()));
    };
    let body = substitute(body.clone(), variable, name, 0);
    let file = syn::parse2::<syn::File>(body);
    let file = file.map_err(|error| format!("its items depend on more than `$name` ({error})"))?;
    Ok(file.items)
}

fn group(tree: TokenTree) -> Option<TokenStream> {
    match tree {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    }
}

fn substitute(tokens: TokenStream, variable: &str, name: &Ident, depth: usize) -> TokenStream {
    let mut made = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(tree) = tokens.next() {
        let next = tokens.peek().map(ToString::to_string);
        match (&tree, next.as_deref()) {
            (TokenTree::Punct(dollar), Some(next)) if dollar.as_char() == '$' => {
                if next == variable {
                    made.extend([TokenTree::Ident(name.clone())]);
                    tokens.next();
                } else if next == "crate" {
                    made.extend([TokenTree::Ident(Ident::new("crate", Span::call_site()))]);
                    tokens.next();
                } else {
                    made.extend([tree]);
                }
            }
            (TokenTree::Group(group), _) => {
                let mut inner = substitute(group.stream(), variable, name, depth + 1);
                let brace = group.delimiter() == Delimiter::Brace;
                if brace && depth == 1 && has_variable(inner.clone()) {
                    // As the body of a function this parses; in another place it does not.
                    inner = quote!(left_out!());
                }
                made.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            _ => made.extend([tree]),
        }
    }
    made
}

fn has_variable(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => has_variable(group.stream()),
        TokenTree::Punct(punct) => punct.as_char() == '$',
        _ => false,
    })
}
