//! Reading a document from a file.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::failure::{Failure, reason};

/// The largest document that is read. The largest public ones are below 15 MiB.
pub(crate) const LIMIT: u64 = 16 * 1024 * 1024;

const WHAT: &str = "the document cannot be read";

/// Reads a document; `name` is how messages speak of it.
///
/// Fails where the path leads to no regular text in UTF-8 of at most 16 MiB. No more than that is
/// ever held in memory.
pub(crate) fn read(path: &Path, name: &str) -> Result<String, Failure> {
    let failed = |why: String, help: &str| Failure::new(WHAT, name, why, help);
    let broken = |error| {
        failed(
            reason(&error),
            "name an OpenAPI document, in YAML or JSON, that you can read",
        )
    };

    let metadata = fs::metadata(path).map_err(broken)?;
    if metadata.is_dir() {
        return Err(failed(
            "it is a folder".to_owned(),
            "name the document in it",
        ));
    }
    if metadata.len() > LIMIT {
        return Err(too_large(name, &format!(": {} bytes", metadata.len())));
    }
    let mut bytes = Vec::new();
    // A pipe has no length beforehand, so the reading is bounded as well.
    File::open(path)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        .map_err(broken)?;
    text(bytes, name)
}

fn too_large(name: &str, size: &str) -> Failure {
    Failure::new(
        WHAT,
        name,
        format!("it is larger than {} MiB{size}", LIMIT / (1024 * 1024)),
        "check that this is the document; if it is, split it",
    )
}

/// The text of a document, of which no more than one byte above the limit was read.
pub(crate) fn text(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    if bytes.len() as u64 > LIMIT {
        return Err(too_large(name, ""));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let valid = String::from_utf8_lossy(bytes.get(..offset).unwrap_or_default());
        let line = valid.matches('\n').count() + 1;
        let column = valid
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Failure::new(
            WHAT,
            format!("{name}:{line}:{column}"),
            match bytes.get(offset) {
                Some(byte) => format!("it is not UTF-8: byte {offset} is 0x{byte:02X}"),
                None => "it is not UTF-8".to_owned(),
            },
            "save the file in UTF-8, for instance with `iconv -t UTF-8`",
        )
    })
}
