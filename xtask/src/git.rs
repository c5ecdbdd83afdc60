//! Reading a file as it is in a revision.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use agen_codegen::printable;

use crate::failure::{Failure, reason};
use crate::input;
use crate::workspace::Named;

const WHAT: &str = "the document cannot be read from git";

/// Reads a file as it is in a revision; `name` is how messages speak of it.
///
/// Git is asked for the bytes that it has stored: no filter, hook or pager runs, nothing is fetched,
/// and a revision is never taken for an option. No more than the largest document is held in memory.
pub(crate) fn read(revision: &str, file: &Named, name: &str) -> Result<String, Failure> {
    blob(revision, file, name)?.map_err(|why| {
        if is_absent(&why) {
            let why = "the revision has no such file: the document is younger, or had another name then";
            let help = "name a revision that has it, or the file under its other name";
            return Failure::new(WHAT, printable(name), why, help);
        }
        let help = "name a file, or a revision that has this document, such as `HEAD~1` or `main`; \
                    `git fetch` gets revisions that are not here yet, and `git fetch --unshallow` those \
                    that a shallow clone has left out";
        Failure::new(WHAT, printable(name), why, help)
    })
}

/// Reads a file as it is in a revision that is known to be there; nothing where the revision has no such
/// file.
pub(crate) fn find(revision: &str, file: &Named, name: &str) -> Result<Option<String>, Failure> {
    Ok(blob(revision, file, name)?.ok())
}

/// Whether git says of a revision that it knows that the file is not in it. Its words are those of `LC_ALL=C`.
fn is_absent(words: &str) -> bool {
    let said = ["' does not exist in '", "' exists on disk, but not in '"];
    words.starts_with("fatal: path '") && said.iter().any(|said| words.contains(said))
}

/// The text of a file in a revision, or what git says instead of giving it.
fn blob(revision: &str, file: &Named, name: &str) -> Result<Result<String, String>, Failure> {
    let failed = |why: String, help: &str| Failure::new(WHAT, printable(name), why, help);
    let folder = file
        .path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut object = OsString::from(format!("{revision}:./"));
    object.push(file.path.file_name().unwrap_or_default());
    let child = Command::new("git")
        .arg("-C")
        .arg(folder.unwrap_or(".".as_ref()))
        .args(["cat-file", "--end-of-options", "blob"])
        .arg(object)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let ran = child.and_then(|mut child| {
        let read = output(&mut child);
        if read.is_err()
            || read
                .as_ref()
                .is_ok_and(|(bytes, _)| bytes.len() as u64 > input::LIMIT)
        {
            // It may still be writing.
            let _ = child.kill();
        }
        let status = child.wait()?;
        let (bytes, words) = read?;
        Ok((status, bytes, words))
    });
    let (status, bytes, words) = ran.map_err(|error| {
        let help = "install git, or name two files";
        failed(format!("git: {}", reason(&error)), help)
    })?;
    if bytes.len() as u64 <= input::LIMIT && !status.success() {
        let words = String::from_utf8_lossy(&words);
        let first = words.lines().next().unwrap_or("git says nothing");
        return Ok(Err(printable(first)));
    }
    input::text(bytes, name).map(Ok)
}

/// What a program writes, the one stream as far as a document may be long, the other to some length.
fn output(child: &mut Child) -> io::Result<(Vec<u8>, Vec<u8>)> {
    const MOST_WORDS: u64 = 4096;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let words = scope.spawn(move || {
            let mut words = Vec::new();
            if let Some(stream) = stderr {
                stream.take(MOST_WORDS).read_to_end(&mut words)?;
            }
            Ok::<_, io::Error>(words)
        });
        let mut bytes = Vec::new();
        if let Some(stream) = stdout {
            stream.take(input::LIMIT + 1).read_to_end(&mut bytes)?;
        }
        let words = words.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        Ok((bytes, words))
    })
}
