//! The API key, and how it goes out.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use reqwest::header::{COOKIE, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::parameter;

/// Length below which a key is not looked for in text, in bytes.
const SHORTEST_SECRET: usize = 8;

/// How the document says that a caller authenticates: one request header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authentication {
    /// Name of the header, in lower case.
    pub(crate) header: &'static str,
    /// What stands before the key in the header's value, such as `"Bearer "`; the name of a cookie and `=`,
    /// where the header is `cookie`.
    pub(crate) prefix: &'static str,
}

/// How the document says that a caller authenticates: one parameter of the query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryAuthentication {
    /// Name of the parameter.
    pub(crate) name: &'static str,
}

/// How the document says that a caller authenticates: user and password, as
/// [RFC 7617](https://www.rfc-editor.org/rfc/rfc7617) has it. The key is `user:password`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BasicAuthentication;

/// One of the ways to authenticate.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Header(Authentication),
    Query(QueryAuthentication),
    Basic,
}

impl From<Authentication> for Scheme {
    fn from(how: Authentication) -> Self {
        Self::Header(how)
    }
}

impl From<QueryAuthentication> for Scheme {
    fn from(how: QueryAuthentication) -> Self {
        Self::Query(how)
    }
}

impl From<BasicAuthentication> for Scheme {
    fn from(_: BasicAuthentication) -> Self {
        Self::Basic
    }
}

/// What is added to a request for it to be authenticated.
pub(super) enum Credentials {
    /// A header, marked as sensitive.
    Header(HeaderName, HeaderValue),
    /// A parameter of the query. The copies of the key in the URLs that it is sent with are not overwritten.
    Query {
        name: &'static str,
        /// Name and value, percent-encoded.
        pair: Zeroizing<String>,
    },
}

/// An API key. It is never shown: `Debug` prints a placeholder and there is no `Display`. Its memory is
/// overwritten when it is dropped.
pub(super) struct ApiKey {
    key: Zeroizing<String>,
    /// The key as it is sent, where that is another text.
    sent: Option<Zeroizing<String>>,
}

impl ApiKey {
    pub(super) fn new(key: String) -> Self {
        Self {
            key: Zeroizing::new(key),
            sent: None,
        }
    }

    /// What carries the key. The memory of a header is overwritten, too, when the last clone of it is
    /// dropped.
    ///
    /// # Errors
    /// What is wrong with the key, without the key.
    pub(super) fn credentials(&mut self, how: Scheme) -> Result<Credentials, &'static str> {
        if self.key.is_empty() {
            return Err("is empty");
        }
        if self.key.trim() != self.key.as_str() {
            return Err(
                "begins or ends with white space, perhaps the line break of the file it was read from; trim it",
            );
        }
        if !self.key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(
                "holds a character that no HTTP header can carry: only printable ASCII is possible",
            );
        }
        match how {
            Scheme::Header(how) if how.header == COOKIE.as_str() && !is_cookie(&self.key) => Err(
                "holds a character that no cookie can carry: white space, a quote, a comma, a semicolon or \
                     a backslash",
            ),
            Scheme::Header(how) => header(how, &self.key),
            Scheme::Query(QueryAuthentication { name }) => {
                let sent = Zeroizing::new(parameter::encode(&self.key));
                let name_and = parameter::encode(name);
                let mut pair =
                    Zeroizing::new(String::with_capacity(name_and.len() + 1 + sent.len()));
                pair.extend([&name_and, "=", &sent]);
                self.sent = Some(sent);
                Ok(Credentials::Query { name, pair })
            }
            Scheme::Basic => {
                if !self.key.contains(':') {
                    return Err("is no user and password: give both in one text, user:password");
                }
                let sent = Zeroizing::new(BASE64_STANDARD.encode(self.key.as_bytes()));
                let how = Authentication {
                    header: "authorization",
                    prefix: "Basic ",
                };
                let credentials = header(how, &sent)?;
                self.sent = Some(sent);
                Ok(credentials)
            }
        }
    }

    /// `text` without the key, should a server have sent it back.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.sent.iter().chain([&self.key]) {
            // A shorter key, as in a test, protects nothing, and can stand in any word.
            if secret.len() >= SHORTEST_SECRET {
                text = replace(&text, secret.as_bytes(), "[API key]");
            }
        }
        text
    }
}

/// `text` with `mark` wherever `secret` stands in it: as it is, in other case, percent-encoded, or escaped as in
/// JSON. Addresses and messages write it so.
fn replace(text: &str, secret: &[u8], mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // It begins and ends with ASCII, so that the rest begins with a character.
        let found = length(rest.as_bytes(), secret).and_then(|length| rest.get(length..));
        if let Some(after) = found {
            out.push_str(mark);
            rest = after;
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// How many bytes of `text`, from its first, are `secret` in one of its forms.
fn length(text: &[u8], secret: &[u8]) -> Option<usize> {
    let Some((wanted, secret)) = secret.split_first() else {
        return Some(0);
    };
    let hex = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, 16).ok()
    };
    let (byte, read) = match text {
        [b'%', a, b, ..] => (hex(&[*a, *b]), 3),
        [b'\\', b'u', b'0', b'0', a, b, ..] => (hex(&[*a, *b]), 6),
        [b'\\', byte, ..] => (Some(*byte), 2),
        _ => (None, 0),
    };
    let is_wanted = |byte: &u8| byte.eq_ignore_ascii_case(wanted);
    let escaped = byte.filter(is_wanted).and_then(|_| {
        let length = length(text.get(read..)?, secret)?;
        Some(read + length)
    });
    escaped.or_else(|| {
        text.first().filter(|byte| is_wanted(byte))?;
        Some(1 + length(text.get(1..)?, secret)?)
    })
}

/// Whether a text can be the value of a cookie (RFC 6265, section 4.1.1).
fn is_cookie(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\'))
}

/// The value of a header `cookie` that holds the key and the cookies of a call; wiped like the key.
pub(super) fn with_cookies(key: &HeaderValue, cookies: &HeaderValue) -> Option<HeaderValue> {
    let mut value = Zeroizing::new(Vec::with_capacity(cookies.len() + 2 + key.len()));
    value.extend_from_slice(cookies.as_bytes());
    value.extend_from_slice(b"; ");
    value.extend_from_slice(key.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(value)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn header(how: Authentication, text: &str) -> Result<Credentials, &'static str> {
    let name = HeaderName::from_bytes(how.header.as_bytes())
        .map_err(|_| "belongs into a header whose name is not valid")?;
    // One allocation of the final size: growing would leave a copy behind.
    let mut value = Zeroizing::new(Vec::with_capacity(how.prefix.len() + text.len()));
    value.extend_from_slice(how.prefix.as_bytes());
    value.extend_from_slice(text.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(value))
        .map_err(|_| "does not make a valid HTTP header")?;
    value.set_sensitive(true);
    Ok(Credentials::Header(name, value))
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: Authentication = Authentication {
        header: "authorization",
        prefix: "Bearer ",
    };

    #[test]
    fn the_header_has_the_prefix_and_is_marked_as_sensitive() {
        let credentials = ApiKey::new("canary".to_owned()).credentials(BEARER.into());
        let Ok(Credentials::Header(name, value)) = credentials else {
            panic!("no header");
        };
        assert_eq!(
            (name.as_str(), value.to_str().unwrap()),
            ("authorization", "Bearer canary")
        );
        assert_eq!(format!("{value:?}"), "Sensitive");
    }

    #[test]
    fn a_key_in_a_cookie_is_one_cookie() {
        let how = Authentication {
            header: "cookie",
            prefix: "session=",
        };
        let credentials = ApiKey::new("canary==".to_owned()).credentials(how.into());
        let Ok(Credentials::Header(_, value)) = credentials else {
            panic!("no header");
        };
        let all = with_cookies(&value, &HeaderValue::from_static("a=1")).unwrap();
        assert_eq!(all.to_str().unwrap(), "a=1; session=canary==");
        assert!(all.is_sensitive());
        for key in ["canary; a=b", "canary,b", "canary b"] {
            let refused = ApiKey::new(key.to_owned()).credentials(how.into()).err();
            assert!(
                refused.is_some_and(|text| text.contains("no cookie") && !text.contains("canary"))
            );
        }
    }

    #[test]
    fn a_key_is_taken_out_of_text_as_it_is_and_as_it_is_sent() {
        let mut key = ApiKey::new("user:canary".to_owned());
        assert!(key.credentials(Scheme::Basic).is_ok());
        assert_eq!(
            key.redact("dXNlcjpjYW5hcnk= user:canary"),
            "[API key] [API key]"
        );
        let mut key = ApiKey::new("a canary&".to_owned());
        let query = QueryAuthentication { name: "key" };
        assert!(key.credentials(query.into()).is_ok());
        assert_eq!(key.redact("?key=a%20canary%26"), "?key=[API key]");
        let mut key = ApiKey::new("canary-1".to_owned());
        assert!(key.credentials(Scheme::Basic).is_err());
    }

    #[test]
    fn a_key_is_taken_out_of_text_unless_it_is_as_short_as_a_word() {
        assert_eq!(
            ApiKey::new("canary-1".to_owned()).redact("a canary-1."),
            "a [API key]."
        );
        let odd = ApiKey::new(r#"Ab"c d\e-12"#.to_owned());
        for text in [
            r#"é Ab"c d\e-12."#,
            r#"é aB"c d\E-12."#,
            r#"é Ab\"c d\\e-12."#,
            "é ab%22c%20d%5ce-12.",
            r"é \u0041b\u0022c d\\e\u002d12.",
        ] {
            assert_eq!(odd.redact(text), "é [API key].", "{text}");
        }
        let other = r#"Ab"c d\e-1é Ab"c d\e"#;
        assert_eq!(odd.redact(other), other);
        assert_eq!(ApiKey::new("k".to_owned()).redact("look"), "look");
        assert_eq!(
            format!("{:?}", ApiKey::new("canary-1".to_owned())),
            "ApiKey(..)"
        );
    }
}
