//! Server-sent events, as the
//! [HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
//! reads them.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;

use super::{download::Download, error::Error};

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What the server calls it; `message` where it says nothing.
    pub event: String,
    /// Its lines of data, with a line feed between one and the next.
    pub data: String,
    /// The last id that the server gave, with this event or an earlier one; empty where there was none.
    pub id: String,
    /// How long the server asks to wait before connecting again, as it said last. Nobody does so here.
    pub retry: Option<Duration>,
}

/// The server-sent events of an answer as they come: what [`Download::events`] gives.
///
/// It is a [`Stream`]; [`next`](Self::next) is there so that no other crate is needed for a loop. An event that
/// the end of the answer cuts off is left out.
///
/// # Errors
///
/// Those of [`Download`], and [`TooLarge`](super::ErrorKind::TooLarge) where one event is longer than the limit
/// of the client ([`max_response_bytes`](super::ClientBuilder::max_response_bytes)).
#[must_use = "the events are not read yet"]
pub struct Events {
    /// None after the end.
    download: Option<Download>,
    parser: Parser,
    /// What the end was, where events that came before it are still to be given.
    failure: Option<Error>,
}

impl Events {
    pub(super) fn new(download: Download) -> Self {
        Self {
            parser: Parser::new(download.limit()),
            download: Some(download),
            failure: None,
        }
    }

    /// The next event; none at the end of the answer, and after an error.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Events {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.parser.events.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            let this = &mut *self;
            let Some(download) = &mut this.download else {
                return Poll::Ready(this.failure.take().map(Err));
            };
            this.failure = match ready!(Pin::new(&mut *download).poll_next(context)) {
                Some(Ok(bytes)) => match this.parser.read(&bytes) {
                    Ok(()) => continue,
                    Err(TooLong) => Some(download.too_large(Bytes::new())),
                },
                Some(Err(error)) => Some(error),
                None => None,
            };
            this.download = None;
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// More of an event came than is kept at once.
#[derive(Debug, PartialEq)]
struct TooLong;

/// Makes events of bytes, wherever they are cut.
#[derive(Default)]
struct Parser {
    limit: usize,
    /// Whether the first line is over, which a byte order mark can stand before.
    begun: bool,
    /// Whether the last byte was a carriage return, so that a line feed belongs to it.
    after_return: bool,
    /// The line that has not ended.
    line: Vec<u8>,
    name: String,
    data: String,
    id: String,
    retry: Option<Duration>,
    events: VecDeque<Event>,
}

impl Parser {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            if mem::take(&mut self.after_return) && *first == b'\n' {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
            if self.line.len() + line.len() + self.name.len() + self.data.len() > self.limit {
                return Err(TooLong);
            }
            self.line.extend_from_slice(line);
            rest = after;
            if let Some((end, after)) = after.split_first() {
                self.after_return = *end == b'\r';
                rest = after;
                self.end_line();
            }
        }
        Ok(())
    }

    fn end_line(&mut self) {
        let line = mem::take(&mut self.line);
        let mut text = line.as_slice();
        if !mem::replace(&mut self.begun, true) {
            text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        }
        let text = String::from_utf8_lossy(text);
        if text.is_empty() {
            return self.end_event();
        }
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let time = value.parse().ok().map(Duration::from_millis);
                self.retry = time.or(self.retry);
            }
            // A comment, or nothing that is known.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let (name, mut data) = (mem::take(&mut self.name), mem::take(&mut self.data));
        if data.pop().is_none() {
            return;
        }
        self.events.push_back(Event {
            event: if name.is_empty() {
                "message".to_owned()
            } else {
                name
            },
            data,
            id: self.id.clone(),
            retry: self.retry,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event: &str, data: &str, id: &str) -> Event {
        Event {
            event: event.to_owned(),
            data: data.to_owned(),
            id: id.to_owned(),
            retry: None,
        }
    }

    /// The events of a text that comes in pieces of `size` bytes.
    fn events(text: &[u8], size: usize) -> Vec<Event> {
        let mut parser = Parser::new(64);
        for piece in text.chunks(size) {
            parser.read(piece).unwrap();
        }
        parser.events.into()
    }

    #[test]
    fn every_end_of_a_line_is_one_wherever_the_text_is_cut() {
        let text = "\u{feff}data: a\rdata:b\r\n\r\n: comment\nid: 1\nevent: x\ndata: é\n\r\rid\ndata:  two\n\ndata: cut";
        let expected = [
            event("message", "a\nb", ""),
            event("x", "é", "1"),
            event("message", " two", ""),
        ];
        for size in 1..text.len() {
            assert_eq!(events(text.as_bytes(), size), expected, "{size}");
        }
    }

    #[test]
    fn what_means_nothing_is_left_out() {
        let text = b"event: x\n\nretry: 1x\nid: a\0\nother: 1\ndata\n\nretry: 5\ndata\ndata\n\n";
        let mut with_retry = event("message", "\n", "");
        with_retry.retry = Some(Duration::from_millis(5));
        assert_eq!(events(text, 7), [event("message", "", ""), with_retry]);
    }

    #[test]
    fn an_event_without_end_is_an_error() {
        let mut parser = Parser::new(16);
        assert_eq!(parser.read(b"data: 12345\n"), Ok(()));
        assert_eq!(parser.read(b"data: 123456"), Err(TooLong));
        assert_eq!(Parser::new(16).read(&[b'a'; 17]), Err(TooLong));
    }
}
