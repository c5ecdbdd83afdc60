//! What types are: the fields of structs, the variants of enums, and what aliases stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Caller, RustRule,
    changes::{Changes, Draft},
    names::Module,
    rules::rust_rules,
};
use crate::{
    declarations::{Declared, Form},
    name::snake,
    polish::shortened,
};

rust_rules! {
    KIND_CHANGED Major "rust-type-kind-changed"
        "a type is of another kind: a struct, an enum, a union, or a name for something"
        "what could be done with it cannot be done any more";
    ALIAS_CHANGED Major "rust-alias-changed"
        "a name stands for another type"
        "values of the one are none of the other";
    FIELD_ADDED Minor "rust-field-added"
        "a struct has one more field"
        "it is `#[non_exhaustive]`, so no caller names all of them";
    FIELD_REMOVED Major "rust-field-removed"
        "a field of a struct is gone"
        "whoever reads or sets it names what is not there";
    FIELD_CHANGED Major "rust-field-type-changed"
        "a field has another type"
        "what was done with its value does not fit it any more";
    VARIANT_ADDED Minor "rust-variant-added"
        "an enum has one more variant"
        "it is `#[non_exhaustive]`, so every match has an arm for the rest";
    VARIANT_REMOVED Major "rust-variant-removed"
        "a variant of an enum is gone"
        "whoever matches or makes it names what is not there";
    VARIANT_CHANGED Major "rust-variant-type-changed"
        "a variant holds another type"
        "what was done with its value does not fit it any more";
}

/// The head of the definition of a type.
pub(super) fn shown(declared: &Declared, name: &str) -> String {
    match &declared.form {
        Some(Form::Struct {
            fields,
            tuple: true,
            ..
        }) => {
            let fields: Vec<String> = fields.values().map(|ty| shortened(ty)).collect();
            format!("pub struct {name}(pub {})", fields.join(", pub "))
        }
        Some(Form::Struct { .. }) => format!("pub struct {name} {{ .. }}"),
        Some(Form::Enum { .. }) => format!("pub enum {name} {{ .. }}"),
        Some(Form::Alias(of)) => format!("pub type {name} = {}", shortened(of)),
        None => name.to_owned(),
    }
}

/// Compares the definitions of a type, and gives the names of the fields, variants and traits of which
/// something was said; nothing where it is a type of another kind.
pub(super) fn form(
    changes: &mut Changes<'_>,
    module: Module,
    item: &str,
    declared: [&Declared; 2],
    pointer: &dyn Fn(usize, &str) -> String,
) -> Option<BTreeSet<String>> {
    let name = item.rsplit("::").next().unwrap_or(item);
    let value = snake(name).unwrap_or_default();
    let at = || [0, 1].map(|side| Some(pointer(side, "")));
    let definitions = declared.map(|found| shown(found, name));
    let mut touched = BTreeSet::new();
    match declared.map(|found| found.form.as_ref()) {
        [Some(Form::Alias(old)), Some(Form::Alias(new))] => {
            if !changes.names.same(module, old, new) {
                let [before, after] = definitions.map(Some);
                let (old, new) = (shortened(old), shortened(new));
                let message = format!("`{item}` is `{new}`; it was `{old}`");
                changes.add(Draft {
                    rule: &ALIAS_CHANGED,
                    item: item.to_owned(),
                    message,
                    before,
                    after,
                    caller: Some(Caller {
                        before: format!("let {value}: {old} = value;"),
                        after: Some(format!("let {value}: {new} = value;")),
                    }),
                    pointers: at(),
                });
            }
        }
        [
            Some(Form::Struct {
                fields: old,
                tuple: was,
                ..
            }),
            Some(Form::Struct {
                fields: new,
                tuple: is,
                ..
            }),
        ] if was == is => {
            let held = |_: &str, ty: &str| shortened(ty);
            let shapes = Members {
                module,
                item,
                what: "field",
                rules: [&FIELD_ADDED, &FIELD_REMOVED, &FIELD_CHANGED],
                shown: &|name, ty| format!("pub {name}: {}", shortened(ty)),
                used: &|name, ty| format!("let {name}: {} = {value}.{name};", held(name, ty)),
            };
            if *was {
                // A tuple is a name for what it holds.
                let [old, new] = [old, new].map(|fields| {
                    let all: Vec<&str> = fields.values().map(String::as_str).collect();
                    all.join(", ")
                });
                if !changes.names.same(module, &old, &new) {
                    let [before, after] = definitions.map(Some);
                    let (old, new) = (shortened(&old), shortened(&new));
                    let message = format!("`{item}` holds `{new}`; it held `{old}`");
                    changes.add(Draft {
                        rule: &ALIAS_CHANGED,
                        item: item.to_owned(),
                        message,
                        before,
                        after,
                        caller: Some(Caller {
                            before: format!("let value: {old} = {value}.0;"),
                            after: Some(format!("let value: {new} = {value}.0;")),
                        }),
                        pointers: at(),
                    });
                    return None;
                }
            } else {
                touched.extend(shapes.compare(changes, old, new, pointer));
            }
        }
        [
            Some(Form::Enum { variants: old, .. }),
            Some(Form::Enum { variants: new, .. }),
        ] if is_union(old) == is_union(new) => {
            let shapes = Members {
                module,
                item,
                what: "variant",
                rules: [&VARIANT_ADDED, &VARIANT_REMOVED, &VARIANT_CHANGED],
                shown: &|name, holds| format!("{name}{}", shortened(holds)),
                used: &|variant, holds| {
                    let inside = match holds.chars().next() {
                        Some('(') => {
                            let parts = holds.matches(", ").count();
                            format!("(value{})", ", _".repeat(parts))
                        }
                        Some(_) => " { .. }".to_owned(),
                        None => String::new(),
                    };
                    let held = match inside.is_empty() {
                        true => String::new(),
                        false => format!(" // {}", shortened(holds)),
                    };
                    format!("{name}::{variant}{inside} => ..,{held}")
                },
            };
            let changed = shapes.compare(changes, old, new, pointer);
            // A variant and the conversion into it are one thing.
            for variant in changed {
                let holds = [old, new].map(|all| all.get(&variant));
                for holds in holds.into_iter().flatten() {
                    let inside = holds.trim_matches(['(', ')']);
                    touched.insert(format!("From<{inside}>"));
                }
            }
        }
        [None, None] => {}
        _ => {
            let [before, after] = definitions;
            let message = format!("`{item}` is `{after}`; it was `{before}`");
            changes.add(Draft {
                rule: &KIND_CHANGED,
                item: item.to_owned(),
                message,
                before: Some(before),
                after: Some(after),
                caller: Some(Caller {
                    before: used(declared[0], name, &value),
                    after: Some(used(declared[1], name, &value)),
                }),
                pointers: at(),
            });
            return None;
        }
    }
    Some(touched)
}

/// A line of a caller that uses a type as what it is.
fn used(declared: &Declared, name: &str, value: &str) -> String {
    match &declared.form {
        Some(Form::Struct { tuple: true, .. }) => format!("let inner = {value}.0;"),
        Some(Form::Struct { fields, .. }) => match fields.keys().next() {
            Some(field) => format!("let {field} = {value}.{field};"),
            None => format!("let {value}: {name} = ..;"),
        },
        Some(Form::Enum { variants, .. }) => {
            let mut named = variants.iter().filter(|(name, _)| *name != "Unknown");
            let first = named.next();
            let (variant, holds) = first.map_or(("Unknown", ""), |(name, holds)| (name, holds));
            let inside = if holds.is_empty() { "" } else { "(value)" };
            format!("match {value} {{ {name}::{variant}{inside} => .., _ => .. }}")
        }
        Some(Form::Alias(of)) => format!("let {value}: {} = ..;", shortened(of)),
        None => name.to_owned(),
    }
}

/// Whether the variants of an enum are those of a union: of an enum of texts, `Unknown` is a text.
fn is_union(variants: &BTreeMap<String, String>) -> bool {
    variants
        .get("Unknown")
        .is_none_or(|holds| !holds.contains("UnknownValue"))
}

/// The fields of a struct, or the variants of an enum.
struct Members<'m> {
    module: Module,
    item: &'m str,
    what: &'m str,
    /// For what is new, what is gone, and what is another.
    rules: [&'static RustRule; 3],
    shown: &'m dyn Fn(&str, &str) -> String,
    /// A line of a caller that uses one.
    used: &'m dyn Fn(&str, &str) -> String,
}

impl Members<'_> {
    /// Compares them, and gives the names of those that are not the same.
    fn compare(
        &self,
        changes: &mut Changes<'_>,
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
        pointer: &dyn Fn(usize, &str) -> String,
    ) -> Vec<String> {
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let mut touched = Vec::new();
        let Self { item, what, .. } = self;
        for name in names {
            let (rule, message) = match (old.get(name), new.get(name)) {
                (None, Some(_)) => (
                    self.rules[0],
                    format!("`{item}` has the {what} `{name}` now"),
                ),
                (Some(_), None) => (
                    self.rules[1],
                    format!("`{item}` has no {what} `{name}` any more"),
                ),
                (Some(was), Some(is)) if !changes.names.same(self.module, was, is) => {
                    let [was, is] = [was, is].map(|ty| {
                        let inside = ty.strip_prefix('(').and_then(|ty| ty.strip_suffix(')'));
                        shortened(inside.unwrap_or(ty))
                    });
                    let message = match (was.as_str(), is.as_str()) {
                        ("", is) => format!("`{item}::{name}` holds `{is}`; it held nothing"),
                        (was, "") => format!("`{item}::{name}` holds nothing; it held `{was}`"),
                        (was, is) => format!("`{item}::{name}` is `{is}`; it was `{was}`"),
                    };
                    (self.rules[2], message)
                }
                _ => continue,
            };
            touched.push(name.clone());
            let [was, is] = [old.get(name), new.get(name)];
            changes.add(Draft {
                rule,
                item: format!("{item}::{name}"),
                message,
                before: was.map(|ty| (self.shown)(name, ty)),
                after: is.map(|ty| (self.shown)(name, ty)),
                caller: was.map(|ty| Caller {
                    before: (self.used)(name, ty),
                    after: is.map(|ty| (self.used)(name, ty)),
                }),
                pointers: [
                    Some(pointer(0, if was.is_some() { name } else { "" })),
                    Some(pointer(1, if is.is_some() { name } else { "" })),
                ],
            });
        }
        touched
    }
}
