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
    /// How much such a difference weighs, unless the finding says otherwise: what a value of a request
    /// does to a caller is often not what the same value of an answer does.
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
    OPERATION_LISTED Notable "operation-listed"
        "the index lists a page of an operation that no operation of the document names"
        "what the page describes is not known here, and the client may lack it";
    OPERATION_NOT_DOCUMENTED Notable "operation-not-documented"
        "an operation of the document names a page that the index does not list"
        "the operation may be gone, and calls of it fail then";
    METHOD_DIFFERS Breaking "method-differs"
        "a page has another method for an operation"
        "the server does not know what the client calls";
    PATH_DIFFERS Breaking "path-differs"
        "a page has another path for an operation"
        "the server does not know what the client calls";
    PATH_PARAMETER_NAME Compatible "path-parameter-name"
        "a page has another name for a parameter of the path"
        "the name is not sent; it is what callers and readers see";
    SERVER_DIFFERS Breaking "server-differs"
        "a page calls another address"
        "the client calls a server that may not be there";
    SECURITY_DIFFERS Breaking "security-differs"
        "a page has another value by which a caller proves who it is"
        "the server refuses who does not prove it in its way";
    SECURITY_MISSING Breaking "security-missing"
        "a page has a value that proves who calls, and the document does not"
        "the server may refuse calls without it";
    SECURITY_NOT_DOCUMENTED Notable "security-not-documented"
        "the document has a value that proves who calls, and the page does not"
        "the client sends a secret that nobody asked for";
    PARAMETER_MISSING Compatible "parameter-missing"
        "a page has a parameter that the document does not have"
        "the client cannot send it; where it is required, calls are refused";
    PARAMETER_NOT_DOCUMENTED Notable "parameter-not-documented"
        "the document has a parameter that the page does not have"
        "the server may pass over it, or refuse it";
    PARAMETER_PLACE Breaking "parameter-place-differs"
        "a page has a parameter in another part of the request"
        "the server does not find it where the client puts it";
    BODY_MISSING Notable "body-missing"
        "a page has a body of the request, and the document does not"
        "the client cannot send it";
    BODY_NOT_DOCUMENTED Notable "body-not-documented"
        "the document has a body of the request, and the page does not"
        "the server may pass over it, or refuse it";
    BODY_REQUIRED Notable "body-required-differs"
        "a page says otherwise whether a body has to be sent"
        "a call without a body may be refused, or a caller has to send one for nothing";
    ANSWER_MISSING Compatible "answer-missing"
        "a page describes what comes back, and the document does not"
        "the client passes over what comes";
    ANSWER_NOT_DOCUMENTED Notable "answer-not-documented"
        "the document describes what comes back, and the page says that nothing does"
        "the client waits for something that may not come";
    MEDIA_TYPE Breaking "media-type-differs"
        "a page has another media type for a body"
        "one side cannot read what the other one writes";
    STATUS_MISSING Notable "status-missing"
        "a page has a status that the document does not have"
        "the client takes it for a failure that it knows nothing of";
    STATUS_NOT_DOCUMENTED Compatible "status-not-documented"
        "the document has a status that the page does not have"
        "what no page says is not in the document; clients have to be ready for any status";
    STATUS_DIFFERS Breaking "status-differs"
        "a page has another status for an answer"
        "the client takes a success for a failure, or a failure for another one";
    SCHEMA_MISSING Notable "schema-missing"
        "a page describes a schema that the document does not have"
        "nothing of it can be compared, and the client may lack it";
    FIELD_MISSING Compatible "field-missing"
        "a page has a field that the document does not have"
        "the client passes over it, or cannot send it; where it has to be sent, calls are refused";
    FIELD_NOT_DOCUMENTED Notable "field-not-documented"
        "the document has a field that the page does not have"
        "it may not come, and the server may refuse it";
    REQUIRED_DIFFERS Compatible "required-differs"
        "a page says otherwise whether a field or parameter is always there"
        "the client may wait for what does not come, or leave out what has to be sent";
    TYPE_DIFFERS Breaking "type-differs"
        "a page has another type"
        "one side cannot read what the other one writes";
    NULLABLE_DIFFERS Compatible "nullable-differs"
        "a page says otherwise whether null is a value"
        "null comes where the client has no place for it, or is refused where the client sends it";
    FORMAT_DIFFERS Notable "format-differs"
        "a page has another format"
        "a client that reads the format fails on a text that does not keep to it";
    DEFAULT_DIFFERS Notable "default-differs"
        "a page has another default"
        "what happens where nothing is sent is not what callers are told";
    VALUES_DIFFER Notable "values-differ"
        "a page lists other values"
        "a value can come that the client does not know, or is refused where it is sent";
    BOUND_DIFFERS Notable "bound-differs"
        "a page has another bound"
        "the client refuses what the server takes, or sends what it refuses";
    SHAPE_MISSING Notable "shape-missing"
        "a page has a shape of a value that the document does not have"
        "the client has no type for it";
    SHAPE_NOT_DOCUMENTED Notable "shape-not-documented"
        "the document has a shape of a value that the page does not have"
        "it may never come, and the server may refuse it";
}

/// Whether only an index of pages can tell of a rule whether there is such a difference.
pub(super) fn of_index(id: &str) -> bool {
    [&OPERATION_LISTED, &OPERATION_NOT_DOCUMENTED]
        .iter()
        .any(|rule| rule.id == id)
}

/// Every rule of the comparison.
pub fn rules() -> impl Iterator<Item = &'static DriftRule> {
    RULES.iter().copied()
}
