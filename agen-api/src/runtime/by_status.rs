//! What an operation answers where that depends on the status.

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::error::Error;

/// What the server says where a call fails, for an operation whose failures all have one type of body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure<T> {
    /// The status, and the body as the API describes it.
    Described(StatusCode, T),
    /// A body that is not as the API describes it.
    Unknown {
        /// Status of the answer.
        status: StatusCode,
        /// Body of the answer: its first 64 KiB.
        body: Bytes,
    },
}

impl<T: DeserializeOwned> Failure<T> {
    /// What the server said; none where there was no answer, or one of success.
    pub fn of(error: &Error) -> Option<Self> {
        let answer = Failed::of(error)?;
        Some(match answer.json() {
            Some(body) => Self::Described(answer.status, body),
            None => Self::Unknown {
                status: answer.status,
                body: answer.bytes(),
            },
        })
    }
}

/// The answer of a failed call.
pub(crate) struct Failed<'a> {
    pub(crate) status: StatusCode,
    body: &'a Bytes,
}

impl<'a> Failed<'a> {
    /// None where there was no answer, or one of success.
    pub(crate) fn of(error: &'a Error) -> Option<Self> {
        let (status, body) = error.failure()?;
        Some(Self { status, body })
    }

    /// The body as JSON, where it fits.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body).ok()
    }

    /// The body as text, where it is UTF-8.
    pub(crate) fn text(&self) -> Option<String> {
        std::str::from_utf8(self.body).ok().map(str::to_owned)
    }

    /// The body as it is.
    pub(crate) fn bytes(&self) -> Bytes {
        self.body.clone()
    }
}

/// `error_by_status!(GetThingError, { 404 => NotFound json, 500..=599 => ServerError at_none })`: `of`, which
/// reads the answer of an error. After a variant stands what it holds (`json`, `text`, `bytes` or `none`), with
/// `at_` before it where the status stands first in it.
macro_rules! error_by_status {
    ($name:ident, { $($status:pat => $variant:ident $how:ident),* $(,)? }) => {
        impl $name {
            /// What the server said; none where there was no answer, or one of success.
            pub fn of(error: &Error) -> ::std::option::Option<Self> {
                let answer = Failed::of(error)?;
                #[allow(unreachable_patterns)]
                let described = match answer.status.as_u16() {
                    $($status => error_by_status!(@$how $variant answer),)*
                    _ => ::std::option::Option::None,
                };
                ::std::option::Option::Some(described.unwrap_or_else(|| Self::Unknown {
                    status: answer.status,
                    body: answer.bytes(),
                }))
            }
        }
    };
    (@json $variant:ident $answer:ident) => {
        $answer.json().map(Self::$variant)
    };
    (@text $variant:ident $answer:ident) => {
        $answer.text().map(Self::$variant)
    };
    (@bytes $variant:ident $answer:ident) => {
        ::std::option::Option::Some(Self::$variant($answer.bytes()))
    };
    (@none $variant:ident $answer:ident) => {
        ::std::option::Option::Some(Self::$variant)
    };
    (@at_json $variant:ident $answer:ident) => {
        $answer.json().map(|body| Self::$variant($answer.status, body))
    };
    (@at_text $variant:ident $answer:ident) => {
        $answer.text().map(|body| Self::$variant($answer.status, body))
    };
    (@at_bytes $variant:ident $answer:ident) => {
        ::std::option::Option::Some(Self::$variant($answer.status, $answer.bytes()))
    };
    (@at_none $variant:ident $answer:ident) => {
        ::std::option::Option::Some(Self::$variant($answer.status))
    };
}
pub(crate) use error_by_status;

/// `answer_by_status!(GetThingAnswer, { 200 => Ok json, 202 => Accepted none })`: what a call needs to read an
/// answer. After a variant stands what it holds, as in [`error_by_status`], and `download` for a body that is
/// given as it comes.
macro_rules! answer_by_status {
    ($name:ident, { $($status:pat => $variant:ident $how:ident),* $(,)? }) => {
        impl $name {
            fn is_streamed(status: u16) -> bool {
                match status {
                    $($status => answer_by_status!(@is_streamed $how),)*
                    _ => false,
                }
            }

            fn read(answer: Answered<'_>) -> ::std::result::Result<Self, Error> {
                let status = answer.status();
                ::std::result::Result::Ok(match status.as_u16() {
                    $($status => answer_by_status!(@$how $variant answer status),)*
                    _ => Self::Unknown { status, body: answer.bytes() },
                })
            }
        }
    };
    (@is_streamed download) => { true };
    (@is_streamed at_download) => { true };
    (@is_streamed $how:ident) => { false };
    (@json $variant:ident $answer:ident $status:ident) => { Self::$variant($answer.json()?) };
    (@text $variant:ident $answer:ident $status:ident) => { Self::$variant($answer.text()?) };
    (@download $variant:ident $answer:ident $status:ident) => { Self::$variant($answer.download()) };
    (@none $variant:ident $answer:ident $status:ident) => { Self::$variant };
    (@at_json $variant:ident $answer:ident $status:ident) => { Self::$variant($status, $answer.json()?) };
    (@at_text $variant:ident $answer:ident $status:ident) => { Self::$variant($status, $answer.text()?) };
    (@at_download $variant:ident $answer:ident $status:ident) => { Self::$variant($status, $answer.download()) };
    (@at_none $variant:ident $answer:ident $status:ident) => { Self::$variant($status) };
}
pub(crate) use answer_by_status;
