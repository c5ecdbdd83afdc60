//! Turns an OpenAPI 3.0 or 3.1 document into the source of a Rust client, or into diagnostics.
//!
//! The crate is pure: text goes in, files or diagnostics come out. It touches no file system,
//! environment, clock or network, and the same text gives the same files, byte for byte.
//!
//! ```text
//! text ─ parse ─► document + source map ─ rewrite ─► ─ lint ─► ─ lower ─► 3.0 document ─ generate ─► tokens ─ polish ─► syntax tree ─ render ─► files
//!                                          └─ lowerings: what was done                                └─ surface ─► table of the API
//! ```
//!
//! [`generate`] runs the whole pipeline, [`lint()`] only its first half. [`review()`] compares two
//! documents, and [`docs::drift`] a document with the pages that it is kept from.

#![forbid(unsafe_code)]

mod api;
mod circles;
mod declarations;
mod diagnostic;
pub mod docs;
mod document;
mod generate;
mod guard;
mod isolate;
mod lint;
mod lower;
mod media_type;
mod name;
mod parameters;
mod parse;
mod parts;
mod path;
mod polish;
mod render;
pub mod review;
mod rewrite;
mod security;
mod servers;
mod skip;
mod status;
mod surface;
mod value;

use std::{collections::BTreeMap, ops::Range};

use document::Document;
use guard::guarded;
use lint::Reading;
use lower::Lowered;

pub use diagnostic::{Diagnostic, Label, Lines, Position, Severity, printable};
pub use lint::{Rule, rules};
pub use review::{Review, review};
pub use rewrite::{Lowering, LoweringRule, lowerings};

/// How many threads make the code. What comes before cannot be divided and takes about as long as each of two
/// then has to do, so more would gain little; and each takes memory of its own.
const THREADS: usize = 2;

/// A text to read, and the name under which diagnostics speak of it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What stands before `:line:column` in a diagnostic; usually the path as the user gave it.
    pub name: &'a str,
    /// The document, in YAML or JSON.
    pub text: &'a str,
}

/// Where the generated code will live.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Path of the module that holds `runtime` and `generated`, as the generated code names it.
    pub root: String,
    /// The same module, as an example in the documentation names it.
    pub public_root: String,
    /// Leave out the operations and schemas that cannot be generated from, and what leads to them,
    /// instead of refusing the document for them.
    pub skip_broken: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            root: "crate".to_owned(),
            public_root: "agen_api".to_owned(),
            skip_broken: false,
        }
    }
}

/// What a run of the pipeline has to say.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every complaint, errors and warnings, in the order of their places in the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What was done to the document so that it could be generated from, in the order of the places;
    /// nothing where nothing was generated.
    pub lowered: Vec<Lowering>,
    /// What is missing in the client, in the order of the places; nothing without
    /// [`Settings::skip_broken`].
    pub left_out: Vec<LeftOut>,
    /// The generated client; absent exactly when a diagnostic is an error.
    pub output: Option<Output>,
}

/// An operation or schema that the client has nothing of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is, as a message names it. It can hold text of the document.
    pub title: String,
    /// Whether it is an operation; otherwise it is a schema.
    pub is_operation: bool,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// Why, in one sentence. It can hold text of the document.
    pub reason: String,
}

/// A generated client.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The text of every file, by its path below the output directory, with `/` between folders.
    pub files: BTreeMap<String, String>,
    /// The table of the API: operations, their arguments and results, and the types.
    pub surface: String,
    /// How many operations the client has.
    pub operations: usize,
    /// How many types of the document the client has.
    pub types: usize,
}

/// Checks a document without generating anything. What [`generate`] would do to the document is
/// a warning.
pub fn lint(source: &Source<'_>) -> Vec<Diagnostic> {
    judge(source, true)
}

/// What lint has to say, of what was done to the document too, or not.
fn judge(source: &Source<'_>, with_lowered: bool) -> Vec<Diagnostic> {
    let judge = |mut document: Document| {
        guarded(move || {
            rewrite::rewrite(&mut document, |reading, lowered| {
                let told = if with_lowered { &*lowered } else { &[] };
                judged(reading, told).0
            })
        })
    };
    match read(source).map(judge) {
        Ok(Ok(diagnostics)) | Err(diagnostics) => diagnostics,
        Ok(Err(fault)) => again(source, |document| {
            isolate::isolate(document, &fault, &|document| judge(document).map(drop))
        })
        .unwrap_or_else(|diagnostics| diagnostics),
    }
}

/// Runs the whole pipeline.
pub fn generate(source: &Source<'_>, settings: &Settings) -> Outcome {
    let run = |document| guarded(|| pipeline(document, settings)).and_then(|result| result);
    let refused = |diagnostics| Outcome {
        diagnostics,
        ..Outcome::default()
    };
    // The document is read on the thread that works on it, which uses again the memory of what is done.
    let ended = guarded(|| match parse::parse(source) {
        Ok(document) => pipeline(document, settings),
        Err(diagnostics) => Ok(refused(diagnostics)),
    });
    let ended = ended.and_then(|result| result);
    match ended {
        Ok(outcome) if outcome.output.is_some() || !settings.skip_broken => outcome,
        ended if settings.skip_broken => {
            let judged = match &ended {
                Ok(outcome) => outcome.diagnostics.clone(),
                Err(_) => judge(source, false),
            };
            again(source, |document| skip::skip(document, ended, judged, &run))
                .unwrap_or_else(refused)
        }
        Ok(outcome) => outcome,
        Err(fault) => {
            let mut diagnostics = judge(source, false);
            let is_fault = |found: &Diagnostic| found.rule == isolate::RULE;
            // Where lint itself fails, it has said so.
            if !diagnostics.iter().any(is_fault) {
                let found = again(source, |document| {
                    isolate::isolate(document, &fault, &|document| run(document).map(drop))
                });
                diagnostics.extend(found.unwrap_or_else(|diagnostics| diagnostics));
            }
            refused(diagnostics)
        }
    }
}

/// The document of a text, or what is wrong with the text.
fn read(source: &Source<'_>) -> Result<Document, Vec<Diagnostic>> {
    guarded(|| parse::parse(source)).unwrap_or_else(|fault| Err(vec![isolate::unplaced(&fault)]))
}

/// Reads the document once more, since the pipeline has used it up, to find out where it fails.
fn again<T: Send>(
    source: &Source<'_>,
    work: impl FnOnce(&Document) -> T + Send,
) -> Result<T, Vec<Diagnostic>> {
    let document = read(source)?;
    guarded(|| work(&document)).map_err(|fault| vec![isolate::unplaced(&fault)])
}

/// From a document to the outcome. The error is a fault of the generator.
fn pipeline(mut document: Document, settings: &Settings) -> Result<Outcome, String> {
    let ((diagnostics, whole), lowered) = rewrite::rewrite(&mut document, |reading, lowered| {
        (judged(reading, &[]), lowered)
    });
    // It takes as much memory as what follows.
    drop(document);
    let Some(whole) = whole else {
        return Ok(Outcome {
            diagnostics,
            ..Outcome::default()
        });
    };
    let output = output(whole, settings)?;
    Ok(Outcome {
        diagnostics,
        lowered,
        output: Some(output),
        ..Outcome::default()
    })
}

/// What lint and lowering have to say of a rewritten document, and what it is lowered to if that is no error.
fn judged(reading: Reading<'_>, told: &[Lowering]) -> (Vec<Diagnostic>, Option<Lowered>) {
    let mut found = lint::lint(&reading, told);
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    if found.iter().any(is_error) {
        return (found, None);
    }
    let lowered = lower::lower(&reading.without_index());
    let lowered = lowered.map_err(|beyond| {
        found.extend(beyond);
        lint::sort(&mut found);
    });
    (found, lowered.ok())
}

fn output(lowered: Lowered, settings: &Settings) -> Result<Output, String> {
    let way = polish::Way {
        settings,
        declaring: false,
        threads: THREADS,
    };
    // What is told of a call takes less memory than what it is made of.
    let (made, api) = polish::polish(lowered, way, &|call| surface::call(&call))?;
    let surface = surface::surface(made.calls, &made.types);
    let (operations, types) = (api.operations.len(), made.types.len());
    let files = made.files.finish(&api, settings)?;
    Ok(Output {
        files,
        surface,
        operations,
        types,
    })
}
