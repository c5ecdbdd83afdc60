//! Writing a tree as a whole: a run that is killed leaves the old tree or the new one.
//!
//! The new tree is written beside the live one, to the disk, and then exchanged with it in one
//! step of the file system. Where there is no such step, two renames take its place, and the next
//! run undoes the first where the second is missing.
//!
//! For a tree `generated` the names beside it are `.generated.codegen-new` and
//! `.generated.codegen-old`. The next run removes what a killed one left of them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::tree::Tree;

const WHAT: &str = "the generated files cannot be written";
const HELP: &str = "nothing was changed; remove the cause and run the command again";

/// The right to replace one tree, held by one run at a time.
#[derive(Debug)]
pub(crate) struct Writer {
    live: PathBuf,
    parent: PathBuf,
    new: PathBuf,
    old: PathBuf,
    /// The lock ends with the process at the latest, even where it is killed.
    _lock: File,
}

impl Writer {
    /// Waits for other runs that write beside the same tree, then clears away what killed ones
    /// left. Makes the folder above the tree where there is none.
    pub(crate) fn open(dir: &Path) -> Result<Self, Failure> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| Failure::io(WHAT, &path, &error, HELP)
        };
        let live = std::path::absolute(dir).map_err(failed(dir))?;
        let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else {
            let why = "the path has no last part that could be the name of a folder";
            let help = "name the folder itself, as in `some/folder`";
            return Err(Failure::new(WHAT, dir.display().to_string(), why, help));
        };
        let beside = |end: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(end);
            parent.join(hidden)
        };
        fs::create_dir_all(parent).map_err(failed(parent))?;
        let writer = Self {
            _lock: lock::acquire(parent).map_err(failed(parent))?,
            parent: parent.to_owned(),
            new: beside(".codegen-new"),
            old: beside(".codegen-old"),
            live,
        };
        writer.recover().map_err(failed(&writer.parent))?;
        Ok(writer)
    }

    /// Replaces the tree. `tree` is the one that the writer was opened for.
    pub(crate) fn write(&self, tree: &Tree) -> Result<(), Failure> {
        self.stage(tree)
            .and_then(|()| self.swap())
            .map_err(|error| {
                // The error is the news; what could not be removed, the next run removes.
                let _ = remove(&self.new);
                let help = if error.kind() == io::ErrorKind::CrossesDevices {
                    "the file system cannot move this folder in one step, as on an overlay of a \
                     container; delete the folder and run the command again"
                } else {
                    HELP
                };
                Failure::io(WHAT, &self.live, &error, help)
            })?;
        // The new tree stands. What cannot be removed of the old one, the next run removes.
        let _ = remove(&self.new).and_then(|()| remove(&self.old));
        Ok(())
    }

    fn recover(&self) -> io::Result<()> {
        if !exists(&self.live)? && exists(&self.old)? {
            fs::rename(&self.old, &self.live)?;
        }
        remove(&self.old)?;
        remove(&self.new)
    }

    /// Writes the new tree to the disk, beside the live one.
    fn stage(&self, tree: &Tree) -> io::Result<()> {
        let mut folders = vec![self.new.clone()];
        fs::create_dir(&self.new)?;
        for (path, text) in &tree.files {
            let path = self.new.join(path);
            if let Some(folder) = path.parent()
                && !folders.iter().any(|known| known == folder)
            {
                fs::create_dir_all(folder)?;
                let above = folder.ancestors();
                folders.extend(above.take_while(|&f| f != self.new).map(Path::to_owned));
            }
            let mut file = File::create_new(&path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
        }
        folders.iter().for_each(|folder| sync(folder));
        Ok(())
    }

    fn swap(&self) -> io::Result<()> {
        if !exists(&self.live)? {
            fs::rename(&self.new, &self.live)?;
        } else if !exchange(&self.new, &self.live)? {
            self.swap_by_renames()?;
        }
        sync(&self.parent);
        Ok(())
    }

    fn swap_by_renames(&self) -> io::Result<()> {
        fs::rename(&self.live, &self.old)?;
        fs::rename(&self.new, &self.live).inspect_err(|_| {
            // Should this fail too, the next run does it.
            let _ = fs::rename(&self.old, &self.live);
        })
    }
}

fn exists(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes a folder with all that is in it, following no symbolic link; none is no error.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the entries of a folder durable, as far as the system can: Windows opens no folders, and
/// some network file systems sync none. Only a loss of power could make a difference.
fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Exchanges two folders in one step; false where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Exchanges two folders in one step; false where the system or the file system cannot.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
mod lock {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{FlockOperation, flock};
    use rustix::io::{Errno, retry_on_intr};

    use crate::report::{BLUE, status};

    /// Locks the folder above a tree, which leaves no file behind.
    pub(super) fn acquire(parent: &Path) -> io::Result<File> {
        let folder = File::open(parent)?;
        let locked = flock(&folder, FlockOperation::NonBlockingLockExclusive);
        if locked == Err(Errno::WOULDBLOCK) {
            let mut waiting = String::new();
            let whom = "another run that writes to the same folder";
            status(&mut waiting, BLUE, "Waiting", &format!("for {whom}"));
            anstream::eprint!("{waiting}");
            retry_on_intr(|| flock(&folder, FlockOperation::LockExclusive))?;
        } else {
            locked?;
        }
        Ok(folder)
    }
}

#[cfg(windows)]
mod lock {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    /// The system removes the file when its last handle is closed, also by a kill.
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;

    /// Creates a file beside a tree that nobody else can open; fails where another run has it.
    pub(super) fn acquire(parent: &Path) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .share_mode(0)
            .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
            .open(parent.join(".codegen-lock"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tree::State;

    fn tree(dir: &Path, files: &[(&str, &str)]) -> Tree {
        let text = |&(path, text): &(&str, &str)| (path.to_owned(), format!("// made\n{text}"));
        Tree {
            dir: dir.to_owned(),
            name: "out".to_owned(),
            mark: "// made",
            files: files.iter().map(text).collect::<BTreeMap<_, _>>(),
        }
    }

    /// What a second comparison says of each file.
    fn states(tree: &Tree) -> Vec<(String, State)> {
        let entries = tree.compare().unwrap();
        entries.into_iter().map(|e| (e.path, e.state)).collect()
    }

    fn all_fresh(tree: &Tree) -> bool {
        states(tree).iter().all(|(_, state)| *state == State::Fresh)
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_tree_is_made_and_replaced_as_a_whole() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("a/out");
        let one = tree(
            &out,
            &[("mod.rs", "1"), ("x/y/deep.rs", "1"), ("x/gone.rs", "1")],
        );
        let two = tree(&out, &[("mod.rs", "2"), ("z/new.rs", "2")]);

        let writer = Writer::open(&out).unwrap();
        writer.write(&one).unwrap();
        assert!(all_fresh(&one));
        let expected = [
            ("mod.rs", State::Stale),
            ("x/", State::Removed),
            ("z/new.rs", State::New),
        ];
        assert_eq!(states(&two), expected.map(|(p, s)| (p.to_owned(), s)));

        writer.write(&two).unwrap();
        assert!(all_fresh(&two));
        assert_eq!(names(&home.path().join("a")), ["out"]);
    }

    #[test]
    fn two_renames_do_the_same() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let (one, two) = (tree(&out, &[("mod.rs", "1")]), tree(&out, &[("b.rs", "2")]));
        let writer = Writer::open(&out).unwrap();
        writer.write(&one).unwrap();
        writer.stage(&two).unwrap();
        writer.swap_by_renames().unwrap();
        assert!(all_fresh(&two));
        writer.recover().unwrap();
        assert!(all_fresh(&two));
        assert_eq!(names(home.path()), ["out"]);
    }

    #[test]
    fn a_run_killed_between_two_renames_is_undone() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let (one, two) = (tree(&out, &[("mod.rs", "1")]), tree(&out, &[("b.rs", "2")]));
        {
            let writer = Writer::open(&out).unwrap();
            writer.write(&one).unwrap();
            writer.stage(&two).unwrap();
            fs::rename(&writer.live, &writer.old).unwrap();
        }
        assert_eq!(names(home.path()), [".out.codegen-new", ".out.codegen-old"]);
        Writer::open(&out).unwrap();
        assert!(all_fresh(&one));
        assert_eq!(names(home.path()), ["out"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_tree_alone() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let one = tree(&out, &[("mod.rs", "1")]);
        // A file cannot be a folder as well, so that this tree cannot be staged.
        let broken = tree(&out, &[("a", "2"), ("a/b.rs", "2")]);
        let writer = Writer::open(&out).unwrap();
        writer.write(&one).unwrap();
        let failure = writer.write(&broken).unwrap_err();
        assert_eq!(failure.place, out.display().to_string());
        assert!(all_fresh(&one));
        assert_eq!(names(home.path()), ["out"]);
    }

    #[test]
    fn line_endings_and_names_that_are_no_files() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let one = tree(&out, &[("mod.rs", "a\nb\n"), ("x.rs", "1")]);
        Writer::open(&out).unwrap().write(&one).unwrap();
        fs::write(out.join("mod.rs"), "// made\r\na\r\nb\r\n").unwrap();
        fs::remove_file(out.join("x.rs")).unwrap();
        fs::create_dir(out.join("x.rs")).unwrap();
        let expected = [
            ("mod.rs", State::Fresh),
            ("x.rs", State::New),
            ("x.rs/", State::Removed),
        ];
        assert_eq!(states(&one), expected.map(|(p, s)| (p.to_owned(), s)));
    }
}
