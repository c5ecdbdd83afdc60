//! What a document says otherwise than its pages on purpose, and why.
//!
//! A list of entries, each with a `rule`, a `reason`, and where it holds: `at`, a pointer into the document
//! with all that is below it, or `fact`, or both; and with a `subject`, for that operation or schema alone.

use std::collections::BTreeSet;

use crate::{
    Diagnostic, Label, Severity, Source,
    diagnostic::quote,
    document::{Document, Node},
    parse,
};

use super::{
    Finding,
    rules::{of_index, rules},
};

/// One entry.
#[derive(Debug)]
pub(super) struct Declaration {
    rule: String,
    at: Option<String>,
    fact: Option<String>,
    subject: Option<String>,
    span: std::ops::Range<usize>,
}

const STRUCTURE: (&str, &str) = (
    "declaration-structure",
    "a declaration says which difference is meant, where, and why it is right as it is",
);
const UNUSED: (&str, &str) = (
    "declaration-unused",
    "a declaration that matches nothing hides the next difference in its place",
);

fn problem(
    rule: (&'static str, &str),
    span: std::ops::Range<usize>,
    message: String,
    help: &str,
) -> Diagnostic {
    Diagnostic {
        rule: rule.0,
        severity: Severity::Error,
        message,
        primary: Label {
            span,
            text: String::new(),
        },
        related: Vec::new(),
        why: rule.1.to_owned(),
        help: help.to_owned(),
    }
}

/// Reads the entries. An entry that is wrong counts for nothing.
pub(super) fn read(source: &Source<'_>) -> (Vec<Declaration>, Vec<Diagnostic>) {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if source.text.lines().all(blank) {
        return (Vec::new(), Vec::new());
    }
    let document = match parse::parse(source) {
        Ok(document) => document,
        Err(problems) => return (Vec::new(), problems),
    };
    let root = document.root();
    if !root.value.is_array() {
        let message = "the declarations are no list".to_owned();
        let help = "write a list of entries with `rule`, `at` or `fact`, and `reason`";
        return (
            Vec::new(),
            vec![problem(STRUCTURE, root.span(), message, help)],
        );
    }
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for node in (0..).map_while(|index| root.element(index)) {
        match entry(&node) {
            Ok(declaration) => read.push(declaration),
            Err(problem) => problems.push(*problem),
        }
    }
    (read, problems)
}

fn entry(node: &Node<'_>) -> Result<Declaration, Box<Diagnostic>> {
    const KEYS: [&str; 5] = ["rule", "at", "fact", "subject", "reason"];
    let wrong = |node: &Node<'_>, message: String, help: &str| {
        Err(Box::new(problem(STRUCTURE, node.key_span(), message, help)))
    };
    for (key, value) in node.entries() {
        if !KEYS.contains(&key) {
            let help = "an entry has `rule`, `at`, `fact`, `subject` and `reason`";
            return wrong(
                &value,
                format!("a declaration has an unknown key {}", quote(key)),
                help,
            );
        }
        let Some(text) = value.value.as_str() else {
            return wrong(
                &value,
                format!("{} of a declaration is no text", quote(key)),
                "put it in quotes",
            );
        };
        if text.trim().is_empty() {
            return wrong(
                &value,
                format!("{} of a declaration is empty", quote(key)),
                "say it, or leave the key out",
            );
        }
    }
    let text = |key: &str| node.text(key).map(str::to_owned);
    let Some(rule) = text("rule") else {
        return wrong(
            node,
            "a declaration has no `rule`".to_owned(),
            "write the id that the finding shows",
        );
    };
    if !rules().any(|known| known.id == rule) {
        let at = node.get("rule").unwrap_or_else(|| node.clone());
        return wrong(
            &at,
            format!("there is no rule {}", quote(&rule)),
            "write the id that the finding shows",
        );
    }
    if text("reason").is_none() {
        return wrong(
            node,
            "a declaration has no `reason`".to_owned(),
            "say why the document is right as it is",
        );
    }
    let (at, fact) = (text("at"), text("fact"));
    if at.is_none() && fact.is_none() {
        return wrong(
            node,
            "a declaration says neither `at` nor `fact`".to_owned(),
            "write `at` with the JSON pointer that the finding shows, or `fact`",
        );
    }
    Ok(Declaration {
        rule,
        at,
        fact,
        subject: text("subject"),
        span: node.span(),
    })
}

impl Declaration {
    fn covers(&self, found: &Finding) -> bool {
        let at = self.at.as_ref().is_none_or(|at| {
            let pointer = found
                .spec
                .as_ref()
                .map_or("", |place| place.pointer.as_str());
            let rest = pointer.strip_prefix(at.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        found.rule.id == self.rule
            && at
            && self.fact.as_ref().is_none_or(|fact| *fact == found.fact)
            && self
                .subject
                .as_ref()
                .is_none_or(|subject| found.subjects.contains(subject))
    }
}

/// What was read, and so what a declaration can be judged by.
pub(super) struct Read<'r> {
    /// The subjects of which a page was read whole.
    pub(super) whole: &'r BTreeSet<String>,
    /// Whether every operation has such a page.
    pub(super) all: bool,
    /// Whether an index of pages was read.
    pub(super) index: bool,
}

/// Sets the findings apart that are declared, and complains of declarations that match nothing.
pub(super) fn apply(
    declarations: &[Declaration],
    findings: Vec<Finding>,
    document: &Document,
    read: &Read<'_>,
) -> (Vec<Finding>, Vec<Finding>, Vec<Diagnostic>) {
    let mut used = vec![false; declarations.len()];
    let (mut open, mut declared) = (Vec::new(), Vec::new());
    for found in findings {
        let mut covered = false;
        for (declaration, used) in declarations.iter().zip(&mut used) {
            if declaration.covers(&found) {
                covered = true;
                *used = true;
            }
        }
        if covered { &mut declared } else { &mut open }.push(found);
    }
    let mut problems = Vec::new();
    for (declaration, used) in declarations.iter().zip(used) {
        let nowhere = declaration
            .at
            .as_ref()
            .filter(|at| document.at(at).is_none());
        if let Some(at) = nowhere {
            let message = format!(
                "a declaration is for {}, which the document does not have",
                quote(at)
            );
            problems.push(problem(
                UNUSED,
                declaration.span.clone(),
                message,
                "remove the declaration, or correct `at`",
            ));
            continue;
        }
        // Whether nothing matches can only be told of pages that were read.
        let judged = if of_index(&declaration.rule) {
            read.index
        } else {
            let whole = |subject: &String| read.whole.contains(subject);
            read.all || declaration.subject.as_ref().is_some_and(whole)
        };
        if !used && judged {
            let message = format!(
                "a declaration of {} matches no difference any more",
                quote(&declaration.rule)
            );
            problems.push(problem(
                UNUSED,
                declaration.span.clone(),
                message,
                "remove it where the document and the pages agree, or correct `at`, `fact` or `subject`",
            ));
        }
    }
    (open, declared, problems)
}
