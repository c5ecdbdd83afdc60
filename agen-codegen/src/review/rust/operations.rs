//! Calls: the methods of the client, what they take and give, and their mocks.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Caller, RustRule,
    changes::{Changes, Draft},
    client::Operation,
    functions::{Site, deprecation},
    names::{Arguments, Module},
    rules::rust_rules,
    types,
};
use crate::{
    declarations::{Declared, Function},
    polish::shortened,
    review::operations::blanked,
};

rust_rules! {
    METHOD_ADDED Minor "rust-method-added"
        "the client has one more method"
        "nobody calls it yet";
    METHOD_REMOVED Major "rust-method-removed"
        "a method of the client is gone"
        "whoever calls it names what is not there";
    METHOD_RENAMED Major "rust-method-renamed"
        "the method of an operation has another name"
        "whoever calls it by the old one names what is not there";
    ANSWER_CHANGED Major "rust-answer-changed"
        "a call gives another type"
        "what was done with the answer does not fit it any more";
    STREAM_ADDED Minor "rust-stream-added"
        "a call gives its items as a stream"
        "the call itself is as it was";
    STREAM_REMOVED Major "rust-stream-removed"
        "a call does not give its items as a stream any more"
        "whoever reads the stream names what is not there";
    STREAM_CHANGED Major "rust-stream-item-changed"
        "the stream of a call has items of another type"
        "what was done with an item does not fit it any more";
    MOCK_ADDED Minor "rust-mock-function-added"
        "a mock has one more function"
        "no test calls it yet";
    MOCK_REMOVED Major "rust-mock-function-removed"
        "a function of a mock is gone"
        "tests that call it name what is not there";
    MOCK_CHANGED Major "rust-mock-function-changed"
        "a function of a mock takes another type"
        "what tests give it does not fit any more";
}

/// Compares all operations.
pub(super) fn compare(changes: &mut Changes<'_>) {
    let (base, head) = (changes.base, changes.head);
    let mut by_name: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut by_path: BTreeMap<(&str, String), &Operation> = BTreeMap::new();
    let key = |found: &Operation| blanked(&found.path);
    for new in &head.operations {
        by_name.insert(&new.name, new);
        by_path.insert((&new.method, key(new)), new);
    }
    let names = base.operations.iter().map(|old| old.name.as_str());
    let known: BTreeSet<&str> = names.collect();
    let mut renamed = BTreeSet::new();
    for old in &base.operations {
        if let Some(new) = by_name.get(old.name.as_str()) {
            operation(changes, old, new);
            continue;
        }
        let new = by_path.get(&(&old.method, key(old)));
        match new.filter(|new| !known.contains(new.name.as_str())) {
            Some(new) => {
                renamed.insert(new.name.as_str());
                operation(changes, old, new);
            }
            None => gone(changes, old),
        }
    }
    for new in &head.operations {
        let name = new.name.as_str();
        if !known.contains(name) && !renamed.contains(name) {
            let item = method_path(new);
            changes.add(Draft {
                rule: &METHOD_ADDED,
                message: format!("`{item}` is new"),
                item,
                before: None,
                after: method(new).map(|function| shortened(&function.shown(name))),
                caller: None,
                pointers: [None, Some(new.pointer.clone())],
            });
        }
    }
}

fn method_path(of: &Operation) -> String {
    format!("Client::{}", of.name)
}

fn method(of: &Operation) -> Option<&Function> {
    of.of("Client")?.functions.get(&of.name)
}

/// A call as it is written, but for its end.
fn called(of: &Operation, arguments: &str) -> String {
    format!("client.{}({arguments})", of.name)
}

/// How many values of the path are given at the same places on both sides.
fn places(old: &Operation, new: &Operation) -> usize {
    let path = blanked(&old.path);
    if path == blanked(&new.path) {
        path.matches("{}").count()
    } else {
        0
    }
}

/// A call with its end.
fn sent(of: &Operation, arguments: &str) -> String {
    format!("{}.send().await?", called(of, arguments))
}

fn gone(changes: &mut Changes<'_>, old: &Operation) {
    let item = method_path(old);
    let arguments = method(old).map(|function| Arguments::of(function, |name| old.of(name)));
    let given = arguments.map_or(String::new(), |arguments| arguments.given());
    changes.add(Draft {
        rule: &METHOD_REMOVED,
        message: format!("`{item}` is gone"),
        item,
        before: method(old).map(|function| shortened(&function.shown(&old.name))),
        after: None,
        caller: Some(Caller {
            before: sent(old, &given),
            after: None,
        }),
        pointers: [Some(old.pointer.clone()), None],
    });
}

/// Compares an operation with itself.
fn operation(changes: &mut Changes<'_>, old: &Operation, new: &Operation) {
    let (Some(was), Some(is)) = (method(old), method(new)) else {
        return;
    };
    let (old_builder, new_builder) = (&old.builder, &new.builder);
    changes.names.calls = beside(old)
        .filter_map(|name| {
            let other = format!("{new_builder}{}", name.strip_prefix(old_builder)?);
            (other != *name && new.of(&other).is_some()).then(|| (name.clone(), other))
        })
        .collect();
    let item = method_path(old);
    let pointers = [old, new].map(|of| Some(of.pointer.clone()));
    let arguments = [
        Arguments::of(was, |name| old.of(name)),
        Arguments::of(is, |name| new.of(name)),
    ];
    let arguments = [&arguments[0], &arguments[1]];
    if old.name != new.name {
        changes.add(Draft {
            rule: &METHOD_RENAMED,
            message: format!("`{item}` is `{}` now", method_path(new)),
            item: item.clone(),
            before: Some(shortened(&was.shown(&old.name))),
            after: Some(shortened(&is.shown(&new.name))),
            caller: Some(Caller {
                before: sent(old, &arguments[0].given()),
                after: Some(sent(new, &arguments[1].given())),
            }),
            pointers: pointers.clone(),
        });
    }
    let flags = [was.deprecated, is.deprecated];
    let declared = || [was.shown(&old.name), is.shown(&new.name)];
    // Callers find it under the name that it has now.
    deprecation(changes, method_path(new), flags, declared, pointers.clone());

    let site = Site {
        module: Module::Operations,
        item: &item,
        called: [
            &|given, set| format!("{}{set}.send().await?", called(old, given)),
            &|given, set| format!("{}{set}.send().await?", called(new, given)),
        ],
        setters: [old.of(old_builder), new.of(new_builder)],
        places: places(old, new),
        pointer: [&|name| old.input(name).to_owned(), &|name| {
            new.input(name).to_owned()
        }],
    };
    let functions = [(old.name.as_str(), was), (new.name.as_str(), is)];
    let mut touched = site.arguments(changes, functions, arguments);
    let (Some(of_old), Some(of_new)) = (old.of(old_builder), new.of(new_builder)) else {
        return;
    };
    let site = Site {
        called: [
            &|given, set| format!("{}{set}", called(old, given)),
            &|given, set| format!("{}{set}", called(new, given)),
        ],
        ..site
    };
    let told = touched.clone();
    touched.extend(site.setters(changes, [of_old, of_new], arguments, &told));
    let given = arguments.map(Arguments::given);
    if ends(changes, &item, [old, new], [of_old, of_new], &given) {
        touched.insert("returns".to_owned());
    }
    types_beside(changes, old, new);
    mocks(changes, old, new, &touched);
    changes.names.calls.clear();
}

/// The names of the types of an operation.
fn beside(of: &Operation) -> impl Iterator<Item = &String> {
    of.declared.keys().filter(|name| *name != "Client")
}

/// What a call gives, without the error beside it.
fn answer(of: &Function) -> &str {
    let answer = of.answer.as_str();
    let inside = answer.strip_prefix("Result<");
    inside
        .and_then(|rest| rest.strip_suffix(", Error>"))
        .unwrap_or(answer)
}

/// Compares what the call gives, all at once and as a stream; says whether the answer is another.
fn ends(
    changes: &mut Changes<'_>,
    item: &str,
    of: [&Operation; 2],
    declared: [&Declared; 2],
    given: &[String; 2],
) -> bool {
    let mut another = false;
    let at = of.map(|of| Some(of.answers()));
    let [was, is] = declared.map(|of| of.functions.get("send"));
    if let (Some(was), Some(is)) = (was, is)
        && !changes
            .names
            .same(Module::Operations, answer(was), answer(is))
    {
        another = true;
        let [from, to] = [was, is].map(|function| shortened(answer(function)));
        let line = |side: usize, ty: &str| {
            let call = sent(of[side], &given[side]);
            format!("let answer: {ty} = {call};")
        };
        changes.add(Draft {
            rule: &ANSWER_CHANGED,
            item: item.to_owned(),
            message: format!("`{item}` gives `{to}`; it gave `{from}`"),
            before: Some(shortened(&was.shown("send"))),
            after: Some(shortened(&is.shown("send"))),
            caller: Some(Caller {
                before: line(0, &from),
                after: Some(line(1, &to)),
            }),
            pointers: at.clone(),
        });
    }
    let [was, is] = declared.map(|of| of.functions.get("items"));
    let (rule, message): (&'static RustRule, _) = match (was, is) {
        (None, None) => return another,
        (None, Some(_)) => (
            &STREAM_ADDED,
            format!("`{item}` gives its items as a stream"),
        ),
        (Some(_), None) => (
            &STREAM_REMOVED,
            format!("`{item}` does not give its items as a stream any more"),
        ),
        (Some(was), Some(is))
            if changes
                .names
                .same(Module::Operations, &was.answer, &is.answer) =>
        {
            return another;
        }
        (Some(was), Some(is)) => {
            let [from, to] = [was, is].map(|function| shortened(&function.answer));
            let message = format!("the stream of `{item}` is `{to}`; it was `{from}`");
            (&STREAM_CHANGED, message)
        }
    };
    let line = |side: usize| format!("{}.items()", called(of[side], &given[side]));
    let mut caller = was.map(|_| Caller {
        before: line(0),
        after: is.map(|_| line(1)),
    });
    if let (Some(was), Some(is)) = (was, is) {
        let types = [was, is].map(|function| ("stream", function.answer.as_str()));
        caller = caller.map(|caller| caller.with_types(types));
    }
    changes.add(Draft {
        rule,
        item: format!("{item}::items"),
        message,
        before: was.map(|found| shortened(&found.shown("items"))),
        after: is.map(|found| shortened(&found.shown("items"))),
        caller,
        pointers: of.map(|of| Some(of.pointer.clone())),
    });
    another
}

/// Compares the types that tell answers and failures apart.
fn types_beside(changes: &mut Changes<'_>, old: &Operation, new: &Operation) {
    let is_call = |of: &Operation, name: &str| {
        let required = method(of).and_then(|found| found.parameters.first());
        name == of.builder || required.is_some_and(|(_, ty)| ty == name)
    };
    let at = [old, new].map(|of| of.answers());
    let called = changes.names.calls.clone();
    let mut met = BTreeSet::new();
    for name in beside(old).filter(|name| !is_call(old, name)) {
        let other = called.get(name).unwrap_or(name);
        met.insert(other.as_str());
        let item = format!("operations::{name}");
        let declared = [old.of(name), new.of(other)];
        types::beside(changes, &item, declared, [&at[0], &at[1]]);
    }
    for name in beside(new).filter(|name| !is_call(new, name) && !met.contains(name.as_str())) {
        let item = format!("operations::{name}");
        types::beside(changes, &item, [None, new.of(name)], [&at[0], &at[1]]);
    }
}

/// Compares the functions of the mock of an operation, but for those of values of which something was said.
fn mocks(changes: &mut Changes<'_>, old: &Operation, new: &Operation, told: &BTreeSet<String>) {
    let functions = |of: &Operation| -> BTreeMap<String, Function> {
        let mock = of.mock.get("Mock").map(|found| &found.functions);
        mock.cloned().unwrap_or_default()
    };
    let [was, is] = [old, new].map(functions);
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for name in names.into_iter().filter(|name| !told.contains(*name)) {
        let item = format!("MockServer::{}::{name}", old.name);
        let (rule, message): (&'static RustRule, _) = match (was.get(name), is.get(name)) {
            (Some(_), None) => (&MOCK_REMOVED, format!("`{item}` is gone")),
            (None, Some(_)) => (&MOCK_ADDED, format!("`{item}` is new")),
            (Some(was), Some(is)) => {
                let [from, to] = [was, is].map(|function| {
                    let first = function.parameters.first();
                    first.map_or("", |(_, ty)| ty.as_str())
                });
                if changes.names.same(Module::Operations, from, to) {
                    continue;
                }
                let (from, to) = (shortened(from), shortened(to));
                (
                    &MOCK_CHANGED,
                    format!("`{item}` takes `{to}`; it took `{from}`"),
                )
            }
            (None, None) => continue,
        };
        let line = |of: &Operation, function: &Function| {
            let first = function.parameters.first();
            let given = first.map_or("", |(name, _)| name.as_str());
            format!("server.{}().{name}({given})", of.name)
        };
        changes.add(Draft {
            rule,
            item,
            message,
            before: was.get(name).map(|found| shortened(&found.shown(name))),
            after: is.get(name).map(|found| shortened(&found.shown(name))),
            caller: was.get(name).map(|found| Caller {
                before: line(old, found),
                after: is.get(name).map(|found| line(new, found)),
            }),
            pointers: [old, new].map(|of| {
                Some(match name.as_str() {
                    "returns" => of.answers(),
                    name => of.input(name).to_owned(),
                })
            }),
        });
    }
}
