//! What generated code says about an operation.

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its name, which is that of the client's method.
    pub(crate) id: &'static str,
    /// Its method.
    pub(crate) method: Method,
    /// Its path template, such as `/sessions/{sessionId}`; begins with a slash.
    pub(crate) path: &'static str,
}

/// The methods that OpenAPI 3.0 knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Delete,
    Get,
    Head,
    Options,
    Patch,
    Post,
    Put,
    Trace,
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Delete => Self::DELETE,
            Method::Get => Self::GET,
            Method::Head => Self::HEAD,
            Method::Options => Self::OPTIONS,
            Method::Patch => Self::PATCH,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Trace => Self::TRACE,
        }
    }
}
