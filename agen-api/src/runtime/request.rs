//! Calls of operations that the document does not have.

use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::{Call, CallSettings, Operation, call_settings, client::Client, error::Error};

/// A call of [`Client::request`] that is not sent yet.
///
/// It is tried again like any other call: after any passing failure where its method is idempotent
/// ([RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)), and otherwise only
/// where the server cannot have acted on it.
#[derive(Clone)]
#[must_use = "nothing is sent until `send` is awaited"]
pub struct Request<'a> {
    client: &'a Client,
    settings: CallSettings,
    method: Method,
    path: String,
    /// Method and path, as errors name the call.
    id: String,
    body: Option<Bytes>,
}

call_settings!(Request);

impl<'a> Request<'a> {
    pub(super) fn new(client: &'a Client, method: Method, target: &str) -> Self {
        let mut settings = CallSettings::default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        settings.raw_query(query);
        if let Some(problem) = problem(path, query) {
            settings.problem(problem.to_owned());
        }
        if method == Method::CONNECT {
            settings.problem("CONNECT opens a tunnel and calls no operation".to_owned());
        }
        Self {
            client,
            settings,
            id: super::text::one_line(&client.inner.redact(&format!("{method} {path}"))),
            method,
            path: path.to_owned(),
            body: None,
        }
    }

    /// Sets a body of type `application/json`. One that does not serialize is an error when the call is
    /// sent.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.body = Some(json.into()),
            Err(error) => self
                .settings
                .problem(format!("the body does not serialize: {error}")),
        }
        self
    }

    /// Sends the request and reads the answer as JSON; [`send_bytes`](Self::send_bytes) is for an answer without
    /// a body.
    ///
    /// # Errors
    /// Like those of every call. [`Refused`](super::ErrorKind::Refused) also when the path does not begin
    /// with a slash, has a placeholder in braces, or holds what would make another URL of it.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        let operation = self.operation();
        self.call(&operation).send().await
    }

    /// Sends the request and gives the body of the answer as it is.
    ///
    /// # Errors
    /// Like those of [`send`](Self::send), but for decoding.
    pub async fn send_bytes(self) -> Result<Bytes, Error> {
        let operation = self.operation();
        self.call(&operation).send_bytes().await
    }

    fn operation(&self) -> Operation<'_> {
        Operation {
            id: &self.id,
            idempotent: self.method.is_idempotent(),
            method: self.method.clone(),
            path: "",
        }
    }

    fn call<'c>(&'c self, operation: &'c Operation<'c>) -> Call<'c> {
        let call = Call::new(self.client, operation, self.settings.clone()).raw_path(&self.path);
        match &self.body {
            Some(body) => call.json_text(body.clone()),
            None => call,
        }
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// What keeps a path and its query from standing behind the address as they are.
fn problem(path: &str, query: &str) -> Option<&'static str> {
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'))
    };
    if !path.starts_with('/') {
        Some("path does not begin with a slash: give what stands behind the address")
    } else if path.contains(['{', '}']) {
        Some("path has a placeholder in braces: put the value there, percent-encoded")
    } else if !is_plain(path) || !is_plain(query) {
        Some(
            "path holds white space, a control character, a backslash, # or a character that is not ASCII: \
             percent-encode it",
        )
    } else if path.split('/').any(is_dots) {
        Some("path has a segment of dots, which would make another URL")
    } else {
        None
    }
}

/// Whether a segment is `.` or `..`, also with its dots percent-encoded.
fn is_dots(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_path_that_would_make_another_url_is_refused() {
        for path in ["/", "/a/b.c/%2F..", "/a/...", "//host/a", "/a:b@c"] {
            assert_eq!(problem(path, "a=b&c=%20/?:@"), None, "{path}");
        }
        for (path, query, reason) in [
            ("", "", "does not begin"),
            ("a", "", "does not begin"),
            ("@host/a", "", "does not begin"),
            ("https://host/a", "", "does not begin"),
            ("/a/{id}", "", "has a placeholder"),
            ("/a b", "", "holds white space"),
            ("/a\r\nb", "", "holds white space"),
            ("/\\host", "", "holds white space"),
            ("/é", "", "holds white space"),
            ("/a", "b#c", "holds white space"),
            ("/a/../b", "", "has a segment of dots"),
            ("/a/.%2E/b", "", "has a segment of dots"),
            ("/a/%2e", "", "has a segment of dots"),
        ] {
            let found = problem(path, query).unwrap_or_default();
            assert!(found.contains(reason), "{path}: {found}");
        }
    }
}
