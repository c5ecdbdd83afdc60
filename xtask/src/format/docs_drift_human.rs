//! Document and documentation held against each other, for people: the verdict first, two lines for a
//! difference, and the rest in one line each.

use std::fmt::Write;
use std::ops::Range;

use agen_codegen::docs::{Edit, Form, PageChange, PageState};
use agen_codegen::{Position, printable, review::Impact};

use super::docs_drift::Places;
use super::review::word;
use crate::commands::docs_drift::{Held, Verdict};
use crate::pages::{is_address, origin};
use crate::report::{BLUE, BOLD, GREEN, RED, YELLOW, count, status};

/// How many differences are shown.
const MOST: usize = 100;
/// How many lines there are of anything else.
const MOST_LINES: usize = 20;
/// How much of an edit is shown, in characters; Markdown and JSON have all of it.
const MOST_OF_EDIT: usize = 200;
/// How wide a line is, in characters, unless names and places take more.
const WIDTH: usize = 100;

/// What goes to standard error: what is wrong with the files, and pages that were not read.
pub(crate) fn notes(held: &Held) -> String {
    let mut text = String::new();
    for file in held.files() {
        for diagnostic in file.diagnostics.iter().take(MOST_LINES) {
            let rendered = diagnostic.render(&file.source(), true);
            text.push_str(rendered.trim_end());
            text.push_str("\n\n");
        }
        if file.diagnostics.len() > MOST_LINES {
            let rest = count(file.diagnostics.len() - MOST_LINES, "more complaint");
            let _ = writeln!(
                text,
                "{BOLD}... {rest} about {} left out{BOLD:#}\n",
                file.file.name
            );
        }
    }
    for failed in held.pages.failed.iter().take(MOST_LINES) {
        let _ = writeln!(text, "{failed}");
    }
    if held.pages.failed.len() > MOST_LINES {
        let rest = count(held.pages.failed.len() - MOST_LINES, "more page");
        let _ = writeln!(
            text,
            "{BOLD}... {rest} that cannot be read left out{BOLD:#}\n"
        );
    }
    for skipped in held.pages.skipped.iter().take(MOST_LINES) {
        status(
            &mut text,
            YELLOW,
            "Skipped",
            &format!("{}: {}", skipped.name, skipped.why),
        );
    }
    if held.pages.skipped.len() > MOST_LINES {
        let rest = held.pages.skipped.len() - MOST_LINES;
        status(&mut text, YELLOW, "Skipped", &format!("{rest} more"));
    }
    text
}

pub(crate) fn format(held: &Held) -> String {
    let mut text = String::new();
    let site = site(held);
    verdict(&mut text, held, site.as_deref());
    let places = Places::new(held);
    for found in held.drift.findings.iter().take(MOST) {
        let style = match found.severity {
            Impact::Breaking => RED,
            Impact::Notable => YELLOW,
            Impact::Compatible => GREEN,
        };
        let (severity, id) = (word(found.severity), found.rule.id);
        let _ = writeln!(
            text,
            "{style}{severity}[{id}]{style:#}{BOLD}: {}{BOLD:#}",
            found.message
        );
        let (spec, [at, _]) = places.spec(found.spec.as_ref());
        let mut place = format!("{spec}:{}:{}", at.line, at.column);
        if let Some(page) = page_place(&places, found.page.page, &found.page.span) {
            // The site is named above.
            let below = site.as_ref().and_then(|site| page.strip_prefix(site));
            let _ = write!(place, ", {}", below.unwrap_or(&page));
        }
        if !found.also.is_empty() {
            let _ = write!(place, " and {}", count(found.also.len(), "more place"));
        }
        let spec = found.spec.as_ref().map_or("", |place| &place.pointer);
        let edit = found.edit.as_ref().map(|edit| short(edit, spec));
        let _ = write!(text, "  {BLUE}-->{BLUE:#} {place}");
        match edit {
            Some(edit) => {
                let room = WIDTH.saturating_sub(6 + place.chars().count() + 2);
                let between = if edit.chars().count() <= room {
                    ": "
                } else {
                    "\n      "
                };
                let _ = writeln!(text, "{between}{}", cut(&edit, MOST_OF_EDIT));
            }
            None => text.push('\n'),
        }
    }
    let hidden = held.drift.findings.len().saturating_sub(MOST);
    if hidden > 0 {
        let rest = count(hidden, "more difference");
        let _ = writeln!(text, "{BOLD}... {rest} left out{BOLD:#}");
    }
    lacks(&mut text, held, &places);
    changes(&mut text, held, &places);
    if let Some(file) = &held.recorded {
        let rest = format!(
            "what {} state in {file}",
            count(held.pages.read.len(), "page")
        );
        status(&mut text, GREEN, "Recorded", &rest);
    }
    text
}

/// The scheme and host of all pages, where they are fetched from one.
fn site(held: &Held) -> Option<String> {
    let mut names = held.pages.read.iter().map(|page| page.file.name.as_str());
    let first = origin(names.next().filter(|name| is_address(name))?);
    names.all(|name| origin(name) == first).then_some(first)
}

/// One line on what was found, and one on what was looked at.
fn verdict(text: &mut String, held: &Held, site: Option<&str>) {
    let spec = &held.spec.file.name;
    let counts = held.drift.counts;
    let found = &held.drift.findings;
    let differs = format!(
        "{spec} and the pages in {}: {} breaking, {} notable, {} compatible",
        count(found.len(), "place"),
        counts.breaking,
        counts.notable,
        counts.compatible
    );
    match held.verdict() {
        Verdict::Refused if !held.drift.compared => {
            status(
                text,
                RED,
                "Refused",
                &format!("{spec}: nothing is compared"),
            );
        }
        Verdict::Refused => {
            let failed = held.pages.failed.len();
            let why = if held.errors() > 0 {
                "declarations, record or document have errors".to_owned()
            } else {
                format!("{} could not be read", count(failed, "page"))
            };
            status(text, RED, "Refused", &format!("{spec}: {why}"));
            if !found.is_empty() {
                status(text, RED, "Differ", &differs);
            }
        }
        Verdict::Differs => status(text, RED, "Differ", &differs),
        Verdict::Incomplete => {
            let rest =
                format!("{spec}: no difference is known, but not every page could be read whole");
            status(text, YELLOW, "Unsure", &rest);
        }
        Verdict::Agrees => status(text, GREEN, "Agree", &format!("{spec} and the pages")),
    }
    let index = held
        .read()
        .filter(|(_, read)| read.form == Form::Index)
        .count();
    let beside = held.beside();
    let described = held.pages.read.len() - index - beside;
    let site = site.map_or(String::new(), |site| format!(" of {site}"));
    let mut rest = format!(
        "{}{site} with {}",
        count(described, "page"),
        count(held.facts(), "fact")
    );
    if beside > 0 {
        let _ = write!(rest, "; {} without any", count(beside, "other"));
    }
    if !held.drift.declared.is_empty() {
        let declared = count(held.drift.declared.len(), "difference");
        let _ = write!(rest, "; {declared} declared as meant");
    }
    status(text, BOLD, "Read", &rest);
}

fn lacks(text: &mut String, held: &Held, places: &Places<'_>) {
    let mut shown = 0;
    let mut hidden = 0;
    for (index, (page, read)) in held.read().enumerate() {
        if !held
            .lacking()
            .any(|(lacking, _)| std::ptr::eq(lacking, page))
        {
            continue;
        }
        for lack in &read.lacks {
            if shown == MOST_LINES {
                hidden += 1;
                continue;
            }
            shown += 1;
            let at = page_place(places, index, &lack.span).unwrap_or_default();
            status(text, YELLOW, "Not read", &format!("{at}: {}", lack.message));
        }
    }
    if hidden > 0 {
        status(text, YELLOW, "Not read", &format!("{hidden} more"));
    }
}

fn changes(text: &mut String, held: &Held, places: &Places<'_>) {
    let mut lines = Vec::new();
    for change in &held.changes {
        let name = printable(&change.name);
        let since = printable(change.since.as_deref().unwrap_or_default());
        match change.state {
            PageState::New => lines.push(("New", format!("{name}: not recorded"))),
            PageState::Gone => lines.push(("Gone", format!("{name}: recorded on {since}"))),
            PageState::Changed => {
                let facts = count(change.facts.len(), "fact");
                lines.push(("Changed", format!("{name}: {facts} since {since}")));
                lines.extend(fact_lines(change, places).map(|line| ("", line)));
            }
        }
    }
    for (word, line) in lines.iter().take(MOST_LINES) {
        status(text, YELLOW, word, line);
    }
    if lines.len() > MOST_LINES {
        let rest = count(lines.len() - MOST_LINES, "more line");
        status(text, YELLOW, "Changed", &rest);
    }
}

/// A line for each fact of a page that has changed.
pub(super) fn fact_lines(change: &PageChange, places: &Places<'_>) -> impl Iterator<Item = String> {
    change.facts.iter().map(move |fact| {
        let at = change.page.zip(fact.span.as_ref());
        let at = at.and_then(|(page, span)| places.page(page, span));
        let at = at.map_or(String::new(), |(_, [at, _])| {
            format!("{}:{}: ", at.line, at.column)
        });
        let [before, after] = [&fact.before, &fact.after].map(|value| {
            value
                .as_ref()
                .map_or("nothing".to_owned(), |value| format!("`{value}`"))
        });
        format!("{at}{}: {before} is now {after}", fact.key)
    })
}

/// `page:line:column`.
pub(super) fn page_place(places: &Places<'_>, page: usize, span: &Range<usize>) -> Option<String> {
    let (page, [Position { line, column }, _]) = places.page(page, span)?;
    Some(format!("{}:{line}:{column}", page.file.name))
}

/// An edit in one line.
pub(crate) fn edit(edit: &Edit) -> String {
    let lines: Vec<_> = edit.yaml.lines().collect();
    if lines.is_empty() {
        return edit.instruction.clone();
    }
    let yaml = flow(&lines);
    // A mapping is merged, so that it stands without its braces.
    let members = yaml
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    format!("{} `{}`", edit.instruction, members.unwrap_or(&yaml))
}

/// Lines of YAML in one: what stands below something goes into braces or brackets behind it.
fn flow(lines: &[&str]) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let Some(outer) = lines.first().map(|line| indent(line)) else {
        return String::new();
    };
    let is_list = |line: &str| line.trim_start().starts_with("- ");
    let list = lines.first().is_some_and(|line| is_list(line));
    let mut parts = Vec::new();
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first() {
        // A list may stand as far left as the key that it belongs to.
        let below = |line: &&&str| indent(line) > outer || (!list && is_list(line));
        let (inner, next) = behind.split_at(behind.iter().take_while(below).count());
        let head = first.trim_start();
        parts.push(match head.strip_prefix("- ").filter(|_| list) {
            Some(item) if inner.is_empty() && !item.ends_with(':') => item.to_owned(),
            Some(item) => {
                let item = format!("{}{item}", " ".repeat(outer + 2));
                let whole: Vec<_> = std::iter::once(&*item)
                    .chain(inner.iter().copied())
                    .collect();
                flow(&whole)
            }
            None if inner.is_empty() => head.to_owned(),
            None => format!("{head} {}", flow(inner)),
        });
        rest = next;
    }
    let parts = parts.join(", ");
    if list {
        format!("[{parts}]")
    } else {
        format!("{{{parts}}}")
    }
}

/// An edit in one line, without its place where the difference stands there, or in a member of that.
fn short(found: &Edit, spec: &str) -> String {
    let edit = edit(found);
    let place = format!("in `{}`, ", found.pointer);
    let member = spec.strip_prefix(&found.pointer);
    let is_there = member.is_some_and(|member| {
        member.is_empty()
            || member.starts_with('/') && !member.trim_start_matches('/').contains('/')
    });
    match edit.strip_prefix(&place) {
        Some(rest) if is_there => rest.to_owned(),
        _ => edit,
    }
}

/// The beginning of a text.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(room.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::flow;

    #[test]
    fn yaml_in_one_line() {
        for (yaml, line) in [
            ("type: string", "{type: string}"),
            ("- a\n- b", "[a, b]"),
            (
                "enum:\n- a\n- b\ntype: string",
                "{enum: [a, b], type: string}",
            ),
            ("enum:\n  - a\n  - b", "{enum: [a, b]}"),
            (
                "a:\n  b:\n    c: 1\n  d: 2\ne: 3",
                "{a: {b: {c: 1}, d: 2}, e: 3}",
            ),
            (
                "- name: a\n  schema:\n    type: b\n- c",
                "[{name: a, schema: {type: b}}, c]",
            ),
            ("", ""),
            ("  odd\nlines:", "{odd, lines:}"),
        ] {
            let lines: Vec<_> = yaml.lines().collect();
            assert_eq!(flow(&lines), line, "{yaml}");
        }
    }
}
