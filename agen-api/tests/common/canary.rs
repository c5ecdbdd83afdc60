//! The API key of every test, and what happens where it is found in the wrong place.

use std::{
    cell::RefCell,
    io::{self, Write as _},
    process,
};

/// The API key of every test: found where it does not belong, it has leaked.
pub(crate) const CANARY: &str = "canary-key-7f3a";

thread_local! {
    /// What was found in this thread, while [`findings`] runs.
    static TRAP: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Whether the key stands in `text`: as it is, or as `Debug` shows a vector of bytes.
fn is_in(text: &str) -> bool {
    let bytes = CANARY.bytes().map(|byte| byte.to_string());
    let bytes = bytes.collect::<Vec<_>>().join(",");
    // The alternate form of `Debug` gives each byte a line of its own.
    let dense: String = text.split_whitespace().collect();
    text.contains(CANARY) || dense.contains(&bytes)
}

/// Ends the process when the key stands in `text`, so that no test can pass over it.
pub(crate) fn scan(place: &str, text: &str) {
    if is_in(text) {
        report(&format!("the API key stands in {place}: {text}"));
    }
}

/// Ends the process, and says why.
pub(crate) fn report(finding: &str) {
    let trapped = TRAP.with_borrow_mut(|trap| {
        let trapped = trap.as_mut().map(|found| found.push(finding.to_owned()));
        trapped.is_some()
    });
    if !trapped {
        // Not `eprintln!`, which the test harness keeps back.
        let _ = writeln!(io::stderr().lock(), "\nLEAK: {finding}");
        process::abort();
    }
}

/// What is reported in this thread while `run` runs, instead of the end of the process.
pub(crate) fn findings(run: impl FnOnce()) -> Vec<String> {
    TRAP.set(Some(Vec::new()));
    run();
    TRAP.take().unwrap_or_default()
}
