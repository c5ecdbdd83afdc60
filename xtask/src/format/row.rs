//! A result, as every format for machines and for GitHub shows it, whichever command it comes from.

use agen_codegen::{Label, Lines, Position, Severity, printable};

use crate::commands::lint::Linted;

/// How much a result weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing to do.
    Note,
    /// Something to look at.
    Warning,
    /// Something to repair.
    Error,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
        }
    }
}

/// What the table of a command says of one of its rules.
pub(crate) struct Described {
    pub(crate) id: &'static str,
    pub(crate) level: Level,
    /// What it is about, in one line.
    pub(crate) summary: &'static str,
    pub(crate) why: &'static str,
}

impl From<&'static agen_codegen::Rule> for Described {
    fn from(rule: &'static agen_codegen::Rule) -> Self {
        Self {
            id: rule.id,
            level: rule.severity.into(),
            summary: rule.summary,
            why: rule.why,
        }
    }
}

/// One result. Its texts may hold pieces of documents: the formats make them plain.
pub(crate) struct Row {
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    /// What is the matter, in one line.
    pub(crate) message: String,
    pub(crate) why: String,
    /// What to do, where there is something.
    pub(crate) help: Option<String>,
    pub(crate) at: At,
    /// Other places that belong to it, each with a few words.
    pub(crate) related: Vec<(At, String)>,
    /// What stays the same as long as the result is about the same thing.
    pub(crate) fingerprint: Option<String>,
    /// Why the result does not count, where somebody has said so.
    pub(crate) accepted: Option<String>,
}

impl Row {
    /// All that there is to say, in lines that are fit for a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "{}\nwhy: {}",
            printable(&self.message),
            printable(&self.why)
        );
        let rest = [("help", &self.help), ("accepted", &self.accepted)];
        for (word, said) in rest {
            if let Some(said) = said {
                text.push_str(&format!("\n{word}: {}", printable(said)));
            }
        }
        text
    }
}

/// A place in a file.
pub(crate) struct At {
    /// The path from the root of the repository, with `/` between folders; or an absolute path, or an
    /// address.
    pub(crate) file: String,
    pub(crate) start: Position,
    /// Behind the last character.
    pub(crate) end: Position,
}

impl At {
    /// Where a label of a document stands.
    pub(crate) fn label(document: &Linted, lines: &Lines<'_>, label: &Label) -> Self {
        Self {
            file: document.file.in_repository(),
            start: lines.position(label.span.start),
            end: lines.position(label.span.end),
        }
    }
}

/// The complaints about documents.
pub(crate) fn complaints<'a>(documents: impl IntoIterator<Item = &'a Linted>) -> Vec<Row> {
    let mut rows = Vec::new();
    for document in documents {
        let lines = Lines::new(&document.text);
        for found in &document.diagnostics {
            let at = |label| At::label(document, &lines, label);
            let related = found.related.iter();
            rows.push(Row {
                rule: found.rule,
                level: found.severity.into(),
                message: found.message.clone(),
                why: found.why.clone(),
                help: Some(found.help.clone()),
                at: at(&found.primary),
                related: related
                    .map(|label| (at(label), label.text.clone()))
                    .collect(),
                fingerprint: None,
                accepted: None,
            });
        }
    }
    rows
}
