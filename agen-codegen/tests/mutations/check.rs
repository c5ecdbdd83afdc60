//! What has to be true of every document, however damaged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use agen_codegen::{
    Outcome, Settings, Severity, Source, generate,
    review::{Counts, Impact, MOST_FINDINGS, Wire, review, review_wire},
};

/// What came of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Refused,
    /// Refused, and generated without the parts that were refused.
    GeneratedInPart,
    Generated,
}

/// Runs the pipeline. The error says what should not be; `twice` asks whether a second run gives the same.
pub(crate) fn check(text: &str, twice: bool) -> Result<Seen, String> {
    let whole = run(text, false)?;
    if twice {
        let again = run(text, false)?;
        let same = format!("{whole:?}") == format!("{again:?}");
        same.then_some(())
            .ok_or("a second run gave something else")?;
    }
    if whole.output.is_some() {
        return Ok(Seen::Generated);
    }
    match run(text, true)?.output {
        Some(_) => Ok(Seen::GeneratedInPart),
        None => Ok(Seen::Refused),
    }
}

fn run(text: &str, skip_broken: bool) -> Result<Outcome, String> {
    let source = Source {
        name: "mutant.yaml",
        text,
    };
    let settings = Settings {
        skip_broken,
        ..Settings::default()
    };
    let run = || {
        let outcome = generate(&source, &settings);
        judge(&source, &outcome)?;
        Ok(outcome)
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err("a panic got out".to_owned()))
}

fn judge(source: &Source<'_>, outcome: &Outcome) -> Result<(), String> {
    for (index, found) in outcome.diagnostics.iter().enumerate() {
        if found.rule == "generator-fault" {
            return Err(found.render(source, false));
        }
        for label in std::iter::once(&found.primary).chain(&found.related) {
            if source.text.get(label.span.clone()).is_none() {
                return Err(format!("a label is outside of the text: {found:?}"));
            }
        }
        // Nobody reads more, and each takes as long as the text.
        if index < 3 {
            let shown = found.render(source, false);
            if shown.contains(|c: char| c.is_control() && c != '\n') {
                return Err(format!("a diagnostic holds control characters: {shown:?}"));
            }
        }
    }
    for done in &outcome.lowered {
        if source.text.get(done.span.clone()).is_none() {
            return Err(format!("a lowering is outside of the text: {done:?}"));
        }
    }
    let errors = outcome.diagnostics.iter();
    let is_refused = errors
        .clone()
        .any(|found| found.severity == Severity::Error);
    if is_refused == outcome.output.is_some() {
        return Err(format!(
            "neither refused nor generated: {:?}",
            outcome.diagnostics
        ));
    }
    for (path, code) in outcome.output.iter().flat_map(|output| &output.files) {
        if let Err(error) = syn::parse_file(code) {
            return Err(format!("{path} is no Rust: {error}\n{code}"));
        }
    }
    Ok(())
}

/// Compares a document with what it was damaged to, both ways, and with itself. Says how many findings there
/// are; the error says what should not be.
pub(crate) fn check_review(base: &str, head: &str) -> Result<usize, String> {
    let compare = || {
        let there = compared(base, head)?;
        let back = compared(head, base)?;
        for text in [base, head] {
            let same = compared(text, text)?;
            let found = same.map_or(0, |wire| wire.findings.len());
            if found > 0 {
                return Err(format!("{found} findings in one and the same document"));
            }
        }
        let (Some(there), Some(back)) = (there, back) else {
            return Ok(0);
        };
        // What changes the one way changes the other way, too, but what is told of one side only.
        let one_way = [
            "api-schema-removed",
            "x-extensible-enum-value-removed",
            "sunset-deleted",
        ];
        let changes = |wire: &Wire| {
            let findings = wire.findings.iter();
            let ids = findings.map(|found| found.rule.id);
            ids.filter(|id| !one_way.iter().any(|end| id.ends_with(end)))
                .count()
        };
        if (changes(&there) == 0) != (changes(&back) == 0) {
            return Err(format!(
                "there: {:#?}\nback: {:#?}",
                there.findings, back.findings
            ));
        }
        Ok(there.findings.len())
    };
    catch_unwind(AssertUnwindSafe(compare)).unwrap_or_else(|_| Err("a panic got out".to_owned()))
}

fn compared(base: &str, head: &str) -> Result<Option<Wire>, String> {
    let [base, head] = [base, head].map(|text| Source {
        name: "openapi.yaml",
        text,
    });
    let compared = review_wire(&base, &head, None);
    let diagnostics = compared.base.iter().chain(&compared.head);
    if let Some(fault) = diagnostics.clone().find(|it| it.rule == "generator-fault") {
        return Err(format!("{fault:?}"));
    }
    let Some(wire) = compared.wire else {
        let told = diagnostics.count() > 0;
        return told
            .then_some(None)
            .ok_or_else(|| "nothing is said of why nothing was compared".to_owned());
    };
    let mut counts = Counts::default();
    for found in &wire.findings {
        match found.severity {
            Impact::Breaking => counts.breaking += 1,
            Impact::Notable => counts.notable += 1,
            Impact::Compatible => counts.compatible += 1,
        }
        let places = [(base.text, &found.base), (head.text, &found.head)];
        for (text, place) in places {
            if place
                .as_ref()
                .is_some_and(|place| text.get(place.span.clone()).is_none())
            {
                return Err(format!("a place is outside of the text: {found:?}"));
            }
        }
        let is_placed = found.base.is_some() || found.head.is_some();
        let is_plain = !found.message.contains(char::is_control);
        if !is_placed || !is_plain || found.severity > found.rule.severity {
            return Err(format!("{found:?}"));
        }
    }
    if wire.findings.len() < MOST_FINDINGS && counts != wire.counts {
        return Err(format!("{counts:?} {:?}", wire.counts));
    }
    Ok(Some(wire))
}

/// Compares the clients of a document and of what it was damaged to, both ways. Says how many changes there are;
/// the error says what should not be.
pub(crate) fn check_clients(base: &str, head: &str) -> Result<usize, String> {
    let compare = || {
        let (there, back) = (changed(base, head)?, changed(head, base)?);
        // What has another declaration the one way has another one the other way.
        if (there == 0) != (back == 0) {
            return Err(format!("{there} changes there, {back} back"));
        }
        Ok(there)
    };
    catch_unwind(AssertUnwindSafe(compare)).unwrap_or_else(|_| Err("a panic got out".to_owned()))
}

fn changed(base: &str, head: &str) -> Result<usize, String> {
    let [base, head] = [base, head].map(|text| Source {
        name: "openapi.yaml",
        text,
    });
    let compared = review(&base, &head);
    let of_clients = compared.base_client.iter().chain(&compared.head_client);
    let diagnostics = compared.base.iter().chain(&compared.head).chain(of_clients);
    if let Some(fault) = diagnostics.clone().find(|it| it.rule == "generator-fault") {
        return Err(format!("{fault:?}"));
    }
    let Some(rust) = compared.rust else {
        let told = diagnostics.count() > 0;
        return told
            .then_some(0)
            .ok_or_else(|| "nothing is said of why no clients were compared".to_owned());
    };
    let findings = compared.wire.map_or(0, |wire| wire.findings.len());
    for change in &rust.changes {
        let places = [(base.text, &change.base), (head.text, &change.head)];
        let is_placed = places.into_iter().all(|(text, place)| {
            let span = place.as_ref().map(|place| place.span.clone());
            span.is_none_or(|span| text.get(span).is_some())
        });
        let is_caused = change.cause.is_none_or(|cause| cause < findings);
        let is_declared = change.before.is_some() || change.after.is_some();
        let is_plain = !change.message.contains(char::is_control);
        if !is_placed || !is_caused || !is_declared || !is_plain {
            return Err(format!("{change:?}"));
        }
    }
    Ok(rust.changes.len())
}
