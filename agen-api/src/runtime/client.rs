//! The client.

use std::{env, fmt, sync::Arc, time::Duration};

use reqwest::Url;

use super::{
    builder::ClientBuilder,
    error::Error,
    key::{ApiKey, Credentials},
    request::Request,
    retry::RetryPolicy,
    time::Time,
};

/// A client of the API: one method per operation.
///
/// It holds the address, the key and a pool of connections. A clone shares them and costs a reference
/// count, so make one client and clone it. `Debug` shows the address and never the key, whose memory is
/// overwritten when the last clone is dropped.
#[derive(Clone)]
pub struct Client {
    // The runtime reads this field and has no private methods, each of which would take a name from the
    // operations of the document.
    pub(in super::super) inner: Arc<Inner>,
}

pub(in super::super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) base_url: Url,
    pub(super) credentials: Option<Credentials>,
    pub(super) key: Option<ApiKey>,
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) retry_policy: RetryPolicy,
    pub(super) max_response_bytes: usize,
    pub(in super::super) time: Arc<dyn Time>,
}

impl Client {
    /// A client with the key from the environment variable `AGEN_API_KEY`, and with the address from
    /// `AGEN_BASE_URL` where that is set.
    ///
    /// # Errors
    /// [`Configuration`](super::ErrorKind::Configuration), naming the variable, when the key is not set
    /// or no header can hold it, or when the address is not one that [`ClientBuilder::base_url`] takes.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_lookup(|name| env::var_os(name))?.build()
    }

    /// A client with this key and the default address.
    ///
    /// # Errors
    /// [`Configuration`](super::ErrorKind::Configuration) when the key is empty, is surrounded by white
    /// space, or holds a character that no header can carry.
    pub fn new(api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// Starts a client with settings other than the default ones.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Starts a call of an operation that this crate does not know: with the same key, address, limits,
    /// retries and errors as the others have.
    ///
    /// `path` is what stands behind the address, with every value percent-encoded, and perhaps a query:
    /// `/api/v1/sessions/ses_1?expand=user`.
    pub fn request(&self, method: reqwest::Method, path: impl AsRef<str>) -> Request<'_> {
        Request::new(self, method, path.as_ref())
    }
}

impl Inner {
    /// `text` without the key, should a server have sent it back.
    pub(super) fn redact(&self, text: &str) -> String {
        match &self.key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .finish_non_exhaustive()
    }
}
