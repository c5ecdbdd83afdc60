//! Mistakes that the compiler has to find.
//!
//! Each stands beside a twin that differs in the mistake alone and compiles, so that none of them
//! fails for another reason. The messages of the compiler are not held to a text: they change with
//! the toolchain, and these tests have to pass on all of them.
//!
//! A forgotten `branch_name`:
//!
//! ```compile_fail,E0061
//! fn call(client: agen_api::Client) {
//!     drop(client.create_session());
//! }
//! ```
//! ```
//! fn call(client: agen_api::Client) {
//!     drop(client.create_session(None));
//! }
//! ```
//!
//! A forgotten `message`:
//!
//! ```compile_fail,E0061
//! fn call(client: agen_api::Client) {
//!     drop(client.send_message("ses_1"));
//! }
//! ```
//! ```
//! fn call(client: agen_api::Client) {
//!     drop(client.send_message("ses_1", "message"));
//! }
//! ```
//!
//! A nullable value of a type that is not taken, whose message says what to write:
//!
//! ```compile_fail,E0277
//! fn call(client: agen_api::Client, branch: Option<String>) {
//!     drop(client.create_session(branch));
//! }
//! ```
//! ```
//! fn call(client: agen_api::Client, branch: Option<String>) {
//!     drop(client.create_session(&branch));
//! }
//! ```
//!
//! A call that is not sent is noticed:
//!
//! ```compile_fail
//! #![deny(unused_must_use)]
//! async fn call(client: agen_api::Client) {
//!     client.create_session(None);
//! }
//! ```
//! ```
//! #![deny(unused_must_use)]
//! async fn call(client: agen_api::Client) {
//!     let _ = client.create_session(None);
//! }
//! ```
//!
//! A match that leaves no room for new values:
//!
//! ```compile_fail,E0004
//! use agen_api::types::SessionEventPayload::{self, Unknown, UserMessage};
//!
//! fn name(payload: SessionEventPayload) -> &'static str {
//!     match payload {
//!         UserMessage(_) => "message",
//!         Unknown(_) => "unknown",
//!     }
//! }
//! ```
//! ```
//! use agen_api::types::SessionEventPayload::{self, Unknown, UserMessage};
//!
//! fn name(payload: SessionEventPayload) -> &'static str {
//!     match payload {
//!         UserMessage(_) => "message",
//!         Unknown(_) => "unknown",
//!         _ => "new",
//!     }
//! }
//! ```
//!
//! An unknown value made by hand, which could be one that is known:
//!
//! ```compile_fail,E0624
//! use agen_api::{UnknownValue, types::SessionEventStatus};
//!
//! fn status() -> SessionEventStatus {
//!     SessionEventStatus::Unknown(UnknownValue::new("completed"))
//! }
//! ```
//! ```
//! use agen_api::types::SessionEventStatus;
//!
//! fn status() -> SessionEventStatus {
//!     SessionEventStatus::from("completed")
//! }
//! ```
//!
//! A struct of the API made by hand, to which an addition would be a break:
//!
//! ```compile_fail,E0639
//! fn page() -> agen_api::types::SendMessageRequest {
//!     agen_api::types::SendMessageRequest { client_id: None, message: "message".to_owned() }
//! }
//! ```
//! ```
//! fn page() -> Option<agen_api::types::SendMessageRequest> {
//!     serde_json::from_str(r#"{"message": "message"}"#).ok()
//! }
//! ```
