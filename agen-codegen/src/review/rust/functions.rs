//! What functions take: the arguments of calls and constructors, and their setters.

use std::{cell::OnceCell, collections::BTreeSet};

use super::{
    Caller, Level, RustRule,
    changes::{Changes, Draft},
    names::{Arguments, Module},
    rules::rust_rules,
};
use crate::{
    declarations::{Declared, Function},
    polish::shortened,
};

rust_rules! {
    ARGUMENT_ADDED Major "rust-argument-added"
        "a function takes one more argument"
        "every call of it lacks the argument";
    ARGUMENT_REMOVED Major "rust-argument-removed"
        "a function takes one argument less"
        "every call of it has an argument too many";
    ARGUMENT_CHANGED Major "rust-argument-type-changed"
        "an argument has another type"
        "what was given does not fit any more";
    ARGUMENT_WIDENED Minor "rust-argument-type-widened"
        "an argument takes more than it took"
        "what was given still fits";
    ARGUMENTS_REORDERED Major "rust-arguments-reordered"
        "arguments stand in another order"
        "values end up in each other's places, and where their types are the same the compiler does not notice";
    ARGUMENTS_BY_NAME Major "rust-arguments-by-name"
        "arguments are given by name in a struct that were given in their order, or the other way round"
        "every call of it is written in another way";
    SETTER_ADDED Minor "rust-setter-added"
        "an optional value can be set"
        "nobody has to";
    SETTER_REMOVED Major "rust-setter-removed"
        "an optional value cannot be set any more"
        "whoever set it names a method that is gone";
    SETTER_CHANGED Major "rust-setter-type-changed"
        "an optional value has another type"
        "what was given does not fit any more";
    SETTER_WIDENED Minor "rust-setter-type-widened"
        "a setter takes more than it took"
        "what was given still fits";
    DEPRECATED Minor "rust-deprecated"
        "an item is deprecated"
        "the compiler warns whoever uses it";
    REACTIVATED Patch "rust-deprecation-removed"
        "an item is not deprecated any more"
        "a warning goes away";
}

/// Writes a call out of what stands in the parentheses and the setters behind them.
type Called<'s> = &'s dyn Fn(&str, &str) -> String;

/// A function, or a type with setters, on both sides.
pub(super) struct Site<'s> {
    pub(super) module: Module,
    /// As callers name it, such as `Client::create_session`.
    pub(super) item: &'s str,
    /// How it is called with what stands in the parentheses, and the setters behind them, in the base and in the
    /// head.
    pub(super) called: [Called<'s>; 2],
    /// What has its setters, in the base and in the head.
    pub(super) setters: [Option<&'s Declared>; 2],
    /// How many arguments, from the first one, are those of the same places of a path.
    pub(super) places: usize,
    /// The pointer of a value by its name, in the base and in the head.
    pub(super) pointer: [&'s dyn Fn(&str) -> String; 2],
}

/// What takes more than a type: itself, and what can be made of it.
pub(super) fn widens(base: &str, head: &str) -> bool {
    !base.starts_with("impl ")
        && (head == format!("impl Into<{base}>") || head == format!("impl Into<Option<{base}>>"))
}

impl Site<'_> {
    /// Compares what has to be given. Gives the names of the values that are not given in the same way.
    pub(super) fn arguments(
        &self,
        changes: &mut Changes<'_>,
        functions: [(&str, &Function); 2],
        arguments: [&Arguments; 2],
    ) -> BTreeSet<String> {
        let [old, called] = arguments;
        let placed = self.by_place(arguments);
        let new = placed.as_ref().unwrap_or(called);
        let [before, after] =
            functions.map(|(name, function)| cut(shortened(&function.shown(name))));
        // The same for every change, and of no use where there is none.
        let line = OnceCell::new();
        let mut touched = BTreeSet::new();
        let mut found =
            |changes: &mut Changes<'_>, rule, of: [Option<&str>; 2], message: String| {
                touched.extend(of.into_iter().flatten().map(str::to_owned));
                let pointers = [0, 1].map(|side| {
                    let name = of[side].or(of[1 - side]).unwrap_or_default();
                    let name = if side == 1 {
                        own_name(name, new, called)
                    } else {
                        name
                    };
                    (self.pointer[side])(name)
                });
                changes.add(Draft {
                    rule,
                    item: self.item.to_owned(),
                    message,
                    before: Some(before.clone()),
                    after: Some(after.clone()),
                    caller: self.concerning(
                        line.get_or_init(|| self.caller(arguments, new)),
                        rule,
                        arguments,
                        new,
                        of,
                    ),
                    pointers: pointers.map(Some),
                });
            };
        if old.by_name.is_some() != new.by_name.is_some() {
            let message = if new.by_name.is_some() {
                "takes its arguments by name, in a struct"
            } else {
                "takes its arguments in their order, without a struct"
            };
            let message = format!("`{}` {message}", self.item);
            // Of the values that come or go, since these bring it about.
            let gone = old.all.iter().find(|(name, _)| !new.has(name));
            let come = new.all.iter().find(|(name, _)| !old.has(name));
            let names = [gone, come].map(|found| found.map(|(name, _)| name.as_str()));
            found(changes, &ARGUMENTS_BY_NAME, names, message);
            for (name, _) in old.all.iter().chain(&new.all) {
                touched.insert(name.clone());
            }
            return touched;
        }

        // The name of an argument by place is nothing that a caller writes.
        let is_called_anew = |at: usize| {
            let (Some((old_name, old_type)), Some((new_name, new_type))) =
                (old.all.get(at), new.all.get(at))
            else {
                return false;
            };
            old.by_name.is_none()
                && old.all.len() == new.all.len()
                && !new.has(old_name)
                && !old.has(new_name)
                && changes.names.same(self.module, old_type, new_type)
        };
        let called_anew: Vec<bool> = (0..old.all.len()).map(is_called_anew).collect();
        let stays = |at: usize| called_anew.get(at).copied().unwrap_or(false);
        let mut drafts: Vec<(&'static RustRule, [Option<&str>; 2], String)> = Vec::new();
        for (at, (name, ty)) in old.all.iter().enumerate() {
            match new.get(name) {
                None if stays(at) => {}
                None => {
                    let set = if self.sets(1, name) {
                        ", but has a setter of that name"
                    } else {
                        ""
                    };
                    let message = format!("`{}` takes no `{name}` any more{set}", self.item);
                    drafts.push((&ARGUMENT_REMOVED, [Some(name), None], message));
                }
                Some(other) if changes.names.same(self.module, ty, other) => {}
                Some(other) => {
                    let ours = changes.names.older(self.module, ty);
                    let rule = if old.by_name.is_none() && widens(&ours, other) {
                        &ARGUMENT_WIDENED
                    } else {
                        &ARGUMENT_CHANGED
                    };
                    let (ty, other) = (shortened(ty), shortened(other));
                    let message =
                        format!("`{name}` of `{}` is `{other}`; it was `{ty}`", self.item);
                    drafts.push((rule, [Some(name), Some(name)], message));
                }
            }
        }
        for (at, (name, ty)) in new.all.iter().enumerate() {
            if !old.has(name) && !stays(at) {
                let ty = shortened(ty);
                let set = if self.sets(0, name) {
                    ", which had a setter"
                } else {
                    ""
                };
                let message = format!("`{}` needs `{name}: {ty}`{set}", self.item);
                drafts.push((&ARGUMENT_ADDED, [None, Some(name)], message));
            }
        }
        let order = |all: &Arguments, other: &Arguments| -> Vec<String> {
            let names = all.all.iter().map(|(name, _)| name);
            names.filter(|name| other.has(name)).cloned().collect()
        };
        let (was, is) = (order(old, new), order(new, old));
        if old.by_name.is_none() && was != is {
            let first = was.iter().zip(&is).find(|(one, other)| one != other);
            let message = format!(
                "`{}` takes `{}` in this order; it was `{}`",
                self.item,
                is.join("`, `"),
                was.join("`, `"),
            );
            let of = first.map_or([None, None], |(one, _)| [Some(one.as_str()); 2]);
            drafts.push((&ARGUMENTS_REORDERED, of, message));
        }
        for (rule, of, message) in drafts {
            found(changes, rule, of, message);
        }
        touched
    }

    /// What is given in the head, under the names of the base where that is given at the same place of a path:
    /// the name of an argument is nothing that a caller writes.
    fn by_place(&self, [old, new]: [&Arguments; 2]) -> Option<Arguments> {
        if self.places == 0 || old.by_name.is_some() || new.by_name.is_some() {
            return None;
        }
        let mut all = new.all.clone();
        for at in 0..self.places {
            let (name, _) = old.all.get(at)?;
            all.get_mut(at)?.0.clone_from(name);
        }
        let names: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
        (names.len() == all.len()).then(|| Arguments::new(all, None))
    }

    /// Whether a side has a setter of a name.
    fn sets(&self, side: usize, name: &str) -> bool {
        let declared = self.setters[side];
        !NO_SETTERS.contains(&name)
            && declared.is_some_and(|found| found.functions.contains_key(name))
    }

    /// The setters of a side for what the other side takes as arguments.
    fn set(&self, side: usize, given: &Arguments, other: &Arguments) -> String {
        let names = other.all.iter().map(|(name, _)| name);
        let set: String = names
            .filter(|name| !given.has(name) && self.sets(side, name))
            .map(|name| format!(".{name}({name})"))
            .collect();
        cut(set)
    }

    /// The line of a caller, before and after. `new` is what is given in the head, under the names by which it is
    /// compared.
    fn caller(&self, arguments: [&Arguments; 2], new: &Arguments) -> Caller {
        let [old, called] = arguments;
        Caller {
            before: (self.called[0])(&old.given(), &self.set(0, old, new)),
            after: Some((self.called[1])(&called.given(), &self.set(1, new, old))),
        }
    }

    /// The line of a caller who has to change something, where values of these names are concerned.
    fn concerning(
        &self,
        caller: &Caller,
        rule: &'static RustRule,
        [old, called]: [&Arguments; 2],
        new: &Arguments,
        of: [Option<&str>; 2],
    ) -> Option<Caller> {
        // What was given still fits where more is taken.
        if rule.level != Level::Major {
            return None;
        }
        let caller = caller.clone();
        if !std::ptr::eq(rule, &ARGUMENT_CHANGED) {
            return Some(caller);
        }
        let types = [(old, of[0]), (new, of[1])].map(|(all, name)| {
            let found = name.and_then(|name| Some((name, all.get(name)?)));
            found.unwrap_or_default()
        });
        let [was, (name, ty)] = types;
        Some(caller.with_types([was, (own_name(name, new, called), ty)]))
    }

    /// Compares the setters of a type but for those that were told of before, and gives the names of those
    /// that are not the same.
    pub(super) fn setters(
        &self,
        changes: &mut Changes<'_>,
        declared: [&Declared; 2],
        given: [&Arguments; 2],
        told: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let [old, new] = declared.map(|of| &of.functions);
        let given = given.map(Arguments::given);
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let mut touched = BTreeSet::new();
        for name in names {
            if NO_SETTERS.contains(&name.as_str()) {
                continue;
            }
            let (rule, message): (&'static RustRule, String) = match (old.get(name), new.get(name))
            {
                // An argument of that name came or went.
                (Some(_), None) | (None, Some(_)) if told.contains(name) => continue,
                (Some(_), None) => (
                    &SETTER_REMOVED,
                    format!("`{name}` of `{}` cannot be set any more", self.item),
                ),
                (None, Some(_)) => (
                    &SETTER_ADDED,
                    format!("`{name}` of `{}` can be set", self.item),
                ),
                (Some(was), Some(is)) => {
                    let [from, to] = [was, is].map(|function| {
                        let first = function.parameters.first();
                        first.map_or("", |(_, ty)| ty.as_str())
                    });
                    if changes.names.same(self.module, from, to) {
                        let item = format!("{}::{name}", self.item);
                        let flags = [was.deprecated, is.deprecated];
                        let declared = || [was, is].map(|function| function.shown(name));
                        deprecation(changes, item, flags, declared, self.pointers(name));
                        continue;
                    }
                    let ours = changes.names.older(self.module, from);
                    let rule = if widens(&ours, to) {
                        &SETTER_WIDENED
                    } else {
                        &SETTER_CHANGED
                    };
                    let (from, to) = (shortened(from), shortened(to));
                    let message =
                        format!("`{name}` of `{}` takes `{to}`; it took `{from}`", self.item);
                    (rule, message)
                }
                (None, None) => continue,
            };
            touched.insert(name.clone());
            let [before, after] =
                [old, new].map(|all| all.get(name).map(|found| shortened(&found.shown(name))));
            let line = |side: usize| (self.called[side])(&given[side], &format!(".{name}({name})"));
            let mut caller = (rule.level == Level::Major).then(|| Caller {
                before: line(0),
                after: new.contains_key(name).then(|| line(1)),
            });
            if let (Some(was), Some(is)) = (old.get(name), new.get(name)) {
                let types = [was, is].map(|function| {
                    let first = function.parameters.first();
                    (name.as_str(), first.map_or("", |(_, ty)| ty.as_str()))
                });
                caller = caller.map(|caller| caller.with_types(types));
            }
            let pointers = self.pointers(name);
            changes.add(Draft {
                rule,
                item: format!("{}::{name}", self.item),
                message,
                before,
                after,
                caller,
                pointers,
            });
        }
        touched
    }

    fn pointers(&self, name: &str) -> [Option<String>; 2] {
        self.pointer.map(|pointer| Some(pointer(name)))
    }
}

/// A text that each of many changes has, at a length that somebody reads.
fn cut(mut text: String) -> String {
    const LONGEST: usize = 4_000;
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The name that an argument has, by the one under which it is compared.
fn own_name<'n>(name: &'n str, compared: &Arguments, called: &'n Arguments) -> &'n str {
    let at = compared.position(name);
    let own = at.and_then(|at| called.all.get(at));
    own.map_or(name, |(own, _)| own)
}

/// Functions that set nothing.
const NO_SETTERS: [&str; 5] = ["as_str", "items", "new", "of", "send"];

/// Compares whether an item is deprecated, beside its declaration on both sides.
pub(super) fn deprecation(
    changes: &mut Changes<'_>,
    item: String,
    flags: [bool; 2],
    declared: impl FnOnce() -> [String; 2],
    pointers: [Option<String>; 2],
) {
    let (rule, message): (&'static RustRule, _) = match flags {
        [false, true] => (&DEPRECATED, format!("`{item}` is deprecated")),
        [true, false] => (&REACTIVATED, format!("`{item}` is not deprecated any more")),
        _ => return,
    };
    let [old, new] = declared();
    let [before, after] = [(flags[0], old), (flags[1], new)].map(|(deprecated, declared)| {
        let mark = if deprecated { "#[deprecated] " } else { "" };
        format!("{mark}{}", shortened(&declared))
    });
    changes.add(Draft {
        rule,
        item,
        message,
        before: Some(before),
        after: Some(after),
        caller: None,
        pointers,
    });
}
