//! The facts of pages as they were on a day, to see later what has changed.

use std::{collections::BTreeMap, ops::Range};

use serde_json::Value;

use crate::{Diagnostic, Label, Severity, Source, document::Node, guard::guarded, isolate, parse};

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
    Now {
        page: RecordedPage {
            name: crate::printable(source.name),
            date: String::new(),
            fingerprint: fingerprint(&facts),
            whole,
            facts,
        },
        spans: lines
            .into_iter()
            .map(|(key, (_, span))| (key, span))
            .collect(),
    }
}

impl Record {
    /// The facts of pages, read on a day. A page whose facts are the same in `before` keeps its date.
    pub(super) fn new(before: Option<&Self>, pages: &[Source<'_>], date: &str) -> Self {
        let known = |name: &str| before?.pages.iter().find(|page| page.name == name);
        let mut all = BTreeMap::new();
        for source in pages {
            let mut page = now(source).page;
            let same = known(&page.name).filter(|old| old.fingerprint == page.fingerprint);
            page.date = same.map_or(date, |old| &old.date).to_owned();
            all.insert(page.name.clone(), page);
        }
        Self {
            pages: all.into_values().collect(),
        }
    }

    /// Reads what [`Record::to_text`] has written.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, with its places: it is no YAML, has another structure, or its facts are
    /// not those that the fingerprint was made of.
    pub fn parse(source: &Source<'_>) -> Result<Self, Vec<Diagnostic>> {
        guarded(|| {
            let document = parse::parse(source)?;
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
        let mut seen = std::collections::BTreeSet::new();
        for (index, source) in pages.iter().enumerate() {
            let now = now(source);
            seen.insert(now.page.name.clone());
            let old = self.pages.iter().find(|page| page.name == now.page.name);
            let Some(old) = old else {
                changes.push(PageChange {
                    name: now.page.name,
                    page: Some(index),
                    since: None,
                    state: PageState::New,
                    facts: Vec::new(),
                });
                continue;
            };
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

fn differences(old: &RecordedPage, now: &Now) -> Vec<FactChange> {
    let mut keys: Vec<&String> = old.facts.keys().chain(now.page.facts.keys()).collect();
    keys.sort();
    keys.dedup();
    let change = |key: &String| {
        let (before, after) = (old.facts.get(key), now.page.facts.get(key));
        let cut = after.is_none() && !now.page.whole;
        (before != after && !cut).then(|| FactChange {
            key: crate::printable(key),
            before: before.map(|text| crate::printable(text)),
            after: after.cloned(),
            span: now.spans.get(key).cloned(),
        })
    };
    keys.into_iter().filter_map(change).collect()
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
        rule: "docs-record",
        severity: Severity::Error,
        message,
        primary: Label {
            span: node.key_span(),
            text: String::new(),
        },
        related: Vec::new(),
        why: "what has changed on a page is told by what was recorded of it".to_owned(),
        help: "restore the file from version control, or write it anew with `--record`".to_owned(),
    })
}
