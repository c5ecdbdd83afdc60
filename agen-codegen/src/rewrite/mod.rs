//! Named rewrites of documents that say too little, or more than a client can do, before they are
//! judged: each is told to the user, and a document that needs none is left as it is.
//!
//! A rewrite adds, replaces or removes members, and adds elements. It does not move what others point
//! at, so that the pointers of everything else, and with them the places, stay right. Where OpenAPI 3.0
//! has another place for a thing than 3.1, that thing alone is moved, and has the place of the nearest
//! value above it from then on.

mod all_of;
mod answers;
mod bodies;
mod compounds;
mod enum_values;
mod names;
mod operation_ids;
mod parameters;
mod path_parameters;
mod paths;
mod references;
mod report;
mod security;
mod servers;
mod structure;
mod unions;
mod version_3_1;
mod walk;

use std::ops::Range;

use crate::{
    Diagnostic, Label, Lines, Position, Severity, Source,
    document::{Document, unescape},
    lint::{Index, Reading, Rule},
    value::{Value, json},
};

/// Something that is done to a document so that a client can be generated from it.
#[derive(Debug)]
pub struct LoweringRule {
    /// What [`lint`](crate::lint()) says where it is done: a warning, since the document could say it
    /// better.
    pub rule: Rule,
    /// What to write in the document instead.
    pub help: &'static str,
    /// An example, in YAML, without `info`; without `openapi` too, where it is of 3.0.
    pub before: &'static str,
    /// A document without need of it from which the same client comes out, but for names on the wire.
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

use compounds::compounds;
pub(crate) use paths::{MOST_COPIED, is_path_item};

const TABLES: &[&[LoweringRule]] = &[
    structure::TABLE,
    version_3_1::TABLE,
    bodies::TABLE,
    answers::TABLE,
    paths::TABLE,
    operation_ids::TABLE,
    path_parameters::TABLE,
    parameters::TABLE,
    servers::TABLE,
    security::TABLE,
    unions::TABLE,
    all_of::TABLE,
    references::TABLE,
    enum_values::TABLE,
    names::TABLE,
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

/// A change of a document. One that finds nothing at its pointer does nothing.
enum Edit {
    /// Gives the object at a pointer a member.
    Set(String, &'static str, Value),
    /// Adds an element to the array that stands, or will, under a key of the object at a pointer.
    Append(String, &'static str, Value),
    /// Puts another value at a pointer.
    Replace(String, Value),
    /// Takes the member at a pointer out of its object.
    Remove(String),
    /// Takes the value at the first pointer to the second one, whose object or element is there. The
    /// elements after one that is taken keep their places: null stands in its own.
    Move(String, String),
    /// Puts the value at a pointer into an array of its own.
    Wrap(String),
}

/// Reads a document, reports what is to be done, and says how.
type Step = fn(&Reading<'_>, &mut Vec<Lowering>) -> Vec<Edit>;

/// Reads a document, and reports what is made of it later.
type Report = fn(&Index<'_>, &mut Vec<Lowering>);

/// The steps that bring a document into the form of 3.0. What 3.0 has no words for is lost, such as the order
/// of a tuple. Each step reads what those before it have made.
const FORM: &[Step] = &[structure::rewrite, version_3_1::rewrite, paths::rewrite];

/// The steps behind those, which also choose what a client does.
const CLIENT: &[Step] = &[
    bodies::rewrite,
    operation_ids::rewrite,
    path_parameters::rewrite,
    schemas,
    unions::rewrite,
    answers::rewrite,
];

/// What changes nothing in the document reads what the steps have left.
const REPORTS: &[Report] = &[
    parameters::report,
    servers::report,
    security::report,
    all_of::report,
    answers::report,
    names::report,
];

/// What is done to schemas, of which one walk finds all.
fn schemas(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let mut edits = references::rewrite(reading.index(), done);
    edits.extend(enum_values::rewrite(reading.index(), done));
    edits
}

/// Rewrites a document, and goes on with what was read for that, and with what was done, in the order of the
/// places.
pub(crate) fn rewrite<T>(
    document: &mut Document,
    then: impl FnOnce(Reading<'_>, Vec<Lowering>) -> T,
) -> T {
    let steps = FORM.iter().chain(CLIENT).copied();
    run(steps, document, |reading, mut done| {
        for report in REPORTS {
            report(reading.index(), &mut done);
        }
        done.sort_by(|a, b| (a.span.start, a.id, &a.text).cmp(&(b.span.start, b.id, &b.text)));
        then(reading, done)
    })
}

/// Brings a document into the form of 3.0, in two: one for [`for_client`], and one in which is written out what
/// is meant, and left what a client cannot do.
pub(crate) fn to_3_0(document: &mut Document) -> Document {
    run(FORM.iter().copied(), document, |_, _| ());
    let client = document.shared();
    run([path_parameters::rewrite as Step], document, |_, _| ());
    client
}

/// Does the rest of [`rewrite`] to a document in the form of 3.0, and goes on with what was read for that.
pub(crate) fn for_client<T>(document: &mut Document, then: impl FnOnce(Reading<'_>) -> T) -> T {
    run(CLIENT.iter().copied(), document, |reading, _| then(reading))
}

/// Runs steps one after the other. What was read holds until a step has edits, and after the last ones for
/// what comes then.
fn run<T>(
    steps: impl IntoIterator<Item = Step>,
    document: &mut Document,
    then: impl FnOnce(Reading<'_>, Vec<Lowering>) -> T,
) -> T {
    let mut steps = steps.into_iter();
    let mut done = Vec::new();
    loop {
        let reading = Reading::new(document);
        let all = steps.by_ref().map(|step| step(&reading, &mut done));
        let edits = all.into_iter().find(|edits| !edits.is_empty());
        let Some(edits) = edits else {
            return then(reading, done);
        };
        drop(reading);
        for edit in edits {
            apply(document, edit);
        }
    }
}

fn apply(document: &mut Document, edit: Edit) {
    match edit {
        Edit::Set(pointer, key, value) => {
            if let Some(Value::Object(object)) = document.value_mut(&pointer) {
                object.insert(key.to_owned(), value);
            }
        }
        Edit::Append(pointer, key, value) => {
            if let Some(Value::Object(object)) = document.value_mut(&pointer) {
                match object.get_mut(key) {
                    Some(Value::Array(list)) => list.push(value),
                    Some(_) => {}
                    None => drop(object.insert(key.to_owned(), json!([value]))),
                }
            }
        }
        Edit::Replace(pointer, value) => {
            if let Some(place) = document.value_mut(&pointer) {
                *place = value;
            }
        }
        Edit::Remove(pointer) => {
            let (object, key) = pointer.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(object)) = document.value_mut(object) {
                object.remove(&unescape(key));
            }
        }
        Edit::Move(from, to) => {
            let (holder, key) = to.rsplit_once('/').unwrap_or_default();
            // Nothing is lost where there is no room for it.
            if document.value_mut(holder).is_none() {
                return;
            }
            let (source, member) = from.rsplit_once('/').unwrap_or_default();
            let value = match document.value_mut(source) {
                Some(Value::Object(object)) => object.remove(&unescape(member)),
                Some(Value::Array(_)) => document.value_mut(&from).map(Value::take),
                _ => None,
            };
            let Some(value) = value else { return };
            match document.value_mut(holder) {
                Some(Value::Object(object)) => {
                    object.insert(unescape(key).into_owned(), value);
                }
                Some(Value::Array(list)) => {
                    let index: Option<usize> = key.parse().ok();
                    if let Some(place) = index.and_then(|index| list.get_mut(index)) {
                        *place = value;
                    }
                }
                _ => {}
            }
        }
        Edit::Wrap(pointer) => {
            if let Some(place) = document.value_mut(&pointer) {
                *place = Value::Array(vec![place.take()]);
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
