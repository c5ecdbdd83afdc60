//! The body of a successful answer.

use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::{
    Operation,
    client::Client,
    download::Download,
    error::{Error, ErrorKind, Failed},
    json_path,
    send::Answer,
};

/// An answer with a status of 2xx, whose body is not looked into yet.
pub(crate) struct Answered<'a> {
    pub(super) client: &'a Client,
    pub(super) operation: &'a Operation<'a>,
    pub(super) answer: Answer,
    /// How long a body that comes bit by bit may be silent.
    pub(super) silence: Duration,
}

impl Answered<'_> {
    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// Of kind `Decode`, with the path of the value that does not fit, the status and the body.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.answer.body).map_err(|error| self.misfit(&error))
    }

    /// The body as text: UTF-8, or Latin-1 where the answer says so.
    ///
    /// # Errors
    /// Of kind `Decode` where it is neither.
    pub(crate) fn text(&self) -> Result<String, Error> {
        let failed = match std::str::from_utf8(&self.answer.body) {
            Ok(text) => return Ok(text.to_owned()),
            Err(_) => self.failed(),
        };
        let content_type = failed.content_type().unwrap_or_default();
        let charset = content_type.to_ascii_lowercase();
        if charset.contains("iso-8859-1") || charset.contains("latin1") {
            return Ok(self.answer.body.iter().copied().map(char::from).collect());
        }
        let text = match content_type {
            "" => "the answer is no text in UTF-8".to_owned(),
            other => format!("the answer is no text in UTF-8 but {}", failed.shown(other)),
        };
        Err(self.decode_error(failed, text))
    }

    /// The body as it is.
    pub(crate) fn bytes(self) -> Bytes {
        self.answer.body
    }

    /// The body as it comes.
    pub(crate) fn download(self) -> Download {
        Download::new(self.client, self.operation, self.answer, self.silence)
    }

    // Apart from `json`, so that it is compiled once and not for every type.
    fn misfit(&self, error: &serde_json::Error) -> Error {
        let failed = self.failed();
        let text = describe(&failed, error);
        self.decode_error(failed, text)
    }

    fn failed(&self) -> Failed<'_> {
        Failed {
            client: self.client,
            operation: self.operation,
            status: self.answer.status,
            headers: self.answer.headers.clone(),
            body: self.answer.body.clone(),
        }
    }

    fn decode_error(&self, failed: Failed<'_>, text: String) -> Error {
        failed
            .error(ErrorKind::Decode, text)
            .after(self.answer.attempts)
    }
}

fn describe(failed: &Failed<'_>, error: &serde_json::Error) -> String {
    if failed.body.is_empty() {
        return "the answer has no body, where JSON is due".to_owned();
    }
    if !error.is_data()
        && let Some(content_type) = failed.content_type()
        && !content_type.contains("json")
    {
        return format!("the answer is not JSON but {}", failed.shown(content_type));
    }
    let reason = error.to_string();
    // The path says it better.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let reason = failed.shown(reason.strip_suffix(&place).unwrap_or(&reason));
    match json_path::of(error, &failed.body) {
        Some(path) => format!(
            "the answer does not fit at {}: {reason}",
            failed.shown(&path)
        ),
        None => format!("the answer does not fit: {reason}"),
    }
}
