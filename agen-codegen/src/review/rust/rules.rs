//! What a rule on the client is.

/// What a change does to those who compile against the client, in Cargo's sense.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// No compiler notices.
    #[default]
    Patch,
    /// Something can be named that could not be named before, or a compiler warns; all that compiled still
    /// does.
    Minor,
    /// A caller that compiled may not compile any more, or compiles and means something else.
    Major,
}

/// A kind of change of the client.
#[derive(Debug, PartialEq, Eq)]
pub struct RustRule {
    /// Name of the rule, in kebab case; it begins with `rust-`.
    pub id: &'static str,
    /// What such a change does to callers.
    pub level: Level,
    /// What has changed, in one line.
    pub summary: &'static str,
    /// Why it has this level.
    pub why: &'static str,
}

/// A table of rules: a name, its level, its id, a summary, and the reason.
macro_rules! rust_rules {
    ($($name:ident $level:ident $id:literal $summary:literal $why:literal;)*) => {
        $(
            pub(super) static $name: $crate::review::rust::RustRule = $crate::review::rust::RustRule {
                id: $id,
                level: $crate::review::rust::Level::$level,
                summary: $summary,
                why: $why,
            };
        )*

        /// Every rule of this subject.
        pub(super) static RULES: &[&$crate::review::rust::RustRule] = &[$(&$name),*];
    };
}
pub(super) use rust_rules;
