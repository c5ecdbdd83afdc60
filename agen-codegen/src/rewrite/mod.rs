//! Named rewrites of documents that say too little, or more than a client can do, before they are
//! judged: each is told to the user, and a document that needs none is left as it is.
//!
//! A rewrite adds members and elements, or replaces a scalar. It never moves what is there, so that
//! the pointers of everything else, and with them the places, stay right.

mod operation_ids;
mod path_parameters;
mod security;

use std::ops::Range;

use serde_json::Value;

use crate::{Diagnostic, Label, Lines, Position, Severity, Source, document::Document, lint::Rule};

/// Something that is done to a document so that a client can be generated from it.
#[derive(Debug)]
pub struct LoweringRule {
    /// What [`lint`](crate::lint()) says where it is done: a warning, since the document could say it
    /// better.
    pub rule: Rule,
    /// What to write in the document instead.
    pub help: &'static str,
    /// An example, in YAML, without `openapi` and `info`.
    pub before: &'static str,
    /// A document without need of it from which the same client comes out.
    pub after: &'static str,
}

/// Something that was done to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowering {
    /// The id of its [`LoweringRule`].
    pub id: &'static str,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What was done, in one sentence. It can hold text of the document.
    pub text: String,
}

impl Lowering {
    /// The place in the text.
    pub fn position(&self, source: &Source<'_>) -> Position {
        Lines::new(source.text).position(self.span.start)
    }
}

const TABLES: &[&[LoweringRule]] = &[
    operation_ids::TABLE,
    path_parameters::TABLE,
    security::TABLE,
];

/// Everything that can be done to a document, by subject.
pub fn lowerings() -> impl Iterator<Item = &'static LoweringRule> {
    TABLES.iter().copied().flatten()
}

impl LoweringRule {
    const fn new(
        id: &'static str,
        summary: &'static str,
        why: &'static str,
        help: &'static str,
        [before, after]: [&'static str; 2],
    ) -> Self {
        Self {
            rule: Rule {
                id,
                severity: Severity::Warning,
                summary,
                why,
                check: None,
            },
            help,
            before,
            after,
        }
    }
}

/// A change of a document.
enum Edit {
    /// Gives the object at a pointer a member.
    Set(String, &'static str, Value),
    /// Adds an element to the array that stands, or will, under a key of the object at a pointer.
    Append(String, &'static str, Value),
}

/// Reads a document, reports what is to be done, and says how.
type Step = fn(&Document, &mut Vec<Lowering>) -> Vec<Edit>;

/// Each reads what those before it have made.
const STEPS: [Step; 3] = [
    operation_ids::rewrite,
    path_parameters::rewrite,
    security::rewrite,
];

/// Rewrites a document, and reports what was done in the order of the places.
pub(crate) fn rewrite(document: &mut Document) -> Vec<Lowering> {
    let mut done = Vec::new();
    for step in STEPS {
        for edit in step(document, &mut done) {
            apply(document, edit);
        }
    }
    done.sort_by(|a, b| (a.span.start, a.id, &a.text).cmp(&(b.span.start, b.id, &b.text)));
    done
}

fn apply(document: &mut Document, edit: Edit) {
    let (Edit::Set(pointer, ..) | Edit::Append(pointer, ..)) = &edit;
    let Some(Value::Object(object)) = document.value_mut(pointer) else {
        return;
    };
    match edit {
        Edit::Set(_, key, value) => drop(object.insert(key.to_owned(), value)),
        Edit::Append(_, key, value) => {
            let list = object
                .entry(key)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(value);
            }
        }
    }
}

/// The warnings of `lint` for what was done.
pub(crate) fn warnings(done: &[Lowering]) -> impl Iterator<Item = Diagnostic> {
    done.iter().filter_map(|done| {
        let found = lowerings().find(|found| found.rule.id == done.id)?;
        Some(Diagnostic {
            rule: found.rule.id,
            severity: found.rule.severity,
            message: done.text.clone(),
            primary: Label {
                span: done.span.clone(),
                text: String::new(),
            },
            related: Vec::new(),
            why: found.rule.why.to_owned(),
            help: found.help.to_owned(),
        })
    })
}
