//! The report of a comparison: a line for each file, in the way of cargo, and a unified diff.

use std::collections::BTreeSet;
use std::fmt::Write;

use clap::builder::styling::{AnsiColor, Effects, Style};
use indicatif::{ProgressBar, ProgressStyle};
use similar::{ChangeTag, TextDiff};

use crate::tree::{Entry, State};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const RED: Style = colored(AnsiColor::BrightRed);
pub(crate) const YELLOW: Style = colored(AnsiColor::Yellow);
pub(crate) const BLUE: Style = colored(AnsiColor::BrightBlue);
pub(crate) const GREEN: Style = colored(AnsiColor::BrightGreen);
const CYAN: Style = colored(AnsiColor::BrightCyan);

/// How many lines of a diff are shown.
const DIFF_LINES: usize = 200;

const fn colored(color: AnsiColor) -> Style {
    color.on_default().effects(Effects::BOLD)
}

/// A word that says what happened, aligned as cargo does, and what it happened to.
pub(crate) fn status(text: &mut String, style: Style, word: &str, rest: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{style}{word:>12}{style:#} {rest}");
}

/// A bar on standard error, if that is a terminal.
pub(crate) fn bar(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    match ProgressStyle::with_template("{msg:>12} [{bar:30}] {pos}/{len}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A line of a document or of a generated file, as a terminal may see it.
pub(crate) fn printable(line: &str) -> String {
    let visible = |c: char| {
        if c.is_control() && c != '\t' {
            '\u{fffd}'
        } else {
            c
        }
    };
    line.chars().map(visible).collect()
}

/// The compared entries of one folder, and how messages speak of it.
pub(crate) struct Compared {
    pub(crate) name: String,
    pub(crate) entries: Vec<Entry>,
}

impl Compared {
    pub(crate) fn is_fresh(&self) -> bool {
        self.entries.iter().all(|entry| entry.state == State::Fresh)
    }
}

/// A line for each file, and one with the sums.
pub(crate) fn table(folders: &[Compared]) -> String {
    let mut text = String::new();
    for folder in folders {
        for entry in &folder.entries {
            let (style, word) = match entry.state {
                State::Fresh => (GREEN, "Fresh"),
                State::Stale => (YELLOW, "Stale"),
                State::New => (CYAN, "New"),
                State::Removed => (RED, "Removed"),
            };
            let mut rest = format!("{}/{}", folder.name, entry.path);
            if let Some(counts) = counts(entry) {
                let _ = write!(rest, " ({counts})");
            }
            status(&mut text, style, word, &rest);
        }
    }
    let of = |state| {
        let entries = folders.iter().flat_map(|folder| &folder.entries);
        entries.filter(|entry| entry.state == state).count()
    };
    let [fresh, stale, new, removed] =
        [State::Fresh, State::Stale, State::New, State::Removed].map(of);
    let sums = format!(
        "{}: {fresh} fresh, {stale} stale, {new} new, {removed} removed",
        count(fresh + stale + new + removed, "file")
    );
    status(&mut text, BOLD, "Summary", &sums);
    text
}

/// What stands in brackets behind the name of an entry.
fn counts(entry: &Entry) -> Option<String> {
    if let Some(kind) = entry.kind {
        return Some(kind.to_owned());
    }
    let lines = |text: &Option<String>| text.as_deref().unwrap_or_default().lines().count();
    match entry.state {
        State::Fresh => None,
        State::New => Some(format!("+{}", lines(&entry.new))),
        State::Removed => Some(format!("-{}", lines(&entry.old))),
        State::Stale => {
            let diff = TextDiff::from_lines(entry.old.as_deref()?, entry.new.as_deref()?);
            let of = |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).count();
            let (plus, minus) = (of(ChangeTag::Insert), of(ChangeTag::Delete));
            Some(format!("+{plus} -{minus}"))
        }
    }
}

/// What changes in the files, from what stands there to what should; at most 200 lines.
///
/// A snapshot repeats the file that it was taken of, so a change that was shown already is left
/// out.
pub(crate) fn diff(folders: &[Compared]) -> String {
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for state in [State::Stale, State::New, State::Removed] {
        for folder in folders {
            for entry in folder.entries.iter().filter(|entry| entry.state == state) {
                let (changed, hunks) = hunks(entry);
                if hunks.is_empty() || !seen.insert(changed) {
                    continue;
                }
                let path = format!("{}/{}", folder.name, entry.path);
                let [old, new] = match state {
                    State::New => ["/dev/null", &path],
                    State::Removed => [&path, "/dev/null"],
                    State::Stale | State::Fresh => [&*path, &*path],
                };
                lines.push(format!("{BOLD}--- {old}{BOLD:#}"));
                lines.push(format!("{BOLD}+++ {new}{BOLD:#}"));
                lines.extend(hunks);
            }
        }
    }
    let left_out = lines.len().saturating_sub(DIFF_LINES);
    lines.truncate(DIFF_LINES);
    let mut text = String::new();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    if left_out > 0 {
        let left_out = count(left_out, "more line");
        let _ = writeln!(text, "{BOLD}... {left_out} of the diff left out{BOLD:#}");
    }
    text
}

/// The changed lines of an entry alone, and its hunks with their context.
fn hunks(entry: &Entry) -> (String, Vec<String>) {
    let (mut changed, mut lines) = (String::new(), Vec::new());
    if entry.kind.is_some() {
        return (changed, lines);
    }
    let old = entry.old.as_deref().unwrap_or_default();
    let new = entry.new.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        lines.push(format!("{CYAN}{}{CYAN:#}", hunk.header()));
        for change in hunk.iter_changes() {
            let (style, sign) = match change.tag() {
                ChangeTag::Equal => (Style::new(), ' '),
                ChangeTag::Insert => (AnsiColor::Green.on_default(), '+'),
                ChangeTag::Delete => (AnsiColor::Red.on_default(), '-'),
            };
            let line = printable(change.value().trim_end_matches('\n'));
            if sign != ' ' {
                changed.push(sign);
                changed.push_str(&line);
                changed.push('\n');
            }
            lines.push(format!("{style}{sign}{line}{style:#}"));
            if change.missing_newline() {
                lines.push("\\ No newline at end of file".to_owned());
            }
        }
    }
    (changed, lines)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn entry(path: &str, state: State, old: Option<&str>, new: Option<&str>) -> Entry {
        Entry {
            path: path.to_owned(),
            state,
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            kind: None,
        }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn every_state_has_its_line_and_every_change_its_hunk() {
        let mut folder = entry("deep/", State::Removed, None, None);
        folder.kind = Some("folder");
        let folders = [
            Compared {
                name: "out".to_owned(),
                entries: vec![
                    entry("a.rs", State::Fresh, Some("a\n"), Some("a\n")),
                    folder,
                    entry("gone.rs", State::Removed, Some("gone\n"), None),
                    entry(
                        "mod.rs",
                        State::Stale,
                        Some("1\n2\n3"),
                        Some("1\n\u{1b}2\n3\n"),
                    ),
                    entry("new.rs", State::New, None, Some("x\ny\n")),
                ],
            },
            Compared {
                name: "snapshots".to_owned(),
                entries: vec![entry(
                    "new.snap",
                    State::Stale,
                    Some("h\n"),
                    Some("h\nx\ny\n"),
                )],
            },
        ];
        let report = format!("{}\n{}", table(&folders), diff(&folders));
        assert_snapshot!(plain(&report), @r"
               Fresh out/a.rs
             Removed out/deep/ (folder)
             Removed out/gone.rs (-1)
               Stale out/mod.rs (+2 -2)
                 New out/new.rs (+2)
               Stale snapshots/new.snap (+2 -0)
             Summary 6 files: 1 fresh, 2 stale, 1 new, 2 removed

        --- out/mod.rs
        +++ out/mod.rs
        @@ -1,3 +1,3 @@
         1
        -2
        -3
        \ No newline at end of file
        +�2
        +3
        --- snapshots/new.snap
        +++ snapshots/new.snap
        @@ -1 +1,3 @@
         h
        +x
        +y
        --- out/gone.rs
        +++ /dev/null
        @@ -1 +0,0 @@
        -gone
        ");
    }

    #[test]
    fn a_long_diff_is_cut() {
        let long = "line\n".repeat(1000);
        let folder = Compared {
            name: "out".to_owned(),
            entries: vec![entry("new.rs", State::New, None, Some(&long))],
        };
        let diff = plain(&diff(&[folder]));
        assert_eq!(diff.lines().count(), DIFF_LINES + 1);
        let last = diff.lines().last();
        assert_eq!(last, Some("... 803 more lines of the diff left out"));
    }
}
