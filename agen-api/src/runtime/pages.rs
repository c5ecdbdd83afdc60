//! Lists that come page by page: a stream over the items of all of them.

use std::{
    collections::HashSet,
    fmt,
    future::poll_fn,
    hash::{BuildHasher as _, RandomState},
    mem,
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use futures_core::Stream;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::error::Error;

/// The items of a list that comes page by page, in the order of the server.
///
/// A page is asked for when the items of the one before it are used up, so that nothing is sent before the
/// first item is asked for, and nothing after the stream is dropped. The stream ends after the page that names
/// no next one. An error is the last item: that of the call of a page, or one of kind
/// [`Decode`](super::ErrorKind::Decode) where the server names a page that was read before.
#[must_use = "nothing is sent until the stream is polled"]
pub struct ItemStream<'a, T> {
    operation: &'static str,
    fetch: Box<dyn FnMut(Value) -> Reading<'a, T> + Send + 'a>,
    ready: vec::IntoIter<T>,
    state: State<'a, T>,
    /// Hashes of the cursors so far, so that a server cannot lead in a circle.
    seen: HashSet<u64>,
    hasher: RandomState,
}

/// Items, and the cursor of the page after them.
type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<(Vec<T>, Value), Error>> + Send + 'a>>;

enum State<'a, T> {
    /// The cursor of the page to read; null for the first.
    Next(Value),
    Reading(Reading<'a, T>),
    /// What is to be told after the items that are there.
    Failed(Error),
    Ended,
}

impl<'a, T> ItemStream<'a, T> {
    /// For generated code: `fetch` calls `operation` with a cursor, or as the caller has made the call where
    /// there is none, and gives the items and the next cursor. A cursor that is null or empty ends the list.
    pub(crate) fn new<C, N, F, Page>(operation: &'static str, mut fetch: F) -> Self
    where
        C: DeserializeOwned,
        N: Serialize,
        F: FnMut(Option<C>) -> Page + Send + 'a,
        Page: Future<Output = Result<(Vec<T>, Option<N>), Error>> + Send + 'a,
    {
        let fetch = move |cursor| -> Reading<'a, T> {
            let page = serde_json::from_value(cursor).map(&mut fetch);
            Box::pin(async move {
                let unfit =
                    |_| Error::astray(operation, "the cursor of the next page does not fit");
                let (items, next) = page.map_err(unfit)?.await?;
                let next = serde_json::to_value(next).map_err(unfit)?;
                Ok((items, next))
            })
        };
        Self {
            operation,
            fetch: Box::new(fetch),
            ready: Vec::new().into_iter(),
            state: State::Next(Value::Null),
            seen: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// The next item; none after the last. Dropping the future loses no item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What is to be done after a page.
    fn after(&mut self, next: Value) -> State<'a, T> {
        if next.is_null() || next == "" {
            return State::Ended;
        }
        if self.seen.insert(self.hasher.hash_one(&next)) {
            State::Next(next)
        } else {
            let text = "the server names a page as the next one that was read already";
            State::Failed(Error::astray(self.operation, text))
        }
    }
}

// The items are moved out, and never pinned.
impl<T> Unpin for ItemStream<'_, T> {}

impl<T> Stream for ItemStream<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            this.state = match mem::replace(&mut this.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Next(cursor) => State::Reading((this.fetch)(cursor)),
                State::Reading(mut reading) => match reading.as_mut().poll(context) {
                    Poll::Pending => {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok((items, next))) => {
                        this.ready = items.into_iter();
                        this.after(next)
                    }
                },
            };
        }
    }
}

impl<T> fmt::Debug for ItemStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("operation", &self.operation)
            .field("ready", &self.ready.len())
            .field("ended", &matches!(self.state, State::Ended))
            .finish_non_exhaustive()
    }
}
