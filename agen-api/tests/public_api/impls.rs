//! What `impl` blocks add.

use std::collections::BTreeSet;

use syn::{
    GenericArgument, Generics, ImplItem, Item, ItemImpl, Path, PathArguments, Type, visit::Visit,
};

use crate::{
    attributes,
    exports::{Export, Homes, is_public},
    lines::{Lines, Says},
    text,
    tree::Tree,
};

/// Adds the members and traits that blocks written by hand give to what a user can name.
pub(crate) fn implement(tree: &Tree, homes: &Homes<'_>, lines: &mut Lines) {
    for (index, module) in tree.modules.iter().enumerate() {
        for item in &module.items {
            if let Item::Impl(block) = item
                && !module.is_generated()
                && let Some(home) = owner(index, block, homes)
            {
                let cfg = module.cfg.iter().chain(&home.cfg).cloned();
                let cfg = cfg.chain(attributes::cfg(&block.attrs)).collect();
                add(block, home, &cfg, lines);
            }
        }
    }
}

/// What a block is listed under: its type, or else its trait, or else a type in the arguments of these.
/// None where one of them is something that a user cannot name.
fn owner<'e>(module: usize, block: &ItemImpl, homes: &Homes<'e>) -> Option<&'e Export> {
    let of = block.trait_.iter().map(|(path, _)| path);
    let direct: Vec<&Path> = path_of(&block.self_ty).into_iter().chain(of).collect();
    let mut all = Paths(Vec::new());
    direct.iter().for_each(|path| all.visit_path(path));
    if all.0.iter().any(|path| homes.hides(module, path)) {
        return None;
    }
    let mut paths = direct.into_iter().chain(&all.0);
    paths.find_map(|path| homes.find(module, path))
}

fn add(block: &ItemImpl, home: &Export, cfg: &BTreeSet<String>, lines: &mut Lines) {
    let path = &home.path;
    let head = text::implementation(block);
    if block.trait_.is_some() {
        lines.add(path, Says::Implements, cfg, &block.attrs, &head);
        return;
    }
    let shown = path.join("::");
    let condition = if is_plain(block) {
        String::new()
    } else {
        let mut bare = block.clone();
        bare.items.clear();
        format!(", in {}", text::implementation(&bare))
    };
    for item in &block.items {
        let (vis, text, attrs, keyword) = match item {
            ImplItem::Fn(found) => (&found.vis, text::signature(&found.sig), &found.attrs, "fn "),
            ImplItem::Const(found) => {
                let text = format!("const {}: {}", found.ident, text::ty(&found.ty));
                (&found.vis, text, &found.attrs, "const ")
            }
            _ => panic!(
                "an `impl` of `{shown}` holds a member of a kind that tests/public_api/impls.rs does not list"
            ),
        };
        if is_public(vis) {
            let text = text.replacen(keyword, &format!("{keyword}{shown}::"), 1);
            lines.add(
                path,
                Says::Holds,
                cfg,
                attrs,
                format!("pub {text}{condition}"),
            );
        }
    }
}

/// Whether a block says nothing but the name of its type.
fn is_plain(block: &ItemImpl) -> bool {
    let Generics {
        params,
        where_clause,
        ..
    } = &block.generics;
    let lifetime = |argument: &GenericArgument| matches!(argument, GenericArgument::Lifetime(_));
    let arguments = path_of(&block.self_ty).and_then(|path| path.segments.last());
    let plain = match arguments.map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(given)) => given.args.iter().all(lifetime),
        _ => true,
    };
    let lifetimes = params
        .iter()
        .all(|param| matches!(param, syn::GenericParam::Lifetime(_)));
    plain && lifetimes && where_clause.is_none()
}

/// The paths of a type, its arguments too.
struct Paths(Vec<Path>);

impl<'a> Visit<'a> for Paths {
    fn visit_path(&mut self, path: &'a Path) {
        self.0.push(path.clone());
        syn::visit::visit_path(self, path);
    }
}

fn path_of(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) => Some(&path.path),
        Type::Reference(reference) => path_of(&reference.elem),
        Type::Paren(inner) => path_of(&inner.elem),
        Type::Group(inner) => path_of(&inner.elem),
        _ => None,
    }
}
