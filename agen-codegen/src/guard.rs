//! The border at which a panic becomes words.

use std::{cell::Cell, panic, sync::Once, thread};

/// Address space for the stack; only what is used is ever backed by memory. Types nest as deep as
/// the document, and each level costs progenitor several large frames.
const STACK_BYTES: usize = 256 << 20;

/// Runs work on a thread with a stack of its own, and gives the message of a panic as the error.
///
/// Nothing is printed on standard error for such a panic: the caller reports it.
pub(crate) fn guarded<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
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
        let quiet = || {
            QUIET.set(true);
            work()
        };
        let worker = thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, quiet);
        let worker = worker.map_err(|error| format!("no thread could be started: {error}"))?;
        worker.join().map_err(|payload| {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("a panic without words")
                .to_owned()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;

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
}
