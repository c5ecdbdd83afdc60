//! What is said when a file cannot be read or written.

use std::fmt;
use std::io;
use std::path::Path;

use crate::report::{BLUE, BOLD, RED};

/// Why a command could not do its work: what failed, where, why, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) place: String,
    pub(crate) why: String,
    pub(crate) help: String,
}

impl Failure {
    pub(crate) fn new(
        what: impl Into<String>,
        place: impl Into<String>,
        why: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            place: place.into(),
            why: why.into(),
            help: help.into(),
        }
    }

    /// A call into the file system that failed.
    pub(crate) fn io(what: &str, path: &Path, error: &io::Error, help: &str) -> Self {
        Self::new(what, path.display().to_string(), reason(error), help)
    }
}

/// The common errors of the file system in words that are the same on every system.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you do not have the right to do this".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{RED}error{RED:#}{BOLD}: {}{BOLD:#}", self.what)?;
        writeln!(f, "  {BLUE}-->{BLUE:#} {}", self.place)?;
        writeln!(f, "   {BLUE}={BLUE:#} {BOLD}note{BOLD:#}: {}", self.why)?;
        writeln!(f, "   {BLUE}={BLUE:#} {BOLD}help{BOLD:#}: {}", self.help)
    }
}
