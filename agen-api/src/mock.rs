//! The API on this machine, for the tests of a program that uses it. Behind the feature `mock`.
//!
//! ```toml
//! [dev-dependencies]
//! agen-api = { version = "…", features = ["mock"] }
//! ```
//!
//! [`MockServer`] has a method per operation, and a [`Mock`] takes the answer in the type of its operation.
//! [`Sample::sample`] makes one: a value that is valid by the document, of which a test changes what it is
//! about.
//!
//! ```
//! use agen_api::{StatusCode, mock::{MockServer, Sample}, types::SessionEvent};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), agen_api::Error> {
//! let api = MockServer::start().await;
//! api.send_message().times(1).returns(&SessionEvent::sample()).await;
//! api.send_message().fails(429, json!({"message": "slow down"})).await;
//!
//! let client = api.client();
//! client.send_message("ses_1", "one").send().await?;
//! let error = client.send_message("ses_1", "two").send().await.unwrap_err();
//! assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
//! # Ok(())
//! # }
//! ```
//!
//! # Which request gets which answer
//!
//! The first mock that fits answers, in the order in which they were set. A mock fits every call of its
//! operation; its methods that are named like the parameters and the fields of the body narrow it. After
//! [`times`](Mock::times) answers, a mock fits no more.
//!
//! ```
//! # use agen_api::{ErrorKind, mock::{MockServer, Sample}, types::{Session, SessionEvent, SessionList}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), agen_api::Error> {
//! let mut session = Session::sample();
//! session.status = "merged".to_owned();
//! let mut page = SessionList::sample();
//! page.items.push(session);
//!
//! let api = MockServer::start().await;
//! api.list_sessions().status("merged").returns(&page).await;
//! api.list_sessions().returns(&SessionList::sample()).await;
//! api.list_events().session_id("ses_1").expect(1).returns(&[SessionEvent::sample()]).await;
//!
//! let client = api.client();
//! assert_eq!(client.list_sessions().status("merged").send().await?.items.len(), 1);
//! assert_eq!(client.list_sessions().send().await?.items.len(), 0);
//! assert_eq!(client.list_events("ses_1").send().await?.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Waits
//!
//! A client of the server waits for nothing: where it would wait before it tries again, it goes on at once, and
//! [`MockServer::waits`] says how long it would have been.
//!
//! ```
//! # use agen_api::{mock::{MockServer, Sample}, types::SessionList};
//! # use std::time::Duration;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), agen_api::Error> {
//! let api = MockServer::start().await;
//! api.list_sessions().times(1).response_header("retry-after", "30").fails(503, ()).await;
//! api.list_sessions().returns(&SessionList::sample()).await;
//! api.client().list_sessions().send().await?;
//! assert_eq!(api.waits().taken(), [Duration::from_secs(30)]);
//! # Ok(())
//! # }
//! ```
//!
//! # When a test fails
//!
//! A request that no mock fits gets the status 501 with a message that says what came and which mocks there
//! are, so that the error of the client says what is wrong with the test. A mock that
//! [expects](Mock::expect) some number of requests is checked when the server goes out of scope.
//! [`MockServer::received`] has every request, for what a filter cannot say.

pub use crate::runtime::mock::{Mock, MockServer, Received, Sample, Waits};
