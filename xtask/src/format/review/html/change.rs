//! One change on the page: what it is, both versions of the document, and both of the client.

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
    let mut rest = &*text;
    let mut parts = Vec::new();
    while let Some((before, after)) = rest.split_once('`') {
        let Some((quoted, after)) = after.split_once('`') else {
            break;
        };
        parts.push((before, quoted));
        rest = after;
    }
    html! {
        @for (before, quoted) in parts { (before) code { (quoted) } }
        (rest)
    }
}

pub(super) fn finding(shown: &Shown<'_>, excerpts: &Excerpts<'_>, found: &Finding) -> Markup {
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
                @for change in changes.iter().take(MOST) { (of_client(change)) }
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
    let tone = match change.rule.level {
        Level::Major => "breaking",
        Level::Minor | Level::Patch => "compatible",
    };
    let caller = change.caller.as_ref();
    let before = [
        change.before.as_deref(),
        caller.map(|caller| &*caller.before),
    ];
    let after = caller.and_then(|caller| caller.after.as_deref());
    html! {
        p.client {
            span class={"tag " (tone)} { "Rust, " (level(change.rule.level)) } " "
            (message(&change.message))
        }
        div.sides {
            (rust_block(title(Side::Base), before, "gone"))
            (rust_block(title(Side::Head), [change.after.as_deref(), after], "new"))
        }
    }
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

/// What breaks callers in Rust, and nothing on the wire.
pub(super) fn alone(shown: &Shown<'_>, most: usize) -> Markup {
    let all = shown.in_rust_alone();
    html! {
        @if !all.is_empty() {
            section.breaking aria-labelledby="rust-alone" {
                h2 #rust-alone { "Breaks callers in Rust alone" }
                @for change in all.iter().take(most) { (entry(shown, change, true)) }
                (rest(all.len(), most, "change of the client"))
            }
        }
    }
}

/// All changes of the client.
pub(super) fn rust(shown: &Shown<'_>, most: usize) -> Markup {
    html! {
        @if !shown.changes.is_empty() {
            section aria-labelledby="rust" {
                h2 #rust { "The client in Rust" small { (crate::report::count(shown.changes.len(), "change")) } }
                @for change in shown.changes.iter().take(most) { (entry(shown, change, false)) }
                (rest(shown.changes.len(), most, "change of the client"))
            }
        }
    }
}

fn entry(shown: &Shown<'_>, change: &RustChange, is_open: bool) -> Markup {
    let at = shown.place(change.base.as_ref(), change.head.as_ref());
    html! {
        details.change open[is_open] {
            summary {
                h3 { (message(&change.message)) }
                span.where { (at) " · " (change.rule.id) " · " (level(change.rule.level)) }
            }
            div.body { (of_client(change)) dl.facts { dt { "Why" } dd { (change.rule.why) } } }
        }
    }
}
