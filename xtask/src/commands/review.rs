//! `cargo xtask review`.

mod version;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use agen_codegen::{
    Diagnostic, Review, Severity, printable,
    review::{Impact, Policy, policy, review_on, rust::Level},
};
use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum;

use super::lint::Linted;
use crate::failure::Failure;
use crate::format::review::{html, human, json, markdown, rows};
use crate::format::{github, sarif};
use crate::workspace::{self, Named};
use crate::{Printed, Status, git, input};
pub(crate) use version::{Bump, Versions};
use version::{Package, versions};

/// Say what a change of the document does to those who call the API.
///
/// A side is a file or a revision of git, in which the document of --spec is read. What stands in the
/// folder is one side unless two are named. A policy beside the document of HEAD, such as
/// openapi.review.yaml, can change the severity of rules and accept findings. Nothing is fetched and nothing
/// is written.
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
    /// For a comment or a summary of GitHub, in at most 65,536 characters
    Markdown,
    /// An object, as xtask/review.schema.json describes it
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// A page that stands alone, with both versions beside each other
    Html,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// A change that breaks callers
    Breaking,
    /// One that may, too
    Notable,
    /// Any change
    Any,
    /// A change that breaks callers, unless the versions of the client and of the document have been raised for it
    Unversioned,
}

impl FailOn {
    fn least(self) -> Impact {
        match self {
            Self::Breaking | Self::Unversioned => Impact::Breaking,
            Self::Notable => Impact::Notable,
            Self::Any => Impact::Compatible,
        }
    }
}

/// Two documents, and what there is to say of them.
pub(crate) struct Reviewed {
    pub(crate) base: Linted,
    pub(crate) head: Linted,
    /// The policy, where there is one, with what is wrong with it.
    pub(crate) policy: Option<Linted>,
    pub(crate) review: Review,
    pub(crate) versions: Versions,
}

impl Reviewed {
    /// The gravest thing that counts, on the wire and in the client; nothing where nothing has changed.
    pub(crate) fn gravest(&self) -> Option<Impact> {
        let wire = self.review.wire.as_ref();
        let wire = wire.and_then(|wire| wire.counts.gravest());
        let rust = self.review.rust.as_ref();
        let rust = rust.filter(|rust| !rust.changes.is_empty());
        let rust = rust.map(|rust| match rust.level() {
            Level::Major => Impact::Breaking,
            Level::Minor | Level::Patch => Impact::Compatible,
        });
        wire.max(rust)
    }

    /// Whether the client or the document is known to have a version that does not fit its changes.
    pub(crate) fn lacks_version(&self) -> bool {
        let Versions {
            client, document, ..
        } = &self.versions;
        [client, document]
            .iter()
            .any(|bump| bump.fits == Some(false))
    }

    /// Whether a break has the versions for it: that of the client, and that of the document where the wire
    /// breaks.
    fn is_versioned(&self) -> bool {
        let Versions {
            client, document, ..
        } = &self.versions;
        let fits = |bump: &Bump| bump.fits == Some(true);
        fits(client) && (document.needed != Some(Level::Major) || fits(document))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Printed, Failure> {
    let spec = Named::given_or(arguments.spec.as_deref(), workspace::SPEC);
    let base = Side::given(&arguments.base, &spec);
    let head = match &arguments.head {
        Some(head) => Side::given(head, &spec),
        None => Side::File(spec),
    };
    let mut reviewed = Reviewed {
        base: base.document()?,
        head: head.document()?,
        policy: head.policy()?,
        review: Review::default(),
        versions: Versions::default(),
    };
    let today = DateTime::<Utc>::from(SystemTime::now()).date_naive();
    review(&mut reviewed, &base, today)?;
    let packages = [base.package()?, head.package()?];
    reviewed.versions = versions(&reviewed.review, [&packages[0], &packages[1]]);

    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    let wrong = |document: &Linted| document.diagnostics.iter().any(is_error);
    let by_version = matches!(arguments.fail_on, FailOn::Unversioned);
    let no_client = !reviewed.review.head_client.is_empty();
    let status = if reviewed.review.wire.is_none()
        // What is passed over in the head would not be generated from either.
        || wrong(&reviewed.head)
        || reviewed.policy.as_ref().is_some_and(wrong)
        // No version can be told to fit a client that cannot be made.
        || (no_client && by_version)
    {
        Status::Refused
    } else if reviewed.gravest() >= Some(arguments.fail_on.least())
        && !(by_version && reviewed.is_versioned())
    {
        Status::Stale
    } else if no_client {
        Status::Refused
    } else {
        Status::Done
    };
    let review = &reviewed.review;
    for (side, more) in [
        (&mut reviewed.base, &review.base_client),
        (&mut reviewed.head, &review.head_client),
    ] {
        for found in more {
            if !side.diagnostics.contains(found) {
                side.diagnostics.push(found.clone());
            }
        }
    }
    let stderr = human::diagnostics(&reviewed);
    let stdout = match arguments.format {
        Format::Human => human::format(&reviewed),
        Format::Markdown => markdown::format(&reviewed),
        Format::Json => json::format(&reviewed),
        Format::Github => github::format(&rows::beside_lines(&reviewed)),
        Format::Sarif => {
            let rows = rows::rows(&reviewed);
            sarif::format(&rows::rules(&rows), &rows)
        }
        Format::Html => html::format(&reviewed),
    };
    Ok(Printed {
        stdout,
        stderr,
        status,
    })
}

/// Compares the sides, and follows the policy.
fn review(reviewed: &mut Reviewed, base: &Side, today: NaiveDate) -> Result<(), Failure> {
    let sources = [reviewed.base.source(), reviewed.head.source()];
    let mut review = review_on(&sources[0], &sources[1], today);
    reviewed.base.diagnostics = std::mem::take(&mut review.base);
    reviewed.head.diagnostics = std::mem::take(&mut review.head);
    if let Some(given) = &mut reviewed.policy {
        given.diagnostics = match policy(&given.source()) {
            Ok(policy) => base.decided(policy)?.apply(&mut review, today),
            Err(wrong) => wrong,
        };
    }
    reviewed.review = review;
    Ok(())
}

/// Where a version of the document is.
enum Side {
    /// In a file.
    File(Named),
    /// In a revision, under the path that the document of the workspace has.
    Revision(String, Named),
}

impl Side {
    /// A file, where there is one of that name, else a revision.
    fn given(given: &str, spec: &Named) -> Self {
        let path = Path::new(given);
        if path.is_file() {
            Self::File(Named::given_or(Some(path), workspace::SPEC))
        } else {
            Self::Revision(given.to_owned(), spec.clone())
        }
    }

    fn document(&self) -> Result<Linted, Failure> {
        match self {
            Self::File(file) => {
                let text = input::read(&file.path, &file.name)?;
                Ok(unchecked(file.clone(), text))
            }
            Self::Revision(revision, file) => {
                let name = printable(&format!("{}:{}", short(revision), file.name));
                let text = git::read(revision, file, &name)?;
                let path = file.path.clone();
                Ok(unchecked(Named { path, name }, text))
            }
        }
    }

    /// The policy beside the document, where there is one.
    fn policy(&self) -> Result<Option<Linted>, Failure> {
        match self {
            Self::File(file) => {
                let file = beside(file);
                if !file.path.exists() {
                    return Ok(None);
                }
                let text = input::read(&file.path, &file.name)?;
                Ok(Some(unchecked(file, text)))
            }
            Self::Revision(revision, file) => {
                let Named { path, name } = beside(file);
                let name = printable(&format!("{}:{name}", short(revision)));
                let file = Named { path, name };
                let text = git::find(revision, &file, &file.name)?;
                Ok(text.map(|text| unchecked(file, text)))
            }
        }
    }

    /// What tells the version of the client, where this side is one of this workspace.
    fn package(&self) -> Result<Package, Failure> {
        let (Self::File(spec) | Self::Revision(_, spec)) = self;
        if !spec.is(workspace::SPEC) {
            return Ok(Package::default());
        }
        let read = |file: &str| {
            let Named { path, name } = Named::given_or(None, file);
            match self {
                Self::File(_) if !path.exists() => Ok(None),
                Self::File(_) => input::read(&path, &name).map(Some),
                Self::Revision(revision, _) => {
                    let name = printable(&format!("{revision}:{name}"));
                    let file = Named { path, name };
                    git::find(revision, &file, &file.name)
                }
            }
        };
        Ok(Package {
            manifest: read(version::MANIFEST)?,
            workspace: read(version::WORKSPACE)?,
            changelog: read("CHANGELOG.md")?,
        })
    }

    /// A policy in which is marked what this side, as the base, has not decided. Two files are no history,
    /// so there is nothing to mark. A policy of the base that cannot be read has decided nothing.
    fn decided(&self, head: Policy) -> Result<Policy, Failure> {
        if let Self::File(_) = self {
            return Ok(head);
        }
        let base = self.policy()?;
        let base = base.and_then(|base| policy(&base.source()).ok());
        Ok(head.since(&base.unwrap_or_default()))
    }
}

/// The policy of a document: `openapi.review.yaml` beside `openapi.yaml`.
fn beside(document: &Named) -> Named {
    let ending = |path: &Path| path.with_extension("review.yaml");
    Named {
        path: ending(&document.path),
        name: ending(Path::new(&document.name)).display().to_string(),
    }
}

/// How messages speak of a revision: of a whole hash they show what people do.
fn short(revision: &str) -> &str {
    let is_hash = revision.len() >= 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    revision.get(..10).filter(|_| is_hash).unwrap_or(revision)
}

fn unchecked(file: Named, text: String) -> Linted {
    Linted {
        file,
        text,
        diagnostics: Vec::new(),
    }
}
