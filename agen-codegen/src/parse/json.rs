//! Reads a text in JSON in one pass.
//!
//! The readers of YAML could do it, but take many times as long, and keep what they have read of a line.

use std::{borrow::Cow, ops::Range};

use saphyr_parser::ScalarStyle;

use super::{
    places::{Opened, Stop},
    tree::{Read, Tree},
};
use crate::{Diagnostic, value::Value};

/// The values with their places; `None` where the text is no JSON throughout, so that something else has to say
/// what is wrong with it. `start` is how many bytes stand before the text.
pub(super) fn read(text: &str, start: usize) -> Option<Result<Read, Vec<Diagnostic>>> {
    let mut scanner = Scanner {
        text,
        at: 0,
        tree: Tree::new(start),
    };
    match scanner.document() {
        Err(End::NoJson) => None,
        Ok(()) | Err(End::Stop) => Some(scanner.tree.finish()),
    }
}

/// Why a text is not read further.
enum End {
    NoJson,
    /// What is wrong is known to the tree.
    Stop,
}

impl From<Stop> for End {
    fn from(_: Stop) -> Self {
        Self::Stop
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    tree: Tree,
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
                let key = self.unescaped(&span)?;
                self.tree.key(key, ScalarStyle::DoubleQuoted, span)?;
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
                    self.tree.start(at, content)?;
                    open.push(close);
                    self.space();
                    is_done = self.peek() == Some(close);
                }
                Some(b'"') => {
                    let span = self.string()?;
                    let text = self.unescaped(&span)?;
                    let value = Value::from(&*text);
                    self.tree
                        .scalar(text, ScalarStyle::DoubleQuoted, span, value)?;
                }
                _ => {
                    let (word, value) = self.word()?;
                    self.tree
                        .scalar(word.into(), ScalarStyle::Plain, at..self.at, value)?;
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
                    self.tree.end(at..self.at)?;
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
    fn word(&mut self) -> Result<(&'a str, Value), End> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at += word.len();
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            // The tree refuses it.
            _ if is_too_large(word) => Value::Null,
            _ => word.parse().map(Value::Number).map_err(|_| End::NoJson)?,
        };
        Ok((word, value))
    }

    /// What a string stands for, of which the bytes with the quotes are given.
    fn unescaped(&self, span: &Range<usize>) -> Result<Cow<'a, str>, End> {
        let text = self.text.get(span.clone()).ok_or(End::NoJson)?;
        if text.contains('\\') {
            let text = serde_json::from_str(text).map_err(|_| End::NoJson)?;
            return Ok(Cow::Owned(text));
        }
        Ok(Cow::Borrowed(
            text.get(1..text.len() - 1).unwrap_or_default(),
        ))
    }
}

/// Whether a word is a number of JSON that is read as infinite.
fn is_too_large(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let is_number = match digits.as_bytes() {
        [b'0', second, ..] => !second.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    };
    is_number
        && word.parse::<f64>().is_ok_and(f64::is_infinite)
        && !word.ends_with('.')
        && !word.contains(".e")
        && !word.contains(".E")
}
