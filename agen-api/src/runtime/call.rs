//! A request in the making: what generated code says about a call.

use std::{fmt::Display, mem};

use bytes::Bytes;
use reqwest::{
    Url,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
        PROXY_AUTHORIZATION,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Operation,
    call_settings::CallSettings,
    client::Client,
    decode::Answered,
    download::Download,
    error::Error,
    multipart::{self, Files, Multipart},
    parameter::{self, FORM, SIMPLE, Style},
    send,
    trace::CallSpan,
};

/// A request that is complete but for the key, which is added where it is sent.
pub(super) struct Request {
    pub(super) method: reqwest::Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    pub(super) with_key: bool,
}

/// A request in the making.
///
/// A value that cannot be sent is noted, and all that was noted comes out of `send` as one error of kind
/// [`Refused`](super::ErrorKind::Refused); nothing is sent then.
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'a Operation<'a>,
    settings: CallSettings,
    /// The path of an operation that has no template.
    raw_path: Option<&'a str>,
    path: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    cookies: String,
    content_type: Option<HeaderValue>,
    accept: Option<&'static str>,
    parts: Multipart,
    body: Option<Bytes>,
    with_key: bool,
    problems: Vec<String>,
}

impl<'a> Call<'a> {
    /// A call of `operation` without arguments.
    pub(crate) fn new(
        client: &'a Client,
        operation: &'a Operation<'a>,
        settings: CallSettings,
    ) -> Self {
        Self {
            client,
            operation,
            settings,
            raw_path: None,
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            content_type: None,
            accept: None,
            parts: Multipart::default(),
            body: None,
            with_key: true,
            problems: Vec::new(),
        }
    }

    /// Sets the path of an operation that has no template, encoded already.
    pub(super) fn raw_path(mut self, path: &'a str) -> Self {
        self.raw_path = Some(path);
        self
    }

    /// Keeps the key back: the operation does not ask for it.
    pub(crate) fn without_key(mut self) -> Self {
        self.with_key = false;
        self
    }

    /// Sets a parameter of the path: a scalar, or an array or object, whose parts are joined by commas. Refused
    /// when it is null or empty, since the URL would be that of another operation.
    pub(crate) fn path(self, name: &'static str, value: &impl Serialize) -> Self {
        self.path_styled(name, SIMPLE, value)
    }

    /// [`path`](Self::path) in another style.
    pub(crate) fn path_styled(
        mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Self {
        match parameter::expand(name, style, value, parameter::encode) {
            Ok(Some(text)) if !text.is_empty() => self.path.push((name, text)),
            Ok(_) => self.problem(
                "path parameter",
                name,
                "is empty, which would make another URL",
            ),
            Err(problem) => self.problem("path parameter", name, problem),
        }
        self
    }

    /// Adds a parameter of the query. Null is not sent, an array repeats the name, and an object gives each
    /// member under its own name.
    pub(crate) fn query(self, name: &'static str, value: &impl Serialize) -> Self {
        self.query_styled(name, FORM, value)
    }

    /// [`query`](Self::query) in another style.
    pub(crate) fn query_styled(
        mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Self {
        if let Err(problem) = parameter::append_styled(&mut self.query, "&", name, style, value) {
            self.problem("query parameter", name, problem);
        }
        self
    }

    /// Sets a header: a scalar, or an array or object, whose parts are joined by commas. Null is not sent.
    pub(crate) fn header(self, name: &'static str, value: &impl Serialize) -> Self {
        self.header_styled(name, SIMPLE, value)
    }

    /// [`header`](Self::header) in another style.
    pub(crate) fn header_styled(
        mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Self {
        match parameter::expand(name, style, value, str::to_owned) {
            Ok(None) => {}
            Ok(Some(text)) => {
                let parsed = HeaderName::from_bytes(name.as_bytes())
                    .ok()
                    .zip(HeaderValue::from_str(&text).ok());
                match parsed {
                    Some((name, mut value)) => {
                        value.set_sensitive(
                            [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(&name),
                        );
                        self.headers.insert(name, value);
                    }
                    None => self.problem(
                        "header",
                        name,
                        "holds a character that no HTTP header can carry",
                    ),
                }
            }
            Err(problem) => self.problem("header", name, problem),
        }
        self
    }

    /// Sends a cookie, or several with one name each: null is not sent, an array repeats the name, and an object
    /// gives each member under its own name. Nothing is kept of what a server sets.
    pub(crate) fn cookie(self, name: &'static str, value: &impl Serialize) -> Self {
        self.cookie_styled(name, FORM, value)
    }

    /// [`cookie`](Self::cookie) in another style.
    pub(crate) fn cookie_styled(
        mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Self {
        if let Err(problem) = parameter::append_styled(&mut self.cookies, "; ", name, style, value)
        {
            self.problem("cookie", name, problem);
        }
        self
    }

    /// Sets a body of type `application/json`. A body that is null as a whole is not sent: that is an
    /// optional body that was not given.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) if json == b"null" => self,
            Ok(json) => self.with_body("application/json", json),
            Err(error) => {
                self.problems
                    .push(format!("the body does not serialize: {error}"));
                self
            }
        }
    }

    /// Sets a body of type `application/json` that is serialized already.
    pub(super) fn json_text(self, json: Bytes) -> Self {
        self.with_body("application/json", json)
    }

    /// Sets a body of type `application/x-www-form-urlencoded`: each member of `body` is a field. A body that
    /// is null as a whole is not sent.
    pub(crate) fn form(self, body: &impl Serialize) -> Self {
        self.form_styled(&[], body)
    }

    /// [`form`](Self::form) with fields of another style than the usual one.
    pub(crate) fn form_styled(mut self, styles: &[(&str, Style)], body: &impl Serialize) -> Self {
        match parameter::form_body_styled(body, styles) {
            Ok(Some(form)) => self.with_body("application/x-www-form-urlencoded", form),
            Ok(None) => self,
            Err(problem) => {
                self.problems.push(format!("the body {problem}"));
                self
            }
        }
    }

    /// Sets a body of type `text/plain`, if there is one.
    pub(crate) fn text(self, body: impl Into<Option<String>>) -> Self {
        match body.into() {
            Some(body) => self.with_body("text/plain; charset=utf-8", body),
            None => self,
        }
    }

    /// Sets a body of type `application/octet-stream`, if there is one.
    pub(crate) fn bytes(self, body: impl Into<Option<Bytes>>) -> Self {
        match body.into() {
            Some(body) => self.with_body("application/octet-stream", body),
            None => self,
        }
    }

    /// Adds a part with a value: a text for a scalar, JSON for an object, and a part for each item of an
    /// array. Null is not sent.
    pub(crate) fn part(mut self, name: &'static str, value: &impl Serialize) -> Self {
        if let Err(problem) = self.parts.value(name, value) {
            self.problem("part", name, problem);
        }
        self
    }

    /// Adds a part for each file.
    pub(crate) fn file(mut self, name: &'static str, files: &impl Files) -> Self {
        if let Err(problem) = self.parts.files(name, files) {
            self.problem("part", name, problem);
        }
        self
    }

    /// Sets the media type of the parts that were added last, where the caller has set none.
    pub(crate) fn part_type(mut self, media_type: &'static str) -> Self {
        self.parts.part_type(media_type);
        self
    }

    /// Makes a body of the parts, of a type that begins with `multipart/`.
    pub(crate) fn multipart(mut self, content_type: &'static str) -> Self {
        let (boundary, body) = mem::take(&mut self.parts).finish(multipart::random_boundary);
        match HeaderValue::from_str(&format!("{content_type}; boundary={boundary}")) {
            Ok(content_type) => self.content_type = Some(content_type),
            Err(_) => self.problem("body", content_type, "has a type that no header can carry"),
        }
        self.body = Some(body);
        self
    }

    /// Makes a body of the parts, if there is one; then none of those that are `required` may be missing.
    pub(crate) fn optional_multipart(
        mut self,
        content_type: &'static str,
        required: &[&'static str],
    ) -> Self {
        if self.parts.is_empty() {
            return self;
        }
        for name in required {
            if !self.parts.parts().iter().any(|part| part.name == *name) {
                self.problem("part", name, "is missing: a body has to have it");
            }
        }
        self.multipart(content_type)
    }

    /// Sends the body under another type than the one its form implies.
    pub(crate) fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = Some(HeaderValue::from_static(content_type));
        self
    }

    /// Asks for answers of other media types than the form of the answer implies.
    pub(crate) fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Refuses a text of fewer than `least` characters; one that is not there is not refused.
    pub(crate) fn min_length<'v>(
        mut self,
        name: &'static str,
        value: impl OptionalText<'v>,
        least: usize,
    ) -> Self {
        if let Some(text) = value.text() {
            let length = text.chars().count();
            if length < least {
                self.problem(
                    "argument",
                    name,
                    format!("has {length} characters; the API asks for at least {least}"),
                );
            }
        }
        self
    }

    /// Refuses a text of more than `most` characters; one that is not there is not refused.
    pub(crate) fn max_length<'v>(
        mut self,
        name: &'static str,
        value: impl OptionalText<'v>,
        most: usize,
    ) -> Self {
        if let Some(text) = value.text() {
            let length = text.chars().count();
            if length > most {
                self.problem(
                    "argument",
                    name,
                    format!("has {length} characters; the API takes at most {most}"),
                );
            }
        }
        self
    }

    /// Sends the request and decodes the body of a 2xx answer as JSON.
    pub(crate) async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (answer, span) = self.answer("application/json", |_| false).await?;
        let decoded = answer.json();
        span.end(Some(&answer.answer), decoded.as_ref().err());
        decoded
    }

    /// Sends the request and gives the body of a 2xx answer as text.
    pub(crate) async fn send_text(self) -> Result<String, Error> {
        let (answer, span) = self.answer("text/*", |_| false).await?;
        let decoded = answer.text();
        span.end(Some(&answer.answer), decoded.as_ref().err());
        decoded
    }

    /// Sends the request and takes any 2xx answer, whatever its body.
    pub(crate) async fn send_empty(self) -> Result<(), Error> {
        self.send_bytes().await.map(drop)
    }

    /// Sends the request and gives the body of a 2xx answer as it is.
    pub(crate) async fn send_bytes(self) -> Result<Bytes, Error> {
        let (answer, span) = self.answer("*/*", |_| false).await?;
        span.end(Some(&answer.answer), None);
        Ok(answer.bytes())
    }

    /// Sends the request and gives a 2xx answer as soon as its head is there.
    pub(crate) async fn send_download(self) -> Result<Download, Error> {
        let (answer, span) = self.answer("*/*", |_| true).await?;
        span.end(Some(&answer.answer), None);
        Ok(answer.download())
    }

    /// Sends the request and has a 2xx answer read by its status.
    pub(crate) async fn send_by_status<T>(
        self,
        is_streamed: send::IsStreamed,
        read: fn(Answered<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (answer, span) = self.answer("*/*", is_streamed).await?;
        let head = answer.answer.head();
        let decoded = read(answer);
        span.end(Some(&head), decoded.as_ref().err());
        decoded
    }

    async fn answer(
        mut self,
        accept: &'static str,
        is_streamed: send::IsStreamed,
    ) -> Result<(Answered<'a>, CallSpan<'a>), Error> {
        let (client, operation) = (self.client, self.operation);
        let limits = self.settings.limits();
        let request = self.request(self.accept.unwrap_or(accept))?;
        let (answer, span) = send::send(client, operation, limits, request, is_streamed).await?;
        let answer = Answered {
            client,
            operation,
            answer,
            silence: limits.timeout.unwrap_or(client.inner.timeout),
        };
        Ok((answer, span))
    }

    fn with_body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.content_type
            .get_or_insert(HeaderValue::from_static(content_type));
        self.body = Some(body.into());
        self
    }

    fn problem(&mut self, what: &str, name: &str, problem: impl Display) {
        self.problems.push(format!("{what} `{name}` {problem}"));
    }

    /// The request, or an error that names every problem.
    fn request(&mut self, accept: &'static str) -> Result<Request, Error> {
        self.put_cookies();
        self.settings.apply(
            self.client
                .inner
                .credentials
                .as_ref()
                .filter(|_| self.with_key),
            &mut self.query,
            &mut self.headers,
            &mut self.problems,
        );
        let url = self.url();
        self.headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(accept));
        if let (Some(content_type), Some(_)) = (self.content_type.take(), &self.body) {
            self.headers.entry(CONTENT_TYPE).or_insert(content_type);
        }
        match url {
            Some(url) if self.problems.is_empty() => Ok(Request {
                method: self.operation.method.clone(),
                url,
                headers: mem::take(&mut self.headers),
                body: self.body.take(),
                with_key: self.with_key,
            }),
            _ => Err(Error::refused(self.operation, &self.problems)),
        }
    }

    /// Puts the cookies into their header, beside those that the caller has put there.
    fn put_cookies(&mut self) {
        let cookies = mem::take(&mut self.cookies);
        if cookies.is_empty() {
            return;
        }
        let given = self
            .headers
            .get(COOKIE)
            .and_then(|value| value.to_str().ok());
        let all = given.map_or(cookies.clone(), |given| format!("{given}; {cookies}"));
        // Names and values are percent-encoded.
        if let Ok(mut value) = HeaderValue::try_from(all) {
            value.set_sensitive(true);
            self.headers.insert(COOKIE, value);
        }
    }

    /// The URL; none, and a problem noted, when the path cannot be what the operation says.
    fn url(&mut self) -> Option<Url> {
        let base = &self.client.inner.base_url;
        let prefix = base.path().trim_end_matches('/');
        let template = self.raw_path.unwrap_or(self.operation.path);
        // Room for the values, so that a usual path is written in one piece of memory.
        let mut path = String::with_capacity(prefix.len() + template.len() + 64);
        path.push_str(prefix);
        for segment in template.split('/').skip(1) {
            path.push('/');
            let start = path.len();
            self.append_segment(&mut path, segment)?;
            // Every client and server takes these out of a path, percent-encoded or not.
            if let Some(dots @ ("." | "..")) = path.get(start..) {
                let name = segment.trim_matches(['{', '}']);
                let problem = format!("is `{dots}`, which would make another URL");
                self.problem("path parameter", name, problem);
                return None;
            }
        }
        let mut url = base.clone();
        url.set_path(&path);
        url.set_query((!self.query.is_empty()).then_some(&*self.query));
        Some(url)
    }

    /// Appends a segment of the template, with its parameters filled in.
    fn append_segment(&mut self, path: &mut String, template: &str) -> Option<()> {
        let mut rest = template;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            path.push_str(before);
            match self.path.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => path.push_str(value),
                None => {
                    // An argument that was refused is named already.
                    if self.problems.is_empty() {
                        self.problem("path parameter", name, "is not set");
                    }
                    return None;
                }
            }
            rest = after;
        }
        path.push_str(rest);
        Some(())
    }
}

/// A text whose length is checked, where there is one.
pub(crate) trait OptionalText<'v> {
    /// The text; none when it is not sent or null.
    fn text(self) -> Option<&'v str>;
}

impl<'v> OptionalText<'v> for &'v String {
    fn text(self) -> Option<&'v str> {
        Some(self)
    }
}

impl<'v> OptionalText<'v> for Option<&'v str> {
    fn text(self) -> Option<&'v str> {
        self
    }
}

#[cfg(test)]
mod tests;
