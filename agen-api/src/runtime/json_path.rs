//! Where in a JSON text a decode error lies.
//!
//! `serde_json` gives the line and column at which it stopped. Reading the text up to there once more, with
//! no types involved, gives the path (`items[3].created_at`). The price is paid by failing answers only, and
//! no type is compiled a second time for it.

/// A step from a value to a value inside it.
enum Step<'t> {
    /// The text of the key between its quotes, escapes and all; empty before the first key.
    Key(&'t [u8]),
    Index(usize),
}

/// The path of the value at which `error` arose in `text`; none for the whole document, or when the error
/// has no place.
pub(super) fn of(error: &serde_json::Error, text: &[u8]) -> Option<String> {
    let (before, after) = text.split_at_checked(offset(error, text)?)?;
    let path = render(&steps(before, after));
    if path.is_empty() { None } else { Some(path) }
}

/// How many bytes had been read.
fn offset(error: &serde_json::Error, text: &[u8]) -> Option<usize> {
    let lines_before = error.line().checked_sub(1)?;
    let start: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .take(lines_before)
        .map(<[u8]>::len)
        .sum();
    Some((start + error.column()).min(text.len()))
}

/// The steps to the value that ends or stands at the end of `before`, or begins with `after`.
fn steps<'t>(before: &'t [u8], after: &[u8]) -> Vec<Step<'t>> {
    let mut steps = Vec::new();
    let mut position = 0;
    // The last string read: it is a key when a colon follows.
    let mut string: &[u8] = &[];
    while let Some(byte) = before.get(position) {
        position += 1;
        match byte {
            b'"' => {
                let rest = before.get(position..).unwrap_or_default();
                let length = string_length(rest);
                string = rest.get(..length).unwrap_or_default();
                position += length + 1;
            }
            b'{' => steps.push(Step::Key(&[])),
            b'[' => steps.push(Step::Index(0)),
            b'}' | b']' => {
                steps.pop();
            }
            b':' => {
                if let Some(Step::Key(key)) = steps.last_mut() {
                    *key = string;
                }
            }
            b',' => {
                if let Some(Step::Index(index)) = steps.last_mut() {
                    *index += 1;
                }
            }
            _ => {}
        }
    }
    // Stopped behind an opening bracket: the error is about the value that begins with it, unless another
    // one begins at once, before which the parser stopped.
    let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(before.last(), Some(b'{' | b'[')) && !matches!(next, Some(b'{' | b'[')) {
        steps.pop();
    }
    steps
}

/// Bytes up to the closing quote, or to the end of the text.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let closing = text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    closing.unwrap_or(text.len())
}

/// A key as text; one that is broken stays as it is.
fn unescape(key: &[u8]) -> String {
    let quoted = [b"\"", key, b"\""].concat();
    serde_json::from_slice(&quoted).unwrap_or_else(|_| String::from_utf8_lossy(key).into_owned())
}

fn render(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Key([]) => {}
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&unescape(key));
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, de::DeserializeOwned};

    use super::of;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the shape matters")]
    struct Page {
        items: Vec<Item>,
        #[serde(default)]
        more: BTreeMap<String, u8>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the shape matters")]
    struct Item {
        id: u32,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        at: Option<std::net::IpAddr>,
    }

    fn path<T: DeserializeOwned>(text: &str) -> Option<String> {
        let error = serde_json::from_str::<T>(text).err().unwrap();
        of(&error, text.as_bytes())
    }

    #[test]
    fn names_the_value_that_does_not_fit() {
        for (text, expected) in [
            (r#"{"items":[{"id":1},{"id":"x"}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},{"id":-1}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},{"id":1.5}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},{"id":null}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},{"id":{"a":1}}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},{"id":[1,2]}]}"#, "items[1].id"),
            (r#"{"items":[{"id":1},5]}"#, "items[1]"),
            (r#"{"items":[{"id":1},"é"]}"#, "items[1]"),
            (
                "{\n \"items\": [\n  {\"id\": 1,\n   \"tags\": [\"a\", 5]\n}]}",
                "items[0].tags[1]",
            ),
            (
                r#"{"items":[{"id":1,"other":{"a":[{}]},"at":"nowhere"}]}"#,
                "items[0].at",
            ),
            (r#"{"items":"none"}"#, "items"),
            (r#"{"items":{}}"#, "items"),
            (
                r#"{"items":[],"more":{"a":1,"b \" , : {":300}}"#,
                r#"more.b " , : {"#,
            ),
        ] {
            assert_eq!(path::<Page>(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn names_the_object_that_lacks_a_field() {
        assert_eq!(
            path::<Page>(r#"{"items":[{"id":1},{"tags":[]}]}"#).as_deref(),
            Some("items[1]")
        );
        assert_eq!(path::<Page>("{}"), None);
    }

    #[test]
    fn names_where_a_text_breaks_off() {
        assert_eq!(
            path::<Page>(r#"{"items":[{"id":1},{"id":"#).as_deref(),
            Some("items[1].id")
        );
        assert_eq!(
            path::<Page>(r#"{"items":[{"id":1},{"tags":["a"#).as_deref(),
            Some("items[1].tags[0]")
        );
        assert_eq!(path::<Page>(""), None);
        assert_eq!(path::<Page>("<html>\n<p>"), None);
    }

    #[test]
    fn the_document_itself_has_no_path() {
        assert_eq!(path::<Vec<u8>>("{}"), None);
        assert_eq!(path::<Vec<u8>>("[] x"), None);
        assert_eq!(path::<Vec<u8>>("[1,300]").as_deref(), Some("[1]"));
    }
}
