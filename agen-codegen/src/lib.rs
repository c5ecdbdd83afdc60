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
//! [`generate`] runs the whole pipeline, [`lint()`] only its first half.

#![forbid(unsafe_code)]

mod api;
mod diagnostic;
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
mod path;
mod polish;
mod render;
mod rewrite;
mod security;
mod servers;
mod status;
mod surface;

use std::collections::BTreeMap;

use document::Document;
use guard::guarded;
use lower::Lowered;
use render::Files;

pub use diagnostic::{Diagnostic, Label, Lines, Position, Severity};
pub use lint::{Rule, rules};
pub use rewrite::{Lowering, LoweringRule, lowerings};

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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            root: "crate".to_owned(),
            public_root: "agen_api".to_owned(),
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
    /// The generated client; absent exactly when a diagnostic is an error.
    pub output: Option<Output>,
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
    guarded(|| match read(source) {
        Ok((document, lowered)) => lint::lint(&document, &lowered),
        Err(diagnostics) => diagnostics,
    })
    .unwrap_or_else(|fault| vec![isolate::unplaced(&fault)])
}

/// The document of a text, rewritten, and what was done to it.
fn read(source: &Source<'_>) -> Result<(Document, Vec<Lowering>), Vec<Diagnostic>> {
    let mut document = parse::parse(source)?;
    let lowered = rewrite::rewrite(&mut document);
    Ok((document, lowered))
}

/// Runs the whole pipeline.
pub fn generate(source: &Source<'_>, settings: &Settings) -> Outcome {
    guarded(|| run(source, settings)).unwrap_or_else(|fault| Outcome {
        diagnostics: vec![isolate::unplaced(&fault)],
        ..Outcome::default()
    })
}

fn run(source: &Source<'_>, settings: &Settings) -> Outcome {
    let refused = |diagnostics| Outcome {
        diagnostics,
        ..Outcome::default()
    };
    let (document, lowered) = match read(source) {
        Ok(read) => read,
        Err(diagnostics) => return refused(diagnostics),
    };
    let mut diagnostics = lint::lint(&document, &[]);
    if diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        return refused(diagnostics);
    }
    match guarded(|| output(&document, settings)).and_then(|result| result) {
        Ok(output) => Outcome {
            diagnostics,
            lowered,
            output: Some(output),
        },
        Err(fault) => {
            diagnostics.push(isolate::isolate(&document, &fault));
            refused(diagnostics)
        }
    }
}

fn output(document: &Document, settings: &Settings) -> Result<Output, String> {
    let Lowered {
        paths,
        schemas,
        api,
    } = lower::lower(document);
    let lowered = lower::document(paths, schemas).map_err(|error| error.to_string())?;
    let tokens = generate::generate(&lowered, &api)?;
    let mut files = Files::default();
    let summary = polish::polish(tokens, &api, settings, &mut files)?;
    let surface = surface::surface(&summary);
    let files = files.finish(&api, settings)?;
    Ok(Output {
        files,
        surface,
        operations: summary.calls.len(),
        types: summary.types.len(),
    })
}
