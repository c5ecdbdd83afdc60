//! Collects the changes of the client, puts them in order, and finds the change of the document that each
//! comes from.

use super::{
    Caller, MOST_CHANGES, Place, Rust, RustChange, RustCounts, RustRule,
    causes::{Causes, by_use},
    client::Client,
    names::Names,
    operations, types,
};
use crate::{
    diagnostic::printable,
    document::Document,
    review::{Level, Wire},
};

/// A comparison of two clients.
pub(super) struct Changes<'a> {
    pub(super) base: &'a Client,
    pub(super) head: &'a Client,
    pub(super) names: Names,
    /// How a caller names the crate.
    root: &'a str,
    drafts: Vec<Draft>,
    counts: RustCounts,
}

/// A change before its place is known.
pub(super) struct Draft {
    pub(super) rule: &'static RustRule,
    pub(super) item: String,
    pub(super) message: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) caller: Option<Caller>,
    /// Where in the base and in the head that stands which it is made from.
    pub(super) pointers: [Option<String>; 2],
}

impl<'a> Changes<'a> {
    pub(super) fn new(base: &'a Client, head: &'a Client, root: &'a str) -> Self {
        Self {
            base,
            head,
            names: Names::new(base, head),
            root,
            drafts: Vec::new(),
            counts: RustCounts::default(),
        }
    }

    pub(super) fn add(&mut self, draft: Draft) {
        let count = match draft.rule.level {
            Level::Major => &mut self.counts.major,
            Level::Minor => &mut self.counts.minor,
            Level::Patch => &mut self.counts.patch,
        };
        *count += 1;
        if self.drafts.len() < MOST_CHANGES {
            self.drafts.push(draft);
        }
    }

    /// The line by which a caller brings in a type.
    pub(super) fn imported(&self, item: &str) -> String {
        format!("use {}::{item};", self.root)
    }

    /// Compares everything, and puts the changes in order.
    pub(super) fn finish(mut self, documents: [&Document; 2], wire: &Wire) -> Rust {
        operations::compare(&mut self);
        types::compare(&mut self);
        let mut causes = Causes::new(documents, wire);
        let changes = self.drafts.into_iter().map(|draft| {
            let cause = causes.of(&draft.pointers);
            let mut places = [0, 1].map(|side| {
                let pointer = draft.pointers[side].clone()?;
                let span = documents[side].key_span(&pointer);
                Some(Place { pointer, span })
            });
            let plain = |text: String| printable(&text);
            RustChange {
                rule: draft.rule,
                item: printable(&draft.item),
                message: printable(&draft.message),
                before: draft.before.map(plain),
                after: draft.after.map(plain),
                caller: draft.caller.map(|caller| Caller {
                    before: printable(&caller.before),
                    after: caller.after.map(plain),
                }),
                base: places[0].take(),
                head: places[1].take(),
                cause,
            }
        });
        let mut changes: Vec<RustChange> = changes.collect();
        by_use(&mut changes, [self.base, self.head]);
        changes.sort_by(|one, other| {
            let order = other.rule.level.cmp(&one.rule.level);
            let order = order.then_with(|| one.item.cmp(&other.item));
            order.then_with(|| (one.rule.id, &one.message).cmp(&(other.rule.id, &other.message)))
        });
        Rust {
            changes,
            counts: self.counts,
        }
    }
}
