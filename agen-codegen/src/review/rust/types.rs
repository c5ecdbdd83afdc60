//! Types: what there is, and what each has.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Caller, RustRule,
    changes::{Changes, Draft},
    client::Typed,
    forms::{form, shown},
    functions::{Site, deprecation},
    names::{Arguments, Module},
    rules::rust_rules,
};
use crate::{
    declarations::{Declared, Function},
    name::snake,
    polish::shortened,
};

rust_rules! {
    TYPE_ADDED Minor "rust-type-added"
        "there is one more type"
        "nobody names it yet";
    TYPE_REMOVED Major "rust-type-removed"
        "a type is gone"
        "whoever names it names what is not there";
    TYPE_RENAMED Major "rust-type-renamed"
        "a type has another name"
        "whoever names it by the old one names what is not there";
    CONSTRUCTOR_ADDED Minor "rust-constructor-added"
        "a type can be made, since a request holds it"
        "nobody makes it yet";
    CONSTRUCTOR_REMOVED Major "rust-constructor-removed"
        "a type cannot be made any more, since no request holds it"
        "whoever makes one names a function that is gone";
    TRAIT_ADDED Minor "rust-trait-added"
        "a type has one more trait"
        "what compiled still does";
    TRAIT_REMOVED Major "rust-trait-removed"
        "a type has lost a trait"
        "whoever relies on the trait has nothing to rely on";
}

/// Compares all types of the document.
pub(super) fn compare(changes: &mut Changes<'_>) {
    let (base, head) = (changes.base, changes.head);
    let renamed = changes.names.renamed.clone();
    for (name, old) in &base.types {
        let other = renamed.get(name).unwrap_or(name);
        let Some(new) = head.types.get(other) else {
            let at = [Some(old.pointer.clone()), None];
            one_sided(changes, &format!("types::{name}"), &old.declared, true, at);
            continue;
        };
        if other != name {
            let [from, to] = [name, other].map(|name| format!("types::{name}"));
            changes.add(Draft {
                rule: &TYPE_RENAMED,
                message: format!("`{from}` is `{to}` now"),
                before: Some(shown(&old.declared, name)),
                after: Some(shown(&new.declared, other)),
                caller: Some(Caller {
                    before: changes.imported(&from),
                    after: Some(changes.imported(&to)),
                }),
                item: from,
                pointers: [old, new].map(|found| Some(found.pointer.clone())),
            });
        }
        let item = format!("types::{name}");
        pair(changes, &item, [name, other], [old, new]);
    }
    let met: BTreeSet<&String> = renamed.values().collect();
    for (name, new) in &head.types {
        if !base.types.contains_key(name) && !met.contains(name) {
            let at = [None, Some(new.pointer.clone())];
            one_sided(changes, &format!("types::{name}"), &new.declared, false, at);
        }
    }
}

/// Compares a type that stands beside a call.
pub(super) fn beside(
    changes: &mut Changes<'_>,
    item: &str,
    declared: [Option<&Declared>; 2],
    pointers: [&str; 2],
) {
    match declared {
        [Some(old), Some(new)] => {
            let pointer = |side: usize, _: &str| pointers[side].to_owned();
            let at = pointers.map(|pointer| Some(pointer.to_owned()));
            let kept = form(changes, Module::Operations, item, [old, new], &pointer);
            if kept.is_some() {
                let name = item.rsplit("::").next().unwrap_or_default();
                let flags = [old.deprecated, new.deprecated];
                let declared = || [old, new].map(|declared| shown(declared, name));
                deprecation(changes, item.to_owned(), flags, declared, at);
            }
        }
        [old, new] => {
            let at = [
                old.map(|_| pointers[0].to_owned()),
                new.map(|_| pointers[1].to_owned()),
            ];
            if let Some(declared) = old.or(new) {
                one_sided(changes, item, declared, old.is_some(), at);
            }
        }
    }
}

/// Tells of a type that is on one side alone.
fn one_sided(
    changes: &mut Changes<'_>,
    item: &str,
    declared: &Declared,
    is_gone: bool,
    pointers: [Option<String>; 2],
) {
    let name = item.rsplit("::").next().unwrap_or(item);
    let text = Some(shown(declared, name));
    let (rule, message, before, after): (&'static RustRule, _, _, _) = if is_gone {
        (&TYPE_REMOVED, format!("`{item}` is gone"), text, None)
    } else {
        (&TYPE_ADDED, format!("`{item}` is new"), None, text)
    };
    changes.add(Draft {
        rule,
        item: item.to_owned(),
        message,
        before,
        after,
        caller: is_gone.then(|| Caller {
            before: changes.imported(item),
            after: None,
        }),
        pointers,
    });
}

/// Compares a type of the document with itself.
fn pair(changes: &mut Changes<'_>, item: &str, names: [&String; 2], typed: [&Typed; 2]) {
    let declared = typed.map(|found| &found.declared);
    let [old, new] = declared;
    let pointer = |side: usize, name: &str| typed[side].member(name).to_owned();
    let at = typed.map(|found| Some(found.pointer.clone()));
    let Some(mut touched) = form(changes, Module::Types, item, declared, &pointer) else {
        return;
    };
    let flags = [old.deprecated, new.deprecated];
    let declarations = || [shown(old, names[0]), shown(new, names[1])];
    deprecation(changes, item.to_owned(), flags, declarations, at.clone());

    let (base, head) = (changes.base, changes.head);
    let construct = declared.map(|found| found.functions.get("new"));
    if let [Some(was), Some(is)] = construct {
        let arguments = [
            Arguments::of(was, |name| base.required.get(name)),
            Arguments::of(is, |name| head.required.get(name)),
        ];
        let arguments = [&arguments[0], &arguments[1]];
        let constructor = format!("{item}::new");
        let old_line = |given: &str, set: &str| format!("{}::new({given}){set}", names[0]);
        let new_line = |given: &str, set: &str| format!("{}::new({given}){set}", names[1]);
        let site = Site {
            module: Module::Types,
            item: &constructor,
            called: [&old_line, &new_line],
            setters: [Some(old), Some(new)],
            places: 0,
            pointer: [&|name| pointer(0, name), &|name| pointer(1, name)],
        };
        let told = site.arguments(changes, [("new", was), ("new", is)], arguments);
        let is_other = !told.is_empty();
        // The setter of a field goes with the field.
        touched.extend(told);
        let site = Site { item, ..site };
        site.setters(changes, declared, arguments, &touched);
        if is_other {
            touched.insert("Default".to_owned());
        }
    } else if let [None, Some(_)] | [Some(_), None] = construct {
        constructor(changes, item, names, declared, at.clone());
        touched.insert("Default".to_owned());
    }
    traits(changes, item, declared, &touched, at);
}

/// Tells of a constructor that is on one side alone; its setters go with it.
fn constructor(
    changes: &mut Changes<'_>,
    item: &str,
    names: [&String; 2],
    declared: [&Declared; 2],
    pointers: [Option<String>; 2],
) {
    let [was, is] = declared.map(|found| found.functions.get("new"));
    let (rule, message): (&'static RustRule, _) = if is.is_some() {
        (&CONSTRUCTOR_ADDED, format!("`{item}::new` is new"))
    } else {
        (&CONSTRUCTOR_REMOVED, format!("`{item}::new` is gone"))
    };
    let required = &changes.base.required;
    let line = |function: &Function| {
        let given = Arguments::of(function, |name| required.get(name)).given();
        format!("{}::new({given})", names[0])
    };
    changes.add(Draft {
        rule,
        item: format!("{item}::new"),
        message,
        before: was.map(|found| shortened(&found.shown("new"))),
        after: is.map(|found| shortened(&found.shown("new"))),
        caller: was.map(|found| Caller {
            before: line(found),
            after: None,
        }),
        pointers,
    });
}

/// Compares the traits of a type but for those that go with what was told of.
fn traits(
    changes: &mut Changes<'_>,
    item: &str,
    declared: [&Declared; 2],
    told: &BTreeSet<String>,
    pointers: [Option<String>; 2],
) {
    let [old, new] = declared.map(|found| &found.traits);
    let names = &changes.names;
    let of_old: BTreeMap<String, &String> = old
        .iter()
        .map(|name| (names.older(Module::Types, name), name))
        .collect();
    let of_new: BTreeMap<String, &String> = new
        .iter()
        .map(|name| (names.newer(Module::Types, name), name))
        .collect();
    let mut drafts = Vec::new();
    for (name, shown) in &of_old {
        if !of_new.contains_key(name) && !told.contains(*shown) {
            drafts.push((&TRAIT_REMOVED, *shown));
        }
    }
    for (name, shown) in &of_new {
        if !of_old.contains_key(name) && !told.contains(*shown) {
            drafts.push((&TRAIT_ADDED, *shown));
        }
    }
    let own = item.rsplit("::").next().unwrap_or(item).to_owned();
    for (rule, name) in drafts {
        let is_gone = rule.level == super::Level::Major;
        let declaration = match name.split_once(" for ") {
            Some((name, of)) => format!("impl {} for {}", shortened(name), shortened(of)),
            None => format!("impl {} for {own}", shortened(name)),
        };
        let how = if is_gone { "is gone" } else { "is new" };
        let caller = name
            .strip_prefix("From<")
            .filter(|_| is_gone && !name.contains(" for "))
            .map(|rest| Caller {
                before: format!("let value: {own} = {}.into();", argument(rest)),
                after: None,
            });
        changes.add(Draft {
            rule,
            item: item.to_owned(),
            message: format!("`{declaration}` {how}"),
            before: is_gone.then(|| declaration.clone()),
            after: (!is_gone).then_some(declaration),
            caller,
            pointers: pointers.clone(),
        });
    }
}

/// A variable of a type.
fn argument(ty: &str) -> String {
    let ty = ty.trim_end_matches('>').trim_start_matches('&');
    let name = ty.rsplit("::").next().unwrap_or(ty);
    snake(name).unwrap_or_else(|| "value".to_owned())
}
