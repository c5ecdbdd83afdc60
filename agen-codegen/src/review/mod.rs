//! What a change of a document does on the wire: every difference between two documents that a
//! client can notice, judged.
//!
//! The operations of both documents are put side by side, and what belongs to them is compared,
//! through references and at any depth: parameters, bodies, responses, schemas, security, servers. A
//! schema is judged for the direction in which it is used, and for both where it is used in both. What
//! is the same on both sides is passed over, and two things are compared once, however many operations
//! lead to them.
//!
//! What it does to those who write Rust against the client is in [`rust`].
//!
//! Descriptions, examples, links and callbacks are not looked at, nor extensions but `x-sunset`,
//! `x-stability-level` and `x-extensible-enum`, nor the inside of what no operation reaches. A document of OpenAPI
//! 3.1 is compared in the form of 3.0, so what that has no words for is not seen either: webhooks, conditions,
//! patterns of keys, the places of a tuple, a `const` that is a list or an object.

mod bodies;
mod compare;
mod components;
mod fingerprint;
mod names;
mod operations;
mod parameters;
mod policy;
mod responses;
mod rules;
pub mod rust;
mod same;
mod schema;
mod security;
mod servers;
mod sunset;

use std::{cmp::Reverse, ops::Range};

use chrono::NaiveDate;

use crate::{
    Diagnostic, Settings, Severity, Source,
    document::Document,
    guard::{guarded, in_parallel},
    isolate, lint, parse, printable, rewrite,
};

use compare::{BUDGET, Comparison};
pub use policy::{Decision, POLICY_RULES, Policy, policy};
pub use rules::{Impact, ReviewRule};
pub use rust::{Level, Rust, RustChange, RustRule};

/// What there is to say of two versions of a document.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Why the base cannot be read, or what of it has a structure that was passed over.
    pub base: Vec<Diagnostic>,
    /// The same of the head.
    pub head: Vec<Diagnostic>,
    /// What has changed; absent exactly when a side cannot be read.
    pub wire: Option<Wire>,
    /// What has changed in the client; absent where a side cannot be read, or where no client can be made
    /// of it.
    pub rust: Option<Rust>,
    /// `info.version` of the base and of the head, where it is a text.
    pub versions: [Option<String>; 2],
    /// Where the head has it: bytes of its text.
    pub version_at: Option<Range<usize>>,
    /// Why no client can be made of the base; nothing where it cannot even be read.
    pub base_client: Vec<Diagnostic>,
    /// The same of the head.
    pub head_client: Vec<Diagnostic>,
}

/// The changes on the wire.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    /// The changes, the gravest first, and then in the order of their places; at most
    /// [`MOST_FINDINGS`].
    pub findings: Vec<Finding>,
    /// How many there are, those included that are left out of `findings`.
    pub counts: Counts,
}

/// A number of findings for each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that break callers.
    pub breaking: usize,
    /// Those that may.
    pub notable: usize,
    /// Those that do not.
    pub compatible: usize,
    /// Those that a policy accepts, of whatever severity; they are in none of the other numbers.
    pub accepted: usize,
}

impl Counts {
    /// The gravest severity of which there is one; nothing where nothing has changed that counts.
    pub fn gravest(&self) -> Option<Impact> {
        [
            (self.breaking, Impact::Breaking),
            (self.notable, Impact::Notable),
            (self.compatible, Impact::Compatible),
        ]
        .into_iter()
        .find_map(|(count, impact)| (count > 0).then_some(impact))
    }

    fn add(&mut self, impact: Impact) {
        *self.of(impact) += 1;
    }

    fn remove(&mut self, impact: Impact) {
        let count = self.of(impact);
        *count = count.saturating_sub(1);
    }

    fn of(&mut self, impact: Impact) -> &mut usize {
        match impact {
            Impact::Breaking => &mut self.breaking,
            Impact::Notable => &mut self.notable,
            Impact::Compatible => &mut self.compatible,
        }
    }
}

/// How many findings are kept. Nobody reads more, and each takes memory.
pub const MOST_FINDINGS: usize = 20_000;

/// How many operations a finding names.
pub const MOST_OPERATIONS: usize = 20;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of change it is.
    pub rule: &'static ReviewRule,
    /// How much it weighs here: what the rule says, or compatible where the value does not travel in
    /// this direction.
    pub severity: Impact,
    /// What has changed, in one line that is fit for a terminal. It can hold text of the documents.
    pub message: String,
    /// Where the thing stands in the base, or what holds it; absent where that is new.
    pub base: Option<Place>,
    /// Where the thing stands in the head, or what holds it; absent where that is gone.
    pub head: Option<Place>,
    /// Bytes of the head: the place in it, or of what holds the place where the base has the thing; of the
    /// whole where there is neither. There a note on the head can stand.
    pub near: Range<usize>,
    /// The operations that it concerns, as `GET /path`, in the order of the paths; at most
    /// [`MOST_OPERATIONS`].
    pub operations: Vec<String>,
    /// How many operations it concerns. Where documents are so large that counting takes too long, it
    /// concerns at least so many.
    pub operation_count: usize,
    /// What stays the same as long as the finding is about the same thing, in hexadecimal digits: it
    /// depends on the rule and on what is concerned, not on lines or words. No two findings of a review
    /// have the same.
    pub fingerprint: String,
    /// Why the severity is another than that of the rule, where a policy says so.
    pub weighed: Option<Decision>,
    /// Why the finding does not count, and the last day on which it does not, where a policy says so.
    pub accepted: Option<(Decision, NaiveDate)>,
}

/// A place in one of the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// JSON pointer, RFC 6901. It is text of the document as it stands there.
    pub pointer: String,
    /// Bytes of the text: of the key, where the value has one. Where a list names what is required, they are
    /// those of the name in it, or of the list that does not have it.
    pub span: Range<usize>,
}

impl Review {
    /// Puts the findings in order, the gravest first, and then by their places; what is accepted comes
    /// behind what counts. What refers to a finding goes with it.
    fn sort(&mut self) {
        let Some(wire) = &mut self.wire else {
            return;
        };
        let rank = |found: &Finding| (found.accepted.is_some(), Reverse(found.severity));
        let findings = std::mem::take(&mut wire.findings);
        let mut sorted: Vec<_> = findings.into_iter().enumerate().collect();
        // It leaves those of one severity in the order that they have.
        sorted.sort_by_key(|(_, found)| rank(found));
        let mut moved = vec![0; sorted.len()];
        for (to, (from, _)) in sorted.iter().enumerate() {
            if let Some(moved) = moved.get_mut(*from) {
                *moved = to;
            }
        }
        wire.findings = sorted.into_iter().map(|(_, found)| found).collect();
        for change in self.rust.iter_mut().flat_map(|rust| &mut rust.changes) {
            change.cause = change.cause.and_then(|from| moved.get(from).copied());
        }
    }
}

/// Compares two versions of a document. Whether something is gone before the day that was named for it is left
/// open; see [`review_on`].
pub fn review(base: &Source<'_>, head: &Source<'_>) -> Review {
    guarded(|| run(base, head, Some(&Settings::default()), None)).unwrap_or_else(refused)
}

/// The same on a day.
pub fn review_on(base: &Source<'_>, head: &Source<'_>, today: NaiveDate) -> Review {
    let settings = Settings::default();
    guarded(|| run(base, head, Some(&settings), Some(today))).unwrap_or_else(refused)
}

/// Compares two versions of a document on the wire alone: it takes less time, and [`Review::rust`] is absent.
/// Today's date is needed for what is gone before the day that was named for it.
pub fn review_wire(base: &Source<'_>, head: &Source<'_>, today: Option<NaiveDate>) -> Review {
    guarded(|| run(base, head, None, today)).unwrap_or_else(refused)
}

fn refused(fault: String) -> Review {
    Review {
        head: vec![isolate::unplaced(&fault)],
        ..Review::default()
    }
}

/// Every rule of the review, by subject.
pub fn rules() -> impl Iterator<Item = &'static ReviewRule> {
    let subjects = [
        operations::RULES,
        parameters::RULES,
        bodies::RULES,
        responses::RULES,
        schema::PROPERTY_RULES,
        security::RULES,
        servers::RULES,
        components::RULES,
        sunset::RULES,
        compare::RULES,
    ];
    let subjects = subjects.into_iter().flatten().copied();
    subjects.chain(schema::rules())
}

/// With the clients, where there are settings for them.
fn run(
    base: &Source<'_>,
    head: &Source<'_>,
    settings: Option<&Settings>,
    today: Option<NaiveDate>,
) -> Review {
    let sources = [base, head];
    let keeps = settings.is_some();
    let (base, head) = in_parallel(|| side(base, keeps), || side(head, keeps));
    let mut review = Review {
        base: base.diagnostics,
        head: head.diagnostics,
        ..Review::default()
    };
    let (Some((old, old_client)), Some((new, new_client))) = (base.documents, head.documents)
    else {
        return review;
    };
    review.versions = [&old, &new].map(|document| {
        let info = document.root().get("info");
        info.and_then(|info| info.text("version").map(printable))
    });
    let version = new.root().get("info").and_then(|info| info.get("version"));
    review.version_at = version.map(|version| version.span());
    // Nothing has to be looked at where the values are the same throughout.
    if old.root().value == new.root().value {
        review.wire = Some(Wire::default());
        review.rust = settings.map(|_| Rust::default());
        return review;
    }
    let (Some(old_client), Some(new_client), Some(settings)) = (old_client, new_client, settings)
    else {
        review.wire = Some(wire(&old, &new, BUDGET, today));
        return review;
    };
    let (wire, clients) = in_parallel(
        || wire(&old, &new, BUDGET, today),
        || rust::clients(sources, [old_client, new_client], settings),
    );
    match clients {
        Ok(clients) => review.rust = Some(clients.compare([&old, &new], &wire, settings)),
        Err([base, head]) => (review.base_client, review.head_client) = (base, head),
    }
    review.wire = Some(wire);
    review
}

/// One of the two documents, as far as it can be read.
struct Side {
    /// In the form of 3.0, and what the generator makes a client of, where that is kept.
    documents: Option<(Document, Option<Document>)>,
    diagnostics: Vec<Diagnostic>,
}

fn side(source: &Source<'_>, keeps: bool) -> Side {
    let refused = |diagnostics| Side {
        documents: None,
        diagnostics,
    };
    let mut document = match parse::parse(source) {
        Ok(document) => document,
        Err(diagnostics) => return refused(diagnostics),
    };
    // The other rewrites leave out what the client cannot do, such as a second media type or a value
    // of an enum: a change of that is one on the wire all the same.
    let client = rewrite::to_3_0(&mut document);
    let client = keeps.then_some(client);
    match lint::structure(&document) {
        Ok(mut diagnostics) => {
            diagnostics.retain(|found| found.severity == Severity::Error);
            Side {
                documents: Some((document, client)),
                diagnostics,
            }
        }
        Err(diagnostics) => refused(diagnostics),
    }
}

fn wire(base: &Document, head: &Document, budget: usize, today: Option<NaiveDate>) -> Wire {
    let mut comparison = Comparison::new(base, head, budget).on(today);
    operations::compare(&mut comparison);
    security::rest(&mut comparison);
    components::compare(&mut comparison);
    comparison.finish()
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, Source, parse::parse, wire};

    #[test]
    fn a_comparison_that_takes_too_long_ends_and_says_so() {
        let circle = |length: usize| {
            let schemas = (0..length).map(|at| {
                let next = (at + 1) % length;
                format!(
                    "    S{at}: {{properties: {{a: {{$ref: '#/components/schemas/S{next}'}}}}}}\n"
                )
            });
            let schemas: String = schemas.collect();
            let text = format!(
                "openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{'200': {{content: \
                 {{'application/json': {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}}}}}}}}}\n\
                 components:\n  schemas:\n{schemas}"
            );
            let source = Source {
                name: "a",
                text: &text,
            };
            parse(&source).expect("it is sound")
        };
        let (base, head) = (circle(30), circle(31));
        // Each schema of the one meets each of the other, and finds that nothing has changed.
        assert_eq!(wire(&base, &head, BUDGET, None).findings, []);
        let cut = wire(&base, &head, 1000, None).findings;
        assert_eq!(cut.len(), 1);
        assert_eq!(cut[0].rule.id, "review-incomplete");
    }
}
