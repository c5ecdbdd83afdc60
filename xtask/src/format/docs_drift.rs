//! Document and documentation held against each other, for machines.

use std::ops::Range;

use agen_codegen::docs::{self, FactChange, Finding, PageChange, PagePlace, PageState};
use agen_codegen::review::Place;
use agen_codegen::{Lines, Position, printable};
use serde_json::{Value, json};

use super::review::{rows::of_impact, word};
use super::row::{self, At, Described, Level, Row};
use crate::commands::docs_drift::{Held, Verdict};
use crate::pages::Page;

/// The rules of pages that could not be read, beside those of the library.
const INCOMPLETE: Described = Described {
    id: "page-incomplete",
    level: Level::Warning,
    summary: "a page could be read in part only",
    why: "what was not read may differ from the document",
};
const UNREAD: Described = Described {
    id: "page-unread",
    level: Level::Error,
    summary: "a page could not be read",
    why: "the document was not held against it",
};

/// The places of a run: every file with its lines.
pub(super) struct Places<'a> {
    held: &'a Held,
    spec: Lines<'a>,
    pages: Vec<Lines<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(held: &'a Held) -> Self {
        Self {
            held,
            spec: Lines::new(&held.spec.text),
            pages: held
                .pages
                .read
                .iter()
                .map(|page| Lines::new(&page.text))
                .collect(),
        }
    }

    /// The name of the document, and where something of it stands.
    pub(super) fn spec(&self, place: Option<&Place>) -> (&'a str, [Position; 2]) {
        let span = place.map_or(0..0, |place| place.span.clone());
        (&self.held.spec.file.name, region(&self.spec, &span))
    }

    /// A page, and where something of it stands.
    pub(super) fn page(
        &self,
        index: usize,
        span: &Range<usize>,
    ) -> Option<(&'a Page, [Position; 2])> {
        let page = self.held.pages.read.get(index)?;
        Some((page, region(self.pages.get(index)?, span)))
    }
}

fn region(lines: &Lines<'_>, span: &Range<usize>) -> [Position; 2] {
    [lines.position(span.start), lines.position(span.end)]
}

/// The object that `docs-drift.schema.json` describes.
pub(crate) fn format(held: &Held) -> String {
    let places = Places::new(held);
    let findings =
        |all: &[Finding]| -> Vec<_> { all.iter().map(|found| finding(&places, found)).collect() };
    let pages = held.read().enumerate();
    let pages: Vec<_> = pages
        .map(|(index, (page, read))| read_page(&places, index, page, read))
        .collect();
    let changes = held.changes.iter().map(|change| change_of(&places, change));
    let failed = held.pages.failed.iter();
    let failed: Vec<_> = failed
        .map(|failed| {
            json!({
                "name": printable(&failed.place),
                "message": failed.what,
                "why": printable(&failed.why),
                "help": failed.help,
            })
        })
        .collect();
    let skipped = held.pages.skipped.iter();
    let skipped: Vec<_> = skipped
        .map(|skipped| json!({"name": skipped.name, "why": skipped.why}))
        .collect();
    let diagnostics = held.files().flat_map(|file| {
        let lines = Lines::new(&file.text);
        let found = file.diagnostics.iter();
        found
            .map(|found| super::json::object(file, &lines, found))
            .collect::<Vec<_>>()
    });
    let counts = held.drift.counts;
    let object = json!({
        "spec": held.spec.file.name,
        "verdict": match held.verdict() {
            Verdict::Refused => "refused",
            Verdict::Differs => "differs",
            Verdict::Incomplete => "incomplete",
            Verdict::Agrees => "agrees",
        },
        "counts": {
            "breaking": counts.breaking,
            "notable": counts.notable,
            "compatible": counts.compatible,
        },
        "findings": findings(&held.drift.findings),
        "declared": findings(&held.drift.declared),
        "pages": pages,
        "failed": failed,
        "skipped": skipped,
        "changes": changes.collect::<Vec<_>>(),
        "recorded": held.recorded,
        "diagnostics": diagnostics.collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn finding(places: &Places<'_>, found: &Finding) -> Value {
    let (spec, at) = places.spec(found.spec.as_ref());
    let mut spec = place(spec, at);
    if let Some(place) = &found.spec {
        spec["pointer"] = json!(printable(&place.pointer));
    }
    let page = |at: &PagePlace| page_place(places, at.page, &at.span);
    let edit = found.edit.as_ref().map(|edit| {
        json!({
            "instruction": edit.instruction,
            "pointer": printable(&edit.pointer),
            "yaml": edit.yaml,
        })
    });
    json!({
        "rule": found.rule.id,
        "severity": word(found.severity),
        "message": found.message,
        "why": found.rule.why,
        "subjects": found.subjects,
        "fact": found.fact,
        "spec": spec,
        "page": page(&found.page),
        "also": found.also.iter().map(page).collect::<Vec<_>>(),
        "edit": edit,
    })
}

fn read_page(places: &Places<'_>, index: usize, page: &Page, read: &docs::Page) -> Value {
    let lacks = read.lacks.iter().map(|lack| {
        let mut object = page_place(places, index, &lack.span);
        object["message"] = json!(lack.message);
        object
    });
    json!({
        "name": page.file.name,
        "form": read.form.name(),
        "title": read.title,
        "subjects": read.subjects,
        "facts": read.facts,
        "lacks": lacks.collect::<Vec<_>>(),
    })
}

fn change_of(places: &Places<'_>, change: &PageChange) -> Value {
    let fact = |fact: &FactChange| {
        let at = change.page.zip(fact.span.as_ref());
        json!({
            "fact": fact.key,
            "before": fact.before,
            "after": fact.after,
            "at": at.map(|(page, span)| page_place(places, page, span)),
        })
    };
    json!({
        "name": printable(&change.name),
        "state": match change.state {
            PageState::New => "new",
            PageState::Gone => "gone",
            PageState::Changed => "changed",
        },
        "since": change.since.as_deref().map(printable),
        "facts": change.facts.iter().map(fact).collect::<Vec<_>>(),
    })
}

fn page_place(places: &Places<'_>, page: usize, span: &Range<usize>) -> Value {
    let found = places.page(page, span);
    found.map_or(Value::Null, |(page, at)| place(&page.file.name, at))
}

fn place(file: &str, [start, end]: [Position; 2]) -> Value {
    json!({
        "file": file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}

/// Every rule of which there can be a row.
pub(crate) fn rules() -> Vec<Described> {
    let of_library = docs::rules().map(|rule| Described {
        id: rule.id,
        level: of_impact(rule.severity),
        summary: rule.summary,
        why: rule.why,
    });
    let complaints = agen_codegen::rules().map(Described::from);
    complaints
        .chain(of_library)
        .chain([INCOMPLETE, UNREAD])
        .collect()
}

/// Differences, what could not be read, and what is wrong with the files themselves. What is declared is
/// a row only for who can tell that it does not count.
pub(crate) fn rows(held: &Held, with_declared: bool) -> Vec<Row> {
    let places = Places::new(held);
    let mut rows = row::complaints(held.files());
    for failed in &held.pages.failed {
        let start = Position { line: 1, column: 1 };
        rows.push(Row {
            message: format!("{}: {}", failed.what, failed.why),
            help: Some(failed.help.clone()),
            ..blank(
                &UNREAD,
                At {
                    file: failed.place.clone(),
                    start,
                    end: start,
                },
            )
        });
    }
    let declared = held
        .declarations
        .as_ref()
        .map(|file| format!("declared in {}", file.file.name));
    let findings = held.drift.findings.iter().map(|found| (found, None));
    let accepted = held.drift.declared.iter().filter(|_| with_declared);
    let accepted = accepted.map(|found| (found, declared.clone()));
    rows.extend(findings.chain(accepted).map(|(found, accepted)| {
        let (_, [start, end]) = places.spec(found.spec.as_ref());
        let file = held.spec.file.in_repository();
        let pages = std::iter::once(&found.page).chain(&found.also);
        let related = pages.filter_map(|page| {
            let at = places.page(page.page, &page.span)?;
            Some((at_page(at), "the page".to_owned()))
        });
        Row {
            rule: found.rule.id,
            level: of_impact(found.severity),
            message: message(&places, found),
            why: found.rule.why.to_owned(),
            help: found.edit.as_ref().map(super::docs_drift_human::edit),
            at: At { file, start, end },
            related: related.collect(),
            fingerprint: Some(format!(
                "{} {} {}",
                found.rule.id,
                found.subjects.join(", "),
                found.fact
            )),
            accepted,
        }
    }));
    for (index, (page, read)) in held.read().enumerate() {
        if !held
            .lacking()
            .any(|(lacking, _)| std::ptr::eq(lacking, page))
        {
            continue;
        }
        rows.extend(read.lacks.iter().filter_map(|lack| {
            let at = at_page(places.page(index, &lack.span)?);
            Some(Row {
                message: lack.message.clone(),
                ..blank(&INCOMPLETE, at)
            })
        }));
    }
    rows
}

/// What differs, with the place of the page, which GitHub does not show otherwise.
fn message(places: &Places<'_>, found: &Finding) -> String {
    match places.page(found.page.page, &found.page.span) {
        Some((page, [at, _])) => {
            format!(
                "{} ({}:{}:{})",
                found.message, page.file.name, at.line, at.column
            )
        }
        None => found.message.clone(),
    }
}

fn blank(rule: &Described, at: At) -> Row {
    Row {
        rule: rule.id,
        level: rule.level,
        message: String::new(),
        why: rule.why.to_owned(),
        help: None,
        at,
        related: Vec::new(),
        fingerprint: None,
        accepted: None,
    }
}

fn at_page((page, [start, end]): (&Page, [Position; 2])) -> At {
    At {
        file: page.in_repository(),
        start,
        end,
    }
}
