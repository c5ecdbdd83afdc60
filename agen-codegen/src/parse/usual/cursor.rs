//! Where in the text the reader is.

use std::ops::Range;

/// A place in a text, and its line.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Where the line starts.
    pub(super) line: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The byte behind the next one.
    pub(super) fn peek_second(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at + 1).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// How many bytes stand before this place in its line; `None` at the end of the text.
    pub(super) fn column(&self) -> Option<usize> {
        (self.at < self.text.len()).then(|| self.at - self.line)
    }

    /// Whether only spaces stand before this place in its line.
    pub(super) fn is_line_start(&self) -> bool {
        let before = self.text.get(self.line..self.at);
        before.is_some_and(|before| before.trim_start_matches(' ').is_empty())
    }

    pub(super) fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    pub(super) fn line_end(&self) -> usize {
        let end = self.rest().find('\n');
        end.map_or(self.text.len(), |end| self.at + end)
    }

    /// Passes over line ends and the spaces behind each, and counts the line ends.
    pub(super) fn breaks(&mut self) -> usize {
        let mut breaks = 0;
        while self.peek() == Some(b'\n') {
            breaks += 1;
            self.at += 1;
            self.line = self.at;
            self.spaces();
        }
        breaks
    }

    /// Passes over spaces, line ends and comments; this is the start or end of a line, or a comment.
    pub(super) fn skip_to_content(&mut self) {
        loop {
            self.spaces();
            self.breaks();
            if self.peek() != Some(b'#') {
                return;
            }
            self.at = self.line_end();
        }
    }

    /// Whether nothing stands in the rest of the line but a comment, before which there is a space.
    pub(super) fn ends_line(&self) -> bool {
        let rest = self.rest();
        let content = rest.trim_start_matches(' ');
        match content.as_bytes().first() {
            None | Some(b'\n') => true,
            Some(b'#') => content.len() < rest.len(),
            Some(_) => false,
        }
    }

    /// The end of the comment behind a value: one in brackets or quotes has its place up to there.
    pub(super) fn comment_end(&self) -> usize {
        let has_comment = self.ends_line() && self.rest().starts_with(' ');
        if has_comment {
            self.line_end()
        } else {
            self.at
        }
    }

    /// Whether an element of an array without brackets starts here.
    pub(super) fn is_dash(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.peek_second(), None | Some(b' ' | b'\n'))
    }

    /// Whether what was read up to here is a key: a colon follows, and then a space.
    pub(super) fn is_key(&self) -> bool {
        let rest = self.rest().trim_start_matches(' ').as_bytes();
        matches!(rest, [b':'] | [b':', b' ' | b'\n', ..])
    }

    /// A span without white space at its end.
    pub(super) fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }
}
