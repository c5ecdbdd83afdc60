//! A review as results for code scanning and for GitHub.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use agen_codegen::{
    Position, printable,
    review::{
        self, Finding, Impact,
        rust::{self, RustChange},
    },
};

use super::{Shown, Side, decisions, versions};
use crate::commands::review::Reviewed;
use crate::format::row::{At, Described, Level, Row, complaints};

/// The rules that rows name.
pub(crate) fn rules(rows: &[Row]) -> Vec<Described> {
    let used: BTreeSet<_> = rows.iter().map(|row| row.rule).collect();
    let wire = review::rules().map(|rule| Described {
        id: rule.id,
        level: of_impact(rule.severity),
        summary: rule.summary,
        why: rule.why,
    });
    let rust = rust::rules().map(|rule| Described {
        id: rule.id,
        level: of_level(rule.level),
        summary: rule.summary,
        why: rule.why,
    });
    let policy = review::POLICY_RULES.into_iter().map(Described::from);
    let version = std::iter::once(Described { ..VERSION });
    let all = wire.chain(rust).chain(policy).chain(version);
    let all = all.chain(agen_codegen::rules().map(Described::from));
    all.filter(|rule| used.contains(rule.id)).collect()
}

/// What there is to say: of the documents and the policy, of the wire, and of the client. All places are in
/// the head, whose lines are those that a pull request shows.
pub(crate) fn rows(reviewed: &Reviewed) -> Vec<Row> {
    let documents = [Some(&reviewed.head), reviewed.policy.as_ref()];
    let mut rows = complaints(documents.into_iter().flatten());
    let Some(shown) = Shown::new(reviewed) else {
        return rows;
    };
    let findings = shown.findings.iter();
    rows.extend(findings.map(|found| of_finding(&shown, found)));
    let changes = shown.changes.iter();
    let changes = changes.filter(|change| change.rule.level > rust::Level::Patch);
    rows.extend(changes.map(|change| of_change(&shown, change)));
    if reviewed.lacks_version() {
        rows.extend(of_version(reviewed));
    }
    // Of many, the gravest are shown.
    rows.sort_by_key(|row| (row.accepted.is_some(), Reverse(row.level)));
    rows
}

/// What GitHub is to show beside the lines of a pull request: what breaks callers or may, and complaints.
pub(crate) fn beside_lines(reviewed: &Reviewed) -> Vec<Row> {
    let mut rows = rows(reviewed);
    rows.retain(|row| row.level > Level::Note && row.accepted.is_none());
    rows
}

/// How much a difference weighs for who calls the API.
pub(in crate::format) fn of_impact(impact: Impact) -> Level {
    match impact {
        Impact::Breaking => Level::Error,
        Impact::Notable => Level::Warning,
        Impact::Compatible => Level::Note,
    }
}

fn of_level(level: rust::Level) -> Level {
    match level {
        rust::Level::Major => Level::Error,
        rust::Level::Minor | rust::Level::Patch => Level::Note,
    }
}

fn of_finding(shown: &Shown<'_>, found: &Finding) -> Row {
    let mut help = None;
    if found.head.is_none() {
        help = Some(format!("it was at {}", shown.place_of(found)));
    }
    let (accepted, weighed): (Vec<_>, Vec<_>) = decisions(found)
        .into_iter()
        .partition(|_| found.accepted.is_some());
    let why = [found.rule.why.to_owned()].into_iter().chain(weighed);
    Row {
        rule: found.rule.id,
        level: of_impact(found.severity),
        message: found.message.clone(),
        why: why.collect::<Vec<_>>().join("; "),
        help,
        at: at(shown, found.near.clone()),
        related: Vec::new(),
        fingerprint: Some(found.fingerprint.clone()),
        accepted: (!accepted.is_empty()).then(|| accepted.join("; ")),
    }
}

fn of_change(shown: &Shown<'_>, change: &RustChange) -> Row {
    let cause = change.cause.and_then(|cause| shown.findings.get(cause));
    let head = change.head.as_ref().map(|place| place.span.clone());
    let span = head.or_else(|| Some(cause?.near.clone()));
    let caller = change.caller.as_ref();
    Row {
        rule: change.rule.id,
        level: of_level(change.rule.level),
        message: change.message.clone(),
        why: change.rule.why.to_owned(),
        help: caller.map(|caller| {
            let before = &caller.before;
            match &caller.after {
                Some(after) => format!("write `{after}` instead of `{before}`"),
                None => format!("remove `{before}`"),
            }
        }),
        at: at(shown, span.unwrap_or(0..0)),
        related: Vec::new(),
        fingerprint: Some(printable(&format!("{} {}", change.rule.id, change.item))),
        accepted: None,
    }
}

/// The rule of a version that does not fit the changes of the client.
static VERSION: Described = Described {
    id: "version-too-low",
    level: Level::Warning,
    summary: "the client has changed more than its version says",
    why: "who depends on it takes the new one for compatible",
};

/// A version that has to be raised, where it stands.
fn of_version(reviewed: &Reviewed) -> Option<Row> {
    let (_, message) = versions::sentences(&reviewed.versions).into_iter().next()?;
    let start = Position { line: 1, column: 1 };
    let is_break = reviewed.gravest() == Some(Impact::Breaking);
    Some(Row {
        rule: VERSION.id,
        level: if is_break {
            Level::Error
        } else {
            VERSION.level
        },
        message,
        why: VERSION.why.to_owned(),
        help: None,
        at: At {
            file: "Cargo.toml".to_owned(),
            start,
            end: start,
        },
        related: Vec::new(),
        fingerprint: Some(VERSION.id.to_owned()),
        accepted: None,
    })
}

/// A place in the head.
fn at(shown: &Shown<'_>, span: std::ops::Range<usize>) -> At {
    let start = shown.position(Side::Head, span.start);
    let end = shown.position(Side::Head, span.end);
    // An object that stands under no key is long; its first line is the place.
    let end = if end.line > start.line {
        Position {
            column: start.column + 1,
            ..start
        }
    } else {
        end
    };
    At {
        file: shown.side(Side::Head).file.in_repository(),
        start,
        end,
    }
}
