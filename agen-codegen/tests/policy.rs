//! A policy changes what findings weigh, accepts some of them for a time, and is checked itself.

use agen_codegen::{
    Diagnostic, Review, Source, review,
    review::{Impact, Policy, policy},
};
use chrono::NaiveDate;
use insta::assert_snapshot;

const BASE: &str = "\
openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: https://a.example}]
paths:
  /notes:
    get:
      parameters:
        - {name: q, in: query, schema: {type: string, maxLength: 9}}
        - {name: to, in: query, schema: {type: string, maxLength: 9}}
      responses:
        '200': {description: Done, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties: {text: {type: string}, mark: {type: string}}
";

/// Two bounds are lower, the server is another, and a property is new.
fn head() -> String {
    let head = BASE.replace("maxLength: 9", "maxLength: 8");
    let head = head.replace("a.example", "b.example");
    head.replace(
        "mark: {type: string}}",
        "mark: {type: string}, new: {type: string}}",
    )
}

fn source(text: &str) -> Source<'_> {
    Source {
        name: "openapi.review.yaml",
        text,
    }
}

fn changes(head: &str) -> Review {
    review(&source(BASE), &source(head))
}

fn read(text: &str) -> Policy {
    policy(&source(text)).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
}

fn shown(found: &[Diagnostic], text: &str) -> String {
    let shown = found.iter().map(|found| found.render(&source(text), false));
    shown.collect::<Vec<_>>().join("\n\n")
}

/// Severity, fingerprint and rule of each finding.
fn listed(review: &Review) -> Vec<(Impact, &str, &'static str)> {
    let findings = &review.wire.as_ref().unwrap().findings;
    let listed = findings.iter();
    listed
        .map(|f| (f.severity, &*f.fingerprint, f.rule.id))
        .collect()
}

#[test]
fn fingerprints_stay_and_are_distinct() {
    let review = changes(&head());
    let prints = |review: &Review| -> Vec<String> {
        let mut all: Vec<_> = listed(review).iter().map(|f| f.1.to_owned()).collect();
        all.sort();
        all
    };
    let before = prints(&review);
    let mut distinct = before.clone();
    distinct.dedup();
    assert_eq!((before.len(), distinct.len()), (4, 4));
    for print in &before {
        assert!(print.len() == 12 && print.chars().all(|c| c.is_ascii_hexdigit()));
    }

    // Lines move, one more parameter comes first, and a bound is another than before.
    let edited = head().replace("\npaths:", "\n\n\npaths:");
    let edited = edited.replace(
        "      parameters:\n",
        "      parameters:\n        - {name: first, in: query, schema: {type: string}}\n",
    );
    let edited = edited.replace("maxLength: 8", "maxLength: 7");
    let after = prints(&changes(&edited));
    assert_eq!(after.len(), 5);
    assert!(before.iter().all(|print| after.contains(print)));
}

#[test]
fn a_policy_is_followed() {
    let mut review = changes(&head());
    let breaking = listed(&review)[0].1.to_owned();
    let text = format!(
        "\
severity:
  - {{rule: server-default-changed, severity: compatible, reason: Both answer.}}
  - {{rule: request-parameter-max-length-decreased, severity: notable, reason: Nobody sends so much.}}
accept:
  - {{fingerprint: {breaking}, reason: It was never sent., until: 2026-11-26}}
"
    );
    let policy = read(&text);
    assert_eq!(policy.apply(&mut review, today()), []);
    let wire = review.wire.as_ref().unwrap();
    let counts = wire.counts;
    assert_eq!(
        (
            counts.breaking,
            counts.notable,
            counts.compatible,
            counts.accepted
        ),
        (0, 1, 2, 1)
    );
    let severities: Vec<_> = listed(&review).iter().map(|found| found.0).collect();
    assert_eq!(
        severities,
        [
            Impact::Notable,
            Impact::Compatible,
            Impact::Compatible,
            Impact::Notable
        ]
    );
    let (decision, until) = wire.findings[3].accepted.as_ref().unwrap();
    assert_eq!((&*decision.reason, *until), ("It was never sent.", today()));
    assert!(!decision.is_new);
    assert!(
        wire.findings[..3]
            .iter()
            .all(|found| found.accepted.is_none())
    );

    // What a change decides about itself is told apart from what was decided before.
    let mut review = changes(&head());
    read(&text)
        .since(&Policy::default())
        .apply(&mut review, today());
    let found = &review.wire.as_ref().unwrap().findings;
    assert!(found[3].accepted.as_ref().unwrap().0.is_new);
    assert!(found[0].weighed.as_ref().unwrap().is_new);
    let mut review = changes(&head());
    read(&text).since(&read(&text)).apply(&mut review, today());
    assert!(
        !review.wire.unwrap().findings[3]
            .accepted
            .as_ref()
            .unwrap()
            .0
            .is_new
    );
}

#[test]
fn what_is_over_or_unused_is_told() {
    let mut review = changes(&head());
    let before = listed(&review).len();
    let breaking = listed(&review)[0].1.to_owned();
    let text = format!(
        "accept:\n  - fingerprint: {breaking}\n    reason: It was never sent.\n    until: \
         2026-11-25\n  - fingerprint: 0123456789ab\n    reason: Old.\n    until: 2099-01-01\n"
    );
    let found = read(&text).apply(&mut review, today());
    assert_snapshot!(shown(&found, &text).replace(&breaking, "FINGERPRINT"));
    assert_eq!(listed(&review).len(), before);
    assert_eq!(review.wire.unwrap().counts.accepted, 0);
}

#[test]
fn a_severity_that_changes_nothing_is_told() {
    let text = "severity:\n\
        \x20 - {rule: server-default-changed, severity: notable, reason: As ever.}\n\
        \x20 - {rule: api-path-removed-without-deprecation, severity: notable, reason: One day.}\n";
    let told = |policy: Policy| {
        let found = policy.apply(&mut changes(&head()), today());
        found
            .iter()
            .map(|found| found.message.clone())
            .collect::<Vec<_>>()
    };
    let own = "`server-default-changed` weighs that by its own table";
    // What stood there before may wait for a change to come.
    assert_eq!(told(read(text)), [own]);
    let other = "no finding of this change is of the rule `api-path-removed-without-deprecation`";
    assert_eq!(told(read(text).since(&Policy::default())), [own, other]);
}

#[test]
fn a_policy_that_cannot_be_followed() {
    let text = "\
severity:
  - {rule: server-default-change, severity: compatible, reason: Both answer.}
  - {rule: rust-method-removed, severity: minor, reason: ' '}
  - {rule: endpoint-added, severity: notable, reason: One.}
  - {rule: endpoint-added, severity: breaking, reason: Two.}
accept:
  - {fingerprint: 123456789012, reason: Old, until: 2099-02-30}
  - {fingerprnt: ab, reason: Old, until: 2099-01-01}
  - all
acept: []
";
    assert_snapshot!(shown(&policy(&source(text)).unwrap_err(), text));
    let broken = "accept: [a\n";
    assert_snapshot!(
        "broken",
        shown(&policy(&source(broken)).unwrap_err(), broken)
    );
    for empty in ["", "# nothing\n", "accept:\nseverity: []\n"] {
        assert_eq!(read(empty), Policy::default());
    }
}
