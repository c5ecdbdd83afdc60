//! From text to a document and the places of its values.
//!
//! JSON, and YAML as it is usually written, are read in one pass. All of YAML is read twice: once for the places,
//! which finds everything that YAML allows and a document of JSON values does not (duplicate keys, tags, alias
//! bombs), and once for the values.

mod json;
mod keys;
mod number;
mod offsets;
mod one_line;
mod places;
mod rules;
#[cfg(test)]
mod tests;
mod tree;
mod usual;

use crate::{
    Diagnostic, Label, Severity, Source, diagnostic::printable, document::Document,
    guard::in_parallel, value::Value,
};

use offsets::Offsets;
use places::Reader;
pub(crate) use rules::RULES;
use tree::Read;

/// The longest text that is read, in bytes.
const MAX_TEXT: usize = 16 << 20;

/// Reads a document in YAML or JSON.
pub(crate) fn parse(source: &Source<'_>) -> Result<Document, Vec<Diagnostic>> {
    let text = source.text;
    if text.len() > MAX_TEXT {
        return Err(vec![problem(
            &rules::DOCUMENT_TOO_LARGE,
            0..0,
            "",
            format!(
                "the document has {} bytes; at most {MAX_TEXT} are read",
                text.len()
            ),
            "split the API into several documents, each with its own client",
        )]);
    }
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let content = text.get(mark..).unwrap_or_default();
    let read = if is_json(content) {
        json::read(content, mark)
    } else {
        usual::read(content, mark).map(Ok)
    };
    let (map, root) = read.unwrap_or_else(|| read_all(content, mark))?;
    Ok(Document::new(root, map))
}

/// Reads all of YAML. `mark` is how many bytes stand before the text.
fn read_all(content: &str, mark: usize) -> Result<Read, Vec<Diagnostic>> {
    let offsets = Offsets::new(content, mark);
    let read_places = || match Reader::new(mark).read(content, &offsets) {
        Err(problems) if problems.iter().any(is_indentation) => {
            let text = one_line::one_line(content);
            let again = Reader::new(mark).read(&text, &offsets);
            again.map_err(|later| later_of(problems, later))
        }
        read => read,
    };
    let (map, root) = if is_tame(content) {
        let (map, root) = in_parallel(read_places, || values(content));
        (map?, root)
    } else {
        // Its depth and number of values, and what its aliases come to, are counted before any
        // value is made.
        (read_places()?, values(content))
    };
    let root = root.map_err(|error| vec![value_problem(&error, &offsets)])?;
    Ok((map, root))
}

/// Whether the reader of the places stopped at an indentation, on which it insists where others do not.
fn is_indentation(problem: &Diagnostic) -> bool {
    problem.rule == rules::YAML_SYNTAX.id && problem.message.contains("indentation")
}

/// What is wrong by the reading that came further.
fn later_of(first: Vec<Diagnostic>, second: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let end = |problems: &[Diagnostic]| problems.last().map(|last| last.primary.span.start);
    if end(&second) > end(&first) {
        second
    } else {
        first
    }
}

/// Whether the values of a text can be made while its places are still being read, since they take
/// neither much memory nor much time: the reader of the values takes about a hundred bytes for each,
/// and a time that grows with the square of the depth. A level of depth takes a bracket, or an
/// indentation that no short line has room for; what an alias comes to takes an anchor.
fn is_tame(content: &str) -> bool {
    const MAX_BYTES: usize = 2 << 20;
    const MAX_LINE: usize = 4 << 10;
    const MAX_BRACKETS: usize = 1 << 16;
    let mut brackets = content.bytes().filter(|byte| b"[{".contains(byte));
    content.len() <= MAX_BYTES
        && !content.contains('&')
        && content.lines().all(|line| line.len() <= MAX_LINE)
        && brackets.nth(MAX_BRACKETS).is_none()
}

/// The values of a text. JSON is almost a part of YAML: escapes of two surrogates and very long keys
/// are not.
fn values(content: &str) -> Result<Value, serde_yaml::Error> {
    let json = is_json(content).then(|| serde_json::from_str(content));
    match json {
        Some(Ok(root)) => Ok(root),
        _ => serde_yaml::from_str(content),
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// What the reader of the values refuses although the reader of the places did not.
fn value_problem(error: &serde_yaml::Error, offsets: &Offsets<'_>) -> Diagnostic {
    let at = error
        .location()
        .map_or(offsets.byte(0), |place| offsets.byte(place.index()));
    let text = error.to_string();
    let what = match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text),
        None => &text,
    };
    problem(
        &rules::YAML_SYNTAX,
        at..at,
        "the reader stopped here",
        printable(what),
        "correct the text here; where a value holds `:`, `#`, `{` or `[`, put it in quotes",
    )
}

/// A complaint of the parser.
fn problem(
    rule: &crate::lint::Rule,
    span: std::ops::Range<usize>,
    label: &str,
    message: String,
    help: &str,
) -> Diagnostic {
    Diagnostic {
        rule: rule.id,
        severity: Severity::Error,
        message,
        primary: Label {
            span,
            text: label.to_owned(),
        },
        related: Vec::new(),
        why: rule.why.to_owned(),
        help: help.to_owned(),
    }
}
