//! What the samples of a page show: a call by curl, and JSON.

use std::ops::Range;

use crate::value::Value;

/// A call as curl makes it, as far as it is written whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Curl {
    pub(super) method: Option<String>,
    /// Without the query.
    pub(super) url: Option<(String, Range<usize>)>,
    pub(super) query: Vec<(String, Range<usize>)>,
    /// Names and values.
    pub(super) headers: Vec<(String, String, Range<usize>)>,
    pub(super) data: Option<(String, Range<usize>)>,
    /// Whether the text goes on after the call.
    pub(super) whole: bool,
    pub(super) span: Range<usize>,
}

/// The most words of a call that are read.
const MOST_WORDS: usize = 2_000;

/// Reads a call that starts at a byte of a text.
pub(super) fn curl(text: &str, start: usize) -> Curl {
    let (mut words, end, whole) = words(text, start);
    if !whole {
        // The last one may go on.
        words.pop();
    }
    let mut call = Curl {
        whole,
        span: start..end,
        ..Curl::default()
    };
    let mut words = words.into_iter().skip(1);
    while let Some((word, span)) = words.next() {
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let takes = |words: &mut dyn Iterator<Item = (String, Range<usize>)>| match joined.clone() {
            Some(value) => Some((value, span.clone())),
            None => words.next(),
        };
        match name {
            "--request" | "-X" => {
                call.method = takes(&mut words).map(|(method, _)| method.to_ascii_uppercase());
            }
            "--url" => set_url(&mut call, takes(&mut words)),
            "--header" | "-H" => {
                if let Some((header, span)) = takes(&mut words)
                    && let Some((name, value)) = header.split_once(':')
                {
                    call.headers
                        .push((name.trim().to_owned(), value.trim().to_owned(), span));
                }
            }
            "--data" | "-d" | "--data-raw" | "--data-binary" | "--json" => {
                call.data = takes(&mut words);
            }
            "--form" | "-F" | "--user" | "-u" | "--cookie" | "-b" | "--output" | "-o"
            | "--data-urlencode" | "--max-time" | "-m" => {
                takes(&mut words);
            }
            _ if name.contains("://") => set_url(&mut call, Some((word.clone(), span))),
            _ => {}
        }
    }
    if call.method.is_none() && call.url.is_some() && whole {
        let method = if call.data.is_some() { "POST" } else { "GET" };
        call.method = Some(method.to_owned());
    }
    call
}

fn set_url(call: &mut Curl, word: Option<(String, Range<usize>)>) {
    let Some((url, span)) = word else { return };
    let (address, query) = url.split_once('?').unwrap_or((&url, ""));
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        call.query.push((name.to_owned(), span.clone()));
    }
    call.url = Some((address.to_owned(), span));
}

type Words = Vec<(String, Range<usize>)>;

/// The words of a command as a shell takes it apart, where it ends, and whether the text goes on after it.
fn words(text: &str, start: usize) -> (Words, usize, bool) {
    let rest = text.get(start..).unwrap_or_default();
    let mut words: Words = Vec::new();
    let mut word: Option<(String, usize)> = None;
    let mut quote: Option<char> = None;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let at = start + at;
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some('"'), '\\') => {
                if let Some((_, next)) = characters.next()
                    && let Some((text, _)) = &mut word
                {
                    if !matches!(next, '"' | '\\' | '$' | '`' | '\n') {
                        text.push('\\');
                    }
                    text.push(next);
                }
            }
            (Some(_), other) => {
                if let Some((text, _)) = &mut word {
                    text.push(other);
                }
            }
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_with(|| (String::new(), at));
            }
            (None, '\\') => match characters.next() {
                // The command goes on in the next line.
                Some((_, '\n')) => end_word(&mut words, &mut word, at),
                Some((_, '\r')) => {
                    characters.next_if(|(_, next)| *next == '\n');
                    end_word(&mut words, &mut word, at);
                }
                // A renderer can leave a space at the end of the line.
                Some((_, ' ' | '\t')) => {
                    while characters
                        .next_if(|(_, next)| matches!(next, ' ' | '\t' | '\r'))
                        .is_some()
                    {}
                    characters.next_if(|(_, next)| *next == '\n');
                    end_word(&mut words, &mut word, at);
                }
                Some((_, next)) => word.get_or_insert_with(|| (String::new(), at)).0.push(next),
                None => {}
            },
            (None, '\n') => {
                end_word(&mut words, &mut word, at);
                return (words, at, true);
            }
            (None, other) if other.is_whitespace() => end_word(&mut words, &mut word, at),
            (None, other) => word
                .get_or_insert_with(|| (String::new(), at))
                .0
                .push(other),
        }
        if words.len() > MOST_WORDS {
            return (words, at, true);
        }
    }
    end_word(&mut words, &mut word, text.len());
    (words, text.len(), false)
}

fn end_word(words: &mut Words, word: &mut Option<(String, usize)>, end: usize) {
    if let Some((text, start)) = word.take() {
        words.push((text, start..end));
    }
}

/// Where JSON stands in a text, and its value.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// What stands where a line starts with a bracket.
pub(super) enum Found {
    Sample(Sample),
    /// JSON that the end of the text cuts off.
    Cut(Range<usize>),
    /// No JSON up to this byte.
    Nothing(usize),
}

/// Reads JSON that starts at a byte of a text.
pub(super) fn json(text: &str, start: usize) -> Found {
    /// How deep its brackets may stand in each other.
    const MOST_DEPTH: usize = 64;
    let mut depth = 0usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                b'\n' => return Found::Nothing(at),
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > MOST_DEPTH {
                    return Found::Nothing(at);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let span = start..at + 1;
                    // `[](#anchor)` is a link of Markdown.
                    let is_link = text.as_bytes().get(at + 1) == Some(&b'(');
                    let value = text.get(span.clone()).map(serde_json::from_str);
                    return match value {
                        Some(Ok(value)) if !is_link => Found::Sample(Sample { value, span }),
                        _ => Found::Nothing(at + 1),
                    };
                }
            }
            b',' | b':' | b'-' | b'+' | b'.' | b'0'..=b'9' => {}
            // The letters of `true`, `false`, `null` and of exponents.
            b't' | b'r' | b'u' | b'e' | b'f' | b'a' | b'l' | b's' | b'n' | b'E' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => return Found::Nothing(at),
        }
    }
    Found::Cut(start..text.len())
}

#[cfg(test)]
mod tests {
    use super::{Found, curl, json};

    #[test]
    fn a_call_is_read_as_a_shell_would() {
        let text = "curl --request POST \\\n  --url 'https://a.example/b?c=1&d=2' \\ \n  -H 'x-key: <k>' \\\n  --data '\n{\"e\": \"f g\"}\n'\nrest";
        let call = curl(text, 0);
        assert!(call.whole);
        assert_eq!(call.method.as_deref(), Some("POST"));
        assert_eq!(
            call.url.map(|it| it.0).as_deref(),
            Some("https://a.example/b")
        );
        let query: Vec<_> = call.query.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(query, ["c", "d"]);
        assert_eq!(call.headers[0].0, "x-key");
        assert_eq!(
            call.data.map(|it| it.0).as_deref(),
            Some("\n{\"e\": \"f g\"}\n")
        );
        assert!(text[call.span.end..].starts_with("\nrest"));
    }

    #[test]
    fn what_the_end_cuts_off_is_not_taken() {
        let call = curl("curl --url https://a.example/sess", 0);
        assert!(!call.whole && call.url.is_none());
        let call = curl("curl --url https://a.example/b \\\n --data '{\"a", 0);
        assert!(call.url.is_some() && call.data.is_none());
        assert!(matches!(json("{\"a\": [1", 0), Found::Cut(_)));
        assert!(matches!(json("[](#a)", 0), Found::Nothing(_)));
        assert!(matches!(json("[a](#a)", 0), Found::Nothing(_)));
        assert!(matches!(json("{\"a\": [1]} b", 0), Found::Sample(_)));
    }
}
