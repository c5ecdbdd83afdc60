//! What the generator cannot take, and what a good contract would not say.
//!
//! One rule is one function and one entry in a table. A rule reads what it can of the document and
//! passes over the rest: what has the wrong shape is the business of the rules on structure alone.

mod answers;
mod grammar;
mod index;
mod once;
mod operation;
mod operations;
mod pages;
mod parameters;
mod paths;
mod reading;
mod references;
mod schemas;
mod security;
mod structure;
mod style;
mod suggestion;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::{
    Diagnostic, Label, Lowering, Severity, document::Document, guard::in_parallel, lower, parse,
    rewrite,
};

pub(crate) use grammar::{Kind, Shape, TYPES, field, fields};
pub(crate) use index::{Index, is_newer, is_status};
pub(crate) use once::Reading;
pub(crate) use operation::{Operation, Parameter, operations};
pub(crate) use parameters::{is_header_name, spot};
pub(crate) use paths::brace_span;
pub(crate) use reading::schema_type;
pub(crate) use references::{astray, lost};
pub(crate) use security::unsound;
pub(crate) use suggestion::nearest;

/// A rule that a document is held to.
#[derive(Debug)]
pub struct Rule {
    /// Name of the rule, in kebab case.
    pub id: &'static str,
    /// Whether a document that breaks it can be generated from.
    pub severity: Severity,
    /// What breaks the rule, in one line.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// Finds what breaks the rule; none where reading, rewriting or lowering the document does that.
    pub(crate) check: Option<Check>,
}

pub(crate) type Check = fn(&Index<'_>, &mut Findings<'_>);

impl Rule {
    const fn error(
        id: &'static str,
        check: Check,
        summary: &'static str,
        why: &'static str,
    ) -> Self {
        Self {
            id,
            severity: Severity::Error,
            summary,
            why,
            check: Some(check),
        }
    }

    const fn warning(
        id: &'static str,
        check: Check,
        summary: &'static str,
        why: &'static str,
    ) -> Self {
        let mut rule = Self::error(id, check, summary, why);
        rule.severity = Severity::Warning;
        rule
    }
}

/// The rules by subject.
const SUBJECTS: &[&[Rule]] = &[
    parse::RULES,
    structure::RULES,
    references::RULES,
    operations::RULES,
    paths::RULES,
    parameters::RULES,
    answers::RULES,
    pages::RULES,
    schemas::RULES,
    security::RULES,
    style::RULES,
    lower::RULES,
];

/// Every rule, grouped by subject; those that stand for a [`Lowering`] come last.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let lowerings = rewrite::lowerings().map(|found| &found.rule);
    SUBJECTS.iter().copied().flatten().chain(lowerings)
}

/// Holds a document against every rule, and warns of what was done to it. The complaints come in the
/// order of their places.
pub(crate) fn lint(reading: &Reading<'_>, lowered: &[Lowering]) -> Vec<Diagnostic> {
    let mut found = judged(reading, |_| true);
    if structure::version(reading.document).is_empty() {
        found.extend(rewrite::warnings(lowered));
    }
    sort(&mut found);
    found
}

/// The errors alone, in the order of their places: warnings take time where nobody reads them.
pub(crate) fn errors(reading: &Reading<'_>) -> Vec<Diagnostic> {
    let mut found = judged(reading, |rule| rule.severity == Severity::Error);
    sort(&mut found);
    found
}

/// Puts complaints in the order of their places.
pub(crate) fn sort(found: &mut [Diagnostic]) {
    found.sort_by(|a, b| {
        let key = |diagnostic: &Diagnostic| (diagnostic.primary.span.start, diagnostic.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
}

/// What the chosen rules find, in the order of the rules.
fn judged(reading: &Reading<'_>, is_chosen: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    let mut found = structure::version(reading.document);
    if found.is_empty() {
        let index = reading.index();
        let rules = rules().filter(|rule| rule.check.is_some() && is_chosen(rule));
        let rules: Vec<&'static Rule> = rules.collect();
        // The rules know nothing of each other, so two threads share them, each every other one.
        let (one, other) = in_parallel(
            || checked(rules.iter().copied().step_by(2), index),
            || checked(rules.iter().copied().skip(1).step_by(2), index),
        );
        found.extend(one);
        found.extend(other);
    }
    found
}

/// What of a document does not have the structure that the specification says; an error where the
/// document is of a version that is read in another way.
pub(crate) fn structure(document: &Document) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let found = structure::version(document);
    if !found.is_empty() {
        return Err(found);
    }
    let reading = Reading::new(document);
    Ok(checked(structure::RULES.iter(), reading.index()))
}

/// What some of the rules find.
fn checked(rules: impl Iterator<Item = &'static Rule>, index: &Index<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in rules {
        if let Some(check) = rule.check {
            let mut findings = Findings {
                rule,
                found: &mut found,
                count: 0,
            };
            check(index, &mut findings);
        }
    }
    found
}

/// How many complaints of one rule are kept. Nobody reads more, and each takes memory.
pub(crate) const MOST: usize = 10_000;

/// Takes the complaints of one rule.
pub(crate) struct Findings<'a> {
    rule: &'static Rule,
    found: &'a mut Vec<Diagnostic>,
    count: usize,
}

impl Findings<'_> {
    /// Adds a complaint: where, a few words that stand there, what is wrong and what to do.
    fn add(
        &mut self,
        span: Range<usize>,
        label: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.count += 1;
        if self.count > MOST {
            return;
        }
        self.found.push(Diagnostic {
            rule: self.rule.id,
            severity: self.rule.severity,
            message: message.into(),
            primary: Label {
                span,
                text: label.into(),
            },
            related: Vec::new(),
            why: self.rule.why.to_owned(),
            help: help.into(),
        });
    }

    /// Whether there are still so few complaints that it is worth to look for what was meant.
    fn few(&self) -> bool {
        self.count < 100
    }

    /// Adds another place to the complaint that was added last.
    fn also(&mut self, span: Range<usize>, label: impl Into<String>) {
        if let Some(last) = self.found.last_mut().filter(|_| self.count <= MOST) {
            last.related.push(Label {
                span,
                text: label.into(),
            });
        }
    }
}
