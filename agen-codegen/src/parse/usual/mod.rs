//! Reads YAML as it is usually written, in one pass.
//!
//! The readers of all of YAML take many times as long, and each of them gives a part: one the places, and the
//! other the values. What is read here means the same to both. There are no anchors, tags, directives, explicit
//! keys or tabs, nothing that the two read differently, and nothing that is wrong: a text with any of it is left
//! to them, and so is what to say of it. Where this reader is not sure, it gives up.

mod cursor;
mod scalars;

use super::{
    places::Opened,
    tree::{Read, Tree},
};
use crate::value::Value;
use cursor::Cursor;
use scalars::Scalar;

/// The longest key that is read, in bytes. Readers of YAML give up a little later.
const MAX_KEY: usize = 1000;

/// The places and values of a text; `None` where others have to read it. `start` is how many bytes stand before
/// the text.
pub(super) fn read(text: &str, start: usize) -> Option<Read> {
    if has_odd_character(text) {
        return None;
    }
    let mut scanner = Scanner {
        cursor: Cursor::new(text),
        tree: Tree::new(start),
    };
    scanner.document()?;
    scanner.tree.finish().ok()
}

/// Whether there is a character that stands in no usual text, or that ends a line for one reader alone.
fn has_odd_character(text: &str) -> bool {
    let is_odd = |c| match c {
        '\n' | '\t' | ' '..='~' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => c < '\u{a0}',
    };
    if text.is_ascii() {
        text.bytes().any(|byte| is_odd(char::from(byte)))
    } else {
        text.chars().any(is_odd)
    }
}

/// What is read without a word on why it is not: `None` leaves the text to others.
type Step = Option<()>;

struct Scanner<'a> {
    cursor: Cursor<'a>,
    tree: Tree,
}

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Step {
        self.cursor.skip_to_content();
        if self.cursor.column() == Some(0) && self.cursor.rest().starts_with("---\n") {
            self.cursor.at += "---".len();
            self.next()?;
        }
        self.no_marker()?;
        let is_flow = matches!(self.cursor.peek()?, b'[' | b'{');
        let is_block = self.cursor.is_dash() || self.cursor.starts_plain(false);
        if self.cursor.column() != Some(0) || !(is_flow || is_block) {
            return None;
        }
        self.node(0, Some(0))?;
        (self.cursor.column().is_none() && self.tree.is_nested()).then_some(())
    }

    /// Reads a value, of which lines after the first one stand in a column of at least `least`, and goes to what
    /// comes next. Where it may be an array with dashes or an object without brackets, these start in `column`.
    fn node(&mut self, least: usize, column: Option<usize>) -> Step {
        let scalar = match self.cursor.peek()? {
            b'-' if self.cursor.is_dash() => return self.sequence(column?, false),
            b'[' | b'{' => {
                self.flow(least)?;
                return self.next();
            }
            // In a line of its own it is not known to the reader that puts brackets on one line.
            b'|' | b'>' if self.cursor.is_line_start() => return None,
            b'|' | b'>' => {
                let scalar = self.cursor.block_scalar(least)?;
                self.scalar(scalar)?;
                return self.content();
            }
            b'"' | b'\'' => {
                let line = self.cursor.line;
                let scalar = self.cursor.quoted(least)?;
                if line == self.cursor.line && self.cursor.is_key() {
                    return self.mapping(column?, scalar);
                }
                scalar
            }
            _ => {
                let scalar = self.cursor.plain(false)?;
                if self.cursor.is_key() {
                    return self.mapping(column?, scalar);
                }
                self.cursor.more_lines(scalar, least)?
            }
        };
        self.scalar(scalar)?;
        self.next()
    }

    /// Reads an object whose keys start in one column, from behind the first one.
    fn mapping(&mut self, column: usize, first: Scalar<'a>) -> Step {
        let content = Opened::Object(Vec::new());
        self.tree.start(first.span.start, content).ok()?;
        let mut key = first;
        loop {
            self.key(key)?;
            let colon = self.cursor.at;
            self.cursor.at += 1;
            if self.cursor.ends_line() {
                self.next()?;
                match self.cursor.column() {
                    Some(inner) if inner > column => self.node(column + 1, Some(inner))?,
                    Some(inner) if inner == column && self.cursor.is_dash() => {
                        self.sequence(column, true)?;
                    }
                    _ => self.scalar(Scalar::nothing(colon))?,
                }
            } else {
                self.cursor.spaces();
                self.node(column + 1, None)?;
            }
            if self.cursor.column() != Some(column) {
                break;
            }
            key = self.cursor.scalar_in_line(false)?;
            self.cursor.is_key().then_some(())?;
        }
        self.end_block(column)
    }

    /// Takes a key, and goes to the colon behind it.
    fn key(&mut self, key: Scalar<'a>) -> Step {
        self.cursor.spaces();
        if self.cursor.at - key.span.start > MAX_KEY {
            return None;
        }
        let span = self.cursor.trimmed(key.span);
        self.tree.key(key.text, key.style, span).ok()
    }

    /// Reads an array whose dashes stand in one column. They may stand in the column of the key of which it is
    /// the value: then its place starts behind the first dash.
    fn sequence(&mut self, column: usize, is_at_key: bool) -> Step {
        let mut is_first = true;
        while is_first || (self.cursor.column() == Some(column) && self.cursor.is_dash()) {
            let dash = self.cursor.at;
            self.cursor.at += 1;
            let is_line_end = self.cursor.ends_line();
            let start = if is_line_end {
                self.cursor.line_end()
            } else {
                self.cursor.spaces();
                self.cursor.at
            };
            if is_first {
                let start = if is_at_key { start } else { dash };
                self.tree.start(start, Opened::Array(Vec::new())).ok()?;
                is_first = false;
            }
            if is_line_end {
                self.next()?;
            }
            let inner = self.cursor.column().filter(|inner| *inner > column);
            match inner {
                Some(_) => self.node(column + 1, inner)?,
                None => self.scalar(Scalar::nothing(start))?,
            }
        }
        self.end_block(if is_at_key { column + 1 } else { column })
    }

    /// Ends an object or array without brackets: what comes next stands further to the left.
    fn end_block(&mut self, column: usize) -> Step {
        if self.cursor.column().is_some_and(|next| next >= column) {
            return None;
        }
        self.tree.end(self.cursor.at..self.cursor.at).ok()
    }

    /// Reads what stands between brackets.
    fn flow(&mut self, least: usize) -> Step {
        let (close, content) = match self.cursor.peek()? {
            b'{' => (b'}', Opened::Object(Vec::new())),
            _ => (b']', Opened::Array(Vec::new())),
        };
        self.tree.start(self.cursor.at, content).ok()?;
        self.cursor.at += 1;
        self.flow_space()?;
        // The place of an object ends at its last comma, if none of its members stands behind it.
        let mut comma = None;
        while self.cursor.peek()? != close {
            comma = None;
            if close == b'}' {
                let key = self.cursor.scalar_in_line(true)?;
                self.cursor.is_key().then_some(())?;
                self.key(key)?;
                self.cursor.at += 1;
                self.flow_space()?;
            }
            match self.cursor.peek()? {
                b'[' | b'{' => self.flow(least)?,
                b'"' | b'\'' => {
                    let scalar = self.cursor.quoted(least)?;
                    self.scalar(scalar)?;
                }
                _ => {
                    let scalar = self.cursor.plain(true)?;
                    self.scalar(scalar)?;
                }
            }
            self.flow_space()?;
            match self.cursor.peek()? {
                b',' => {
                    let start = self.cursor.at;
                    self.cursor.at += 1;
                    comma = Some(start..self.cursor.comment_end());
                    self.flow_space()?;
                }
                other if other == close => {}
                _ => return None,
            }
        }
        let start = self.cursor.at;
        self.cursor.at += 1;
        let bracket = start..self.cursor.comment_end();
        let end = comma.filter(|_| close == b'}').unwrap_or(bracket);
        self.tree.end(self.cursor.trimmed(end)).ok()
    }

    /// Passes over spaces, line ends and comments between brackets.
    fn flow_space(&mut self) -> Step {
        loop {
            let before = self.cursor.at;
            self.cursor.spaces();
            match self.cursor.peek() {
                Some(b'\n') => {
                    self.cursor.at += 1;
                    self.cursor.line = self.cursor.at;
                    self.no_marker()?;
                }
                Some(b'#') if self.cursor.at > before || self.cursor.column() == Some(0) => {
                    self.cursor.at = self.cursor.line_end();
                }
                _ => return Some(()),
            }
        }
    }

    fn scalar(&mut self, scalar: Scalar<'a>) -> Step {
        let value: Value = scalar.value()?;
        let span = self.cursor.trimmed(scalar.span);
        let place = self.tree.scalar(scalar.text, scalar.style, span, value);
        place.ok()
    }

    /// Goes from the end of a value, behind which at most a comment stands, to what comes next.
    fn next(&mut self) -> Step {
        let before = self.cursor.at;
        self.cursor.spaces();
        match self.cursor.peek() {
            None | Some(b'\n') => {}
            Some(b'#') if self.cursor.at > before => {}
            Some(_) => return None,
        }
        self.content()
    }

    /// Goes from the start or end of a line to what is neither empty nor a comment.
    fn content(&mut self) -> Step {
        self.cursor.skip_to_content();
        self.no_marker()
    }

    /// `None` where a document may start or end.
    fn no_marker(&self) -> Step {
        let is_marker = self.cursor.column() == Some(0)
            && ["---", "..."]
                .iter()
                .any(|marker| self.cursor.rest().starts_with(marker));
        (!is_marker).then_some(())
    }
}
