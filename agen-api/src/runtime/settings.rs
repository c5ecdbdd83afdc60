//! What a client is made of, checked before the first request.
//!
//! Each check names the argument or the environment variable that the value came from and never shows the
//! value itself: a key pasted into the wrong place stays secret too.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use reqwest::{Url, header::HeaderValue};

use super::{
    error::Error,
    key::{ApiKey, Credentials, Scheme},
};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// A value and the name of what it came from.
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) from: &'static str,
}

/// What carries the key; none where the document asks for no authentication.
pub(super) fn credentials(
    how: Option<Scheme>,
    key: Option<&mut Given<ApiKey>>,
) -> Result<Option<Credentials>, Error> {
    let Some(how) = how else { return Ok(None) };
    let key =
        key.ok_or_else(|| Error::configuration("api_key is not set: give the builder a key"))?;
    let credentials = key.value.credentials(how);
    credentials
        .map(Some)
        .map_err(|problem| Error::configuration(format!("{} {problem}", key.from)))
}

/// The value of `User-Agent`: what the program calls itself, then this crate.
pub(super) fn user_agent(prefix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(prefix) = prefix else {
        return Ok(HeaderValue::from_static(USER_AGENT));
    };
    if prefix.trim().is_empty() || !prefix.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Error::configuration(
            "user_agent_prefix is empty or holds a character that no HTTP header can carry: \
             give the name and version of the program, such as my-app/1.2",
        ));
    }
    HeaderValue::from_str(&format!("{} {USER_AGENT}", prefix.trim()))
        .map_err(|_| Error::configuration("user_agent_prefix does not make a valid HTTP header"))
}

/// A time limit that is not zero.
pub(super) fn positive(name: &str, duration: Duration) -> Result<(), Error> {
    if duration.is_zero() {
        return Err(Error::configuration(format!(
            "{name} is zero: no call could be made"
        )));
    }
    Ok(())
}

/// The address that every path is appended to: `https`, or `http` where that reaches only this machine or
/// is the host `plain_http`.
pub(super) fn base_url(
    given: Option<&Given<String>>,
    default: Option<&str>,
    plain_http: Option<&str>,
) -> Result<Url, Error> {
    let (text, from) = match (given, default) {
        (Some(given), _) => (given.value.as_str(), given.from),
        (None, Some(default)) => (default, "the default address"),
        (None, None) => {
            return Err(Error::configuration(
                "base_url is not set, and the API has no default address",
            ));
        }
    };
    let wrong = |problem: &str| Error::configuration(format!("{from} {problem}"));
    if text.is_empty() {
        return Err(wrong("is empty: leave it unset for the default address"));
    }
    let url = Url::parse(text).map_err(|error| {
        wrong(&format!(
            "is not a URL like https://api.example.com: {error}"
        ))
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("is not an http or https address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "holds a user name or password: remove what stands before the @",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "has a query (?) or a fragment (#): end it after the path",
        ));
    }
    let allowed = plain_http.map(host).transpose()?;
    if url.scheme() == "http"
        && !is_loopback(&url)
        && allowed.is_none_or(|host| url.host_str() != Some(&host))
    {
        return Err(wrong(
            "is plain http, which shows the key to everybody on the way: use https, a loopback address \
             (127.0.0.1, [::1], localhost), or name the host in allow_plain_http",
        ));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A host in the form that URLs have it.
fn host(name: &str) -> Result<String, Error> {
    let bracketed = name.parse::<Ipv6Addr>().map(|_| format!("[{name}]"));
    let url = Url::parse(&format!("http://{}", bracketed.as_deref().unwrap_or(name))).ok();
    url.filter(|url| url.as_str() == format!("http://{}/", url.host_str().unwrap_or_default()))
        .and_then(|url| url.host_str().map(str::to_owned))
        .ok_or_else(|| {
            Error::configuration(
                "allow_plain_http is not a host: give a name or an IP address, without scheme, port and path",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str) -> Result<Url, String> {
        let given = Given {
            value: address.to_owned(),
            from: "AGEN_BASE_URL",
        };
        base_url(Some(&given), None, Some("plain.example.com")).map_err(|error| error.to_string())
    }

    #[test]
    fn https_and_loopback_are_taken() {
        for address in [
            "https://api.example.com",
            "https://api.example.com/prefix/",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost:3000/",
            "http://plain.example.com:80",
            "http://PLAIN.example.com",
        ] {
            assert!(check(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_refused_without_showing_them() {
        for (address, reason) in [
            ("", "is empty"),
            ("api.example.com", "is not a URL"),
            ("ftp://example.com", "is not an http or https address"),
            ("https://canary@example.com", "holds a user name"),
            ("https://:canary@example.com", "holds a user name"),
            ("https://example.com/?canary", "has a query"),
            ("https://example.com/#canary", "has a query"),
            ("http://example.com", "is plain http"),
            ("http://127.0.0.1.example.com", "is plain http"),
            ("http://localhost.example.com", "is plain http"),
            ("http://10.0.0.1", "is plain http"),
            ("http://a.plain.example.com", "is plain http"),
            ("http://[2001:db8::1]", "is plain http"),
        ] {
            let error = check(address).unwrap_err();
            assert!(
                error.starts_with(&format!("AGEN_BASE_URL {reason}")),
                "{address}: {error}"
            );
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn the_program_stands_before_the_crate_in_the_user_agent() {
        let own = user_agent(None).unwrap();
        assert!(own.to_str().unwrap().starts_with("agen-"), "{own:?}");
        let both = user_agent(Some("my-app/1.2")).unwrap();
        assert_eq!(
            both.to_str().unwrap(),
            format!("my-app/1.2 {}", own.to_str().unwrap())
        );
        for prefix in ["", " ", "a\r\nb: c", "é"] {
            assert!(user_agent(Some(prefix)).is_err(), "{prefix}");
        }
    }

    #[test]
    fn a_host_can_be_named_in_any_form_that_a_url_has() {
        for (name, expected) in [
            ("Example.com", "example.com"),
            ("b\u{fc}cher.example", "xn--bcher-kva.example"),
            ("2001:db8::1", "[2001:db8::1]"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(host(name).ok().as_deref(), Some(expected), "{name}");
        }
        for name in ["", "http://10.0.0.1", "10.0.0.1:8080", "a/b", "a@b", "a?b"] {
            let error = host(name).unwrap_err().to_string();
            assert!(
                error.starts_with("allow_plain_http is not a host"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_document_without_servers_needs_an_address() {
        assert!(
            base_url(None, None, None)
                .unwrap_err()
                .to_string()
                .starts_with("base_url is not set")
        );
    }
}
