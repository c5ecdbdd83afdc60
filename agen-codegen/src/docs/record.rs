//! The facts of pages as they were on a day, to see later what has changed.

use std::collections::BTreeMap;

use crate::{Diagnostic, Source};

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
    /// What is stated, by what it is stated of: `POST /a body.id` is `string, required`.
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
    /// What it is a fact of, such as `POST /a body.id`.
    pub key: String,
    /// What was recorded; absent where the fact is new.
    pub before: Option<String>,
    /// What the page states now; absent where it does not any more.
    pub after: Option<String>,
    /// Where the page states it, in bytes of its text.
    pub span: Option<std::ops::Range<usize>>,
}

impl Record {
    /// The facts of pages, read on a day.
    pub(super) fn new(before: Option<&Self>, pages: &[Source<'_>], date: &str) -> Self {
        let _ = (before, pages, date);
        Self::default()
    }

    /// Reads what [`Record::to_text`] has written.
    pub fn parse(source: &Source<'_>) -> Result<Self, Vec<Diagnostic>> {
        crate::parse::parse(source).map(|_| Self::default())
    }

    /// The record as YAML, the same for the same facts, made to be compared by lines.
    pub fn to_text(&self) -> String {
        String::new()
    }

    /// What has changed of pages since they were recorded. Pages whose facts are the same are not in it.
    /// A page that is not read whole is compared only in what it states.
    pub fn changes(&self, pages: &[Source<'_>]) -> Vec<PageChange> {
        let _ = pages;
        Vec::new()
    }
}
