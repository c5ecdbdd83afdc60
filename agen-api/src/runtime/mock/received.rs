//! A request that a mock server has received.

use std::fmt;

use bytes::Bytes;
use reqwest::{Method, header::HeaderMap};
use serde::de::DeserializeOwned;

use super::filter::{decoded, pairs};

/// A request that a [`MockServer`](super::MockServer) has received.
///
/// `Debug` leaves the headers out, since one of them is the key.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// Its method.
    pub method: Method,
    /// Its path, with percent-encoding, as it came.
    pub path: String,
    /// The names and values of its query, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; empty where there was none.
    pub body: Bytes,
}

impl Received {
    pub(super) fn new(request: wiremock::Request) -> Self {
        Self {
            method: request.method,
            path: request.url.path().to_owned(),
            query: pairs(request.url.query().unwrap_or_default()),
            headers: request.headers,
            body: request.body.into(),
        }
    }

    /// The body, read as JSON.
    ///
    /// # Panics
    /// When it is not JSON, or does not fit the type; the text shows it.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!(
                "the body of {} {} does not fit: {error}: {}",
                self.method,
                decoded(&self.path),
                String::from_utf8_lossy(&self.body)
            ),
        }
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
