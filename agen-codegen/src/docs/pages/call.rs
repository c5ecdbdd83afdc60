//! The samples of a rendered page, and what the sample of a call adds to the sections.

use std::ops::Range;

use crate::{
    docs::{
        Lack,
        facts::{At, Content, Key, Operation, Parameter, Shape, Stated, Tree},
    },
    value::Value,
};

use super::{
    samples::{self, Curl, Found, Sample},
    text::{Reader, SECTIONS},
    witness,
};

/// The samples of a page.
#[derive(Default)]
pub(super) struct Samples {
    pub(super) curl: Option<Curl>,
    pub(super) answer: Option<Sample>,
    /// The statuses of which there is a sample to choose: they stand above the one that is shown.
    pub(super) statuses: Vec<(String, Range<usize>)>,
    /// Where they stand.
    pub(super) spans: Vec<Range<usize>>,
    pub(super) lacks: Vec<Lack>,
}

impl Samples {
    pub(super) fn find(text: &str) -> Self {
        let mut found = Self::default();
        let mut at = 0;
        let mut sections = false;
        let mut passed = 0;
        let mut broken = None;
        for line in text.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            if start < passed || found.spans.last().is_some_and(|span| start < span.end) {
                continue;
            }
            let trimmed = line.trim();
            if trimmed == "curl" || trimmed.starts_with("curl ") {
                let call = samples::curl(text, start);
                found.spans.push(call.span.clone());
                if found.curl.is_none() {
                    if !call.whole {
                        found.lack("the sample of a call is cut off", call.span.clone());
                    }
                    found.curl = Some(call);
                }
            } else if trimmed.starts_with(['{', '[']) {
                match samples::json(text, start) {
                    Found::Sample(sample) => {
                        found.spans.push(sample.span.clone());
                        if found.curl.is_some() && !sections && found.answer.is_none() {
                            found.answer = Some(sample);
                        }
                    }
                    Found::Cut(span) if found.curl.is_some() && !sections => {
                        found.lack("the sample of an answer is cut off", span.clone());
                        found.spans.push(span);
                    }
                    Found::Cut(span) => passed = span.end,
                    // What is inside of broken JSON is no sample.
                    Found::Nothing(end) => {
                        let is_link = trimmed.starts_with('[') && trimmed != "[";
                        if found.curl.is_some() && !sections && !is_link {
                            broken = broken.or(Some(start..end));
                        }
                        passed = end;
                    }
                }
            } else if found.curl.is_some() {
                let name = trimmed.trim_start_matches('#').trim();
                sections |= SECTIONS.contains(&name);
                if !sections && found.answer.is_none() && is_status(name) {
                    let status = name.to_ascii_uppercase();
                    found.statuses.push((status, start..start + trimmed.len()));
                }
            }
        }
        // Samples in other languages have such lines as well, above the answer.
        if let Some(span) = broken.filter(|_| found.answer.is_none()) {
            found.lack("the sample of an answer is no JSON", span);
        }
        found
    }

    fn lack(&mut self, message: &str, span: Range<usize>) {
        self.lacks.push(Lack {
            message: message.to_owned(),
            span,
        });
    }
}

/// Whether a line is a status or a range of them.
fn is_status(text: &str) -> bool {
    let [first, rest @ ..] = text.as_bytes() else {
        return false;
    };
    text == "default"
        || (rest.len() == 2
            && (b'1'..=b'5').contains(first)
            && (rest.iter().all(u8::is_ascii_digit) || rest.eq_ignore_ascii_case(b"xx")))
}

impl Reader<'_> {
    /// What the sample of a call adds: the address, what proves who calls, and what no section has.
    pub(super) fn call(
        &mut self,
        operation: &mut Operation<Tree>,
        has_body: bool,
        has_response: bool,
    ) {
        let Some(curl) = self.samples.curl.clone() else {
            if !has_body
                && has_response
                && matches!(operation.method.as_str(), "GET" | "HEAD" | "DELETE")
            {
                operation.body = Stated::Absent;
            }
            return;
        };
        if curl
            .method
            .as_ref()
            .is_some_and(|method| *method != operation.method)
        {
            self.lack(
                "the sample calls with another method than the page names",
                curl.span.clone(),
            );
        }
        if let Some((url, span)) = &curl.url {
            match url.strip_suffix(operation.path.as_str()) {
                Some(server) => operation.servers.push((
                    server.trim_end_matches('/').to_owned(),
                    At::page(span.clone()),
                )),
                None => self.lack(
                    "the sample calls another path than the page names",
                    span.clone(),
                ),
            }
        }
        match &curl.data {
            Some((data, span)) if !has_body => {
                let at = At::page(span.clone());
                self.lack("the sample sends a body that the page does not describe: it is cut off, or not understood there", span.clone());
                if let Ok(value) = serde_json::from_str::<Value>(data) {
                    let shape = witness::shown(&value, &at, 0).shape;
                    operation.body = Stated::Is(
                        Content {
                            required: None,
                            media: None,
                            media_at: None,
                            shape,
                        },
                        at,
                    );
                }
            }
            None if !has_body && has_response && curl.whole => operation.body = Stated::Absent,
            _ => {}
        }
        self.unsent(operation, &curl);
        let mut keys = Vec::new();
        for (name, value, span) in &curl.headers {
            let lower = name.to_ascii_lowercase();
            if matches!(lower.as_str(), "content-type" | "accept") {
                continue;
            }
            let at = At::page(span.clone());
            let key = Key {
                place: "header".to_owned(),
                name: name.clone(),
                scheme: scheme(value),
                optional: None,
                at: at.clone(),
            };
            if let Stated::Is(keys, _) = &mut operation.keys {
                for known in keys.iter_mut().filter(|known| known.is(&key)) {
                    known.scheme = known.scheme.take().or_else(|| key.scheme.clone());
                }
            }
            let is_known = operation
                .keys
                .value()
                .is_some_and(|keys| keys.iter().any(|it| it.is(&key)))
                || operation
                    .parameters
                    .iter()
                    .any(|it| it.place == "header" && it.name.eq_ignore_ascii_case(name));
            if is_known {
                continue;
            }
            if operation.keys.value().is_none()
                && (value.contains("key>") || value.contains("token>"))
            {
                keys.push(key);
            } else if operation.keys.value().is_some() {
                self.lack(
                    "the sample sends a header that the page does not describe",
                    span.clone(),
                );
            }
        }
        if !keys.is_empty() {
            let at = At::page(curl.span.clone());
            operation.keys = Stated::Is(keys, at);
        }
        for (name, span) in &curl.query {
            let known = operation
                .parameters
                .iter()
                .any(|it| it.place == "query" && it.name == *name)
                || operation
                    .keys
                    .value()
                    .is_some_and(|keys| keys.iter().any(|key| key.name == *name));
            if !known {
                let at = At::page(span.clone());
                self.lack(
                    "the sample has a parameter in its query that the page does not describe",
                    span.clone(),
                );
                let mut shape: Shape<Tree> = Shape::unknown(at.clone());
                shape.sample = true;
                operation.parameters.push(Parameter {
                    place: "query".to_owned(),
                    name: name.clone(),
                    required: None,
                    at,
                    shape: Tree::new(shape),
                });
            }
        }
    }
}

impl Reader<'_> {
    /// Notes what the page asks for and the sample of a call does not send.
    fn unsent(&mut self, operation: &Operation<Tree>, curl: &Curl) {
        if !curl.whole {
            return;
        }
        let sends = |place: &str, name: &str| match place {
            "header" => curl
                .headers
                .iter()
                .any(|it| it.0.eq_ignore_ascii_case(name)),
            "query" => curl.query.iter().any(|it| it.0 == name),
            _ => true,
        };
        // Any of several keys may do.
        if let Stated::Is(keys, _) = &operation.keys
            && !keys.iter().any(|key| sends(&key.place, &key.name))
        {
            let message = "the page says how a caller proves who it is, and its sample does not";
            self.lack(message, curl.span.clone());
        }
        let required = operation.parameters.iter();
        for parameter in required.filter(|it| it.required == Some(true)) {
            if !sends(&parameter.place, &parameter.name) {
                let name = crate::diagnostic::quote(&parameter.name);
                let message = format!(
                    "the page says that {name} is required, and its sample does not send it"
                );
                self.lack(message, curl.span.clone());
            }
        }
        let stated = operation
            .body
            .value()
            .and_then(|body| body.media.as_deref());
        let mut headers = curl.headers.iter();
        let sent = headers.find(|it| it.0.eq_ignore_ascii_case("content-type"));
        if let (Some(stated), Some((_, sent, span))) = (stated, sent)
            && crate::media_type::essence(sent) != stated
        {
            let message = format!(
                "the page says that the body is {}, and its sample sends {}",
                crate::diagnostic::quote(stated),
                crate::diagnostic::quote(sent)
            );
            self.lack(message, span.clone());
        }
    }
}

/// How the value of a header that proves who calls is written, where the sample shows it.
fn scheme(value: &str) -> Option<String> {
    match value.split_once(' ') {
        Some((scheme @ ("Bearer" | "Basic"), _)) => Some(scheme.to_ascii_lowercase()),
        None if value == "<api-key>" => Some("apiKey".to_owned()),
        _ => None,
    }
}
