//! What the tests of the crate share.

// Each test binary uses its own part of this.
#![allow(dead_code, unused_imports)]

pub(crate) mod canary;
pub(crate) mod scanners;
mod server;
mod tls;

use std::{future::Future, time::Duration};

use agen_api::{Client, ClientBuilder, Error, RetryPolicy};
pub(crate) use canary::CANARY;
pub(crate) use server::{Answer, Server};
pub(crate) use tls::trusting;

impl Server {
    /// A client of this server, with the canary as its key, which tries every call once.
    pub(crate) fn client(&self) -> Client {
        client(&self.url())
    }

    /// The builder of a client of this server, with the canary as its key.
    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.url())
    }
}

/// A client of this address, with the canary as its key, which tries every call once.
pub(crate) fn client(base_url: &str) -> Client {
    let builder = builder(base_url).retry_policy(RetryPolicy::none());
    builder.build().unwrap()
}

/// The builder of a client of this address, with the canary as its key.
pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    scanners::install();
    Client::builder().api_key(CANARY).base_url(base_url)
}

/// What a call comes to, within the time that any call of a test has.
pub(crate) async fn in_time<T>(call: impl Future<Output = T>) -> T {
    let call = tokio::time::timeout(Duration::from_secs(10), call);
    call.await.expect("the call takes longer than it may")
}

/// The error of a call that has to fail, looked through for the key.
pub(crate) fn failure<T>(result: Result<T, Error>) -> Error {
    let error = result.err().expect("the call should fail");
    assert_no_leak(&error);
    error
}

/// Asserts that no text that an error shows holds the key, its source chain included.
pub(crate) fn assert_no_leak(error: &Error) {
    canary::scan("an error", &format!("{error}\n{error:?}\n{error:#?}"));
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let shown = format!("{error}\n{error:?}\n{error:#?}");
        canary::scan("the source of an error", &shown);
        source = error.source();
    }
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
}

/// The text of an error behind the name of its operation.
pub(crate) fn text(error: &Error) -> String {
    error.to_string().split_once(": ").unwrap().1.to_owned()
}
