//! A folder of generated files: what should stand there, and what does.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The largest file whose text is compared by lines; a larger one is only reported.
const LIMIT: u64 = 16 * 1024 * 1024;

const HELP_READ: &str = "check who owns the folder, and whether you can read it";

/// What should stand in a folder.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) dir: PathBuf,
    /// How messages speak of the folder.
    pub(crate) name: String,
    /// How every generated file begins. A folder in which no file does was not generated.
    pub(crate) mark: &'static str,
    /// Text by path below the folder, with `/` between folders.
    pub(crate) files: BTreeMap<String, String>,
}

/// How a file that stands in a folder relates to what should stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// The texts are equal, up to the ends of lines.
    Fresh,
    /// The texts differ.
    Stale,
    /// The file is missing.
    New,
    /// Nothing is generated under this name.
    Removed,
}

/// A file, or something else that stands where only generated files should.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Path below the folder; of a folder with `/` at the end.
    pub(crate) path: String,
    pub(crate) state: State,
    /// The text that stands there, with LF at the ends of lines; `None` where it is no text.
    pub(crate) old: Option<String>,
    /// The text that should stand there.
    pub(crate) new: Option<String>,
    /// What it is, where it is no regular file with text.
    pub(crate) kind: Option<&'static str>,
}

impl Tree {
    /// Compares the folder with what should stand there; reads only. The entries are in the order
    /// of their paths.
    ///
    /// Fails where the folder is none, or was not generated, or cannot be read.
    pub(crate) fn compare(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = Vec::new();
        if self.exists()? {
            self.walk(&self.dir, "", &mut entries)?;
            // One file is enough, so that a damaged tree can be repaired by generating it again.
            let generated = |entry: &Entry| {
                let text = entry.old.as_deref().unwrap_or_default();
                !entry.path.contains('/') && text.starts_with(self.mark)
            };
            if !entries.is_empty() && !entries.iter().any(generated) {
                return Err(self.foreign());
            }
        }
        for (path, text) in &self.files {
            let found = |entry: &&Entry| entry.path == *path && entry.state != State::Removed;
            if entries.iter().find(found).is_none() {
                entries.push(Entry {
                    path: path.clone(),
                    state: State::New,
                    old: None,
                    new: Some(text.clone()),
                    kind: None,
                });
            }
        }
        entries.sort_by(|a, b| (&a.path, a.state).cmp(&(&b.path, b.state)));
        Ok(entries)
    }

    fn exists(&self) -> Result<bool, Failure> {
        let refused = |why, help| {
            let what = "this is no folder to generate into";
            Err(Failure::new(what, &self.name, why, help))
        };
        match fs::symlink_metadata(&self.dir) {
            Ok(metadata) if metadata.is_symlink() => refused(
                "it is a symbolic link, and the folder is replaced as a whole",
                "name the folder that the link leads to",
            ),
            Ok(metadata) if !metadata.is_dir() => refused(
                "a file stands there",
                "name another folder, or move the file",
            ),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(unreadable(&self.dir, &error)),
        }
    }

    fn walk(&self, dir: &Path, prefix: &str, entries: &mut Vec<Entry>) -> Result<(), Failure> {
        let failed = |error| unreadable(dir, &error);
        for item in fs::read_dir(dir).map_err(failed)? {
            let item = item.map_err(failed)?;
            let file_type = item.file_type().map_err(failed)?;
            let mut path = format!("{prefix}{}", item.file_name().to_string_lossy());
            let removed = |path, old, kind| Entry {
                path,
                state: State::Removed,
                old,
                new: None,
                kind,
            };
            if file_type.is_dir() {
                path.push('/');
                let mut below = self.files.range(path.clone()..);
                if below
                    .next()
                    .is_some_and(|(next, _)| next.starts_with(&path))
                {
                    self.walk(&item.path(), &path, entries)?;
                } else {
                    entries.push(removed(path, None, Some("folder")));
                }
            } else if file_type.is_symlink() {
                entries.push(removed(path, None, Some("symbolic link")));
            } else if !file_type.is_file() {
                entries.push(removed(path, None, Some("special file")));
            } else {
                let old = read_text(&item.path())?;
                let kind = old.is_none().then_some("not text");
                entries.push(match self.files.get(&path) {
                    None => removed(path, old, kind),
                    Some(text) => {
                        let new = text.replace("\r\n", "\n");
                        let state = match &old {
                            Some(old) if *old == new => State::Fresh,
                            _ => State::Stale,
                        };
                        Entry {
                            path,
                            state,
                            old,
                            new: Some(new),
                            kind,
                        }
                    }
                });
            }
        }
        Ok(())
    }

    fn foreign(&self) -> Failure {
        Failure::new(
            "this folder was not generated",
            &self.name,
            format!(
                "everything in it would be replaced, but no file in it has the header that \
                 generated ones begin with: {}",
                self.mark.lines().last().unwrap_or_default()
            ),
            "name an empty or a new folder; or, if nothing in it is worth keeping, delete it",
        )
    }
}

/// The text of a file with LF at the ends of lines; `None` where it is too large or not UTF-8.
fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    let failed = |error| unreadable(path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LIMIT {
        return Ok(None);
    }
    let text = String::from_utf8(bytes).ok();
    Ok(text.map(|text| text.replace("\r\n", "\n")))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::io("the generated files cannot be read", path, error, HELP_READ)
}
