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
//! default one; [`Client::builder`] takes both, and the timeouts, from the program. The futures run on tokio.
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
//! # Errors
//!
//! There is one [`Error`]. Its text is a line to act on; [`Error::kind`] is what a program matches on, and
//! wherever there was an answer the error has its status, headers, body and request id.
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
//! The key goes out in its header, to the configured address, and nowhere else. It is in no `Debug` and in no
//! error, even where a server sends it back. Plain `http` is refused but for this machine. **No redirect is
//! followed**, since a redirect can lead the key to somebody else: an answer of 3xx is an error of kind
//! [`ErrorKind::Redirect`] that says where it points.
//!
//! # Limits
//!
//! A call takes at most 60 seconds and connecting 5, unless [`ClientBuilder`] says otherwise. An answer is
//! read up to 32 MiB. HTTP/1.1 is spoken, over rustls with ring, and certificates are judged by the operating
//! system's store. An `https` address is reached through the proxy that the environment names
//! (`HTTPS_PROXY`), if any.
//!
//! # What it does not do yet
//!
//! It does not retry, follow a session as it goes on, emit traces, or offer mocks. Calling again after
//! [`ErrorKind::Timeout`] or [`ErrorKind::Connection`] can act twice: the API documents no idempotency key.

mod follow;
#[rustfmt::skip]
mod generated;
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

/// For tests of programs that use this crate.
#[cfg(feature = "mock")]
pub mod mock {
    pub use crate::runtime::Waits;
}
