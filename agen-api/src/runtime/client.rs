//! The client and its builder.

use std::{env, ffi::OsString, fmt, sync::Arc, time::Duration};

use reqwest::{
    Url,
    header::{HeaderName, HeaderValue},
    redirect,
};

use super::{
    super::generated,
    error::Error,
    key::ApiKey,
    settings::{self, Given},
    tls,
};

/// Environment variable that holds the API key.
const KEY_VARIABLE: &str = "AGEN_API_KEY";
/// Environment variable that holds the address of the API; optional.
const ADDRESS_VARIABLE: &str = "AGEN_BASE_URL";

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// A client of the API: one method per operation.
///
/// It holds the address, the key and a pool of connections. A clone shares them and costs a reference
/// count, so make one client and clone it. `Debug` shows the address and never the key.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    authentication: Option<(HeaderName, HeaderValue)>,
    key: Option<ApiKey>,
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
        ClientBuilder {
            api_key: None,
            base_url: None,
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
        }
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    pub(super) fn base_url(&self) -> &Url {
        &self.inner.base_url
    }

    pub(super) fn authentication(&self) -> Option<&(HeaderName, HeaderValue)> {
        self.inner.authentication.as_ref()
    }

    /// `text` without the key, should a server have sent it back.
    pub(super) fn redact(&self, text: &str) -> String {
        match &self.inner.key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`]; begins with [`Client::builder`].
///
/// Every value is checked by [`build`](Self::build). `Debug` shows neither the key nor the address.
#[derive(Clone)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    api_key: Option<Given<ApiKey>>,
    base_url: Option<Given<String>>,
    timeout: Duration,
    connect_timeout: Duration,
}

impl ClientBuilder {
    /// A builder with what `lookup` knows of the environment variables.
    fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
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
        let mut builder = Client::builder();
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

    /// Longest time for a whole call, from connecting to the last byte of the answer; 60 seconds by
    /// default. It cannot be switched off, nor be zero.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Longest time for a connection to be made, TLS included; 5 seconds by default. It cannot be switched
    /// off, nor be zero.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// Makes the client. Nothing is sent and no connection is made.
    ///
    /// # Errors
    /// [`Configuration`](super::ErrorKind::Configuration), naming the argument or the environment variable,
    /// when a value is missing or wrong, or when the certificates of the operating system cannot be read.
    pub fn build(self) -> Result<Client, Error> {
        let authentication =
            settings::authentication(generated::AUTHENTICATION.as_ref(), self.api_key.as_ref())?;
        let base_url = settings::base_url(self.base_url.as_ref(), generated::SERVER)?;
        for (name, duration) in [
            ("timeout", self.timeout),
            ("connect_timeout", self.connect_timeout),
        ] {
            if duration.is_zero() {
                return Err(Error::configuration(format!(
                    "{name} is zero: no call could be made"
                )));
            }
        }
        let http = http_client(&base_url, self.timeout, self.connect_timeout)?;
        let key = self.api_key.map(|key| key.value);
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url,
                authentication,
                key,
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

fn http_client(
    base_url: &Url,
    timeout: Duration,
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let is_https = base_url.scheme() == "https";
    let tls = if is_https {
        tls::verified()
    } else {
        tls::unused()
    };
    let tls = tls.map_err(|error| {
        Error::configuration(format!(
            "the certificates of this machine cannot be read: {error}"
        ))
    })?;
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(is_https)
        // reqwest removes `authorization` from a redirect to another origin, but no other header that holds
        // a key, so no redirect is followed at all.
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(connect_timeout);
    if !is_https {
        // A proxy from the environment would read the key of a request that is meant for this machine.
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| Error::configuration(format!("no HTTP client can be made: {error}")))
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
        assert_eq!(client.base_url().as_str(), "http://127.0.0.1:1/base");
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
