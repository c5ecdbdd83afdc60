//! Complaints about a document, each with a rule, a place, a reason and a repair.

use std::ops::Range;

use crate::Source;

/// How much a complaint weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document can be generated from; it could say more.
    Warning,
    /// Nothing is generated from the document.
    Error,
}

/// A place in the text and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// A few words that stand beside the underlined text.
    pub text: String,
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id, in kebab case.
    pub rule: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Other places that belong to it, such as the first of two equal keys.
    pub related: Vec<Label>,
    /// Why it matters.
    pub why: String,
    /// What to write instead.
    pub help: String,
}

impl Diagnostic {
    /// The place of the complaint.
    pub fn position(&self, source: &Source<'_>) -> Position {
        let _ = source;
        Position { line: 1, column: 1 }
    }

    /// The complaint in the style of rustc; with ANSI colours where `color` is set.
    pub fn render(&self, source: &Source<'_>, color: bool) -> String {
        let _ = (source, color);
        String::new()
    }
}
