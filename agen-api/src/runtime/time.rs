//! Clock, waiting and chance, so that a test can put its own in their place.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// Where the runtime gets the time and chance from.
pub(crate) trait Time: Send + Sync {
    /// The clock that deadlines go by.
    fn now(&self) -> Instant;

    /// The clock that dates in headers go by.
    fn date(&self) -> SystemTime;

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// A number from 0 to 1.
    fn random(&self) -> f64;
}

/// A wait that is under way.
pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The clock of the machine, and tokio's timer.
pub(super) struct RealTime;

impl Time for RealTime {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn date(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}

/// `instant`, `duration` later, but no more than a century, since clocks end somewhere.
pub(super) fn later(instant: Instant, duration: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    instant
        .checked_add(duration.min(CENTURY))
        .unwrap_or(instant)
}
