//! Client of the [Agen API](https://docs.agenhq.com/llms.txt), a coding agent in the cloud.
//!
//! ```no_run
//! # async fn run() -> Result<(), agen_api::Error> {
//! let client = agen_api::Client::from_env()?;
//! let session = client.create_session("feature/login").auto_commit(true).send().await?;
//! client.send_message(&session.id, "Make the login page remember me").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::from_env`] reads the key from `AGEN_API_KEY`, and from `AGEN_BASE_URL` an address other than the
//! default one; [`Client::builder`] takes both, and everything else that can be set, from the program. The
//! futures run on tokio, with its timer and its I/O enabled, as `#[tokio::main]` has them; keep a client to one
//! runtime.
//!
//! # Calls
//!
//! Each operation is a method of [`Client`]. What the API requires is an argument, so that a forgotten value
//! does not compile; what is optional is a setter before `send`, and is not sent unless it is set. A value
//! that is required and may be null takes `None` for null:
//!
//! ```no_run
//! # async fn run(client: agen_api::Client, branch: Option<String>) -> Result<(), agen_api::Error> {
//! client.create_session(None).send().await?;
//! client.create_session(&branch).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Every call has four more setters, for this call alone:
//!
//! ```no_run
//! # async fn run(client: agen_api::Client) -> Result<(), agen_api::Error> {
//! use std::time::Duration;
//!
//! let sessions = client
//!     .list_sessions()
//!     .timeout(Duration::from_secs(5))
//!     .header("x-trace", "nightly")
//!     .query("include", "mr_pipeline_summary")
//!     .no_retries()
//!     .send()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! An operation that this version does not have is called by its method and path, with the same key, limits,
//! retries and errors:
//!
//! ```no_run
//! # async fn run(client: agen_api::Client) -> Result<(), agen_api::Error> {
//! use agen_api::Method;
//!
//! let answer: serde_json::Value = client.request(Method::GET, "/api/v1/sessions").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! There is one [`Error`]. Its text is a line to act on; [`Error::kind`] is what a program matches on, and
//! wherever there was an answer the error has its status, headers, body, request id and `Retry-After`.
//!
//! ```no_run
//! use agen_api::{Client, Error, ErrorKind, StatusCode};
//!
//! # async fn run(client: Client) -> Result<(), Error> {
//! match client.list_events("ses_1").send().await {
//!     Ok(events) => println!("{} events", events.len()),
//!     Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => println!("no such session"),
//!     Err(error) if error.kind() == ErrorKind::Timeout => println!("try again later: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What the provider puts into the body of an error is not documented. [`Error::message`] looks in the usual
//! places, and [`Error::json`] reads the body as a type of your own.
//!
//! # Retries
//!
//! A call that fails is tried twice more where that is safe: a `GET` after every failure that passes, a
//! `POST` only where the server cannot have acted on it, since the API documents no idempotency key.
//! [`RetryPolicy`] has the rules, and the builder takes another one:
//!
//! ```
//! # fn run() -> Result<(), agen_api::Error> {
//! use agen_api::{Client, RetryPolicy};
//!
//! let client = Client::builder()
//!     .api_key("a key")
//!     .retry_policy(RetryPolicy::default().max_retries(5))
//!     .build()?;
//! # Ok(())
//! # }
//! # #[cfg(any(feature = "rustls", feature = "native-tls"))]
//! # run().unwrap();
//! ```
//!
//! # Following a session
//!
//! [`Client::follow_session`] gives the events of a session as they come, and
//! [`Client::wait_until_finished`] the one with which it was over:
//!
//! ```no_run
//! # async fn run(client: agen_api::Client) -> Result<(), agen_api::Error> {
//! let mut events = client.follow_session("ses_1");
//! while let Some(event) = events.next().await {
//!     let event = event?;
//!     println!("{} is {}", event.type_, event.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Values that this version does not know
//!
//! The API gains values without notice, and none of them fails an answer. An enum has a variant `Unknown`
//! with the text, a payload of an unknown shape is kept as JSON, and a field that is not documented stays
//! with its struct or is ignored. Enums, payloads and kept fields serialize back to what they came from; a
//! timestamp that the API documents as such is a point in time, and is written in its shortest form.
//!
//! ```no_run
//! use agen_api::types::SessionEventStatus;
//!
//! # async fn run(client: agen_api::Client) -> Result<(), agen_api::Error> {
//! for event in client.list_events("ses_1").send().await? {
//!     match event.status {
//!         SessionEventStatus::Queued => println!("{} waits", event.id),
//!         SessionEventStatus::Unknown(status) => println!("{} is {status}", event.id),
//!         other => println!("{} is {other}", event.id),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The API key
//!
//! The key goes out in its header, to the configured address, and nowhere else. It is in no `Debug`, no error
//! and no trace, even where a server sends it back, and its memory is overwritten when the client is dropped.
//! (Buffers of the HTTP library through which a request went are not.) Plain `http` is refused but for this
//! machine and a host named in [`ClientBuilder::allow_plain_http`]. **No redirect is followed**, since a
//! redirect can lead the key to somebody else: an answer of 301, 302, 303, 307 or 308 is an error of kind
//! [`ErrorKind::Redirect`] that says where it points, whether to the same address or another.
//!
//! # Limits
//!
//! A call takes at most 60 seconds and connecting 5, and an answer is read up to 32 MiB, unless
//! [`ClientBuilder`] says otherwise. HTTP/1.1 is spoken. An `https` address is reached through the proxy that
//! the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), if any; [`ClientBuilder::http`] takes a
//! builder of reqwest's for other wishes.
//!
//! # Testing your program
//!
//! With the feature `mock`, the module `agen_api::mock` has a server that plays the API and answers as a test
//! says, and sample values to answer with. [`Client`] is the same in a test and outside: what a test gives the
//! program is a client of that server.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `rustls` | on by default: TLS by rustls with ring, certificates as the operating system judges them |
//! | `native-tls` | the TLS of the operating system; goes before `rustls` |
//! | `gzip` | answers can be compressed; the limit counts what comes out |
//! | `tracing` | a span for each call and a warning for each retry, with the names of OpenTelemetry |
//! | `mock` | the module `mock`: a server for tests, and sample values |
//!
//! Without `rustls` and `native-tls` an `https` address needs a builder in [`ClientBuilder::http`] that brings
//! TLS.
//!
//! With `tracing`, a span of the target `agen_api` stands for a call with all its tries. It has
//! `http.request.method`, `url.template`, `url.full` (without its query), `server.address`, `server.port`,
//! `http.response.status_code`, `http.request.resend_count`, `error.type`, `otel.name`, `otel.kind` and
//! `otel.status_code`, as OpenTelemetry's conventions for HTTP clients have them, and `agen.operation`,
//! `agen.request_id` and `agen.duration` in seconds. A call that is dropped ends its span without the last
//! ones.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod follow;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(doctest)]
mod must_not_compile;
mod runtime;

pub use bytes::Bytes;
pub use follow::SessionEvents;
pub use generated::{operations, types};
pub use reqwest;
pub use reqwest::{StatusCode, header::HeaderMap};
pub use runtime::{
    Client, ClientBuilder, Error, ErrorKind, IntoNullableString, Method, Request, RetryPolicy,
    UnknownValue,
};
