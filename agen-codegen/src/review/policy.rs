//! What the maintainers of a document have decided about its changes: how much a rule weighs here, and
//! which findings are accepted, why, and until when.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::{
    Diagnostic, Label, Rule, Severity, Source,
    diagnostic::{printable, quote},
    document::Node,
    lint::nearest,
    parse,
};

use super::{Impact, Review, rules};

/// The rules that a policy is held to.
pub static POLICY_RULES: [&Rule; 3] = [&INVALID, &EXPIRED, &UNUSED];

static INVALID: Rule = Rule {
    id: "review-policy",
    severity: Severity::Error,
    summary: "the policy of the review says something that cannot be followed",
    why: "a policy that is followed in part lets through what its author did not mean",
    check: None,
};
static EXPIRED: Rule = Rule {
    id: "review-policy-expired",
    severity: Severity::Warning,
    summary: "the time for which a finding was accepted is over",
    why: "the finding counts again",
    check: None,
};
static UNUSED: Rule = Rule {
    id: "review-policy-unused",
    severity: Severity::Warning,
    summary: "an entry of the policy is for findings that are not there",
    why: "the change that it was for is merged, or is another by now",
    check: None,
};

/// A policy.
///
/// ```yaml
/// severity:
///   - rule: server-default-changed
///     severity: compatible
///     reason: Both addresses answer until the end of the year.
/// accept:
///   - fingerprint: 3f2a9c01b7de
///     reason: Nobody has sent this parameter since May.
///     until: 2027-01-31
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    severities: Vec<Weighed>,
    accepted: Vec<Acceptance>,
}

/// A rule that weighs something else than by its table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Weighed {
    rule: &'static str,
    severity: Impact,
    reason: String,
    is_new: bool,
    span: std::ops::Range<usize>,
}

/// A finding that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Acceptance {
    fingerprint: String,
    reason: String,
    until: NaiveDate,
    is_new: bool,
    span: std::ops::Range<usize>,
}

/// Why a finding weighs something else than by its rule, or does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What the policy gives as the reason. It is text of the policy.
    pub reason: String,
    /// Whether the decision came with the change that is reviewed; see [`Policy::since`].
    pub is_new: bool,
}

/// Reads a policy, in YAML or JSON. A text without anything but comments is one that decides nothing.
///
/// # Errors
///
/// All that is wrong with the text, each with its place. Nothing of it holds then.
pub fn policy(source: &Source<'_>) -> Result<Policy, Vec<Diagnostic>> {
    let document = match parse::parse(source) {
        Ok(document) => document,
        Err(found) if found.iter().any(|found| found.rule == "document-empty") => {
            return Ok(Policy::default());
        }
        Err(mut found) => {
            for found in &mut found {
                INVALID.why.clone_into(&mut found.why);
            }
            return Err(found);
        }
    };
    let mut reader = Reader::default();
    let policy = reader.policy(&document.root());
    if reader.wrong.is_empty() {
        Ok(policy)
    } else {
        reader.wrong.sort_by_key(|found| found.primary.span.start);
        Err(reader.wrong)
    }
}

impl Policy {
    /// Marks the decisions that an earlier policy does not have, so that whoever reviews a change sees
    /// what the change decides about itself.
    #[must_use]
    pub fn since(mut self, base: &Self) -> Self {
        for entry in &mut self.severities {
            let same = |old: &Weighed| (old.rule, old.severity) == (entry.rule, entry.severity);
            entry.is_new = !base.severities.iter().any(same);
        }
        for entry in &mut self.accepted {
            let same = |old: &Acceptance| {
                (&old.fingerprint, old.until) == (&entry.fingerprint, entry.until)
            };
            entry.is_new = !base.accepted.iter().any(same);
        }
        self
    }

    /// Follows the policy on a day: findings get another severity, or are accepted, and the order and the
    /// counts follow. What is accepted keeps its severity and its place, and is counted by itself.
    ///
    /// Gives what there is to say of the policy: entries whose day is over, and entries for which there is
    /// no finding; of severities only those that the change has brought, or that change nothing. Both leave the review as it is.
    pub fn apply(&self, review: &mut Review, today: NaiveDate) -> Vec<Diagnostic> {
        let Some(wire) = &mut review.wire else {
            return Vec::new();
        };
        let severities: HashMap<&str, &Weighed> =
            self.severities.iter().map(|e| (e.rule, e)).collect();
        let accepted = self.accepted.iter().map(|e| (&*e.fingerprint, e));
        let accepted: HashMap<&str, &Acceptance> = accepted.collect();
        let (mut used, mut followed) = (HashSet::new(), HashSet::new());
        for found in &mut wire.findings {
            let severity = severities.get(found.rule.id);
            if let Some(entry) = severity {
                followed.insert(entry.rule);
                wire.counts.remove(found.severity);
                // A finding that weighs less than its rule does so because the value does not travel.
                found.severity = if found.severity == found.rule.severity {
                    entry.severity
                } else {
                    found.severity.min(entry.severity)
                };
                wire.counts.add(found.severity);
                found.weighed = Some(decision(&entry.reason, entry.is_new));
            }
            if let Some(entry) = accepted.get(&*found.fingerprint) {
                used.insert(&*entry.fingerprint);
                if entry.until >= today {
                    wire.counts.remove(found.severity);
                    wire.counts.accepted += 1;
                    let decision = decision(&entry.reason, entry.is_new);
                    found.accepted = Some((decision, entry.until));
                }
            }
        }
        review.sort();
        let accepted = self.accepted.iter();
        let accepted = accepted
            .filter_map(|entry| complaint(entry, used.contains(&*entry.fingerprint), today));
        let severities = self.severities.iter();
        let severities =
            severities.filter_map(|entry| unfollowed(entry, followed.contains(entry.rule)));
        severities.chain(accepted).collect()
    }
}

fn decision(reason: &str, is_new: bool) -> Decision {
    Decision {
        reason: reason.to_owned(),
        is_new,
    }
}

/// What there is to say of a severity. One that stood there before may wait for a change to come; one that came
/// with this change is meant for something in it.
fn unfollowed(entry: &Weighed, is_followed: bool) -> Option<Diagnostic> {
    let name = quote(entry.rule);
    let own = rules().find(|rule| rule.id == entry.rule)?.severity;
    let (message, help) = if own == entry.severity {
        (
            format!("{name} weighs that by its own table"),
            "remove the entry, or give another severity",
        )
    } else if entry.is_new && !is_followed {
        (
            format!("no finding of this change is of the rule {name}"),
            "take the rule from a finding of the review, or remove the entry",
        )
    } else {
        return None;
    };
    Some(diagnostic(&UNUSED, entry.span.clone(), message, help))
}

/// What there is to say of an acceptance.
fn complaint(entry: &Acceptance, is_used: bool, today: NaiveDate) -> Option<Diagnostic> {
    let name = quote(&entry.fingerprint);
    if !is_used {
        let message = format!("there is no finding {name} to accept");
        let help = "remove the entry; if the finding has changed, look at it again and take the \
                    fingerprint that it has now";
        Some(diagnostic(&UNUSED, entry.span.clone(), message, help))
    } else if entry.until < today {
        let message = format!("{name} was accepted until {}", entry.until);
        let help = "repair what was found, or accept it until a later day";
        Some(diagnostic(&EXPIRED, entry.span.clone(), message, help))
    } else {
        None
    }
}

fn diagnostic(
    rule: &'static Rule,
    span: std::ops::Range<usize>,
    message: String,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic {
        rule: rule.id,
        severity: rule.severity,
        message,
        primary: Label {
            span,
            text: String::new(),
        },
        related: Vec::new(),
        why: rule.why.to_owned(),
        help: help.into(),
    }
}

/// The reading of a policy, with what is wrong so far.
#[derive(Default)]
struct Reader {
    wrong: Vec<Diagnostic>,
}

impl Reader {
    fn policy(&mut self, root: &Node<'_>) -> Policy {
        self.object(root, "the policy", &["severity", "accept"], &[]);
        let mut policy = Policy::default();
        for entry in self.list(root, "severity") {
            policy.severities.extend(self.weighed(&entry));
        }
        for entry in self.list(root, "accept") {
            policy.accepted.extend(self.acceptance(&entry));
        }
        let rules = policy.severities.iter().map(|entry| entry.rule);
        let prints = policy.accepted.iter().map(|entry| &*entry.fingerprint);
        self.once(root, ("severity", "rule"), rules.collect());
        self.once(root, ("accept", "fingerprint"), prints.collect());
        policy
    }

    fn weighed(&mut self, entry: &Node<'_>) -> Option<Weighed> {
        let keys = ["rule", "severity", "reason"];
        if !self.object(entry, "an entry of `severity`", &keys, &keys) {
            return None;
        }
        let rule = self.text(entry, "rule");
        let severity = self.text(entry, "severity");
        let reason = self.reason(entry);
        let rule = rule.and_then(|name| self.rule(entry, name));
        let severity = severity.and_then(|name| match name {
            "breaking" => Some(Impact::Breaking),
            "notable" => Some(Impact::Notable),
            "compatible" => Some(Impact::Compatible),
            _ => {
                let message = format!("{} is no severity", quote(name));
                let help = "write `breaking`, `notable` or `compatible`";
                self.at(entry, "severity", message, help);
                None
            }
        });
        Some(Weighed {
            rule: rule?,
            severity: severity?,
            reason: reason?,
            is_new: false,
            span: entry.get("rule")?.span(),
        })
    }

    /// The rule of a name.
    fn rule(&mut self, entry: &Node<'_>, name: &str) -> Option<&'static str> {
        let known = rules().find(|rule| rule.id == name);
        if known.is_none() {
            let message = format!("there is no rule {} on the wire", quote(name));
            let help = if name.starts_with("rust-") {
                "remove the entry: what a change of the client weighs follows from Rust".to_owned()
            } else if let Some(near) = nearest(name, rules().map(|rule| rule.id)) {
                format!("write `{near}`, if that is what is meant")
            } else {
                "take the rule from a finding of the review".to_owned()
            };
            self.at(entry, "rule", message, help);
        }
        known.map(|rule| rule.id)
    }

    fn acceptance(&mut self, entry: &Node<'_>) -> Option<Acceptance> {
        let keys = ["fingerprint", "reason", "until"];
        if !self.object(entry, "an entry of `accept`", &keys, &keys) {
            return None;
        }
        let fingerprint = self.text(entry, "fingerprint");
        let reason = self.reason(entry);
        let until = self.text(entry, "until").and_then(|text| {
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
            if date.is_none() {
                let message = format!("{} is no day", quote(text));
                let help =
                    "write the last day on which the finding is accepted, such as `2027-01-31`";
                self.at(entry, "until", message, help);
            }
            date
        });
        Some(Acceptance {
            fingerprint: fingerprint?.to_owned(),
            reason: reason?,
            until: until?,
            is_new: false,
            span: entry.get("fingerprint")?.span(),
        })
    }

    /// The reason of an entry, fit for a terminal.
    fn reason(&mut self, entry: &Node<'_>) -> Option<String> {
        let reason = self.text(entry, "reason")?.trim();
        if reason.is_empty() {
            let help = "say in a sentence why the finding may weigh that";
            self.at(entry, "reason", "the reason is empty".to_owned(), help);
            return None;
        }
        Some(printable(reason))
    }

    /// Whether a value is an object; complains of keys that it must not have or has to have.
    fn object(&mut self, node: &Node<'_>, what: &str, keys: &[&str], needed: &[&str]) -> bool {
        let listed = format!("`{}`", keys.join("`, `"));
        let Some(members) = node.value.as_object() else {
            let message = format!("{what} is no object");
            self.complain(
                node.span(),
                message,
                format!("write {listed} with their values"),
            );
            return false;
        };
        for (name, member) in node.entries() {
            if !keys.contains(&name) {
                let message = format!("{what} has no {}", quote(name));
                let help = nearest(name, keys.iter().copied()).map_or_else(
                    || format!("{what} has {listed}"),
                    |near| format!("write `{near}`, if that is what is meant"),
                );
                self.complain(member.key_span(), message, help);
            }
        }
        for key in needed.iter().filter(|key| !members.contains_key(key)) {
            let message = format!("{what} has to have `{key}`");
            self.complain(node.span(), message, format!("add `{key}`"));
        }
        true
    }

    /// The elements of a list, where there is one.
    fn list<'a>(&mut self, root: &Node<'a>, key: &str) -> Vec<Node<'a>> {
        if let Some(list) = root.get(key)
            && !list.value.is_array()
            && !list.value.is_null()
        {
            let message = format!("`{key}` is no list");
            self.at(root, key, message, "put `- ` before each entry");
        }
        root.elements(key).collect()
    }

    /// A string that has to be there; that it is missing was said before.
    fn text<'a>(&mut self, entry: &Node<'a>, key: &str) -> Option<&'a str> {
        let value = entry.get(key)?.value;
        if !value.is_string() {
            let message = format!("`{key}` is no text");
            self.at(entry, key, message, "put the value in quotes");
        }
        value.as_str()
    }

    /// Complains of what stands twice in a list. Entries that could not be read are left out, so the place
    /// is found by the value.
    fn once(&mut self, root: &Node<'_>, (list, key): (&str, &str), values: Vec<&str>) {
        let mut seen = HashSet::new();
        for value in values.into_iter().filter(|value| !seen.insert(*value)) {
            let same = |entry: &Node<'_>| entry.text(key) == Some(value);
            if let Some(last) = root.elements(list).filter(same).last() {
                let message = format!("`{list}` has {} twice", quote(value));
                self.at(&last, key, message, "remove one of the two");
            }
        }
    }

    /// Complains of the value under a key.
    fn at(&mut self, entry: &Node<'_>, key: &str, message: String, help: impl Into<String>) {
        let span = entry.get(key).map_or(entry.span(), |node| node.span());
        self.complain(span, message, help);
    }

    fn complain(&mut self, span: std::ops::Range<usize>, message: String, help: impl Into<String>) {
        self.wrong.push(diagnostic(&INVALID, span, message, help));
    }
}
