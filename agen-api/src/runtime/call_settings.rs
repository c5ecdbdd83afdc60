//! Settings of one call: what a caller may change beside the arguments of the operation.

use std::{
    fmt::{self, Display},
    time::Duration,
};

use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::{key::Credentials, parameter};

/// Headers that say where a request goes, how it is framed, or what a gateway does to its other headers.
const OURS: [&str; 12] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What one call has other than its client. `Debug` shows names of headers and no values.
#[derive(Clone, Default)]
pub(crate) struct CallSettings {
    timeout: Option<Duration>,
    without_retries: bool,
    query: String,
    headers: HeaderMap,
    problems: Vec<String>,
}

/// The limits of one call.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Other than that of the client.
    pub(super) timeout: Option<Duration>,
    pub(super) without_retries: bool,
}

impl CallSettings {
    pub(crate) fn timeout(&mut self, timeout: Duration) {
        if timeout.is_zero() {
            self.problems
                .push("timeout is zero: no call could be made".to_owned());
        }
        self.timeout = Some(timeout);
    }

    pub(crate) fn no_retries(&mut self) {
        self.without_retries = true;
    }

    pub(crate) fn query(&mut self, name: &str, value: &dyn Display) {
        if name.is_empty() {
            self.problems
                .push("an extra query parameter has no name".to_owned());
        }
        parameter::append(&mut self.query, name, &value.to_string());
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            self.problems.push(format!(
                "extra header `{}` has a name that no HTTP header can have",
                name.escape_debug()
            ));
            return;
        };
        if OURS.contains(&header.as_str()) {
            self.problems.push(format!(
                "extra header `{header}` says where or how the request is sent, which the client decides"
            ));
            return;
        }
        match HeaderValue::from_str(value) {
            Ok(value) => drop(self.headers.insert(header, value)),
            Err(_) => self.problems.push(format!(
                "extra header `{header}` holds a character that no HTTP header can carry"
            )),
        }
    }

    /// Starts the query with a text that is encoded already.
    pub(super) fn raw_query(&mut self, query: &str) {
        self.query = query.to_owned();
    }

    /// Notes what keeps the call from being sent.
    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            timeout: self.timeout,
            without_retries: self.without_retries,
        }
    }

    /// Adds what was set to what the operation has; a header takes the place of the operation's. What carries
    /// the key, if it is sent, cannot be set.
    pub(super) fn apply(
        &mut self,
        credentials: Option<&Credentials>,
        query: &mut String,
        headers: &mut HeaderMap,
        problems: &mut Vec<String>,
    ) {
        problems.append(&mut self.problems);
        if !query.is_empty() && !self.query.is_empty() {
            query.push('&');
        }
        query.push_str(&self.query);
        if let Some(Credentials::Query { name, .. }) = credentials
            && query.split('&').any(|pair| is_named(pair, name))
        {
            problems.push(format!(
                "query parameter `{name}` is the one that carries the key: set it on the client"
            ));
        }
        for (name, value) in &self.headers {
            if matches!(credentials, Some(Credentials::Header(header, _)) if header == name) {
                problems.push(format!(
                    "extra header `{name}` is the one that carries the key: set it on the client"
                ));
            }
            headers.insert(name, value.clone());
        }
    }
}

/// Whether a server can take a pair of the query for the parameter of this name.
fn is_named(pair: &str, name: &str) -> bool {
    let given = pair.split('=').next().unwrap_or_default().replace('+', " ");
    percent_decode_str(&given).decode_utf8_lossy() == name
}

impl fmt::Debug for CallSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallSettings")
            .field("timeout", &self.timeout)
            .field("without_retries", &self.without_retries)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// `call_settings!(CreateSession)`: the setters that every call has, on top of a field
/// `settings: CallSettings`.
macro_rules! call_settings {
    ($name:ident) => {
        impl $name<'_> {
            /// Longest time for this call, all tries and waits included, in place of the client's.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings.timeout(timeout);
                self
            }

            /// Sends one more header, or another value of one that the call has. The header of the API key, and
            /// those that say where and how the request is sent, such as `host`, `content-length` and
            /// `connection`, are refused when the call is sent.
            pub fn header(
                mut self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                self.settings.header(name.as_ref(), value.as_ref());
                self
            }

            /// Adds one more parameter to the query; name and value are percent-encoded.
            pub fn query(
                mut self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::fmt::Display,
            ) -> Self {
                self.settings.query(name.as_ref(), &value);
                self
            }

            /// Does not try this call again, whatever its failure.
            pub fn no_retries(mut self) -> Self {
                self.settings.no_retries();
                self
            }
        }
    };
}
pub(crate) use call_settings;
