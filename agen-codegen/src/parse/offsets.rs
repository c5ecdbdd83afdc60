//! From the places that the reader counts to bytes.

use std::ops::Range;

use saphyr_parser::Span;

/// Turns the reader's offsets, which count characters, into bytes of the whole text.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// Bytes before `text` in the whole text: a byte order mark.
    start: usize,
    /// The byte of every character whose number divides by [`Offsets::STEP`]; empty where all
    /// characters are bytes.
    steps: Vec<usize>,
}

impl<'a> Offsets<'a> {
    const STEP: usize = 64;

    pub(super) fn new(text: &'a str, start: usize) -> Self {
        let steps = if text.is_ascii() {
            Vec::new()
        } else {
            let bytes = text.char_indices().map(|(byte, _)| byte);
            bytes.step_by(Self::STEP).collect()
        };
        Self { text, start, steps }
    }

    /// The byte at which a character starts; the end of the text where there is no such character.
    pub(super) fn byte(&self, character: usize) -> usize {
        let inside = if self.steps.is_empty() {
            character
        } else {
            let step = self.steps.get(character / Self::STEP).copied();
            step.map_or(usize::MAX, |step| {
                let rest = self.text.get(step..).unwrap_or_default();
                let next = rest.char_indices().nth(character % Self::STEP);
                next.map_or(usize::MAX, |(byte, _)| step + byte)
            })
        };
        self.start + inside.min(self.text.len())
    }

    /// The bytes of a span, without white space at its end.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index()).max(start);
        let text = self.text.get(start - self.start..end - self.start);
        start..start + text.unwrap_or_default().trim_end().len()
    }
}
