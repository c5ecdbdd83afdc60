//! What a rule of the review is, and how a change is judged.

/// How much a change weighs for those who call the API as the base describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Nothing that worked stops working.
    Compatible,
    /// It depends on the server or on the client whether something stops working.
    Notable,
    /// A client that keeps to the base can fail.
    Breaking,
}

/// A kind of change.
///
/// Where oasdiff has a rule of the same meaning, the id is oasdiff's and so is the severity, with `ERR` for
/// breaking, `WARN` for notable and `INFO` for compatible, as its main branch had them in 2026.
/// The same change in another place, for which oasdiff has no rule, is named in the same way. Where
/// oasdiff says `INFO` of what breaks callers all the same, its finding is there as it is, and a graver
/// one beside it:
///
/// | oasdiff | beside it |
/// | --- | --- |
/// | `request-required-property-became-not-read-only` | `request-property-became-required`, breaking: it has to be sent |
/// | `response-required-property-became-write-only` | `response-required-property-removed`, breaking: it does not come |
/// | `*-discriminator-property-name-changed`, `*-discriminator-mapping-deleted`, `-changed` | `*-alternatives-told-apart-otherwise`, notable; also where the name of a schema implies the value |
///
/// It is judged otherwise than by oasdiff where
///
/// | change | oasdiff | here | since |
/// | --- | --- | --- | --- |
/// | a part of `allOf` is added or removed, of which the other parts say everything | `*-all-of-added`, `-removed`: `WARN` on one side | compatible | `allOf` is read as the one schema that it describes |
/// | a part of `allOf` drops what another part says, too | the rule of that, `WARN` | no finding | the same |
/// | a schema is cut into parts of `allOf`, or put together from them | `*-all-of-added`, properties removed | no finding | the same |
/// | something inside of `not` changes | the rules of properties, as if there were no `not` | `*-not-changed`, notable | what is required there is forbidden |
/// | a name is required that no property has | no finding | `request-property-became-required` and its like | a value without it is not valid any more |
/// | `exclusiveMaximum: true` without a `maximum` | `*-exclusive-max-set` | no finding | it says nothing |
/// | the charset UTF-8 of a JSON media type is written down, or not | `response-media-type-parameter-added`, `-removed` | no finding | JSON has no other |
/// | a media type of a request takes in another one: `application/json` for `application/problem+json` | no finding | one removed, one added | a server that takes the one may refuse the other |
/// | `date-time` takes the place of `date` | the type is generalized | the type is changed | no `date` is a `date-time` |
/// | an operation has another path or method, as its operationId tells | one removed, one added | `api-operation-moved`, breaking | it is one change |
/// | the parameters `Accept`, `Content-Type`, `Authorization` | as any other | no finding | the specification says that they mean nothing |
/// | a day of a sunset is too near, or is missing | rules of their own, with a number of days | no finding | how long is enough is a policy; a day that is moved forward and over is found, and a removal before it |
/// | an operation changes that is a `draft` or an `alpha` | no finding | as any other | calls of it break all the same |
/// | the level of stability of a property is another | rules of their own | no finding | nothing else is said of single properties |
/// | a range of statuses takes the place of a status that it takes in, or the reverse; `default` where it is new or gone | one removed, one added | `response-status-generalized`, `-specialized`, compatible, and what has changed between the two | the status is described by the one or by the other |
/// | a security scheme has another name only | one removed, one added, and so at each operation | `api-security-component-renamed`, compatible | the name is not part of a call |
/// | a way to authenticate is gone where anybody may call, or from a `security` that counts for no operation | `api-security-removed`, `api-global-security-removed` | the same with `-where-open`, `-where-unused`, compatible | nobody is refused |
/// | a parameter is described of which the path had the name already | `new-request-path-parameter` | no finding | a call had to fill it in before |
/// | a property of a parameter, not in a header, has an `enum` where it had none | the values as added, `INFO` | `request-parameter-property-became-enum`, breaking | other values are refused |
/// | a schema has another name only | one removed | `api-schema-renamed`, compatible | the name is not part of a call |
/// | one more scope where anybody may call | `api-security-scope-added`, `api-global-security-scope-added` | the same with `-where-open`, compatible | nobody is refused |
/// | `additionalProperties: true` is written down, or not any more | no finding | `*-additional-properties-written-otherwise`, compatible | a client in a typed language has a place for them only then |
/// | `info.version` | `api-version-not-bumped` and its like | no finding on the wire | the version that is needed is told by itself |
///
/// Rules of oasdiff for what 3.0 has no words for, such as `if` or `prefixItems`, have no like here.
#[derive(Debug, PartialEq, Eq)]
pub struct ReviewRule {
    /// Name of the rule, in kebab case.
    pub id: &'static str,
    /// How much such a change weighs, unless the finding says that it weighs less.
    pub severity: Impact,
    /// What has changed, in one line.
    pub summary: &'static str,
    /// Why it has this severity.
    pub why: &'static str,
}

/// A table of rules: a name, its severity, its id, a summary, and the reason.
macro_rules! rules {
    ($($name:ident $severity:ident $id:literal $summary:literal $why:literal;)*) => {
        $(
            static $name: $crate::review::ReviewRule = $crate::review::ReviewRule {
                id: $id,
                severity: $crate::review::Impact::$severity,
                summary: $summary,
                why: $why,
            };
        )*

        /// Every rule of this subject.
        pub(in crate::review) static RULES: &[&$crate::review::ReviewRule] = &[$(&$name),*];
    };
}
pub(super) use rules;

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// A client sends it.
    Request,
    /// A client receives it.
    Response,
}

/// What a change does to the values that a schema allows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    /// Fewer are allowed.
    Narrows,
    /// More are allowed.
    Widens,
    /// More are allowed, of a kind that is known to grow.
    Grows,
    /// Fewer are allowed, unless other parts of the schema say the same.
    MayNarrow,
    /// More are allowed, unless other parts of the schema say the same.
    MayWiden,
    /// Some come, some go.
    Differs,
    /// It cannot be told.
    Unknown,
    /// The same are allowed.
    Nothing,
}

/// The severity of an effect: a client may go on sending what it sends, and understands what comes.
pub(super) const fn severity(effect: Effect, direction: Direction) -> Impact {
    match (effect, direction) {
        (Effect::Differs, _)
        | (Effect::Narrows, Direction::Request)
        | (Effect::Widens, Direction::Response) => Impact::Breaking,
        (Effect::Unknown, _)
        | (Effect::MayNarrow, Direction::Request)
        | (Effect::Grows | Effect::MayWiden, Direction::Response) => Impact::Notable,
        (Effect::Nothing, _)
        | (Effect::Narrows | Effect::MayNarrow, Direction::Response)
        | (Effect::Widens | Effect::Grows | Effect::MayWiden, Direction::Request) => {
            Impact::Compatible
        }
    }
}

/// The reason for [`severity`].
pub(super) const fn why(effect: Effect, direction: Direction) -> &'static str {
    match (effect, direction) {
        (Effect::Narrows, Direction::Request) => {
            "what a client sends today may be refused from now on"
        }
        (Effect::MayNarrow, Direction::Request) => {
            "it depends on the other parts whether what a client sends today is refused; what is \
             refused for certain is another finding"
        }
        (Effect::Widens | Effect::Grows | Effect::MayWiden, Direction::Request) => {
            "what a client sends today is still taken"
        }
        (Effect::Narrows | Effect::MayNarrow, Direction::Response) => {
            "a client already understands everything that still comes"
        }
        (Effect::MayWiden, Direction::Response) => {
            "it depends on the other parts whether something can come that a client had no reason \
             to expect; what can for certain is another finding"
        }
        (Effect::Widens, Direction::Response) => {
            "something can come that a client had no reason to expect"
        }
        (Effect::Grows, Direction::Response) => {
            "a value can come that a client does not know; one that is written well passes it on"
        }
        (Effect::Differs, _) => "what was valid is not, or what comes was never announced",
        (Effect::Unknown, _) => {
            "whether everything that was valid still is cannot be told from the document"
        }
        (Effect::Nothing, _) => "the values that are sent and received stay the same",
    }
}
