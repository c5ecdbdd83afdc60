//! What generated code stands on: the client, the one path that every request takes, the error, and what
//! values need that the document leaves open.
//!
//! Nothing here is generated, and nothing here knows an operation. The folder refers to itself and to the
//! `generated` module beside it by relative paths only, so that it can stand under any module.
//!
//! A call goes through [`call`] (builds the request, keeps every problem), [`send`] (the only place that
//! talks to the network; [`retry`] decides on another try) and [`decode`].

// Which of these items are used depends on what the document contains.
#![allow(dead_code, unreachable_pub, unused_imports, unused_macros)]

mod builder;
mod by_status;
mod call;
mod call_settings;
mod client;
mod decode;
mod download;
mod error;
mod events;
mod json_path;
mod key;
#[cfg(feature = "mock")]
pub(crate) mod mock;
// Public where the document has bodies of several parts.
#[allow(unreachable_pub)]
mod multipart;
mod nullable;
mod open_enum;
mod open_struct;
mod open_union;
mod operation;
// Public where the document has lists that come page by page.
#[allow(unreachable_pub)]
mod pages;
mod parameter;
mod request;
mod retry;
mod send;
mod settings;
mod text;
mod time;
mod tls;
mod trace;
#[cfg(feature = "mock")]
mod waits;

pub use builder::ClientBuilder;
pub use by_status::Failure;
pub(crate) use by_status::{Failed, answer_by_status, error_by_status};
pub(crate) use call::Call;
pub(crate) use call_settings::{CallSettings, call_settings};
pub use client::Client;
pub(crate) use decode::Answered;
pub use download::Download;
pub use error::{Error, ErrorKind};
pub use events::{Event, Events};
pub(crate) use key::{Authentication, BasicAuthentication, QueryAuthentication};
#[allow(unreachable_pub)]
pub use multipart::Part;
pub use nullable::IntoNullableString;
pub(crate) use nullable::present;
pub use open_enum::UnknownValue;
pub(crate) use open_enum::open_enum;
pub(crate) use open_struct::open_struct;
pub(crate) use open_union::open_union;
pub(crate) use operation::Operation;
#[allow(unreachable_pub)]
pub use pages::ItemStream;
pub(crate) use parameter::Style;
pub use request::Request;
pub use reqwest::Method;
pub use retry::RetryPolicy;
pub(crate) use retry::is_passing;
pub(crate) use time::Sleep;
#[cfg(feature = "mock")]
pub use waits::Waits;
