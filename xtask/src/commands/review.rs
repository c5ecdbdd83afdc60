//! `cargo xtask review`.

use std::path::{Path, PathBuf};

use agen_codegen::{Review, printable, review::Impact};
use clap::ValueEnum;

use super::lint::Linted;
use crate::failure::Failure;
use crate::format::{review as json, review_human as human};
use crate::workspace::{self, Named};
use crate::{Printed, Status, git, input};

/// Say what a change of the document does to those who call the API.
///
/// A side is a file or a revision of git, in which the document of --spec is read. What stands in the
/// folder is one side unless two are named. Nothing is fetched and nothing is written.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What clients know: a revision, such as HEAD~1 or main, or a file
    #[arg(value_name = "BASE")]
    base: String,
    /// What they would have to do with [default: the document as it stands in the folder]
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The least change that lets the command exit with 3
    #[arg(long, value_enum, default_value_t = FailOn::Breaking)]
    fail_on: FailOn,
    /// The document [default: openapi.yaml of the workspace]
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// An object with the verdict and an array of findings
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// A change that breaks callers
    Breaking,
    /// One that may, too
    Notable,
    /// Any change on the wire
    Any,
}

impl FailOn {
    fn least(self) -> Impact {
        match self {
            Self::Breaking => Impact::Breaking,
            Self::Notable => Impact::Notable,
            Self::Any => Impact::Compatible,
        }
    }
}

/// Two documents, and what there is to say of them.
pub(crate) struct Reviewed {
    pub(crate) base: Linted,
    pub(crate) head: Linted,
    pub(crate) review: Review,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Printed, Failure> {
    let spec = Named::given_or(arguments.spec.as_deref(), workspace::SPEC);
    let base = side(&arguments.base, &spec)?;
    let head = match &arguments.head {
        Some(head) => side(head, &spec)?,
        None => file(spec)?,
    };
    let mut review = agen_codegen::review(&base.source(), &head.source());
    let mut reviewed = Reviewed {
        base: Linted {
            diagnostics: std::mem::take(&mut review.base),
            ..base
        },
        head: Linted {
            diagnostics: std::mem::take(&mut review.head),
            ..head
        },
        review: Review::default(),
    };
    reviewed.review = review;

    let gravest = reviewed
        .review
        .wire
        .as_ref()
        .map(|wire| wire.counts.gravest());
    let status = match gravest {
        // What is passed over in the head would not be generated from either.
        None => Status::Refused,
        Some(_) if !reviewed.head.diagnostics.is_empty() => Status::Refused,
        Some(gravest) if gravest >= Some(arguments.fail_on.least()) => Status::Stale,
        Some(_) => Status::Done,
    };
    let stderr = human::diagnostics(&reviewed);
    let stdout = match arguments.format {
        Format::Human => human::format(&reviewed),
        Format::Json => json::format(&reviewed),
    };
    Ok(Printed {
        stdout,
        stderr,
        status,
    })
}

/// Reads a side: a file, where there is one of that name, else a revision.
fn side(given: &str, spec: &Named) -> Result<Linted, Failure> {
    let path = Path::new(given);
    if path.is_file() {
        return file(Named::given_or(Some(path), workspace::SPEC));
    }
    let name = printable(&format!("{given}:{}", spec.name));
    let text = git::read(given, spec, &name)?;
    let file = Named {
        path: spec.path.clone(),
        name,
    };
    Ok(read(file, text))
}

fn file(file: Named) -> Result<Linted, Failure> {
    let text = input::read(&file.path, &file.name)?;
    Ok(read(file, text))
}

fn read(file: Named, text: String) -> Linted {
    Linted {
        file,
        text,
        diagnostics: Vec::new(),
    }
}
