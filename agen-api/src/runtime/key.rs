//! The API key, and how it goes out.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

/// Length below which a key is not looked for in text, in bytes.
const SHORTEST_SECRET: usize = 8;

/// How the document says that a caller authenticates: one request header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authentication {
    /// Name of the header, in lower case.
    pub(crate) header: &'static str,
    /// What stands before the key in the header's value, such as `"Bearer "`.
    pub(crate) prefix: &'static str,
}

/// An API key. It is never shown: `Debug` prints a placeholder and there is no `Display`. Its memory is
/// overwritten when it is dropped.
pub(super) struct ApiKey(Zeroizing<String>);

impl ApiKey {
    pub(super) fn new(key: String) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The header that carries the key, marked as sensitive. Its memory is overwritten, too, when the last
    /// clone of it is dropped.
    ///
    /// # Errors
    /// What is wrong with the key, without the key.
    pub(super) fn header(
        &self,
        how: &Authentication,
    ) -> Result<(HeaderName, HeaderValue), &'static str> {
        if self.0.is_empty() {
            return Err("is empty");
        }
        if self.0.trim() != self.0.as_str() {
            return Err(
                "begins or ends with white space, perhaps the line break of the file it was read from; trim it",
            );
        }
        if !self.0.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(
                "holds a character that no HTTP header can carry: only printable ASCII is possible",
            );
        }
        let name = HeaderName::from_bytes(how.header.as_bytes())
            .map_err(|_| "belongs into a header whose name is not valid")?;
        // One allocation of the final size: growing would leave a copy behind.
        let mut value = Zeroizing::new(Vec::with_capacity(how.prefix.len() + self.0.len()));
        value.extend_from_slice(how.prefix.as_bytes());
        value.extend_from_slice(self.0.as_bytes());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(value))
            .map_err(|_| "does not make a valid HTTP header")?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    /// `text` without the key, should a server have sent it back.
    pub(super) fn redact(&self, text: &str) -> String {
        // A shorter key, as in a test, protects nothing, and can stand in any word.
        if self.0.len() < SHORTEST_SECRET {
            text.to_owned()
        } else {
            replace(text, self.0.as_bytes(), "[API key]")
        }
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
        let (name, value) = ApiKey::new("canary".to_owned()).header(&BEARER).unwrap();
        assert_eq!(
            (name.as_str(), value.to_str().unwrap()),
            ("authorization", "Bearer canary")
        );
        assert_eq!(format!("{value:?}"), "Sensitive");
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
