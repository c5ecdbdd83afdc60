//! Makes the values of a text while its places are read.

use std::{borrow::Cow, ops::Range};

use saphyr_parser::ScalarStyle;

use super::places::{Opened, Reader, Stop};
use crate::{
    Diagnostic,
    document::SourceMap,
    value::{Key, Value},
};

/// Values and their places.
pub(super) type Read = (SourceMap, Value);

/// What is read of a text that is read once.
pub(super) struct Tree {
    reader: Reader,
    /// How many bytes stand before the text.
    start: usize,
    /// The objects and arrays that are being read, the innermost last.
    open: Vec<Open>,
    /// A key for each object among them whose next value is not read yet.
    keys: Vec<Key>,
    root: Value,
}

/// An object or array that is being read.
enum Open {
    Object(Vec<(Key, Value)>),
    Array(Vec<Value>),
}

impl Tree {
    /// Of a text before which so many bytes stand.
    pub(super) fn new(start: usize) -> Self {
        Self {
            reader: Reader::new(start),
            start,
            open: Vec::new(),
            keys: Vec::new(),
            root: Value::Null,
        }
    }

    pub(super) fn key(
        &mut self,
        key: Cow<'_, str>,
        style: ScalarStyle,
        span: Range<usize>,
    ) -> Result<(), Stop> {
        self.reader.scalar(key, style, 0, self.whole(span))?;
        self.keys.extend(self.reader.key().cloned());
        Ok(())
    }

    pub(super) fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        span: Range<usize>,
        value: Value,
    ) -> Result<(), Stop> {
        self.put(value);
        self.reader.scalar(text, style, 0, self.whole(span))
    }

    pub(super) fn start(&mut self, at: usize, content: Opened) -> Result<(), Stop> {
        self.open.push(match content {
            Opened::Object(_) => Open::Object(Vec::new()),
            Opened::Array(_) => Open::Array(Vec::new()),
        });
        self.reader.start(0, self.whole(at..at), content)
    }

    /// Ends what was started last. The span is that of the bracket; where there is none, it is empty.
    pub(super) fn end(&mut self, span: Range<usize>) -> Result<(), Stop> {
        let value = match self.open.pop() {
            Some(Open::Object(members)) => Value::Object(members.into_iter().collect()),
            Some(Open::Array(mut elements)) => {
                elements.shrink_to_fit();
                Value::Array(elements)
            }
            None => Value::Null,
        };
        self.put(value);
        self.reader.end(self.whole(span))
    }

    pub(super) fn finish(self) -> Result<Read, Vec<Diagnostic>> {
        Ok((self.reader.finish()?, self.root))
    }

    /// Whether the whole is an object or array.
    pub(super) fn is_nested(&self) -> bool {
        self.root.is_object() || self.root.is_array()
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Open::Object(members)) => {
                let key = self.keys.pop();
                members.extend(key.map(|key| (key, value)));
            }
            Some(Open::Array(elements)) => elements.push(value),
            None => self.root = value,
        }
    }

    /// Bytes of the whole text.
    fn whole(&self, span: Range<usize>) -> Range<usize> {
        self.start + span.start..self.start + span.end
    }
}
