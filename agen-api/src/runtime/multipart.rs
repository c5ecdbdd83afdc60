//! Bodies of several parts, as forms with files are sent: RFC 7578, with names written as browsers do.
//!
//! A body is written into memory as a whole, so that it can be sent again.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;

/// Bytes to send as a part of a body, such as a file.
///
/// Anything that can be bytes is one: a `Vec<u8>`, a `String`, a slice, [`Bytes`]. Where the API asks for a
/// file and this has no file name, the name of the part is sent as one, since servers tell files from fields
/// by it.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    content: Bytes,
    file_name: Option<String>,
    media_type: Option<String>,
}

impl Part {
    /// A part with this content.
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self {
            content: content.into(),
            file_name: None,
            media_type: None,
        }
    }

    /// Sets the name of the file, without folders.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`. Where it is not set, it is the one that the document says, or
    /// `application/octet-stream` for a file and none for another part. What no header can hold is an error
    /// when the call is sent.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

/// Shows the length in place of the content.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("length", &self.content.len())
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .finish()
    }
}

impl From<Bytes> for Part {
    fn from(content: Bytes) -> Self {
        Self::new(content)
    }
}

impl From<Vec<u8>> for Part {
    fn from(content: Vec<u8>) -> Self {
        Self::new(Bytes::from(content))
    }
}

impl From<String> for Part {
    fn from(content: String) -> Self {
        Self::new(Bytes::from(content))
    }
}

impl From<&[u8]> for Part {
    fn from(content: &[u8]) -> Self {
        Self::new(Bytes::copy_from_slice(content))
    }
}

impl From<&str> for Part {
    fn from(content: &str) -> Self {
        Self::new(Bytes::copy_from_slice(content.as_bytes()))
    }
}

impl<const N: usize> From<&[u8; N]> for Part {
    fn from(content: &[u8; N]) -> Self {
        Self::new(Bytes::copy_from_slice(content))
    }
}

/// What an argument has of parts.
pub(crate) trait Files {
    /// Calls `add` for each part with its name, and whether it is a file in any case.
    fn each(&self, name: &str, add: &mut dyn FnMut(&str, &Part, bool));
}

impl Files for Part {
    fn each(&self, name: &str, add: &mut dyn FnMut(&str, &Part, bool)) {
        add(name, self, true);
    }
}

/// Parts with names of the caller's choice.
impl Files for (String, Part) {
    fn each(&self, _: &str, add: &mut dyn FnMut(&str, &Part, bool)) {
        add(&self.0, &self.1, false);
    }
}

impl<T: Files> Files for Option<T> {
    fn each(&self, name: &str, add: &mut dyn FnMut(&str, &Part, bool)) {
        self.iter().for_each(|part| part.each(name, add));
    }
}

impl<T: Files> Files for Vec<T> {
    fn each(&self, name: &str, add: &mut dyn FnMut(&str, &Part, bool)) {
        self.iter().for_each(|part| part.each(name, add));
    }
}

/// A body in the making.
#[derive(Default)]
pub(super) struct Multipart {
    parts: Vec<Written>,
    /// How many of them were there before the last argument.
    before: usize,
}

/// A part as it is sent.
pub(super) struct Written {
    pub(super) name: String,
    /// The value of the header `content-disposition`.
    pub(super) disposition: String,
    media_type: Option<String>,
    /// Whether the caller has set the media type.
    is_typed: bool,
    pub(super) content: Bytes,
}

impl Multipart {
    /// Adds a value: a text for a scalar, JSON for an object, and a part for each item of an array. Null is
    /// not sent.
    ///
    /// # Errors
    /// When the value does not serialize.
    pub(super) fn value(&mut self, name: &str, value: &impl Serialize) -> Result<(), String> {
        self.before = self.parts.len();
        // By way of the text: the number of an `f32` is longer once it is an `f64`.
        let value = serde_json::to_string(value).and_then(|text| serde_json::from_str(&text));
        match value.map_err(|error| format!("does not serialize: {error}"))? {
            Value::Array(items) => items.into_iter().for_each(|item| self.item(name, item)),
            value => self.item(name, value),
        }
        Ok(())
    }

    fn item(&mut self, name: &str, value: Value) {
        let (media_type, content) = match value {
            Value::Null => return,
            Value::String(text) => (None, text),
            Value::Array(_) | Value::Object(_) => (Some("application/json"), value.to_string()),
            value => (None, value.to_string()),
        };
        self.parts.push(Written {
            name: name.to_owned(),
            disposition: disposition(name, None),
            media_type: media_type.map(str::to_owned),
            is_typed: false,
            content: content.into(),
        });
    }

    /// Adds files, or parts that have their own names.
    ///
    /// # Errors
    /// When a media type is none that a header can hold.
    pub(super) fn files(&mut self, name: &str, files: &impl Files) -> Result<(), String> {
        self.before = self.parts.len();
        let mut problem = Ok(());
        files.each(name, &mut |name, part, is_file| {
            let given = part.media_type.as_ref();
            if let Some(text) = given.filter(|text| HeaderValue::from_str(text).is_err()) {
                problem = Err(format!(
                    "has a media type that no header can carry: {text:?}"
                ));
            }
            let file_name = part.file_name.as_deref();
            let file_name = file_name.or_else(|| is_file.then_some(name));
            let usual = file_name.map(|_| "application/octet-stream".to_owned());
            self.parts.push(Written {
                name: name.to_owned(),
                disposition: disposition(name, file_name),
                media_type: given.cloned().or(usual),
                is_typed: given.is_some(),
                content: part.content.clone(),
            });
        });
        problem
    }

    /// Sets the media type of what was added last, where the caller has not.
    pub(super) fn part_type(&mut self, media_type: &str) {
        let last = self.parts.iter_mut().skip(self.before);
        for part in last.filter(|part| !part.is_typed) {
            part.media_type = Some(media_type.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn parts(&self) -> &[Written] {
        &self.parts
    }

    /// The boundary, the first of those drawn that no part holds, and the body.
    pub(super) fn finish(self, mut draw: impl FnMut() -> String) -> (String, Bytes) {
        let boundary = loop {
            let boundary = draw();
            let delimiter = format!("--{boundary}");
            let mut parts = self.parts.iter();
            if !parts.any(|part| holds(&part.content, delimiter.as_bytes())) {
                break boundary;
            }
        };
        let length = |part: &Written| part.content.len() + part.disposition.len() + 128;
        let mut body = Vec::with_capacity(64 + self.parts.iter().map(length).sum::<usize>());
        let mut write = |texts: &[&[u8]]| texts.iter().for_each(|text| body.extend(*text));
        for part in &self.parts {
            write(&[b"--", boundary.as_bytes(), b"\r\ncontent-disposition: "]);
            write(&[part.disposition.as_bytes()]);
            if let Some(media_type) = &part.media_type {
                write(&[b"\r\ncontent-type: ", media_type.as_bytes()]);
            }
            write(&[b"\r\n\r\n", &part.content, b"\r\n"]);
        }
        write(&[b"--", boundary.as_bytes(), b"--\r\n"]);
        (boundary, body.into())
    }
}

/// A boundary that is a new one each time.
pub(super) fn random_boundary() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Whether a line begins with a delimiter: only there it means something.
fn holds(content: &[u8], delimiter: &[u8]) -> bool {
    let mut lines = content.split(|byte| *byte == b'\n');
    lines.any(|line| line.starts_with(delimiter))
}

fn disposition(name: &str, file_name: Option<&str>) -> String {
    let name = named(name);
    match file_name.map(escaped) {
        Some(file_name) => format!("{name}; filename=\"{file_name}\""),
        None => name,
    }
}

/// The value of `content-disposition` of a part without a file name.
pub(super) fn named(name: &str) -> String {
    format!("form-data; name=\"{}\"", escaped(name))
}

/// A name as the HTML standard puts it between quotes (section 4.10.21.8): what could end it, or the header,
/// is percent-encoded.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The parts of a body that [`Multipart`] has written, each as its `content-disposition` and its content.
#[cfg(feature = "mock")]
pub(super) fn read<'b>(content_type: &str, body: &'b [u8]) -> Vec<(&'b [u8], &'b [u8])> {
    const BEFORE: &[u8] = b"content-disposition: ";
    let Some((_, boundary)) = content_type.split_once("boundary=") else {
        return Vec::new();
    };
    let delimiter = format!("--{boundary}");
    let part = |part: &'b [u8]| {
        let end = part.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, content) = (part.get(..end)?, part.get(end + 4..)?);
        let first = head.split(|byte| *byte == b'\r').next()?;
        Some((first.strip_prefix(BEFORE)?, content))
    };
    let mut parts = Vec::new();
    let (mut start, mut at) = (None, 0_usize);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(delimiter.as_bytes()) {
            let before = start.and_then(|start| body.get(start..at.saturating_sub(2)));
            parts.extend(before.and_then(part));
            start = Some(at + line.len());
        }
        at += line.len();
    }
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The body with the boundary `B`.
    fn text(body: Multipart) -> String {
        let (_, bytes) = body.finish(|| "B".to_owned());
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn values_are_texts_or_json_and_arrays_are_several_parts() {
        let mut body = Multipart::default();
        body.value("n", &0.1_f32).unwrap();
        body.value("none", &None::<u8>).unwrap();
        body.value("list", &json!(["a", null, true, {"b": 1}]))
            .unwrap();
        assert_eq!(
            text(body),
            "--B\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n0.1\r\n\
             --B\r\ncontent-disposition: form-data; name=\"list\"\r\n\r\na\r\n\
             --B\r\ncontent-disposition: form-data; name=\"list\"\r\n\r\ntrue\r\n\
             --B\r\ncontent-disposition: form-data; name=\"list\"\r\n\
             content-type: application/json\r\n\r\n{\"b\":1}\r\n--B--\r\n"
        );
        assert_eq!(text(Multipart::default()), "--B--\r\n");
    }

    #[test]
    fn no_name_ends_its_header() {
        let mut body = Multipart::default();
        let part = Part::new("x").file_name("a\"; b=\"\r\nc: d\\é");
        body.files("n\r\n\r\n\"", &part).unwrap();
        assert!(text(body).contains(
            "name=\"n%0D%0A%0D%0A%22\"; filename=\"a%22; b=%22%0D%0Ac: d\\é\"\r\n\
             content-type: application/octet-stream\r\n\r\nx\r\n"
        ));
        let part = Part::new("x").media_type("a/b\r\nc: d");
        assert!(Multipart::default().files("n", &part).is_err());
    }

    #[test]
    fn the_media_type_of_a_part_is_the_callers_then_the_documents() {
        let mut body = Multipart::default();
        body.value("before", &"").unwrap();
        let parts = vec![Part::new("1"), Part::new("2").media_type("image/gif")];
        body.files("file", &parts).unwrap();
        body.part_type("image/png");
        let text = text(body);
        let types = text
            .lines()
            .filter_map(|line| line.strip_prefix("content-type: "));
        assert_eq!(types.collect::<Vec<_>>(), ["image/png", "image/gif"]);
    }

    #[test]
    fn a_part_that_holds_a_boundary_gets_another_one() {
        for (content, expected) in [
            ("--one", "two"),
            ("a\r\n--one--\r\n", "two"),
            ("a\n--one", "two"),
            ("one --one", "one"),
            ("", "one"),
        ] {
            let mut body = Multipart::default();
            body.files("f", &Part::from(content)).unwrap();
            let mut draws = ["one", "two"].into_iter();
            let (boundary, _) = body.finish(|| draws.next().unwrap().to_owned());
            assert_eq!(boundary, expected, "{content:?}");
        }
        assert_ne!(random_boundary(), random_boundary());
    }

    #[cfg(feature = "mock")]
    #[test]
    fn what_is_written_is_read_again() {
        let contents = ["", "\r\n\r\n", "--B", "a\r\n"];
        let parts = contents.map(|text| ("n".to_owned(), Part::from(text)));
        let mut body = Multipart::default();
        body.files("", &parts.to_vec()).unwrap();
        let (boundary, bytes) = body.finish(|| "other".to_owned());
        let found = read(&format!("multipart/form-data; boundary={boundary}"), &bytes);
        let expected = contents.map(|text| (b"form-data; name=\"n\"".as_slice(), text.as_bytes()));
        assert_eq!(found, expected);
        assert!(read("text/plain", &bytes).is_empty());
    }
}
