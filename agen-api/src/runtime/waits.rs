//! Time that does not pass, for tests.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use super::time::{self, Sleep, Time};

/// The waits of a client, which take no time: a wait ends at once, is noted, and moves the client's clock on.
/// The random part of a wait is always the whole, so that every test sees the same.
///
/// Clones share what they note.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<Mutex<Vec<Duration>>>);

impl Waits {
    /// Every wait so far, in order.
    pub fn taken(&self) -> Vec<Duration> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Time for Waits {
    fn now(&self) -> Instant {
        let waits = self.taken();
        waits.into_iter().fold(Instant::now(), time::later)
    }

    fn date(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(duration);
        // Other tasks get their turn, so that a client that waits again and again does not starve them.
        Box::pin(tokio::time::sleep(Duration::ZERO))
    }

    fn random(&self) -> f64 {
        1.0
    }
}
