//! The lines of a page that say something, without the marks of Markdown.

use std::ops::Range;

/// A line that is not empty.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its text, without what only shapes it.
    pub(super) text: String,
    /// The part of the address after `#` to which a link before it leads.
    pub(super) anchor: Option<String>,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// Whether an empty line stands before it.
    pub(super) gap: bool,
    /// Whether a sign without width stands before it, as before the names of fields.
    pub(super) mark: bool,
    /// Whether it is a heading of Markdown.
    pub(super) heading: bool,
    /// Whether the text ends with it, without a line break: it may go on.
    pub(super) cut: bool,
}

/// The most lines that are read.
const MOST_LINES: usize = 400_000;

/// The lines of a text, without those inside of the given spans, which are in order.
pub(super) fn read(text: &str, without: &[Range<usize>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut anchor = None;
    let mut gap = true;
    let mut without = without.iter().peekable();
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        while without.next_if(|span| span.end <= at).is_some() {}
        if without.peek().is_some_and(|span| span.contains(&at)) {
            gap = true;
            continue;
        }
        if lines.len() >= MOST_LINES {
            break;
        }
        match line(raw, at, &mut anchor) {
            Some(line) => lines.push(Line {
                gap: std::mem::take(&mut gap),
                ..line
            }),
            None => gap = true,
        }
    }
    lines
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200d}' | '\u{feff}')
}

fn line(raw: &str, at: usize, anchor: &mut Option<String>) -> Option<Line> {
    let mut rest = raw.trim_matches(is_blank);
    // Links to the place itself: `[](#body-id)`, also over two lines.
    loop {
        let after = rest.strip_prefix("[](").or_else(|| rest.strip_prefix("]("));
        let Some((address, after)) = after.and_then(|after| after.split_once(')')) else {
            break;
        };
        if let Some((_, name)) = address.rsplit_once('#') {
            *anchor = Some(name.to_owned());
        }
        rest = after.trim_matches(is_blank);
    }
    if matches!(rest, "" | "[" | "```" | "~~~") {
        return None;
    }
    let heading = rest.starts_with('#');
    if heading {
        rest = rest.trim_start_matches('#').trim_start_matches(is_blank);
    }
    let begin = raw.find(rest).unwrap_or(0);
    let span = at + begin..at + begin + rest.len();
    Some(Line {
        cut: !raw.ends_with('\n'),
        text: plain(rest),
        anchor: anchor.take(),
        span,
        gap: false,
        mark: raw.trim_start().starts_with('\u{200b}'),
        heading,
    })
}

/// A text without backslashes before signs, and without backticks and stars around it.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.peek() {
                Some(next) if next.is_ascii_punctuation() => {}
                _ => plain.push('\\'),
            },
            '\u{200b}'..='\u{200d}' | '\u{feff}' => {}
            '\u{a0}' => plain.push(' '),
            other => plain.push(other),
        }
    }
    let trimmed = plain.trim();
    for mark in ["**", "`"] {
        let inner = trimmed.strip_prefix(mark);
        if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(mark))
            && !inner.contains(mark)
        {
            return inner.trim().to_owned();
        }
    }
    if trimmed.len() == plain.len() {
        plain
    } else {
        trimmed.to_owned()
    }
}
