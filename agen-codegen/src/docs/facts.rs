//! What a page states, and what a document says, in one form.
//!
//! A page is read as a whole and so its values are trees. A document can refer to itself, so of its
//! values one level is read at a time: there a child is a [`Node`](crate::document::Node).

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::value::Value;

/// Where something is said: in a document by a pointer and bytes, in a page by bytes alone.
#[derive(Clone, Debug, Default)]
pub(super) struct At {
    pub(super) pointer: String,
    pub(super) span: Range<usize>,
}

impl At {
    pub(super) fn page(span: Range<usize>) -> Self {
        Self {
            pointer: String::new(),
            span,
        }
    }
}

/// Something that is said or not, or of which nothing is known.
#[derive(Clone, Debug)]
pub(super) enum Stated<T> {
    /// Nothing is claimed.
    Unknown,
    /// It is said that there is none.
    Absent,
    /// It is said.
    Is(T, At),
}

impl<T> Stated<T> {
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value, _) => Some(value),
            _ => None,
        }
    }

    pub(super) fn at(&self) -> Option<&At> {
        match self {
            Self::Is(_, at) => Some(at),
            _ => None,
        }
    }

    /// What is not said is not known: the text may go on.
    pub(super) fn open(&mut self) {
        if matches!(self, Self::Absent) {
            *self = Self::Unknown;
        }
    }
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Object,
    Array,
}

impl Kind {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "string" | "file" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "array" => Self::Array,
            _ => return None,
        })
    }

    pub(super) fn of_value(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// The bounds that are compared.
pub(super) const BOUNDS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "multipleOf",
];

/// Those that a rendered page shows where there are any: all but the last.
pub(super) const SHOWN_BOUNDS: &[&str] = BOUNDS.split_at(BOUNDS.len() - 1).0;

/// Where in what is said of a value the text of a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// In its type, which may go on.
    Type,
    /// Below its type, where markers stand.
    Head,
    /// Behind its description, where values and bounds stand.
    Tail,
}

/// What is said of a value.
#[derive(Clone, Debug)]
pub(super) struct Shape<C> {
    pub(super) at: At,
    /// Whether it is read off a sample, which shows one value of many.
    pub(super) sample: bool,
    pub(super) kinds: Stated<BTreeSet<Kind>>,
    /// Where a page says that any value will do.
    pub(super) any: Option<At>,
    pub(super) nullable: Option<bool>,
    pub(super) format: Stated<String>,
    pub(super) default: Stated<Value>,
    pub(super) values: Stated<Vec<Value>>,
    pub(super) bounds: BTreeMap<&'static str, (Value, At)>,
    /// Those bounds of which it is known that there are no others.
    pub(super) bounds_known: &'static [&'static str],
    pub(super) fields: BTreeMap<String, Field<C>>,
    /// Whether `fields` are all that there are.
    pub(super) fields_whole: bool,
    /// Whether `fields` look like all that there are, and nothing but the end of the text shows it.
    pub(super) fields_unproven: bool,
    pub(super) items: Option<C>,
    /// The alternatives of a union that are no plain types.
    pub(super) options: Vec<C>,
    /// Whether `options` are all that there are.
    pub(super) options_whole: bool,
    /// Where the text of a page ends with this value.
    pub(super) ends: Option<Ends>,
    /// Whether the text ends in the last of `values`, which may go on.
    pub(super) values_cut: bool,
}

impl<C> Shape<C> {
    /// A value of which nothing is known.
    pub(super) fn unknown(at: At) -> Self {
        Self {
            at,
            sample: false,
            kinds: Stated::Unknown,
            any: None,
            nullable: None,
            format: Stated::Unknown,
            default: Stated::Unknown,
            values: Stated::Unknown,
            bounds: BTreeMap::new(),
            bounds_known: &[],
            fields: BTreeMap::new(),
            fields_whole: false,
            fields_unproven: false,
            items: None,
            options: Vec::new(),
            options_whole: false,
            ends: None,
            values_cut: false,
        }
    }

    /// Whether the text of the page ends before all is said of the value itself.
    pub(super) fn ends_early(&self) -> bool {
        matches!(self.ends, Some(Ends::Type | Ends::Head))
    }

    /// Takes back everything that is claimed not to be, since the text may go on with it.
    pub(super) fn open(&mut self) {
        if self.nullable == Some(false) {
            self.nullable = None;
        }
        self.kinds.open();
        self.format.open();
        self.default.open();
        self.values.open();
        self.bounds_known = &[];
        self.fields_whole = false;
        self.options_whole = false;
        for field in self.fields.values_mut() {
            if field.required == Some(false) {
                field.required = None;
            }
        }
    }
}

/// A property of an object.
#[derive(Clone, Debug)]
pub(super) struct Field<C> {
    pub(super) required: Option<bool>,
    pub(super) at: At,
    pub(super) shape: C,
}

/// What a page says of a value.
#[derive(Clone, Debug)]
pub(super) struct Tree(pub(super) Box<Shape<Tree>>);

impl Tree {
    pub(super) fn new(shape: Shape<Self>) -> Self {
        Self(Box::new(shape))
    }
}

/// What a call of the API is.
#[derive(Clone, Debug)]
pub(super) struct Operation<C> {
    /// In capitals.
    pub(super) method: String,
    pub(super) path: String,
    pub(super) at: At,
    /// Addresses that the path is put behind, without `/` at their ends; none where none is stated.
    pub(super) servers: Vec<(String, At)>,
    pub(super) keys: Stated<Vec<Key>>,
    /// Where keys would stand, if there is such a place.
    pub(super) keys_at: Option<At>,
    pub(super) parameters: Vec<Parameter<C>>,
    /// Whether `parameters` are all that there are.
    pub(super) parameters_whole: bool,
    pub(super) body: Stated<Content<C>>,
    pub(super) answers: Vec<Answer<C>>,
    /// Whether `answers` are all that there are.
    pub(super) answers_whole: bool,
    /// The page that a document names.
    pub(super) docs: Option<String>,
}

impl<C> Operation<C> {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A value by which a caller proves who it is.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// `header`, `query` or `cookie`.
    pub(super) place: String,
    pub(super) name: String,
    /// How it is written: `apiKey` as it is, or behind the name of a scheme of HTTP, such as `bearer`.
    pub(super) scheme: Option<String>,
    /// Whether a call may go without any.
    pub(super) optional: Option<bool>,
    pub(super) at: At,
}

impl Key {
    /// Whether they are the same on the wire: names of headers have no case.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.place == other.place
            && if self.place == "header" {
                self.name.eq_ignore_ascii_case(&other.name)
            } else {
                self.name == other.name
            }
    }
}

/// A parameter of the path, the query, the head or a cookie.
#[derive(Clone, Debug)]
pub(super) struct Parameter<C> {
    pub(super) place: String,
    pub(super) name: String,
    pub(super) required: Option<bool>,
    pub(super) at: At,
    pub(super) shape: C,
}

/// A body of a request or an answer.
#[derive(Clone, Debug)]
pub(super) struct Content<C> {
    /// Whether it has to be sent; known of requests alone, and not of every form.
    pub(super) required: Option<bool>,
    pub(super) media: Option<String>,
    /// Where a document names it.
    pub(super) media_at: Option<At>,
    pub(super) shape: C,
}

impl Content<Tree> {
    /// Whether a body has to be sent, by its fields: one that has to be there is not there without it.
    pub(super) fn by_fields(&self) -> Option<bool> {
        let mut fields = self.shape.0.fields.values();
        let has_to = fields.any(|field| field.required == Some(true));
        has_to.then_some(true)
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub(super) struct Answer<C> {
    /// A status or range as OpenAPI writes it; absent where the page names none.
    pub(super) status: Option<String>,
    pub(super) body: Stated<Content<C>>,
    pub(super) at: At,
}

/// A schema that a page describes by itself.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) tree: Tree,
    pub(super) at: At,
}
