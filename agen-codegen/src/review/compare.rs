//! The comparison under way: what is still to be compared, what was, what was found, and which
//! operations lead to it.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use chrono::NaiveDate;

use crate::{
    diagnostic::quote,
    document::{Document, Node},
};

use super::{
    Counts, Finding, Impact, MOST_FINDINGS, MOST_OPERATIONS, Place, ReviewRule, Wire, bodies,
    fingerprint, parameters, responses, rules::rules, same::Same, schema, security, servers,
};

rules! {
    INCOMPLETE Notable "review-incomplete"
        "the documents lead to so many comparisons that not all were made"
        "what was not compared may have changed in any way";
    REFERENCE_CHANGED Notable "unresolved-reference-changed"
        "a reference that leads out of the document, or nowhere, is another"
        "no other document is fetched, so what has changed cannot be seen";
}

/// What two values are, and so how they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A parameter or its reference.
    Parameter,
    /// The body of a request.
    Body,
    /// A response.
    Response,
    /// A header of a response.
    Header,
    /// Anything that has a `security`.
    Security,
    /// A security scheme.
    Scheme,
    /// Anything that has `servers`.
    Servers,
    /// A schema.
    Schema(schema::Context),
}

/// Two values that belong together, and where they are in the graph of what leads to what.
pub(super) struct Pair<'a> {
    pub(super) step: Step,
    pub(super) base: Node<'a>,
    pub(super) head: Node<'a>,
}

/// A node of the graph: an operation, or two things that were compared.
pub(super) type Step = usize;

#[derive(Default)]
struct Links {
    findings: Vec<usize>,
    to: Vec<Step>,
}

/// Where the things of a finding stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Spot {
    base: Option<String>,
    head: Option<String>,
}

/// A change that was found.
pub(super) struct Change<'n, 'a> {
    /// What makes it the same as another in the same place, whatever rule that is named after.
    pub(super) name: &'static str,
    pub(super) rule: &'static ReviewRule,
    /// Of several rules that name one change, the gravest is taken, and then that with the lowest rank.
    pub(super) rank: usize,
    pub(super) severity: Impact,
    /// Where it is in the base and in the head.
    pub(super) places: [Option<&'n Node<'a>>; 2],
    /// What says so, where that is not the key at the place: bytes of the base and of the head.
    pub(super) shown: [Option<Range<usize>>; 2],
    pub(super) message: String,
}

/// A finding, before its places and operations are looked up.
struct Draft {
    rule: &'static ReviewRule,
    severity: Impact,
    message: String,
    spot: Spot,
    shown: [Option<Range<usize>>; 2],
    rank: usize,
}

/// What makes two findings the same: the change, whatever place it is named after, and where.
type Key = (&'static str, Spot);

pub(super) struct Comparison<'a> {
    pub(super) base: &'a Document,
    pub(super) head: &'a Document,
    /// The security schemes that have only another name.
    pub(super) renamed_schemes: security::Renamed<'a>,
    same: Same,
    links: Vec<Links>,
    /// The steps of operations, with their titles.
    operations: Vec<(Step, String)>,
    /// What was compared, or will be.
    known: HashMap<(Kind, String, String), Step>,
    waiting: Vec<(Kind, Pair<'a>)>,
    drafts: Vec<Draft>,
    index: HashMap<Key, usize>,
    left_out: Counts,
    /// Whether two values are the same, by their pointers; of those to which references lead.
    verdicts: HashMap<(String, String), bool>,
    /// How much may still be done.
    budget: usize,
    /// Today's date, where it is known.
    pub(super) today: Option<NaiveDate>,
}

/// What a comparison may cost: the properties that are looked at, with [`PAIR`] for each two things that
/// are compared. Two versions of the largest public documents take a hundredth of it. Schemas that refer to each
/// other in circles of different lengths would take the product of the lengths.
pub(super) const BUDGET: usize = 6_000_000;
const PAIR: usize = 20;

impl<'a> Comparison<'a> {
    pub(super) fn new(base: &'a Document, head: &'a Document, budget: usize) -> Self {
        Self {
            base,
            head,
            renamed_schemes: security::renamed(base, head),
            same: Same::new(base, head),
            links: Vec::new(),
            operations: Vec::new(),
            known: HashMap::new(),
            waiting: Vec::new(),
            drafts: Vec::new(),
            index: HashMap::new(),
            left_out: Counts::default(),
            verdicts: HashMap::new(),
            budget,
            today: None,
        }
    }

    /// Tells what day it is.
    pub(super) fn on(self, today: Option<NaiveDate>) -> Self {
        Self { today, ..self }
    }

    /// Takes from what may still be done.
    pub(super) fn spend(&mut self, cost: usize) {
        self.budget = self.budget.saturating_sub(cost);
    }

    /// A step that nothing leads to.
    pub(super) fn root(&mut self) -> Step {
        self.links.push(Links::default());
        self.links.len() - 1
    }

    /// The step of an operation.
    pub(super) fn operation(&mut self, title: String) -> Step {
        let step = self.root();
        self.operations.push((step, title));
        step
    }

    /// Whether two values mean the same.
    pub(super) fn same(&self, base: &Node<'a>, head: &Node<'a>) -> bool {
        self.same.holds(base, head)
    }

    /// Has two values compared, with all that they refer to, unless they are the same or were compared
    /// before.
    pub(super) fn pair(&mut self, from: Step, kind: Kind, base: &Node<'a>, head: &Node<'a>) {
        let referred = base.text("$ref").is_some() || head.text("$ref").is_some();
        let (base, head) = match (base.resolve(), head.resolve()) {
            (Some(base), Some(head)) => (base, head),
            (None, None) if base.text("$ref") == head.text("$ref") => return,
            _ => {
                let name = |node: &Node<'_>| quote(node.text("$ref").unwrap_or("no reference"));
                let message = format!("{} took the place of {}", name(head), name(base));
                self.found(from, &REFERENCE_CHANGED, Some(base), Some(head), message);
                return;
            }
        };
        let key = (kind, base.pointer.clone(), head.pointer.clone());
        if let Some(step) = self.known.get(&key).copied() {
            self.link(from, step);
            return;
        }
        // A `security` means what it says, and what the schemes mean that it names.
        if kind != Kind::Security {
            let same = if referred {
                let pointers = (base.pointer.clone(), head.pointer.clone());
                let (same, verdicts) = (&self.same, &mut self.verdicts);
                let verdict = verdicts.entry(pointers);
                *verdict.or_insert_with(|| same.holds(&base, &head))
            } else {
                self.same(&base, &head)
            };
            if same {
                return;
            }
        }
        self.spend(PAIR);
        let step = self.root();
        self.known.insert(key, step);
        self.link(from, step);
        self.waiting.push((kind, Pair { step, base, head }));
    }

    fn link(&mut self, from: Step, to: Step) {
        if let Some(links) = self.links.get_mut(from) {
            links.to.push(to);
        }
    }

    /// Notes a change that weighs what its rule says.
    pub(super) fn found(
        &mut self,
        step: Step,
        rule: &'static ReviewRule,
        base: Option<&Node<'a>>,
        head: Option<&Node<'a>>,
        message: String,
    ) {
        self.weighed(step, rule, true, [base, head], message);
    }

    /// Notes a change. One that was found in the same place before, by another way, is the same.
    pub(super) fn add(&mut self, step: Step, change: Change<'_, 'a>) {
        let [base, head] = change
            .places
            .map(|node| node.map(|node| node.pointer.clone()));
        let spot = Spot { base, head };
        let key = (change.name, spot.clone());
        let at = if let Some(at) = self.index.get(&key).copied() {
            at
        } else if self.drafts.len() == MOST_FINDINGS {
            self.left_out.add(change.severity);
            return;
        } else {
            self.drafts.push(Draft {
                rule: change.rule,
                severity: change.severity,
                message: change.message.clone(),
                spot,
                shown: change.shown,
                rank: change.rank,
            });
            self.index.insert(key, self.drafts.len() - 1);
            self.drafts.len() - 1
        };
        if let Some(draft) = self.drafts.get_mut(at) {
            let graver = change.severity.cmp(&draft.severity);
            if graver.then(draft.rank.cmp(&change.rank)).is_gt() {
                draft.severity = change.severity;
                draft.rank = change.rank;
                draft.rule = change.rule;
                draft.message = change.message;
            }
        }
        if let Some(links) = self.links.get_mut(step) {
            links.findings.push(at);
        }
    }

    /// Notes a change that weighs nothing where `counts` says so.
    pub(super) fn weighed(
        &mut self,
        step: Step,
        rule: &'static ReviewRule,
        counts: bool,
        places: [Option<&Node<'a>>; 2],
        message: String,
    ) {
        let severity = if counts {
            rule.severity
        } else {
            Impact::Compatible
        };
        let change = Change {
            name: rule.id,
            rule,
            rank: 0,
            severity,
            places,
            shown: [None, None],
            message,
        };
        self.add(step, change);
    }

    /// Whether two values were compared, or found to be the same.
    pub(super) fn is_known(&self, kind: Kind, base: &Node<'a>, head: &Node<'a>) -> bool {
        let key = (kind, base.pointer.clone(), head.pointer.clone());
        self.known.contains_key(&key)
    }

    /// Compares everything that is waiting.
    fn run(&mut self) {
        while let Some((kind, pair)) = self.waiting.pop() {
            if self.budget == 0 {
                let step = self.root();
                let (base, head) = (self.base.root(), self.head.root());
                let message = "there is more to compare than can be compared in time".to_owned();
                self.found(step, &INCOMPLETE, Some(&base), Some(&head), message);
                break;
            }
            match kind {
                Kind::Parameter => parameters::compare(self, &pair),
                Kind::Body => bodies::compare(self, &pair),
                Kind::Response => responses::compare(self, &pair),
                Kind::Header => responses::header(self, &pair),
                Kind::Security => security::compare(self, &pair),
                Kind::Scheme => security::scheme(self, &pair),
                Kind::Servers => servers::compare(self, &pair),
                Kind::Schema(context) => schema::compare(self, &pair, context),
            }
        }
    }

    /// Compares everything that is waiting, and puts the findings in order.
    pub(super) fn finish(mut self) -> Wire {
        self.run();
        let mut reached = self.reached();
        let mut counts = self.left_out;
        let mut findings = Vec::with_capacity(self.drafts.len());
        for (at, draft) in self.drafts.into_iter().enumerate() {
            counts.add(draft.severity);
            let place = |document: &Document, pointer: Option<String>, shown: Option<_>| {
                pointer.map(|pointer| Place {
                    span: shown.unwrap_or_else(|| document.key_span(&pointer)),
                    pointer,
                })
            };
            let [old, new] = draft.shown;
            let fingerprint = fingerprint::of(
                draft.rule.id,
                [
                    (self.base, draft.spot.base.as_deref()),
                    (self.head, draft.spot.head.as_deref()),
                ],
            );
            let near = match (&draft.spot.head, &draft.spot.base) {
                (Some(pointer), _) => new.clone().unwrap_or_else(|| self.head.key_span(pointer)),
                // In a list something else may have taken the place.
                (None, Some(pointer)) => {
                    let above = pointer.rsplit_once('/').map_or("", |(above, _)| above);
                    self.head.key_span(above)
                }
                (None, None) => self.head.key_span(""),
            };
            let (operations, operation_count) =
                reached.get_mut(at).map(std::mem::take).unwrap_or_default();
            findings.push(Finding {
                rule: draft.rule,
                severity: draft.severity,
                message: draft.message,
                base: place(self.base, draft.spot.base, old),
                head: place(self.head, draft.spot.head, new),
                near,
                operations,
                operation_count,
                fingerprint,
                weighed: None,
                accepted: None,
            });
        }
        findings.sort_by(|a, b| {
            let start = |place: &Option<Place>| place.as_ref().map(|place| place.span.start);
            let spots = |found: &Finding| (start(&found.head), start(&found.base));
            let order = b.severity.cmp(&a.severity);
            let order = order.then_with(|| spots(a).cmp(&spots(b)));
            order.then_with(|| (a.rule.id, &a.message).cmp(&(b.rule.id, &b.message)))
        });
        fingerprint::distinct(findings.iter_mut().map(|found| &mut found.fingerprint));
        Wire { findings, counts }
    }

    /// The operations that lead to each finding, and how many these are.
    fn reached(&self) -> Vec<(Vec<String>, usize)> {
        /// Steps that are taken at most.
        const MOST: usize = 30_000_000;

        let useful = self.useful();
        let mut reached = vec![(Vec::new(), 0); self.drafts.len()];
        let mut last_of_step = vec![0; self.links.len()];
        let mut last_of_finding = vec![0; self.drafts.len()];
        let mut steps = 0;
        // From 1, since 0 is no operation yet.
        for (number, (start, title)) in (1..).zip(&self.operations) {
            let mut waiting = vec![*start];
            while let Some(step) = waiting.pop() {
                let Some(links) = self.links.get(step) else {
                    continue;
                };
                steps += 1 + links.to.len() + links.findings.len();
                if steps > MOST {
                    return reached;
                }
                for at in &links.findings {
                    let Some(last) = last_of_finding.get_mut(*at) else {
                        continue;
                    };
                    if std::mem::replace(last, number) != number
                        && let Some((titles, count)) = reached.get_mut(*at)
                    {
                        *count += 1;
                        if titles.len() < MOST_OPERATIONS {
                            titles.push(title.clone());
                        }
                    }
                }
                for to in links.to.iter().filter(|to| useful.contains(to)) {
                    if let Some(last) = last_of_step.get_mut(*to)
                        && std::mem::replace(last, number) != number
                    {
                        waiting.push(*to);
                    }
                }
            }
        }
        reached
    }

    /// The steps that lead to a finding.
    fn useful(&self) -> HashSet<Step> {
        let mut from: HashMap<Step, Vec<Step>> = HashMap::new();
        for (step, links) in self.links.iter().enumerate() {
            for to in &links.to {
                from.entry(*to).or_default().push(step);
            }
        }
        let found = self.links.iter().enumerate();
        let found = found.filter(|(_, links)| !links.findings.is_empty());
        let mut waiting: Vec<Step> = found.map(|(step, _)| step).collect();
        let mut useful: HashSet<Step> = waiting.iter().copied().collect();
        while let Some(step) = waiting.pop() {
            for above in from.get(&step).into_iter().flatten() {
                if useful.insert(*above) {
                    waiting.push(*above);
                }
            }
        }
        useful
    }
}
