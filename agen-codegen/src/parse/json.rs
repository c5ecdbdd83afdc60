//! Reads the places of a text in JSON.
//!
//! The reader of YAML could do it, but takes many times as long, and keeps what it has read of a line.

use std::{borrow::Cow, ops::Range};

use saphyr_parser::ScalarStyle;

use super::places::{Opened, Reader, Stop};
use crate::{Diagnostic, document::SourceMap};

/// The places of all values; `None` where the text is no JSON throughout, so that something else has to say
/// what is wrong with it. `start` is how many bytes stand before the text.
pub(super) fn places<'a>(
    text: &'a str,
    start: usize,
    reader: Reader<'a>,
) -> Option<Result<SourceMap, Vec<Diagnostic>>> {
    let mut scanner = Scanner {
        text,
        start,
        at: 0,
        reader,
    };
    match scanner.document() {
        Err(End::NoJson) => None,
        Ok(()) | Err(End::Stop) => Some(scanner.reader.finish()),
    }
}

/// Why a text is not read further.
enum End {
    NoJson,
    /// What is wrong is known to the reader.
    Stop,
}

impl From<Stop> for End {
    fn from(_: Stop) -> Self {
        Self::Stop
    }
}

struct Scanner<'a> {
    text: &'a str,
    start: usize,
    at: usize,
    reader: Reader<'a>,
}

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Result<(), End> {
        // The brackets that close what is open, the innermost last.
        let mut open: Vec<u8> = Vec::new();
        loop {
            // A value; in an object, one with its key.
            self.space();
            if open.last() == Some(&b'}') {
                let span = self.string()?;
                self.scalar(span, ScalarStyle::DoubleQuoted)?;
                self.space();
                self.expect(b':')?;
                self.space();
            }
            let at = self.at;
            let mut is_done = true;
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    let (close, content) = match bracket {
                        b'{' => (b'}', Opened::Object(Vec::new())),
                        _ => (b']', Opened::Array(Vec::new())),
                    };
                    self.at += 1;
                    self.reader.start(0, self.whole(at..at), content)?;
                    open.push(close);
                    self.space();
                    is_done = self.peek() == Some(close);
                }
                Some(b'"') => {
                    let span = self.string()?;
                    self.scalar(span, ScalarStyle::DoubleQuoted)?;
                }
                _ => {
                    self.word()?;
                    self.scalar(at..self.at, ScalarStyle::Plain)?;
                }
            }
            // What stands behind it: the ends of what is open, and then a comma.
            while is_done {
                self.space();
                let Some(close) = open.last().copied() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => Err(End::NoJson),
                    };
                };
                if self.peek() == Some(close) {
                    let at = self.at;
                    self.at += 1;
                    open.pop();
                    self.reader.end(self.whole(at..self.at))?;
                } else {
                    self.expect(b',')?;
                    is_done = false;
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), End> {
        if self.peek() != Some(byte) {
            return Err(End::NoJson);
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over a string, and gives its bytes with the quotes.
    fn string(&mut self) -> Result<Range<usize>, End> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at);
                }
                // What the escape is, the reader of the values looks at.
                Some(b'\\') => self.at += 2,
                Some(0..=0x1f) | None => return Err(End::NoJson),
                Some(_) => self.at += 1,
            }
        }
    }

    /// Passes over a number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<(), End> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let is_known = matches!(word, "true" | "false" | "null");
        // What is too large for a number, the reader of the places looks at.
        let digits = word.strip_prefix('-').unwrap_or(word);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
            && word.parse::<f64>().is_ok()
            && !word.ends_with('.')
            && !word.contains(".e")
            && !word.contains(".E")
            && (digits.len() == 1
                || !digits.starts_with('0')
                || !digits.as_bytes()[1].is_ascii_digit());
        if !is_known && !is_number {
            return Err(End::NoJson);
        }
        self.at += word.len();
        Ok(())
    }

    fn scalar(&mut self, span: Range<usize>, style: ScalarStyle) -> Result<(), End> {
        let text = self.text.get(span.clone()).ok_or(End::NoJson)?;
        let text = match style {
            ScalarStyle::Plain => Cow::Borrowed(text),
            _ if text.contains('\\') => {
                Cow::Owned(serde_json::from_str(text).map_err(|_| End::NoJson)?)
            }
            _ => Cow::Borrowed(text.get(1..text.len() - 1).unwrap_or_default()),
        };
        let span = self.whole(span);
        Ok(self.reader.scalar(text, style, 0, span)?)
    }

    /// Bytes of the whole text.
    fn whole(&self, span: Range<usize>) -> Range<usize> {
        self.start + span.start..self.start + span.end
    }
}
