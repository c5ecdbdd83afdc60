//! One change on the page: what it is, both versions of the document, and both of the client.

use std::collections::HashSet;

use agen_codegen::{
    printable,
    review::{
        Finding, Impact,
        rust::{Level, RustChange},
    },
};
use maud::{Markup, html};

use super::super::{
    Shown, Side, decisions,
    excerpt::{Excerpts, Line},
    left_out, level, word,
};
use super::{rest, title};
use crate::format::markdown::quoted;

/// How many operations one change names, and how many changes of the client it shows.
const MOST: usize = 10;
/// How many lines of Rust are shown, and how many characters of each.
const MOST_LINES: usize = 40;
const WIDTH: usize = 240;

/// The id of a finding on the page.
pub(super) fn anchor(found: &Finding) -> String {
    format!("change-{}", found.fingerprint)
}

/// A message, with what stands in backticks as code.
pub(super) fn message(text: &str) -> Markup {
    let text = printable(text);
    let (parts, rest) = quoted(&text);
    html! {
        @for (before, inner) in parts { (before) code { (inner) } }
        (rest)
    }
}

/// A change on the wire with those of the client that come from it, unless they stand among those `alone`.
pub(super) fn finding(
    shown: &Shown<'_>,
    excerpts: &Excerpts<'_>,
    alone: &[&RustChange],
    found: &Finding,
) -> Markup {
    let is_open = found.severity == Impact::Breaking && found.accepted.is_none();
    let operations = found.operations.iter().take(MOST);
    let changes = shown.in_rust(found);
    html! {
        details.change open[is_open] {
            summary {
                h3 { (message(&found.message)) }
                span.where { (shown.place_of(found)) " · " (found.rule.id) }
            }
            // A link to what is inside opens it.
            div.body #(anchor(found)) {
                dl.facts {
                    dt { "Why" } dd { (found.rule.why) }
                    @if found.operation_count > 0 {
                        dt { "In" }
                        dd {
                            @for (index, operation) in operations.enumerate() {
                                @if index > 0 { ", " }
                                code { (operation) }
                            }
                            @if found.operation_count > MOST { " and " (found.operation_count - MOST) " more" }
                        }
                    }
                    dt { "Rule" } dd { code { (found.rule.id) } " " span class={"tag " (word(found.severity))} { (word(found.severity)) } }
                    @for said in decisions(found) { dt { "Policy" } dd { (message(&said)) } }
                    dt { "Fingerprint" } dd { code { (found.fingerprint) } }
                }
                (sides(shown, excerpts, found))
                @for change in changes.iter().take(MOST) {
                    @if let Some(at) = position(alone, change) {
                        p.client { (in_short(change)) " " a href={"#rust-" (at)} { (message(&change.message)) } }
                    } @else {
                        (of_client(change))
                    }
                }
                (rest(changes.len(), MOST, "change of the client"))
            }
        }
    }
}

/// Both versions of the document around a finding.
fn sides(shown: &Shown<'_>, excerpts: &Excerpts<'_>, found: &Finding) -> Markup {
    let [base, head] = excerpts.of(shown, found);
    let place = |side: Side, span: Option<usize>| {
        let name = &shown.side(side).file.name;
        match span {
            Some(byte) => format!("{name}:{}", shown.position(side, byte).line),
            None => name.clone(),
        }
    };
    let [old, new] = [&found.base, &found.head];
    let [old, new] = [old, new].map(|place| place.as_ref().map(|place| place.span.start));
    html! {
        div.sides {
            (code_block(title(Side::Base), &place(Side::Base, old), &base, ("gone", "−"), "Nothing stands there."))
            (code_block(title(Side::Head), &place(Side::Head, new), &head, ("new", "+"), "Nothing stands there."))
        }
    }
}

fn code_block(
    side: &str,
    place: &str,
    lines: &[Line],
    (class, sign): (&str, &str),
    nothing: &str,
) -> Markup {
    html! {
        figure {
            figcaption { (side) ", " (place) }
            @if lines.is_empty() {
                p { (nothing) }
            } @else {
                pre tabindex="0" role="region" aria-label={ (side) ", " (place) } {
                    @for line in lines {
                        span class=[line.is_changed.then_some(class)] {
                            i { (line.number) } b { @if line.is_changed { (sign) } } (line.text)
                        }
                    }
                }
            }
        }
    }
}

/// A change of the client with both declarations, and the line of a caller.
fn of_client(change: &RustChange) -> Markup {
    let caller = change.caller.as_ref();
    let before = [
        change.before.as_deref(),
        caller.map(|caller| &*caller.before),
    ];
    let after = caller.and_then(|caller| caller.after.as_deref());
    html! {
        p.client {
            (in_short(change)) " " (message(&change.message))
        }
        div.sides {
            (rust_block(title(Side::Base), before, "gone"))
            (rust_block(title(Side::Head), [change.after.as_deref(), after], "new"))
        }
    }
}

/// What a change of the client weighs.
fn in_short(change: &RustChange) -> Markup {
    let tone = match change.rule.level {
        Level::Major => "breaking",
        Level::Minor | Level::Patch => "compatible",
    };
    html! { span class={"tag " (tone)} { "Rust, " (level(change.rule.level)) } }
}

fn position(all: &[&RustChange], change: &RustChange) -> Option<usize> {
    all.iter().position(|other| std::ptr::eq(*other, change))
}

/// A declaration of the client, and a line of a caller.
fn rust_block(title: &str, texts: [Option<&str>; 2], class: &str) -> Markup {
    let line = |line: &str| printable(&line.chars().take(WIDTH).collect::<String>());
    html! {
        figure {
            figcaption { (title) }
            @if texts.iter().all(Option::is_none) {
                p { "Nothing stands there." }
            } @else {
                pre.plain tabindex="0" role="region" aria-label={ (title) ", Rust" } {
                    @for (text, name) in texts.into_iter().zip(["// the client", "// a caller"]) {
                        @if let Some(text) = text {
                            span.soft { (name) }
                            @for text in text.lines().take(MOST_LINES) { span class=(class) { (line(text)) } }
                            @if let Some(rest) = left_out(text.lines().count(), MOST_LINES, "line") { span.soft { "// " (rest) } }
                        }
                    }
                }
            }
        }
    }
}

/// What breaks callers in Rust, and nothing on the wire: the first of `all`.
pub(super) fn alone(shown: &Shown<'_>, some: &[&RustChange], all: usize) -> Markup {
    html! {
        @if !some.is_empty() {
            section.breaking aria-labelledby="rust-alone" {
                h2 #rust-alone { "Breaks callers in Rust alone" }
                @for (at, change) in some.iter().enumerate() {
                    (entry(shown, change, Some(&format!("rust-{at}"))))
                }
                (rest(all, some.len(), "change of the client"))
            }
        }
    }
}

/// The changes of the client that stand nowhere else on the page.
pub(super) fn rust(
    shown: &Shown<'_>,
    most: usize,
    alone: &[&RustChange],
    found: &[&Finding],
) -> Markup {
    let beside = found
        .iter()
        .flat_map(|found| shown.in_rust(found).iter().take(MOST));
    let beside: HashSet<*const RustChange> = beside
        .chain(alone)
        .map(|change| std::ptr::from_ref(*change))
        .collect();
    let changes = shown.changes.iter();
    let others: Vec<_> = changes
        .filter(|change| !beside.contains(&std::ptr::from_ref(*change)))
        .collect();
    let elsewhere = shown.changes.len() - others.len();
    html! {
        @if !shown.changes.is_empty() {
            section aria-labelledby="rust" {
                h2 #rust { "The client in Rust" small { (crate::report::count(shown.changes.len(), "change")) } }
                @if elsewhere > 0 {
                    p.more { (elsewhere) " above, with what in the document they come from, or as what breaks callers in Rust alone." }
                }
                @for change in others.iter().take(most) { (entry(shown, change, None)) }
                (rest(others.len(), most, "change of the client"))
            }
        }
    }
}

/// A change of the client by itself; one with an id can be referred to, and is open.
fn entry(shown: &Shown<'_>, change: &RustChange, id: Option<&str>) -> Markup {
    let at = shown.place(change.base.as_ref(), change.head.as_ref());
    html! {
        details.change open[id.is_some()] {
            summary {
                h3 { (message(&change.message)) }
                span.where { (at) " · " (change.rule.id) " · " (level(change.rule.level)) }
            }
            div.body id=[id] { (of_client(change)) dl.facts { dt { "Why" } dd { (change.rule.why) } } }
        }
    }
}
