//! Every rule of the review is shown by a pair of documents, and the pair in reverse by the reverse
//! finding; what is found is held in `tests/snapshots/review/`.
//!
//! `tests/review/*.yaml` holds pairs of whole documents, named after a rule. `tests/review/schemas/` holds
//! pairs of schemas, named after a change: each is put into every place where a schema can stand.
//! `tests/review/same/` holds pairs between which nothing changes on the wire.

use std::{collections::BTreeSet, fs, path::Path};

use chrono::NaiveDate;

use agen_codegen::{
    Review, Source,
    review::{Finding, Impact, MOST_OPERATIONS, Place, Wire, review_wire, rules},
};

/// The pairs below a folder, in the order of their names: name, base, head.
fn pairs(folder: &str) -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/review")
        .join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    let mut pairs: Vec<_> = files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let (base, head) = text.split_once("\n---\n").expect("two documents");
            (name, format!("{base}\n"), head.to_owned())
        })
        .collect();
    pairs.sort();
    assert!(!pairs.is_empty());
    pairs
}

fn source(text: &str) -> Source<'_> {
    Source {
        name: "openapi.yaml",
        text,
    }
}

/// Compares two texts, and checks what is true of every finding.
fn compare(base: &str, head: &str) -> Wire {
    let Review {
        base: of_base,
        head: of_head,
        wire,
        ..
    } = review_wire(
        &source(base),
        &source(head),
        NaiveDate::from_ymd_opt(2026, 1, 1),
    );
    assert!(
        of_base.is_empty() && of_head.is_empty(),
        "{of_base:?} {of_head:?}"
    );
    let wire = wire.unwrap();
    for found in &wire.findings {
        assert!(found.base.is_some() || found.head.is_some(), "{found:?}");
        for (text, place) in [(base, &found.base), (head, &found.head)] {
            if let Some(place) = place {
                assert!(text.get(place.span.clone()).is_some(), "{found:?}");
            }
        }
        assert!(found.severity <= found.rule.severity, "{found:?}");
        assert!(found.operations.len() <= found.operation_count, "{found:?}");
        assert!(!found.message.contains(char::is_control), "{found:?}");
    }
    let of = |impact| {
        wire.findings
            .iter()
            .filter(|f| f.severity == impact)
            .count()
    };
    assert_eq!(of(Impact::Breaking), wire.counts.breaking);
    assert_eq!(of(Impact::Notable), wire.counts.notable);
    assert_eq!(of(Impact::Compatible), wire.counts.compatible);
    wire
}

fn severity(found: &Finding) -> &'static str {
    match found.severity {
        Impact::Breaking => "breaking",
        Impact::Notable => "notable",
        Impact::Compatible => "compatible",
    }
}

/// A finding in three lines, with the text at its places.
fn shown(found: &Finding, base: &str, head: &str) -> String {
    let at = |text: &str, place: &Option<Place>| {
        place.as_ref().map_or("-".to_owned(), |place| {
            let line = text[..place.span.start].matches('\n').count() + 1;
            format!("{line} {:?}", text.get(place.span.clone()).unwrap())
        })
    };
    format!(
        "{} {}\n  {}\n  {} -> {} {:?}\n",
        severity(found),
        found.rule.id,
        found.message,
        at(base, &found.base),
        at(head, &found.head),
        found.operations,
    )
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/review");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The places for a schema: a name, and a document with the schema `$` in it. `@` is a media type.
const PLACES: [(&str, &str); 7] = [
    (
        "parameter",
        "get: {parameters: [{name: p, in: query, schema: $}], responses: {'204': {description: Done}}}",
    ),
    (
        "value in a parameter",
        "get: {parameters: [{name: p, in: query, schema: {type: array, items: $}}], responses: {'204': {description: Done}}}",
    ),
    (
        "body of a request",
        "post: {requestBody: {content: {'@': {schema: $}}}, responses: {'204': {description: Done}}}",
    ),
    (
        "value in a request",
        "post: {requestBody: {content: {'@': {schema: {type: object, properties: {a: $}}}}}, responses: {'204': {description: Done}}}",
    ),
    (
        "body of a response",
        "get: {responses: {'200': {description: Done, content: {'@': {schema: $}}}}}",
    ),
    (
        "value in a response",
        "get: {responses: {'200': {description: Done, content: {'@': {schema: {type: object, properties: {a: $}}}}}}}",
    ),
    (
        "header of a response",
        "get: {responses: {'200': {description: Done, headers: {h: {schema: $}}}}}",
    ),
];

/// A document with a schema in a place; what the schema refers to stands behind it.
fn document(place: &str, media_type: &str, schema: &str) -> String {
    let (schema, components) = match schema.split_once("\ncomponents:") {
        Some((schema, components)) => (schema, format!("\ncomponents:{components}")),
        None => (schema, String::new()),
    };
    let operation = place.replace('@', media_type).replace('$', schema.trim());
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{{operation}}}}}{components}\n"
    )
}

#[test]
fn every_rule_has_a_pair() {
    let _guard = settings().bind_to_scope();
    let mut found = BTreeSet::new();
    for (name, base, head) in pairs("") {
        let mut text = String::new();
        for (title, base, head) in [("", &base, &head), ("\nin reverse\n", &head, &base)] {
            text.push_str(title);
            for finding in &compare(base, head).findings {
                found.insert(finding.rule.id);
                text.push_str(&shown(finding, base, head));
            }
        }
        assert!(text.contains(&format!(" {name}\n")), "{name}: {text}");
        insta::assert_snapshot!(name, text);
    }
    for (name, base, head) in pairs("schemas") {
        let media_type = if name.ends_with("as-text") {
            "text/plain"
        } else {
            "application/json"
        };
        let mut text = String::new();
        for (title, base, head) in [("", &base, &head), ("\nin reverse\n", &head, &base)] {
            text.push_str(title);
            // What does not travel is told in bodies; elsewhere it only makes the snapshot longer.
            let bodies = name.contains("-only-");
            let places = PLACES.iter();
            let places = places.filter(|(place, _)| !bodies || place.starts_with("body"));
            for (place, around) in places {
                let [base, head] = [base, head].map(|schema| document(around, media_type, schema));
                for finding in &compare(&base, &head).findings {
                    found.insert(finding.rule.id);
                    let (severity, id) = (severity(finding), finding.rule.id);
                    text.push_str(&format!(
                        "{place}: {severity} {id}\n  {}\n",
                        finding.message
                    ));
                }
            }
        }
        insta::assert_snapshot!(format!("schemas__{name}"), text);
    }
    // It takes documents of a size that has no place here; a test of the module makes them.
    found.insert("review-incomplete");
    let ids = rules().map(|rule| rule.id);
    let missing: Vec<_> = ids.filter(|id| !found.contains(id)).collect();
    assert!(missing.is_empty(), "no pair for {missing:#?}");
}

/// A document in which schemas refer to each other in a circle.
fn circle(length: usize, kind: &str) -> String {
    let schemas = (0..length).map(|at| {
        let next = (at + 1) % length;
        format!("    S{at}: {{properties: {{a: {{$ref: '#/components/schemas/S{next}'}}, b: {{type: {kind}}}}}}}\n")
    });
    let schemas: String = schemas.collect();
    let start = "{$ref: '#/components/schemas/S0'}";
    let start = format!("{start}\ncomponents:\n  schemas:\n{schemas}");
    document(PLACES[3].1, "application/json", &start)
}

#[test]
fn circles_end() {
    let wire = compare(&circle(30, "string"), &circle(31, "integer"));
    // Each schema of the one meets each of the other.
    assert_eq!(wire.counts.breaking, 30 * 31);
}

#[test]
fn a_component_is_compared_once_however_many_operations_use_it() {
    let text = |kind: &str| {
        let paths = (0..200).map(|at| {
            format!("  /p{at}:\n    get: {{responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}\n")
        });
        let paths: String = paths.collect();
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}components:\n  responses:\n    \
             R: {{description: R, content: {{application/json: {{schema: {{type: {kind}}}}}}}}}\n"
        )
    };
    let wire = compare(&text("string"), &text("integer"));
    let [found] = &wire.findings[..] else {
        panic!("{wire:#?}");
    };
    assert_eq!(found.operation_count, 200);
    assert_eq!(found.operations.len(), MOST_OPERATIONS);
    assert_eq!(found.operations[0], "GET /p0");
}

#[test]
fn nothing_of_a_hostile_text_reaches_the_terminal() {
    for hostile in [
        "\u{1b}[31m",
        "\u{7}",
        "\u{9b}31m",
        "\u{202e}",
        "\n",
        "\u{2028}",
    ] {
        let key = hostile
            .escape_unicode()
            .to_string()
            .replace('{', "0000")
            .replace('}', "");
        let key: String = key
            .split("\\u")
            .filter(|digits| !digits.is_empty())
            .map(|digits| format!("\\u{}", &digits[digits.len() - 4..]))
            .collect();
        let text = |value: &str| {
            format!(
                "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \
                 \"paths\": {{\"/a{key}\": {{\"get\": {{\"tags\": [\"{value}\"], \"operationId\": \"{value}\", \
                 \"parameters\": [{{\"name\": \"p{key}\", \"in\": \"query\", \"schema\": {{\"type\": \"string\", \
                 \"enum\": [\"{value}\"], \"default\": \"{value}\", \"pattern\": \"{value}\"}}}}], \
                 \"responses\": {{\"200\": {{\"description\": \"D\", \"headers\": {{\"h{value}\": {{\"schema\": {{}}}}}}, \
                 \"content\": {{\"{value}\": {{}}}}}}}}}}}}}}}}"
            )
        };
        let wire = compare(&text(&format!("a{key}")), &text(&format!("b{key}")));
        assert!(wire.findings.len() > 8, "{:#?}", wire.findings);
        for found in wire.findings {
            let bad = |c: char| c.is_control() || "\u{202e}\u{2028}".contains(c);
            assert!(!found.message.contains(bad), "{:?}", found.message);
            assert!(!found.operations.iter().any(|title| title.contains(bad)));
        }
    }
}

#[test]
fn nothing_panics_on_a_damaged_document() {
    let all: Vec<_> = pairs("").into_iter().chain(pairs("same")).collect();
    for (number, (_, base, head)) in all.iter().enumerate() {
        // Another part of each document takes the place of a piece of it.
        let (_, other, _) = &all[(number * 7 + 3) % all.len()];
        let lines: Vec<_> = head.lines().collect();
        for cut in 0..lines.len() {
            let mut damaged = lines.clone();
            damaged.remove(cut);
            let swapped = damaged.join("\n");
            damaged.insert(cut, other.lines().nth(cut).unwrap_or_default());
            for text in [&swapped, &damaged.join("\n")] {
                review_wire(&source(base), &source(text), None);
                review_wire(&source(text), &source(base), None);
            }
        }
    }
}

#[test]
fn rules_have_ids_of_their_own() {
    let mut ids = BTreeSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "{}", rule.id);
        assert!(!rule.summary.is_empty() && !rule.why.is_empty());
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.id.chars().all(kebab), "{}", rule.id);
    }
}

#[test]
fn what_means_the_same_is_no_finding() {
    for (name, base, head) in pairs("same") {
        for (base, head) in [(&base, &head), (&head, &base)] {
            let mut findings = compare(base, head).findings;
            // That a component is gone is told, though it says nothing of the wire.
            findings.retain(|found| found.rule.id != "api-schema-removed");
            assert!(findings.is_empty(), "{name}: {findings:#?}");
        }
    }
    for (_, base, head) in pairs("") {
        assert_eq!(compare(&base, &base).findings, []);
        // A document of which all is compared is the same as itself as well.
        let renamed = base.replacen("version: '1'", "version: '2'", 1);
        assert_ne!(renamed, base);
        assert_eq!(compare(&base, &renamed).findings, []);
        assert_eq!(compare(&head, &head).findings, []);
    }
}

/// The generator leaves these things out of the client, or reads them as something else.
#[test]
fn what_is_required_is_shown_where_it_is_said() {
    let of = |required: &str| {
        let schema = format!("{{type: object{required}, properties: {{name: {{type: string}}}}}}");
        document(PLACES[0].1, "", &schema)
    };
    // The property itself stands for a list that is not there.
    for (base, texts) in [
        (", required: [id]", ["required", "name"]),
        ("", ["name", "name"]),
    ] {
        let (base, head) = (of(base), of(", required: [id, name]"));
        let findings = compare(&base, &head).findings;
        let name = |found: &&Finding| found.message.contains("name");
        let found = findings.iter().find(name).unwrap();
        let spans = [&found.base, &found.head].map(|place| place.clone().unwrap().span);
        assert_eq!([&base[spans[0].clone()], &head[spans[1].clone()]], texts);
        assert_eq!(
            (&spans[1], head.find("name]")),
            (&found.near, Some(spans[1].start))
        );
    }
}

#[test]
fn a_name_with_backticks_is_quoted_whole() {
    let place = "get: {parameters: [{name: $, in: query, schema: {}}], responses: {'204': {description: Done}}}";
    let [base, head] = ["a`b", "c"].map(|name| document(place, "", name));
    let findings = compare(&base, &head).findings;
    let is_whole = |found: &Finding| found.message.contains("`` a`b ``");
    assert!(findings.iter().any(is_whole), "{findings:?}");
}

#[test]
fn what_is_lowered_for_a_client_is_compared_as_it_stands() {
    const BODY: &str =
        "post: {requestBody: {content: {$}}, responses: {'204': {description: Done}}}";
    const ANSWER: &str = "get: {responses: {'200': {description: Done, content: {$}}}}";
    const PARAMETERS: &str = "get: {parameters: [$], responses: {'204': {description: Done}}}";
    let json = "application/json: {schema: {type: object}}";
    let header = "{name: Connection, in: header, schema: {type: string}}";
    for (place, base, head, rule) in [
        // `request-media-type`
        (
            BODY,
            &*format!("{json}, text/plain: {{}}"),
            json,
            "request-body-media-type-removed",
        ),
        // `response-media-type`
        (
            ANSWER,
            &*format!("{json}, text/csv: {{}}"),
            json,
            "response-media-type-removed",
        ),
        // `response-any-type`
        (
            ANSWER,
            "'*/*': {schema: {type: object}}",
            json,
            "response-media-type-removed",
        ),
        // `enum-value-type`
        (
            PLACES[0].1,
            "{type: string, enum: [a, {b: 1}]}",
            "{type: string, enum: [a]}",
            "request-parameter-enum-value-removed",
        ),
        // `parameter-header-name`
        (PARAMETERS, header, "", "request-parameter-removed"),
        // `schema-elsewhere`
        (
            PLACES[0].1,
            "{$ref: 'a.yaml#/A'}",
            "{$ref: 'a.yaml#/B'}",
            "unresolved-reference-changed",
        ),
    ] {
        let [base, head] = [base, head].map(|schema| document(place, "", schema));
        let found = compare(&base, &head).findings;
        let ids: Vec<_> = found.iter().map(|found| found.rule.id).collect();
        assert!(ids.contains(&rule), "{rule}: {ids:?}");
    }
}

#[test]
fn what_cannot_be_read_is_said_of_its_side() {
    let good = document(PLACES[0].1, "", "{}");
    let two = good.replace("3.0.3", "2.0");
    for broken in ["a: [", "", &two] {
        let left = review_wire(&source(broken), &source(&good), None);
        assert!(left.wire.is_none() && left.head.is_empty());
        assert!(!left.base.is_empty(), "{broken}");
        let right = review_wire(&source(&good), &source(broken), None);
        assert!(right.wire.is_none() && right.base.is_empty());
        assert!(!right.head.is_empty(), "{broken}");
    }
    let slip = "callbacks: {c: {$ref: 1}}, responses: {'204'";
    let shape = good.replace("responses: {'204'", slip);
    let half = review_wire(&source(&good), &source(&shape), None);
    assert_eq!(half.head.len(), 1);
    assert_eq!(half.wire.unwrap().findings, []);
}
