//! A review as one page that stands alone: nothing is loaded, nothing runs.
//!
//! Text goes into the page through templates that escape it. Characters that would turn the direction of
//! writing, or cannot be seen, are made visible before.

mod change;

use std::collections::BTreeMap;

use agen_codegen::{
    printable,
    review::{Finding, Impact},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{Shown, Side, excerpt::Excerpts, left_out, versions, word};
use crate::commands::review::Reviewed;
use crate::format::row::complaints;
use crate::report::count;
use change::{anchor, message};

const STYLE: &str = include_str!("style.css");

/// How many breaking changes are shown, of each kind.
const MOST_BREAKING: usize = 200;
/// How many of the others are, of each severity.
const MOST_OTHERS: usize = 100;
/// How many operations are listed, how many changes for each, and how many complaints.
const MOST_OPERATIONS: usize = 200;
const MOST_IN_ROW: usize = 5;
const MOST_COMPLAINTS: usize = 50;
/// How many lines of an entry for the changelog are.
const MOST_ENTRY: usize = 200;

pub(crate) fn format(reviewed: &Reviewed) -> String {
    let shown = Shown::new(reviewed);
    let (tone, title) = match &shown {
        Some(shown) => heading(shown),
        None => ("notable", "Cannot be reviewed".to_owned()),
    };
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { "API review: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the changes" }
                header {
                    div class={"verdict " (tone)} {
                        p.over { "API review of " code { (reviewed.head.file.name) } " against " code { (reviewed.base.file.name) } }
                        h1 { (title) }
                        @if let Some(shown) = &shown { (summary(shown)) }
                    }
                }
                main #content tabindex="-1" {
                    (said(reviewed))
                    @if let Some(shown) = &shown { (changes(shown)) }
                }
                footer { p { "Made by " code { "cargo xtask review" } ". Lines and columns count from 1." } }
            }
        }
    };
    format!("{}\n", page.into_string())
}

/// The class of the verdict, and its words.
fn heading(shown: &Shown<'_>) -> (&'static str, String) {
    let verdict = shown.verdict(str::to_owned);
    (word(verdict.tone), verdict.title())
}

/// The numbers, each with a way to what it counts.
fn summary(shown: &Shown<'_>) -> Markup {
    let counts = shown.counts;
    let chip = |class: &str, number: usize| {
        html! {
            li class=(class) {
                @if number > 0 {
                    a href={"#" (class)} { b { (number) } " " (class) }
                } @else {
                    span { b { "0" } " " (class) }
                }
            }
        }
    };
    let verdict = shown.verdict(|name| format!("`{name}`"));
    let rust = shown.reviewed.review.rust.as_ref();
    let rust = rust.map(|rust| rust.counts).unwrap_or_default();
    html! {
        @if verdict.what.is_empty() {
            p { (message(&verdict.said)) "." }
        } @else {
            ul.chips {
                (chip("breaking", counts.breaking))
                (chip("notable", counts.notable))
                (chip("compatible", counts.compatible))
                @if counts.accepted > 0 { (chip("accepted", counts.accepted)) }
                @if rust.major > 0 {
                    li.breaking { a href="#rust" { b { (rust.major) } " breaking in Rust" } }
                } @else if !shown.changes.is_empty() {
                    li.compatible { a href="#rust" { b { (shown.changes.len()) } " in Rust" } }
                }
            }
        }
        @if let Some(said) = shown.without_rust() { p { (message(&said)) "." } }
        @for (fits, said) in versions::sentences(&shown.reviewed.versions) {
            p class=(version_class(fits)) { (message(&said)) "." }
        }
    }
}

/// How a sentence on a version looks.
fn version_class(fits: Option<bool>) -> &'static str {
    match fits {
        Some(true) => "version compatible",
        Some(false) => "version notable",
        None => "version",
    }
}

/// What is wrong with the documents and the policy.
fn said(reviewed: &Reviewed) -> Markup {
    let documents = [&reviewed.base, &reviewed.head].into_iter();
    let rows = complaints(documents.chain(&reviewed.policy));
    html! {
        @if !rows.is_empty() {
            h2 #complaints { "Documents and policy" small { (count(rows.len(), "complaint")) } }
            @for row in rows.iter().take(MOST_COMPLAINTS) {
                div.complaint {
                    p { (message(&row.message)) }
                    p.more {
                        code { (row.at.file) ":" (row.at.start.line) ":" (row.at.start.column) } " · "
                        @if let Some(help) = &row.help { (message(help)) }
                    }
                }
            }
            (rest(rows.len(), MOST_COMPLAINTS, "complaint"))
        }
    }
}

fn rest(all: usize, most: usize, noun: &str) -> Markup {
    html! {
        @if let Some(rest) = left_out(all, most, noun) { p.more { (rest) "." } }
    }
}

fn changes(shown: &Shown<'_>) -> Markup {
    let excerpts = Excerpts::new(shown);
    let all_alone = shown.in_rust_alone();
    let alone = all_alone.get(..MOST_BREAKING).unwrap_or(&all_alone);
    let section = |class: &str, title: &str, found: &[&Finding], all: usize, most: usize| {
        html! {
            @if !found.is_empty() {
                section class=(class) aria-labelledby=(class) {
                    h2 #(class) { (title) small { (count(all, "change")) } }
                    @for found in found.iter().take(most) {
                        (change::finding(shown, &excerpts, alone, found))
                    }
                    (rest(all, most.min(found.len()), "change"))
                }
            }
        }
    };
    let counts = shown.counts;
    let [breaking, notable, compatible] =
        [Impact::Breaking, Impact::Notable, Impact::Compatible].map(|impact| shown.of(impact));
    let accepted = shown.accepted();
    let others = [&notable, &compatible, &accepted].map(|all| all.iter().take(MOST_OTHERS));
    let listed = breaking.iter().take(MOST_BREAKING);
    let listed: Vec<_> = listed
        .chain(others.into_iter().flatten())
        .copied()
        .collect();
    html! {
        (operations(shown))
        (section("breaking", "Breaks callers", &breaking, counts.breaking, MOST_BREAKING))
        (change::alone(shown, alone, all_alone.len()))
        (section("notable", "May break callers", &notable, counts.notable, MOST_OTHERS))
        (section("compatible", "Compatible on the wire", &compatible, counts.compatible, MOST_OTHERS))
        (section("accepted", "Accepted", &accepted, counts.accepted, MOST_OTHERS))
        (change::rust(shown, MOST_OTHERS, alone, &listed))
        @if let Some(entry) = &shown.reviewed.versions.entry {
            section aria-labelledby="changelog" {
                h2 #changelog { "For the changelog" }
                figure { pre.plain tabindex="0" role="region" aria-label="For the changelog" {
                    @for line in entry.lines().take(MOST_ENTRY) { span { (printable(line)) } }
                } }
                (rest(entry.lines().count(), MOST_ENTRY, "line"))
            }
        }
    }
}

/// The operations that something has changed for, those with the gravest changes first.
fn operations(shown: &Shown<'_>) -> Markup {
    let mut table: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for found in shown.findings {
        for operation in &found.operations {
            table.entry(operation).or_default().push(found);
        }
    }
    let mut rows: Vec<_> = table.into_iter().collect();
    let weight = |found: &[&Finding]| {
        let counted = found.iter().filter(|found| found.accepted.is_none());
        counted.map(|found| found.severity).max()
    };
    rows.sort_by(|(one, a), (other, b)| (weight(b), one).cmp(&(weight(a), other)));
    let cut = |found: &Finding| found.operation_count > found.operations.len();
    let is_cut = shown.findings.iter().any(cut);
    html! {
        @if !rows.is_empty() {
            h2 #operations { "Operations" small { (count(rows.len(), "operation")) } }
            div.table {
                table {
                    thead { tr { th scope="col" { "Operation" } th scope="col" { "Weight" } th scope="col" { "What changed" } } }
                    tbody {
                        @for (operation, found) in rows.iter().take(MOST_OPERATIONS) {
                            tr {
                                th scope="row" { code { (operation) } }
                                td { (tags(shown, found)) }
                                td { ul {
                                    @for found in found.iter().take(MOST_IN_ROW) {
                                        li { a href={"#" (anchor(found))} { (message(&found.message)) } }
                                    }
                                    @if let Some(rest) = left_out(found.len(), MOST_IN_ROW, "change") {
                                        li.more { (rest) }
                                    }
                                } }
                            }
                        }
                    }
                }
            }
            (rest(rows.len(), MOST_OPERATIONS, "operation"))
            @if is_cut {
                p.more { "A change that concerns many operations is listed with the first of them; its own entry has their number." }
            }
        }
    }
}

/// How many changes an operation has of each kind.
fn tags(shown: &Shown<'_>, found: &[&Finding]) -> Markup {
    let mut numbers = [
        ("breaking", 0),
        ("notable", 0),
        ("compatible", 0),
        ("accepted", 0),
    ];
    for found in found {
        let kind = found
            .accepted
            .as_ref()
            .map_or(word(found.severity), |_| "accepted");
        for (name, number) in &mut numbers {
            *number += usize::from(*name == kind);
        }
    }
    let in_rust = found
        .iter()
        .map(|found| shown.breaking_in_rust(found).len());
    let in_rust: usize = in_rust.sum();
    html! {
        @for (name, number) in numbers {
            @if number > 0 { span class={"tag " (name)} { (number) " " (name) } " " }
        }
        @if in_rust > 0 { span.tag.breaking { (in_rust) " in Rust" } }
    }
}

/// How the page calls a side.
fn title(side: Side) -> &'static str {
    match side {
        Side::Base => "Before",
        Side::Head => "After",
    }
}
