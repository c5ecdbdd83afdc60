//! `cargo xtask docs-drift`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use agen_codegen::docs::{self, Drift, Form, PageChange, PageState, Record};
use agen_codegen::{Severity, review::Impact};
use chrono::{DateTime, Utc};
use clap::ValueEnum;

use super::lint::Linted;
use crate::failure::Failure;
use crate::format::{
    docs_drift as json, docs_drift_human as human, docs_drift_markdown as markdown,
};
use crate::format::{github, sarif};
use crate::pages::{Page, Pages, is_address, origin};
use crate::workspace::{self, Named};
use crate::{Printed, Status, input};

/// The provider's list of pages.
const INDEX: &str = "https://docs.agenhq.com/llms.txt";
/// What stands in the place of the spec's ending in the name of the file with declarations.
const DECLARATIONS: &str = "docs.yaml";
/// The same for the record.
const RECORD: &str = "docs.lock";

/// Hold the document against the provider's documentation.
///
/// A page is a file, a folder with all files below it, or an address that begins with https://. An address
/// is fetched as Markdown, and of an index such as llms.txt every page that is on the same host; only that
/// host is asked, and pages are never obeyed. The program that fetches is built when it is first needed.
///
/// What the document says otherwise on purpose is declared in a file beside it: openapi.docs.yaml for
/// openapi.yaml. A declaration that fits nothing any more is an error.
///
/// Exits with 1 where the document or a declaration is wrong or a page could not be read at all; otherwise
/// with 3 where document and pages part; otherwise with 1 where a page could be read in part only, since
/// that is no agreement. A page without any operation or schema that a list or a folder led to is only
/// counted.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    // No doc comment: rustdoc takes an address in square brackets for a link that is written wrongly.
    #[arg(
        value_name = "PAGE",
        help = "Files, folders and addresses of pages [default: https://docs.agenhq.com/llms.txt]"
    )]
    pages: Vec<String>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The least difference that lets the command exit with 3
    #[arg(long, value_enum, default_value_t = FailOn::Any)]
    fail_on: FailOn,
    /// Write down what the pages state, beside the document, so that later runs say what has changed
    ///
    /// The file is openapi.docs.lock for openapi.yaml. It holds facts with their dates, and no sentence of
    /// a page.
    #[arg(long)]
    record: bool,
    /// The document [default: openapi.yaml of the workspace]
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For the text of an issue
    Markdown,
    /// An object with the verdict and an array of findings
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// One that breaks callers
    Breaking,
    /// One that may, too
    Notable,
    /// Any difference
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

/// Document and pages, and what there is to say of them.
pub(crate) struct Held {
    /// With what is wrong with it.
    pub(crate) spec: Linted,
    /// The file with the declarations, if there is one, with what is wrong with it.
    pub(crate) declarations: Option<Linted>,
    /// The record, if there is one, with what is wrong with it.
    pub(crate) record: Option<Linted>,
    pub(crate) pages: Pages,
    pub(crate) drift: Drift,
    /// What has changed of the pages since they were recorded.
    pub(crate) changes: Vec<PageChange>,
    /// Where the facts were written to.
    pub(crate) recorded: Option<String>,
}

/// What all comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Document, declarations or record are wrong, or a page could not be read at all.
    Refused,
    /// They part.
    Differs,
    /// No difference is known, but not everything could be read.
    Incomplete,
    /// All that the pages state is what the document says.
    Agrees,
}

impl Held {
    pub(crate) fn verdict(&self) -> Verdict {
        if !self.drift.compared || self.errors() > 0 || !self.pages.failed.is_empty() {
            Verdict::Refused
        } else if !self.drift.findings.is_empty() {
            Verdict::Differs
        } else if self.is_incomplete() {
            Verdict::Incomplete
        } else {
            Verdict::Agrees
        }
    }

    /// Whether the pages may state more than was read.
    fn is_incomplete(&self) -> bool {
        self.facts() == 0 || self.lacking().next().is_some()
    }

    /// The files that can be wrong themselves.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Linted> {
        let others = self.declarations.iter().chain(&self.record);
        std::iter::once(&self.spec).chain(others)
    }

    /// How much is wrong with the files themselves.
    pub(crate) fn errors(&self) -> usize {
        let all = self.files().flat_map(|file| &file.diagnostics);
        all.filter(|found| found.severity == Severity::Error)
            .count()
    }

    /// How much the pages state.
    pub(crate) fn facts(&self) -> usize {
        self.drift.pages.iter().map(|page| page.facts).sum()
    }

    /// The pages that were read, with what came of them.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&Page, &docs::Page)> {
        self.pages.read.iter().zip(&self.drift.pages)
    }

    /// The pages of which something could not be read, but for those that describe nothing of the API.
    pub(crate) fn lacking(&self) -> impl Iterator<Item = (&Page, &docs::Page)> {
        self.read()
            .filter(|(page, read)| !read.lacks.is_empty() && !is_beside(page, read))
    }

    /// How many pages describe nothing of the API, of those that were not named one by one.
    pub(crate) fn beside(&self) -> usize {
        self.read()
            .filter(|(page, read)| is_beside(page, read))
            .count()
    }
}

/// Whether a page is one of those that a site has beside the reference: guides, changelogs, prices.
fn is_beside(page: &Page, read: &docs::Page) -> bool {
    page.found && read.form == Form::Unknown && read.facts == 0
}

pub(crate) fn run(arguments: &Arguments) -> Result<Printed, Failure> {
    let spec = Named::given_or(arguments.spec.as_deref(), workspace::SPEC);
    let (declarations, record) = (beside(&spec, DECLARATIONS), beside(&spec, RECORD));
    let spec = linted(input::read(&spec.path, &spec.name)?, spec);
    let declarations = optional(declarations)?;
    let mut record_file = optional(record.clone())?;

    let named = match &arguments.pages[..] {
        [] => &[INDEX.to_owned()],
        named => named,
    };
    let pages = Pages::read(named);
    let sources: Vec<_> = pages.read.iter().map(Page::source).collect();
    let drift = docs::drift(
        &spec.source(),
        &sources,
        declarations.as_ref().map(Linted::source).as_ref(),
    );
    let mut before = None;
    if let Some(file) = &mut record_file {
        match Record::parse(&file.source()) {
            Ok(record) => before = Some(record),
            Err(found) => file.diagnostics = found,
        }
    }
    let mut changes = match &before {
        Some(record) => record.changes(&sources),
        None => Vec::new(),
    };
    changes
        .retain(|change| change.state != PageState::Gone || is_gone(&change.name, named, &pages));

    let mut recorded = None;
    // A record that cannot be read is not lost.
    let unread = record_file
        .as_ref()
        .is_some_and(|file| !file.diagnostics.is_empty());
    if arguments.record && !sources.is_empty() && !unread {
        let mut now = docs::record(before.as_ref(), &sources, &today());
        keep(&mut now, before.unwrap_or_default(), &changes);
        write(&record.path, &now.to_text()).map_err(|error| {
            let help = "look at the rights of the folder and at the room on the disk";
            Failure::io("the record cannot be written", &record.path, &error, help)
        })?;
        recorded = Some(record.name);
    }
    drop(sources);

    let held = held(
        spec,
        declarations,
        record_file,
        pages,
        drift,
        changes,
        recorded,
    );
    let gravest = held.drift.counts.gravest();
    let status = match held.verdict() {
        Verdict::Refused => Status::Refused,
        Verdict::Differs if gravest >= Some(arguments.fail_on.least()) => Status::Stale,
        _ if held.is_incomplete() => Status::Refused,
        _ => Status::Done,
    };
    let stdout = match arguments.format {
        Format::Human => human::format(&held),
        Format::Markdown => markdown::format(&held),
        Format::Json => json::format(&held),
        Format::Github => github::format(&json::rows(&held, false)),
        Format::Sarif => sarif::format(&json::rules(), &json::rows(&held, true)),
    };
    Ok(Printed {
        stdout,
        stderr: human::notes(&held),
        status,
    })
}

/// Puts the complaints to the files that they are about.
fn held(
    mut spec: Linted,
    mut declarations: Option<Linted>,
    record: Option<Linted>,
    pages: Pages,
    mut drift: Drift,
    changes: Vec<PageChange>,
    recorded: Option<String>,
) -> Held {
    spec.diagnostics = std::mem::take(&mut drift.spec);
    if let Some(file) = &mut declarations {
        file.diagnostics = std::mem::take(&mut drift.declarations);
    }
    Held {
        spec,
        declarations,
        record,
        pages,
        drift,
        changes,
        recorded,
    }
}

/// A file beside the document: its name with another ending.
fn beside(spec: &Named, ending: &str) -> Named {
    let path = spec.path.with_extension(ending);
    let name = Path::new(&spec.name).with_extension(ending);
    Named {
        path,
        name: name.display().to_string(),
    }
}

/// A file that need not be there.
fn optional(file: Named) -> Result<Option<Linted>, Failure> {
    match fs::symlink_metadata(&file.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => Ok(Some(linted(input::read(&file.path, &file.name)?, file))),
    }
}

fn linted(text: String, file: Named) -> Linted {
    Linted {
        file,
        text,
        diagnostics: Vec::new(),
    }
}

/// Whether a recorded page should have been among those that were read: an index or a folder of this run
/// would have led to it, and nothing says that it could not be read.
fn is_gone(page: &str, named: &[String], pages: &Pages) -> bool {
    if pages.failed.iter().any(|failure| failure.place == page) {
        return false;
    }
    named.iter().any(|name| {
        if !is_address(name) {
            return Path::new(name).is_dir() && Path::new(page).starts_with(name);
        }
        let listed = |read: &&Page| read.found && is_address(&read.file.name);
        // Where nothing was listed, nothing of the site was looked for.
        let mut listed = pages.read.iter().filter(listed);
        listed.any(|read| origin(&read.file.name) == origin(page) && origin(page) == origin(name))
    })
}

/// Keeps what is recorded of pages that this run was not about.
fn keep(now: &mut Record, before: Record, changes: &[PageChange]) {
    for page in before.pages {
        let is_gone = |change: &PageChange| change.name == page.name && change.page.is_none();
        // A page that is not there any more, and is recorded under its new name.
        let is_renamed = !is_address(&page.name)
            && !Path::new(&page.name).exists()
            && now.pages.iter().any(|new| new.describes_as(&page));
        if is_renamed {
            continue;
        }
        if !changes.iter().any(is_gone) && !now.pages.iter().any(|new| new.name == page.name) {
            now.pages.push(page);
        }
    }
    now.pages.sort_by(|a, b| a.name.cmp(&b.name));
}

/// The day of today, where it is midnight in Greenwich.
fn today() -> String {
    let now = DateTime::<Utc>::from(SystemTime::now());
    now.format("%Y-%m-%d").to_string()
}

/// Writes a file as a whole: a run that is killed leaves the old one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let written = File::create(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&new, path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&new);
        })
}
