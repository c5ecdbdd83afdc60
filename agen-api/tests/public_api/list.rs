//! The list: texts by module.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::{Ident, Item, parse_quote};

use crate::{
    expand,
    exports::{self, Homes},
    impls, items,
    lines::Lines,
    tree::Tree,
};

/// One text for each public module of the root, and `root` for all else.
pub(crate) fn list(tree: &Tree) -> BTreeMap<String, String> {
    let mut lines = Lines::default();
    let exports = exports::exports(tree, &mut lines);
    let homes = Homes::new(tree, &exports);
    items::declare(tree, &exports, &homes, &mut lines);
    impls::implement(tree, &homes, &mut lines);
    lines.texts()
}

/// What each macro of the crate makes that has the form `name!(Type, …)`.
pub(crate) fn list_macros(tree: &Tree) -> String {
    const NAME: &str = "Name__";
    let ident = Ident::new(NAME, Span::call_site());
    let declaration = format!("pub struct {NAME}");
    let mut all = String::new();
    for (name, rules) in tree.macros() {
        // Another one that is called where an item stands has failed before.
        let Ok(made) = expand::items(&rules, &ident) else {
            continue;
        };
        let mut items: Vec<Item> = vec![parse_quote!(pub struct #ident;)];
        items.extend(made);
        let made: String = list(&Tree::of(items)).into_values().collect();
        for line in made.lines() {
            if line != declaration {
                all.push_str(&format!("{name}! {}\n", line.replace(NAME, "$name")));
            }
        }
    }
    all
}
