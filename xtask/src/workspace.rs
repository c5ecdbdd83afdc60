//! Where the files of this workspace are.

use std::env;
use std::path::{Path, PathBuf};

/// The document, as it is named below the root of the workspace.
pub(crate) const SPEC: &str = "openapi.yaml";
/// The folder of the generated client, as it is named below the root of the workspace.
pub(crate) const OUT: &str = "agen-api/src/generated";
/// The folder of the snapshots of the generated client, named in the same way.
pub(crate) const SNAPSHOTS: &str = "agen-codegen/tests/snapshots/openapi";

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable at run time too, which stays right when the workspace is moved.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or(package.clone(), Path::to_owned)
}

/// A path and the name under which messages speak of it.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

impl Named {
    /// A path that the user gave, or else one below the root, which is named as cargo does: from
    /// the root, wherever the command runs.
    pub(crate) fn given_or(given: Option<&Path>, default: &str) -> Self {
        match given {
            Some(path) => Self {
                path: path.to_owned(),
                name: path.display().to_string(),
            },
            None => Self {
                path: root().join(default),
                name: default.to_owned(),
            },
        }
    }

    /// Whether this is the given path below the root.
    pub(crate) fn is(&self, default: &str) -> bool {
        canonical(&self.path) == canonical(&root().join(default))
    }

    /// The path from the root of the workspace, with `/` between folders, for tools that show the
    /// repository; unchanged where the file lies outside.
    pub(crate) fn in_repository(&self) -> String {
        let path = canonical(&self.path);
        let inside = path.strip_prefix(canonical(&root()));
        let inside = inside.unwrap_or(&self.path);
        let text = inside.display().to_string();
        if cfg!(windows) {
            text.replace('\\', "/")
        } else {
            text
        }
    }
}

/// A path by which two names of one file are equal, as far as the file exists.
fn canonical(path: &Path) -> PathBuf {
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.canonicalize().unwrap_or_else(|_| absolute())
}
