//! The one error of this crate.

use std::{borrow::Cow, error, fmt, time::Duration};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Operation, client::Client, retry, text};

/// How much of the body of a failed answer an [`Error`] keeps, in bytes.
pub(super) const KEPT_BODY: usize = 64 * 1024;

/// Headers in which servers name a request, the usual ones first.
const REQUEST_ID: [&str; 5] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
];

/// What went wrong with a call, or with making a client.
///
/// `Display` is one line to act on: the operation, what happened, the status and request id where there was an
/// answer, and the number of tries where there was more than one. It holds no body and no header, text of the
/// server only bounded and with control characters escaped, and never the API key, even where the server sends
/// it back as it was, escaped or percent-encoded. `Debug` is as careful. [`body`](Self::body),
/// [`headers`](Self::headers) and [`json`](Self::json) give what the server sent, unchanged.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<Box<str>>,
    text: Cow<'static, str>,
    attempts: u32,
    answer: Option<Answer>,
    source: Option<reqwest::Error>,
}

/// What is kept of an answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    message: Option<String>,
}

/// Kind of an [`Error`], to match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be made: a setting is missing or wrong. The text names it.
    Configuration,
    /// An argument of the call is not possible. Nothing was sent.
    Refused,
    /// No connection could be made, or it broke. Once the request was sent the server may have acted on it.
    Connection,
    /// The time ran out. Once the request was sent the server may have acted on it.
    Timeout,
    /// The server answered with a status that is neither success (2xx) nor a redirect.
    Status,
    /// The server answered with a redirect (301, 302, 303, 307, 308). None is followed, so that the key stays
    /// where it belongs.
    Redirect,
    /// The server answered with success, and with a body that is not what the API promises.
    Decode,
    /// The body of the answer is longer than the limit of the client
    /// ([`max_response_bytes`](super::ClientBuilder::max_response_bytes)).
    TooLarge,
}

impl Error {
    /// Kind of the error, to match on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Name of the operation, which is that of the client's method, or method and path of a call of
    /// [`Client::request`]; none for an error in making a client.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// How often the request was tried: 0 where nothing was sent, and more than 1 after retries.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// Headers of the answer, where there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// What the server calls this request (`x-request-id` and its usual variants): give it to the provider's
    /// support. Control characters are escaped, and at most 300 characters kept.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// How long the server asks to wait (`Retry-After`, in seconds or as a date), counted from its answer.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.answer.as_ref()?.retry_after
    }

    /// Body of the answer, where there was one: its first 64 KiB.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.answer.as_ref().map(|answer| &*answer.body)
    }

    /// What the server says about the failure: the string at `message`, `error`, `error.message`, `detail` or
    /// `title` of a JSON body. Control characters are escaped, and at most 300 characters kept.
    pub fn message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.message.as_deref()
    }

    /// The body of the answer as a value of your own; none when there is no body or it does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body()?).ok()
    }

    /// The answer that says that the call failed; none where another kind of failure came before it, or
    /// where the status is a success.
    pub(super) fn failure(&self) -> Option<(StatusCode, &Bytes)> {
        let answer = self.0.answer.as_ref()?;
        matches!(self.kind(), ErrorKind::Status | ErrorKind::Redirect)
            .then_some((answer.status, &answer.body))
    }

    pub(super) fn configuration(text: impl Into<Cow<'static, str>>) -> Self {
        Self::without_answer(ErrorKind::Configuration, None, text.into())
    }

    pub(super) fn refused(operation: &Operation<'_>, problems: &[String]) -> Self {
        let text = format!("refused before sending: {}", problems.join("; "));
        Self::without_answer(ErrorKind::Refused, Some(operation), text.into())
    }

    /// An answer that was read, and does not lead on.
    pub(super) fn astray(operation: &'static str, text: &'static str) -> Self {
        let mut error = Self::without_answer(ErrorKind::Decode, None, text.into());
        error.0.operation = Some(operation.into());
        error.after(1)
    }

    fn without_answer(
        kind: ErrorKind,
        operation: Option<&Operation<'_>>,
        text: Cow<'static, str>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: operation.map(|operation| operation.id.into()),
            text,
            attempts: 0,
            answer: None,
            source: None,
        }))
    }

    /// The error, of a request that was tried so often.
    pub(super) fn after(mut self, attempts: u32) -> Self {
        if self.kind() != ErrorKind::Refused {
            self.0.attempts = attempts;
        }
        self
    }
}

/// An answer that becomes an error, with what is needed to tell of it.
pub(super) struct Failed<'a> {
    pub(super) client: &'a Client,
    pub(super) operation: &'a Operation<'a>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Failed<'_> {
    /// The error. What `text` quotes of the server has gone through [`shown`](Self::shown).
    pub(super) fn error(self, kind: ErrorKind, text: String) -> Error {
        self.error_from(kind, text, None)
    }

    /// The error of an answer whose status says that the call failed.
    pub(super) fn status_error(self) -> Error {
        let status = self.status;
        let advice = match status {
            StatusCode::UNAUTHORIZED => " (check the API key)",
            StatusCode::FORBIDDEN => " (check the scopes of the API key)",
            _ => "",
        };
        let mut error = self.error(ErrorKind::Status, String::new());
        // The error has looked for the message already.
        let message = error.message().unwrap_or("the server gives no reason");
        error.0.text = format!("{status}: {message}{advice}").into();
        error
    }

    /// The error of a body that is longer than `limit` bytes.
    pub(super) fn too_large(self, limit: usize) -> Error {
        let text = format!(
            "the body of the answer is longer than {limit} bytes; \
             ask for less at a time, or raise max_response_bytes"
        );
        self.error(ErrorKind::TooLarge, text)
    }

    /// What the answer says that its body is.
    pub(super) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Text of the server as it may be shown: bounded, on one line, without the key.
    pub(super) fn shown(&self, text: &str) -> String {
        shown(self.client, text)
    }

    fn error_from(
        mut self,
        kind: ErrorKind,
        text: String,
        source: Option<reqwest::Error>,
    ) -> Error {
        let request_id = request_id(self.client, &self.headers);
        let retry_after = retry::retry_after(&self.headers, self.client.inner.time.date());
        if self.body.len() > KEPT_BODY {
            // A copy, so that the rest of a long body is not kept alive, and before it is looked into.
            self.body = Bytes::copy_from_slice(self.body.get(..KEPT_BODY).unwrap_or_default());
        }
        let message = self.message();
        let Self {
            operation,
            status,
            headers,
            body,
            ..
        } = self;
        let answer = Answer {
            status,
            headers,
            body,
            request_id,
            retry_after,
            message,
        };
        Error(Box::new(Inner {
            kind,
            operation: Some(operation.id.into()),
            text: text.into(),
            attempts: 1,
            answer: Some(answer),
            source,
        }))
    }

    fn message(&self) -> Option<String> {
        let value: Value = serde_json::from_slice(&self.body).ok()?;
        let error = value.get("error");
        let places = [
            value.get("message"),
            error,
            error.and_then(|error| error.get("message")),
            value.get("detail"),
            value.get("title"),
        ];
        let mut texts = places.into_iter().flatten().filter_map(Value::as_str);
        let message = texts.find(|text| !text.trim().is_empty())?;
        Some(self.shown(message))
    }
}

/// A failure of the transport, before the answer or in the middle of its body.
pub(super) fn transport(
    client: &Client,
    operation: &Operation<'_>,
    source: reqwest::Error,
    answer: Option<Failed<'_>>,
) -> Error {
    let source = source.without_url();
    if source.is_builder() {
        // Such as a URL that is longer than any that HTTP libraries take.
        let problem = shown(client, &root_cause(&source));
        return Error::refused(
            operation,
            &[format!("the request cannot be made: {problem}")],
        );
    }
    if source.is_timeout() {
        return late(client, operation, Some(source), answer);
    }
    let what = match (&answer, source.is_connect()) {
        (Some(_), _) => "the connection broke in the middle of the answer of",
        (None, true) => "no connection to",
        (None, false) => "the connection broke before the answer of",
    };
    let text = format!(
        "{what} {}: {}",
        origin(client),
        shown(client, &root_cause(&source))
    );
    unanswered(ErrorKind::Connection, operation, text, Some(source), answer)
}

/// The time of a call ran out, before the answer or in the middle of its body.
pub(super) fn late(
    client: &Client,
    operation: &Operation<'_>,
    source: Option<reqwest::Error>,
    answer: Option<Failed<'_>>,
) -> Error {
    let what = match &source {
        Some(source) if source.is_connect() => "no connection to",
        _ if answer.is_some() => "no complete answer from",
        _ => "no answer from",
    };
    let text = format!("{what} {} in time", origin(client));
    unanswered(ErrorKind::Timeout, operation, text, source, answer)
}

fn unanswered(
    kind: ErrorKind,
    operation: &Operation<'_>,
    text: String,
    source: Option<reqwest::Error>,
    answer: Option<Failed<'_>>,
) -> Error {
    match answer {
        Some(answer) => answer.error_from(kind, text, source),
        None => Error(Box::new(Inner {
            source,
            ..*Error::without_answer(kind, Some(operation), text.into()).0
        })),
    }
}

/// What the server calls a request, as it may be shown.
pub(super) fn request_id(client: &Client, headers: &HeaderMap) -> Option<String> {
    REQUEST_ID
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .find(|id| !id.trim().is_empty())
        .map(|id| shown(client, id))
}

fn origin(client: &Client) -> String {
    client.inner.base_url.origin().ascii_serialization()
}

fn shown(client: &Client, text: &str) -> String {
    text::one_line(&client.inner.redact(text))
}

/// The last of the sources: "Connection refused", not "error sending request".
pub(super) fn root_cause(error: &dyn error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    match cause.to_string() {
        // What the connector says that knows `http` only.
        text if text == "invalid URL, scheme is not http" => {
            "the HTTP client has no TLS: enable a TLS feature of reqwest".to_owned()
        }
        text => text,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            operation,
            text,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(text)?;
        // The text of these two begins with the status.
        let status = self
            .status()
            .filter(|_| !matches!(kind, ErrorKind::Status | ErrorKind::Redirect));
        let notes = [
            status.map(|status| format!("status {status}")),
            self.request_id().map(|id| format!("request id {id}")),
            (self.attempts() > 1).then(|| format!("tried {} times", self.attempts())),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        if notes.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", notes.join(", "))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("text", &self.0.text)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
