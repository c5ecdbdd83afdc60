//! Fetches documentation pages for `cargo xtask docs-drift`.
//!
//! It is a program of its own so that `cargo xtask` is built without a stack for HTTP and TLS, and small, so
//! that it is soon built by who needs it. No key, cookie or name of a user is sent.
//!
//! Standard input is one JSON object: `addresses`, a list of texts; `of`, the address of the index in which
//! they stand, if they do, of whose host alone pages are then fetched; and `limits`, an object in which each
//! of the numbers below can be set. Standard output is a JSON object for each page, in a line of its own, as
//! they come:
//!
//! - `{"outcome": "page", "index": …, "address": …, "text": …}`;
//! - `{"outcome": "failed", "index": …, "address": …, "why": …, "help": …}`: a page that should be there;
//! - `{"outcome": "skipped", "index": …, "address": …, "why": …}`: what is none of the pages.
//!
//! The lines belong in the order of `index`. Their texts hold pieces of pages as they came. It exits with 0
//! also where pages failed, since that is what it is asked to tell.
//!
//! | limit | | default |
//! |---|---|---|
//! | `pages` | pages in one run | 1000 |
//! | `page_bytes`, `total_bytes` | size of a page, and of all | 8 MiB, 64 MiB |
//! | `connect_ms` | time to reach the host | 10 s |
//! | `page_ms`, `total_ms` | time for a page with its redirects, and for all | 30 s, 10 min |

#![forbid(unsafe_code)]

mod address;
mod get;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::address::shown;
use crate::get::{Getter, Limits, NoText};

/// How many pages are on their way at a time. It is somebody else's server.
const WORKERS: usize = 4;

/// Why a page could not be fetched, and what to do about it.
#[derive(Debug)]
struct Failed {
    why: String,
    help: String,
}

impl Failed {
    fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            help: help.into(),
        }
    }
}

/// What came of an address.
enum Outcome {
    Page(String),
    Failed(Failed),
    Skipped(String),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: fetch-pages: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let request: Value = serde_json::from_reader(io::stdin().lock())
        .map_err(|error| format!("standard input: {error}"))?;
    let addresses = request["addresses"].as_array();
    let addresses = addresses.ok_or("standard input: `addresses` is no list")?;
    let addresses: Option<Vec<_>> = addresses.iter().map(Value::as_str).collect();
    let addresses = addresses.ok_or("standard input: an address is no text")?;
    let of = match request["of"].as_str() {
        Some(of) => {
            let parsed = address::parse(of, None);
            Some(parsed.map_err(|failed| format!("standard input: {}", failed.why))?)
        }
        None => None,
    };
    let limit = |name: &str, default| request["limits"][name].as_u64().unwrap_or(default);
    let milliseconds = |name: &str, default| Duration::from_millis(limit(name, default));
    let limits = Limits {
        page_bytes: limit("page_bytes", 8 << 20),
        total_bytes: limit("total_bytes", 64 << 20),
        connect: milliseconds("connect_ms", 10_000),
        page: milliseconds("page_ms", 30_000),
        total: milliseconds("total_ms", 600_000),
    };
    let most = usize::try_from(limit("pages", 1000)).unwrap_or(usize::MAX);

    let (pages, others) = choose(&addresses, of.as_ref(), most);
    let printed = Printer::default();
    for (index, (address, outcome)) in (pages.len()..).zip(&others) {
        printed.print(index, address, outcome);
    }
    all(&Getter::new(limits), &pages, of.is_some(), &printed);
    printed
        .end()
        .map_err(|error| format!("standard output: {error}"))
}

/// The pages to fetch, each once, and what there is to say of the other addresses.
fn choose(addresses: &[&str], of: Option<&Url>, most: usize) -> (Vec<Url>, Vec<(String, Outcome)>) {
    /// How many other hosts are named.
    const MOST_HOSTS: usize = 20;
    let (mut pages, mut others) = (Vec::new(), Vec::new());
    let mut seen: BTreeSet<Url> = of.cloned().into_iter().collect();
    let mut hosts: BTreeMap<String, usize> = BTreeMap::new();
    for address in addresses {
        match (address::parse(address, of), of) {
            (Ok(url), Some(of)) if url.origin() != of.origin() => {
                *hosts.entry(address::host(&url)).or_default() += 1;
            }
            (Ok(url), _) => {
                if seen.insert(url.clone()) {
                    pages.push(url);
                }
            }
            (Err(failed), None) => others.push((shown(address), Outcome::Failed(failed))),
            (Err(failed), Some(_)) => {
                let why = format!("the index lists it, but {}", failed.why);
                others.push((shown(address), Outcome::Skipped(why)));
            }
        }
    }
    let hidden = hosts.len().saturating_sub(MOST_HOSTS);
    for (host, number) in hosts.into_iter().take(MOST_HOSTS) {
        let why = format!("the index lists {number} of its pages, but only its own host is asked");
        others.push((host, Outcome::Skipped(why)));
    }
    let by = of.map_or("the command line".to_owned(), |of| shown(of.as_str()));
    if hidden > 0 {
        let why = format!("it lists pages of {hidden} more hosts, which are not asked");
        others.push((by.clone(), Outcome::Skipped(why)));
    }
    if pages.len() > most {
        let failed = Failed::new(
            format!(
                "it names {} pages, of which the last {} are beyond what is fetched in one run",
                pages.len(),
                pages.len() - most
            ),
            "name fewer pages, in several runs",
        );
        others.push((by, Outcome::Failed(failed)));
        pages.truncate(most);
    }
    (pages, others)
}

/// Fetches pages, some at a time.
fn all(getter: &Getter, urls: &[Url], listed: bool, printed: &Printer) {
    let open = Mutex::new(urls.iter().enumerate());
    thread::scope(|scope| {
        for _ in 0..WORKERS.min(urls.len()) {
            scope.spawn(|| {
                loop {
                    let next = open.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, url)) = next else { break };
                    let outcome = match getter.page(url) {
                        Ok(text) => Outcome::Page(text),
                        Err(NoText::Failed(failed) | NoText::Status(failed)) => {
                            Outcome::Failed(failed)
                        }
                        Err(NoText::Other(kind)) if listed => {
                            Outcome::Skipped(format!("it is no text but `{kind}`"))
                        }
                        Err(NoText::Other(kind)) => Outcome::Failed(Failed::new(
                            format!("it is no text but `{kind}`"),
                            "name a page of the documentation",
                        )),
                    };
                    printed.print(index, url.as_str(), &outcome);
                }
            });
        }
    });
}

/// Standard output, and what first went wrong with it.
#[derive(Default)]
struct Printer {
    failed: Mutex<Option<io::Error>>,
}

impl Printer {
    fn print(&self, index: usize, address: &str, outcome: &Outcome) {
        let mut line: Value = match outcome {
            Outcome::Page(text) => json!({"outcome": "page", "text": text}),
            Outcome::Failed(Failed { why, help }) => {
                json!({"outcome": "failed", "why": why, "help": help})
            }
            Outcome::Skipped(why) => json!({"outcome": "skipped", "why": why}),
        };
        line["index"] = json!(index);
        line["address"] = json!(address);
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_none() {
            let mut stdout = io::stdout().lock();
            *failed = writeln!(stdout, "{line}")
                .and_then(|()| stdout.flush())
                .err();
        }
    }

    fn end(self) -> io::Result<()> {
        let failed = self.failed.into_inner();
        failed
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }
}
