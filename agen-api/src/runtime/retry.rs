//! When a call is tried again, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

/// When a call that failed is tried again.
///
/// By default twice: after up to 0.5 seconds, then after up to 1 second. The longest wait doubles from try to
/// try until it is 8 seconds, and the wait itself is a random part of it (full jitter), so that clients that
/// failed together do not come back together. A `Retry-After` of the server is waited for, up to 60 seconds;
/// where it asks for more, the error is returned at once. A wait that the timeout of the call does not leave
/// time for is not begun.
///
/// What is tried again depends on the operation:
///
/// | failure | idempotent, such as `GET` | others, such as `POST` |
/// |---|---|---|
/// | no connection | yes | yes |
/// | the connection broke, or no answer came within `attempt_timeout` | yes | no |
/// | 429 | yes | yes |
/// | 503 | yes | with `Retry-After` |
/// | 408, 500, 502, 504 | yes | no |
/// | anything else | no | no |
///
/// So a `POST` is sent again only where the server cannot have acted on it, or says that it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_retries: u32,
    first: Duration,
    longest: Duration,
    longest_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            longest_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// No call is tried again.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// How often a call is tried again after the first time; 2 by default.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest wait before the first retry, and before any; 0.5 and 8 seconds by default.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The longest `Retry-After` that is waited for; 60 seconds by default.
    pub fn longest_retry_after(mut self, longest: Duration) -> Self {
        self.longest_retry_after = longest;
        self
    }

    /// Whether a call that was tried `attempts` times may be tried once more.
    fn allows_another(&self, attempts: u32) -> bool {
        attempts <= self.max_retries
    }

    /// Whether a try, the call's `attempts`th, can be cut short after `attempt` so that another one has as
    /// much time.
    pub(super) fn leaves_room(&self, attempts: u32, attempt: Duration, left: Duration) -> bool {
        let needed = attempt
            .saturating_mul(2)
            .saturating_add(self.backoff_cap(attempts));
        self.allows_another(attempts) && needed <= left
    }

    /// How long to wait before another try of a call that was tried `attempts` times; none when there is to
    /// be no other. `left` is what is left of the call's time, `random` a number from 0 to 1.
    pub(super) fn wait(
        &self,
        attempts: u32,
        failure: &Failure,
        left: Duration,
        random: f64,
    ) -> Option<Duration> {
        if !self.allows_another(attempts) || !failure.is_repeatable() {
            return None;
        }
        let asked = failure.retry_after.unwrap_or_default();
        if asked > self.longest_retry_after {
            return None;
        }
        let wait = self.backoff_cap(attempts).mul_f64(random.clamp(0.0, 1.0));
        Some(wait.max(asked)).filter(|wait| *wait < left)
    }

    fn backoff_cap(&self, attempts: u32) -> Duration {
        let factor = 2_u32.checked_pow(attempts.saturating_sub(1));
        factor
            .and_then(|factor| self.first.checked_mul(factor))
            .map_or(self.longest, |wait| wait.min(self.longest))
            // No call has more time than this, and the product with a fraction has to stay a duration.
            .min(Duration::from_secs(u32::MAX.into()))
    }
}

/// A try that failed, as far as it matters for another.
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// Whether the operation is idempotent.
    pub(super) idempotent: bool,
    /// What the server asked for.
    pub(super) retry_after: Option<Duration>,
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// No connection was made, so that nothing was sent.
    NotSent,
    /// The connection broke, or no answer came in time: the server may have acted.
    Unanswered,
    /// The server answered with this status.
    Status(StatusCode),
    /// Trying again would change nothing, or there is no time for it.
    Final,
}

impl Failure {
    fn is_repeatable(&self) -> bool {
        match self.cause {
            Cause::NotSent | Cause::Status(StatusCode::TOO_MANY_REQUESTS) => true,
            Cause::Status(StatusCode::SERVICE_UNAVAILABLE) => {
                self.idempotent || self.retry_after.is_some()
            }
            Cause::Unanswered => self.idempotent,
            Cause::Status(status) => self.idempotent && is_passing(status),
            Cause::Final => false,
        }
    }
}

/// Whether a status tells of trouble that passes by itself.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The time that `Retry-After` asks for, in seconds or as a date
/// ([RFC 9110, section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)); none when it is
/// missing or neither of the two. A date counts from the `Date` of the answer, so that the clock of this
/// machine does not matter, or from `date` where there is none; one that has passed is no time at all.
pub(super) fn retry_after(headers: &HeaderMap, date: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large for its type is as long as anything.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let sent = headers.get(DATE).and_then(|date| date.to_str().ok());
    let sent = sent.and_then(|date| httpdate::parse_http_date(date).ok());
    let date = sent.unwrap_or(date);
    Some(until.duration_since(date).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn wait(cause: Cause, idempotent: bool, retry_after: Option<u64>) -> Option<u128> {
        let failure = Failure {
            cause,
            idempotent,
            retry_after: retry_after.map(Duration::from_secs),
        };
        let wait = RetryPolicy::default().wait(1, &failure, LONG, 1.0);
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn what_is_tried_again_depends_on_the_operation() {
        let status = |code| Cause::Status(StatusCode::from_u16(code).unwrap());
        for (cause, get, post, post_with_retry_after) in [
            (Cause::NotSent, true, true, true),
            (Cause::Unanswered, true, false, false),
            (Cause::Final, false, false, false),
            (status(429), true, true, true),
            (status(503), true, false, true),
            (status(408), true, false, false),
            (status(500), true, false, false),
            (status(502), true, false, false),
            (status(504), true, false, false),
            (status(400), false, false, false),
            (status(409), false, false, false),
            (status(425), false, false, false),
            (status(501), false, false, false),
            (status(505), false, false, false),
        ] {
            assert_eq!(wait(cause, true, None), get.then_some(500), "{cause:?}");
            assert_eq!(wait(cause, false, None), post.then_some(500), "{cause:?}");
            assert_eq!(
                wait(cause, false, Some(3)),
                post_with_retry_after.then_some(3000),
                "{cause:?}"
            );
        }
    }

    #[test]
    fn the_wait_doubles_and_is_a_random_part_of_that() {
        let failure = Failure {
            cause: Cause::NotSent,
            idempotent: false,
            retry_after: None,
        };
        let policy = RetryPolicy::default().max_retries(u32::MAX);
        let waits = [1, 2, 3, 4, 5, 6, 40, u32::MAX]
            .map(|attempts| policy.wait(attempts, &failure, LONG, 1.0).unwrap());
        assert_eq!(
            waits.map(|wait| wait.as_millis()),
            [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]
        );
        for (random, milliseconds) in [(0.0, 0), (0.25, 125), (-1.0, 0), (2.0, 500)] {
            let wait = policy.wait(1, &failure, LONG, random).unwrap();
            assert_eq!(wait.as_millis(), milliseconds);
        }
        let policy = RetryPolicy::default();
        assert!(policy.wait(2, &failure, LONG, 0.0).is_some());
        assert!(policy.wait(3, &failure, LONG, 0.0).is_none());
        assert!(RetryPolicy::none().wait(1, &failure, LONG, 0.0).is_none());
    }

    #[test]
    fn retry_after_is_the_least_wait_and_too_long_a_one_ends_the_call() {
        assert_eq!(wait(Cause::NotSent, true, Some(0)), Some(500));
        assert_eq!(wait(Cause::NotSent, true, Some(60)), Some(60_000));
        assert_eq!(wait(Cause::NotSent, true, Some(61)), None);
        let failure = Failure {
            cause: Cause::NotSent,
            idempotent: true,
            retry_after: Some(Duration::from_secs(5)),
        };
        let policy = RetryPolicy::default();
        assert!(
            policy
                .wait(1, &failure, Duration::from_secs(5), 0.0)
                .is_none()
        );
        assert!(
            policy
                .wait(1, &failure, Duration::from_secs(6), 0.0)
                .is_some()
        );
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_each_form_of_a_date() {
        let date = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:07 GMT").unwrap();
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
            retry_after(&headers, date).map(|wait| wait.as_secs())
        };
        for (text, seconds) in [
            ("1", Some(1)),
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(read(text), seconds, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), date), None);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (DATE, "Sun, 06 Nov 1994 08:49:35 GMT"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        assert_eq!(retry_after(&headers, date), Some(Duration::from_secs(2)));
    }
}
