//! Rules on what an operation answers.

use super::{Findings, Rule, index::Index};

pub(super) const RULES: &[Rule] = &[Rule::warning(
    "responses-empty",
    empty,
    "an operation has no responses",
    "what the call returns is not known, so it gives the bytes that come; the specification \
         demands at least one",
)];

/// Every operation has a response.
fn empty(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in index.operations.iter() {
        let Some(responses) = operation.node.get("responses") else {
            continue;
        };
        if responses.value.is_object() && responses.entries().all(|(key, _)| key.starts_with("x-"))
        {
            findings.add(
                responses.key_span(),
                "nothing in it",
                format!("{} has no responses", operation.title()),
                "describe the success, at the least `2XX: { description: Done }`",
            );
        }
    }
}
