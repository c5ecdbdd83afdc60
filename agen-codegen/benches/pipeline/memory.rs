//! The peak of the memory that a piece of work takes, measured in a process of its own for each document.

use std::{
    fs,
    io::{self, Read, Write},
    process::{Command, ExitCode, Stdio},
};

/// The argument of a process that works on what comes on its standard input.
pub(crate) const CHILD: &str = "--memory-of-standard-input";

/// What such a process does: it prints the peak of its memory, in bytes.
pub(crate) fn child(work: impl FnOnce(&str)) -> ExitCode {
    let mut text = String::new();
    if io::stdin().read_to_string(&mut text).is_err() {
        return ExitCode::FAILURE;
    }
    work(&text);
    match own_peak() {
        Some(peak) => println!("{peak}"),
        None => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// The peak for a document, in bytes; `None` where the system does not tell, or the process ended before
/// its time.
pub(crate) fn peak(text: &str) -> Option<u64> {
    let program = std::env::current_exe().ok()?;
    let mut process = Command::new(program)
        .arg(CHILD)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = process.stdin.take()?;
    input.write_all(text.as_bytes()).ok()?;
    drop(input);
    let output = process.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn own_peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
