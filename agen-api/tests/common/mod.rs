//! What the tests of the crate share.

mod server;

use agen_api::Client;
pub(crate) use server::Server;

/// The API key of every test: found where it does not belong, it has leaked.
pub(crate) const CANARY: &str = "canary-key-7f3a";

impl Server {
    /// A client of this server, with the canary as its key.
    pub(crate) fn client(&self) -> Client {
        client(&self.url())
    }
}

/// A client of this address, with the canary as its key, which tries every call once.
pub(crate) fn client(base_url: &str) -> Client {
    Client::builder()
        .api_key(CANARY)
        .base_url(base_url)
        .retry_policy(agen_api::RetryPolicy::none())
        .build()
        .unwrap()
}

/// Asserts that no text that an error shows holds the key, its source chain included.
pub(crate) fn assert_no_leak(error: &agen_api::Error) {
    let mut shown = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        shown.push_str(&format!("\n{error}\n{error:?}"));
        source = error.source();
    }
    assert!(!shown.contains(CANARY), "{shown}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
}
