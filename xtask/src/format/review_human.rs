//! A review for people: the verdict, what breaks callers, and the rest in a few lines.

use std::collections::BTreeMap;
use std::fmt::Write;

use agen_codegen::{
    Lines, Severity,
    review::{Finding, Impact, Wire},
};
use clap::builder::styling::Style;

use super::review::word;
use crate::commands::lint::Linted;
use crate::commands::review::Reviewed;
use crate::report::{BLUE, BOLD, GREEN, RED, YELLOW, count, status};

/// How many breaking changes are shown one by one.
const MOST: usize = 100;
/// How many operations and places stand in one line.
const MOST_IN_LINE: usize = 3;
/// How many complaints of one document are shown.
const MOST_DIAGNOSTICS: usize = 20;

/// Complaints about the documents themselves.
pub(crate) fn diagnostics(reviewed: &Reviewed) -> String {
    let mut text = String::new();
    for side in [&reviewed.base, &reviewed.head] {
        for diagnostic in side.diagnostics.iter().take(MOST_DIAGNOSTICS) {
            let rendered = diagnostic.render(&side.source(), true);
            text.push_str(rendered.trim_end());
            text.push_str("\n\n");
        }
        let errors = |d: &&agen_codegen::Diagnostic| d.severity == Severity::Error;
        let errors = side.diagnostics.iter().filter(errors).count();
        if errors == 0 {
            continue;
        }
        let rest = if reviewed.review.wire.is_some() {
            "what has the wrong structure is not compared"
        } else {
            "nothing is compared"
        };
        let rest = format!("{}: {}; {rest}", side.file.name, count(errors, "error"));
        let (style, word) = if reviewed.review.wire.is_some() {
            (YELLOW, "Warned")
        } else {
            (RED, "Refused")
        };
        status(&mut text, style, word, &rest);
    }
    text
}

pub(crate) fn format(reviewed: &Reviewed) -> String {
    let mut text = String::new();
    let Some(wire) = &reviewed.review.wire else {
        return text;
    };
    verdict(&mut text, reviewed, wire);
    let places = Places {
        base: (&reviewed.base, Lines::new(&reviewed.base.text)),
        head: (&reviewed.head, Lines::new(&reviewed.head.text)),
    };
    let breaking = of(wire, Impact::Breaking);
    for found in breaking.iter().take(MOST) {
        text.push('\n');
        one(&mut text, &places, found);
    }
    if wire.counts.breaking > MOST {
        let rest = count(wire.counts.breaking - MOST, "more breaking change");
        let _ = writeln!(text, "\n{BOLD}... {rest} left out{BOLD:#}");
    }
    for (impact, style) in [(Impact::Notable, YELLOW), (Impact::Compatible, GREEN)] {
        folded(&mut text, &places, of(wire, impact), impact, style);
    }
    text
}

fn verdict(text: &mut String, reviewed: &Reviewed, wire: &Wire) {
    let [base, head] = [&reviewed.base, &reviewed.head].map(|side| &side.file.name);
    let (style, said, what) = match wire.counts.gravest() {
        Some(Impact::Breaking) => (RED, "Breaks", "callers"),
        Some(Impact::Notable) => (YELLOW, "May break", "callers"),
        Some(Impact::Compatible) => (GREEN, "Safe", "to merge"),
        None if reviewed.base.text == reviewed.head.text => {
            let rest = format!("{head} is the same as {base}");
            return status(text, GREEN, "Unchanged", &rest);
        }
        None => {
            let rest = format!("{head} differs from {base}, but in nothing that a review compares");
            return status(text, GREEN, "Unchanged", &rest);
        }
    };
    let counts = wire.counts;
    let rest = format!(
        "{what}: {} breaking, {} notable, {} compatible changes from {base} to {head}",
        counts.breaking, counts.notable, counts.compatible
    );
    status(text, style, said, &rest);
}

fn of(wire: &Wire, impact: Impact) -> Vec<&Finding> {
    let all = wire.findings.iter();
    all.filter(|found| found.severity == impact).collect()
}

struct Places<'a> {
    base: (&'a Linted, Lines<'a>),
    head: (&'a Linted, Lines<'a>),
}

impl Places<'_> {
    /// `file:line:column`, in the version where the thing stands.
    fn of(&self, found: &Finding) -> String {
        let (side, place) = match (&found.head, &found.base) {
            (Some(place), _) => (&self.head, place),
            (None, Some(place)) => (&self.base, place),
            (None, None) => return self.head.0.file.name.clone(),
        };
        let at = side.1.position(place.span.start);
        format!("{}:{}:{}", side.0.file.name, at.line, at.column)
    }
}

/// A change with all that belongs to it.
fn one(text: &mut String, places: &Places<'_>, found: &Finding) {
    let (word, id, message) = (word(found.severity), found.rule.id, &found.message);
    let _ = writeln!(text, "{RED}{word}[{id}]{RED:#}{BOLD}: {message}{BOLD:#}");
    let _ = writeln!(text, "  {BLUE}-->{BLUE:#} {}", places.of(found));
    if !found.operations.is_empty() {
        let named: Vec<_> = found
            .operations
            .iter()
            .take(MOST_IN_LINE)
            .cloned()
            .collect();
        let named = listed(&named, found.operation_count);
        let _ = writeln!(text, "   {BLUE}={BLUE:#} {BOLD}in{BOLD:#}: {named}");
    }
    let _ = writeln!(
        text,
        "   {BLUE}={BLUE:#} {BOLD}note{BOLD:#}: {}",
        found.rule.why
    );
}

/// Some of a number of things.
fn listed(some: &[String], number: usize) -> String {
    let mut text = some.join(", ");
    if number > some.len() {
        let _ = write!(text, " and {} more", number - some.len());
    }
    text
}

/// A line for each rule.
fn folded(
    text: &mut String,
    places: &Places<'_>,
    found: Vec<&Finding>,
    impact: Impact,
    style: Style,
) {
    if found.is_empty() {
        return;
    }
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for found in &found {
        by_rule.entry(found.rule.id).or_default().push(found);
    }
    let title = match impact {
        Impact::Breaking => "Breaking",
        Impact::Notable => "Notable",
        Impact::Compatible => "Compatible",
    };
    text.push('\n');
    let number = count(found.len(), "change");
    status(text, style, title, &number);
    for (id, found) in by_rule {
        let some: Vec<_> = found
            .iter()
            .take(MOST_IN_LINE)
            .map(|found| places.of(found))
            .collect();
        let at = listed(&some, found.len());
        let said = match &found[..] {
            [only] => format!("{id}: {}", only.message),
            _ => id.to_owned(),
        };
        let _ = writeln!(text, "{:>12} {said} {BLUE}-->{BLUE:#} {at}", found.len());
    }
}
