//! Workflow commands of GitHub Actions.

use agen_codegen::printable;

use super::row::{Level, Row};

/// How many commands of each level are given: GitHub shows as many of one step, and drops the rest.
const MOST: usize = 10;
/// How many of the rest are written out in the log.
const MOST_IN_LOG: usize = 1000;

/// A command for each of the first results of each level, and a line of the log for each of the
/// others.
pub(crate) fn format(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut rest = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level: Vec<_> = rows.iter().filter(|row| row.level == level).collect();
        let (shown, left) = of_level.split_at(of_level.len().min(MOST));
        shown.iter().for_each(|row| text.push_str(&command(row)));
        rest.extend_from_slice(left);
    }
    if !rest.is_empty() {
        text.push_str(&format!("{} more results:\n", rest.len()));
    }
    for row in rest.iter().take(MOST_IN_LOG) {
        // It begins with a word, so that nothing in it is taken for a command.
        let (word, at) = (word(row.level), row.at.start);
        let (message, file) = (printable(&row.message), printable(&row.at.file));
        let rule = row.rule;
        text.push_str(&format!(
            "{word}[{rule}] {file}:{}:{}: {message}\n",
            at.line, at.column
        ));
    }
    if rest.len() > MOST_IN_LOG {
        text.push_str(&format!("and {} more\n", rest.len() - MOST_IN_LOG));
    }
    text
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

fn command(row: &Row) -> String {
    let (start, end) = (row.at.start, row.at.end);
    let mut properties = format!(
        "file={},line={},endLine={},col={}",
        property(&row.at.file),
        start.line,
        end.line,
        start.column,
    );
    // GitHub takes the last column only where it is on the line of the first; it counts itself.
    if end.line == start.line && end.column > start.column {
        properties.push_str(&format!(",endColumn={}", end.column - 1));
    }
    format!(
        "::{} {properties},title={}::{}\n",
        word(row.level),
        property(row.rule),
        data(&row.text())
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
    use agen_codegen::Position;

    use super::super::row::{At, Level, Row};

    #[test]
    fn signs_with_a_meaning_are_escaped() {
        assert_eq!(super::data("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(super::property("50%:\r\na,b"), "50%25%3A%0D%0Aa%2Cb");
    }

    #[test]
    fn a_bounded_number_of_commands_is_given() {
        let row = |line| {
            let at = Position { line, column: 1 };
            Row {
                rule: "rule",
                level: Level::Warning,
                message: "\n::error::forged\u{1b}[31m".to_owned(),
                why: String::new(),
                help: None,
                at: At {
                    file: "::error::a\n.yaml".to_owned(),
                    start: at,
                    end: at,
                },
                related: Vec::new(),
                fingerprint: None,
                accepted: None,
            }
        };
        let rows: Vec<_> = (1..=1500).map(row).collect();
        let text = super::format(&rows);
        let of = |begin: &str| text.lines().filter(|l| l.starts_with(begin)).count();
        assert_eq!(of("::"), 10);
        assert_eq!(of("::warning file=%3A%3Aerror%3A%3Aa%0A.yaml,"), 10);
        assert_eq!(of("warning[rule] "), 1000);
        assert_eq!(text.lines().count(), 10 + 1 + 1000 + 1);
        assert!(text.ends_with("\nand 490 more\n"));
        assert!(!text.contains('\u{1b}'));
    }
}
