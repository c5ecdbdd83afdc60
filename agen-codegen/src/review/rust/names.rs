//! Which names of the one client mean the same as others of the other.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use super::client::Client;
use crate::declarations::{Declared, Form, Function};

/// Where a text of a client stands: this decides how it names the types of the document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    /// `types::Session`.
    Operations,
    /// `Session`.
    Types,
}

/// What the names of both sides mean.
pub(super) struct Names {
    /// What transparent aliases stand for, of the base and of the head.
    aliases: [BTreeMap<String, String>; 2],
    /// Types of the base that have another name in the head.
    pub(super) renamed: BTreeMap<String, String>,
    /// Types of an operation of the base that have another name in the head.
    pub(super) calls: BTreeMap<String, String>,
}

/// How often renames are looked for anew, since each can show others.
const ROUNDS: usize = 8;

impl Names {
    pub(super) fn new(base: &Client, head: &Client) -> Self {
        let mut names = Self {
            aliases: [base.aliases(), head.aliases()],
            renamed: BTreeMap::new(),
            calls: BTreeMap::new(),
        };
        for _ in 0..ROUNDS {
            let more = names.renames(base, head);
            if more.is_empty() {
                break;
            }
            names.renamed.extend(more);
        }
        names
    }

    /// Whether two texts mean the same type.
    pub(super) fn same(&self, module: Module, base: &str, head: &str) -> bool {
        base == head || self.older(module, base) == self.newer(module, head)
    }

    /// A text of the base in the words of the head.
    pub(super) fn older(&self, module: Module, text: &str) -> String {
        let text = replaced(text, module, &self.aliases[0]);
        let text = replaced(&text, module, &self.renamed);
        if module == Module::Types || self.calls.is_empty() {
            return text.into_owned();
        }
        replaced(&text, Module::Types, &self.calls).into_owned()
    }

    pub(super) fn newer(&self, module: Module, text: &str) -> String {
        replaced(text, module, &self.aliases[1]).into_owned()
    }

    /// Types that are gone, and each the only new one that is the same but for its name or that stands in the
    /// same place of the document.
    fn renames(&self, base: &Client, head: &Client) -> BTreeMap<String, String> {
        let gone = base.types.iter().filter(|(name, _)| {
            !head.types.contains_key(*name) && !self.renamed.contains_key(*name)
        });
        let gone: Vec<_> = gone.collect();
        let taken: BTreeSet<&String> = self.renamed.values().collect();
        let new = head
            .types
            .iter()
            .filter(|(name, _)| !base.types.contains_key(*name) && !taken.contains(name));
        let new: Vec<_> = new.collect();
        let mut found = BTreeMap::new();
        let mut by_pointer: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for (name, typed) in &new {
            by_pointer.entry(&typed.pointer).or_default().push(name);
        }
        let mut by_look: BTreeMap<String, [Vec<&String>; 2]> = BTreeMap::new();
        for (name, typed) in &gone {
            match by_pointer.get(typed.pointer.as_str()).map(Vec::as_slice) {
                Some([other]) => {
                    let kind = |typed: &super::client::Typed| {
                        typed.declared.form.as_ref().map(std::mem::discriminant)
                    };
                    if head.types.get(*other).map(kind) == Some(kind(typed)) {
                        found.insert((*name).clone(), (*other).clone());
                    }
                }
                _ => {
                    let look = look(&typed.declared, name, |text| {
                        self.older(Module::Types, text)
                    });
                    if let Some(look) = look {
                        by_look.entry(look).or_default()[0].push(name);
                    }
                }
            }
        }
        for (name, typed) in &new {
            let look = look(&typed.declared, name, |text| {
                self.newer(Module::Types, text)
            });
            if let Some(look) = look {
                by_look.entry(look).or_default()[1].push(name);
            }
        }
        let placed: BTreeSet<String> = found.values().cloned().collect();
        for [old, new] in by_look.values() {
            if let ([old], [new]) = (old.as_slice(), new.as_slice())
                && !placed.contains(*new)
            {
                found.insert((*old).clone(), (*new).clone());
            }
        }
        found
    }
}

/// How a type looks without its name. Nothing where it says too little to be known again.
fn look(of: &Declared, name: &str, read: impl Fn(&str) -> String) -> Option<String> {
    let own = BTreeMap::from([(name.to_owned(), "Self".to_owned())]);
    let own = |text: &str| replaced(&read(text), Module::Types, &own).into_owned();
    let mut look = String::new();
    match of.form.as_ref()? {
        Form::Struct { fields, tuple, .. } if !tuple && fields.len() > 1 => {
            for (name, ty) in fields {
                look.push_str(&format!("{name}: {}, ", own(ty)));
            }
        }
        Form::Enum { variants, .. } if variants.len() > 2 => {
            for (name, holds) in variants {
                look.push_str(&format!("{name}{}, ", own(holds)));
            }
        }
        _ => return None,
    }
    let is_sent = of.functions.contains_key("new");
    look.push_str(if is_sent { "sent" } else { "" });
    Some(look)
}

/// A text with other names: those of types of the document, as the module names them.
pub(super) fn replaced<'t>(
    text: &'t str,
    module: Module,
    names: &BTreeMap<String, String>,
) -> Cow<'t, str> {
    if names.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut made = String::new();
    let mut last = 0;
    for (at, word) in words(text, module) {
        if let Some(other) = names.get(word) {
            made.push_str(text.get(last..at).unwrap_or_default());
            made.push_str(other);
            last = at + word.len();
        }
    }
    if last == 0 {
        return Cow::Borrowed(text);
    }
    made.push_str(text.get(last..).unwrap_or_default());
    Cow::Owned(made)
}

/// The words of a text that can name types of the document, with their places.
pub(super) fn words(text: &str, module: Module) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    let mut at = 0;
    let words = std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is_part)?;
        let rest = text.get(start..)?;
        at = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        Some((start, text.get(start..at)?))
    });
    words.filter(move |(start, _)| {
        let before = text.get(..*start).unwrap_or_default();
        match module {
            Module::Operations => before.ends_with("types::"),
            Module::Types => !before.ends_with("::") && !before.ends_with('\''),
        }
    })
}

/// Values that a caller has to give to a function.
pub(super) struct Arguments {
    /// Names and types, in the order in which they are given.
    pub(super) all: Vec<(String, String)>,
    /// The struct whose fields they are, where they are given by name.
    pub(super) by_name: Option<String>,
    /// Where each stands, by its name.
    at: HashMap<String, usize>,
}

/// How many bytes of names a line shows: nobody reads more, and each change has such a line.
const MOST_NAMES: usize = 2_000;

impl Arguments {
    pub(super) fn new(all: Vec<(String, String)>, by_name: Option<String>) -> Self {
        let mut at = HashMap::with_capacity(all.len());
        for (index, (name, _)) in all.iter().enumerate() {
            at.entry(name.clone()).or_insert(index);
        }
        Self { all, by_name, at }
    }

    /// Where a name stands.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.at.get(name).copied()
    }

    /// The type that is given under a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, ty) = self.all.get(self.position(name)?)?;
        Some(ty)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.at.contains_key(name)
    }

    /// What a function takes, where `of` finds a struct of required values.
    pub(super) fn of<'d>(function: &Function, of: impl Fn(&str) -> Option<&'d Declared>) -> Self {
        if let [(_, ty)] = function.parameters.as_slice()
            && let Some(Form::Struct {
                fields,
                literal: true,
                tuple: false,
            }) = of(ty).and_then(|found| found.form.as_ref())
        {
            return Self::new(fields.clone().into_iter().collect(), Some(ty.clone()));
        }
        Self::new(function.parameters.clone(), None)
    }

    /// How a caller gives them, each under its own name; of very many the first ones.
    pub(super) fn given(&self) -> String {
        let mut room = MOST_NAMES;
        let names = self.all.iter().map_while(|(name, _)| {
            let rest = room.checked_sub(name.len());
            room = rest.unwrap_or_default();
            rest.map(|_| name.as_str())
        });
        let mut names: Vec<&str> = names.collect();
        if names.len() < self.all.len() {
            names.push("…");
        }
        let names = names.join(", ");
        match &self.by_name {
            Some(name) => format!("{name} {{ {names} }}"),
            None => names,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Arguments, Module, replaced};

    #[test]
    fn whole_names_are_replaced_where_they_are_types() {
        let names = BTreeMap::from([("A".to_owned(), "B".to_owned())]);
        let of = |text, module| replaced(text, module, &names).into_owned();
        assert_eq!(of("Vec<A>", Module::Types), "Vec<B>");
        assert_eq!(of("Map<A, AA<x::A>>", Module::Types), "Map<B, AA<x::A>>");
        assert_eq!(of("&'A A", Module::Types), "&'A B");
        assert_eq!(of("A<types::A>", Module::Operations), "A<types::B>");
        assert_eq!(of("", Module::Types), "");
    }

    #[test]
    fn of_very_many_arguments_a_line_shows_the_first() {
        let of = |count: usize| {
            let all = (0..count).map(|at| (format!("a{at:03}"), "String".to_owned()));
            Arguments::new(all.collect(), Some("Required".to_owned())).given()
        };
        assert_eq!(of(2), "Required { a000, a001 }");
        assert!(of(500).ends_with("a498, a499 }"));
        assert!(of(501).ends_with("a498, a499, … }"));
        assert_eq!(of(501).len(), of(100_000).len());
    }
}
