//! The text of an HTML page, with the place of each piece.
//!
//! Only the text is wanted, and where it stands, which a tree builder would not keep. Pages are not
//! repaired: tags are taken off, and what they separate is set apart by line breaks.

use std::ops::Range;

/// A text that was taken from a page.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Where pieces start: in the text, and in the page.
    pieces: Vec<(usize, usize)>,
    /// Whether the page has its end.
    pub(super) ended: bool,
}

/// Elements that stand in the middle of a line.
const INLINE: [&str; 14] = [
    "a", "abbr", "b", "bdi", "code", "em", "i", "mark", "s", "small", "span", "strong", "u", "wbr",
];

/// Elements whose content is no text.
const SKIPPED: [&str; 6] = ["script", "style", "svg", "noscript", "template", "head"];

/// Whether a text is HTML.
pub(super) fn is(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let start: String = start
        .chars()
        .take(14)
        .collect::<String>()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html")
        || [
            "<html", "<head", "<body", "<main", "<div", "<article", "<section", "<h1", "<!--",
        ]
        .iter()
        .any(|tag| start.starts_with(tag))
}

pub(super) fn plain(page: &str) -> Plain {
    let mut plain = Plain::default();
    let mut at = 0;
    let mut pre = 0usize;
    // Behind it only a tag can stand that the end cuts off.
    let last = page.rfind('>').unwrap_or(0);
    while let Some(rest) = page.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(open) = rest.find('<') else {
            plain.add(rest, at, pre > 0);
            break;
        };
        plain.add(rest.get(..open).unwrap_or_default(), at, pre > 0);
        at += open;
        if at > last {
            break;
        }
        let Some(tag) = tag(page, at) else {
            // No tag starts here, or the end cuts it off.
            plain.add("<", at, pre > 0);
            at += 1;
            continue;
        };
        at = tag.end;
        match tag.name.as_str() {
            "pre" if tag.closes => pre = pre.saturating_sub(1),
            "pre" => pre += 1,
            "html" | "body" if tag.closes => plain.ended = true,
            _ => {}
        }
        if !INLINE.contains(&tag.name.as_str()) || tag.part {
            plain.line();
        }
        let is_heading = matches!(tag.name.as_bytes(), [b'h', b'1'..=b'6']);
        if is_heading && !tag.closes {
            plain.text.push_str("# ");
        }
        if SKIPPED.contains(&tag.name.as_str()) && !tag.closes && !tag.empty {
            let close = format!("</{}", tag.name);
            let end = find_ignoring_case(page, at, &close);
            at = end.unwrap_or(page.len());
        }
    }
    plain
}

/// The first place of a text in lower case, from a byte on, whatever the case there.
fn find_ignoring_case(page: &str, from: usize, what: &str) -> Option<usize> {
    let rest = page.as_bytes().get(from..)?;
    let what = what.as_bytes();
    let found = rest
        .windows(what.len())
        .position(|window| window.eq_ignore_ascii_case(what));
    found.map(|found| from + found)
}

struct Tag {
    name: String,
    closes: bool,
    empty: bool,
    /// Whether it is a part of a field, which stands on a line of its own.
    part: bool,
    end: usize,
}

/// The tag or comment that starts at a byte; nothing where none does.
fn tag(page: &str, at: usize) -> Option<Tag> {
    let rest = page.get(at + 1..)?;
    if rest.starts_with("!--") {
        let end = rest.find("-->").map_or(page.len(), |end| at + 1 + end + 3);
        return Some(Tag {
            name: "span".to_owned(),
            closes: false,
            empty: true,
            part: false,
            end,
        });
    }
    let (closes, rest) = match rest.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '!') {
        return None;
    }
    let length = rest
        .find(|character: char| !character.is_ascii_alphanumeric() && !"!-".contains(character))
        .unwrap_or(rest.len());
    let name = rest.get(..length)?.to_ascii_lowercase();
    let from = page.len() - rest.len() + length;
    let mut quote = None;
    for (offset, byte) in page.as_bytes().get(from..)?.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'<') => return None,
            (None, b'>') => {
                let inside = page.get(from..from + offset)?;
                return Some(Tag {
                    name,
                    closes,
                    empty: inside.ends_with('/'),
                    part: inside.contains("data-component-part"),
                    end: from + offset + 1,
                });
            }
            (None, _) => {}
        }
        // No sane tag is longer; a text without `>` is not searched again and again.
        if offset > 64 << 10 {
            return None;
        }
    }
    None
}

impl Plain {
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn add(&mut self, raw: &str, at: usize, pre: bool) {
        if raw.is_empty() {
            return;
        }
        let mut rest = raw;
        while let Some(character) = rest.chars().next() {
            let here = at + (raw.len() - rest.len());
            let (character, length) = match character {
                '&' => entity(rest).unwrap_or(('&', 1)),
                other => (other, other.len_utf8()),
            };
            rest = rest.get(length..).unwrap_or_default();
            let space = matches!(character, ' ' | '\t' | '\n' | '\r');
            if !space || pre {
                self.push(character, here);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.push(' ', here);
            }
        }
    }

    fn push(&mut self, character: char, here: usize) {
        let to = self.text.len();
        let follows = |(start, page): &(usize, usize)| page + (to - start) == here;
        if !self.pieces.last().is_some_and(follows) {
            self.pieces.push((to, here));
        }
        self.text.push(character);
    }

    /// Bytes of the page for bytes of the text.
    pub(super) fn page(&self, span: &Range<usize>, length: usize) -> Range<usize> {
        let byte = |at: usize| {
            let index = self.pieces.partition_point(|(start, _)| *start <= at);
            let piece = index
                .checked_sub(1)
                .and_then(|index| self.pieces.get(index));
            let next = self.pieces.get(index).map_or(length, |(_, page)| *page);
            piece.map_or(0, |(start, page)| (page + (at - start)).min(next))
        };
        let start = byte(span.start);
        start
            ..byte(span.end.saturating_sub(1))
                .saturating_add(1)
                .clamp(start, length)
    }
}

/// The sign that an entity stands for, and its length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let sign = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "middot" => '·',
        "lbrace" | "lcub" => '{',
        "rbrace" | "rcub" => '}',
        "sol" => '/',
        "le" => '≤',
        "ge" => '≥',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).unwrap_or('\u{fffd}')
        }
    };
    Some((sign, end + 1))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_go_and_places_stay() {
        let page = "<div class='a > b'>one &amp; <b>two</b></div><script>x < y</script><pre>{\n  &quot;a&quot;: 1\n}</pre><!-- c --><h2>three\n  four</h2></body>";
        let read = plain(page);
        assert_eq!(read.text, "one & two\n{\n  \"a\": 1\n}\n# three four\n");
        assert!(read.ended);
        for word in ["two", "three", "1", "}"] {
            let at = read.text.find(word).unwrap();
            let span = read.page(&(at..at + word.len()), page.len());
            assert_eq!(&page[span], word);
        }
    }
}
