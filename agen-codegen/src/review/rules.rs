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
/// Where oasdiff has a rule of the same meaning, the id is oasdiff's, and in most cases the severity
/// too, with `ERR` for breaking, `WARN` for notable and `INFO` for compatible. The same change in another
/// place, for which oasdiff has no rule, is named in the same way. The judgement differs where
///
/// - a deprecated operation is removed: notable, since deprecation stops no caller (`INFO`);
/// - an operation that took calls without a key asks for one: `api-security-became-required`,
///   breaking (`api-security-added`, `INFO`);
/// - the type of a security scheme that operations use is another: breaking (`INFO`);
/// - the property of a discriminator, or what a value of it stands for, is another: notable (`INFO`); a
///   value counts that the name of a schema implies;
/// - `date-time` takes the place of `date`: a change of the type, since no `date` is a `date-time`;
/// - the type of a property inside of a parameter changes: breaking (`WARN`);
/// - a required property must be sent that was readOnly, or does not come any more since it is
///   writeOnly: breaking (`INFO`); one that comes because it is not writeOnly any more: compatible
///   (`WARN`);
/// - a schema becomes one of several alternatives and is among them: an alternative that is added, and
///   not `wrapped-in-one-of`;
/// - an operation has another path or method, which its operationId tells: `api-operation-moved`, and
///   not one that is removed and one that is added;
/// - `allOf` is read as the one schema that it describes, so that splitting a schema is no change;
/// - readOnly properties in a request and writeOnly ones in a response keep the rule of any other
///   property, with the severity compatible, instead of having rules of their own;
/// - `Accept`, `Content-Type` and `Authorization` are parameters: the specification says that these mean
///   nothing;
/// - schemas that no operation reaches, extensions, and dates of a sunset are concerned: they are not
///   looked at.
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
