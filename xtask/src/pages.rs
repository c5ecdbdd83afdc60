//! The pages that a user names: files, folders and addresses.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use agen_codegen::{Source, printable};

use crate::failure::Failure;
use crate::workspace::Named;
use crate::{fetch, input};

/// How many files of folders are read in one run.
const MOST_FILES: usize = 10_000;
/// How large all files together are.
const MOST_BYTES: usize = 256 << 20;

/// A page that was read.
pub(crate) struct Page {
    /// The path and the name of a file; of a page that was fetched, the address as both.
    pub(crate) file: Named,
    pub(crate) text: String,
    /// Whether a folder or an index led to it, and not the user.
    pub(crate) found: bool,
}

impl Page {
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.file.name,
            text: &self.text,
        }
    }

    /// What a format for machines calls it.
    pub(crate) fn in_repository(&self) -> String {
        if is_address(&self.file.name) {
            self.file.name.clone()
        } else {
            self.file.in_repository()
        }
    }
}

/// Something beside the pages that is none of them.
pub(crate) struct Skipped {
    pub(crate) name: String,
    pub(crate) why: String,
}

/// All that was named.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) read: Vec<Page>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) failed: Vec<Failure>,
}

impl Pages {
    /// Reads what is named. What cannot be read hides nothing else.
    pub(crate) fn read(names: &[String]) -> Self {
        let mut pages = Self::default();
        let (addresses, paths): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_address(name));
        for path in paths {
            pages.path(Path::new(path));
        }
        if !addresses.is_empty() {
            fetch::fetch(&addresses, &mut pages);
        }
        let mut seen = BTreeSet::new();
        pages
            .read
            .retain(|page| seen.insert(page.file.name.clone()));
        pages
    }

    fn path(&mut self, path: &Path) {
        let name = named(path);
        if !path.is_dir() {
            match input::page(path, &name) {
                Ok(text) => self.add(path.to_owned(), name, text, false),
                Err(failure) => self.failed.push(failure),
            }
            return;
        }
        let before = (self.read.len(), self.failed.len());
        for file in self.files(path) {
            let name = named(&file);
            if self.read.iter().map(|page| page.text.len()).sum::<usize>() > MOST_BYTES {
                let why = format!(
                    "the pages together are larger than {} MiB",
                    MOST_BYTES >> 20
                );
                let help = "name fewer pages, in several runs";
                self.failed.push(Failure::new(UNREAD, name, why, help));
                break;
            }
            if is_binary(&file) {
                let why = "it is no text".to_owned();
                self.skipped.push(Skipped { name, why });
                continue;
            }
            match input::page(&file, &name) {
                Ok(text) => self.add(file, name, text, true),
                Err(failure) => self.failed.push(failure),
            }
        }
        if (self.read.len(), self.failed.len()) == before {
            let why = "there is no text in the folder";
            let help = "name a folder in which pages are kept";
            self.failed.push(Failure::new(UNREAD, name, why, help));
        }
    }

    fn add(&mut self, path: PathBuf, name: String, text: String, found: bool) {
        let file = Named { path, name };
        self.read.push(Page { file, text, found });
    }

    /// The files below a folder, sorted by their paths. Symbolic links and what is hidden are passed over.
    fn files(&mut self, dir: &Path) -> Vec<PathBuf> {
        let help = "name a folder that you can read";
        let mut files = Vec::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let entries = match entries {
                Ok(entries) => entries,
                Err(error) => {
                    let what = "the folder cannot be read";
                    self.failed.push(Failure::io(what, &folder, &error, help));
                    continue;
                }
            };
            for entry in entries {
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                // Of a symbolic link this is neither.
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files.sort();
        if files.len() > MOST_FILES {
            let why = format!(
                "there are {} files in it, of which the first {MOST_FILES} are read",
                files.len()
            );
            let name = named(dir);
            let help = "name the folders in it, in several runs";
            self.failed.push(Failure::new(UNREAD, name, why, help));
            files.truncate(MOST_FILES);
        }
        files
    }
}

/// What a message begins with.
pub(crate) const UNREAD: &str = "the page cannot be read";

/// How messages and the record name a file: with `/` between folders on every system.
fn named(path: &Path) -> String {
    let name = path.display().to_string();
    let name = if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name
    };
    printable(&name)
}

/// Whether a name is an address, and not a path.
pub(crate) fn is_address(name: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        let begin = name.get(..scheme.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    })
}

/// The scheme and host of an address.
pub(crate) fn origin(address: &str) -> String {
    let parts: Vec<_> = address.splitn(4, '/').take(3).collect();
    parts.join("/").to_ascii_lowercase()
}

/// Whether a file begins like a picture, an archive or the like: with a zero among its first bytes.
fn is_binary(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(4096).read_to_end(&mut first));
    // What cannot be read is told by who reads it.
    read.is_ok() && first.contains(&0)
}
