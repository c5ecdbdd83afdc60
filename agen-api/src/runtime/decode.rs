//! The body of a successful answer.

use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::{
    Operation,
    client::Client,
    error::{Error, ErrorKind, Failed},
    json_path,
    send::Answer,
};

/// The body as JSON.
///
/// # Errors
/// Of kind `Decode`, with the path of the value that does not fit, the status and the body.
pub(super) fn json<T: DeserializeOwned>(
    client: &Client,
    operation: &Operation<'_>,
    answer: &Answer,
) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| failure(client, operation, answer, &error))
}

// Apart from `json`, so that it is compiled once and not for every type.
fn failure(
    client: &Client,
    operation: &Operation<'_>,
    answer: &Answer,
    error: &serde_json::Error,
) -> Error {
    let failed = Failed {
        client,
        operation,
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.clone(),
    };
    let text = describe(&failed, error);
    failed.error(ErrorKind::Decode, text).after(answer.attempts)
}

fn describe(failed: &Failed<'_>, error: &serde_json::Error) -> String {
    if failed.body.is_empty() {
        return "the answer has no body, where JSON is due".to_owned();
    }
    let content_type = failed
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !error.is_data()
        && let Some(content_type) = content_type
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
