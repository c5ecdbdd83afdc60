//! Settings of a client.

use std::{ffi::OsString, fmt, sync::Arc, time::Duration};

use reqwest::{Url, header::HeaderValue, redirect};

use super::{
    super::generated,
    client::{Client, Inner},
    error::Error,
    key::ApiKey,
    retry::RetryPolicy,
    settings::{self, Given},
    time::{RealTime, Time},
    tls,
};

/// Environment variable that holds the API key.
const KEY_VARIABLE: &str = "AGEN_API_KEY";
/// Environment variable that holds the address of the API; optional.
const ADDRESS_VARIABLE: &str = "AGEN_BASE_URL";

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const DEFAULT_MAX_RESPONSE_BYTES: usize = 32 * 1024 * 1024;

/// Settings of a [`Client`]; begins with [`Client::builder`].
///
/// Every value is checked by [`build`](Self::build). `Debug` shows neither the key nor the address.
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    api_key: Option<Given<ApiKey>>,
    base_url: Option<Given<String>>,
    plain_http: Option<String>,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    retry_policy: RetryPolicy,
    user_agent_prefix: Option<String>,
    max_response_bytes: usize,
    http: Option<reqwest::ClientBuilder>,
    time: Arc<dyn Time>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            api_key: None,
            base_url: None,
            plain_http: None,
            timeout: DEFAULT_TIMEOUT,
            attempt_timeout: DEFAULT_ATTEMPT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            retry_policy: RetryPolicy::default(),
            user_agent_prefix: None,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            http: None,
            time: Arc::new(RealTime),
        }
    }

    /// A builder with what `lookup` knows of the environment variables.
    pub(super) fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let read = |name: &'static str| {
            let Some(value) = lookup(name) else {
                return Ok(None);
            };
            // The error of `into_string` is the value itself, which must not be shown.
            let value = value
                .into_string()
                .map_err(|_| Error::configuration(format!("{name} is not valid Unicode")))?;
            Ok(Some(Given { value, from: name }))
        };
        let mut builder = Self::new();
        builder.base_url = read(ADDRESS_VARIABLE)?;
        builder.api_key = read(KEY_VARIABLE)?.map(|Given { value, from }| Given {
            value: ApiKey::new(value),
            from,
        });
        if builder.api_key.is_none() && generated::AUTHENTICATION.is_some() {
            return Err(Error::configuration(format!(
                "{KEY_VARIABLE} is not set: set it to an API key of your workspace"
            )));
        }
        Ok(builder)
    }

    /// The API key. Required where the API asks for one.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(Given {
            value: ApiKey::new(api_key.into()),
            from: "api_key",
        });
        self
    }

    /// The address that the path of every operation is appended to; by default the first of the document's
    /// `servers`. It is an `https` URL, or an `http` URL of this machine (`127.0.0.1`, `[::1]`,
    /// `localhost`), without user name, query and fragment.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(Given {
            value: base_url.into(),
            from: "base_url",
        });
        self
    }

    /// Allows [`base_url`](Self::base_url) to be plain `http` if its host is this one: a name or an IP address,
    /// without scheme and port. **Everybody on the way there can read the API key.**
    pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
        self.plain_http = Some(host.into());
        self
    }

    /// Longest time for a whole call, from connecting to the last byte of the answer, all tries and the
    /// waits between them included; 60 seconds by default. It cannot be switched off, nor be zero.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Longest wait for an answer to begin before an idempotent call is tried again; 20 seconds by default.
    /// A try after which there would not be as much time for another, and a call that is not tried again after
    /// a silence, such as a `POST`, may take all that [`timeout`](Self::timeout) leaves. It cannot be zero.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Longest time for a connection to be made, TLS included; 5 seconds by default. It cannot be switched
    /// off, nor be zero.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// When a call that failed is tried again; [`RetryPolicy::none`] for never.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// What the header `User-Agent` begins with: name and version of the program, such as `my-app/1.2`.
    /// This crate and its version follow.
    pub fn user_agent_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.user_agent_prefix = Some(prefix.into());
        self
    }

    /// Longest body of an answer, in bytes, after decompression; 32 MiB by default. A longer one is an error
    /// of kind [`TooLarge`](super::ErrorKind::TooLarge), and the rest of it is not read. It cannot be zero.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// A builder of reqwest's to start from, for what is not set here: proxies, addresses, the pool, DNS.
    ///
    /// TLS is then as that builder has it, extra certificates and client certificates included; where it
    /// names no cryptography for rustls and the process has no default one, ring becomes that default.
    /// These stay as they are without it, whatever the builder says: redirects are not followed, no
    /// `Referer` is sent, an `https` address is never left for an `http` one, an `http` address is reached
    /// without a proxy, nothing is tried again but by [`retry_policy`](Self::retry_policy), no traffic is
    /// logged, and [`connect_timeout`](Self::connect_timeout) and the `User-Agent` are those of this builder.
    pub fn http(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Some(builder);
        self
    }

    /// Waits are recorded in `waits` and take no time.
    #[cfg(feature = "mock")]
    pub fn waits(mut self, waits: &super::Waits) -> Self {
        self.time = Arc::new(waits.clone());
        self
    }

    /// Makes the client. Nothing is sent and no connection is made.
    ///
    /// # Errors
    /// [`Configuration`](super::ErrorKind::Configuration), naming the argument or the environment variable,
    /// when a value is missing or wrong, or when the certificates of the operating system cannot be read.
    pub fn build(mut self) -> Result<Client, Error> {
        let how = generated::AUTHENTICATION.map(Into::into);
        let credentials = settings::credentials(how, self.api_key.as_mut())?;
        let base_url = settings::base_url(
            self.base_url.as_ref(),
            generated::SERVER,
            self.plain_http.as_deref(),
        )?;
        settings::positive("timeout", self.timeout)?;
        settings::positive("attempt_timeout", self.attempt_timeout)?;
        settings::positive("connect_timeout", self.connect_timeout)?;
        if self.max_response_bytes == 0 {
            return Err(Error::configuration(
                "max_response_bytes is zero: no answer could be read",
            ));
        }
        let user_agent = settings::user_agent(self.user_agent_prefix.as_deref())?;
        let http = http_client(self.http, &base_url, user_agent, self.connect_timeout)?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url,
                credentials,
                key: self.api_key.map(|key| key.value),
                timeout: self.timeout,
                attempt_timeout: self.attempt_timeout,
                retry_policy: self.retry_policy,
                max_response_bytes: self.max_response_bytes,
                time: self.time,
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry_policy", &self.retry_policy)
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

/// The HTTP client: an own builder of the caller's or a plain one, with what keeps the key in its place.
fn http_client(
    own: Option<reqwest::ClientBuilder>,
    base_url: &Url,
    user_agent: HeaderValue,
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let is_https = base_url.scheme() == "https";
    let builder = match own {
        Some(builder) => {
            tls::prepare_own();
            builder
        }
        None => {
            tls::configure(reqwest::Client::builder(), is_https).map_err(Error::configuration)?
        }
    };
    let mut builder = builder
        .https_only(is_https)
        // reqwest removes `authorization` from a redirect to another origin, but no other header that holds
        // a key, so no redirect is followed at all.
        .redirect(redirect::Policy::none())
        .referer(false)
        // What is tried again is decided in one place.
        .retry(reqwest::retry::never())
        // It would log the bytes that are sent.
        .connection_verbose(false)
        .user_agent(user_agent)
        .connect_timeout(connect_timeout);
    if !is_https {
        // A proxy would read the key of a request that is meant for this machine.
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        Error::configuration(format!(
            "no HTTP client can be made: {}",
            super::error::root_cause(&error)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Client, String> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| OsString::from(value))
        };
        ClientBuilder::from_lookup(lookup)
            .and_then(ClientBuilder::build)
            .map_err(|error| {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("canary"), "{shown}");
                error.to_string()
            })
    }

    #[test]
    fn the_environment_gives_key_and_address() {
        let client = from(&[
            (KEY_VARIABLE, "canary"),
            (ADDRESS_VARIABLE, "http://127.0.0.1:1/base"),
        ])
        .unwrap();
        assert_eq!(client.inner.base_url.as_str(), "http://127.0.0.1:1/base");
        assert_eq!(
            format!("{client:?}"),
            r#"Client { base_url: "http://127.0.0.1:1/base", .. }"#
        );
    }

    #[test]
    fn a_wrong_key_is_named_by_its_variable() {
        for (key, reason) in [
            ("", "AGEN_API_KEY is empty"),
            ("canary\n", "AGEN_API_KEY begins or ends with white space"),
            (" canary", "AGEN_API_KEY begins or ends with white space"),
            ("can\nary canary", "AGEN_API_KEY holds a character"),
            ("canaryé", "AGEN_API_KEY holds a character"),
        ] {
            let error = from(&[
                (KEY_VARIABLE, key),
                (ADDRESS_VARIABLE, "http://127.0.0.1:1"),
            ])
            .unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }

    #[test]
    fn a_missing_key_and_a_wrong_address_are_named_by_their_variables() {
        assert!(
            from(&[])
                .unwrap_err()
                .starts_with("AGEN_API_KEY is not set")
        );
        let error = from(&[(KEY_VARIABLE, "canary"), (ADDRESS_VARIABLE, "")]).unwrap_err();
        assert!(error.starts_with("AGEN_BASE_URL is empty"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_unicode_is_not_shown() {
        use std::os::unix::ffi::OsStringExt as _;
        let lookup = |_: &str| Some(OsString::from_vec(b"canary\xff".to_vec()));
        let error = ClientBuilder::from_lookup(lookup).unwrap_err();
        assert_eq!(error.to_string(), "AGEN_BASE_URL is not valid Unicode");
        assert!(!format!("{error:?}").contains("canary"));
    }
}
