//! What items declare.

use quote::quote;
use syn::{Ident, Item, TraitItem, TypeParamBound};

use crate::{
    attributes,
    exports::{Export, Homes, is_public},
    lines::{Lines, Says},
    text,
    tree::Tree,
};

/// Adds every item that is written by hand, in full at home and in a line where it has another name.
pub(crate) fn declare(tree: &Tree, exports: &[Export], homes: &Homes<'_>, lines: &mut Lines) {
    for export in exports {
        let (module, place) = export.item;
        let (module, home) = (&tree.modules[module], homes.get(export.item));
        match home.filter(|home| home.path != export.path) {
            _ if module.is_generated() => {}
            None => declare_item(&module.items[place], export, homes, lines),
            Some(home) => {
                let (from, to) = (home.path.join("::"), export.path.join("::"));
                let text = format!("pub use {from} as {to}");
                lines.add(&export.path, Says::Declared, &export.cfg, &[], text);
            }
        }
    }
}

fn declare_item(item: &Item, at: &Export, homes: &Homes<'_>, lines: &mut Lines) {
    let (path, cfg, attrs) = (&at.path, &at.cfg, attributes::of(item));
    let shown = path.join("::");
    let renamed = |head: String, name: &Ident, keyword: &str| {
        let name = format!("{keyword} {name}");
        head.replacen(&name, &format!("{keyword} {shown}"), 1)
    };
    let mut derived = || {
        for name in attributes::derives(attrs) {
            lines.add(
                path,
                Says::Implements,
                cfg,
                &[],
                format!("impl {name} for {shown}"),
            );
        }
    };
    match item {
        Item::Struct(found) => {
            derived();
            let (name, generics) = (&found.ident, &found.generics);
            let clause = &generics.where_clause;
            let head = text::head(quote!(pub struct #name #generics #clause;));
            let head = format!(
                "{}{}",
                renamed(head, name, "struct"),
                text::shape(&found.fields)
            );
            lines.add(path, Says::Declared, cfg, attrs, head.trim_end_matches(';'));
            for (index, field) in found.fields.iter().enumerate() {
                if is_public(&field.vis) {
                    let name = field.ident.as_ref().map(ToString::to_string);
                    let name = name.unwrap_or_else(|| index.to_string());
                    let text = format!("{shown}::{name}: {}", text::ty(&field.ty));
                    lines.add(path, Says::Holds, cfg, &field.attrs, &text);
                }
            }
        }
        Item::Enum(found) => {
            derived();
            let (name, generics) = (&found.ident, &found.generics);
            let clause = &generics.where_clause;
            let head = text::head(quote!(pub struct #name #generics #clause;));
            let head = head.replacen("struct", "enum", 1);
            lines.add(
                path,
                Says::Declared,
                cfg,
                attrs,
                renamed(head, name, "enum"),
            );
            for variant in &found.variants {
                let text = format!("{shown}::{}", text::variant(variant));
                lines.add(path, Says::Holds, cfg, &variant.attrs, &text);
            }
        }
        Item::Trait(found) => {
            let mut head = found.clone();
            head.attrs.clear();
            head.items.clear();
            let head = text::line(Item::Trait(head));
            let head = renamed(head, &found.ident, "trait");
            let sealed = found.supertraits.iter().any(|bound| match bound {
                TypeParamBound::Trait(bound) => homes.hides(at.item.0, &bound.path),
                _ => false,
            });
            let sealed = if sealed { " (sealed)" } else { "" };
            let head = format!("{}{sealed}", head.trim_end_matches(" {}"));
            lines.add(path, Says::Declared, cfg, attrs, &head);
            for member in &found.items {
                trait_member(member, at, lines);
            }
        }
        Item::Fn(found) => {
            let text = renamed(text::signature(&found.sig), &found.sig.ident, "fn");
            lines.add(path, Says::Declared, cfg, attrs, format!("pub {text}"));
        }
        Item::Type(found) => {
            let mut alias = found.clone();
            alias.attrs.clear();
            let text = renamed(text::head(Item::Type(alias)), &found.ident, "type");
            lines.add(path, Says::Declared, cfg, attrs, &text);
        }
        Item::Const(found) => {
            let text = format!("pub const {shown}: {}", text::ty(&found.ty));
            lines.add(path, Says::Declared, cfg, attrs, &text);
        }
        Item::Static(found) => {
            let text = format!("pub static {shown}: {}", text::ty(&found.ty));
            lines.add(path, Says::Declared, cfg, attrs, &text);
        }
        _ => {
            panic!("`{shown}` is an item of a kind that tests/public_api/items.rs does not list")
        }
    }
}

fn trait_member(member: &TraitItem, at: &Export, lines: &mut Lines) {
    let shown = at.path.join("::");
    let (text, attrs, keyword) = match member {
        TraitItem::Fn(found) => {
            let provided = if found.default.is_some() {
                " (provided)"
            } else {
                ""
            };
            let text = format!("{}{provided}", text::signature(&found.sig));
            (text, &found.attrs, "fn ")
        }
        TraitItem::Type(found) => {
            let mut plain = found.clone();
            plain.attrs.clear();
            (text::member(plain), &found.attrs, "type ")
        }
        TraitItem::Const(found) => {
            let mut plain = found.clone();
            plain.attrs.clear();
            (text::member(plain), &found.attrs, "const ")
        }
        _ => {
            panic!("`{shown}` has a member of a kind that tests/public_api/items.rs does not list")
        }
    };
    let text = text.replacen(keyword, &format!("{keyword}{shown}::"), 1);
    lines.add(&at.path, Says::Holds, &at.cfg, attrs, &text);
}
