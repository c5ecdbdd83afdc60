//! `cargo xtask survey`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use agen_codegen::{Diagnostic, Label, Outcome, Output, Settings, Severity, Source};
use clap::ValueEnum;

use super::codegen::left_out;
use super::lint::Linted;
use crate::failure::Failure;
use crate::format;
use crate::report::{BOLD, GREEN, RED, YELLOW, bar, count, printable, status};
use crate::scratch::{self, Compiled, Package};
use crate::workspace::{self, Named};
use crate::{Printed, Status, input};

/// How long a document may take. What takes longer is left to itself until the command ends.
const LIMIT: Duration = Duration::from_secs(60);

/// Generate from every document below a folder, and tabulate what comes of it.
///
/// Documents are the files that end in .yaml, .yml or .json; symbolic links are not followed. A
/// document that is refused, cannot be read, or takes longer than a minute is a line of the table, and
/// no failure of the survey: it exits with 0.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Compile what is generated, in target/survey, and say whether that gives warnings
    ///
    /// Nothing is fetched: the workspace itself has to be built before.
    #[arg(long)]
    compile: bool,
    /// Leave out operations and schemas that have errors, and what leads to them
    #[arg(long)]
    skip_broken: bool,
    /// How to print the table
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// An array with one object for each document
    Json,
}

/// What came of a document.
pub(crate) struct Surveyed {
    pub(crate) document: Linted,
    pub(crate) outcome: Outcome,
    pub(crate) milliseconds: u128,
    /// What the compiler says, if it was asked.
    pub(crate) compiled: Option<Compiled>,
}

impl Surveyed {
    /// The lines of all files.
    pub(crate) fn lines(output: &Output) -> usize {
        output.files.values().map(|text| text.lines().count()).sum()
    }

    fn first_error(&self) -> Option<&Diagnostic> {
        let mut found = self.document.diagnostics.iter();
        found.find(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Printed, Failure> {
    let mut stderr = String::new();
    let mut failed = false;
    let files = documents(&arguments.dir, &mut |failure| {
        let _ = writeln!(stderr, "{failure}");
        failed = true;
    })?;
    let settings = Settings {
        skip_broken: arguments.skip_broken,
        ..Settings::default()
    };
    let mut surveyed = survey(files, &settings);
    if arguments.compile {
        compile(&mut surveyed)?;
    }
    let stdout = match arguments.format {
        Format::Human => {
            for one in &surveyed {
                if let Some(compiled) = one.compiled.as_ref().filter(|found| !found.is_clean()) {
                    let _ = writeln!(stderr, "{BOLD}{}{BOLD:#}", one.document.file.name);
                    stderr.extend(
                        compiled
                            .first
                            .lines()
                            .map(|line| format!("{}\n", printable(line))),
                    );
                    stderr.push('\n');
                }
            }
            table(&surveyed)
        }
        Format::Json => format::survey::format(&surveyed),
    };
    Ok(Printed {
        stdout,
        stderr,
        status: if failed {
            Status::Refused
        } else {
            Status::Done
        },
    })
}

/// The documents below a folder, sorted by their paths. A folder inside of it that cannot be read is
/// passed over.
fn documents(dir: &Path, failed: &mut dyn FnMut(Failure)) -> Result<Vec<PathBuf>, Failure> {
    let failure = |path: &Path, error: &std::io::Error| {
        let help = "name a folder with OpenAPI documents that you can read";
        Failure::io("the folder cannot be read", path, error, help)
    };
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) if folder == dir => return Err(failure(dir, &error)),
            Err(error) => {
                failed(failure(&folder, &error));
                continue;
            }
        };
        for entry in entries {
            let path = entry.path();
            let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
            // Of a symbolic link this is neither.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind)
                    if kind.is_file()
                        && ["yaml", "yml", "json"].iter().any(|known| ending == *known) =>
                {
                    files.push(path);
                }
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Runs the generator on every document, several at a time. The answers stand in the order of the files.
fn survey(files: Vec<PathBuf>, settings: &Settings) -> Vec<Surveyed> {
    let bar = bar(files.len(), "generating");
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(files.len());
    let open = Mutex::new(files.into_iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = open.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, path)) = next else { break };
                    let surveyed = one(path, settings);
                    bar.inc(1);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.insert(index, surveyed);
                }
            });
        }
    });
    bar.finish_and_clear();
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

fn one(path: PathBuf, settings: &Settings) -> Surveyed {
    let name = path.display().to_string();
    let file = Named { path, name };
    let start = Instant::now();
    let (text, mut outcome) = match input::read(&file.path, &file.name) {
        Ok(text) => {
            let (name, given, settings) = (file.name.clone(), text.clone(), settings.clone());
            let generate = move || {
                let source = Source {
                    name: &name,
                    text: &given,
                };
                agen_codegen::generate(&source, &settings)
            };
            let outcome = within(LIMIT, generate).unwrap_or_else(|reason| match reason {
                RecvTimeoutError::Timeout => refusal(
                    "time-limit",
                    format!("the generator was not done after {} s", LIMIT.as_secs()),
                ),
                RecvTimeoutError::Disconnected => refusal(
                    "generator-fault",
                    "the generator stopped without an answer".to_owned(),
                ),
            });
            (text, outcome)
        }
        Err(failure) => (String::new(), refusal("document-unreadable", failure.why)),
    };
    Surveyed {
        milliseconds: start.elapsed().as_millis(),
        document: Linted {
            file,
            text,
            diagnostics: std::mem::take(&mut outcome.diagnostics),
        },
        outcome,
        compiled: None,
    }
}

/// Does something on another thread, and does not wait longer than that for it.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, RecvTimeoutError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        // Nobody may be waiting any more.
        let _ = sender.send(work());
    });
    receiver.recv_timeout(limit)
}

/// The outcome of a document that the generator could not judge.
fn refusal(rule: &'static str, message: String) -> Outcome {
    let diagnostic = Diagnostic {
        rule,
        severity: Severity::Error,
        message,
        primary: Label {
            span: 0..0,
            text: String::new(),
        },
        related: Vec::new(),
        why: "nothing is known of this document".to_owned(),
        help: "try it alone, with `cargo xtask codegen --spec FILE --out DIR`".to_owned(),
    };
    Outcome {
        diagnostics: vec![diagnostic],
        ..Outcome::default()
    }
}

fn compile(surveyed: &mut [Surveyed]) -> Result<(), Failure> {
    let packages: Vec<_> = surveyed
        .iter()
        .filter_map(|one| {
            Some(Package {
                document: &one.document.file.name,
                files: &one.outcome.output.as_ref()?.files,
            })
        })
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    let bar = bar(packages.len(), "compiling");
    bar.tick();
    let compiled = scratch::compile(&workspace::root(), &packages, || bar.inc(1));
    bar.finish_and_clear();
    let generated = surveyed
        .iter_mut()
        .filter(|one| one.outcome.output.is_some());
    for (one, compiled) in generated.zip(compiled?) {
        one.compiled = Some(compiled);
    }
    Ok(())
}

/// The columns behind the name, with room for what stands in them.
const COLUMNS: [(&str, usize); 6] = [
    ("operations", 10),
    ("types", 6),
    ("lines", 7),
    ("lowered", 7),
    ("ms", 6),
    ("compiles", 8),
];

/// A line for each document, one for each thing that was done to some, and one with the sums.
fn table(surveyed: &[Surveyed]) -> String {
    let name = |one: &Surveyed| printable(&one.document.file.name);
    let widest = surveyed.iter().map(|one| name(one).chars().count());
    let width = widest.max().unwrap_or_default().max("document".len());
    let row = |name: &str, cells: [String; 6]| {
        let mut text = format!("{name:<width$}");
        for ((_, width), cell) in COLUMNS.iter().zip(cells) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text
    };
    let mut text = String::new();
    status(
        &mut text,
        BOLD,
        "",
        &row("document", COLUMNS.map(|(title, _)| title.to_owned())),
    );
    for one in surveyed {
        let none = || "-".to_owned();
        let output = one.outcome.output.as_ref();
        let number =
            |of: &dyn Fn(&Output) -> usize| output.map_or_else(none, |it| of(it).to_string());
        let compiles = one.compiled.as_ref().map_or_else(none, |found| {
            if found.is_clean() { "yes" } else { "no" }.to_owned()
        });
        let mut line = row(
            &name(one),
            [
                number(&|output| output.operations),
                number(&|output| output.types),
                number(&Surveyed::lines),
                number(&|_| one.outcome.lowered.len()),
                one.milliseconds.to_string(),
                compiles,
            ],
        );
        let (style, word) = match (output, &one.compiled) {
            (None, _) => (RED, "Refused"),
            (_, Some(found)) if !found.is_clean() => (YELLOW, "Generated"),
            _ => (GREEN, "Generated"),
        };
        if let Some(first) = one.first_error() {
            let at = first.position(&one.document.source());
            let _ = write!(line, "  {} at {}:{}", first.rule, at.line, at.column);
        }
        if let Some(found) = one.compiled.as_ref().filter(|found| !found.is_clean()) {
            let (errors, warnings) = (
                count(found.errors, "error"),
                count(found.warnings, "warning"),
            );
            let _ = write!(line, "  {errors}, {warnings}");
        }
        if !one.outcome.left_out.is_empty() {
            let _ = write!(line, "  without {}", left_out(&one.outcome.left_out));
        }
        status(&mut text, style, word, &line);
    }
    text.push_str(&sums(surveyed));
    text
}

fn sums(surveyed: &[Surveyed]) -> String {
    let mut text = String::new();
    // How often each thing was done, and to how many documents.
    let mut lowered: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in surveyed {
        let mut own: BTreeMap<&str, usize> = BTreeMap::new();
        for done in &one.outcome.lowered {
            *own.entry(done.id).or_default() += 1;
        }
        for (id, times) in own {
            let (all, documents) = lowered.entry(id).or_default();
            *all += times;
            *documents += 1;
        }
    }
    for (id, (times, documents)) in lowered {
        let rest = format!(
            "{id}: {} in {}",
            count(times, "place"),
            count(documents, "document")
        );
        status(&mut text, YELLOW, "Lowered", &rest);
    }
    let generated = surveyed
        .iter()
        .filter(|one| one.outcome.output.is_some())
        .count();
    let mut rest = format!(
        "{}: {generated} generated, {} refused",
        count(surveyed.len(), "document"),
        surveyed.len() - generated
    );
    let compiled: Vec<_> = surveyed
        .iter()
        .filter_map(|one| one.compiled.as_ref())
        .collect();
    if !compiled.is_empty() {
        let clean = compiled.iter().filter(|found| found.is_clean()).count();
        let _ = write!(rest, ", {clean} compiled without warnings");
    }
    status(&mut text, BOLD, "Summary", &rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_not_waited_for() {
        let (_keep, never) = mpsc::channel::<()>();
        let found = within(Duration::ZERO, move || never.recv());
        assert_eq!(found, Err(RecvTimeoutError::Timeout));
        assert_eq!(within(LIMIT, || 1), Ok(1));
        let outcome = refusal("time-limit", String::new());
        assert!(outcome.output.is_none() && outcome.diagnostics.len() == 1);
    }
}
