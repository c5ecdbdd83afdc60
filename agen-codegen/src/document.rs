//! A document as a tree of JSON values in which every value knows its place in the text.

use std::{borrow::Cow, ops::Range, sync::Arc};

use crate::value::{Key, Value};

/// A parsed document and the places of its values.
///
/// Objects iterate in the order of their keys, not of the text: nothing that is generated depends
/// on the order in which the keys of a document stand.
#[derive(Debug)]
pub(crate) struct Document {
    /// Shared by those who read it, until one of them changes it.
    root: Arc<Value>,
    map: Arc<SourceMap>,
}

/// Where each value of a document stands in the text.
///
/// A tree that mirrors the values, kept in a few lists: an alias shares the place of the text it
/// stands for, so a document takes no more room here than it has text.
#[derive(Debug, Default)]
pub(crate) struct SourceMap {
    pub(crate) places: Vec<Place>,
    /// Index of the place of the root.
    pub(crate) root: usize,
    /// The members of all objects, those of each together and sorted by key.
    pub(crate) members: Vec<Member>,
    /// Indices of the places of the elements of all arrays, those of each together.
    pub(crate) elements: Vec<u32>,
    /// Every key once.
    pub(crate) keys: Vec<Key>,
}

/// Where one value stands, and what is in it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) span: Short,
    pub(crate) content: Content,
}

/// A range in half the room: no text that is read has more bytes or values than fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short {
    start: u32,
    end: u32,
}

impl From<Range<usize>> for Short {
    fn from(range: Range<usize>) -> Self {
        Self {
            start: short(range.start),
            end: short(range.end),
        }
    }
}

/// An index in half the room.
pub(crate) fn short(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Short {
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The places inside a value.
#[derive(Debug)]
pub(crate) enum Content {
    /// A scalar has none.
    Scalar,
    /// Which of the members are those of an object.
    Object(Short),
    /// Which of the elements are those of an array.
    Array(Short),
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member {
    /// Index of the key.
    pub(crate) key: u32,
    pub(crate) key_span: Short,
    /// Index of the place of the value.
    pub(crate) place: u32,
}

/// What a pointer leads to in the source map.
struct Found {
    span: Range<usize>,
    key_span: Range<usize>,
}

impl SourceMap {
    fn key(&self, member: &Member) -> &str {
        let key = self.keys.get(member.key as usize);
        key.map_or("", |key| key)
    }

    /// Walks down a pointer, as far as there are values.
    fn find(&self, pointer: &str) -> Found {
        let Some(mut place) = self.places.get(self.root) else {
            return Found {
                span: 0..0,
                key_span: 0..0,
            };
        };
        let mut key_span = place.span;
        for segment in pointer.split('/').skip(1) {
            let step = match &place.content {
                Content::Scalar => None,
                Content::Object(own) => {
                    let members = self.members.get(own.range()).unwrap_or_default();
                    let key = unescape(segment);
                    members
                        .binary_search_by(|member| self.key(member).cmp(&key))
                        .ok()
                        .and_then(|index| members.get(index))
                        .map(|member| (member.place, Some(member.key_span)))
                }
                Content::Array(own) => {
                    let elements = self.elements.get(own.range()).unwrap_or_default();
                    let index = segment.parse::<usize>().ok();
                    let place = index.and_then(|index| elements.get(index));
                    place.map(|place| (*place, None))
                }
            };
            let Some((next, key)) =
                step.and_then(|(index, key)| Some((self.places.get(index as usize)?, key)))
            else {
                break;
            };
            key_span = key.unwrap_or(next.span);
            place = next;
        }
        Found {
            span: place.span.range(),
            key_span: key_span.range(),
        }
    }
}

/// A value of a document, with its JSON pointer.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    document: &'a Document,
    /// RFC 6901; empty for the root.
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl Document {
    pub(crate) fn new(root: Value, map: SourceMap) -> Self {
        Self {
            root: Arc::new(root),
            map: Arc::new(map),
        }
    }

    /// Another tree of values with the places of this one: what stands in both has to have the same
    /// pointer.
    pub(crate) fn with_root(&self, root: Value) -> Self {
        Self {
            root: Arc::new(root),
            map: Arc::clone(&self.map),
        }
    }

    /// The same document for someone else, who may change it: only then are its values copied.
    pub(crate) fn shared(&self) -> Self {
        Self {
            root: Arc::clone(&self.root),
            map: Arc::clone(&self.map),
        }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node {
            document: self,
            pointer: String::new(),
            value: &self.root,
        }
    }

    /// The value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<Node<'_>> {
        let value = value_at(&self.root, pointer)?;
        Some(Node {
            document: self,
            pointer: pointer.to_owned(),
            value,
        })
    }

    /// The value at a JSON pointer, to be changed. What is moved by a change loses its place.
    pub(crate) fn value_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        value_at_mut(Arc::make_mut(&mut self.root), pointer)
    }

    /// The bytes of the value at a pointer, or of the nearest value above it that exists.
    pub(crate) fn span(&self, pointer: &str) -> Range<usize> {
        self.map.find(pointer).span
    }

    /// The bytes of the key under which the value at a pointer stands; of the value itself where
    /// it has no key. Like [`Document::span`], it stops at the nearest value that exists.
    pub(crate) fn key_span(&self, pointer: &str) -> Range<usize> {
        self.map.find(pointer).key_span
    }
}

impl<'a> Node<'a> {
    /// The member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.as_object()?.get(key)?;
        Some(self.child(key, value))
    }

    /// The member of an object, where it is a string.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.as_object()?.get(key)?.as_str()
    }

    /// The member of an object, where it is a boolean; false where it is missing.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.value
            .get(key)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The members of the object that stands under a key, in the order of their keys; none where
    /// there is no such object.
    pub(crate) fn members(&self, key: &str) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.get(key).into_iter().flat_map(|node| node.entries())
    }

    /// The members of this object, in the order of their keys.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let this = self.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| (key, this.child(key, value)))
    }

    /// An element of this array.
    pub(crate) fn element(&self, index: usize) -> Option<Node<'a>> {
        let value = self.value.as_array()?.get(index)?;
        Some(self.child(&index.to_string(), value))
    }

    /// The elements of the array that stands under a key; none where there is no such array.
    pub(crate) fn elements(&self, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.get(key).into_iter().flat_map(|node| {
            let array = node.value.as_array().into_iter().flatten().enumerate();
            array.map(move |(index, value)| node.child(&index.to_string(), value))
        })
    }

    /// Follows `$ref` to the value it means. `None` where it leads nowhere, out of the document,
    /// or in a circle.
    pub(crate) fn resolve(&self) -> Option<Node<'a>> {
        let mut node = self.clone();
        for _ in 0..32 {
            match node.text("$ref") {
                None => return Some(node),
                Some(reference) => node = self.document.at(&reference_pointer(reference)?)?,
            }
        }
        None
    }

    /// The document that this value is part of.
    pub(crate) fn document(&self) -> &'a Document {
        self.document
    }

    /// The bytes of this value.
    pub(crate) fn span(&self) -> Range<usize> {
        self.document.span(&self.pointer)
    }

    /// The bytes of the key under which this value stands; of the value itself where it has none.
    pub(crate) fn key_span(&self) -> Range<usize> {
        self.document.key_span(&self.pointer)
    }

    /// The last key or index of the pointer; empty for the root.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        unescape(self.pointer.rsplit('/').next().unwrap_or_default())
    }

    /// What stands under a key or an index of this value, where that is known.
    pub(crate) fn child(&self, key: &str, value: &'a Value) -> Node<'a> {
        let mut pointer = String::with_capacity(self.pointer.len() + key.len() + 1);
        pointer.push_str(&self.pointer);
        push_segment(&mut pointer, key);
        Node {
            document: self.document,
            pointer,
            value,
        }
    }
}

/// The value at a JSON pointer (RFC 6901).
fn value_at<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut segments = pointer.strip_prefix('/')?.split('/');
    segments.try_fold(root, |value, segment| match value {
        Value::Object(members) => members.get(&unescape(segment)),
        Value::Array(elements) => elements.get(element(segment)?),
        _ => None,
    })
}

fn value_at_mut<'v>(root: &'v mut Value, pointer: &str) -> Option<&'v mut Value> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut segments = pointer.strip_prefix('/')?.split('/');
    segments.try_fold(root, |value, segment| match value {
        Value::Object(members) => members.get_mut(&unescape(segment)),
        Value::Array(elements) => elements.get_mut(element(segment)?),
        _ => None,
    })
}

/// The element of an array that a segment of a JSON pointer names.
fn element(segment: &str) -> Option<usize> {
    let is_number = segment == "0" || !segment.starts_with(['0', '+']);
    segment.parse().ok().filter(|_| is_number)
}

/// Whether a JSON pointer leads to something inside of what another one leads to.
pub(crate) fn is_inside(pointer: &str, outer: &str) -> bool {
    let rest = pointer.strip_prefix(outer);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// Appends `/` and a key to a JSON pointer.
pub(crate) fn push_segment(pointer: &mut String, key: &str) {
    pointer.push('/');
    if !key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(key);
        return;
    }
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The key that a segment of a JSON pointer names.
pub(crate) fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// The JSON pointer in a reference to this document, such as `#/paths/~1a%20b`, with its percent
/// encoding removed. `None` for a reference to another document, or one that is no pointer.
pub(crate) fn reference_pointer(reference: &str) -> Option<Cow<'_, str>> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    if !fragment.contains('%') {
        return Some(Cow::Borrowed(fragment));
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.first_chunk().filter(|_| *first == b'%');
        if let Some(value) = pair.and_then(|digits: &[u8; 2]| hexadecimal(digits)) {
            bytes.push(value);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hexadecimal(digits: &[u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::reference_pointer;

    #[test]
    fn references_are_percent_decoded() {
        let decoded = |reference| reference_pointer(reference).map(std::borrow::Cow::into_owned);
        assert_eq!(
            decoded("#/paths/~1a~1%7Bid%7D").as_deref(),
            Some("/paths/~1a~1{id}")
        );
        assert_eq!(decoded("#/a%C3%A9%2").as_deref(), Some("/aé%2"));
        assert_eq!(decoded("#"), Some(String::new()));
        assert_eq!(decoded("#/%FF"), None);
        assert_eq!(decoded("#name"), None);
        assert_eq!(decoded("other.yaml#/a"), None);
    }
}
