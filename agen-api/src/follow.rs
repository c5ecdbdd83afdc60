//! Following a session while the agent works.
//!
//! Written by hand over the operation `list_events`, the only way that is documented to learn what happens
//! in a session.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    future::poll_fn,
    hash::{BuildHasher as _, RandomState},
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use chrono::{DateTime, FixedOffset};
use futures_core::Stream;

use crate::{
    Client, Error, ErrorKind,
    runtime::is_passing,
    types::{SessionEvent, SessionEventStatus, SessionEventType},
};

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);
/// While the agent works, the wait is at most so many times the shortest one.
const BUSY_FACTOR: u32 = 5;
/// So many failures in a row are survived: some eight minutes with the default waits.
const SURVIVED_FAILURES: u32 = 20;
/// A server that asks for more than this is not waited for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(600);

/// A wait longer than a day is a mistake, and has to stay a duration when it is multiplied.
const LONGEST_EVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Anything shorter is a load on the server that shows nothing sooner.
const SHORTEST_EVER: Duration = Duration::from_millis(100);

impl Client {
    /// The events of a session, those of the past first, then each new or changed one as it comes, until the
    /// session is finished or closed.
    ///
    /// ```no_run
    /// # async fn run(client: agen_api::Client) -> Result<(), agen_api::Error> {
    /// let mut events = client.follow_session("ses_1");
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     println!("{} is {}", event.type_, event.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The API offers nothing but the whole timeline, so it is asked for again and again: after 1 second
    /// where something changed, then after 2 seconds, 4 and so on, up to 5 seconds while an event is
    /// `queued` or `processing`, and up to 30 seconds otherwise ([`SessionEvents::poll_interval`]).
    ///
    /// # Order
    ///
    /// The order of the timeline is not documented. Where every event has a `created_at` that is a timestamp
    /// of RFC 3339, events come by it, the oldest first; otherwise in the order of the answer. An event that
    /// changed, such as one that was `queued` and is `completed`, comes again whole. An event that is missing
    /// from one answer and back in the next counts as new.
    ///
    /// # End
    ///
    /// The stream ends after the events of the answer in which the session is over: one with an event of type
    /// `session_finished` or `session_closed` that is not `canceled`, and after which no message came. Whether a finished session goes on after another message is not documented; here
    /// a `user_message` that is not `canceled` and whose time is later is taken to say so. Where the times do
    /// not tell, only one that is still `queued` or `processing` is.
    ///
    /// # Errors
    ///
    /// An error is the last item. One that passes (of kind `Connection` or `Timeout`, or a status of 408,
    /// 429, 500, 502, 503 or 504) is survived up to 20 times in a row, besides the retries of each call, as
    /// long as the timeline was read once before. Others, such as 401 and 404, end the stream at once.
    ///
    /// # Cancellation
    ///
    /// Dropping the future of [`SessionEvents::next`], as `select!` and timeouts do, loses no event. The
    /// stream sets no limit of time by itself.
    pub fn follow_session(&self, session_id: impl Into<String>) -> SessionEvents {
        SessionEvents {
            ready: VecDeque::new(),
            state: State::Idle(Timeline::new(self.clone(), session_id.into())),
        }
    }

    /// Waits until a session is finished or closed, and gives the event that says so: the last of type
    /// `session_finished` or `session_closed`.
    ///
    /// It asks for the timeline as [`follow_session`](Self::follow_session) does, whose documentation says
    /// when a session counts as over and which errors are survived. It sets no limit of time; wrap it in
    /// `tokio::time::timeout` for one.
    ///
    /// # Errors
    ///
    /// Those of [`follow_session`](Self::follow_session).
    pub async fn wait_until_finished(
        &self,
        session_id: impl Into<String>,
    ) -> Result<SessionEvent, Error> {
        let mut timeline = Timeline::new(self.clone(), session_id.into());
        loop {
            if let Some(end) = timeline.read().await?.end {
                return Ok(end);
            }
        }
    }
}

/// The events of a session as they come: what [`Client::follow_session`] gives.
///
/// It is a [`Stream`]; [`next`](Self::next) is there so that no other crate is needed for a loop.
#[must_use = "nothing is asked for until `next` is awaited"]
pub struct SessionEvents {
    ready: VecDeque<SessionEvent>,
    state: State,
}

/// A question that is under way; it gives the timeline back.
type Reading = Pin<Box<dyn Future<Output = (Timeline, Result<News, Error>)> + Send>>;

enum State {
    Idle(Timeline),
    Reading(Reading),
    Ended,
}

impl SessionEvents {
    /// The shortest and the longest wait before the timeline is asked for again; 1 and 30 seconds by default, and
    /// at least 0.1 seconds.
    /// While the agent works, the longest is five times the shortest. Each wait is shortened by a random part
    /// of up to a quarter. Has no effect once the stream was polled.
    pub fn poll_interval(mut self, shortest: Duration, longest: Duration) -> Self {
        if let State::Idle(timeline) = &mut self.state {
            timeline.pace = Pace::new(shortest, longest);
        }
        self
    }

    /// The next event; none after the end. Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Result<SessionEvent, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for SessionEvents {
    type Item = Result<SessionEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            self.state = match mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Idle(mut timeline) => State::Reading(Box::pin(async move {
                    let news = timeline.read().await;
                    (timeline, news)
                })),
                State::Reading(mut reading) => match reading.as_mut().poll(context) {
                    Poll::Pending => {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready((_, Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready((timeline, Ok(news))) => {
                        self.ready.extend(news.events);
                        match news.end {
                            Some(_) => State::Ended,
                            None => State::Idle(timeline),
                        }
                    }
                },
            };
        }
    }
}

impl fmt::Debug for SessionEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEvents")
            .field("ready", &self.ready.len())
            .field("ended", &matches!(self.state, State::Ended))
            .finish_non_exhaustive()
    }
}

/// The timeline of a session, and what of it is known.
struct Timeline {
    client: Client,
    session_id: String,
    pace: Pace,
    /// Hashes of the events of the last answer, by their ids; none before the first answer. Only the last
    /// answer is kept, so that a server cannot make it grow.
    known: Option<HashMap<String, u64>>,
    hasher: RandomState,
}

/// What an answer brought.
struct News {
    /// New and changed events, in order.
    events: Vec<SessionEvent>,
    /// The event with which the session was over.
    end: Option<SessionEvent>,
}

impl Timeline {
    fn new(client: Client, session_id: String) -> Self {
        Self {
            client,
            session_id,
            pace: Pace::new(SHORTEST, LONGEST),
            known: None,
            hasher: RandomState::new(),
        }
    }

    /// Waits as long as is due and reads the timeline, again where it fails in a way that passes.
    async fn read(&mut self) -> Result<News, Error> {
        loop {
            if let Some(wait) = self.pace.wait(self.client.inner.time.random()) {
                self.client.inner.time.sleep(wait).await;
            }
            match self.client.list_events(&self.session_id).send().await {
                Ok(events) => return Ok(self.take(events)),
                Err(error) => self.pace.survive(error, self.known.is_some())?,
            }
        }
    }

    fn take(&mut self, mut events: Vec<SessionEvent>) -> News {
        let is_ordered = sort(&mut events);
        let end = end(&events, is_ordered).cloned();
        let is_busy = events.iter().any(|event| {
            matches!(
                event.status,
                SessionEventStatus::Queued | SessionEventStatus::Processing
            )
        });
        let mut known = HashMap::with_capacity(events.len());
        for event in &events {
            // Of two events with one id the later counts.
            known.insert(event.id.clone(), self.hash(event));
        }
        let before = self.known.take().unwrap_or_default();
        let mut told = HashSet::new();
        let mut news: Vec<SessionEvent> = events
            .into_iter()
            .rev()
            .filter(|event| told.insert(event.id.clone()))
            .filter(|event| before.get(&event.id) != known.get(&event.id))
            .collect();
        news.reverse();
        self.known = Some(known);
        self.pace.answered(!news.is_empty(), is_busy);
        News { events: news, end }
    }

    fn hash(&self, event: &SessionEvent) -> u64 {
        // An event holds text, numbers and JSON, which serialize; should one not, it counts as unchanged.
        let text = serde_json::to_vec(event).unwrap_or_default();
        self.hasher.hash_one(text)
    }
}

/// By time, the oldest first, where every event has one; as they are otherwise. Whether they have.
fn sort(events: &mut Vec<SessionEvent>) -> bool {
    let times: Option<Vec<DateTime<FixedOffset>>> = events.iter().map(time).collect();
    let Some(times) = times else { return false };
    if times.is_sorted() {
        return true;
    }
    let mut timed: Vec<_> = times.into_iter().zip(mem::take(events)).collect();
    if timed.is_sorted_by(|(one, _), (other, _)| one >= other) {
        // The newest first: events of the same time stand the other way round, too.
        timed.reverse();
    } else {
        timed.sort_by_key(|(time, _)| *time);
    }
    events.extend(timed.into_iter().map(|(_, event)| event));
    true
}

fn time(event: &SessionEvent) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(event.created_at.as_deref()?).ok()
}

/// The event with which the session was over, if it is.
fn end(events: &[SessionEvent], is_ordered: bool) -> Option<&SessionEvent> {
    use SessionEventStatus::{Canceled, Processing, Queued};
    let end = events.iter().rev().find(|event| {
        matches!(
            event.type_,
            SessionEventType::SessionFinished | SessionEventType::SessionClosed
        ) && event.status != Canceled
    })?;
    let goes_on = |message: &SessionEvent| match message.status {
        Canceled => false,
        _ if is_ordered => time(message) > time(end),
        Queued | Processing => true,
        _ => false,
    };
    let mut messages = events
        .iter()
        .filter(|event| event.type_ == SessionEventType::UserMessage);
    (!messages.any(goes_on)).then_some(end)
}

/// How long to wait before the timeline is asked for again.
struct Pace {
    shortest: Duration,
    longest: Duration,
    /// None before the first question.
    next: Option<Duration>,
    failures: u32,
}

impl Pace {
    fn new(shortest: Duration, longest: Duration) -> Self {
        let shortest = shortest.clamp(SHORTEST_EVER, LONGEST_EVER);
        let longest = longest.min(LONGEST_EVER);
        Self {
            shortest,
            longest: longest.max(shortest),
            next: None,
            failures: 0,
        }
    }

    /// The wait that is due, shortened by a random part, so that many clients do not ask in step.
    fn wait(&self, random: f64) -> Option<Duration> {
        Some(self.next?.mul_f64(0.75 + 0.25 * random.clamp(0.0, 1.0)))
    }

    fn answered(&mut self, is_changed: bool, is_busy: bool) {
        self.failures = 0;
        let longest = if is_busy {
            self.longest.min(self.shortest.saturating_mul(BUSY_FACTOR))
        } else {
            self.longest
        };
        self.next = Some(match self.next {
            Some(last) if !is_changed => last.saturating_mul(2).clamp(self.shortest, longest),
            _ => self.shortest,
        });
    }

    /// Prepares for another question after `error`.
    ///
    /// # Errors
    /// `error`, when it is not to be survived.
    fn survive(&mut self, error: Error, was_answered: bool) -> Result<(), Error> {
        let passes = match error.kind() {
            ErrorKind::Connection | ErrorKind::Timeout => true,
            ErrorKind::Status => error.status().is_some_and(is_passing),
            _ => false,
        };
        let asked = error.retry_after().unwrap_or_default();
        self.failures += 1;
        if !was_answered
            || !passes
            || self.failures > SURVIVED_FAILURES
            || asked > LONGEST_RETRY_AFTER
        {
            return Err(error);
        }
        let doubled = self
            .shortest
            .saturating_mul(2_u32.saturating_pow(self.failures - 1));
        // A third more, of which `wait` takes away at most a quarter.
        self.next = Some(doubled.min(self.longest).max(asked.saturating_mul(4) / 3));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(id: &str, kind: &str, created_at: &str) -> SessionEvent {
        let event = json!({
            "id": id, "session_id": "ses_1", "type": kind, "status": "completed",
            "payload": {"type": kind}, "created_at": created_at,
        });
        serde_json::from_value(event).unwrap()
    }

    fn ids(events: &[SessionEvent]) -> String {
        events.iter().map(|event| event.id.as_str()).collect()
    }

    #[test]
    fn events_come_by_time_where_all_have_one() {
        for (times, expected) in [
            (
                [
                    "2025-01-01T00:00:01Z",
                    "2025-01-01T00:00:02Z",
                    "2025-01-01T00:00:03Z",
                ],
                "abc",
            ),
            (
                [
                    "2025-01-01T00:00:03Z",
                    "2025-01-01T00:00:02Z",
                    "2025-01-01T00:00:01Z",
                ],
                "cba",
            ),
            (
                [
                    "2025-01-01T00:00:02Z",
                    "2025-01-01T00:00:02Z",
                    "2025-01-01T00:00:01Z",
                ],
                "cba",
            ),
            (
                [
                    "2025-01-01T00:00:02Z",
                    "2025-01-01T00:00:01Z",
                    "2025-01-01T00:00:02Z",
                ],
                "bac",
            ),
            (
                [
                    "2025-01-01T00:00:01Z",
                    "2025-01-01T00:00:01Z",
                    "2025-01-01T00:00:01Z",
                ],
                "abc",
            ),
            (
                [
                    "2025-01-01T01:00:00+01:00",
                    "2025-01-01T00:00:01Z",
                    "2024-12-31T23:59:59Z",
                ],
                "cab",
            ),
            (
                ["2025-01-01T00:00:03Z", "yesterday", "2025-01-01T00:00:01Z"],
                "abc",
            ),
        ] {
            let mut events: Vec<_> = ["a", "b", "c"]
                .into_iter()
                .zip(times)
                .map(|(id, time)| event(id, "agent_message", time))
                .collect();
            sort(&mut events);
            assert_eq!(ids(&events), expected, "{times:?}");
        }
    }

    #[test]
    fn a_session_is_over_unless_a_message_came_later() {
        let over_with = |events: [(&str, &str); 3], times: [u8; 3], is_ordered| {
            let events: Vec<_> = events
                .into_iter()
                .zip(times)
                .enumerate()
                .map(|(index, ((kind, status), second))| {
                    let time = format!("2025-01-01T00:00:{second:02}Z");
                    let mut event = event(&index.to_string(), kind, &time);
                    event.status = status.into();
                    event
                })
                .collect();
            end(&events, is_ordered).map(|event| event.id.clone())
        };
        let (finished, closed) = ("session_finished", "session_closed");
        let (message, reply) = ("user_message", "agent_message");
        let done = "completed";
        for (events, ordered, unordered) in [
            (
                [(reply, done), (finished, done), (reply, done)],
                Some("1"),
                Some("1"),
            ),
            (
                [(finished, done), (closed, done), ("a_new_type", "new")],
                Some("1"),
                Some("1"),
            ),
            (
                [(finished, done), (message, done), (reply, done)],
                None,
                Some("0"),
            ),
            (
                [(finished, done), (message, "queued"), (reply, done)],
                None,
                None,
            ),
            (
                [(finished, done), (message, "canceled"), (reply, done)],
                Some("0"),
                Some("0"),
            ),
            (
                [(finished, done), (message, done), (finished, done)],
                Some("2"),
                Some("2"),
            ),
            (
                [(message, done), (finished, "canceled"), (reply, done)],
                None,
                None,
            ),
            (
                [(message, done), (finished, "paused"), (reply, done)],
                Some("1"),
                Some("1"),
            ),
            ([(reply, done), (reply, done), (reply, done)], None, None),
        ] {
            assert_eq!(
                over_with(events, [1, 2, 3], true).as_deref(),
                ordered,
                "{events:?}"
            );
            assert_eq!(
                over_with(events, [0, 0, 0], false).as_deref(),
                unordered,
                "{events:?}"
            );
        }
        // A message of the same second is not later.
        let events = [(finished, done), (message, done), (reply, done)];
        assert_eq!(over_with(events, [1, 1, 1], true).as_deref(), Some("0"));
    }

    #[test]
    fn waits_grow_while_nothing_changes() {
        let seconds = |pace: &Pace| pace.wait(1.0).map(|wait| wait.as_secs());
        let mut pace = Pace::new(SHORTEST, LONGEST);
        assert_eq!(seconds(&pace), None);
        let mut waits = |is_changed, is_busy| {
            pace.answered(is_changed, is_busy);
            seconds(&pace).unwrap()
        };
        assert_eq!(
            [(); 7].map(|()| waits(false, false)),
            [1, 2, 4, 8, 16, 30, 30]
        );
        assert_eq!(waits(false, true), 5);
        assert_eq!(waits(true, true), 1);
        assert_eq!([(); 4].map(|()| waits(false, true)), [2, 4, 5, 5]);
    }
}
