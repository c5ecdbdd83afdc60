//! `cargo xtask lint`.

use std::path::{Path, PathBuf};

use agen_codegen::{Diagnostic, Severity, Source};
use clap::ValueEnum;

use crate::failure::Failure;
use crate::format::{github, json, row, sarif};
use crate::report::{GREEN, RED, YELLOW, count, status};
use crate::workspace::{self, Named};
use crate::{Printed, Status, input};

/// Say what is wrong with documents, and generate nothing.
///
/// Exits with 1 where there is an error or where a file cannot be read; warnings alone exit with
/// 0. The machine formats go to standard output alone, everything else to standard error.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How to print the complaints
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The documents [default: openapi.yaml of the workspace]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, with the lines of the document
    Human,
    /// An array of objects
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// A document that was read, with all that is to be said of it.
pub(crate) struct Linted {
    pub(crate) file: Named,
    pub(crate) text: String,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Linted {
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.file.name,
            text: &self.text,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Printed, Failure> {
    let mut stderr = String::new();
    let mut documents = Vec::new();
    let mut refused = false;
    let given: Vec<Option<&Path>> = if arguments.files.is_empty() {
        vec![None]
    } else {
        arguments.files.iter().map(|file| Some(&**file)).collect()
    };
    for given in given {
        let file = Named::given_or(given, workspace::SPEC);
        // One file that cannot be read does not hide the complaints about the others.
        match input::read(&file.path, &file.name) {
            Ok(text) => documents.push(lint(file, text)),
            Err(failure) => {
                stderr.push_str(&failure.to_string());
                stderr.push('\n');
                refused = true;
            }
        }
    }

    let stdout = match arguments.format {
        Format::Human => {
            stderr.push_str(&human(&documents));
            String::new()
        }
        Format::Json => json::format(&documents),
        Format::Github => github::format(&row::complaints(&documents)),
        Format::Sarif => {
            let rules: Vec<_> = agen_codegen::rules().map(row::Described::from).collect();
            sarif::format(&rules, &row::complaints(&documents))
        }
    };
    refused |= documents.iter().any(|document| errors(document) > 0);
    Ok(Printed {
        stdout,
        stderr,
        status: if refused {
            Status::Refused
        } else {
            Status::Done
        },
    })
}

fn lint(file: Named, text: String) -> Linted {
    let mut linted = Linted {
        file,
        text,
        diagnostics: Vec::new(),
    };
    linted.diagnostics = agen_codegen::lint(&linted.source());
    linted
}

fn errors(document: &Linted) -> usize {
    let of = |d: &&Diagnostic| d.severity == Severity::Error;
    document.diagnostics.iter().filter(of).count()
}

fn human(documents: &[Linted]) -> String {
    let mut text = String::new();
    for document in documents {
        for diagnostic in &document.diagnostics {
            let rendered = diagnostic.render(&document.source(), true);
            text.push_str(rendered.trim_end());
            text.push_str("\n\n");
        }
    }
    for document in documents {
        let errors = errors(document);
        let warnings = document.diagnostics.len() - errors;
        let (style, word) = match (errors, warnings) {
            (0, 0) => (GREEN, "Clean"),
            (0, _) => (YELLOW, "Warned"),
            _ => (RED, "Refused"),
        };
        let rest = format!(
            "{}: {}, {}",
            document.file.name,
            count(errors, "error"),
            count(warnings, "warning")
        );
        status(&mut text, style, word, &rest);
    }
    text
}
