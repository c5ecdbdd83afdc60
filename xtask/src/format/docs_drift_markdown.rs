//! Document and documentation held against each other, as the text of an issue on GitHub.

use agen_codegen::docs::PageState;
use agen_codegen::printable;

use super::docs_drift::Places;
use super::docs_drift_human::{fact_lines, page_place};
use super::markdown::{block, code, prose};
use super::review::word;
use crate::commands::docs_drift::{Held, Verdict};
use crate::report::count;

/// How long the text is, in bytes: GitHub takes 65,536 characters, and what is said of the run around it
/// needs some of them.
const MOST: usize = 60_000;

/// Pieces of a text, as far as there is room.
struct Text {
    text: String,
    left_out: usize,
}

impl Text {
    fn push(&mut self, piece: &str) {
        if self.text.len() + piece.len() > MOST {
            self.left_out += 1;
        } else {
            self.text.push_str(piece);
        }
    }

    fn title(&mut self, title: &str) {
        self.push(&format!("\n### {title}\n\n"));
    }
}

pub(crate) fn format(held: &Held) -> String {
    let mut text = Text {
        text: String::new(),
        left_out: 0,
    };
    verdict(&mut text, held);
    let places = Places::new(held);
    not_read(&mut text, held, &places);
    findings(&mut text, held, &places);
    changes(&mut text, held, &places);
    if text.left_out > 0 {
        let left_out = count(text.left_out, "more piece");
        text.text.push_str(&format!(
            "\n{left_out} left out for the size of an issue; `cargo xtask docs-drift` shows all of them.\n"
        ));
    }
    text.text
}

fn verdict(text: &mut Text, held: &Held) {
    let spec = code(&held.spec.file.name);
    let found = held.drift.findings.len();
    let counts = held.drift.counts;
    let numbers = format!(
        "{spec} and the documentation differ in {}: {} breaking, {} notable, {} compatible.",
        count(found, "place"),
        counts.breaking,
        counts.notable,
        counts.compatible
    );
    let verdict = match held.verdict() {
        Verdict::Refused if !held.drift.compared => {
            format!("{spec} cannot be read, so nothing was compared.")
        }
        Verdict::Refused if found > 0 => format!("{numbers} Not everything could be read."),
        Verdict::Refused => {
            format!("{spec} was not held against everything: not all could be read.")
        }
        Verdict::Differs => numbers,
        Verdict::Incomplete => format!(
            "No difference between {spec} and the documentation is known, but not every page could be read \
             whole."
        ),
        Verdict::Agrees => format!("{spec} and the documentation agree."),
    };
    text.push(&format!(
        "{verdict}\n\n{} read, {} stated, {} declared as meant.\n",
        count(held.pages.read.len(), "page"),
        count(held.facts(), "fact"),
        count(held.drift.declared.len(), "difference"),
    ));
}

fn findings(text: &mut Text, held: &Held, places: &Places<'_>) {
    if held.drift.findings.is_empty() {
        return;
    }
    text.title("Differences");
    for found in &held.drift.findings {
        let (severity, rule) = (word(found.severity), code(found.rule.id));
        let (spec, [at, _]) = places.spec(found.spec.as_ref());
        let spec = code(&format!("{spec}:{}:{}", at.line, at.column));
        let mut piece = format!("**{severity}** {rule}: {}\n", prose(&found.message));
        let pages = std::iter::once(&found.page).chain(&found.also);
        let pages = pages.filter_map(|page| page_place(places, page.page, &page.span));
        let pages: Vec<_> = pages.map(|page| code(&page)).collect();
        piece.push_str(&format!("{spec}, {}\n", pages.join(", ")));
        let subjects: Vec<_> = found.subjects.iter().map(|subject| code(subject)).collect();
        if !subjects.is_empty() {
            piece.push_str(&format!("of {}", subjects.join(", ")));
            if !found.fact.is_empty() {
                piece.push_str(&format!(": {}", code(&found.fact)));
            }
            piece.push('\n');
        }
        if let Some(edit) = &found.edit {
            piece.push_str(&prose(&edit.instruction));
            piece.push('\n');
            if !edit.yaml.is_empty() {
                piece.push_str(&block("yaml", &edit.yaml));
            }
        }
        piece.push('\n');
        text.push(&piece);
    }
}

fn not_read(text: &mut Text, held: &Held, places: &Places<'_>) {
    let complaints = held.files().any(|file| !file.diagnostics.is_empty());
    let failed = !held.pages.failed.is_empty();
    if complaints || failed || held.lacking().next().is_some() {
        text.title("Not read");
    }
    for row in super::row::complaints(held.files()) {
        let at = format!(
            "{}:{}:{}",
            row.at.file, row.at.start.line, row.at.start.column
        );
        let rule = code(row.rule);
        text.push(&format!(
            "- {}: {rule}: {}\n",
            code(&at),
            prose(&row.message)
        ));
    }
    for failed in &held.pages.failed {
        let (at, why) = (code(&failed.place), prose(&failed.why));
        text.push(&format!("- {at}: {}: {why}\n", prose(&failed.what)));
    }
    for (index, (page, read)) in held.read().enumerate() {
        if !held
            .lacking()
            .any(|(lacking, _)| std::ptr::eq(lacking, page))
        {
            continue;
        }
        for lack in &read.lacks {
            let at = page_place(places, index, &lack.span).unwrap_or_default();
            text.push(&format!("- {}: {}\n", code(&at), prose(&lack.message)));
        }
    }
}

fn changes(text: &mut Text, held: &Held, places: &Places<'_>) {
    if held.changes.is_empty() {
        return;
    }
    text.title("Changed since the pages were recorded");
    for change in &held.changes {
        let name = code(&printable(&change.name));
        let since = prose(change.since.as_deref().unwrap_or_default());
        text.push(&match change.state {
            PageState::New => format!("- {name} is new\n"),
            PageState::Gone => format!("- {name} is gone; it was recorded on {since}\n"),
            PageState::Changed => format!("- {name}, since {since}\n"),
        });
        for line in fact_lines(change, places) {
            text.push(&format!("  - {}\n", prose(&line)));
        }
    }
}
