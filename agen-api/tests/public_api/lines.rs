//! The lines as they are collected, and their order.

use std::collections::{BTreeMap, BTreeSet};

use syn::Attribute;

use crate::attributes;

/// What a line says of its item. The order is that of the list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    Declared,
    Holds,
    Implements,
}

/// Lines by the path of their item, what they say, and their text, which the attributes precede.
#[derive(Default)]
pub(crate) struct Lines(BTreeSet<(Vec<String>, Says, String, String)>);

impl Lines {
    pub(crate) fn add(
        &mut self,
        path: &[String],
        says: Says,
        cfg: &BTreeSet<String>,
        attrs: &[Attribute],
        text: impl Into<String>,
    ) {
        let mut conditions = cfg.clone();
        conditions.extend(attributes::cfg(attrs));
        let before = conditions.into_iter().chain(attributes::shown(attrs));
        let before = before.map(|attribute| format!("{attribute} ")).collect();
        self.0.insert((path.to_vec(), says, text.into(), before));
    }

    /// One text for each module of the root, and `root` for all else.
    pub(crate) fn texts(self) -> BTreeMap<String, String> {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (path, _, line, before) in self.0 {
            let section = match path.as_slice() {
                [module, _, ..] => module,
                _ => "root",
            };
            let text = texts.entry(section.to_owned()).or_default();
            text.push_str(&format!("{before}{line}\n"));
        }
        texts
    }
}
