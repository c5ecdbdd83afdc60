//! Answers that are bytes, given as they come.

use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Method, Response, StatusCode, header::HeaderMap};
use tokio::time::{error::Elapsed, timeout};

use super::{
    Operation,
    client::Client,
    error::{self, Error, Failed},
    events::Events,
    send::Answer,
};

/// An answer of success whose body is bytes: its status and headers, and a [`Stream`] of the body as it comes.
///
/// [`bytes`](Self::bytes) collects it, and [`next`](Self::next) is there so that no other crate is needed for
/// a loop. [`events`](Self::events) reads server-sent events.
///
/// # Limits
///
/// The time limit of the call holds for the head of the answer, tries and waits included. After it the body may
/// take as long as it likes, and be silent for at most that time. What streams has no limit of length.
///
/// # Errors
///
/// An error is the last item, and knows the operation and the status: of kind
/// [`Connection`](super::ErrorKind::Connection) where the connection breaks, and
/// [`Timeout`](super::ErrorKind::Timeout) where the server falls silent. Nothing is tried again once the head
/// was there.
///
/// # Cancellation
///
/// Dropping the future of [`next`](Self::next), as `select!` and timeouts do, loses nothing. Dropping the
/// download ends the connection.
pub struct Download {
    status: StatusCode,
    headers: HeaderMap,
    /// What is needed to read, and to tell of a failure; none where the bytes were given.
    source: Option<Source>,
    state: State,
}

/// Where a body comes from.
struct Source {
    client: Client,
    operation: Box<str>,
    attempts: u32,
    silence: Duration,
}

/// A piece that is waited for; it gives the answer back.
type Reading = Pin<Box<dyn Future<Output = (Response, Piece)> + Send>>;
type Piece = Result<reqwest::Result<Option<Bytes>>, Elapsed>;

enum State {
    Given(Bytes),
    Open(Response),
    Reading(Reading),
    Ended,
}

impl Download {
    pub(super) fn new(
        client: &Client,
        operation: &Operation<'_>,
        answer: Answer,
        silence: Duration,
    ) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            source: Some(Source {
                client: client.clone(),
                operation: operation.id.into(),
                attempts: answer.attempts,
                silence,
            }),
            state: match answer.rest {
                Some(rest) => State::Open(rest),
                None => State::Given(answer.body),
            },
        }
    }

    /// Status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The next piece of the body; none when it is complete, and after an error.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The whole body, or what is left of it.
    ///
    /// # Errors
    /// Those of the stream, and [`TooLarge`](super::ErrorKind::TooLarge) where it is longer than the limit of
    /// the client ([`max_response_bytes`](super::ClientBuilder::max_response_bytes)).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let limit = self.limit();
        if let State::Open(response) = &self.state
            && response
                .content_length()
                .is_some_and(|length| length > limit as u64)
        {
            return Err(self.too_large(Bytes::new()));
        }
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        // A body in one piece is not copied.
        let Some(second) = self.next().await.transpose()? else {
            return match first.len() > limit {
                true => Err(self.too_large(first)),
                false => Ok(first),
            };
        };
        let mut body = first.to_vec();
        let mut piece = second;
        loop {
            body.extend_from_slice(&piece);
            if body.len() > limit {
                return Err(self.too_large(body.into()));
            }
            match self.next().await.transpose()? {
                Some(next) => piece = next,
                None => return Ok(body.into()),
            }
        }
    }

    /// The body as server-sent events, whatever its media type says.
    pub fn events(self) -> Events {
        Events::new(self)
    }

    /// How many bytes are kept at once.
    pub(super) fn limit(&self) -> usize {
        let source = self.source.as_ref();
        source.map_or(usize::MAX, |source| source.client.inner.max_response_bytes)
    }

    /// The error of more bytes than are kept at once.
    pub(super) fn too_large(&self, body: Bytes) -> Error {
        let limit = self.limit();
        match &self.source {
            Some(source) => self.error(source, body, |_, _, failed| failed.too_large(limit)),
            // There is no limit.
            None => Error::configuration("the bytes were given and have no limit"),
        }
    }

    /// An error of this answer.
    fn error(
        &self,
        source: &Source,
        body: Bytes,
        make: impl FnOnce(&Client, &Operation<'_>, Failed<'_>) -> Error,
    ) -> Error {
        // Nothing but the name goes into an error.
        let operation = Operation {
            id: &source.operation,
            method: Method::GET,
            path: "",
            idempotent: false,
        };
        let failed = Failed {
            client: &source.client,
            operation: &operation,
            status: self.status,
            headers: self.headers.clone(),
            body,
        };
        make(&source.client, &operation, failed).after(source.attempts)
    }

    /// What was given, for a mock to answer with.
    #[cfg(feature = "mock")]
    pub(super) fn given(self) -> Option<Bytes> {
        match self.state {
            State::Given(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Given(bytes) if bytes.is_empty() => return Poll::Ready(None),
                State::Given(bytes) => return Poll::Ready(Some(Ok(bytes))),
                State::Open(mut response) => {
                    let silence = self.source.as_ref().map(|source| source.silence);
                    self.state = State::Reading(Box::pin(async move {
                        let reading = response.chunk();
                        let piece = timeout(silence.unwrap_or(Duration::MAX), reading).await;
                        (response, piece)
                    }));
                }
                State::Reading(mut reading) => {
                    let Poll::Ready((response, piece)) = reading.as_mut().poll(context) else {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let error = match piece {
                        Ok(Ok(Some(bytes))) => {
                            self.state = State::Open(response);
                            return Poll::Ready(Some(Ok(bytes)));
                        }
                        Ok(Ok(None)) => return Poll::Ready(None),
                        Ok(Err(broken)) => Some(broken),
                        Err(_) => None,
                    };
                    return Poll::Ready(self.source.as_ref().map(|source| {
                        Err(self.error(
                            source,
                            Bytes::new(),
                            |client, operation, failed| match error {
                                Some(broken) => {
                                    error::transport(client, operation, broken, Some(failed))
                                }
                                None => error::late(client, operation, None, Some(failed)),
                            },
                        ))
                    }));
                }
            }
        }
    }
}

/// Bytes that were given, with status 200 and without headers: an answer for tests.
impl From<Bytes> for Download {
    fn from(bytes: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            source: None,
            state: State::Given(bytes),
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
