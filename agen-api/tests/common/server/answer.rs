//! What a server answers a request with, down to how it ends the connection.

use std::{net::SocketAddr, time::Duration};

/// What a server does with a request: bytes that it sends, and what follows them.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// What follows the bytes of an answer.
#[derive(Clone)]
pub(super) enum End {
    /// The connection waits for the next request.
    Open,
    /// The connection is closed in order.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, until the client goes away.
    Silence,
    /// These bytes, one at a time, with so much time between one and the next; then the end.
    Drip(Vec<u8>, Duration),
    /// The same bytes over and over, until the client goes away.
    Endless(Vec<u8>),
    /// What follows on the connection is passed on to this address, and back.
    Tunnel(SocketAddr),
}

impl Answer {
    fn with_end(bytes: impl Into<Vec<u8>>, end: End) -> Self {
        Self {
            bytes: bytes.into(),
            end,
        }
    }

    /// A complete answer with a status line such as `200 OK`, after which the connection stays open.
    pub(crate) fn new(status: &str, headers: &[&str], body: &str) -> Self {
        let mut answer = format!("HTTP/1.1 {status}\r\n");
        for header in headers {
            answer.push_str(&format!("{header}\r\n"));
        }
        answer.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        Self::with_end(answer, End::Open)
    }

    /// An answer of 200 with a JSON body, after which the connection stays open.
    pub(crate) fn json(body: &str) -> Self {
        Self::new("200 OK", &["content-type: application/json"], body)
    }

    /// These bytes, after which the connection is closed.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::with_end(bytes, End::Close)
    }

    /// No byte, and a reset.
    pub(crate) fn reset() -> Self {
        Self::raw("").then_reset()
    }

    /// No byte, and no end.
    pub(crate) fn silence() -> Self {
        Self::raw("").then_silence()
    }

    /// The answer of a proxy that makes a tunnel to this address.
    pub(crate) fn tunnel(target: SocketAddr) -> Self {
        Self::with_end("HTTP/1.1 200 OK\r\n\r\n", End::Tunnel(target))
    }

    /// The same answer, which says that the connection is closed, and closes it.
    pub(crate) fn closing(self) -> Self {
        let text = String::from_utf8(self.bytes).unwrap();
        let text = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        Self::raw(text)
    }

    /// The same bytes, and those of another answer that nobody has asked for.
    pub(crate) fn followed_by(mut self, surplus: &Self) -> Self {
        self.bytes.extend_from_slice(&surplus.bytes);
        self
    }

    /// The same bytes, after which the connection is closed although they do not say so.
    pub(crate) fn then_close(mut self) -> Self {
        self.end = End::Close;
        self
    }

    /// The same bytes, after which the connection is reset.
    pub(crate) fn then_reset(mut self) -> Self {
        self.end = End::Reset;
        self
    }

    /// The same bytes, after which nothing more comes.
    pub(crate) fn then_silence(mut self) -> Self {
        self.end = End::Silence;
        self
    }

    /// The same bytes, and then these over and over.
    pub(crate) fn then_endless(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.end = End::Endless(bytes.into());
        self
    }

    /// The same bytes, and then these, one at a time, with so much time in between.
    pub(crate) fn then_drip(mut self, bytes: impl Into<Vec<u8>>, pace: Duration) -> Self {
        self.end = End::Drip(bytes.into(), pace);
        self
    }
}
