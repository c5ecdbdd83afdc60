//! What the pipeline costs, beside progenitor's builder interface and prettyplease on the same
//! documents, in one run.
//!
//! `cargo bench -p agen-codegen` prints, for `openapi.yaml` and for documents of 10, 100 and 1,000
//! operations that are made here:
//!
//! - the median time of the whole pipeline, from the text to the text of the files;
//! - the median time of the peer, from the text to the text of its one file;
//! - their ratio, the time per operation, and the lines that each emits.
//!
//! Runs of the two alternate, so that whatever else the machine does falls on both.

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use agen_codegen::{Settings, Source};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

/// Runs of each side per document: as many as fit into this time, within bounds.
const BUDGET: Duration = Duration::from_secs(6);

fn main() {
    let contract = include_str!("../../openapi.yaml").to_owned();
    let documents = [("openapi.yaml", 4, contract)]
        .into_iter()
        .chain([10, 100, 1_000].map(|operations| ("made", operations, document(operations))));
    println!(
        "document      operations      pipeline        peer   ratio   per operation   lines   peer's"
    );
    let mut per_operation = Vec::new();
    for (name, operations, text) in documents {
        let (lines, peer_lines) = (pipeline(&text), peer(&text));
        let (ours, theirs) = alternate(&text);
        println!(
            "{name:<14}{operations:>10}{:>14}{:>12}{:>8.2}{:>16}{lines:>8}{peer_lines:>9}",
            shown(ours),
            shown(theirs),
            ours.as_secs_f64() / theirs.as_secs_f64(),
            shown(ours / operations),
        );
        per_operation.push((operations, ours.as_secs_f64() / f64::from(operations)));
    }
    let at = |wanted| {
        per_operation
            .iter()
            .find(|(operations, _)| *operations == wanted)
            .map_or(f64::NAN, |(_, time)| *time)
    };
    println!(
        "time per operation at 1,000 operations: {:.2} times that at 100",
        at(1_000) / at(100)
    );
}

/// The medians of both sides.
fn alternate(text: &str) -> (Duration, Duration) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while ours.len() < 5 || (start.elapsed() < BUDGET && ours.len() < 301) {
        ours.push(timed(|| pipeline(text)));
        theirs.push(timed(|| peer(text)));
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

/// The number of lines that the pipeline writes.
fn pipeline(text: &str) -> usize {
    let outcome = agen_codegen::generate(
        &Source {
            name: "document",
            text,
        },
        &Settings::default(),
    );
    let output = outcome
        .output
        .expect("the documents of the bench are sound");
    output.files.values().map(|file| file.lines().count()).sum()
}

/// The number of lines that progenitor's builder interface writes, through prettyplease.
fn peer(text: &str) -> usize {
    let document = serde_yaml::from_str(text).expect("the documents of the bench are sound");
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .expect("the documents of the bench are sound");
    let file = syn::parse2(tokens).expect("progenitor writes Rust");
    prettyplease::unparse(&file).lines().count()
}

/// A document in which operations of four kinds take turns, with two types each.
fn document(operations: u32) -> String {
    let mut paths = String::new();
    let mut schemas = String::new();
    for index in 0..operations {
        let (method, body) = match index % 4 {
            0 => ("get", ""),
            1 => ("post", BODY),
            2 => ("put", BODY),
            _ => ("delete", ""),
        };
        let body = body.replace("INDEX", &index.to_string());
        write!(
            paths,
            "  /resources{index}/{{itemId}}/parts:
    {method}:
      operationId: {method}Resource{index}
      summary: Works on the parts of resource {index}.
      externalDocs: {{url: 'https://example.com/docs/resources/{index}'}}
      description: |-
        The parts are given back in the order in which they were added.
        A part that is gone is left out.
      parameters:
        - {{name: itemId, in: path, required: true, description: Identifier of the item., schema: {{type: string}}}}
        - {{name: limit, in: query, description: How many at most., schema: {{type: integer, format: int32}}}}
        - {{name: state, in: query, description: Only parts in this state., schema: {{type: string}}}}
{body}      responses:
        '200':
          description: The resource.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Resource{index}'}}}}}}
"
        )
        .expect("a string takes all text");
        write!(
            schemas,
            "    Resource{index}:
      type: object
      description: A resource of kind {index}.
      required: [id, name, state, parts]
      example: {{id: r_1, name: First, state: active, parts: [a, b]}}
      properties:
        id: {{type: string, description: Identifier.}}
        name: {{type: string, description: Shown to people.}}
        state: {{$ref: '#/components/schemas/State{index}'}}
        size: {{type: integer, description: Size in bytes.}}
        owner: {{type: string, nullable: true, description: Who owns it.}}
        created_at: {{type: string, format: date-time, description: When it was made.}}
        parts: {{type: array, description: What it is made of., items: {{type: string}}}}
    State{index}:
      type: string
      description: How resource {index} is.
      enum: [active, paused, archived]
"
        )
        .expect("a string takes all text");
    }
    format!(
        "openapi: 3.0.3\ninfo: {{title: Made, version: '1'}}\nservers: [{{url: 'https://example.com'}}]\nsecurity: []\npaths:\n{paths}components:\n  schemas:\n{schemas}"
    )
}

const BODY: &str = "      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ResourceINDEX'}}}
";
