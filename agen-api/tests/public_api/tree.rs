//! The modules of a crate as they are written, and what a path in them means.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Item, ItemMod, UseTree};

use crate::{attributes, expand};

/// The module whose files are written by `cargo xtask codegen`.
const GENERATED: &str = "generated";

/// An item: its module and its place in it.
pub(crate) type Id = (usize, usize);

pub(crate) struct Module {
    /// Names from the root, which has none.
    pub(crate) path: Vec<String>,
    parent: Option<usize>,
    /// The conditions under which it is there, those of its parents too.
    pub(crate) cfg: BTreeSet<String>,
    pub(crate) items: Vec<Item>,
    /// The module that an item of `items` declares.
    pub(crate) children: BTreeMap<usize, usize>,
}

impl Module {
    pub(crate) fn is_generated(&self) -> bool {
        self.path.first().is_some_and(|name| name == GENERATED)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Item(Id),
    Module(usize),
    /// Something of another crate, by its path, or a type parameter.
    Foreign(String),
}

/// One name that a `use` brings; `name` is none for `*`.
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    pub(crate) name: Option<String>,
}

#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
}

impl Tree {
    /// The crate whose root is this file.
    pub(crate) fn read(root: &Path) -> Self {
        let mut tree = Self::default();
        tree.add(
            Vec::new(),
            None,
            BTreeSet::new(),
            parse(root),
            root.parent(),
        );
        tree.expand_macros();
        tree
    }

    /// A crate that is one text.
    pub(crate) fn of(items: Vec<Item>) -> Self {
        let mut tree = Self::default();
        tree.add(Vec::new(), None, BTreeSet::new(), items, None);
        tree.expand_macros();
        tree
    }

    /// `folder` is where the files of child modules are.
    fn add(
        &mut self,
        path: Vec<String>,
        parent: Option<usize>,
        cfg: BTreeSet<String>,
        items: Vec<Item>,
        folder: Option<&Path>,
    ) -> usize {
        let index = self.modules.len();
        let mut items = items;
        items.retain(|item| !attributes::is_test(attributes::of(item)));
        self.modules.push(Module {
            path: path.clone(),
            parent,
            cfg: cfg.clone(),
            items: Vec::new(),
            children: BTreeMap::new(),
        });
        for (place, item) in items.iter().enumerate() {
            if let Item::Mod(declared) = item {
                let mut path = path.clone();
                path.push(declared.ident.to_string());
                let mut cfg = cfg.clone();
                cfg.extend(attributes::cfg(&declared.attrs));
                let (items, folder) = content(declared, folder);
                let child = self.add(path, Some(index), cfg, items, folder.as_deref());
                self.modules[index].children.insert(place, child);
            }
        }
        self.modules[index].items = items;
        index
    }

    /// Puts the items that a macro of this crate makes beside its call.
    fn expand_macros(&mut self) {
        let definitions = self.macros();
        for module in &mut self.modules {
            let mut made = Vec::new();
            for item in &module.items {
                if let Item::Macro(call) = item
                    && call.ident.is_none()
                {
                    made.extend(expand::call(call, &definitions));
                }
            }
            module.items.extend(made);
        }
    }

    /// Every `macro_rules!`, by name.
    pub(crate) fn macros(&self) -> BTreeMap<String, syn::ItemMacro> {
        let items = self.modules.iter().flat_map(|module| &module.items);
        let named = items.filter_map(|item| match item {
            Item::Macro(rules) => Some((rules.ident.as_ref()?.to_string(), rules.clone())),
            _ => None,
        });
        named.collect()
    }

    /// What a path means in a module: more than one where a name is declared under several
    /// conditions, or as a type and as a function.
    pub(crate) fn resolve(&self, module: usize, path: &[String]) -> Vec<Target> {
        self.follow(module, path, &mut BTreeSet::new())
    }

    fn follow(
        &self,
        module: usize,
        path: &[String],
        seen: &mut BTreeSet<(usize, String)>,
    ) -> Vec<Target> {
        let mut rest = path;
        let mut at = module;
        let mut local = false;
        while let Some((first, after)) = rest.split_first() {
            match (first.as_str(), self.modules[at].parent) {
                ("crate", _) => at = 0,
                ("self", _) => {}
                ("super", Some(parent)) => at = parent,
                _ => break,
            }
            (rest, local) = (after, true);
        }
        let Some((first, rest)) = rest.split_first() else {
            return vec![Target::Module(at)];
        };
        let mut found = self.lookup(at, first, seen);
        if found.is_empty() && !local {
            return vec![Target::Foreign(path.join("::"))];
        }
        for name in rest {
            let next = found.into_iter().flat_map(|target| match target {
                Target::Module(module) => self.lookup(module, name, seen),
                Target::Foreign(path) => vec![Target::Foreign(format!("{path}::{name}"))],
                // A variant, or an associated item.
                Target::Item(id) => vec![Target::Item(id)],
            });
            found = next.collect();
        }
        found
    }

    fn lookup(
        &self,
        module: usize,
        name: &str,
        seen: &mut BTreeSet<(usize, String)>,
    ) -> Vec<Target> {
        if !seen.insert((module, name.to_owned())) {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        for (place, item) in self.modules[module].items.iter().enumerate() {
            if let Some(child) = self.modules[module].children.get(&place) {
                if self.modules[*child]
                    .path
                    .last()
                    .is_some_and(|last| last == name)
                {
                    found.insert(Target::Module(*child));
                }
            } else if let Item::Use(import) = item {
                for leaf in leaves(import) {
                    match &leaf.name {
                        Some(named) if named == name => {
                            found.extend(self.follow(module, &leaf.path, seen));
                        }
                        Some(_) => {}
                        None => {
                            for target in self.follow(module, &leaf.path, seen) {
                                if let Target::Module(from) = target {
                                    found.extend(self.lookup(from, name, seen));
                                }
                            }
                        }
                    }
                }
            } else if attributes::name(item).is_some_and(|ident| ident == name) {
                found.insert(Target::Item((module, place)));
            }
        }
        seen.remove(&(module, name.to_owned()));
        // A macro of this crate that has the name too is found nowhere, and looks like one of another.
        let local = |target: &Target| !matches!(target, Target::Foreign(_));
        let has_local = found.iter().any(local);
        let kept = found
            .into_iter()
            .filter(|target| !has_local || local(target));
        kept.collect()
    }
}

/// The items of a module, and the folder of its own modules.
fn content(declared: &ItemMod, folder: Option<&Path>) -> (Vec<Item>, Option<PathBuf>) {
    let name = declared.ident.to_string();
    let inner = folder.map(|folder| folder.join(&name));
    if let Some((_, items)) = &declared.content {
        return (items.clone(), inner);
    }
    let path = |attribute: &Attribute| attribute.path().is_ident("path");
    assert!(
        !declared.attrs.iter().any(path),
        "`mod {name}` has a #[path]: name the file after the module, or read the attribute in \
         tests/public_api/tree.rs"
    );
    let folder = folder.expect("a module of a text stands in the text");
    let files = [
        folder.join(format!("{name}.rs")),
        folder.join(&name).join("mod.rs"),
    ];
    let file = files.iter().find(|file| file.is_file());
    let file = file.unwrap_or_else(|| panic!("`mod {name}` is in none of {files:?}"));
    (parse(file), inner)
}

fn parse(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    parsed.items
}

pub(crate) fn leaves(import: &syn::ItemUse) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(&import.tree, &[], &mut found);
    found
}

fn collect(tree: &UseTree, before: &[String], found: &mut Vec<Leaf>) {
    let with = |name: &syn::Ident| {
        let name = name.to_string();
        // `a::{self}` is `a`.
        let own = (name != "self" || before.is_empty()).then_some(name);
        before.iter().cloned().chain(own).collect::<Vec<_>>()
    };
    match tree {
        UseTree::Path(path) => collect(&path.tree, &with(&path.ident), found),
        UseTree::Group(group) => group
            .items
            .iter()
            .for_each(|tree| collect(tree, before, found)),
        UseTree::Glob(_) => found.push(Leaf {
            path: before.to_vec(),
            name: None,
        }),
        UseTree::Name(name) => {
            let path = with(&name.ident);
            let name = path.last().cloned();
            found.push(Leaf { path, name });
        }
        UseTree::Rename(rename) => found.push(Leaf {
            path: with(&rename.ident),
            name: Some(rename.rename.to_string()),
        }),
    }
}
