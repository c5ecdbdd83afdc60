//! Damages documents, as many as wanted, and looks at what the generator does with them, and at what the
//! review says of the sound and the damaged one:
//!
//! ```sh
//! cargo run --release -p agen-codegen --example mutate -- --count 1000000 [--seed N] [--threads N] [DIR]
//! cargo run --release -p agen-codegen --example mutate -- --only SEED [DIR]
//! ```
//!
//! Of every eight, one is also compared with the sound one, and its client with the other, which takes longer than all else. The documents are
//! those that were made here, and those below DIR of at most 200 KB. A seed names a
//! damaged document, as long as the documents are the same; `--only` prints that document. Nothing may
//! panic, take longer than ten seconds or grow beyond 2 GiB, every diagnostic has to point into the text,
//! and everything generated has to be Rust. It exits with 1 where that is not so.

#[path = "../tests/mutations/bases.rs"]
mod bases;
#[path = "../tests/mutations/check.rs"]
mod check;
#[path = "../tests/mutations/mutation.rs"]
mod mutation;

use std::{
    collections::BTreeMap,
    fs,
    num::NonZero,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use check::{check, check_clients, check_review};
use mutation::Base;

/// A document that takes longer hangs, if the process was not kept waiting itself.
const LIMIT: Duration = Duration::from_secs(10);
/// A document that takes longer hangs in any case.
const LONGEST: Duration = Duration::from_secs(120);
/// How large the whole process may be.
const MOST_MEMORY: u64 = 2 << 30;
/// Documents of a folder that are larger are passed over.
const LARGEST: usize = 200_000;
/// So many findings are enough to look into.
const MOST_FINDINGS: usize = 50;

struct Arguments {
    count: u64,
    seed: u64,
    threads: usize,
    only: Option<u64>,
    dir: Option<PathBuf>,
}

/// What is known so far.
#[derive(Default)]
struct State {
    outcomes: BTreeMap<String, u64>,
    findings: usize,
    /// How long the slowest document took, and its seed.
    slowest: (Duration, u64),
    /// What each thread is at.
    at: BTreeMap<usize, At>,
    most_memory: u64,
}

struct At {
    seed: u64,
    since: Instant,
    /// What the process had worked by then.
    worked: Option<Duration>,
    is_told: bool,
}

impl At {
    fn hangs(&self) -> bool {
        let worked = worked().zip(self.worked).map(|(now, then)| now - then);
        let passed = self.since.elapsed();
        passed > LONGEST || passed > LIMIT && worked.is_none_or(|worked| worked > LIMIT)
    }
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut bases = bases::made();
    if let Some(dir) = &arguments.dir {
        let before = bases.len();
        found(dir, &mut bases);
        eprintln!("{} documents of {}", bases.len() - before, dir.display());
    }
    if let Some(seed) = arguments.only {
        let mutant = mutation::mutant(&bases, seed);
        println!("{}", mutant.text);
        eprintln!("{}\n{:?}", mutant.history, check(&mutant.text, true));
        return ExitCode::SUCCESS;
    }
    let start = Instant::now();
    let state = run(&arguments, &bases, start);
    println!(
        "{} documents damaged in {} s, seeds {} to {}: {}",
        arguments.count,
        start.elapsed().as_secs(),
        arguments.seed,
        arguments.seed.wrapping_add(arguments.count).wrapping_sub(1),
        outcomes(&state),
    );
    println!(
        "slowest: {} ms, seed {}; most memory, of the whole process: {} MiB",
        state.slowest.0.as_millis(),
        state.slowest.1,
        state.most_memory >> 20,
    );
    match state.findings {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn run(arguments: &Arguments, bases: &[Base], start: Instant) -> State {
    let next = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let state = Mutex::new(State::default());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..arguments.threads)
            .map(|worker| {
                let (next, state) = (&next, &state);
                scope.spawn(move || {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= arguments.count || lock(state).findings >= MOST_FINDINGS {
                            break;
                        }
                        one(worker, arguments.seed.wrapping_add(number), bases, state);
                    }
                    lock(state).at.remove(&worker);
                })
            })
            .collect();
        scope.spawn(|| watch(&state, &is_over, arguments, start));
        for worker in workers {
            if worker.join().is_err() {
                println!("a worker ended before its time");
                lock(&state).findings += 1;
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    state.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn one(worker: usize, seed: u64, bases: &[Base], state: &Mutex<State>) {
    let mutant = mutation::mutant(bases, seed);
    let start = Instant::now();
    let at = At {
        seed,
        since: start,
        worked: worked(),
        is_told: false,
    };
    lock(state).at.insert(worker, at);
    let outcome = check(&mutant.text, seed.is_multiple_of(64));
    let outcome = if seed.is_multiple_of(8) {
        let review = check_review(&mutant.sound, &mutant.text);
        let clients = check_clients(&mutant.sound, &mutant.text);
        review.and(clients).and(outcome)
    } else {
        outcome
    };
    let took = start.elapsed();
    let mut state = lock(state);
    state.slowest = state.slowest.max((took, seed));
    let outcome = match outcome {
        Ok(seen) => format!("{seen:?}"),
        Err(found) => {
            state.findings += 1;
            println!("seed {seed}: {}\n{found}\n", mutant.history);
            "Finding".to_owned()
        }
    };
    *state.outcomes.entry(outcome).or_default() += 1;
}

/// Looks every now and then at how long a document takes, and how much memory there is left.
fn watch(state: &Mutex<State>, is_over: &AtomicBool, arguments: &Arguments, start: Instant) {
    let mut told = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(20));
        let mut state = lock(state);
        let state = &mut *state;
        for at in state.at.values_mut() {
            if !at.is_told && at.hangs() {
                let (seed, limit) = (at.seed, LIMIT.as_secs());
                println!("seed {seed}: it takes longer than {limit} s");
                at.is_told = true;
                state.findings += 1;
            }
        }
        let memory = resident();
        state.most_memory = state.most_memory.max(memory);
        if memory > MOST_MEMORY {
            let seeds: Vec<u64> = state.at.values().map(|at| at.seed).collect();
            println!(
                "one of the seeds {seeds:?} takes more than {} MiB",
                MOST_MEMORY >> 20
            );
            std::process::exit(1);
        }
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            let done: u64 = state.outcomes.values().sum();
            let (count, seconds) = (arguments.count, start.elapsed().as_secs());
            eprintln!("{done} of {count} in {seconds} s: {}", outcomes(state));
        }
    }
}

/// The memory of the process, in bytes; 0 where the system does not say.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}

/// How long the process has worked; `None` where the system does not say.
fn worked() -> Option<Duration> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold spaces.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 10))
}

fn outcomes(state: &State) -> String {
    let shown = state.outcomes.iter();
    let shown: Vec<_> = shown
        .map(|(outcome, count)| format!("{outcome} {count}"))
        .collect();
    shown.join(", ")
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The documents below a folder, in the order of their paths.
fn found(dir: &Path, bases: &mut Vec<Base>) {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            found(&path, bases);
        } else if let Ok(text) = fs::read_to_string(&path)
            && text.len() <= LARGEST
        {
            bases.extend(Base::new(path.display().to_string(), text));
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments {
        count: 10_000,
        seed: 0,
        threads: thread::available_parallelism().map_or(1, NonZero::get),
        only: None,
        dir: None,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || {
            let number = given.next().and_then(|text| text.parse::<u64>().ok());
            number.ok_or_else(|| format!("{argument} takes a number"))
        };
        match argument.as_str() {
            "--count" => found.count = number()?,
            "--seed" => found.seed = number()?,
            "--threads" => found.threads = usize::try_from(number()?).unwrap_or(1).max(1),
            "--only" => found.only = Some(number()?),
            other if other.starts_with('-') || found.dir.is_some() => {
                return Err(format!(
                    "{other} is not known; see agen-codegen/examples/mutate.rs"
                ));
            }
            dir => found.dir = Some(PathBuf::from(dir)),
        }
    }
    Ok(found)
}
