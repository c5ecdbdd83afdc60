//! How much two operations have in common, by the names of what goes in and comes out.

use std::collections::BTreeSet;

use crate::{
    docs::{
        facts::{Operation, Shape, Tree},
        level::{self, Open},
    },
    document::Node,
};

/// How deep names are looked for. What is deeper tells no operations apart that the names above do not.
const MOST_DEPTH: usize = 4;

/// How many names of an operation are looked at.
const MOST_NAMES: usize = 500;

/// The names of what an operation takes and gives: `query.status`, `body.model`, `answer.items.id`.
pub(super) type Names = BTreeSet<String>;

/// A value of which the names inside can be told.
pub(super) trait Value {
    fn collect(&self, path: &str, depth: usize, names: &mut Names);
}

impl Value for Tree {
    fn collect(&self, path: &str, depth: usize, names: &mut Names) {
        inside(&self.0, path, depth, names);
    }
}

impl Value for Node<'_> {
    fn collect(&self, path: &str, depth: usize, names: &mut Names) {
        if depth < MOST_DEPTH
            && let Some(level) = level::read(self, &Open::new())
        {
            inside(&level, path, depth, names);
        }
    }
}

fn inside<C: Value>(shape: &Shape<C>, path: &str, depth: usize, names: &mut Names) {
    if depth >= MOST_DEPTH || names.len() >= MOST_NAMES {
        return;
    }
    for (name, field) in &shape.fields {
        let path = format!("{path}.{name}");
        field.shape.collect(&path, depth + 1, names);
        names.insert(path);
    }
    for same in shape.items.iter().chain(&shape.options) {
        same.collect(path, depth + 1, names);
    }
}

pub(super) fn names<C: Value>(operation: &Operation<C>) -> Names {
    let mut names = Names::new();
    for parameter in operation.parameters.iter().filter(|it| it.place != "path") {
        names.insert(format!("{}.{}", parameter.place, parameter.name));
    }
    if let Some(body) = operation.body.value() {
        body.shape.collect("body", 0, &mut names);
    }
    for body in operation.answers.iter().filter_map(|it| it.body.value()) {
        body.shape.collect("answer", 0, &mut names);
    }
    names
}

/// How alike two operations are by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// They are two things.
    Other,
    /// Neither has a name in it, or what was read of the page has none.
    Bare,
    /// They have more in common than not.
    Alike,
    /// They have several names, and nearly all in common.
    Same,
}

/// Compares the names of a page with those of the document. Of a page that is not `whole`, what it lacks is
/// not held against it.
pub(super) fn likeness(page: &Names, document: &Names, whole: bool) -> Likeness {
    /// Fewer names are what any two operations can have in common.
    const SEVERAL: usize = 5;
    let shared = page.intersection(document).count();
    let all = if whole {
        page.len() + document.len() - shared
    } else {
        page.len()
    };
    if all == 0 {
        Likeness::Bare
    } else if shared >= SEVERAL && shared * 10 >= all * 9 {
        Likeness::Same
    } else if shared * 2 >= all {
        Likeness::Alike
    } else {
        Likeness::Other
    }
}
