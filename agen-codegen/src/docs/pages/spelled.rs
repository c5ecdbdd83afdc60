//! The method and the path of a rendered page, which spells them over several lines.

use std::ops::Range;

use crate::docs::openapi::METHODS;

use super::{
    lines::Line,
    text::{OTHERS, SECTIONS},
};

/// A method and a path, and where they stand.
pub(super) struct Spelled {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) span: Range<usize>,
    /// The line behind them.
    pub(super) next: usize,
}

fn method(text: &str) -> Option<String> {
    if text == "DEL" {
        return Some("DELETE".to_owned());
    }
    let is_method = METHODS
        .iter()
        .any(|method| method.to_ascii_uppercase() == text);
    is_method.then(|| text.to_owned())
}

/// Finds a method and a path over several lines, or on one.
pub(super) fn spelled(lines: &[Line]) -> Option<Result<Spelled, Range<usize>>> {
    (0..lines.len()).find_map(|at| {
        let line = lines.get(at)?;
        let (word, mut path) = match line.text.find('/') {
            Some(slash) => {
                let (word, path) = line.text.split_at_checked(slash)?;
                (word.trim(), path.to_owned())
            }
            None => (line.text.as_str(), String::new()),
        };
        let method = method(word)?;
        let is_path = |text: &str| {
            !text.is_empty()
                && text.len() <= 300
                && !text
                    .chars()
                    .any(|character| character.is_whitespace() || "\"'`<>".contains(character))
        };
        if !path.is_empty() && !is_path(&path) {
            return None;
        }
        let mut next = at + 1;
        let mut span = line.span.clone();
        while let Some(line) = lines.get(next) {
            let text = line.text.as_str();
            let address = text.contains("://") && path.is_empty();
            if address {
                next += 1;
                continue;
            }
            let fits = text.starts_with('/') || (path.ends_with('/') && !path.is_empty());
            // A path can end with a slash.
            let is_around = SECTIONS.contains(&text) || OTHERS.contains(&text);
            if !fits
                || is_around
                || !is_path(text)
                || (text.starts_with('/') && path.ends_with('/'))
            {
                break;
            }
            path.push_str(text);
            span.end = line.span.end;
            next += 1;
        }
        if path.is_empty() {
            return None;
        }
        // Without a line behind it, it may go on.
        if next == lines.len() {
            return Some(Err(span));
        }
        Some(Ok(Spelled {
            method,
            path,
            span,
            next,
        }))
    })
}
