//! What has to be true of every document, however damaged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use agen_codegen::{Outcome, Settings, Severity, Source, generate};

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
