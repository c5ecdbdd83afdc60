//! Fetches documentation pages for `cargo xtask docs-drift`.
//!
//! It is a program of its own so that `cargo xtask` is built without a stack for HTTP and TLS. It fetches
//! what it is given, and of an index also the pages that are listed there, as far as they are on the same
//! host. No key, cookie or name of a user is sent.
//!
//! Standard output is one JSON object for each page, in a line of its own, in the order of the addresses:
//!
//! - `{"outcome": "page", "address": …, "text": …}`;
//! - `{"outcome": "failed", "address": …, "why": …, "help": …}`: a page that should be there;
//! - `{"outcome": "skipped", "address": …, "why": …}`: what is none of the pages that were asked for.
//!
//! It exits with 0 also where pages failed, since that is what it is asked to tell.

#![forbid(unsafe_code)]

mod address;
mod get;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use agen_codegen::{Source, docs};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use url::Url;

use crate::address::shown;
use crate::get::{Getter, Limits, NoText};

/// How many pages are on their way at a time. It is somebody else's server.
const WORKERS: usize = 4;

/// Fetch documentation pages, for `cargo xtask docs-drift`
#[derive(Parser)]
#[command(name = "fetch-pages")]
struct Arguments {
    /// Addresses of pages, and of indexes such as `llms.txt`, of which every page is fetched
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,
    /// How many pages are fetched
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    max_pages: usize,
    /// How large a page is, in bytes
    #[arg(long, value_name = "NUMBER", default_value_t = 8 << 20)]
    max_page_bytes: u64,
    /// How large all pages are, in bytes
    #[arg(long, value_name = "NUMBER", default_value_t = 64 << 20)]
    max_total_bytes: u64,
    /// How long it takes to reach a host, in milliseconds
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    connect_timeout: u64,
    /// How long a page takes, with its redirects, in milliseconds
    #[arg(long, value_name = "NUMBER", default_value_t = 30_000)]
    page_timeout: u64,
    /// How long all pages take, in milliseconds
    #[arg(long, value_name = "NUMBER", default_value_t = 600_000)]
    total_timeout: u64,
}

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

/// What came of a page.
enum Outcome {
    Page(String),
    Failed(Failed),
    Skipped(String),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let limits = Limits {
        page_bytes: arguments.max_page_bytes,
        total_bytes: arguments.max_total_bytes,
        connect: Duration::from_millis(arguments.connect_timeout),
        page: Duration::from_millis(arguments.page_timeout),
        total: Duration::from_millis(arguments.total_timeout),
    };
    let outcomes = fetch(
        &Getter::new(limits),
        &arguments.addresses,
        arguments.max_pages,
    );
    match print(&outcomes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: standard output: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Fetches the addresses, then what the indexes among them list.
fn fetch(getter: &Getter, addresses: &[String], max_pages: usize) -> Vec<(String, Outcome)> {
    let mut outcomes = Vec::new();
    let mut seen = BTreeSet::new();
    let mut named = Vec::new();
    for address in addresses {
        match address::parse(address, None) {
            Ok(url) if seen.insert(url.clone()) => named.push(url),
            Ok(_) => {}
            Err(failed) => outcomes.push((shown(address), Outcome::Failed(failed))),
        }
    }
    let named = bounded(named, max_pages, "the command line", &mut outcomes);
    let fetched = all(getter, &named, false);

    let mut listed = Vec::new();
    for (url, outcome) in named.iter().zip(&fetched) {
        if let Outcome::Page(text) = outcome {
            let source = Source {
                name: url.as_str(),
                text,
            };
            if let Some(index) = docs::index(&source) {
                let room = max_pages.saturating_sub(named.len() + listed.len());
                let pages = pages(url, &index, &mut seen, &mut outcomes);
                listed.extend(bounded(pages, room, url.as_str(), &mut outcomes));
            }
        }
    }
    let names = |urls: Vec<Url>| urls.into_iter().map(String::from);
    let more = all(getter, &listed, true);
    let mut pages: Vec<_> = names(named).zip(fetched).collect();
    pages.extend(names(listed).zip(more));
    pages.append(&mut outcomes);
    pages
}

/// The pages of an index that are on its host.
fn pages(
    of: &Url,
    index: &docs::Index,
    seen: &mut BTreeSet<Url>,
    outcomes: &mut Vec<(String, Outcome)>,
) -> Vec<Url> {
    /// How many other hosts are named.
    const MOST_HOSTS: usize = 20;
    let mut pages = Vec::new();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for link in &index.links {
        match address::parse(&link.address, Some(of)) {
            Ok(url) if url.origin() != of.origin() => {
                *others.entry(address::host(&url)).or_default() += 1;
            }
            Ok(url) => {
                if seen.insert(url.clone()) {
                    pages.push(url);
                }
            }
            Err(failed) => {
                let why = format!("the index lists it, but {}", failed.why);
                outcomes.push((shown(&link.address), Outcome::Skipped(why)));
            }
        }
    }
    let hidden = others.len().saturating_sub(MOST_HOSTS);
    for (host, number) in others.into_iter().take(MOST_HOSTS) {
        let why = format!("the index lists {number} of its pages, but only its own host is asked");
        outcomes.push((host, Outcome::Skipped(why)));
    }
    if hidden > 0 {
        let why = format!("the index lists pages of {hidden} more hosts, which are not asked");
        outcomes.push((shown(of.as_str()), Outcome::Skipped(why)));
    }
    pages
}

/// The first of some addresses; that there are more is told.
fn bounded(
    mut urls: Vec<Url>,
    most: usize,
    by: &str,
    outcomes: &mut Vec<(String, Outcome)>,
) -> Vec<Url> {
    if urls.len() > most {
        let failed = Failed::new(
            format!(
                "it names {} pages, of which the last {} are beyond what is fetched in one run",
                urls.len(),
                urls.len() - most
            ),
            "name fewer pages, in several runs",
        );
        outcomes.push((shown(by), Outcome::Failed(failed)));
        urls.truncate(most);
    }
    urls
}

/// Fetches pages, some at a time. The answers stand in the order of the addresses.
fn all(getter: &Getter, urls: &[Url], listed: bool) -> Vec<Outcome> {
    let bar = bar(urls.len());
    let open = Mutex::new(urls.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
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
                    bar.inc(1);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.insert(index, outcome);
                }
            });
        }
    });
    bar.finish_and_clear();
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

/// A bar on standard error, if that is a terminal.
fn bar(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message("fetching");
    match ProgressStyle::with_template("{msg:>12} [{bar:30}] {pos}/{len}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

fn print(outcomes: &[(String, Outcome)]) -> io::Result<()> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    for (address, outcome) in outcomes {
        let line: Value = match outcome {
            Outcome::Page(text) => json!({"outcome": "page", "address": address, "text": text}),
            Outcome::Failed(Failed { why, help }) => {
                json!({"outcome": "failed", "address": address, "why": why, "help": help})
            }
            Outcome::Skipped(why) => {
                json!({"outcome": "skipped", "address": address, "why": why})
            }
        };
        writeln!(stdout, "{line}")?;
    }
    stdout.flush()
}
