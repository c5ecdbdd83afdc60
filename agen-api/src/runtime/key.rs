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
            text.replace(self.0.as_str(), "[API key]")
        }
    }
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
        assert_eq!(ApiKey::new("k".to_owned()).redact("look"), "look");
        assert_eq!(
            format!("{:?}", ApiKey::new("canary-1".to_owned())),
            "ApiKey(..)"
        );
    }
}
