//! The findings under way.

use std::{collections::HashMap, ops::Range};

use crate::{
    printable,
    review::{Counts, Impact, Place},
};

use crate::docs::{DriftRule, Edit, Finding, Lack, PagePlace, facts::At};

/// The most findings that are kept. Nobody reads more, and each takes memory.
pub(super) const MOST_FINDINGS: usize = 10_000;

/// How many more places of pages a finding names.
const MOST_PLACES: usize = 50;

/// One difference.
pub(super) struct Difference<'d> {
    pub(super) rule: &'static DriftRule,
    pub(super) severity: Impact,
    /// What differs. It names no operation, so that one thing that several pages state is found once.
    pub(super) message: String,
    pub(super) subject: &'d str,
    pub(super) fact: &'d str,
    pub(super) spec: Option<&'d At>,
    pub(super) page: usize,
    /// In bytes of the page.
    pub(super) span: Range<usize>,
    pub(super) edit: Option<Edit>,
}

#[derive(Default)]
pub(super) struct Found {
    findings: Vec<Finding>,
    /// By rule, place in the document and message.
    known: HashMap<(&'static str, String, String), usize>,
    /// What pages turned out to lack, with the index of the page.
    lacks: Vec<(usize, Lack)>,
}

impl Found {
    pub(super) fn add(&mut self, found: Difference<'_>) {
        let pointer = found.spec.map_or_else(String::new, |at| at.pointer.clone());
        let message = printable(&found.message);
        let page = PagePlace {
            page: found.page,
            span: found.span,
        };
        let key = (found.rule.id, pointer, message.clone());
        if let Some(first) = self
            .known
            .get(&key)
            .and_then(|index| self.findings.get_mut(*index))
        {
            first.severity = first.severity.max(found.severity);
            let subject = printable(found.subject);
            if first.page != page && !first.also.contains(&page) && first.also.len() < MOST_PLACES {
                first.also.push(page);
            }
            if !first.subjects.contains(&subject) && first.subjects.len() < MOST_PLACES {
                first.subjects.push(subject);
            }
            return;
        }
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        self.known.insert(key, self.findings.len());
        let edit = found.edit.map(|edit| Edit {
            instruction: printable(&edit.instruction),
            pointer: edit.pointer,
            yaml: edit
                .yaml
                .lines()
                .map(printable)
                .collect::<Vec<_>>()
                .join("\n"),
        });
        self.findings.push(Finding {
            rule: found.rule,
            severity: found.severity,
            message,
            subjects: vec![printable(found.subject)],
            fact: printable(found.fact),
            spec: found.spec.map(|at| Place {
                pointer: at.pointer.clone(),
                span: at.span.clone(),
            }),
            page,
            also: Vec::new(),
            edit,
        });
    }

    pub(super) fn lack(&mut self, page: usize, message: String, span: Range<usize>) {
        let message = printable(&message);
        self.lacks.push((page, Lack { message, span }));
    }

    pub(super) fn lacks(&mut self) -> Vec<(usize, Lack)> {
        std::mem::take(&mut self.lacks)
    }

    /// The gravest first, then by page and place.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.sort_by(|a, b| {
            let key = |found: &Finding| (found.page.page, found.page.span.start, found.rule.id);
            b.severity
                .cmp(&a.severity)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.message.cmp(&b.message))
        });
        findings
    }
}

/// How many there are of each severity.
pub(super) fn counts(findings: &[Finding]) -> Counts {
    let of = |impact| {
        findings
            .iter()
            .filter(|found| found.severity == impact)
            .count()
    };
    Counts {
        breaking: of(Impact::Breaking),
        notable: of(Impact::Notable),
        compatible: of(Impact::Compatible),
        ..Counts::default()
    }
}
