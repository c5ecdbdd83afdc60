//! What the pipeline costs, beside progenitor's builder interface and prettyplease on the same
//! documents, in one run.
//!
//! ```sh
//! cargo bench -p agen-codegen
//! AGEN_BENCH_DOCUMENTS=DIR cargo bench -p agen-codegen    # also the documents in a folder
//! ```
//!
//! It prints four tables, and what of them is not as it should be, and exits with 1 then:
//!
//! - for `openapi.yaml`, for documents of 10 to 10,000 operations that are made here, and for those of the
//!   folder that progenitor takes as well: the median times of the pipeline and of the peer, from the text
//!   to the text of the files, which should be no more than the peer's, and the lines that each emits;
//! - the time per operation, which should not grow with their number;
//! - the same for documents that have very many of one thing;
//! - the peak of the memory, of a process for each document, over that for an empty one, in the sizes of
//!   the document: it should stay under 40 for documents from 100 KB on.
//!
//! Runs of the two sides alternate, so that whatever else the machine does falls on both.

mod made;
mod memory;

use std::{
    fs,
    hint::black_box,
    panic,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use agen_codegen::{Settings, Source};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

/// Runs of each side per document: as many as fit into this time, within bounds.
const BUDGET: Duration = Duration::from_secs(5);
/// How much more the time of one operation may be in a document with ten times as many. Caches get
/// smaller beside a larger document, and sorting takes its logarithm.
const MOST_GROWTH: f64 = 1.6;
/// The most memory, in sizes of the document, and the size from which on that counts.
const MOST_MEMORY: f64 = 40.0;
const COUNTED: usize = 100_000;

/// A document, and how many operations it has, where that counts.
struct Document {
    name: String,
    text: String,
    operations: Option<u32>,
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == memory::CHILD) {
        return memory::child(|text| {
            black_box(pipeline(text));
        });
    }
    // The peer panics on some documents of others, which is its way to refuse them.
    panic::set_hook(Box::new(|_| {}));
    let documents = documents();
    let mut complaints = Vec::new();
    beside_the_peer(&documents, &mut complaints);
    shapes(&mut complaints);
    memory_of(&documents, &mut complaints);
    for complaint in &complaints {
        println!("NOT AS IT SHOULD BE: {complaint}");
    }
    ExitCode::from(u8::from(!complaints.is_empty()))
}

fn documents() -> Vec<Document> {
    let mut documents = vec![Document {
        name: "openapi.yaml".to_owned(),
        text: include_str!("../../../openapi.yaml").to_owned(),
        operations: None,
    }];
    documents.extend([10, 100, 1_000, 10_000].map(|operations| Document {
        name: format!("{operations} operations"),
        text: made::operations(operations),
        operations: Some(operations),
    }));
    if let Some(dir) = std::env::var_os("AGEN_BENCH_DOCUMENTS") {
        let entries = fs::read_dir(&dir).expect("AGEN_BENCH_DOCUMENTS names a folder");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        documents.extend(paths.iter().filter_map(|path| {
            Some(Document {
                name: path.file_name()?.to_string_lossy().into_owned(),
                text: fs::read_to_string(path).ok()?,
                operations: None,
            })
        }));
    }
    documents
}

fn beside_the_peer(documents: &[Document], complaints: &mut Vec<String>) {
    println!(
        "{:<40}{:>12}{:>12}{:>8}{:>10}{:>10}",
        "document", "pipeline", "peer", "ratio", "lines", "peer's"
    );
    let mut per_operation: Vec<(u32, f64)> = Vec::new();
    for document in documents {
        let (Some(lines), Some(peer_lines)) = (pipeline(&document.text), peer(&document.text))
        else {
            println!("{:<40} is not taken by both", document.name);
            continue;
        };
        let (ours, theirs) = alternate(&document.text);
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!(
            "{:<40}{:>12}{:>12}{ratio:>8.2}{lines:>10}{peer_lines:>10}",
            document.name,
            shown(ours),
            shown(theirs),
        );
        if ratio > 1.0 {
            complaints.push(format!(
                "{} takes {ratio:.2} times the peer's time",
                document.name
            ));
        }
        if let Some(operations) = document.operations {
            per_operation.push((operations, ours.as_secs_f64() / f64::from(operations)));
        }
    }
    println!("\n{:<40}{:>12}{:>8}", "time per operation", "", "growth");
    let mut before = None;
    for (operations, time) in per_operation {
        let growth = before.map(|before| time / before);
        before = Some(time);
        let shown_growth = growth.map_or("-".to_owned(), |growth| format!("{growth:.2}"));
        let time = shown(Duration::from_secs_f64(time));
        println!("{operations:<40}{time:>12}{shown_growth:>8}");
        if growth.is_some_and(|growth| growth > MOST_GROWTH) {
            complaints.push(format!(
                "{operations} operations take more than ten times a tenth of them"
            ));
        }
    }
}

/// Documents that have very many of one thing, beside a tenth of it.
fn shapes(complaints: &mut Vec<String>) {
    println!(
        "\n{:<40}{:>12}{:>12}{:>8}",
        "many of one thing", "a tenth", "all", "growth"
    );
    for (name, count, make) in made::SHAPES {
        let time = |count| {
            let text = make(count);
            let runs = (0..3).map(|_| timed(|| pipeline(&text).expect("the document is sound")));
            runs.min().unwrap_or_default()
        };
        let (tenth, all) = (time(count / 10), time(count));
        let growth = all.as_secs_f64() / tenth.as_secs_f64() / 10.0;
        let name = format!("{count} {name}");
        println!(
            "{name:<40}{:>12}{:>12}{growth:>8.2}",
            shown(tenth),
            shown(all)
        );
        if growth > MOST_GROWTH {
            complaints.push(format!(
                "{name} take {growth:.1} times ten times a tenth of them"
            ));
        }
    }
}

fn memory_of(documents: &[Document], complaints: &mut Vec<String>) {
    let Some(empty) = memory::peak("openapi: 3.0.3\ninfo: {title: E, version: '1'}\npaths: {}\n")
    else {
        println!("\nThe system does not tell the memory of a process.");
        return;
    };
    println!(
        "\n{:<40}{:>12}{:>12}{:>8}",
        "memory", "size", "peak", "ratio"
    );
    for document in documents {
        let Some(peak) = memory::peak(&document.text) else {
            complaints.push(format!("{} ended before its time", document.name));
            continue;
        };
        let peak = peak.saturating_sub(empty);
        let ratio = peak as f64 / document.text.len() as f64;
        println!(
            "{:<40}{:>9} KB{:>9} KB{ratio:>8.1}",
            document.name,
            document.text.len() / 1000,
            peak / 1000,
        );
        if document.text.len() >= COUNTED && ratio > MOST_MEMORY {
            complaints.push(format!("{} takes {ratio:.1} times its size", document.name));
        }
    }
}

/// The medians of both sides.
fn alternate(text: &str) -> (Duration, Duration) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while ours.len() < 3 || (start.elapsed() < BUDGET && ours.len() < 301) {
        ours.push(timed(|| pipeline(text).unwrap_or_default()));
        theirs.push(timed(|| peer(text).unwrap_or_default()));
    }
    (median(ours), median(theirs))
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    if time < Duration::from_millis(1) {
        format!("{} us", time.as_micros())
    } else {
        format!("{:.2} ms", time.as_secs_f64() * 1e3)
    }
}

/// The number of lines that the pipeline writes; `None` where it refuses the document.
fn pipeline(text: &str) -> Option<usize> {
    let source = Source {
        name: "document",
        text,
    };
    let output = agen_codegen::generate(&source, &Settings::default()).output?;
    Some(output.files.values().map(|file| file.lines().count()).sum())
}

/// The number of lines that progenitor's builder interface writes, through prettyplease; `None` where it
/// refuses the document, or panics.
fn peer(text: &str) -> Option<usize> {
    let lines = || {
        // As the pipeline does: the reader of YAML takes many times as long for JSON.
        let document = match text.trim_start().starts_with('{') {
            true => serde_json::from_str(text).ok()?,
            false => serde_yaml::from_str(text).ok()?,
        };
        let mut settings = GenerationSettings::default();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&document).ok()?;
        let file = syn::parse2(tokens).ok()?;
        Some(prettyplease::unparse(&file).lines().count())
    };
    panic::catch_unwind(lines).ok().flatten()
}
