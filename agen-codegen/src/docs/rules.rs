//! The kinds of differences between a document and the pages that it is kept from.

use crate::review::Impact;

/// A kind of difference.
///
/// The page is taken as what the server does, so the severity says what happens to callers of a client
/// that was made from the document.
#[derive(Debug, PartialEq, Eq)]
pub struct DriftRule {
    /// Name of the rule, in kebab case.
    pub id: &'static str,
    /// How much such a difference weighs, unless the finding says otherwise.
    pub severity: Impact,
    /// What differs, in one line.
    pub summary: &'static str,
    /// Why it has this severity.
    pub why: &'static str,
}

/// A table of rules: a name, its severity, its id, a summary, and the reason.
macro_rules! rules {
    ($($name:ident $severity:ident $id:literal $summary:literal $why:literal;)*) => {
        $(
            pub(super) static $name: DriftRule = DriftRule {
                id: $id,
                severity: Impact::$severity,
                summary: $summary,
                why: $why,
            };
        )*

        static RULES: &[&DriftRule] = &[$(&$name),*];
    };
}

rules! {
    OPERATION_MISSING Notable "operation-missing"
        "a page describes an operation that the document does not have"
        "the client cannot call it";
}

/// Every rule of the comparison.
pub fn rules() -> impl Iterator<Item = &'static DriftRule> {
    RULES.iter().copied()
}
