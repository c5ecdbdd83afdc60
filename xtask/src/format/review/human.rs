//! A review for people: the verdict, what breaks callers, and the rest in a few lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use agen_codegen::{
    Severity, printable,
    review::{
        Finding, Impact,
        rust::{Level, RustChange},
    },
};
use clap::builder::styling::Style;

use super::{Shown, decisions, left_out, listed, versions, word};
use crate::commands::review::Reviewed;
use crate::report::{BLUE, BOLD, GREEN, RED, YELLOW, count, status};

/// How many breaking changes are shown one by one.
const MOST: usize = 100;
/// How many operations and places stand in one line, and changes of the client below one finding.
const MOST_IN_LINE: usize = 3;
/// How many complaints of one document are shown.
const MOST_DIAGNOSTICS: usize = 20;

/// Complaints about the documents and the policy.
pub(crate) fn diagnostics(reviewed: &Reviewed) -> String {
    let mut text = String::new();
    let compared = reviewed.review.wire.is_some();
    let lost = if compared {
        "what has the wrong structure is not compared"
    } else {
        "nothing is compared"
    };
    let review = &reviewed.review;
    let sides = [
        (&reviewed.base, &review.base_client),
        (&reviewed.head, &review.head_client),
    ];
    let sides = sides.map(|(side, client)| {
        let is_of_client = compared && !client.is_empty();
        let lost = if is_of_client {
            "no client can be made of it, so Rust is not compared"
        } else {
            lost
        };
        (side, lost)
    });
    let policy = reviewed.policy.as_ref();
    let policy = policy.map(|policy| (policy, "nothing of it is followed"));
    for (document, lost) in sides.into_iter().chain(policy) {
        for diagnostic in document.diagnostics.iter().take(MOST_DIAGNOSTICS) {
            let rendered = diagnostic.render(&document.source(), true);
            text.push_str(rendered.trim_end());
            text.push_str("\n\n");
        }
        let errors = |d: &&agen_codegen::Diagnostic| d.severity == Severity::Error;
        let errors = document.diagnostics.iter().filter(errors).count();
        if errors == 0 {
            continue;
        }
        let rest = format!("{}: {}; {lost}", document.file.name, count(errors, "error"));
        let (style, word) = if compared {
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
    let Some(shown) = Shown::new(reviewed) else {
        return text;
    };
    let verdict = shown.verdict(str::to_owned);
    let style = match verdict.tone {
        Impact::Breaking => RED,
        Impact::Notable => YELLOW,
        Impact::Compatible => GREEN,
    };
    let colon = if verdict.what.is_empty() { "" } else { ": " };
    let rest = format!("{}{colon}{}", verdict.what, verdict.said);
    status(&mut text, style, verdict.word, &rest);
    for (fits, said) in versions::sentences(&reviewed.versions) {
        let style = match fits {
            Some(true) => GREEN,
            Some(false) => YELLOW,
            None => BOLD,
        };
        status(&mut text, style, "Version", &printable(&said));
    }
    for found in shown.of(Impact::Breaking).into_iter().take(MOST) {
        text.push('\n');
        one(&mut text, &shown, found);
    }
    more(&mut text, shown.counts.breaking, MOST, "breaking change");
    let alone = shown.in_rust_alone();
    for change in alone.iter().take(MOST) {
        text.push('\n');
        let (id, message) = (change.rule.id, &change.message);
        let _ = writeln!(text, "{RED}breaking[{id}]{RED:#}{BOLD}: {message}{BOLD:#}");
        let at = shown.place(change.base.as_ref(), change.head.as_ref());
        let _ = writeln!(text, "  {BLUE}-->{BLUE:#} {at}");
        caller(&mut text, change);
        note(&mut text, "note", change.rule.why);
    }
    more(&mut text, alone.len(), MOST, "change of the client");
    for (impact, style) in [(Impact::Notable, YELLOW), (Impact::Compatible, GREEN)] {
        folded(&mut text, &shown, impact, style);
    }
    in_rust(&mut text, &shown);
    accepted(&mut text, &shown);
    text
}

fn more(text: &mut String, all: usize, shown: usize, noun: &str) {
    if let Some(rest) = left_out(all, shown, noun) {
        let _ = writeln!(text, "\n{BOLD}... {rest}{BOLD:#}");
    }
}

fn note(text: &mut String, word: &str, said: &str) {
    let _ = writeln!(text, "   {BLUE}={BLUE:#} {BOLD}{word}{BOLD:#}: {said}");
}

/// A change with all that belongs to it.
fn one(text: &mut String, shown: &Shown<'_>, found: &Finding) {
    let (word, id, message) = (word(found.severity), found.rule.id, &found.message);
    let _ = writeln!(text, "{RED}{word}[{id}]{RED:#}{BOLD}: {message}{BOLD:#}");
    let (at, fingerprint) = (shown.place_of(found), &found.fingerprint);
    let _ = writeln!(text, "  {BLUE}-->{BLUE:#} {at} ({fingerprint})");
    if !found.operations.is_empty() {
        let named = found.operations.iter().take(MOST_IN_LINE);
        let named: Vec<_> = named.cloned().collect();
        note(text, "in", &listed(&named, found.operation_count));
    }
    let major = shown.breaking_in_rust(found);
    for change in major.iter().take(MOST_IN_LINE) {
        note(text, "rust", &change.message);
        caller(text, change);
    }
    if let Some(rest) = left_out(major.len(), MOST_IN_LINE, "change") {
        note(text, "rust", &format!("... {rest}"));
    }
    note(text, "note", found.rule.why);
    for said in decisions(found) {
        note(text, "policy", &said);
    }
}

/// The line that a caller has to change, before and after.
fn caller(text: &mut String, change: &RustChange) {
    let Some(caller) = &change.caller else {
        return;
    };
    for line in caller.before.lines() {
        let _ = writeln!(text, "     {RED}-{RED:#} {}", printable(line));
    }
    for line in caller.after.iter().flat_map(|after| after.lines()) {
        let _ = writeln!(text, "     {GREEN}+{GREEN:#} {}", printable(line));
    }
}

/// A line for each rule.
fn folded(text: &mut String, shown: &Shown<'_>, impact: Impact, style: Style) {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let all = shown.of(impact);
    for found in &all {
        by_rule.entry(found.rule.id).or_default().push(found);
    }
    if all.is_empty() {
        return;
    }
    let title = match impact {
        Impact::Breaking => "Breaking",
        Impact::Notable => "Notable",
        Impact::Compatible => "Compatible",
    };
    text.push('\n');
    status(text, style, title, &count(all.len(), "change"));
    for (id, found) in by_rule {
        let some = found.iter().take(MOST_IN_LINE);
        let some: Vec<_> = some.map(|found| shown.place_of(found)).collect();
        let at = listed(&some, found.len());
        let said = match &found[..] {
            [only] => format!("{id}: {}", only.message),
            _ => id.to_owned(),
        };
        let _ = writeln!(text, "{:>12} {said} {BLUE}-->{BLUE:#} {at}", found.len());
        let decided: BTreeSet<_> = found.iter().flat_map(|found| decisions(found)).collect();
        for said in decided {
            let _ = writeln!(text, "{:>12} {said}", "=");
        }
    }
}

/// How many changes the client has, by their levels.
fn in_rust(text: &mut String, shown: &Shown<'_>) {
    if let Some(said) = shown.without_rust() {
        text.push('\n');
        status(text, YELLOW, "Warned", &said);
    }
    let Some(rust) = &shown.reviewed.review.rust else {
        return;
    };
    if shown.changes.is_empty() {
        return;
    }
    let counts = rust.counts;
    let rest = format!(
        "{} major, {} minor, {} patch changes of the client",
        counts.major, counts.minor, counts.patch
    );
    text.push('\n');
    status(text, BOLD, "Rust", &rest);
    let minor = shown
        .changes
        .iter()
        .filter(|c| c.rule.level == Level::Minor);
    for change in minor.take(MOST_IN_LINE) {
        let _ = writeln!(text, "{:>12} {}", "", change.message);
    }
    if let Some(rest) = left_out(counts.minor, MOST_IN_LINE, "minor change") {
        let _ = writeln!(text, "{:>12} ... {rest}", "");
    }
}

/// What a policy accepts, each with its reason.
fn accepted(text: &mut String, shown: &Shown<'_>) {
    let all = shown.accepted();
    if all.is_empty() {
        return;
    }
    text.push('\n');
    status(text, BOLD, "Accepted", &count(all.len(), "change"));
    for found in all.iter().take(MOST) {
        let (severity, id, message) = (word(found.severity), found.rule.id, &found.message);
        let at = shown.place_of(found);
        let _ = writeln!(
            text,
            "{:>12} {severity}[{id}]: {message} {BLUE}-->{BLUE:#} {at} ({})",
            "", found.fingerprint
        );
        for said in decisions(found) {
            let _ = writeln!(text, "{:>12} {said}", "=");
        }
    }
    more(text, all.len(), MOST, "accepted change");
}
