//! Complaints about a document, each with a rule, a place, a reason and a repair.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::Source;

/// How much a complaint weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document can be generated from; it could say more.
    Warning,
    /// Nothing is generated from the document.
    Error,
}

/// A place in the text and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// A few words that stand beside the underlined text.
    pub text: String,
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id, in kebab case.
    pub rule: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Other places that belong to it, such as the first of two equal keys.
    pub related: Vec<Label>,
    /// Why it matters.
    pub why: String,
    /// What to write instead.
    pub help: String,
}

impl Diagnostic {
    /// The place of the complaint.
    pub fn position(&self, source: &Source<'_>) -> Position {
        Lines::new(source.text).position(self.primary.span.start)
    }

    /// The complaint in the style of rustc; with ANSI colours where `color` is set.
    ///
    /// Control characters of the document come out as pictures of themselves, and of a long line
    /// only the part around the spot is shown. The text ends without a line break.
    pub fn render(&self, source: &Source<'_>, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level
            .clone()
            .primary_title(printable(&self.message))
            .id(self.rule);
        let name = printable(source.name);
        let note = Level::NOTE.message(printable(&self.why));
        let help = Level::HELP.message(printable(&self.help));
        let spots: Vec<Spot> = std::iter::once(&self.primary)
            .chain(&self.related)
            .map(|label| Spot::new(source.text, label))
            .collect();
        let mut report = Vec::new();
        if spots.iter().any(|spot| spot.cut) {
            // A column that is counted in the cut line would be wrong, so it is given here.
            let origin = |spot: &Spot| {
                Origin::path(name.clone())
                    .line(spot.at.line)
                    .char_column(spot.at.column)
            };
            let mut head = Group::with_title(title);
            let mut tail = Group::with_level(level);
            let mut others = Vec::new();
            for (index, spot) in spots.into_iter().enumerate() {
                let origin = origin(&spot);
                if index == 0 {
                    head = head.element(origin);
                    tail = tail.element(
                        Snippet::source(spot.line)
                            .line_start(spot.at.line)
                            .annotation(AnnotationKind::Primary.span(spot.span).label(spot.label)),
                    );
                } else {
                    others.push(Level::NOTE.secondary_title(spot.label).element(origin));
                }
            }
            report.extend([head, tail.element(note).element(help)]);
            report.extend(others);
        } else {
            let mut group = Group::with_title(title);
            for spots in near(spots) {
                group = group.element(snippet(source.text, spots).path(name.clone()));
            }
            report.push(group.element(note).element(help));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.term_width(4 * WINDOW).render(&report)
    }
}

/// The lines of a text: finds many places in it without reading it again for each.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    is_ascii: bool,
    /// Where each line starts, in bytes.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Reads the text once.
    pub fn new(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        Self {
            text,
            is_ascii: text.is_ascii(),
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The line and column of a byte; those of the end for a byte behind it.
    pub fn position(&self, byte: usize) -> Position {
        let byte = boundary(self.text, byte);
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let column = match self.text.get(start..byte) {
            Some(before) if !self.is_ascii => before.chars().count(),
            _ => byte - start,
        };
        Position {
            line,
            column: 1 + column,
        }
    }
}

/// How many characters of a line are shown, at most, before the spot and from it on.
const WINDOW: usize = 100;

/// What a label says, with the part of its line that is shown.
struct Spot {
    at: Position,
    /// Fit for a terminal.
    line: String,
    /// Bytes of `line`.
    span: Range<usize>,
    /// Whether `line` leaves out characters before the span.
    cut: bool,
    label: String,
}

impl Spot {
    /// The line in which a label starts, and what the label covers of it.
    fn new(text: &str, label: &Label) -> Self {
        let start = boundary(text, label.span.start);
        let (before, after) = text.split_at(start);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let after = after.strip_suffix('\r').unwrap_or(after);
        let length = boundary(text, label.span.end).saturating_sub(start);
        let (marked, rest) = after.split_at(boundary(after, length));

        let column = before.chars().count();
        let skipped = column.saturating_sub(WINDOW);
        let mut line = String::new();
        if skipped > 0 {
            line.push('…');
        }
        line.extend(before.chars().skip(skipped).map(visible));
        let start = line.len();
        line.extend(marked.chars().take(WINDOW).map(visible));
        let end = line.len();
        let room = WINDOW.saturating_sub(marked.chars().count());
        line.extend(rest.chars().take(room).map(visible));
        if after.chars().nth(WINDOW).is_some() {
            line.push('…');
        }
        Self {
            at: Position {
                line: line_number(text, label.span.start),
                column: column + 1,
            },
            line,
            span: start..end,
            cut: skipped > 0,
            label: printable(&label.text),
        }
    }
}

/// Puts the spots that are near the first one together, each marked with whether it is the first; the
/// others are shown alone, since every line between the spots of an excerpt takes time.
fn near(spots: Vec<Spot>) -> Vec<Vec<(bool, Spot)>> {
    const FAR: usize = 500;
    let first = spots.first().map_or(1, |spot| spot.at.line);
    let mut near = Vec::new();
    let mut far = Vec::new();
    for (index, spot) in spots.into_iter().enumerate() {
        if spot.at.line.abs_diff(first) <= FAR {
            near.push((index == 0, spot));
        } else {
            far.push(vec![(false, spot)]);
        }
    }
    far.insert(0, near);
    far
}

/// The lines of all spots, in their order in the text.
fn snippet(text: &str, mut spots: Vec<(bool, Spot)>) -> Snippet<'static, Annotation<'static>> {
    /// Lines between two spots are folded away unless they are fewer than this.
    const FOLDED: usize = 2;
    spots.sort_by_key(|(_, spot)| spot.at);
    let first = spots.first().map_or(1, |(_, spot)| spot.at.line);
    let mut lines = String::new();
    let mut last = None;
    let mut annotations = Vec::new();
    for (primary, spot) in spots {
        let from = match last {
            Some((line, start)) if line == spot.at.line => {
                // The later of two spots in one line shows more of its end.
                lines.truncate(start);
                lines.push_str(&spot.line);
                start
            }
            _ => {
                if let Some((line, _)) = last {
                    for between in line + 1..spot.at.line {
                        lines.push('\n');
                        if spot.at.line - line <= FOLDED {
                            let line = text.lines().nth(between - 1).unwrap_or_default();
                            lines.extend(line.chars().take(WINDOW).map(visible));
                        }
                    }
                    lines.push('\n');
                }
                let start = lines.len();
                lines.push_str(&spot.line);
                last = Some((spot.at.line, start));
                start
            }
        };
        let kind = if primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let span = from + spot.span.start..from + spot.span.end;
        annotations.push(kind.span(span).label(spot.label));
    }
    Snippet::source(lines)
        .line_start(first)
        .annotations(annotations)
}

/// The last character boundary of a text at or before a byte.
fn boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    let is_boundary = |byte: &usize| text.is_char_boundary(*byte);
    (0..=byte).rev().find(is_boundary).unwrap_or(0)
}

/// The line of a byte, from 1.
fn line_number(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// A character as a terminal may see it: what would move the cursor, start an escape sequence or
/// turn the direction of writing becomes a picture of itself.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('�'),
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => '�',
        other => other,
    }
}

/// A text that may hold pieces of the document, as a terminal may see it, on one line.
pub fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// A name or value from the document as a message quotes it: in backticks, fit for a terminal,
/// and cut where it is long. As in Markdown, one that has backticks stands between more of them.
pub(crate) fn quote(name: &str) -> String {
    const LONGEST: usize = 80;
    if name.is_empty() {
        return "`\"\"`".to_owned();
    }
    let mut inner: String = name.chars().take(LONGEST).map(visible).collect();
    if name.chars().nth(LONGEST).is_some() {
        inner.push('…');
    }
    let runs = inner.split(|sign| sign != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    let gap = if fence.len() > 1 { " " } else { "" };
    format!("{fence}{gap}{inner}{gap}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position};

    #[test]
    fn places_count_lines_and_characters() {
        for (text, byte, line, column) in [
            ("", 0, 1, 1),
            ("", 9, 1, 1),
            ("ab\ncd", 2, 1, 3),
            ("ab\ncd", 3, 2, 1),
            ("ab\ncd\n", 6, 3, 1),
            ("é\nößx", 7, 2, 3),
            // Inside of a character.
            ("éx", 1, 1, 1),
        ] {
            let position = Lines::new(text).position(byte);
            assert_eq!(position, Position { line, column }, "{text:?} at {byte}");
        }
    }
}
