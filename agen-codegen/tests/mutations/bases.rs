//! The documents that are damaged.

use std::{fs, path::Path};

use crate::mutation::Base;

/// Every document that was made here: the contract, the fixtures, and what breaks the rules.
pub(crate) fn made() -> Vec<Base> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "fixtures/documents",
        "tests/diagnostics",
        "tests/diagnostics/valid",
    ];
    let mut files = vec![home.join("../openapi.yaml")];
    for folder in folders {
        let entries = fs::read_dir(home.join(folder)).expect("the folder is there");
        files.extend(entries.map(|entry| entry.expect("the folder can be listed").path()));
    }
    files.sort();
    let base = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Base::new(name, text)
    };
    files.iter().filter_map(base).collect()
}
