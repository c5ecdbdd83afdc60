//! Reads scalars in each of their styles.

use std::{borrow::Cow, iter::repeat_n, ops::Range};

use saphyr_parser::ScalarStyle;

use super::{Step, cursor::Cursor};
use crate::value::Value;

/// A scalar in the text.
pub(super) struct Scalar<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) style: ScalarStyle,
    pub(super) span: Range<usize>,
}

impl Scalar<'_> {
    /// The value of a key or dash behind which nothing stands.
    pub(super) fn nothing(at: usize) -> Self {
        Self {
            text: Cow::Borrowed(""),
            style: ScalarStyle::Plain,
            span: at..at,
        }
    }

    /// The value, as the reader of values has it; `None` for an integer beyond 64 bits.
    pub(super) fn value(&self) -> Option<Value> {
        let text = &*self.text;
        if self.style != ScalarStyle::Plain {
            return Some(text.into());
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
            "true" | "True" | "TRUE" => return Some(true.into()),
            "false" | "False" | "FALSE" => return Some(false.into()),
            _ if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
                return Some(text.into());
            }
            _ => {}
        }
        if let Ok(number) = text.parse::<serde_yaml::Number>() {
            let whole = number.as_u64().map(Value::from);
            let whole = whole.or_else(|| number.as_i64().map(Value::from));
            return Some(whole.unwrap_or_else(|| number.as_f64().map_or(Value::Null, Value::from)));
        }
        let digits = text.trim_start_matches(['+', '-']);
        let is_large = match digits.as_bytes() {
            [b'0', b'x' | b'o' | b'b', ..] => true,
            [first, ..] => *first != b'0' && digits.bytes().all(|byte| byte.is_ascii_digit()),
            [] => false,
        };
        (!is_large).then(|| text.into())
    }
}

impl<'a> Cursor<'a> {
    /// Whether a scalar without quotes starts here.
    pub(super) fn starts_plain(&self, is_flow: bool) -> bool {
        match self.peek() {
            None | Some(b'\t' | b'\n' | b'!' | b'"' | b'#' | b'%' | b'&' | b'\'' | b'*' | b',') => {
                false
            }
            Some(b':' | b'>' | b'?' | b'@' | b'[' | b']' | b'`' | b'{' | b'|' | b'}') => false,
            Some(b'-') => match self.peek_second() {
                None | Some(b' ' | b'\n' | b'\t') => false,
                Some(b',' | b'[' | b']' | b'{' | b'}') => !is_flow,
                Some(_) => true,
            },
            Some(_) => true,
        }
    }

    /// Reads a scalar, up to the end of the line at most.
    pub(super) fn scalar_in_line(&mut self, is_flow: bool) -> Option<Scalar<'a>> {
        match self.peek()? {
            b'"' | b'\'' => self.quoted(usize::MAX),
            _ => self.plain(is_flow),
        }
    }

    /// Reads what stands in this line of a scalar without quotes.
    pub(super) fn plain(&mut self, is_flow: bool) -> Option<Scalar<'a>> {
        if !self.starts_plain(is_flow) {
            return None;
        }
        let span = self.plain_part(is_flow)?;
        Some(Scalar {
            text: Cow::Borrowed(self.text.get(span.clone())?),
            style: ScalarStyle::Plain,
            span,
        })
    }

    fn plain_part(&mut self, is_flow: bool) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        // Behind the last of it that is no space.
        let mut end = start;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b' ' => continue,
                b'\n' => break,
                b'\t' => return None,
                b'#' if at - 1 > end => break,
                b':' => match bytes.get(at) {
                    None | Some(b' ' | b'\n') => break,
                    // Here the readers differ.
                    Some(b',' | b'?' | b'[' | b']' | b'{' | b'}') if is_flow => return None,
                    Some(_) => {}
                },
                b',' | b'[' | b']' | b'{' | b'}' if is_flow => break,
                b'-' if is_flow && at - 1 > end => return None,
                _ => {}
            }
            end = at;
        }
        self.at = end;
        Some(start..end)
    }

    /// Reads the other lines of a scalar without quotes.
    pub(super) fn more_lines(&mut self, first: Scalar<'a>, least: usize) -> Option<Scalar<'a>> {
        let mut scalar = first;
        loop {
            let (at, line) = (self.at, self.line);
            self.spaces();
            let breaks = self.breaks();
            let goes_on = breaks > 0 && self.column().is_some_and(|column| column >= least);
            if !goes_on || self.peek() == Some(b'#') {
                (self.at, self.line) = (at, line);
                return Some(scalar);
            }
            let part = self.plain_part(false)?;
            if part.is_empty() || self.is_key() {
                return None;
            }
            let text = scalar.text.to_mut();
            fold(text, breaks);
            text.push_str(self.text.get(part.clone())?);
            scalar.span.end = part.end;
        }
    }

    /// Reads a scalar in quotes, of which lines after the first one stand in a column of at least `least`.
    pub(super) fn quoted(&mut self, least: usize) -> Option<Scalar<'a>> {
        // A document may end in the first column.
        let least = least.max(1);
        let start = self.at;
        let quote = self.peek()?;
        let style = match quote {
            b'"' => ScalarStyle::DoubleQuoted,
            _ => ScalarStyle::SingleQuoted,
        };
        self.at += 1;
        let mut text = Cow::Borrowed("");
        // Where what is not in `text` yet starts.
        let mut from = self.at;
        loop {
            match self.peek()? {
                b'\'' if quote == b'\'' && self.peek_second() == Some(b'\'') => {
                    text.to_mut().push_str(self.text.get(from..=self.at)?);
                    self.at += 2;
                    from = self.at;
                }
                byte if byte == quote => {
                    text += self.text.get(from..self.at)?;
                    self.at += 1;
                    let span = start..self.comment_end();
                    return Some(Scalar { text, style, span });
                }
                b'\\' if quote == b'"' => {
                    let text = text.to_mut();
                    text.push_str(self.text.get(from..self.at)?);
                    self.at += 1;
                    if self.peek()? == b'\n' {
                        // The line goes on in the next one.
                        (self.breaks() == 1 && self.column()? >= least).then_some(())?;
                    } else {
                        self.escape(text)?;
                    }
                    from = self.at;
                }
                b'\n' => {
                    let text = text.to_mut();
                    text.push_str(self.text.get(from..self.at)?.trim_end_matches(' '));
                    fold(text, self.breaks());
                    (self.column()? >= least).then_some(())?;
                    from = self.at;
                }
                b'\t' => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Reads what stands behind a backslash.
    fn escape(&mut self, text: &mut String) -> Step {
        let escape = self.peek()?;
        self.at += 1;
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            _ => 0,
        };
        let number = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        text.push(match escape {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'"' | b'/' | b'\\' => char::from(escape),
            b'x' | b'u' if !number.starts_with('+') => {
                char::from_u32(u32::from_str_radix(number, 16).ok()?)?
            }
            _ => return None,
        });
        Some(())
    }

    /// Reads a scalar whose lines stand below, in a column of at least `least`, and goes to the line behind it.
    pub(super) fn block_scalar(&mut self, least: usize) -> Option<Scalar<'a>> {
        let style = match self.peek()? {
            b'>' => ScalarStyle::Folded,
            _ => ScalarStyle::Literal,
        };
        self.at += 1;
        let chomping = self.peek().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomping.is_some());
        self.spaces();
        // Line ends that stand before the next line of text.
        let mut breaks = 0;
        let mut deepest = 0;
        while self.peek()? == b'\n' {
            if breaks > 0 {
                deepest = deepest.max(self.at - self.line);
            }
            breaks += 1;
            self.at += 1;
            self.line = self.at;
            self.spaces();
        }
        let start = self.at;
        let indent = self.at - self.line;
        if breaks == 0 || indent < least.max(deepest) {
            return None;
        }
        breaks -= 1;
        let mut text = String::new();
        let mut is_first = true;
        // Lines that start with a space are not folded.
        let mut was_deeper = false;
        while self.column() == Some(indent) {
            let is_deeper = match self.peek()? {
                b'\t' => return None,
                byte => byte == b' ',
            };
            let is_folded = style == ScalarStyle::Folded && !was_deeper && !is_deeper;
            match (is_first, is_folded) {
                (false, true) => fold(&mut text, breaks),
                _ => text.extend(repeat_n('\n', breaks)),
            }
            (is_first, was_deeper) = (false, is_deeper);
            let end = self.line_end();
            text.push_str(self.text.get(self.at..end)?);
            self.at = end;
            breaks = 0;
            while self.peek()? == b'\n' {
                breaks += 1;
                self.at += 1;
                self.line = self.at;
                while self.at - self.line < indent && self.peek() == Some(b' ') {
                    self.at += 1;
                }
                if self.at == self.text.len() {
                    break;
                }
            }
        }
        if self.at == self.text.len() && self.at != self.line {
            return None;
        }
        text.extend(match chomping {
            Some(b'-') => repeat_n('\n', 0),
            Some(_) => repeat_n('\n', breaks),
            None => repeat_n('\n', 1),
        });
        let span = start..self.line;
        self.at = self.line;
        Some(Scalar {
            text: text.into(),
            style,
            span,
        })
    }
}

/// What line ends come to between two lines of a scalar: one is a space, and of more the first is nothing.
fn fold(text: &mut String, breaks: usize) {
    if breaks == 1 {
        text.push(' ');
    }
    text.extend(repeat_n('\n', breaks.saturating_sub(1)));
}
