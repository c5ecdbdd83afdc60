//! The contract held against the provider's documentation: what pages state, and where the document
//! says otherwise.
//!
//! A page is read into *facts*: which operation it describes, where it is called, how a caller proves who
//! it is, and what its parameters, body and answer are, field by field. The document is read into the same
//! facts, and the two are compared. Only what a page states is compared: a page that says nothing of a
//! default makes no claim that there is none, unless its form always shows one. A page that is cut off, or
//! that is not understood in part, gives what it has and says what it lacks; what it lacks is never taken
//! for absent, and never for agreement.
//!
//! Pages are data. Nothing that stands in one is followed, and nothing of one reaches a message but
//! through [`printable`](crate::printable).

mod compare;
mod declarations;
mod describe;
mod edits;
mod facts;
mod index;
mod kinds;
mod level;
mod openapi;
mod pages;
mod record;
mod rules;

use std::ops::Range;

use crate::{
    Diagnostic, Source,
    guard::guarded,
    isolate,
    review::{Counts, Impact, Place},
};

pub use record::{FactChange, PageChange, PageState, Record, RecordedPage};
pub use rules::{DriftRule, rules};

/// The longest page that is read, in bytes. A longer one is not looked at, and says so in what it lacks.
pub const MOST_PAGE_BYTES: usize = 8 << 20;

/// What there is to say of a document and the pages that it is kept from.
#[derive(Clone, Debug, Default)]
pub struct Drift {
    /// Why the document cannot be read, or what of it has a structure that was passed over. Where one of
    /// them is an error and `compared` is false, there are no findings because nothing was compared.
    pub spec: Vec<Diagnostic>,
    /// What is wrong with the declarations: it cannot be read, or an entry matches nothing any more.
    pub declarations: Vec<Diagnostic>,
    /// What was read from each page, in the order in which they were given.
    pub pages: Vec<Page>,
    /// Whether the document could be read and was compared.
    pub compared: bool,
    /// Where they part, the gravest first, then by page and place; without what is declared. At most
    /// 10,000 are kept.
    pub findings: Vec<Finding>,
    /// How many findings there are of each severity; those that are declared count as accepted.
    pub counts: Counts,
    /// The findings that a declaration accounts for, in the same order.
    pub declared: Vec<Finding>,
}

/// What was read from one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The form in which it was read.
    pub form: Form,
    /// The title, on one line and fit for a terminal.
    pub title: Option<String>,
    /// What it describes: `POST /path` or the name of a schema, fit for a terminal.
    pub subjects: Vec<String>,
    /// How many facts were read: types, markers, values, names, addresses.
    pub facts: usize,
    /// What could not be read, in the order of the places. A page with anything in here is not known to
    /// agree.
    pub lacks: Vec<Lack>,
}

/// Something of a page that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is missing and what that means, in one line that is fit for a terminal.
    pub message: String,
    /// Where, in bytes of the page.
    pub span: Range<usize>,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The Markdown export: a fence with a small OpenAPI document.
    Markdown,
    /// The older Markdown export: a fence with `paths: {path, method, …}`.
    OlderMarkdown,
    /// The text of a rendered page.
    Text,
    /// The HTML of a page.
    Html,
    /// The index of pages, `llms.txt`.
    Index,
    /// None of these: nothing was read.
    Unknown,
}

impl Form {
    /// What it is called in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown export",
            Self::OlderMarkdown => "older Markdown export",
            Self::Text => "rendered text",
            Self::Html => "HTML",
            Self::Index => "index",
            Self::Unknown => "not understood",
        }
    }
}

/// A difference between the document and a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of difference it is.
    pub rule: &'static DriftRule,
    /// How much it weighs for callers of a client made from the document.
    pub severity: Impact,
    /// What differs, in one line that is fit for a terminal. It can hold text of both.
    pub message: String,
    /// The operations as `POST /path`, and the schemas, of which pages state it, as the pages name them;
    /// fit for a terminal. What several pages state of one place in the document is one finding.
    pub subjects: Vec<String>,
    /// Which fact of the first subject, such as `body.items[].id` or `query.status`; empty for the subject
    /// itself. Fit for a terminal. A declaration can name it.
    pub fact: String,
    /// Where the thing stands in the document, or what would hold it.
    pub spec: Option<Place>,
    /// Where the page states it, or the part of the page that would.
    pub page: PagePlace,
    /// Where pages state it as well; at most 50 places.
    pub also: Vec<PagePlace>,
    /// What to write so that the document agrees; absent where the page does not say enough.
    pub edit: Option<Edit>,
}

/// A place in one of the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePlace {
    /// Index of the page among those that were given.
    pub page: usize,
    /// Bytes of its text.
    pub span: Range<usize>,
}

/// A change of the document, for a maintainer to make by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to do, in one line that is fit for a terminal, such as
    /// ``in `/components/schemas/Session`, set``.
    pub instruction: String,
    /// JSON pointer of the value in the document that is to be changed.
    pub pointer: String,
    /// YAML to write there: a mapping that is merged into the object at the pointer, or a list item.
    /// Lines are fit for a terminal. Empty where something is to be removed.
    pub yaml: String,
}

/// A list of pages, such as `llms.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The links, in the order of the text, each address once.
    pub links: Vec<Link>,
}

/// A link of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is called, fit for a terminal.
    pub title: String,
    /// Where it leads, as it is written: most often absolute and ending in `.md`. It is text of the page,
    /// and is not to be followed to another host than the one that was named.
    pub address: String,
    /// Bytes of the address in the text.
    pub span: Range<usize>,
}

/// Holds a document against pages.
///
/// `declarations` is the text of the file in which is declared what the document says otherwise on
/// purpose: a list of entries with `rule`, `at` (a JSON pointer into the document, with all below it) or
/// `fact`, perhaps `subject`, and `reason`.
pub fn drift(spec: &Source<'_>, pages: &[Source<'_>], declarations: Option<&Source<'_>>) -> Drift {
    guarded(|| compare::run(spec, pages, declarations)).unwrap_or_else(|fault| Drift {
        spec: vec![isolate::unplaced(&fault)],
        ..Drift::default()
    })
}

/// The pages that an index lists; nothing where the text is no index.
pub fn index(source: &Source<'_>) -> Option<Index> {
    if source.text.len() > MOST_PAGE_BYTES {
        return None;
    }
    index::read(source.text)
}

/// The facts of pages, to be held against later ones. `date` is the day on which they were read, as
/// `2026-01-31`. A page whose facts are the same in `before` keeps the date that it has there.
pub fn record(before: Option<&Record>, pages: &[Source<'_>], date: &str) -> Record {
    Record::new(before, pages, date)
}
