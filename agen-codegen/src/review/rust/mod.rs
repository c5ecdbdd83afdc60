//! What a change of a document does to those who have written Rust against the client.
//!
//! Both documents go through the generator, and what a caller can name of the two clients is compared: methods
//! with their arguments and setters, what they give, types with their fields, variants, conversions and traits,
//! and the mocks of the feature `mock`. It is read off the items that are generated, before they become text
//! (`declarations.rs`), so nothing that is generated goes unseen. What is the same in both documents is not
//! generated at all (`prune.rs`).
//!
//! Levels are those of Cargo (<https://doc.rust-lang.org/cargo/reference/semver.html>), and stricter where a
//! caller compiles and means something else: arguments that change places. The name of an argument by place
//! is nothing that a caller writes. What has another text and is the same type, through an alias or a type that
//! is called otherwise, is no change beside that of the name.
//!
//! Not looked at: documentation, what is sent at run time, and what is written by hand, such as
//! `Client::follow_session`; the compiler tells where that does not go with what is generated.

mod causes;
mod changes;
mod client;
mod forms;
mod functions;
mod names;
mod operations;
mod prune;
mod rules;
mod types;

use crate::{
    Diagnostic, Settings, Severity, Source,
    document::Document,
    guard::{guarded, in_parallel},
    isolate, lint,
    lower::{self, Lowered},
    polish::shortened,
    rewrite,
};

use super::{Place, Review, Wire};
use changes::Changes;
use client::Client;

pub use rules::{Level, RustRule};

/// Every rule on the client, by subject.
pub fn rules() -> impl Iterator<Item = &'static RustRule> {
    let subjects = [
        operations::RULES,
        functions::RULES,
        types::RULES,
        forms::RULES,
    ];
    subjects.into_iter().flatten().copied()
}

/// The changes of the client.
#[derive(Clone, Debug, Default)]
pub struct Rust {
    /// The changes, the gravest first, and then by the names of the items; at most
    /// [`MOST_CHANGES`].
    pub changes: Vec<RustChange>,
    /// How many there are, those included that are left out of `changes`.
    pub counts: RustCounts,
}

/// How many changes are kept.
pub const MOST_CHANGES: usize = 20_000;

/// A number of changes for each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RustCounts {
    /// Those that break callers.
    pub major: usize,
    /// Those that only add.
    pub minor: usize,
    /// Those that no compiler notices.
    pub patch: usize,
}

/// A change of something that a caller can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustChange {
    /// What kind of change it is.
    pub rule: &'static RustRule,
    /// What has changed, as a caller names it: `Client::create_session`, `types::Session::title`.
    pub item: String,
    /// What has changed, in one line that is fit for a terminal.
    pub message: String,
    /// The declaration in the client of the base, without documentation; absent where it is new.
    pub before: Option<String>,
    /// The declaration in the client of the head; absent where it is gone.
    pub after: Option<String>,
    /// The line that a caller has to change, where there is one.
    pub caller: Option<Caller>,
    /// Where the base has what the item is made from; absent where that is new.
    pub base: Option<Place>,
    /// Where the head has it; absent where that is gone.
    pub head: Option<Place>,
    /// The change of the document that it comes from, by its index in
    /// [`Wire::findings`](super::Wire::findings) as the review gives them; absent where nothing changes on
    /// the wire.
    pub cause: Option<usize>,
}

/// A line of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// As it is written for the client of the base.
    pub before: String,
    /// As it has to be written for that of the head; absent where there is nothing to write.
    pub after: Option<String>,
}

impl Caller {
    /// With a remark on the type of a value, where the lines are not told apart by anything else.
    fn with_types(self, [old, new]: [(&str, &str); 2]) -> Self {
        let remark =
            |line: String, (name, ty): (&str, &str)| format!("{line} // {name}: {}", shortened(ty));
        Self {
            before: remark(self.before, old),
            after: self.after.map(|after| remark(after, new)),
        }
    }
}

impl Rust {
    /// The version that the changes need, in the words of Cargo.
    pub fn level(&self) -> Level {
        match self.counts {
            RustCounts { major: 1.., .. } => Level::Major,
            RustCounts { minor: 1.., .. } => Level::Minor,
            _ => Level::Patch,
        }
    }
}

impl Review {
    /// Whether a change of the client breaks callers although what it comes from breaks nothing on the
    /// wire.
    pub fn breaks_callers_alone(&self, change: &RustChange) -> bool {
        let findings = self.wire.as_ref().map(|wire| &wire.findings);
        let cause = change.cause.zip(findings).and_then(|(at, all)| all.get(at));
        change.rule.level == Level::Major
            && cause.is_none_or(|cause| cause.severity != super::Impact::Breaking)
    }

    /// Whether a finding on the wire, by its index in [`Wire::findings`](super::Wire::findings), breaks
    /// there, and every caller still compiles: what fails, fails at run time.
    pub fn breaks_the_wire_alone(&self, finding: usize) -> bool {
        let (Some(wire), Some(rust)) = (&self.wire, &self.rust) else {
            return false;
        };
        let breaking = wire
            .findings
            .get(finding)
            .is_some_and(|found| found.severity == super::Impact::Breaking);
        let breaks = |change: &RustChange| {
            change.rule.level == Level::Major && change.cause == Some(finding)
        };
        breaking && !rust.changes.iter().any(breaks)
    }
}

/// The two clients.
pub(super) struct Clients {
    base: Client,
    head: Client,
}

/// Makes the clients of two documents, as far as they differ, or says why there is none of the one and of
/// the other.
pub(super) fn clients(
    sources: [&Source<'_>; 2],
    [base, head]: [Document; 2],
    settings: &Settings,
) -> Result<Clients, [Vec<Diagnostic>; 2]> {
    let refused = |sides: [Option<Vec<Diagnostic>>; 2]| sides.map(Option::unwrap_or_default);
    let (base, head) = in_parallel(
        || lowered(base, sources[0], settings),
        || lowered(head, sources[1], settings),
    );
    let (mut base, mut head) = match (base, head) {
        (Ok(base), Ok(head)) => (base, head),
        (base, head) => return Err(refused([base.err(), head.err()])),
    };
    prune::prune(&mut base, &mut head);
    let (base, head) = in_parallel(
        || made(|| client::client(base, settings), sources[0], settings),
        || made(|| client::client(head, settings), sources[1], settings),
    );
    match (base, head) {
        (Ok(base), Ok(head)) => Ok(Clients { base, head }),
        (base, head) => Err(refused([base.err(), head.err()])),
    }
}

fn lowered(
    mut document: Document,
    source: &Source<'_>,
    settings: &Settings,
) -> Result<Lowered, Vec<Diagnostic>> {
    made(|| Ok(prepared(&mut document)), source, settings)?
}

/// Makes a document in the form of 3.0 ready to be a client, or says why it cannot be one.
fn prepared(document: &mut Document) -> Result<Lowered, Vec<Diagnostic>> {
    rewrite::for_client(document, |reading| {
        let errors = lint::errors(&reading);
        if errors.is_empty() {
            lower::lower(&reading.without_index())
        } else {
            Err(errors)
        }
    })
}

/// What a step of the generator makes, or its faults in the words of `codegen`, with the place of what fails.
fn made<T: Send>(
    step: impl FnOnce() -> Result<T, String> + Send,
    source: &Source<'_>,
    settings: &Settings,
) -> Result<T, Vec<Diagnostic>> {
    guarded(step).and_then(|made| made).map_err(|fault| {
        let mut diagnostics = crate::generate(source, settings).diagnostics;
        diagnostics.retain(|found| found.severity == Severity::Error);
        if diagnostics.is_empty() {
            diagnostics.push(isolate::unplaced(&fault));
        }
        diagnostics
    })
}

impl Clients {
    /// What has changed between them.
    pub(super) fn compare(
        &self,
        documents: [&Document; 2],
        wire: &Wire,
        settings: &Settings,
    ) -> Rust {
        Changes::new(&self.base, &self.head, &settings.public_root).finish(documents, wire)
    }
}
