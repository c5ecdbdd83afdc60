//! Rules on schemas.

use super::{Findings, Rule, index::Index};

pub(super) const RULES: &[Rule] = &[Rule::error(
    "enum-empty",
    enum_empty,
    "an enum has no values",
    "nothing would be valid",
)];

/// Enums have values.
fn enum_empty(index: &Index<'_>, findings: &mut Findings<'_>) {
    for list in index.schemas().filter_map(|schema| schema.get("enum")) {
        if list.value.as_array().is_some_and(Vec::is_empty) {
            findings.add(
                list.span(),
                "no values",
                "the enum has no values",
                "list the values, or remove `enum` to allow any",
            );
        }
    }
}
