//! The formats of a review, and what they have in common.

mod excerpt;
pub(crate) mod html;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod rows;
mod versions;

use std::collections::HashMap;

use agen_codegen::{
    Lines, Position,
    review::{
        Counts, Finding, Impact, Place, Wire,
        rust::{Level, RustChange},
    },
};

use crate::commands::lint::Linted;
use crate::commands::review::Reviewed;
use crate::report::count;

/// A review with what the formats need to show it.
pub(super) struct Shown<'a> {
    pub(super) reviewed: &'a Reviewed,
    pub(super) findings: &'a [Finding],
    pub(super) counts: Counts,
    pub(super) changes: &'a [RustChange],
    /// The changes of the client, by the fingerprints of the findings that they come from.
    caused: HashMap<&'a str, Vec<&'a RustChange>>,
    base: Lines<'a>,
    head: Lines<'a>,
}

/// What is said of a change before anything else.
pub(super) struct Verdict {
    /// How it looks: as something that breaks, that has to be looked at, or that needs nothing.
    pub(super) tone: Impact,
    /// One or two words.
    pub(super) word: &'static str,
    /// The words that follow, if any.
    pub(super) what: &'static str,
    /// How much has changed from where to where.
    pub(super) said: String,
}

impl<'a> Shown<'a> {
    /// Nothing where the sides could not be compared.
    pub(super) fn new(reviewed: &'a Reviewed) -> Option<Self> {
        let Wire { findings, counts } = reviewed.review.wire.as_ref()?;
        let rust = reviewed.review.rust.as_ref();
        let mut caused: HashMap<&str, Vec<&RustChange>> = HashMap::new();
        for change in rust.iter().flat_map(|rust| &rust.changes) {
            if let Some(cause) = change.cause.and_then(|at| findings.get(at)) {
                caused.entry(&cause.fingerprint).or_default().push(change);
            }
        }
        Some(Self {
            caused,
            reviewed,
            findings,
            counts: *counts,
            changes: rust.map_or(&[], |rust| &rust.changes),
            base: Lines::new(&reviewed.base.text),
            head: Lines::new(&reviewed.head.text),
        })
    }

    /// The findings of a severity that count.
    pub(super) fn of(&self, impact: Impact) -> Vec<&'a Finding> {
        let all = self.findings.iter();
        all.filter(|found| found.severity == impact && found.accepted.is_none())
            .collect()
    }

    /// The findings that a policy accepts.
    pub(super) fn accepted(&self) -> Vec<&'a Finding> {
        let all = self.findings.iter();
        all.filter(|found| found.accepted.is_some()).collect()
    }

    /// The changes of the client that come from a finding, the gravest first.
    pub(super) fn in_rust(&self, found: &Finding) -> &[&'a RustChange] {
        self.caused
            .get(&*found.fingerprint)
            .map_or(&[], Vec::as_slice)
    }

    /// Those of them that break callers.
    pub(super) fn breaking_in_rust(&self, found: &Finding) -> Vec<&'a RustChange> {
        let changes = self.in_rust(found).iter().copied();
        changes
            .filter(|change| change.rule.level == Level::Major)
            .collect()
    }

    /// Why the clients are not compared, where they are not.
    pub(super) fn without_rust(&self) -> Option<String> {
        let review = &self.reviewed.review;
        if review.rust.is_some() {
            return None;
        }
        let sides = [
            (Side::Base, &review.base_client),
            (Side::Head, &review.head_client),
        ];
        let named = sides.iter().filter(|(_, wrong)| !wrong.is_empty());
        let named: Vec<_> = named
            .map(|(side, wrong)| {
                let (name, found) = (&self.side(*side).file.name, wrong.first());
                let first = found.map(|found| &*found.message).unwrap_or_default();
                format!("{name}: {first}")
            })
            .collect();
        let named = named.join("; ");
        Some(format!(
            "Rust is not compared, since no client can be made: {named}"
        ))
    }

    /// The changes of the client that break callers, and come from nothing that breaks them on the wire, or
    /// from what is accepted there: that does not keep callers compiling.
    pub(super) fn in_rust_alone(&self) -> Vec<&'a RustChange> {
        let counts = |change: &&RustChange| {
            let cause = change.cause.and_then(|at| self.findings.get(at));
            let is_shown =
                |found: &Finding| found.severity == Impact::Breaking && found.accepted.is_none();
            change.rule.level == Level::Major && !cause.is_some_and(is_shown)
        };
        self.changes.iter().filter(counts).collect()
    }

    /// `file:line:column` in the version where the thing stands.
    pub(super) fn place(&self, base: Option<&Place>, head: Option<&Place>) -> String {
        let (side, place) = match (head, base) {
            (Some(place), _) => (&self.reviewed.head, place),
            (None, Some(place)) => (&self.reviewed.base, place),
            (None, None) => return self.reviewed.head.file.name.clone(),
        };
        let at = if head.is_some() {
            self.head.position(place.span.start)
        } else {
            self.base.position(place.span.start)
        };
        format!("{}:{}:{}", side.file.name, at.line, at.column)
    }

    /// The place of a finding.
    pub(super) fn place_of(&self, found: &Finding) -> String {
        self.place(found.base.as_ref(), found.head.as_ref())
    }

    /// Where a byte of a side is.
    pub(super) fn position(&self, side: Side, byte: usize) -> Position {
        match side {
            Side::Base => self.base.position(byte),
            Side::Head => self.head.position(byte),
        }
    }

    pub(super) fn side(&self, side: Side) -> &'a Linted {
        match side {
            Side::Base => &self.reviewed.base,
            Side::Head => &self.reviewed.head,
        }
    }

    /// The verdict, with the names of the sides as a format writes names.
    pub(super) fn verdict(&self, name: impl Fn(&str) -> String) -> Verdict {
        let [base, head] = [Side::Base, Side::Head].map(|side| name(&self.side(side).file.name));
        let gravest = self.reviewed.gravest();
        let counts = self.counts;
        let (tone, word, what) = match gravest {
            Some(Impact::Breaking) => (Impact::Breaking, "Breaks", "callers"),
            Some(Impact::Notable) => (Impact::Notable, "May break", "callers"),
            // A client that cannot be made may break whoever uses it.
            _ if self.reviewed.review.rust.is_none() => {
                (Impact::Notable, "Not compared", "in Rust")
            }
            Some(Impact::Compatible) if self.reviewed.lacks_version() => {
                (Impact::Notable, "Needs", "a version")
            }
            Some(Impact::Compatible) => (Impact::Compatible, "Safe", "to merge"),
            None if counts.accepted > 0 => (Impact::Compatible, "Safe", "to merge"),
            None => (Impact::Compatible, "Unchanged", ""),
        };
        let said = if !what.is_empty() {
            format!("{} from {base} to {head}", self.changes_in_words())
        } else if self.reviewed.base.text == self.reviewed.head.text {
            format!("{head} is the same as {base}")
        } else {
            format!("{head} differs from {base}, but in nothing that a review compares")
        };
        Verdict {
            tone,
            word,
            what,
            said,
        }
    }

    /// `1 breaking, 0 notable, 2 compatible changes`, with what else there is.
    fn changes_in_words(&self) -> String {
        let counts = self.counts;
        let mut text = format!(
            "{} breaking, {} notable, {} compatible",
            counts.breaking, counts.notable, counts.compatible
        );
        let mut last = counts.compatible;
        if counts.accepted > 0 {
            text.push_str(&format!(" and {} accepted", counts.accepted));
            last = counts.accepted;
        }
        text.push_str(if last == 1 { " change" } else { " changes" });
        let rust = self.reviewed.review.rust.as_ref();
        if let Some(major @ 1..) = rust.map(|rust| rust.counts.major) {
            text.push_str(&format!(" on the wire, {major} breaking in Rust,"));
        }
        text
    }
}

impl Verdict {
    /// The words without the rest.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.word, self.what).trim_end().to_owned()
    }
}

/// One of the two versions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Base,
    Head,
}

/// A severity in one word.
pub(super) fn word(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "breaking",
        Impact::Notable => "notable",
        Impact::Compatible => "compatible",
    }
}

/// A level in one word.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Major => "major",
        Level::Minor => "minor",
        Level::Patch => "patch",
    }
}

/// What a policy has decided about a finding, in a sentence each.
pub(super) fn decisions(found: &Finding) -> Vec<String> {
    let new = |is_new| {
        if is_new {
            " (decided by this change itself)"
        } else {
            ""
        }
    };
    let mut said = Vec::new();
    if let Some((decision, until)) = &found.accepted {
        let new = new(decision.is_new);
        said.push(format!("accepted until {until}{new}: {}", decision.reason));
    }
    if let Some(decision) = &found.weighed {
        let (from, to) = (word(found.rule.severity), word(found.severity));
        let new = new(decision.is_new);
        said.push(format!("{to} instead of {from}{new}: {}", decision.reason));
    }
    said
}

/// Some of a number of things.
fn listed(some: &[String], number: usize) -> String {
    let mut text = some.join(", ");
    if number > some.len() {
        text.push_str(&format!(" and {} more", number - some.len()));
    }
    text
}

/// `3 more changes left out`, where some are.
pub(super) fn left_out(all: usize, shown: usize, noun: &str) -> Option<String> {
    let rest = all.checked_sub(shown).filter(|rest| *rest > 0)?;
    Some(format!("{} left out", count(rest, &format!("more {noun}"))))
}
