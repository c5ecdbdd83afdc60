//! Pages from the network, by a program of their own: `fetch-pages`, which is built when it is needed, so
//! that this one needs no stack for HTTP and TLS.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use agen_codegen::{docs, printable};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::failure::{Failure, reason};
use crate::pages::{Page, Pages, Skipped, UNREAD};
use crate::report;
use crate::workspace::{self, Named};

/// How much is taken of what the program prints, in bytes. It keeps to 64 MiB of text, of which a byte
/// takes at most six in JSON.
const MOST: u64 = 512 << 20;

/// Fetches pages, and what the indexes among them list.
pub(crate) fn fetch(addresses: &[&String], pages: &mut Pages) {
    let named: Vec<_> = addresses.iter().map(|name| name.as_str()).collect();
    let first = pages.read.len();
    if !run(&named, None, pages) {
        return;
    }
    for page in first..pages.read.len() {
        let page = &pages.read[page];
        let of = page.file.name.clone();
        let index = docs::index(&page.source());
        let links = index.map_or(Vec::new(), |index| index.links);
        let links: Vec<_> = links.iter().map(|link| link.address.as_str()).collect();
        if !links.is_empty() && !run(&links, Some(&of), pages) {
            return;
        }
    }
}

/// Fetches addresses, which stand in an index if there is one. Says whether the program ran.
fn run(addresses: &[&str], of: Option<&str>, pages: &mut Pages) -> bool {
    let bar = report::bar(addresses.len(), "fetching");
    let ran = outcomes(addresses, of, &bar);
    bar.finish_and_clear();
    let (outcomes, why) = match ran {
        Ok(outcomes) => (outcomes, None),
        Err(why) => (BTreeMap::new(), Some(why)),
    };
    for (_, mut outcome) in outcomes {
        let mut text = |key: &str| match outcome[key].take() {
            Value::String(text) => text,
            _ => String::new(),
        };
        let name = printable(&text("address"));
        match &*text("outcome") {
            "page" => pages.read.push(Page {
                text: text("text"),
                found: of.is_some(),
                file: Named {
                    path: (&name).into(),
                    name,
                },
            }),
            "skipped" => pages.skipped.push(Skipped {
                name,
                why: printable(&text("why")),
            }),
            _ => {
                let (why, help) = (printable(&text("why")), printable(&text("help")));
                pages.failed.push(Failure::new(UNREAD, name, why, help));
            }
        }
    }
    let Some(why) = why else { return true };
    let place = of.map_or_else(|| printable(&addresses.join(", ")), str::to_owned);
    pages.failed.push(Failure::new(
        "the pages cannot be fetched",
        place,
        why,
        "look at what cargo says; `cargo fetch --locked` gets what the program is built from while \
         there is a network, and pages that are saved as files need no program",
    ));
    false
}

/// What came of the addresses, by the place of each.
fn outcomes(
    addresses: &[&str],
    of: Option<&str>,
    bar: &ProgressBar,
) -> Result<BTreeMap<u64, Value>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("run");
    // Who looks on sees what is built, and a log only what goes wrong.
    if !io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    let child = command
        .args(["--locked", "--package", "fetch-pages"])
        .current_dir(workspace::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| format!("cargo: {}", reason(&error)))?;
    let request = json!({"addresses": addresses, "of": of}).to_string();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let read = thread::scope(|scope| {
        // A program that reads nothing is one that ended early, which its status tells.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(request.as_bytes())));
        stdout.map_or_else(|| Ok(BTreeMap::new()), |stdout| lines(stdout, bar))
    });
    if read.is_err() {
        // It may still be writing.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| reason(&error))?;
    let read = read?;
    if status.success() {
        return Ok(read);
    }
    Err(format!(
        "`fetch-pages` was not built, or ended early: {status}"
    ))
}

/// An object in each line, as `fetch-pages` describes them.
fn lines(stdout: impl Read, bar: &ProgressBar) -> Result<BTreeMap<u64, Value>, String> {
    let mut outcomes = BTreeMap::new();
    for line in BufReader::new(stdout.take(MOST)).lines() {
        let line = line.map_err(|error| reason(&error))?;
        let outcome: Value = serde_json::from_str(&line)
            .map_err(|_| "`fetch-pages` says something that is not understood".to_owned())?;
        bar.inc(1);
        outcomes.insert(outcome["index"].as_u64().unwrap_or_default(), outcome);
    }
    Ok(outcomes)
}
