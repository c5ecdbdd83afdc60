//! The one path that every request takes, and the only place that talks to the network.
//!
//! What holds for every call belongs here: the key, redirects, the limit of an answer's length, and in time
//! retries and tracing.

use bytes::Bytes;
use reqwest::{
    Response, StatusCode, Url,
    header::{HeaderMap, LOCATION},
};

use super::{
    Operation,
    call::Request,
    client::Client,
    error::{self, Error, ErrorKind, Failed, KEPT_BODY},
};

/// Longest body of an answer, in bytes.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

/// An answer with a status of 2xx, its body complete.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends `request` once, with the key, and reads the answer.
///
/// # Errors
/// The error that `request` is, or any of the kinds `Connection`, `Timeout`, `Status`, `Redirect` and
/// `TooLarge`.
pub(super) async fn send(
    client: &Client,
    operation: &'static Operation,
    request: Result<Request, Error>,
) -> Result<Answer, Error> {
    let request = request?;
    let url = request.url.clone();
    let response = client
        .http()
        .execute(with_key(client, request))
        .await
        .map_err(|source| error::transport(client, operation.id, source, None))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let failed = |body| Failed {
        client,
        operation: operation.id,
        status,
        headers: headers.clone(),
        body,
    };
    if !status.is_success() {
        // The status says more than how the body ends.
        let failed = failed(read(response, KEPT_BODY).await.into_bytes());
        return Err(if status.is_redirection() {
            redirect(failed, &url)
        } else {
            failed.status_error()
        });
    }
    match read_whole(response).await {
        Body::Complete(body) => Ok(Answer {
            status,
            headers,
            body,
        }),
        Body::TooLong(body) => {
            let limit = LONGEST_BODY / (1024 * 1024);
            let text = format!(
                "the body of the answer is longer than {limit} MiB; ask for less at a time"
            );
            Err(failed(body).error(ErrorKind::TooLarge, text))
        }
        Body::Broken(body, source) => Err(error::transport(
            client,
            operation.id,
            source,
            Some(failed(body)),
        )),
    }
}

fn with_key(client: &Client, request: Request) -> reqwest::Request {
    let mut out = reqwest::Request::new(request.method, request.url);
    *out.headers_mut() = request.headers;
    if let Some((name, value)) = client.authentication() {
        out.headers_mut().insert(name, value.clone());
    }
    *out.body_mut() = request.body.map(Into::into);
    out
}

/// How a body ended; each but `Complete` has what was read before.
enum Body {
    Complete(Bytes),
    TooLong(Bytes),
    Broken(Bytes, reqwest::Error),
}

impl Body {
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Complete(body) | Self::TooLong(body) | Self::Broken(body, _) => body,
        }
    }
}

/// Reads the body of a successful answer; not a byte of it where its length is said to be above the limit.
async fn read_whole(response: Response) -> Body {
    match response.content_length() {
        Some(length) if length > LONGEST_BODY as u64 => Body::TooLong(Bytes::new()),
        _ => read(response, LONGEST_BODY).await,
    }
}

/// Reads the body piece by piece, and stops where it is longer than `limit`, whatever the headers said.
async fn read(mut response: Response, limit: usize) -> Body {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit - body.len();
                if let Some(fitting) = chunk.get(..room)
                    && chunk.len() > room
                {
                    body.extend_from_slice(fitting);
                    return Body::TooLong(body.into());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return Body::Complete(body.into()),
            Err(error) => return Body::Broken(body.into(), error),
        }
    }
}

/// The error of a redirect. It tells where the redirect points, without user name, query and fragment.
fn redirect(failed: Failed<'_>, from: &Url) -> Error {
    let status = failed.status;
    let location = failed
        .headers
        .get(LOCATION)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let target = location
        .and_then(|location| from.join(location).ok())
        .filter(Url::has_host);
    let text = match target {
        Some(target) => format!(
            "{status}: the server points to {}, which was not followed, so that the API key stays with {}; \
             if the API has moved there, set that address as AGEN_BASE_URL or base_url",
            failed.shown(&format!(
                "{}{}",
                target.origin().ascii_serialization(),
                target.path()
            )),
            from.origin().ascii_serialization(),
        ),
        None => format!("{status}: the server redirects and names no address"),
    };
    failed.error(ErrorKind::Redirect, text)
}
