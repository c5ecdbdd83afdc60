//! What a review costs: two versions of a document, with changes all over the second one, and with as many as a
//! pull request has.
//!
//! ```sh
//! cargo bench -p agen-codegen --bench review
//! AGEN_BENCH_DOCUMENTS=DIR cargo bench -p agen-codegen --bench review    # also the documents in a folder
//! ```
//!
//! For documents that are made here, and for those of the folder, it prints the size, the number of
//! findings on the wire, the median time from the two texts to these, and to the changes of the client as
//! well, the peak of the memory of a process that does all of it once, over that of one that compares nothing,
//! and the time of `oasdiff` and `redocly` on the same files where they are installed. It exits with 1 where
//! the wire of documents of up to 100 KB takes longer than 50 ms, or that of up to 3.7 MB longer than 1 s, or
//! the client, too, where some places have changed; or where all of it takes more than 300 MB there.

#[path = "../pipeline/made.rs"]
#[expect(dead_code, reason = "the other bench has more documents made")]
mod made;
#[path = "../pipeline/memory.rs"]
mod memory;

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use agen_codegen::{Review, Source, review, review::review_wire};
use serde_json::{Value, json};

/// Documents of up to so many bytes have to be compared in such a time.
const SMALL: (usize, Duration) = (100_000, Duration::from_millis(50));
const LARGE: (usize, Duration) = (3_700_000, Duration::from_secs(1));
/// And in so many bytes.
const MOST_MEMORY: u64 = 300_000_000;
/// How long each pair is compared again and again.
const BUDGET: Duration = Duration::from_secs(5);

/// How many objects of a document there are for each that changes: some hundred places of a large one, and
/// everywhere.
const SOME: usize = 20;
const ALL: usize = 1;

/// Two versions of a document.
struct Pair {
    name: String,
    /// Whether only some places have changed.
    is_usual: bool,
    base: String,
    head: String,
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == memory::CHILD) {
        return memory::child(|text| {
            let (base, head) = text.split_once('\0').unwrap_or((text, text));
            black_box(compared(base, head, review));
        });
    }
    let empty = "openapi: 3.0.3\ninfo: {title: E, version: '1'}\npaths: {}\n";
    let empty = memory::peak(&format!("{empty}\0{empty}"));
    let peers: Vec<Peer> = PEERS.into_iter().filter(Peer::is_installed).collect();
    for peer in &PEERS {
        if !peer.is_installed() {
            println!("{} is not installed", peer.program);
        }
    }
    print!(
        "{:<34}{:>10}{:>10}{:>12}{:>12}{:>12}",
        "document", "size", "findings", "wire", "client, too", "memory"
    );
    for peer in &peers {
        print!("{:>12}", peer.program);
    }
    println!();
    let mut complaints = Vec::new();
    for pair in pairs() {
        measure(&pair, empty, &peers, &mut complaints);
    }
    for complaint in &complaints {
        println!("NOT AS IT SHOULD BE: {complaint}");
    }
    ExitCode::from(u8::from(!complaints.is_empty()))
}

fn measure(pair: &Pair, empty: Option<u64>, peers: &[Peer], complaints: &mut Vec<String>) {
    let Pair {
        name,
        is_usual,
        base,
        head,
    } = pair;
    let Some(changes) = compared(base, head, wire).wire else {
        println!("{name:<34} cannot be read");
        return;
    };
    let counts = changes.counts;
    let findings = counts.breaking + counts.notable + counts.compatible;
    let [time, whole] = [wire as Work, review].map(|work| median(base, head, work));
    let memory = memory::peak(&format!("{base}\0{head}")).zip(empty);
    let memory = memory.map(|(peak, empty)| peak.saturating_sub(empty));
    print!(
        "{name:<34}{:>7} KB{findings:>10}{:>12}{:>12}{:>12}",
        base.len() / 1000,
        shown(time),
        shown(whole),
        memory.map_or("-".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000)),
    );
    for peer in peers {
        let time = peer.time(base, head);
        print!("{:>12}", time.map_or("-".to_owned(), shown));
    }
    println!();
    if findings == 0 {
        complaints.push(format!("{name}: nothing has changed"));
    }
    for (size, most) in [SMALL, LARGE] {
        if base.len() <= size && time > most {
            complaints.push(format!("{name}: it takes longer than {}", shown(most)));
        }
        if *is_usual && base.len() <= size && whole > most {
            let most = shown(most);
            complaints.push(format!(
                "{name}: with the client it takes longer than {most}"
            ));
        }
    }
    if base.len() <= LARGE.0 && memory.is_some_and(|memory| memory > MOST_MEMORY) {
        complaints.push(format!("{name}: it takes more than {MOST_MEMORY} bytes"));
    }
}

fn wire(base: &Source<'_>, head: &Source<'_>) -> Review {
    review_wire(base, head, None)
}

/// One of the two ways to compare.
type Work = fn(&Source<'_>, &Source<'_>) -> Review;

fn median(base: &str, head: &str, work: Work) -> Duration {
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < 3 || (start.elapsed() < BUDGET && times.len() < 101) {
        let start = Instant::now();
        black_box(compared(base, head, work));
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

fn compared(base: &str, head: &str, work: Work) -> Review {
    let [base, head] = [base, head].map(|text| Source {
        name: "document",
        text,
    });
    work(&base, &head)
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn pairs() -> Vec<Pair> {
    let contract = include_str!("../../../openapi.yaml").to_owned();
    let mut texts = vec![("openapi.yaml".to_owned(), contract)];
    for (name, operations) in [("100 KB", 60), ("3.7 MB", 2_240)] {
        let yaml = made::operations(operations);
        texts.push((format!("{name}, YAML"), yaml));
    }
    for (name, operations) in [("100 KB", 63), ("3.7 MB", 2_355)] {
        let yaml = made::operations(operations);
        let value: Value = serde_yaml::from_str(&yaml).expect("it is sound");
        texts.push((format!("{name}, JSON"), value.to_string()));
    }
    if let Some(dir) = std::env::var_os("AGEN_BENCH_DOCUMENTS") {
        let entries = fs::read_dir(&dir).expect("AGEN_BENCH_DOCUMENTS names a folder");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        texts.extend(paths.iter().filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, fs::read_to_string(path).ok()?))
        }));
    }
    let both = texts.iter().flat_map(|(name, base)| {
        let some = pair(format!("{name}, some changed"), base, SOME);
        [some, pair(name.clone(), base, ALL)]
    });
    both.flatten().collect()
}

/// A document and what becomes of it when every so many schemas, properties and operations change.
fn pair(name: String, base: &str, every: usize) -> Option<Pair> {
    let is_json = base.trim_start().starts_with('{');
    let mut value: Value = if is_json {
        serde_json::from_str(base).ok()?
    } else {
        serde_yaml::from_str(base).ok()?
    };
    let before = value.clone();
    change(&mut value, "", every, &mut 0);
    let head = if is_json {
        value.to_string()
    } else {
        serde_yaml::to_string(&value).ok()?
    };
    // A small document may have nothing that changes.
    (value != before).then(|| Pair {
        name,
        is_usual: every == SOME,
        base: base.to_owned(),
        head,
    })
}

fn change(value: &mut Value, key: &str, every: usize, seen: &mut usize) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                change(member, key, every, seen);
            }
            *seen += 1;
            if !seen.is_multiple_of(every) {
                return;
            }
            match (key, *seen / every % 7) {
                ("properties", 0) => {
                    members.insert("added".to_owned(), json!({"type": "string"}));
                }
                ("properties", 1) => {
                    let first = members.keys().next().cloned();
                    members.remove(&first.unwrap_or_default());
                }
                (_, 2 | 3) if members.get("type") == Some(&json!("string")) => {
                    members.insert("maxLength".to_owned(), json!(*seen));
                }
                (_, 4) if members.get("type") == Some(&json!("integer")) => {
                    members.insert("type".to_owned(), json!("number"));
                }
                (_, 5) if members.contains_key("required") => {
                    members.remove("required");
                }
                _ => {}
            }
        }
        Value::Array(elements) => {
            for element in elements {
                change(element, key, every, seen);
            }
        }
        _ => {}
    }
}

/// Another tool that compares two documents.
struct Peer {
    program: &'static str,
    arguments: &'static [&'static str],
}

const PEERS: [Peer; 2] = [
    Peer {
        program: "oasdiff",
        arguments: &["changelog"],
    },
    Peer {
        program: "redocly",
        // It answers a change that breaks with a failure otherwise.
        arguments: &["diff", "--fail-on", "none"],
    },
];

impl Peer {
    /// Whether it is there, and can compare.
    fn is_installed(&self) -> bool {
        let help = self.command().arg("--help").output();
        help.is_ok_and(|output| output.status.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(self.arguments).stdin(Stdio::null());
        command
    }

    /// How long it takes, with the start of its process; nothing where it does not take the documents.
    fn time(&self, base: &str, head: &str) -> Option<Duration> {
        let folder = std::env::temp_dir().join(format!("agen-review-{}", std::process::id()));
        fs::create_dir_all(&folder).ok()?;
        let time = self.time_in(&folder, base, head);
        fs::remove_dir_all(&folder).ok()?;
        time
    }

    fn time_in(&self, folder: &Path, base: &str, head: &str) -> Option<Duration> {
        let files = [("base", base), ("head", head)].map(|(name, text)| {
            let ending = if text.starts_with('{') {
                "json"
            } else {
                "yaml"
            };
            let path = folder.join(format!("{name}.{ending}"));
            fs::write(&path, text).map(|()| path)
        });
        let [base, head] = files;
        let mut command = self.command();
        command.args([base.ok()?, head.ok()?]);
        let start = Instant::now();
        let output = command.output().ok()?;
        output.status.success().then(|| start.elapsed())
    }
}
