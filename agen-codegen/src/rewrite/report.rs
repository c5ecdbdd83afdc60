//! What is told of a rewrite that is done in many places.

use std::{collections::HashMap, ops::Range};

use super::Lowering;
use crate::document::Document;

/// How many places of one kind are told each by itself. Nobody reads more.
const MOST: usize = 100;

/// Collects what was done.
pub(super) struct Report<'d> {
    document: &'d Document,
    /// By id and text: where it was done first in the text, and how often.
    kinds: HashMap<(&'static str, String), (Range<usize>, usize)>,
    /// How many places each id was told of.
    placed: HashMap<&'static str, usize>,
    done: Vec<Lowering>,
}

impl<'d> Report<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            kinds: HashMap::new(),
            placed: HashMap::new(),
            done: Vec::new(),
        }
    }

    /// Something that is told once, however often it is done: by which nothing is lost, or the same
    /// each time. There are few such texts, none with words of the author in it.
    pub(super) fn kind(&mut self, id: &'static str, pointer: &str, text: impl Into<String>) {
        let span = self.document.key_span(pointer);
        let (first, count) = self
            .kinds
            .entry((id, text.into()))
            .or_insert_with(|| (span.clone(), 0));
        *count += 1;
        if span.start < first.start {
            *first = span;
        }
    }

    /// Something that is told for each place, since something else is lost in each.
    pub(super) fn place(&mut self, id: &'static str, pointer: &str, text: impl Into<String>) {
        let told = self.placed.entry(id).or_default();
        *told += 1;
        if *told > MOST {
            self.kind(id, pointer, "another place of this kind");
            return;
        }
        self.done.push(Lowering {
            id,
            span: self.document.key_span(pointer),
            text: text.into(),
        });
    }

    pub(super) fn finish(self, done: &mut Vec<Lowering>) {
        done.extend(self.done);
        done.extend(self.kinds.into_iter().map(|((id, text), (span, count))| {
            let text = match count {
                1 => text,
                _ => format!("{text} (the first of {count} places)"),
            };
            Lowering { id, span, text }
        }));
    }
}
