//! Reading documents and pages from files.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::failure::{Failure, reason};

/// The largest document that is read. The largest public ones are below 15 MiB.
pub(crate) const LIMIT: u64 = 16 * 1024 * 1024;

/// What a file is taken for, in the words of a message.
struct Kind {
    what: &'static str,
    name_it: &'static str,
    in_folder: &'static str,
    /// Whether nothing but a regular file is read.
    regular: bool,
    limit: u64,
    too_large: &'static str,
}

const DOCUMENT: Kind = Kind {
    what: "the document cannot be read",
    name_it: "name an OpenAPI document, in YAML or JSON, that you can read",
    in_folder: "name the document in it",
    regular: false,
    limit: LIMIT,
    too_large: "check that this is the document; if it is, split it",
};

/// A page of documentation.
const PAGE: Kind = Kind {
    what: "the page cannot be read",
    name_it: "name a file, a folder, or an address that begins with `https://`",
    in_folder: "name a page in it",
    regular: true,
    limit: agen_codegen::docs::MOST_PAGE_BYTES as u64,
    too_large: "check that this is a page of documentation",
};

/// Reads a document; `name` is how messages speak of it.
///
/// Fails where the path leads to no regular text in UTF-8 of at most 16 MiB. No more than that is
/// ever held in memory.
pub(crate) fn read(path: &Path, name: &str) -> Result<String, Failure> {
    text(bytes(path, name, &DOCUMENT)?, name)
}

/// Reads a page, of at most 8 MiB.
pub(crate) fn page(path: &Path, name: &str) -> Result<String, Failure> {
    decode(bytes(path, name, &PAGE)?, name, &PAGE)
}

/// The bytes of a file, at most one more than may be.
fn bytes(path: &Path, name: &str, kind: &Kind) -> Result<Vec<u8>, Failure> {
    let failed = |why: String, help: &str| Failure::new(kind.what, name, why, help);
    let broken = |error| failed(reason(&error), kind.name_it);

    let metadata = fs::metadata(path).map_err(broken)?;
    if metadata.is_dir() {
        return Err(failed("it is a folder".to_owned(), kind.in_folder));
    }
    // Nobody may ever write into a pipe, and of pages there are many.
    if kind.regular && !metadata.is_file() {
        let why = "it is neither a file nor a folder".to_owned();
        return Err(failed(why, "save the page in a file, and name that"));
    }
    if metadata.len() > kind.limit {
        let size = format!(": {} bytes", metadata.len());
        return Err(too_large(name, &size, kind));
    }
    let mut bytes = Vec::new();
    // A pipe has no length beforehand, so the reading is bounded as well.
    File::open(path)
        .and_then(|file| file.take(kind.limit + 1).read_to_end(&mut bytes))
        .map_err(broken)?;
    Ok(bytes)
}

fn too_large(name: &str, size: &str, kind: &Kind) -> Failure {
    let why = format!("it is larger than {} MiB{size}", kind.limit >> 20);
    Failure::new(kind.what, name, why, kind.too_large)
}

/// The text of a document, of which no more than one byte above the limit was read.
pub(crate) fn text(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    decode(bytes, name, &DOCUMENT)
}

fn decode(bytes: Vec<u8>, name: &str, kind: &Kind) -> Result<String, Failure> {
    if bytes.len() as u64 > kind.limit {
        return Err(too_large(name, "", kind));
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
            kind.what,
            format!("{name}:{line}:{column}"),
            match bytes.get(offset) {
                Some(byte) => format!("it is not UTF-8: byte {offset} is 0x{byte:02X}"),
                None => "it is not UTF-8".to_owned(),
            },
            "save the file in UTF-8, for instance with `iconv -t UTF-8`",
        )
    })
}
