//! A server on this machine that answers as a test says, and values to answer with.
//!
//! `wiremock` is the server; none of its types is in the interface. What is known of an operation comes from
//! generated code.

mod filter;
mod received;
mod sample;
mod server;

use std::{marker::PhantomData, time::Duration};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;

pub(crate) use self::{filter::Filter, sample::from_json};
pub use self::{received::Received, sample::Sample, server::MockServer};
use super::Download;
pub use super::Waits;

/// A mock of one operation, which `C` names by its call. It answers nothing until `returns` or
/// [`fails`](Self::fails) is awaited.
///
/// Its methods that have the name of a parameter or of a field of the body say which requests it answers:
/// those that have this value there, as the client sends it. Without one, it answers every call of its
/// operation.
///
/// # Panics
/// When a value cannot be sent at all, such as an object in a path, or a status or header is none. A mock is
/// part of a test, and its mistakes are the test's.
#[must_use = "nothing is mocked until `returns` or `fails` is awaited"]
pub struct Mock<'a, C> {
    server: &'a MockServer,
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    filters: Vec<Filter>,
    times: Option<u64>,
    expected: Option<u64>,
    delay: Duration,
    headers: HeaderMap,
    call: PhantomData<fn() -> C>,
}

impl<'a, C> Mock<'a, C> {
    /// For generated code: a mock of this operation, with the template of its path.
    pub(crate) fn new(
        server: &'a MockServer,
        operation: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            server,
            operation,
            method,
            path,
            filters: Vec::new(),
            times: None,
            expected: None,
            delay: Duration::ZERO,
            headers: HeaderMap::new(),
            call: PhantomData,
        }
    }

    /// For generated code: a condition on the requests.
    pub(crate) fn with(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Answers at most this many requests; those after them go to the next mock that fits. It is at least 1.
    pub fn times(mut self, most: u64) -> Self {
        assert!(
            most > 0,
            "a mock that answers 0 times is none: leave it out"
        );
        self.times = Some(most);
        self
    }

    /// Expects exactly this many requests: [`MockServer::verify`] and the end of the server check it.
    pub fn expect(mut self, requests: u64) -> Self {
        self.expected = Some(requests);
        self
    }

    /// Waits before each answer. The time is real: keep it short.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header to the answer, such as `retry-after`.
    pub fn response_header(mut self, name: &str, value: &str) -> Self {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(value).ok());
        let Some((parsed, value)) = parsed else {
            panic!("{name:?}: {value:?} is no header of HTTP");
        };
        self.headers.append(parsed, value);
        self
    }

    /// Answers with an error status, from 300 to 599, and with this value as JSON. The client shows a string
    /// at `message`.
    pub async fn fails(self, status: u16, body: impl Serialize) {
        let failure = StatusCode::from_u16(status)
            .ok()
            .filter(|_| (300..600).contains(&status));
        let Some(status) = failure else {
            panic!("{status} is no status of a failure: those are from 300 to 599");
        };
        let reply = Reply {
            status,
            ..Reply::json(body)
        };
        self.reply(reply).await;
    }

    /// For generated code: sets the answer, and puts the mock in place.
    pub(crate) async fn reply(self, reply: Reply) {
        server::mount(self, reply).await;
    }
}

/// An answer but for its headers.
pub(crate) struct Reply {
    status: StatusCode,
    content_type: Option<HeaderValue>,
    body: Bytes,
}

impl Reply {
    pub(crate) fn json(body: impl Serialize) -> Self {
        let body = match serde_json::to_vec(&body) {
            Ok(body) => body.into(),
            Err(error) => panic!("the answer of a mock does not serialize: {error}"),
        };
        Self {
            status: StatusCode::OK,
            content_type: Some(HeaderValue::from_static("application/json")),
            body,
        }
    }

    pub(crate) fn bytes(body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: Some(HeaderValue::from_static("application/octet-stream")),
            body: body.into(),
        }
    }

    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::bytes(body.into()).typed("text/plain; charset=utf-8")
    }

    /// The bytes that a download was made of.
    pub(crate) fn download(body: Download) -> Self {
        match body.given() {
            Some(body) => Self::bytes(body),
            None => panic!("a mock answers with bytes that were given, as by Download::from"),
        }
    }

    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            content_type: None,
            body: Bytes::new(),
        }
    }

    /// The same answer, with this media type.
    pub(crate) fn typed(self, content_type: &'static str) -> Self {
        Self {
            content_type: Some(HeaderValue::from_static(content_type)),
            ..self
        }
    }

    /// The same answer, with this status.
    pub(crate) fn status(self, status: u16) -> Self {
        let success = StatusCode::from_u16(status).ok();
        let Some(status) = success.filter(StatusCode::is_success) else {
            panic!("{status} is no status of a success: those are from 200 to 299");
        };
        Self { status, ..self }
    }
}
