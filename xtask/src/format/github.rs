//! Workflow commands of GitHub Actions.

use agen_codegen::{Diagnostic, Lines};

use super::{level, region};
use crate::commands::lint::Linted;

pub(crate) fn format(documents: &[Linted]) -> String {
    let mut text = String::new();
    for document in documents {
        let lines = Lines::new(&document.text);
        for diagnostic in &document.diagnostics {
            text.push_str(&command(document, &lines, diagnostic));
        }
    }
    text
}

fn command(document: &Linted, lines: &Lines<'_>, diagnostic: &Diagnostic) -> String {
    let (start, end) = region(lines, &diagnostic.primary);
    let mut properties = format!(
        "file={},line={},endLine={},col={}",
        property(&document.file.in_repository()),
        start.line,
        end.line,
        start.column,
    );
    // GitHub takes the last column only where it is on the line of the first; it counts itself.
    if end.line == start.line && end.column > start.column {
        properties.push_str(&format!(",endColumn={}", end.column - 1));
    }
    let message = format!(
        "{}\nwhy: {}\nhelp: {}",
        diagnostic.message, diagnostic.why, diagnostic.help
    );
    format!(
        "::{} {properties},title={}::{}\n",
        level(diagnostic.severity),
        property(diagnostic.rule),
        data(&message)
    )
}

/// What stands behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn signs_with_a_meaning_are_escaped() {
        assert_eq!(super::data("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(super::property("50%:\r\na,b"), "50%25%3A%0D%0Aa%2Cb");
    }
}
