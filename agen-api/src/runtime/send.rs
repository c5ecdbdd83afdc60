//! The one path that every request takes, and the only place that talks to the network.
//!
//! What holds for every call belongs here: the key, tries and the time they have, redirects, the limit of an
//! answer's length, and what is traced.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{
    Response, StatusCode, Url,
    header::{COOKIE, HeaderMap, LOCATION},
};
use tokio::time::timeout;

use super::{
    Operation,
    call::Request,
    call_settings::Limits,
    client::Client,
    error::{self, Error, ErrorKind, Failed, KEPT_BODY},
    key::{self, Credentials},
    retry::{self, Cause, Failure, RetryPolicy},
    time,
    trace::CallSpan,
};

/// How long the body of a failed answer is waited for.
const FAILED_BODY_TIME: Duration = Duration::from_secs(2);

/// An answer with a status of 2xx.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The complete body; empty where it is still to come.
    pub(super) body: Bytes,
    /// What the body is still to be read from, where the caller reads it.
    pub(super) rest: Option<Response>,
    /// How often the request was tried.
    pub(super) attempts: u32,
}

impl Answer {
    /// The same without its body.
    pub(super) fn head(&self) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            body: Bytes::new(),
            rest: None,
            attempts: self.attempts,
        }
    }
}

/// Tells by its status whether an answer is given as soon as its head is there, for the caller to read its
/// body.
pub(crate) type IsStreamed = fn(u16) -> bool;

/// Sends `request` with the key and reads the answer, as often as the policy of the client allows. The span
/// of the call comes with the answer, to be ended when that has been read.
///
/// # Errors
/// Any of the kinds `Connection`, `Timeout`, `Status`, `Redirect` and `TooLarge`.
pub(super) async fn send<'a>(
    client: &'a Client,
    operation: &Operation<'_>,
    limits: Limits,
    request: Request,
    is_streamed: IsStreamed,
) -> Result<(Answer, CallSpan<'a>), Error> {
    let span = CallSpan::new(client, operation, &request.url);
    let calling = call(client, operation, limits, &request, is_streamed, &span);
    match span.around(calling).await {
        Ok(answer) => Ok((answer, span)),
        Err(error) => {
            span.end(None, Some(&error));
            Err(error)
        }
    }
}

async fn call(
    client: &Client,
    operation: &Operation<'_>,
    limits: Limits,
    request: &Request,
    is_streamed: IsStreamed,
    span: &CallSpan<'_>,
) -> Result<Answer, Error> {
    let inner = &client.inner;
    let start = inner.time.now();
    let deadline = time::later(start, limits.timeout.unwrap_or(inner.timeout));
    let none = RetryPolicy::none();
    let policy = if limits.without_retries {
        &none
    } else {
        &inner.retry_policy
    };
    let mut attempts = 1;
    loop {
        let now = inner.time.now();
        let left = deadline.saturating_duration_since(now);
        let can_be_cut =
            operation.idempotent && policy.leaves_room(attempts, inner.attempt_timeout, left);
        let patience = if can_be_cut {
            time::later(now, inner.attempt_timeout)
        } else {
            deadline
        };
        let attempt = Attempt {
            client,
            operation,
            patience,
            deadline,
            is_streamed,
        };
        let (cause, error) = match attempt.run(request).await {
            Ok(answer) => return Ok(Answer { attempts, ..answer }),
            Err(failed) => failed,
        };
        let failure = Failure {
            cause,
            idempotent: operation.idempotent,
            retry_after: error.retry_after(),
        };
        let left = deadline.saturating_duration_since(inner.time.now());
        let error = error.after(attempts);
        match policy.wait(attempts, &failure, left, inner.time.random()) {
            Some(wait) => {
                span.retry(&error, wait);
                inner.time.sleep(wait).await;
            }
            None => return Err(error),
        }
        attempts += 1;
    }
}

/// One try of a request.
struct Attempt<'a> {
    client: &'a Client,
    operation: &'a Operation<'a>,
    /// When to stop waiting for the answer to begin.
    patience: Instant,
    /// When to stop reading it.
    deadline: Instant,
    is_streamed: IsStreamed,
}

impl Attempt<'_> {
    async fn run(&self, request: &Request) -> Result<Answer, (Cause, Error)> {
        let mut response = self.head(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if status.is_success() && (self.is_streamed)(status.as_u16()) {
            return Ok(Answer {
                status,
                headers,
                body: Bytes::new(),
                rest: Some(response),
                attempts: 1,
            });
        }
        if status.is_success() {
            return self.body(status, headers, response).await;
        }
        // The status says more than how the body ends, or whether it does.
        let mut body = Vec::new();
        let reading = read(&mut response, KEPT_BODY, &mut body);
        let _ = timeout(self.until(self.deadline).min(FAILED_BODY_TIME), reading).await;
        let failed = self.failed(status, headers, body.into());
        Err(if is_redirect(status) {
            (Cause::Final, redirect(failed, &request.url))
        } else {
            (Cause::Status(status), failed.status_error())
        })
    }

    /// Sends the request and waits for the head of the answer.
    async fn head(&self, request: &Request) -> Result<Response, (Cause, Error)> {
        let (client, operation) = (self.client, self.operation);
        let request = with_key(client, request);
        let sending = client.inner.http.execute(request);
        match timeout(self.until(self.patience), sending).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(source)) => {
                let cause = if source.is_builder() {
                    Cause::Final
                } else if source.is_connect() {
                    Cause::NotSent
                } else {
                    Cause::Unanswered
                };
                Err((cause, error::transport(client, operation, source, None)))
            }
            Err(_) => Err((
                Cause::Unanswered,
                error::late(client, operation, None, None),
            )),
        }
    }

    /// Reads the body of a successful answer; not a byte of it where its length is said to be above the
    /// limit.
    async fn body(
        &self,
        status: StatusCode,
        headers: HeaderMap,
        mut response: Response,
    ) -> Result<Answer, (Cause, Error)> {
        let limit = self.client.inner.max_response_bytes;
        let length = response.content_length();
        let mut body = Vec::new();
        let end = if length.is_some_and(|length| length > limit as u64) {
            Ok(End::TooLong)
        } else {
            let reading = read(&mut response, limit, &mut body);
            timeout(self.until(self.deadline), reading).await
        };
        let body = Bytes::from(body);
        let failed = |body| self.failed(status, headers.clone(), body);
        match end {
            Ok(End::Complete) => Ok(Answer {
                status,
                headers,
                body,
                rest: None,
                attempts: 1,
            }),
            Ok(End::TooLong) => Err((Cause::Final, failed(body).too_large(limit))),
            Ok(End::Broken(source)) => Err((
                Cause::Unanswered,
                error::transport(self.client, self.operation, source, Some(failed(body))),
            )),
            Err(_) => Err((
                Cause::Final,
                error::late(self.client, self.operation, None, Some(failed(body))),
            )),
        }
    }

    fn failed(&self, status: StatusCode, headers: HeaderMap, body: Bytes) -> Failed<'_> {
        Failed {
            client: self.client,
            operation: self.operation,
            status,
            headers,
            body,
        }
    }

    fn until(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.client.inner.time.now())
    }
}

/// The request as it goes out, and the only place where the key is put into one.
fn with_key(client: &Client, request: &Request) -> reqwest::Request {
    let mut out = reqwest::Request::new(request.method.clone(), request.url.clone());
    let headers = out.headers_mut();
    // With room for the key, and for what reqwest adds.
    headers.reserve(request.headers.len() + 2);
    for (name, value) in &request.headers {
        headers.append(name, value.clone());
    }
    match &client.inner.credentials {
        Some(Credentials::Header(name, value)) if request.with_key => {
            // Only cookies can stand beside it.
            let beside = headers.get(name).filter(|_| *name == COOKIE);
            let both = beside.and_then(|others| key::with_cookies(value, others));
            headers.insert(name, both.unwrap_or_else(|| value.clone()));
        }
        Some(Credentials::Query { pair, .. }) if request.with_key => {
            let url = out.url_mut();
            let query = match url.query() {
                Some(query) => format!("{query}&{}", pair.as_str()),
                None => pair.to_string(),
            };
            url.set_query(Some(&query));
        }
        _ => {}
    }
    *out.body_mut() = request.body.clone().map(Into::into);
    out
}

/// How a body ended.
enum End {
    Complete,
    TooLong,
    Broken(reqwest::Error),
}

/// Reads the body piece by piece, and stops where it is longer than `limit`, whatever the headers said.
/// `body` has what was read also when this is dropped before its end.
async fn read(response: &mut Response, limit: usize, body: &mut Vec<u8>) -> End {
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit - body.len();
                if let Some(fitting) = chunk.get(..room)
                    && chunk.len() > room
                {
                    body.extend_from_slice(fitting);
                    return End::TooLong;
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return End::Complete,
            Err(error) => return End::Broken(error),
        }
    }
}

/// Whether a status sends the client to another address.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
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
