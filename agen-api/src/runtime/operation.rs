//! What generated code says about an operation.

use reqwest::Method;

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    /// Its name, which is that of the client's method.
    pub(crate) id: &'a str,
    /// Its method.
    pub(crate) method: Method,
    /// Its path template, such as `/sessions/{sessionId}`; begins with a slash. Empty where there is none,
    /// since the caller gives the path.
    pub(crate) path: &'a str,
    /// Whether doing it twice is the same as doing it once, as
    /// [RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2) has it: it is tried
    /// again also where the server may have acted on it.
    pub(crate) idempotent: bool,
}
