//! One page: a request, its redirects, and the text of the answer, within limits.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use ureq::http::{Response, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, Proxy, Timeout};
use url::Url;

use crate::Failed;
use crate::address::{self, shown};

/// How many redirects of one page are followed.
const REDIRECTS: usize = 5;

/// What is not gone beyond.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) page_bytes: u64,
    pub(crate) total_bytes: u64,
    pub(crate) connect: Duration,
    pub(crate) page: Duration,
    pub(crate) total: Duration,
}

/// Why a page has no text.
#[derive(Debug)]
pub(crate) enum NoText {
    /// Something went wrong.
    Failed(Failed),
    /// The server says that it is a picture, an archive, or the like.
    Other(String),
    /// The server answers with a status that is no success.
    Status(Failed),
}

impl From<Failed> for NoText {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// Fetches pages, and keeps account of what they come to.
pub(crate) struct Getter {
    agent: Agent,
    direct: Agent,
    limits: Limits,
    until: Instant,
    bytes: AtomicU64,
}

impl Getter {
    pub(crate) fn new(limits: Limits) -> Self {
        // `HTTPS_PROXY` and its like hold as they do for cargo and git, but never for this machine.
        let agent = |proxy| {
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::PlatformVerifier)
                .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
                .build();
            let config = Agent::config_builder()
                .tls_config(tls)
                .proxy(proxy)
                .http_status_as_error(false)
                // They are followed here, to the same host alone.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .timeout_connect(Some(limits.connect))
                .timeout_resolve(Some(limits.connect))
                .user_agent(concat!("fetch-pages/", env!("CARGO_PKG_VERSION")))
                .accept("text/markdown, text/plain;q=0.9, text/html;q=0.8, */*;q=0.5")
                .build();
            Agent::new_with_config(config)
        };
        Self {
            agent: agent(Proxy::try_from_env()),
            direct: agent(None),
            until: Instant::now() + limits.total,
            bytes: AtomicU64::new(0),
            limits,
        }
    }

    /// The text of a page, from the first of its addresses that has one.
    pub(crate) fn page(&self, page: &Url) -> Result<String, NoText> {
        let until = self.until.min(Instant::now() + self.limits.page);
        let mut last = None;
        for candidate in address::candidates(page) {
            match self.text(&candidate, until) {
                // There may be no Markdown of this page, but the page.
                Err(NoText::Status(failed)) => last = Some(failed),
                other => return other,
            }
        }
        Err(NoText::Failed(last.unwrap_or_else(|| {
            Failed::new("it has no address", "name another address")
        })))
    }

    fn text(&self, page: &Url, until: Instant) -> Result<String, NoText> {
        let mut url = page.clone();
        for _ in 0..=REDIRECTS {
            let response = self.answer(&url, until)?;
            let status = response.status();
            if status.is_success() {
                return self.body(response, &url);
            }
            let Some(to) = response.headers().get(header::LOCATION) else {
                return Err(NoText::Status(status_failed(status, &url)));
            };
            if !status.is_redirection() {
                return Err(NoText::Status(status_failed(status, &url)));
            }
            let to = String::from_utf8_lossy(to.as_bytes());
            let next = address::parse(&to, Some(&url)).map_err(|failed| {
                Failed::new(
                    format!("it redirects to `{}`, and {}", shown(&to), failed.why),
                    failed.help,
                )
            })?;
            if next.origin() != page.origin() {
                return Err(NoText::Failed(Failed::new(
                    format!("it redirects to another host, `{}`", shown(next.as_str())),
                    "if that is where the pages are now, name that address",
                )));
            }
            url = next;
        }
        Err(NoText::Failed(Failed::new(
            format!("it redirects more than {REDIRECTS} times"),
            "look at the address in a browser, and name the one where that ends",
        )))
    }

    fn answer(&self, url: &Url, until: Instant) -> Result<Response<Body>, Failed> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.too_slow());
        }
        // What is `http` is this machine, and what is this machine goes through no proxy.
        let agent = if url.scheme() == "http" {
            &self.direct
        } else {
            &self.agent
        };
        let request = agent.get(url.as_str()).config();
        let request = request.timeout_global(Some(left)).build();
        request.call().map_err(|error| self.failed(error, url))
    }

    fn body(&self, mut response: Response<Body>, url: &Url) -> Result<String, NoText> {
        let encoding = response.headers().get(header::CONTENT_ENCODING);
        if let Some(encoding) = encoding.filter(|encoding| *encoding != "identity") {
            let encoding = String::from_utf8_lossy(encoding.as_bytes());
            return Err(NoText::Failed(Failed::new(
                format!(
                    "the server answers in the encoding `{}`, which was not asked for",
                    shown(&encoding)
                ),
                "save the page as a file, and name the file",
            )));
        }
        if let Some(kind) = response.headers().get(header::CONTENT_TYPE) {
            let kind = String::from_utf8_lossy(kind.as_bytes());
            if !may_be_text(&kind) {
                return Err(NoText::Other(shown(&kind)));
            }
        }
        let limit = self.limits.page_bytes;
        let too_large = || {
            Failed::new(
                format!("it is larger than {limit} bytes"),
                "check that this is a page of the documentation",
            )
        };
        // Known before, or only as it comes.
        if response.body().content_length() > Some(limit) {
            return Err(NoText::Failed(too_large()));
        }
        let mut bytes = Vec::new();
        let mut reader = response.body_mut().as_reader().take(limit + 1);
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| self.failed(Error::from(error), url))?;
        let length = bytes.len() as u64;
        if length > limit {
            return Err(NoText::Failed(too_large()));
        }
        let total = self.limits.total_bytes;
        if self.bytes.fetch_add(length, Ordering::Relaxed) + length > total {
            return Err(NoText::Failed(Failed::new(
                format!("all pages together are larger than {total} bytes"),
                "name fewer pages, in several runs",
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failed::new(
                format!("it is not UTF-8, from byte {at} on"),
                "save the page as a file in UTF-8, and name the file",
            )
        })?;
        Ok(text)
    }

    fn too_slow(&self) -> Failed {
        let help = "try again later, or save the page as a file, and name the file";
        if Instant::now() >= self.until {
            let total = self.limits.total;
            return Failed::new(
                format!("all pages together took longer than {total:?}"),
                help,
            );
        }
        let page = self.limits.page;
        Failed::new(format!("it did not come whole within {page:?}"), help)
    }

    /// What went wrong on the way, in words. Those of the server are not repeated.
    fn failed(&self, error: Error, url: &Url) -> Failed {
        let host = address::host(url);
        let network =
            "check the network, or save the pages as files, and name the files or their folder";
        match error {
            Error::Timeout(Timeout::Global) => self.too_slow(),
            Error::Timeout(_) => {
                let connect = self.limits.connect;
                let why = format!("`{host}` could not be reached within {connect:?}");
                Failed::new(why, network)
            }
            Error::HostNotFound => Failed::new(unreached(&host), network),
            Error::Io(error) if is_lookup(&error) => Failed::new(unreached(&host), network),
            other => {
                if let Some(error) = distrust(&other) {
                    return Failed::new(
                        format!("`{host}` cannot be trusted: {}", shown(&error.to_string())),
                        "check the address and the certificates of this machine",
                    );
                }
                let said = shown(&other.to_string());
                let why = format!("the exchange with `{host}` failed: {said}");
                Failed::new(why, network)
            }
        }
    }
}

/// Whether the system could not look up a name. The standard library has no word for it but these.
fn is_lookup(error: &std::io::Error) -> bool {
    const WSAHOST_NOT_FOUND: i32 = 11001;
    error.to_string().contains("lookup address")
        || cfg!(windows) && error.raw_os_error() == Some(WSAHOST_NOT_FOUND)
}

fn unreached(host: &str) -> String {
    format!("no address is known for the host `{host}`; this machine may be offline")
}

/// What is wrong with the certificate, if that is what went wrong. It comes as an error of the stream.
fn distrust(error: &Error) -> Option<&rustls::Error> {
    match error {
        Error::Rustls(error) => Some(error),
        Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn status_failed(status: ureq::http::StatusCode, url: &Url) -> Failed {
    let help = match status.as_u16() {
        401 | 403 => {
            "save the page as a file, and name the file: nothing is sent that proves who asks"
        }
        404 | 410 => "check the address; if a list names it, the page may be gone",
        _ => "try again later",
    };
    let why = format!("`{}` answers {}", shown(url.as_str()), status.as_u16());
    Failed::new(why, help)
}

/// Whether the server says something else than that it is a text; a server that says nothing may mean one.
fn may_be_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let (kind, name) = essence.split_once('/').unwrap_or((&essence, ""));
    match kind {
        "image" | "audio" | "video" | "font" => false,
        "application" => {
            let texts = [
                "json",
                "yaml",
                "xml",
                "markdown",
                "octet-stream",
                "javascript",
            ];
            texts.iter().any(|text| name.contains(text))
        }
        _ => true,
    }
}
