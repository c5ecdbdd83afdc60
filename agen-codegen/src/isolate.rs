//! Finds the schemas and operations at which the generator fails, by bisection.
//!
//! A part is tried together with everything that it leads to. Halves are tried until single parts are
//! left, so that one culprit among thousands costs about as many runs as the number has binary digits.

use std::collections::HashSet;

use crate::{
    Diagnostic, Label, Severity,
    document::Document,
    parts::{PartKind, Parts},
};

/// The id under which a fault of the generator is told.
pub(crate) const RULE: &str = "generator-fault";

/// Runs the generator on a part of the document. The error is the message of a fault.
pub(crate) type Attempt<'a> = &'a dyn Fn(Document) -> Result<(), String>;

/// A part that fails, and how.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Culprit {
    /// Number of the part.
    pub(crate) part: usize,
    pub(crate) fault: String,
}

/// Turns a failure of the generator into an error at each of the smallest parts of the document that
/// fail; at the start of the document where none can be found.
pub(crate) fn isolate(document: &Document, fault: &str, attempt: Attempt<'_>) -> Vec<Diagnostic> {
    let parts = Parts::new(document);
    let all = (0..parts.all.len()).collect();
    let culprits = culprits(document, &parts, &all, fault, attempt);
    if culprits.is_empty() {
        return vec![unplaced(fault)];
    }
    let culprits = culprits.iter();
    culprits
        .map(|culprit| blame(document, &parts, culprit))
        .collect()
}

/// The diagnostic of a culprit.
pub(crate) fn blame(document: &Document, parts: &Parts, culprit: &Culprit) -> Diagnostic {
    let mut found = unplaced(&culprit.fault);
    found.primary = Label {
        span: document.key_span(&parts.all[culprit.part].pointer),
        text: "it fails here".to_owned(),
    };
    found
}

/// The same where no part of the document could be found, or none was read.
pub(crate) fn unplaced(fault: &str) -> Diagnostic {
    Diagnostic {
        rule: RULE,
        severity: Severity::Error,
        message: format!("the generator cannot take this: {fault}"),
        primary: Label {
            span: 0..0,
            text: "somewhere in this document".to_owned(),
        },
        related: Vec::new(),
        why:
            "the document breaks no rule, so this is a fault of the generator, not of the document"
                .to_owned(),
        help: "say it in another way, and report the fault together with this part of the \
               document; `--skip-broken` generates the rest"
            .to_owned(),
    }
}

/// The parts that fail among some of which it is known that they fail together: those that fail with what
/// they lead to, or else those that fail beside the others. Parts that lead to one of them are not tried.
pub(crate) fn culprits(
    document: &Document,
    parts: &Parts,
    among: &HashSet<usize>,
    fault: &str,
    attempt: Attempt<'_>,
) -> Vec<Culprit> {
    // What does not become code by itself is tried with what leads to it.
    let is_tried = |number: &usize| {
        let kind = parts.all[*number].kind;
        matches!(kind, PartKind::Schema | PartKind::Operation)
    };
    let mut tried: Vec<usize> = among.iter().copied().filter(is_tried).collect();
    tried.sort_unstable();
    let mut search = Search {
        document,
        parts,
        attempt,
        left: 40 * tried.len() + 1000,
        out: HashSet::new(),
        found: Vec::new(),
    };
    if search.fault(&[], &HashSet::new()).is_some() {
        // It is not for its parts that the document fails.
        return Vec::new();
    }
    search.halve(&tried, fault);
    search.beside_each_other(&tried);
    search.found
}

struct Search<'a> {
    document: &'a Document,
    parts: &'a Parts,
    attempt: Attempt<'a>,
    /// How many parts may still be run, all runs together.
    left: usize,
    /// The culprits, and what leads to them.
    out: HashSet<usize>,
    found: Vec<Culprit>,
}

impl Search<'_> {
    /// Tries parts with all that they lead to. `None` where all goes well.
    fn fault(&mut self, of: &[usize], stubs: &HashSet<usize>) -> Option<String> {
        let keep = self.parts.closure(of.iter().copied());
        self.left = self.left.saturating_sub(keep.len() + 1);
        let document = self.parts.only(self.document, &keep, stubs);
        (self.attempt)(document).err()
    }

    fn without_out(&self, of: &[usize]) -> Vec<usize> {
        let of = of.iter().copied();
        of.filter(|number| !self.out.contains(number)).collect()
    }

    fn blame(&mut self, part: usize, fault: String) {
        self.out.extend(self.parts.dependents([part]));
        self.found.push(Culprit { part, fault });
    }

    /// Looks for culprits in parts that fail together.
    fn halve(&mut self, failing: &[usize], fault: &str) {
        let failing = self.without_out(failing);
        let (first, second) = match failing.as_slice() {
            [] => return,
            [only] => {
                // That it fails was concluded, not seen.
                if let Some(fault) = self.fault(&[*only], &HashSet::new()) {
                    let part = self.in_circle(*only);
                    self.blame(part, fault);
                }
                return;
            }
            several => several.split_at(several.len() / 2),
        };
        if self.left == 0 {
            // Nobody waits longer: this is as small as it gets.
            for part in failing {
                if !self.out.contains(&part) {
                    self.blame(part, fault.to_owned());
                }
            }
            return;
        }
        let Some(fault_of_first) = self.fault(first, &HashSet::new()) else {
            return self.halve(second, fault);
        };
        self.halve(first, &fault_of_first);
        let second = self.without_out(second);
        if second.is_empty() {
            return;
        }
        if let Some(fault) = self.fault(&second, &HashSet::new()) {
            self.halve(&second, &fault);
        }
    }

    /// The part that is to blame, where parts lead to each other in a circle and so fail together: the
    /// one that fails even where the others of the circle allow anything.
    fn in_circle(&mut self, part: usize) -> usize {
        let dependents = self.parts.dependents([part]);
        let mut circle: Vec<usize> = self.parts.closure([part]).into_iter().collect();
        circle.retain(|number| dependents.contains(number));
        circle.sort_unstable();
        let all: HashSet<usize> = circle.iter().copied().collect();
        let mut failing = circle.as_slice();
        while failing.len() > 1 && self.left > 0 {
            let (first, second) = failing.split_at(failing.len() / 2);
            let fails = |search: &mut Self, half: &[usize]| {
                let real: HashSet<usize> = half.iter().copied().collect();
                search.fault(half, &(&all - &real)).is_some()
            };
            failing = if fails(self, first) {
                first
            } else if fails(self, second) {
                second
            } else {
                return part;
            };
        }
        failing.first().copied().unwrap_or(part)
    }

    /// Looks for parts that fail only beside others: each time the one that has to be added to those before
    /// it to make them fail.
    fn beside_each_other(&mut self, tried: &[usize]) {
        loop {
            let rest = self.without_out(tried);
            let Some(mut fault) = self.fault(&rest, &HashSet::new()) else {
                return;
            };
            // The first `fine` are fine, the first `failing` are not.
            let (mut fine, mut failing) = (0, rest.len());
            while failing - fine > 1 && self.left > 0 {
                let middle = fine.midpoint(failing);
                match self.fault(rest.get(..middle).unwrap_or_default(), &HashSet::new()) {
                    Some(found) => (failing, fault) = (middle, found),
                    None => fine = middle,
                }
            }
            let Some(last) = failing.checked_sub(1).and_then(|last| rest.get(last)) else {
                return;
            };
            self.blame(*last, fault);
            if self.left == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
