//! Puts what stands between brackets or quotes on one line.
//!
//! YAML wants every line of it to be indented deeper than what it is a value of. The reader of the places
//! insists on that; the reader of the values, and most tools, do not, and people write:
//!
//! ```yaml
//! required: [
//!   name
//! ]
//! ```

/// The text with a space for each line end between brackets or quotes, and for each character of a comment
/// there. It has as many characters as before, so that places stay what they are.
pub(super) fn one_line(text: &str) -> String {
    let mut lines = Lines {
        rest: text,
        out: String::with_capacity(text.len()),
        column: 0,
    };
    while !lines.rest.is_empty() {
        lines.line();
    }
    lines.out
}

struct Lines<'a> {
    rest: &'a str,
    out: String,
    /// How many characters of the line are read.
    column: usize,
}

impl Lines<'_> {
    /// Reads a line, and the others that belong to what starts in it.
    fn line(&mut self) {
        self.column = 0;
        self.spaces();
        // Where the innermost key or dash of this line stands.
        let mut indent = None;
        loop {
            let start = self.column;
            let is_key = match self.peek() {
                None | Some('\n' | '\r' | '#') => break,
                Some('-' | '?') if self.is_followed_by_space() => true,
                Some('&' | '!') => {
                    self.word();
                    self.spaces();
                    continue;
                }
                Some('|' | '>') => {
                    self.rest_of_line();
                    return self.block(indent);
                }
                Some(quote @ ('"' | '\'')) => {
                    self.quoted(quote);
                    self.spaces();
                    self.peek() == Some(':')
                }
                Some('[' | '{') => {
                    self.flow();
                    break;
                }
                Some(_) => self.plain(),
            };
            if !is_key {
                break;
            }
            indent = Some(start);
            self.take(false);
            self.spaces();
        }
        self.rest_of_line();
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn is_followed_by_space(&self) -> bool {
        let next = self.rest.chars().nth(1);
        next.is_none_or(|c| c.is_ascii_whitespace())
    }

    /// Takes a character over, or a space for it.
    fn take(&mut self, blank: bool) {
        let mut chars = self.rest.chars();
        if let Some(c) = chars.next() {
            self.out.push(if blank { ' ' } else { c });
            self.column += 1;
            self.rest = chars.as_str();
        }
    }

    fn spaces(&mut self) {
        while let Some(' ' | '\t') = self.peek() {
            self.take(false);
        }
    }

    fn word(&mut self) {
        while self.peek().is_some_and(|c| !c.is_ascii_whitespace()) {
            self.take(false);
        }
    }

    fn rest_of_line(&mut self) {
        while let Some(c) = self.peek() {
            self.take(false);
            if c == '\n' {
                break;
            }
        }
    }

    /// Reads a plain scalar of this line; whether it is a key, whose colon is next.
    fn plain(&mut self) -> bool {
        let mut before = ' ';
        while let Some(c) = self.peek() {
            match c {
                '\n' | '\r' => return false,
                '#' if before == ' ' => return false,
                ':' if self.is_followed_by_space() => return true,
                _ => self.take(false),
            }
            before = c;
        }
        false
    }

    /// Takes over the lines of a block scalar: those that are empty or indented deeper than what it is a
    /// value of.
    fn block(&mut self, indent: Option<usize>) {
        while !self.rest.is_empty() {
            let line = self.rest.split('\n').next().unwrap_or_default();
            let content = line.trim_start_matches(' ');
            let depth = line.len() - content.len();
            let is_inside = indent.is_none_or(|indent| depth > indent);
            if !is_inside && !content.trim().is_empty() {
                break;
            }
            self.rest_of_line();
        }
    }

    fn quoted(&mut self, quote: char) {
        self.take(false);
        while let Some(c) = self.peek() {
            self.take(c == '\n' || c == '\r');
            if c == '\\' && quote == '"' {
                let next = self.peek();
                self.take(next == Some('\n') || next == Some('\r'));
            } else if c == quote {
                // Two single quotes stand for one.
                if quote == '"' || self.peek() != Some('\'') {
                    break;
                }
                self.take(false);
            }
        }
    }

    /// Reads what stands between brackets, with all that is in it.
    fn flow(&mut self) {
        let mut depth = 0_usize;
        // Whether a scalar can start here.
        let mut starts = true;
        let mut before = ' ';
        while let Some(c) = self.peek() {
            match c {
                '"' | '\'' if starts => {
                    self.quoted(c);
                    starts = false;
                }
                '#' if before == ' ' => {
                    while self.peek().is_some_and(|c| c != '\n' && c != '\r') {
                        self.take(true);
                    }
                }
                _ => {
                    let is_end = c == '\n' || c == '\r';
                    self.take(is_end);
                    match c {
                        '[' | '{' => depth += 1,
                        ']' | '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if depth == 0 {
                        return;
                    }
                    starts = "[]{},:".contains(c) || (starts && c.is_ascii_whitespace());
                }
            }
            before = if c.is_ascii_whitespace() { ' ' } else { c };
        }
    }
}
