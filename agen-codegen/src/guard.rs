//! The border at which a panic becomes words.

use std::{cell::Cell, panic, sync::Once, thread};

/// Address space for the stack; only what is used is ever backed by memory. Types nest as deep as
/// the document, and each level costs progenitor several large frames.
const STACK_BYTES: usize = 256 << 20;

thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });

/// Runs work on a thread with a stack of its own, and gives the message of a panic as the error.
///
/// Nothing is printed on standard error for such a panic: the caller reports it.
pub(crate) fn guarded<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    thread::scope(|scope| {
        let worker = spawn(scope, work)?;
        worker.join().map_err(|payload| {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("a panic without words")
                .to_owned()
        })
    })
}

/// Does two things at a time, both inside [`guarded`]. A panic in either goes on to there.
pub(crate) fn in_parallel<A, B: Send>(
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    thread::scope(|scope| {
        let worker = spawn(scope, other).unwrap_or_else(|error| panic!("{error}"));
        let one = one();
        match worker.join() {
            Ok(other) => (one, other),
            Err(payload) => panic::resume_unwind(payload),
        }
    })
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<thread::ScopedJoinHandle<'scope, T>, String> {
    let quiet = || {
        QUIET.set(true);
        work()
    };
    let builder = thread::Builder::new().stack_size(STACK_BYTES);
    let worker = builder.spawn_scoped(scope, quiet);
    worker.map_err(|error| format!("no thread could be started: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{guarded, in_parallel};

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(guarded(|| 1), Ok(1));
        assert_eq!(
            guarded(|| panic!("with {}", "words")),
            Err::<(), _>("with words".to_owned())
        );
        assert_eq!(
            guarded(|| std::panic::panic_any(1)),
            Err::<(), _>("a panic without words".to_owned())
        );
    }
    #[test]
    fn two_things_are_done_and_a_panic_in_either_goes_on() {
        assert_eq!(guarded(|| in_parallel(|| 1, || 2)), Ok((1, 2)));
        let words = Err::<((), ()), _>("with words".to_owned());
        assert_eq!(
            guarded(|| in_parallel(|| (), || panic!("with words"))),
            words
        );
        assert_eq!(
            guarded(|| in_parallel(|| panic!("with words"), || ())),
            words
        );
    }
}
