//! One walk over the document, from which all rules read: every object with its kind, every
//! reference, every operation, and what does not have the structure that the specification says.

use std::{collections::HashSet, fmt, ops::Range, sync::Arc};

use super::{
    MOST,
    grammar::{self, Field, Kind, Shape},
    operation::Operation,
    reading,
    suggestion::nearest,
};
use crate::{
    api::Status,
    diagnostic::quote,
    document::{Document, Node},
    media_type,
    value::Value,
};

/// An object of the specification, as it stands in the document.
pub(crate) struct Visit<'a> {
    pub(super) node: Node<'a>,
    pub(super) kind: Kind,
    /// Whether the generated client depends on it: not so for errors, headers of responses,
    /// callbacks, links and examples.
    pub(super) reached: bool,
}

/// An object that holds nothing but a reference.
pub(crate) struct Reference<'a> {
    /// The object that holds `$ref`.
    pub(super) node: Node<'a>,
    /// What must stand where it leads.
    pub(super) kind: Kind,
    pub(super) target: &'a str,
}

/// A departure from the structure.
pub(crate) struct Departure {
    pub(super) span: Range<usize>,
    pub(super) label: String,
    pub(super) message: String,
    pub(super) help: String,
}

/// A value as a message names it.
#[derive(Clone, Copy)]
enum Called<'n> {
    /// By its key.
    Key(&'n str),
    /// As something in an array, which has a key.
    ElementOf(&'n str),
    /// By what it is.
    The(Kind),
}

impl Called<'_> {
    /// What an element of this is called.
    fn element(self) -> Self {
        match self {
            Self::Key(key) => Self::ElementOf(key),
            other => other,
        }
    }
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(&quote(key)),
            Self::ElementOf(key) => write!(f, "an element of {}", quote(key)),
            Self::The(kind) if kind.noun().starts_with('`') => f.write_str(kind.noun()),
            Self::The(kind) => write!(f, "the {}", kind.noun()),
        }
    }
}

/// Everything that the rules read.
pub(crate) struct Index<'a> {
    pub(crate) root: Node<'a>,
    pub(super) visits: Vec<Visit<'a>>,
    pub(super) references: Vec<Reference<'a>>,
    pub(crate) operations: Arc<[Operation<'a>]>,
    /// What stands at a value, references to such a thing included: by its address, since the pointers would
    /// take more memory than the document. It is in the order of the addresses.
    kinds: Vec<(usize, Kind)>,
    pub(super) invalid: Vec<Departure>,
    pub(super) unknown: Vec<Departure>,
    /// Responses in `components` that an operation returns.
    responses: HashSet<String>,
    /// Media types of responses that are not read: all but the JSON that is spoken.
    unread: HashSet<String>,
    /// Whether the document is of OpenAPI 3.1 or later.
    pub(super) is_newer: bool,
}

impl<'a> Index<'a> {
    /// Reads a document, of which the operations are known.
    pub(super) fn new(document: &'a Document, operations: Arc<[Operation<'a>]>) -> Self {
        let root = document.root();
        let mut index = Self {
            root: root.clone(),
            visits: Vec::new(),
            references: Vec::new(),
            operations,
            kinds: Vec::new(),
            invalid: Vec::new(),
            unknown: Vec::new(),
            responses: HashSet::new(),
            unread: HashSet::new(),
            is_newer: is_newer(&root),
        };
        for operation in &*index.operations {
            for (_, response) in operation.node.members("responses") {
                let Some(target) = response.resolve() else {
                    continue;
                };
                let read = media_type::json(&target).map(|(read, _)| read);
                let unread = target
                    .members("content")
                    .filter(|(name, _)| Some(*name) != read);
                index.unread.extend(unread.map(|(_, media)| media.pointer));
                if response.text("$ref").is_some() {
                    index.responses.insert(target.pointer);
                }
            }
        }
        index.object(root, Kind::Root, true);
        index.kinds.sort_unstable_by_key(|(address, _)| *address);
        index
    }

    /// Every object of a kind.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &Visit<'a>> {
        self.visits.iter().filter(move |visit| visit.kind == kind)
    }

    /// Every schema that the generated client depends on.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Node<'a>> {
        self.all(Kind::Schema)
            .filter(|visit| visit.reached)
            .map(|visit| &visit.node)
    }

    /// What stands here, references to such a thing included.
    pub(super) fn kind(&self, node: &Node<'_>) -> Option<Kind> {
        let address = address(node);
        let at = self.kinds.binary_search_by_key(&address, |(at, _)| *at);
        self.kinds.get(at.ok()?).map(|(_, kind)| *kind)
    }

    /// A member of a section of `components`.
    pub(super) fn component(&self, section: &str, name: &str) -> Option<Node<'a>> {
        self.root.get("components")?.get(section)?.get(name)
    }

    /// The members of a section of `components`.
    pub(crate) fn components(
        &self,
        section: &str,
    ) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let components = self.root.get("components");
        let section = components.and_then(|components| components.get(section));
        section.into_iter().flat_map(|section| section.entries())
    }

    fn object(&mut self, node: Node<'a>, kind: Kind, reached: bool) {
        let Some(object) = node.value.as_object() else {
            self.wrong(&node, Called::The(kind), "an object");
            return;
        };
        let reached = reached
            && !self.is_unused_response(&node, kind)
            && !(kind == Kind::MediaType && self.unread.contains(&node.pointer));
        for (key, value) in object {
            self.member(kind, key, &node, value, reached);
        }
        for field in grammar::fields(kind) {
            if field.required && !object.contains_key(field.name) {
                self.missing(&node, kind, &format!("`{}`", field.name));
            }
        }
        if kind == Kind::Parameter
            && !object.contains_key("schema")
            && !object.contains_key("content")
        {
            self.missing(&node, kind, "`schema`");
        }
        self.kinds.push((address(&node), kind));
        self.visits.push(Visit {
            node,
            kind,
            reached,
        });
    }

    /// Whether a response in `components` is returned by no operation.
    fn is_unused_response(&self, node: &Node<'a>, kind: Kind) -> bool {
        kind == Kind::Response
            && node.pointer.starts_with("/components/")
            && !self.responses.contains(&node.pointer)
    }

    /// Holds a member of an object against the field that it is. What has nothing in it needs no pointer.
    fn member(
        &mut self,
        kind: Kind,
        key: &'a str,
        owner: &Node<'a>,
        value: &'a Value,
        reached: bool,
    ) {
        if let Some(field) = grammar::field(kind, key) {
            if is_plain(&field.shape, value) {
                return;
            }
            let left_out = [
                "headers",
                "callbacks",
                "links",
                "examples",
                "encoding",
                "webhooks",
            ];
            let reached = reached && !left_out.contains(&key);
            let child = owner.child(key, value);
            self.value(child, Called::Key(key), &field.shape, reached);
            return;
        }
        if key.starts_with("x-") {
            return;
        }
        let child = owner.child(key, value);
        match kind {
            Kind::Paths | Kind::Callback => {
                let reached = reached && kind == Kind::Paths;
                if let Some(target) = child.text("$ref").filter(|_| reached) {
                    self.references.push(Reference {
                        node: child.clone(),
                        kind: Kind::PathItem,
                        target,
                    });
                }
                self.object(child, Kind::PathItem, reached);
            }
            Kind::Responses if Status::parse(key).is_some() => {
                self.object_or_reference(child, Kind::Response, reached);
            }
            Kind::Responses => self.depart(Departure {
                span: child.key_span(),
                label: "not a status".to_owned(),
                message: format!("{} is no status of a response", quote(key)),
                help: "write a status such as `200`, a range such as `2XX`, or `default`"
                    .to_owned(),
            }),
            _ => self.unknown(kind, key, &child),
        }
    }

    fn unknown(&mut self, kind: Kind, key: &str, child: &Node<'a>) {
        // JSON Schema, which a schema is since 3.1, lets everybody add keywords.
        if self.unknown.len() == MOST || self.is_newer && kind == Kind::Schema {
            return;
        }
        let fields = grammar::fields(kind);
        let help = match nearest(key, fields.iter().map(|field: &Field| field.name)) {
            Some(name) => format!("write `{name}`, if that is what is meant"),
            None => "remove it, or let its name begin with `x-`".to_owned(),
        };
        self.unknown.push(Departure {
            span: child.key_span(),
            label: "unknown field".to_owned(),
            message: format!("{} is no field of {}", quote(key), kind.any()),
            help,
        });
    }

    /// Holds a value that is not [plain](is_plain) against its shape.
    fn value(&mut self, node: Node<'a>, name: Called<'a>, shape: &Shape, reached: bool) {
        let value = node.value;
        match shape {
            Shape::Any => {}
            Shape::Text => self.wrong(&node, name, "a string"),
            Shape::Flag => self.wrong(&node, name, "a boolean"),
            Shape::Number => self.wrong(&node, name, "a number"),
            Shape::Count => self.wrong(&node, name, "a whole number, not below zero"),
            Shape::Choice(words) => self.choice(&node, name, words),
            Shape::Object(kind) => self.object(node, *kind, reached),
            Shape::Ref(kind) | Shape::FlagOr(kind) => {
                self.object_or_reference(node, *kind, reached);
            }
            Shape::List(shape) => {
                let Some(array) = value.as_array() else {
                    self.wrong(&node, name, "an array");
                    return;
                };
                for (index, element) in array.iter().enumerate() {
                    if !is_plain(shape, element) {
                        let element = node.child(&index.to_string(), element);
                        self.value(element, name.element(), shape, reached);
                    }
                }
            }
            Shape::Map(shape) => {
                if !value.is_object() {
                    self.wrong(&node, name, "an object");
                }
                for (key, member) in value.as_object().into_iter().flatten() {
                    if !is_plain(shape, member) {
                        let child = node.child(key, member);
                        self.value(child, Called::Key(key), shape, reached);
                    }
                }
            }
        }
    }

    fn object_or_reference(&mut self, node: Node<'a>, kind: Kind, reached: bool) {
        let Some(target) = node.get("$ref") else {
            self.object(node, kind, reached);
            return;
        };
        let Some(text) = target.value.as_str() else {
            self.wrong(&target, Called::Key("$ref"), "a string");
            return;
        };
        self.kinds.push((address(&node), kind));
        self.references.push(Reference {
            node,
            kind,
            target: text,
        });
    }

    fn choice(&mut self, node: &Node<'a>, name: Called<'_>, words: &[&'static str]) {
        let Some(text) = node.value.as_str() else {
            self.wrong(node, name, "a string");
            return;
        };
        let help = match nearest(text, words.iter().copied()) {
            Some(word) => format!("write `{word}`, if that is what is meant"),
            None => format!("write one of {}", words.join(", ")),
        };
        self.depart(Departure {
            span: node.span(),
            label: "not one of the words allowed here".to_owned(),
            message: format!("{name} cannot be {}", quote(text)),
            help,
        });
    }

    fn wrong(&mut self, node: &Node<'a>, name: Called<'_>, expected: &str) {
        let (found, help) = match node.value {
            Value::Null => ("null", "give it a value, or remove it".to_owned()),
            Value::Bool(_) | Value::Number(_) if expected == "a string" => {
                let found = reading::json_type(node.value);
                (found, "put the value in quotes".to_owned())
            }
            Value::String(text)
                if expected == "a boolean" && matches!(&**text, "true" | "false") =>
            {
                ("a string", "remove the quotes".to_owned())
            }
            other => (reading::json_type(other), format!("write {expected}")),
        };
        let span = node.span();
        let span = if span.is_empty() {
            node.key_span()
        } else {
            span
        };
        self.depart(Departure {
            span,
            label: format!("this is {found}"),
            message: format!("{name} must be {expected}, but is {found}"),
            help,
        });
    }

    fn depart(&mut self, departure: Departure) {
        if self.invalid.len() < MOST {
            self.invalid.push(departure);
        }
    }

    fn missing(&mut self, node: &Node<'a>, kind: Kind, what: &str) {
        self.depart(Departure {
            span: node.key_span(),
            label: format!("this {}", kind.noun()),
            message: format!("the {} has no {what}", kind.noun()),
            help: format!("add {what}"),
        });
    }
}

/// Whether a value has a shape in which there is nothing to look at.
fn is_plain(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Text => value.is_string(),
        Shape::Flag | Shape::FlagOr(_) => value.is_boolean(),
        Shape::Number => value.is_number(),
        Shape::Count => value.as_u64().is_some(),
        Shape::Choice(words) => value.as_str().is_some_and(|text| words.contains(&text)),
        Shape::Object(_) | Shape::Ref(_) | Shape::List(_) | Shape::Map(_) => false,
    }
}

/// Whether a document is of OpenAPI 3.1 or later.
pub(crate) fn is_newer(root: &Node<'_>) -> bool {
    let version = root.text("openapi");
    version.is_some_and(|version| ["3.1", "3.2"].iter().any(|new| is_of(version, new)))
}

/// Whether a version is that of a line such as `3.1`, with or without a third number.
pub(super) fn is_of(version: &str, line: &str) -> bool {
    let rest = version.strip_prefix(line);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Where a value is in memory: two values of a document are never at one place.
fn address(node: &Node<'_>) -> usize {
    std::ptr::from_ref(node.value).addr()
}

/// Whether a key of `responses` stands for a response.
pub(crate) fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        b"default" => true,
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        _ => false,
    }
}
