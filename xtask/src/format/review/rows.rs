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

use super::{
    Shown, Side, decisions,
    versions::{self, CLIENT, DOCUMENT},
};
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
    marked(reviewed).into_iter().map(|(row, _)| row).collect()
}

/// The same, each with whether the change itself has decided what it weighs.
fn marked(reviewed: &Reviewed) -> Vec<(Row, bool)> {
    let documents = [Some(&reviewed.head), reviewed.policy.as_ref()];
    let plain = |row: Row| (row, false);
    let complaints = complaints(documents.into_iter().flatten());
    let mut rows: Vec<_> = complaints.into_iter().map(plain).collect();
    let Some(shown) = Shown::new(reviewed) else {
        return rows;
    };
    let findings = shown.findings.iter();
    rows.extend(findings.map(|found| {
        let accepted = found.accepted.as_ref().map(|(decision, _)| decision);
        let mut decisions = accepted.into_iter().chain(&found.weighed);
        let is_new = decisions.any(|decision| decision.is_new);
        (of_finding(&shown, found), is_new)
    }));
    let changes = shown.changes.iter();
    let changes = changes.filter(|change| change.rule.level > rust::Level::Patch);
    let mut seen = BTreeSet::new();
    rows.extend(changes.map(|change| {
        let mut row = of_change(&shown, change);
        // Several arguments of one method are told apart by what is said of them.
        if !seen.insert((change.rule.id, &change.item)) {
            row.fingerprint = row
                .fingerprint
                .map(|it| format!("{it} {}", printable(&row.message)));
        }
        plain(row)
    }));
    rows.extend(of_versions(&shown).into_iter().map(plain));
    // Of many, the gravest are shown.
    rows.sort_by_key(|(row, _)| (row.accepted.is_some(), Reverse(row.level)));
    rows
}

/// What GitHub is to show beside the lines of a pull request: what breaks callers or may, complaints, and what
/// the pull request itself has decided to be less.
pub(crate) fn beside_lines(reviewed: &Reviewed) -> Vec<Row> {
    let rows = marked(reviewed).into_iter();
    let rows = rows.filter_map(|(mut row, is_new)| {
        let is_accepted = row.accepted.is_some();
        if is_accepted {
            row.level = Level::Note;
        }
        (is_new || row.level > Level::Note).then_some(row)
    });
    rows.collect()
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

/// The rule of a version that does not fit the changes.
static VERSION: Described = Described {
    id: "version-too-low",
    level: Level::Warning,
    summary: "the client or the document has changed more than its version says",
    why: "who depends on it takes the new one for compatible",
};

/// The versions that have to be raised, where they stand: that of the client in the manifest, and that of the
/// document in its head.
fn of_versions(shown: &Shown<'_>) -> Vec<Row> {
    let start = Position { line: 1, column: 1 };
    let versions = &shown.reviewed.versions;
    let (file, place) = (versions.client.at.clone()).unwrap_or(("Cargo.toml", start..start));
    let manifest = At {
        file: file.to_owned(),
        start: place.start,
        end: place.end,
    };
    let info = shown.reviewed.review.version_at.clone();
    let bumps = [
        (CLIENT, &versions.client, manifest),
        (
            DOCUMENT,
            &versions.document,
            at(shown, info.unwrap_or(0..0)),
        ),
    ];
    let lacking = bumps
        .into_iter()
        .filter(|(_, bump, _)| bump.fits == Some(false));
    let rows = lacking.filter_map(|(name, bump, at)| {
        Some(Row {
            rule: VERSION.id,
            level: if bump.needed == Some(rust::Level::Major) {
                Level::Error
            } else {
                VERSION.level
            },
            message: versions::sentence(name, bump)?,
            why: VERSION.why.to_owned(),
            help: None,
            at,
            related: Vec::new(),
            fingerprint: Some(format!("{} {name}", VERSION.id)),
            accepted: None,
        })
    });
    rows.collect()
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
