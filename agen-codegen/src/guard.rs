//! The border at which a panic becomes words.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, Once},
    thread,
};

/// The stack of a thread. Types nest as deep as the document, and each level costs progenitor several large
/// frames: the deepest document takes between 4 and 8 MiB without optimization. Of stacks that are not much
/// larger, glibc keeps two for the threads that come next.
const STACK_BYTES: usize = 16 << 20;

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

/// A piece of work for [`each`].
pub(crate) type Work<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// Does pieces of work on some threads, inside [`guarded`], and gives what comes of them in their order. Where
/// some panic, the panic of the first of them goes on, whichever ended first.
pub(crate) fn each<'a, T: Send>(work: Vec<Work<'a, T>>, threads: usize) -> Vec<T> {
    let count = work.len();
    let open = Mutex::new(work.into_iter().enumerate());
    let next = || open.lock().ok().and_then(|mut open| open.next());
    let one = || {
        let mut done = Vec::new();
        while let Some((index, work)) = next() {
            done.push((index, panic::catch_unwind(AssertUnwindSafe(work))));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others = (1..threads.min(count)).map(|_| spawn(scope, one));
        let others: Vec<_> = others.collect();
        let mut done = one();
        // A thread that could not be started has nothing: the others have done its part.
        for other in others.into_iter().flatten() {
            done.extend(other.join().unwrap_or_default());
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    let done = done.into_iter().map(|(_, done)| match done {
        Ok(done) => done,
        Err(payload) => panic::resume_unwind(payload),
    });
    done.collect()
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
    use super::{Work, each, guarded, in_parallel};

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

    #[test]
    fn what_pieces_of_work_give_is_in_their_order() {
        let squares = |threads| {
            let work = (0..50).map(|number| Box::new(move || number * number) as Work<'_, i32>);
            guarded(|| each(work.collect(), threads))
        };
        let expected: Vec<i32> = (0..50).map(|number| number * number).collect();
        assert_eq!(squares(1), Ok(expected.clone()));
        assert_eq!(squares(2), Ok(expected.clone()));
        assert_eq!(squares(100), Ok(expected));
        assert_eq!(guarded(|| each(Vec::<Work<'_, ()>>::new(), 2)), Ok(vec![]));
    }

    #[test]
    fn of_pieces_of_work_that_panic_the_first_is_told_of() {
        // The second is done while the first still waits for it.
        let (done, wait) = std::sync::mpsc::channel::<()>();
        let work: Vec<Work<'_, ()>> = vec![
            Box::new(move || {
                let _ = wait.recv();
                panic!("the first")
            }),
            Box::new(move || {
                let _done = done;
                panic!("the second")
            }),
        ];
        let words = Err::<Vec<()>, _>("the first".to_owned());
        assert_eq!(guarded(|| each(work, 2)), words);
    }
}
