//! The keys of a text, each once.

use std::collections::HashMap;

use crate::{document::short, value::Key};

#[derive(Default)]
pub(super) struct Keys {
    all: Vec<Key>,
    indices: HashMap<Key, u32>,
}

impl Keys {
    /// The index of a key, which is new or not.
    pub(super) fn index(&mut self, key: &str) -> u32 {
        if let Some(index) = self.indices.get(key) {
            return *index;
        }
        let index = short(self.all.len());
        let key = Key::from(key);
        self.all.push(Key::clone(&key));
        self.indices.insert(key, index);
        index
    }

    /// The key that has an index.
    pub(super) fn get(&self, index: u32) -> Option<&Key> {
        self.all.get(index as usize)
    }

    /// Every key at its index.
    pub(super) fn into_all(self) -> Vec<Key> {
        self.all
    }
}
