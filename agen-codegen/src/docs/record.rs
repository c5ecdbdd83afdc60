//! The facts of pages as they were on a day, to see later what has changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    Diagnostic, Label, Severity, Source, document::Node, guard::guarded, isolate, parse,
    value::Value,
};

use super::{describe, pages};

/// The facts of pages, in a form that is kept beside the document. No sentence of a page is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The pages, in the order of their names.
    pub pages: Vec<RecordedPage>,
}

/// The facts of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedPage {
    /// The name that the page was given with: its address, or its path.
    pub name: String,
    /// The day since which the facts are known, such as `2026-01-31`.
    pub date: String,
    /// A hash of the facts, in hexadecimal digits.
    pub fingerprint: String,
    /// Whether the page was read whole.
    pub whole: bool,
    /// What is stated, by what it is stated of: `POST /a body id` is `string, required`.
    pub facts: BTreeMap<String, String>,
}

/// What became of a page since it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageChange {
    /// The name of the page. It is text that was given or recorded.
    pub name: String,
    /// Index among the pages that were given; absent where it is gone.
    pub page: Option<usize>,
    /// The day of the recorded facts; absent where the page is new.
    pub since: Option<String>,
    /// New, gone, or changed.
    pub state: PageState,
    /// The facts that differ, in the order of their keys. None for a page that is new or gone.
    pub facts: Vec<FactChange>,
}

/// How a page differs from what was recorded of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// It was not recorded.
    New,
    /// It was recorded, and is not among the pages that were given.
    Gone,
    /// Its facts are others.
    Changed,
}

/// A fact that differs. All texts are fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// What it is a fact of, such as `POST /a body id`.
    pub key: String,
    /// What was recorded; absent where the fact is new.
    pub before: Option<String>,
    /// What the page states now; absent where it does not any more.
    pub after: Option<String>,
    /// Where the page states it, in bytes of its text.
    pub span: Option<Range<usize>>,
}

const RULE: &str = "docs-record";
const WHY: &str = "what has changed on a page is told by what was recorded of it";
const HELP: &str =
    "restore the file from version control, or remove it and write it anew with `--record`";

impl RecordedPage {
    /// Whether both describe the same, and something at all. A page can get another name.
    pub fn describes_as(&self, other: &Self) -> bool {
        let subjects = |page: &'_ Self| -> Vec<String> {
            let facts = page.facts.iter().filter(|(_, value)| *value == "described");
            facts.map(|(key, _)| key.clone()).collect()
        };
        let own = subjects(self);
        !own.is_empty() && own == subjects(other)
    }
}

/// The names of pages as they are recorded.
fn names(pages: &[Source<'_>]) -> BTreeSet<String> {
    pages
        .iter()
        .map(|page| crate::printable(page.name))
        .collect()
}

/// FNV-1a: it tells texts apart, and is no protection against somebody who wants two to be the same.
pub(super) fn hash<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let bytes = texts.into_iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn fingerprint(facts: &BTreeMap<String, String>) -> String {
    let texts = facts
        .iter()
        .flat_map(|(key, value)| [key.as_str(), value.as_str()]);
    format!("{:016x}", hash(texts))
}

/// What one page states now.
struct Now {
    page: RecordedPage,
    spans: BTreeMap<String, Range<usize>>,
    /// The fact with which the text ends.
    last: Option<String>,
}

fn now(source: &Source<'_>) -> Now {
    let read = || {
        let reading = pages::read(source);
        let facts = describe::facts(&reading);
        (reading.lacks.is_empty(), facts.lines)
    };
    // A page that cannot be read has no facts.
    let (whole, lines) = guarded(read).unwrap_or_default();
    let facts: BTreeMap<String, String> = lines
        .iter()
        .map(|(key, (value, _))| (key.clone(), value.clone()))
        .collect();
    let spans: BTreeMap<_, _> = lines
        .into_iter()
        .map(|(key, (_, span))| (key, span))
        .collect();
    Now {
        page: RecordedPage {
            name: crate::printable(source.name),
            date: String::new(),
            fingerprint: fingerprint(&facts),
            whole,
            facts,
        },
        last: last(source.text, &spans),
        spans,
    }
}

impl Record {
    /// The facts of pages, read on a day. A page whose facts are the same in `before` keeps its date.
    pub(super) fn new(before: Option<&Self>, pages: &[Source<'_>], date: &str) -> Self {
        let given = names(pages);
        let mut all = BTreeMap::new();
        for source in pages {
            let now = now(source);
            let old = before.and_then(|before| before.former(&now.page, &given));
            let mut page = now.page.clone();
            // What is cut off now is still known.
            if let Some(old) = old.filter(|_| !page.whole) {
                page.facts = old.facts.clone();
                page.whole = old.whole;
                for (key, after) in changed(old, &now) {
                    page.facts
                        .extend(after.map(|after| (key.clone(), after.clone())));
                }
                page.fingerprint = fingerprint(&page.facts);
            }
            let same = old.filter(|old| old.fingerprint == page.fingerprint);
            page.date = same.map_or(date, |old| &old.date).to_owned();
            all.insert(page.name.clone(), page);
        }
        Self {
            pages: all.into_values().collect(),
        }
    }

    /// What is recorded of a page: under its name, or else under one that is not among the `given` any more,
    /// if the page describes the same operations and schemas.
    fn former(&self, page: &RecordedPage, given: &BTreeSet<String>) -> Option<&RecordedPage> {
        let mut all = self.pages.iter();
        all.clone()
            .find(|old| old.name == page.name)
            .or_else(|| all.find(|old| !given.contains(&old.name) && old.describes_as(page)))
    }

    /// Reads what [`Record::to_text`] has written.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, with its places: it is no YAML, has another structure, or its facts are
    /// not those that the fingerprint was made of.
    pub fn parse(source: &Source<'_>) -> Result<Self, Vec<Diagnostic>> {
        guarded(|| {
            let document = parse::parse(source).map_err(|found| {
                let why = |found: Diagnostic| Diagnostic {
                    rule: RULE,
                    why: WHY.to_owned(),
                    help: HELP.to_owned(),
                    ..found
                };
                found.into_iter().map(why).collect::<Vec<_>>()
            })?;
            let root = document.root();
            let list = root.get("pages").filter(|list| list.value.is_array());
            let Some(list) = list else {
                return Err(vec![*problem(
                    &root,
                    "the record has no list `pages`".to_owned(),
                )]);
            };
            let mut problems = Vec::new();
            let mut pages = Vec::new();
            for node in (0..).map_while(|index| list.element(index)) {
                match recorded(&node) {
                    Ok(page) => pages.push(page),
                    Err(problem) => problems.push(*problem),
                }
            }
            if problems.is_empty() {
                Ok(Self { pages })
            } else {
                Err(problems)
            }
        })
        .unwrap_or_else(|fault| Err(vec![isolate::unplaced(&fault)]))
    }

    /// The record as YAML, the same for the same facts, made to be compared by lines.
    pub fn to_text(&self) -> String {
        let quoted = |text: &str| Value::String(text.to_owned()).to_string();
        let mut text = String::from(
            "# What the pages of the provider stated when they were last recorded.\n\
             # Written by `cargo xtask docs-drift --record`; not to be edited.\n",
        );
        if self.pages.is_empty() {
            text.push_str("pages: []\n");
            return text;
        }
        text.push_str("pages:\n");
        for page in &self.pages {
            text.push_str(&format!("  - page: {}\n", quoted(&page.name)));
            text.push_str(&format!("    date: {}\n", quoted(&page.date)));
            text.push_str(&format!("    fingerprint: {}\n", quoted(&page.fingerprint)));
            text.push_str(&format!("    whole: {}\n", page.whole));
            if page.facts.is_empty() {
                text.push_str("    facts: {}\n");
                continue;
            }
            text.push_str("    facts:\n");
            for (key, value) in &page.facts {
                text.push_str(&format!("      {}: {}\n", quoted(key), quoted(value)));
            }
        }
        text
    }

    /// What has changed of pages since they were recorded. Pages whose facts are the same are not in it.
    ///
    /// Of a page that is not read whole now, what is missing may only be cut off, and is not told.
    pub fn changes(&self, pages: &[Source<'_>]) -> Vec<PageChange> {
        let mut changes = Vec::new();
        let given = names(pages);
        let mut seen = BTreeSet::new();
        for (index, source) in pages.iter().enumerate() {
            let now = now(source);
            let Some(old) = self.former(&now.page, &given) else {
                changes.push(PageChange {
                    name: now.page.name,
                    page: Some(index),
                    since: None,
                    state: PageState::New,
                    facts: Vec::new(),
                });
                continue;
            };
            seen.insert(old.name.clone());
            let facts = differences(old, &now);
            if !facts.is_empty() {
                changes.push(PageChange {
                    name: now.page.name,
                    page: Some(index),
                    since: Some(crate::printable(&old.date)),
                    state: PageState::Changed,
                    facts,
                });
            }
        }
        let gone = self.pages.iter().filter(|page| !seen.contains(&page.name));
        changes.extend(gone.map(|page| PageChange {
            name: page.name.clone(),
            page: None,
            since: Some(crate::printable(&page.date)),
            state: PageState::Gone,
            facts: Vec::new(),
        }));
        changes
    }
}

/// The facts that differ, with what they are now.
fn changed<'n>(old: &'n RecordedPage, now: &'n Now) -> Vec<(&'n String, Option<&'n String>)> {
    let mut keys: Vec<&String> = old.facts.keys().chain(now.page.facts.keys()).collect();
    keys.sort();
    keys.dedup();
    let all = keys.into_iter().map(|key| (key, now.page.facts.get(key)));
    all.filter(|(key, after)| {
        let before = old.facts.get(*key);
        let cut = !now.page.whole && now.may_go_on(key, before, *after);
        before != *after && !cut
    })
    .collect()
}

impl Now {
    /// Whether what is left of a fact, on a page that is cut off, may be a part of what was recorded.
    fn may_go_on(&self, key: &str, before: Option<&String>, after: Option<&String>) -> bool {
        let Some(after) = after else { return true };
        let words: BTreeSet<&str> = after.split(", ").collect();
        // A value of which only a sample is left, or not even that.
        let is_open = |word: &&str| word.split(" | ").any(|kind| kind == "any");
        if words.contains("by a sample") || words.iter().any(is_open) {
            return true;
        }
        let known: BTreeSet<&str> = before.map_or(BTreeSet::new(), |it| it.split(", ").collect());
        let mut rest = words.iter().filter(|word| **word != "optional");
        let is_part = rest.all(|word| known.contains(word));
        before.is_some() && (self.last.as_deref() == Some(key) || is_part)
    }
}

/// The fact with which a text ends: a name, with no more than a type below it.
fn last(text: &str, spans: &BTreeMap<String, Range<usize>>) -> Option<String> {
    let (key, span) = spans.iter().max_by_key(|(_, span)| span.start)?;
    let below = text.get(span.start..)?.lines();
    let below = below.filter(|line| !line.trim().is_empty());
    (below.count() <= 2).then(|| key.clone())
}

fn differences(old: &RecordedPage, now: &Now) -> Vec<FactChange> {
    let change = |(key, after): (&String, Option<&String>)| FactChange {
        key: crate::printable(key),
        before: old.facts.get(key).map(|text| crate::printable(text)),
        after: after.cloned(),
        span: now.spans.get(key).cloned(),
    };
    changed(old, now).into_iter().map(change).collect()
}

fn recorded(node: &Node<'_>) -> Result<RecordedPage, Box<Diagnostic>> {
    let text = |key: &str| {
        let found = node.text(key).map(str::to_owned);
        found.ok_or_else(|| problem(node, format!("a page of the record has no text `{key}`")))
    };
    let mut facts = BTreeMap::new();
    for (key, value) in node.members("facts") {
        let Some(text) = value.value.as_str() else {
            return Err(problem(
                &value,
                "a fact of the record is no text".to_owned(),
            ));
        };
        facts.insert(key.to_owned(), text.to_owned());
    }
    let page = RecordedPage {
        name: text("page")?,
        date: text("date")?,
        fingerprint: text("fingerprint")?,
        whole: node.flag("whole"),
        facts,
    };
    if fingerprint(&page.facts) != page.fingerprint {
        let message =
            "the facts of a page are not those that its fingerprint was made of".to_owned();
        return Err(problem(node, message));
    }
    Ok(page)
}

fn problem(node: &Node<'_>, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic {
        rule: RULE,
        severity: Severity::Error,
        message,
        primary: Label {
            span: node.key_span(),
            text: String::new(),
        },
        related: Vec::new(),
        why: WHY.to_owned(),
        help: HELP.to_owned(),
    })
}
