//! What the generated client is to offer, read from the document: operations and types.
//!
//! Progenitor turns schemas into Rust types; what it does not carry over from the document
//! (places of parameters, required and nullable, bounds, unions, descriptions) stands here, and
//! `polish` brings the two together.

use std::collections::{BTreeMap, BTreeSet};

use crate::{security::Asked, value::Value};

/// Everything that `polish` needs to know of the document.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// The first address in `servers`, without a slash at its end.
    pub(crate) server: Option<String>,
    pub(crate) authentication: Option<Authentication>,
    /// In the order of their paths, then of their methods.
    pub(crate) operations: Vec<Operation>,
    /// By Rust name.
    pub(crate) types: BTreeMap<String, Type>,
    /// The struct that holds the bodies of answers that have no name of their own, for progenitor to give
    /// them types. It is not part of the output.
    pub(crate) answers_carrier: Option<String>,
}

/// How the API key goes out.
#[derive(Debug)]
pub(crate) enum Authentication {
    Header {
        name: String,
        /// What stands before the key; the name of a cookie and `=`, where the header is `cookie`.
        prefix: String,
    },
    Query {
        name: String,
    },
    /// In the header `authorization`, with user and password in one text.
    Basic,
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// JSON pointer of the operation in the document.
    pub(crate) pointer: String,
    /// Name of the method: `snake_case`.
    pub(crate) name: String,
    /// Name of the type of a call that is not sent yet: `PascalCase`.
    pub(crate) builder: String,
    /// In capitals.
    pub(crate) method: String,
    /// With the names of parameters in braces, and the query that the document has in its key.
    pub(crate) path: String,
    /// The path alone.
    pub(crate) target: String,
    /// What every call has in its query.
    pub(crate) fixed: Vec<(String, String)>,
    /// The address that the document has for it, where that is another one than the client's.
    pub(crate) server: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    /// The page that the operation was read from.
    pub(crate) page: Option<String>,
    pub(crate) scopes: Option<Scopes>,
    pub(crate) asked: Asked,
    pub(crate) deprecated: bool,
    /// Path parameters in the order of the path, then the others by place and name.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Answer,
    pub(crate) pages: Option<Pages>,
    /// The media types that are asked for, where they are not those that its form implies.
    pub(crate) accept: Option<String>,
    /// The failures that the document describes.
    pub(crate) failures: Vec<Case>,
}

impl Operation {
    /// Whether doing it twice is the same as doing it once: by its method, as RFC 9110, section 9.2.2
    /// has it, since OpenAPI has no word for it.
    pub(crate) fn is_idempotent(&self) -> bool {
        !matches!(self.method.as_str(), "POST" | "PATCH")
    }
}

/// How the answers of an operation are pages of one list: the extension `x-agen-pagination`.
#[derive(Debug)]
pub(crate) struct Pages {
    /// The query parameter, or the field of the body, that says which page to answer.
    pub(crate) cursor: String,
    /// The names of the properties that lead to the cursor of the next page.
    pub(crate) next: Vec<String>,
    /// The names of the properties that lead to the items.
    pub(crate) items: Vec<String>,
}

/// The scopes of an API key, one of which an operation asks for: the extension `x-agen-scopes`.
#[derive(Debug)]
pub(crate) struct Scopes {
    pub(crate) any_of: Vec<String>,
    /// Whether the page of the operation says so itself.
    pub(crate) stated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a value is written (OpenAPI 3.0.4, "Style Values"). The runtime has the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Simple {
        explode: bool,
    },
    Label {
        explode: bool,
    },
    Matrix {
        explode: bool,
    },
    Form {
        explode: bool,
    },
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// JSON text: a parameter that is described by `content`.
    Json,
    /// `allowReserved`.
    Reserved(Box<Style>),
}

#[derive(Debug)]
pub(crate) struct Parameter {
    /// Name on the wire.
    pub(crate) wire: String,
    pub(crate) location: Location,
    /// None where it is the usual one of its place.
    pub(crate) style: Option<Style>,
    /// Whether no message may show its value.
    pub(crate) sensitive: bool,
    pub(crate) required: bool,
    pub(crate) value: Field,
}

#[derive(Debug)]
pub(crate) struct Body {
    /// JSON pointer of the body in the document.
    pub(crate) pointer: String,
    pub(crate) encoding: Encoding,
    /// The media type as the document has it, where it is not the usual one of its encoding.
    pub(crate) media_type: Option<String>,
    pub(crate) required: bool,
    /// The fields of a form that are written in another style than the usual one.
    pub(crate) styles: Vec<(String, Style)>,
    /// The type whose fields are arguments and setters of the call; `None` where the body is one
    /// argument, or has parts.
    pub(crate) flat: Option<String>,
    /// The parts of a body of this encoding, each an argument or a setter of the call.
    pub(crate) parts: Vec<Part>,
    pub(crate) description: Option<String>,
    pub(crate) example: Option<Value>,
}

/// A part of a multipart body.
#[derive(Debug)]
pub(crate) struct Part {
    /// Name on the wire.
    pub(crate) wire: String,
    pub(crate) content: PartContent,
    /// The media type that the document gives it, where that is exactly one.
    pub(crate) media_type: Option<String>,
    pub(crate) required: bool,
    pub(crate) value: Field,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartContent {
    /// A text, or JSON, by its type; a part for each item of an array.
    Value,
    /// Bytes, with a file name.
    File,
    /// A part for each of several files.
    Files,
    /// Any number of parts with names of the caller's choice: the document names none.
    Any,
}

/// How a body is written, in the order in which the client chooses among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Encoding {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// What a successful call gives.
#[derive(Debug)]
pub(crate) enum Answer {
    Json,
    Text,
    Empty,
    /// Nothing is known of it, and it is read as it is.
    Bytes,
    /// Bytes as they come, of this media type.
    Download(String),
    /// Something else for each status.
    ByStatus(Vec<Case>),
}

/// What the document says of a status, or of several.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) status: Status,
    pub(crate) description: Option<String>,
    pub(crate) content: Content,
}

/// A key of `responses`; exact ones come first, as they are chosen first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Exact(u16),
    /// By the first digit.
    Range(u16),
    Default,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Empty,
    /// What it holds, carried by [`Api::answers_carrier`] where it has no name.
    Json(Holds),
    Text,
    /// Of this media type.
    Bytes(String),
}

/// A type of the document. Progenitor makes the structs and aliases, `polish` the enums and unions.
#[derive(Debug)]
pub(crate) struct Type {
    /// JSON pointer of the schema in the document.
    pub(crate) pointer: String,
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
    /// Whether a request can hold it.
    pub(crate) sent: bool,
    pub(crate) shape: Shape,
    /// A value that the client reads and writes as it stands here.
    pub(crate) sample: Option<Value>,
    /// Whether it is only mentioned, and not made.
    pub(crate) by_name: bool,
}

#[derive(Debug)]
pub(crate) enum Shape {
    /// Fields by their names on the wire.
    Struct {
        fields: BTreeMap<String, Field>,
        keeps_unknown: bool,
    },
    /// The documented values, in the order of the document.
    Enum {
        values: Vec<String>,
    },
    Union(Union),
    /// A name for something else, such as a string or an array.
    Alias,
    /// Another name of a type.
    Same(String),
}

#[derive(Debug)]
pub(crate) struct Union {
    /// The property that tells the variants apart.
    pub(crate) tag: Option<String>,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    /// Values of the tag that mean this variant; none in a union without a tag.
    pub(crate) tags: Vec<String>,
    pub(crate) holds: Holds,
    /// Whether a value without the tag is tried as this variant: it does not have to have it, or the union
    /// has none.
    pub(crate) by_fit: bool,
}

/// What a variant holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Holds {
    /// A type of the document.
    Named(String),
    /// Something without a name, whose type is that of this field of the [`carrier`].
    Carried(String),
}

/// A field of a struct, or the value of a parameter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    /// JSON pointer of the schema or the parameter in the document; empty where it has none of its own.
    pub(crate) pointer: String,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    /// Anything goes, null too.
    pub(crate) any: bool,
    /// The only value that the document allows.
    pub(crate) constant: Option<String>,
    /// What the server takes where nothing is sent.
    pub(crate) default: Option<Value>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) example: Option<Value>,
    pub(crate) deprecated: bool,
}

/// The name of the struct that holds the variants of a union that have no name of their own, for
/// progenitor to give them types. It is not part of the output.
pub(crate) fn carrier(union: &str) -> String {
    format!("{union}VariantCarrier")
}

/// What a field is called for progenitor, by its place among the fields of its struct: so no name that
/// progenitor makes of a name of the document matters.
pub(crate) fn numbered(index: usize) -> String {
    format!("f{index}")
}

impl Api {
    /// Marks every type that the given ones can hold, and those themselves, as sent.
    pub(crate) fn mark_sent(
        &mut self,
        roots: BTreeSet<String>,
        edges: &BTreeMap<String, BTreeSet<String>>,
    ) {
        let mut open: Vec<String> = roots.into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(found) = self.types.get_mut(&name) else {
                continue;
            };
            if std::mem::replace(&mut found.sent, true) {
                continue;
            }
            open.extend(edges.get(&name).into_iter().flatten().cloned());
        }
    }
}
