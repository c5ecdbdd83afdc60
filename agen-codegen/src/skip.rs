//! Leaves out what cannot be generated from, where the user wants the rest all the same.

use std::collections::{BTreeMap, HashSet};

use crate::{
    Diagnostic, Label, LeftOut, Outcome, Severity,
    diagnostic::printable,
    document::Document,
    isolate::{self, Culprit},
    parts::{PartKind, Parts},
};

/// Runs the pipeline on a document.
pub(crate) type Run<'a> = &'a dyn Fn(Document) -> Result<Outcome, String>;

/// How often what is left is tried again. Errors that show only when others are gone are rare.
const ROUNDS: usize = 8;

/// Generates from a document without the operations and schemas that break a rule or make the generator
/// fail, and without those that lead to one of them. `ended` is how it ended with all of them, and `judged`
/// what lint had to say then. An error outside of all parts refuses the whole document as before.
pub(crate) fn skip(
    document: &Document,
    ended: Result<Outcome, String>,
    judged: Vec<Diagnostic>,
    run: Run<'_>,
) -> Outcome {
    let parts = Parts::new(document);
    // What lint says of the rest alone would be about what is left out as well.
    let (judged, _): (Vec<_>, Vec<_>) = judged
        .into_iter()
        .partition(|found| found.severity < Severity::Error);
    let mut broken = Broken {
        document,
        parts: &parts,
        causes: BTreeMap::new(),
        out: HashSet::new(),
        diagnostics: judged,
    };
    let attempt = |document: Document| run(document).map(drop);
    let refuse = |ended: Result<Outcome, String>| {
        ended.unwrap_or_else(|fault| Outcome {
            diagnostics: isolate::isolate(document, &fault, &attempt),
            ..Outcome::default()
        })
    };
    let mut now = ended.clone();
    for _ in 0..ROUNDS {
        let goes_on = match now {
            Ok(outcome) if outcome.output.is_some() => return broken.finish(outcome),
            Ok(outcome) => broken.by_errors(outcome.diagnostics),
            Err(fault) => {
                let rest = broken.rest();
                let culprits = isolate::culprits(document, &parts, &rest, &fault, &attempt);
                !culprits.is_empty() && culprits.iter().all(|culprit| broken.by_fault(culprit))
            }
        };
        if !goes_on {
            break;
        }
        now = run(parts.only(document, &broken.rest(), &HashSet::new()));
    }
    refuse(ended)
}

/// What is broken, and why.
struct Broken<'a> {
    document: &'a Document,
    parts: &'a Parts,
    /// Number of each part that is broken itself, with its first diagnostic.
    causes: BTreeMap<usize, Diagnostic>,
    /// Those, and what leads to them.
    out: HashSet<usize>,
    /// What is said of the document and of them, all of it warnings.
    diagnostics: Vec<Diagnostic>,
}

impl Broken<'_> {
    fn rest(&self) -> HashSet<usize> {
        let all = 0..self.parts.all.len();
        all.filter(|number| !self.out.contains(number)).collect()
    }

    /// Notes why a part is broken. Whether it was not known to be.
    fn add(&mut self, part: usize, mut diagnostic: Diagnostic) -> bool {
        diagnostic.severity = Severity::Warning;
        self.diagnostics.push(diagnostic.clone());
        self.causes.entry(part).or_insert(diagnostic);
        if self.out.contains(&part) {
            return false;
        }
        self.out.extend(self.parts.dependents([part]));
        true
    }

    fn by_fault(&mut self, culprit: &Culprit) -> bool {
        self.add(
            culprit.part,
            isolate::blame(self.document, self.parts, culprit),
        )
    }

    /// Notes what errors stand in, and whether that is anything: an error outside of all parts is one of
    /// the whole document.
    fn by_errors(&mut self, diagnostics: Vec<Diagnostic>) -> bool {
        let mut is_any = false;
        for diagnostic in diagnostics {
            if diagnostic.severity < Severity::Error {
                continue;
            }
            let Some(part) = self.parts.around(&diagnostic.primary.span) else {
                return false;
            };
            is_any |= self.add(part, diagnostic);
        }
        is_any
    }

    /// Says what is left out.
    fn finish(mut self, mut outcome: Outcome) -> Outcome {
        let is_told = |part: &usize| {
            matches!(
                self.parts.all[*part].kind,
                PartKind::Schema | PartKind::Operation
            )
        };
        // The first cause to which something leads, in the order of the parts.
        let mut because: BTreeMap<usize, usize> = BTreeMap::new();
        for cause in self.causes.keys() {
            for part in self.parts.dependents([*cause]) {
                because.entry(part).or_insert(*cause);
            }
        }
        for (part, cause) in because.iter().filter(|(part, _)| is_told(part)) {
            let Some(diagnostic) = self.causes.get(cause) else {
                continue;
            };
            let (whole, title) = (
                &self.parts.all[*part],
                self.parts.all[*part].title(self.document),
            );
            let reason = if part == cause {
                diagnostic.message.clone()
            } else {
                let cause = self.parts.all[*cause].title(self.document);
                format!("it leads to {cause}, and {}", diagnostic.message)
            };
            let found = LeftOut {
                title,
                is_operation: whole.kind == PartKind::Operation,
                span: self.document.key_span(&whole.pointer),
                reason: printable(&reason),
            };
            self.diagnostics.push(warning(&found, diagnostic));
            outcome.left_out.push(found);
        }
        outcome
            .left_out
            .sort_by(|a, b| (a.span.start, &a.title).cmp(&(b.span.start, &b.title)));
        outcome.diagnostics = self.diagnostics;
        outcome.diagnostics.sort_by(|a, b| {
            let key = |found: &Diagnostic| (found.primary.span.start, found.rule);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        if let Some(output) = &mut outcome.output {
            for found in &outcome.left_out {
                let LeftOut { title, reason, .. } = found;
                output
                    .surface
                    .push_str(&format!("\nleft out {title}\n    {reason}\n"));
            }
        }
        outcome
    }
}

fn warning(found: &LeftOut, cause: &Diagnostic) -> Diagnostic {
    Diagnostic {
        rule: "left-out",
        severity: Severity::Warning,
        message: format!("{} is left out: {}", found.title, found.reason),
        primary: Label {
            span: found.span.clone(),
            text: "left out".to_owned(),
        },
        related: vec![Label {
            span: cause.primary.span.clone(),
            text: format!("because of this: {}", cause.rule),
        }],
        why: "`--skip-broken` generates what can be generated, and the client has nothing of the rest"
            .to_owned(),
        help: "mend what is told of the other place".to_owned(),
    }
}

#[cfg(test)]
mod tests;
