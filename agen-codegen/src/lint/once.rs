//! What is read of a document once, for all that look at it until it changes.

use std::{cell::OnceCell, sync::Arc};

use super::{
    Index,
    operation::{Operation, operations},
};
use crate::document::Document;

/// A document, with what was already read of it.
pub(crate) struct Reading<'a> {
    pub(crate) document: &'a Document,
    operations: OnceCell<Arc<[Operation<'a>]>>,
    index: OnceCell<Index<'a>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self {
            document,
            operations: OnceCell::new(),
            index: OnceCell::new(),
        }
    }

    /// Every operation of the document that is an object.
    pub(crate) fn operations(&self) -> &Arc<[Operation<'a>]> {
        let read = || operations(&self.document.root()).into();
        self.operations.get_or_init(read)
    }

    /// What the rules read.
    pub(crate) fn index(&self) -> &Index<'a> {
        let read = || Index::new(self.document, Arc::clone(self.operations()));
        self.index.get_or_init(read)
    }

    /// Gives back the memory of the index, which few need.
    pub(crate) fn without_index(mut self) -> Self {
        self.index.take();
        self
    }
}
