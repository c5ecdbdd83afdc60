//! Which requests a mock answers.

use std::fmt;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::Value;
use wiremock::Request;

use super::super::{
    multipart::{self, Files, Multipart},
    parameter::{self, FORM, SIMPLE, Style},
};

/// A condition on the requests that a mock answers: a value, compared with what the client sends for it.
///
/// Every function panics on a value that the client refuses to send in its place.
pub(crate) struct Filter {
    name: &'static str,
    /// The value, for messages.
    shown: String,
    test: Test,
}

enum Test {
    /// A parameter of the path, which is part of the template.
    Path(String),
    Query(Pairs),
    Header(Option<String>),
    Cookie(Pairs),
    /// A field of a JSON body.
    Field(Value),
    /// A field of a form.
    Form(Pairs),
    /// A whole JSON body; null where none is sent.
    Json(Value),
    /// Parts of a body.
    Parts(Multipart),
    /// A whole body.
    Bytes(Bytes),
}

/// The names and values that a client sends for a value, decoded.
type Pairs = Vec<(String, String)>;

impl Filter {
    pub(crate) fn path<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::path_styled(name, SIMPLE, value)
    }

    pub(crate) fn path_styled<T: Serialize>(name: &'static str, style: Style, value: T) -> Self {
        let text = parameter::expand(name, style, &value, parameter::encode);
        let text = checked(name, text).unwrap_or_default();
        Self::new(name, &value, Test::Path(decoded(&text)))
    }

    pub(crate) fn query<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::query_styled(name, FORM, value)
    }

    pub(crate) fn query_styled<T: Serialize>(name: &'static str, style: Style, value: T) -> Self {
        let test = Test::Query(sent(name, style, &value));
        Self::new(name, &value, test)
    }

    pub(crate) fn header<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::header_styled(name, SIMPLE, value)
    }

    pub(crate) fn header_styled<T: Serialize>(name: &'static str, style: Style, value: T) -> Self {
        let text = parameter::expand(name, style, &value, str::to_owned);
        Self::new(name, &value, Test::Header(checked(name, text)))
    }

    pub(crate) fn cookie<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::cookie_styled(name, FORM, value)
    }

    pub(crate) fn cookie_styled<T: Serialize>(name: &'static str, style: Style, value: T) -> Self {
        let test = Test::Cookie(sent(name, style, &value));
        Self::new(name, &value, test)
    }

    pub(crate) fn field<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::new(name, &value, Test::Field(json(name, &value)))
    }

    pub(crate) fn form_field<T: Serialize>(name: &'static str, value: T) -> Self {
        Self::form_field_styled(name, Style::Field, value)
    }

    pub(crate) fn form_field_styled<T: Serialize>(
        name: &'static str,
        style: Style,
        value: T,
    ) -> Self {
        let test = Test::Form(sent(name, style, &value));
        Self::new(name, &value, test)
    }

    pub(crate) fn part<T: Serialize>(name: &'static str, value: T) -> Self {
        let mut parts = Multipart::default();
        checked(name, parts.value(name, &value));
        Self::new(name, &value, Test::Parts(parts))
    }

    pub(crate) fn file<T: Files>(name: &'static str, value: T) -> Self {
        let mut parts = Multipart::default();
        checked(name, parts.files(name, &value));
        let shown: Vec<&str> = parts
            .parts()
            .iter()
            .map(|part| &*part.disposition)
            .collect();
        let shown = shown.join(", ");
        Self::new(name, &shown, Test::Parts(parts))
    }

    pub(crate) fn json<T: Serialize>(value: T) -> Self {
        Self::new("body", &value, Test::Json(json("body", &value)))
    }

    pub(crate) fn form<T: Serialize>(value: T) -> Self {
        Self::form_styled(&[], value)
    }

    pub(crate) fn form_styled<T: Serialize>(styles: &[(&str, Style)], value: T) -> Self {
        let form = checked("body", parameter::form_body_styled(&value, styles));
        Self::new("body", &value, Test::Bytes(form.unwrap_or_default().into()))
    }

    pub(crate) fn bytes<T: Into<Bytes>>(value: T) -> Self {
        let value = value.into();
        Self::new(
            "body",
            &String::from_utf8_lossy(&value),
            Test::Bytes(value.clone()),
        )
    }

    fn new(name: &'static str, value: &impl Serialize, test: Test) -> Self {
        Self {
            name,
            shown: json(name, value).to_string(),
            test,
        }
    }

    /// Whether the request has the value. One of the path is a matter of the [`Template`].
    pub(super) fn fits(&self, request: &Request) -> bool {
        match &self.test {
            Test::Path(_) => true,
            Test::Query(value) => has(
                &pairs(request.url.query().unwrap_or_default()),
                self.name,
                value,
            ),
            Test::Header(value) => {
                let sent = request.headers.get(self.name);
                sent.map(|sent| sent.as_bytes()) == value.as_ref().map(|value| value.as_bytes())
            }
            Test::Cookie(value) => {
                let sent = request.headers.get("cookie");
                let sent = sent.map(|sent| String::from_utf8_lossy(sent.as_bytes()));
                has(
                    &pairs(&sent.unwrap_or_default().replace("; ", "&")),
                    self.name,
                    value,
                )
            }
            Test::Field(value) => {
                body(request).is_ok_and(|body| body.get(self.name) == Some(value))
            }
            Test::Form(value) => has(
                &pairs(&String::from_utf8_lossy(&request.body)),
                self.name,
                value,
            ),
            Test::Json(Value::Null) => request.body.is_empty(),
            Test::Json(value) => body(request).is_ok_and(|body| body == *value),
            Test::Parts(parts) => has_parts(request, self.name, parts),
            Test::Bytes(value) => request.body == *value,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.shown)
    }
}

fn checked<T>(name: &str, value: Result<T, String>) -> T {
    value.unwrap_or_else(|problem| panic!("`{name}` of a mock {problem}"))
}

/// By way of the text, as a body is sent: the number of an `f32` is longer once it is an `f64`.
fn json(name: &str, value: &impl Serialize) -> Value {
    let text = serde_json::to_string(value).and_then(|text| serde_json::from_str(&text));
    text.unwrap_or_else(|error| panic!("`{name}` of a mock does not serialize: {error}"))
}

fn body(request: &Request) -> serde_json::Result<Value> {
    serde_json::from_slice(&request.body)
}

/// Whether the parts of a body that have the name of a filter, or of one of its parts, are those of the
/// filter: their names, file names and contents, in their order.
fn has_parts(request: &Request, name: &str, wanted: &Multipart) -> bool {
    let content_type = request.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let sent = multipart::read(content_type.unwrap_or_default(), &request.body);
    let wanted = wanted.parts();
    let mut names: Vec<String> = wanted
        .iter()
        .map(|part| multipart::named(&part.name))
        .collect();
    names.push(multipart::named(name));
    let concerns = |disposition: &[u8]| {
        let mut names = names.iter();
        names.any(|name| {
            let rest = disposition.strip_prefix(name.as_bytes());
            rest.is_some_and(|rest| matches!(rest, [] | [b';', ..]))
        })
    };
    sent.into_iter()
        .filter(|(disposition, _)| concerns(disposition))
        .eq(wanted
            .iter()
            .map(|part| (part.disposition.as_bytes(), &*part.content)))
}

/// What the client sends for a value in a query, a form or cookies.
fn sent(name: &str, style: Style, value: &impl Serialize) -> Pairs {
    let mut text = String::new();
    let done = parameter::append_styled(&mut text, "&", name, style, value);
    checked(name, done);
    pairs(&text)
}

/// Whether what is sent for a value is among what was sent, and nothing else under its names.
fn has(sent: &[(String, String)], name: &str, wanted: &[(String, String)]) -> bool {
    let of = |name: &str, pairs: &[(String, String)]| -> Vec<String> {
        let of_name = pairs.iter().filter(|(other, _)| other == name);
        of_name.map(|(_, value)| value.clone()).collect()
    };
    if wanted.is_empty() {
        let deep = format!("{name}[");
        return !sent
            .iter()
            .any(|(other, _)| other == name || other.starts_with(&deep));
    }
    wanted
        .iter()
        .all(|(name, _)| of(name, sent) == of(name, wanted))
}

/// The names and values of a query or form, decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The path of an operation, with the values that are asked for in their places.
pub(super) struct Template(Vec<Vec<Part>>);

/// A part of a segment.
enum Part {
    Text(String),
    /// The value of a parameter, whatever it is.
    Any,
}

impl Template {
    pub(super) fn new(path: &str, filters: &[Filter]) -> Self {
        Self(
            path.split('/')
                .map(|segment| parts(segment, filters))
                .collect(),
        )
    }

    /// Whether a path, as it came, is one of these. What is literal in the template is literal here, and a
    /// parameter is at least one character within one segment.
    pub(super) fn fits(&self, path: &str) -> bool {
        let segments: Vec<String> = path.split('/').map(decoded).collect();
        segments.len() == self.0.len()
            && self
                .0
                .iter()
                .zip(&segments)
                .all(|(parts, text)| fits(parts, text))
    }
}

fn parts(segment: &str, filters: &[Filter]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        parts.push(Part::Text(decoded(before)));
        let wanted = filters.iter().find_map(|filter| match &filter.test {
            Test::Path(text) if filter.name == name => Some(text.clone()),
            _ => None,
        });
        parts.push(wanted.map_or(Part::Any, Part::Text));
        rest = after;
    }
    parts.push(Part::Text(decoded(rest)));
    parts
}

fn fits(parts: &[Part], text: &str) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Text(start), rest @ ..] => text
            .strip_prefix(start.as_str())
            .is_some_and(|text| fits(rest, text)),
        [Part::Any, rest @ ..] => {
            let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
            ends.any(|end| text.get(end..).is_some_and(|text| fits(rest, text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_literal_in_a_path_is_no_pattern() {
        let template = Template::new("/a.b/(c+)/{one}.{two}/d%20e", &[]);
        for path in ["/a.b/(c+)/1.2/d%20e", "/a%2Eb/%28c%2B%29/1.2.3/d e"] {
            assert!(template.fits(path), "{path}");
        }
        for path in [
            "/aXb/(c+)/1.2/d%20e",
            "/a.b/(cc)/1.2/d%20e",
            "/a.b/(c+)/1./d%20e",
            "/a.b/(c+)/.2/d%20e",
            "/a.b/(c+)/12/d%20e",
            "/a.b/(c+)/1/.2/d%20e",
            "/a.b/(c+)/1.2/d%20e/",
            "/a.b/(c+)/1.2/d+e",
            "/a.b/(c+)/1.2",
        ] {
            assert!(!template.fits(path), "{path}");
        }
    }

    #[test]
    fn a_parameter_is_one_segment_and_has_its_value() {
        let any = Template::new("/{id}/x", &[]);
        assert!(any.fits("/a%2Fb/x"));
        assert!(any.fits("/%7Bid%7D/x"));
        assert!(!any.fits("//x"));
        assert!(!any.fits("/a/b/x"));
        let one = Template::new("/{id}/x", &[Filter::path("id", "a/b")]);
        assert!(one.fits("/a%2Fb/x"));
        assert!(!one.fits("/a%2Fc/x"));
        assert!(!one.fits("/a/b/x"));
        let split = Template::new("/{one}.{two}", &[Filter::path("two", "b.c")]);
        assert!(split.fits("/a.b.c"));
        assert!(!split.fits("/a.b.c.d"));
    }

    #[test]
    fn a_query_has_exactly_the_values_of_its_name() {
        let has =
            |query: &str, value: Value| has(&pairs(query), "n", &super::sent("n", FORM, &value));
        assert!(has("m=1&n=a%20b%26", "a b&".into()));
        assert!(!has("n=a&n=b", "a".into()));
        assert!(has("n=a&m=1&n=b", vec!["a", "b"].into()));
        assert!(!has("n=b&n=a", vec!["a", "b"].into()));
        assert!(has("m=1", Value::Null));
        assert!(!has("n=", Value::Null));
        assert!(has("a=1&b=2", serde_json::json!({"a": 1, "b": 2})));
        assert!(!has("a=1", serde_json::json!({"a": 1, "b": 2})));
    }
}
