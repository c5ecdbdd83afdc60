//! The maintainer's command line: reads files, calls `agen-codegen`, writes files and reports.
//!
//! Every command returns what it has to print, so that nothing else touches the two output
//! streams, and a [`Status`], which is the same for all of them.

#![forbid(unsafe_code)]

mod commands;
mod failure;
mod fetch;
mod format;
mod git;
mod input;
mod pages;
mod report;
mod scratch;
mod swap;
mod tree;
mod workspace;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{codegen, docs_drift, lint, review, survey};
use crate::failure::Failure;

/// What stands below the help of every command.
const STATUSES: &str = "\
Exit status:
  0  done, or nothing to complain of
  1  refused: the document has errors, or a file could not be read or written
  2  wrong usage
  3  stale: the check found a difference, or there is a change or difference to fail on";

/// The maintainer's command line.
///
/// `openapi.yaml` is the source, `agen-api/src/generated` is made from it. Edit the one, run
/// `cargo xtask codegen`, and commit both.
#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", after_help = STATUSES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(after_help = STATUSES)]
    Codegen(codegen::Arguments),
    #[command(after_help = STATUSES)]
    DocsDrift(docs_drift::Arguments),
    #[command(after_help = STATUSES)]
    Lint(lint::Arguments),
    #[command(after_help = STATUSES)]
    Review(review::Arguments),
    #[command(after_help = STATUSES)]
    Survey(survey::Arguments),
}

/// How a run ended. Wrong usage, 2, is left to clap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done, or nothing to complain of.
    Done = 0,
    /// The document has errors, or a file could not be read or written.
    Refused = 1,
    /// The check found a difference, or the review a change to fail on.
    Stale = 3,
}

/// What a command has to say. ANSI colours are taken out where a stream does not want them.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Status,
}

impl From<Failure> for Printed {
    fn from(failure: Failure) -> Self {
        Self {
            stdout: String::new(),
            stderr: failure.to_string(),
            status: Status::Refused,
        }
    }
}

fn main() -> ExitCode {
    let printed = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::DocsDrift(arguments) => docs_drift::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Survey(arguments) => survey::run(&arguments),
    };
    let printed = printed.unwrap_or_else(Printed::from);
    let written = print(&mut anstream::stderr(), &printed.stderr)
        .and_then(|()| print(&mut anstream::stdout(), &printed.stdout));
    match written {
        Ok(()) => ExitCode::from(printed.status as u8),
        Err(error) => {
            let failure = Failure::new(
                "the report cannot be printed",
                "standard output or standard error",
                failure::reason(&error),
                "look at where the output of the command goes; the command itself has run",
            );
            // Standard error may be the stream that failed.
            let _ = print(&mut anstream::stderr(), &failure.to_string());
            ExitCode::from(Status::Refused as u8)
        }
    }
}

/// Writes a text. A reader that has gone away, as `head` does, is no error.
fn print(stream: &mut dyn Write, text: &str) -> io::Result<()> {
    match stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
