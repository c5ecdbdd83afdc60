//! The names that a user of the crate can write, and what they stand for.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Item, Path, Visibility};

use crate::{
    attributes,
    lines::{Lines, Says},
    tree::{Id, Leaf, Module, Target, Tree, leaves},
};

const LISTED_ELSEWHERE: &str = ", listed in agen-codegen/tests/snapshots/openapi/surface.snap";

/// A name that a user of the crate can write.
pub(crate) struct Export {
    pub(crate) path: Vec<String>,
    pub(crate) cfg: BTreeSet<String>,
    pub(crate) item: Id,
}

/// The names of all items; modules, and what is of another crate or generated, become lines at once.
pub(crate) fn exports(tree: &Tree, lines: &mut Lines) -> Vec<Export> {
    let mut walk = Walk {
        tree,
        found: Vec::new(),
        seen: BTreeSet::new(),
        lines,
    };
    walk.publish(0, &[], &BTreeSet::new());
    walk.found
}

struct Walk<'t> {
    tree: &'t Tree,
    found: Vec<Export>,
    seen: BTreeSet<(usize, Vec<String>)>,
    lines: &'t mut Lines,
}

impl Walk<'_> {
    /// Collects what can be named through `module` when it stands at `path`.
    fn publish(&mut self, module: usize, path: &[String], cfg: &BTreeSet<String>) {
        if !self.seen.insert((module, path.to_vec())) {
            return;
        }
        let tree = self.tree;
        let Module {
            items,
            children,
            cfg: own,
            ..
        } = &tree.modules[module];
        for (place, item) in items.iter().enumerate() {
            let cfg: BTreeSet<String> = cfg
                .iter()
                .chain(own)
                .cloned()
                .chain(attributes::cfg(attributes::of(item)))
                .collect();
            match (item, children.get(&place)) {
                (Item::Mod(found), Some(child)) if is_public(&found.vis) => {
                    let path = joined(path, &found.ident.to_string());
                    let text = format!("pub mod {}", path.join("::"));
                    self.lines
                        .add(&path, Says::Declared, &cfg, &found.attrs, text);
                    self.publish(*child, &path, &cfg);
                }
                (Item::Use(import), _) if is_public(&import.vis) => {
                    for leaf in leaves(import) {
                        self.reexport(module, &leaf, path, &cfg, &import.attrs);
                    }
                }
                (Item::ExternCrate(found), _) if is_public(&found.vis) => {
                    let path = joined(path, &found.ident.to_string());
                    let text = format!("pub extern crate {}", path.join("::"));
                    self.lines
                        .add(&path, Says::Declared, &cfg, &found.attrs, text);
                }
                (Item::Macro(found), _) => {
                    let exported =
                        |attribute: &Attribute| attribute.path().is_ident("macro_export");
                    assert!(
                        !found.attrs.iter().any(exported),
                        "an exported macro is public: list it in tests/public_api/exports.rs"
                    );
                }
                _ => {
                    let public = attributes::visibility(item).is_some_and(is_public);
                    if let (Some(name), true) = (attributes::name(item), public) {
                        self.found.push(Export {
                            path: joined(path, &name.to_string()),
                            cfg,
                            item: (module, place),
                        });
                    }
                }
            }
        }
    }

    fn reexport(
        &mut self,
        module: usize,
        leaf: &Leaf,
        path: &[String],
        cfg: &BTreeSet<String>,
        attrs: &[Attribute],
    ) {
        let tree = self.tree;
        let generated = |module: usize| tree.modules[module].is_generated();
        let to = leaf
            .name
            .iter()
            .fold(path.to_vec(), |path, name| joined(&path, name));
        let shown = to.join("::");
        let targets = tree.resolve(module, &leaf.path);
        assert!(
            !targets.is_empty(),
            "`pub use {}` leads to nothing that tests/public_api/tree.rs finds",
            leaf.path.join("::")
        );
        for target in targets {
            let from = match &target {
                Target::Module(at) => tree.modules[*at].path.join("::"),
                Target::Item(_) => leaf.path.join("::"),
                Target::Foreign(path) => path.clone(),
            };
            let (own, elsewhere) = match &target {
                Target::Module(at) | Target::Item((at, _)) => (!generated(*at), LISTED_ELSEWHERE),
                Target::Foreign(_) => (false, ""),
            };
            let text = match &leaf.name {
                Some(_) if own => format!("pub mod {shown}"),
                Some(_) if leaf.path.last() == Some(&shown) => format!("pub use {from}{elsewhere}"),
                Some(_) => format!("pub use {from} as {shown}{elsewhere}"),
                None if path.is_empty() => format!("pub use {from}::*{elsewhere}"),
                None => format!("pub use {from}::* as {shown}::*{elsewhere}"),
            };
            // Items of this crate are declared later, and what a generated module takes in is its own affair.
            let whole = matches!((&target, &leaf.name), (Target::Module(_), Some(_)));
            if (whole || !own) && !generated(module) {
                let at = if leaf.name.is_some() {
                    to.clone()
                } else {
                    joined(&to, "*")
                };
                self.lines.add(&at, Says::Declared, cfg, attrs, text);
            }
            match (target, &leaf.name) {
                (Target::Module(at), _) => self.publish(at, &to, cfg),
                (Target::Item(_), None) => {
                    panic!(
                        "`pub use {from}::*` brings variants: list them in tests/public_api/exports.rs"
                    )
                }
                (Target::Item(item), Some(_)) => self.found.push(Export {
                    path: to.clone(),
                    cfg: cfg.clone(),
                    item,
                }),
                (Target::Foreign(_), _) => {}
            }
        }
    }
}

/// The shortest name of each item, under which it is listed.
pub(crate) struct Homes<'e> {
    tree: &'e Tree,
    of: BTreeMap<Id, &'e Export>,
}

impl<'e> Homes<'e> {
    pub(crate) fn new(tree: &'e Tree, exports: &'e [Export]) -> Self {
        let mut of: BTreeMap<Id, &Export> = BTreeMap::new();
        for export in exports {
            let home = of.entry(export.item).or_insert(export);
            if (export.path.len(), &export.path) < (home.path.len(), &home.path) {
                *home = export;
            }
        }
        Self { tree, of }
    }

    pub(crate) fn get(&self, item: Id) -> Option<&'e Export> {
        self.of.get(&item).copied()
    }

    /// The home of what a path means in a module.
    pub(crate) fn find(&self, module: usize, path: &Path) -> Option<&'e Export> {
        self.items(module, path)
            .into_iter()
            .find_map(|item| self.get(item))
    }

    /// Whether a path means an item that a user cannot name.
    pub(crate) fn hides(&self, module: usize, path: &Path) -> bool {
        let items = self.items(module, path);
        items.into_iter().any(|item| self.get(item).is_none())
    }

    fn items(&self, module: usize, path: &Path) -> Vec<Id> {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let targets = self.tree.resolve(module, &names.collect::<Vec<_>>());
        let items = targets.into_iter().filter_map(|target| match target {
            Target::Item(item) => Some(item),
            _ => None,
        });
        items.collect()
    }
}

pub(crate) fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

fn joined(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}
