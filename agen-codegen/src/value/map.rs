//! The members of an object.

use std::{
    collections::{BTreeMap, btree_map},
    fmt, mem, slice,
    sync::Arc,
    vec,
};

use super::Value;

/// The key of a member. A document has few keys, very often: what is read in one pass has each once.
pub(crate) type Key = Arc<str>;

/// How many members a list has at most: to put one into a long list would take a time that grows with it.
const FEW: usize = 32;

/// The members of an object, in the order of their keys.
///
/// An object of a contract has one member or a few, and is a list. The smallest node of the tree that
/// `serde_json` has for all of them has room for eleven, some 630 bytes.
#[derive(Clone)]
pub(crate) enum Map {
    /// Sorted by key.
    Few(Vec<(Key, Value)>),
    Many(BTreeMap<Key, Value>),
}

impl Map {
    pub(crate) fn new() -> Self {
        Self::Few(Vec::new())
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(tree) => tree.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        match self {
            // Keys of other lengths, as most are, are not looked at.
            Self::Few(list) => {
                let found = list.iter().find(|(other, _)| **other == *key);
                found.map(|(_, value)| value)
            }
            Self::Many(tree) => tree.get(key),
        }
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        match self {
            Self::Few(list) => {
                let index = find(list, key).ok()?;
                Some(&mut list.get_mut(index)?.1)
            }
            Self::Many(tree) => tree.get_mut(key),
        }
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Puts a member in, and gives what stood there.
    pub(crate) fn insert(&mut self, key: impl Into<Key>, value: Value) -> Option<Value> {
        let key = key.into();
        let list = match self {
            Self::Few(list) => list,
            Self::Many(tree) => return tree.insert(key, value),
        };
        match find(list, &key) {
            Ok(index) => list
                .get_mut(index)
                .map(|(_, place)| mem::replace(place, value)),
            Err(index) if list.len() < FEW => {
                list.insert(index, (key, value));
                None
            }
            Err(_) => {
                let mut tree: BTreeMap<_, _> = mem::take(list).into_iter().collect();
                tree.insert(key, value);
                *self = Self::Many(tree);
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        match self {
            Self::Few(list) => Some(list.remove(find(list, key).ok()?).1),
            Self::Many(tree) => tree.remove(key),
        }
    }

    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&str, &Value) -> bool) {
        match self {
            Self::Few(list) => list.retain(|(key, value)| is_kept(key, value)),
            Self::Many(tree) => tree.retain(|key, value| is_kept(key, value)),
        }
    }

    pub(crate) fn iter(&self) -> Iter<'_> {
        match self {
            Self::Few(list) => Iter::Few(list.iter()),
            Self::Many(tree) => Iter::Many(tree.iter()),
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// Calls a function with every value.
    pub(crate) fn change(&mut self, change: impl FnMut(&mut Value)) {
        match self {
            Self::Few(list) => list.iter_mut().map(|(_, value)| value).for_each(change),
            Self::Many(tree) => tree.values_mut().for_each(change),
        }
    }
}

/// Where a key is in a sorted list, or would be.
fn find(list: &[(Key, Value)], key: &str) -> Result<usize, usize> {
    list.binary_search_by(|(other, _)| (**other).cmp(key))
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl Eq for Map {}

impl fmt::Debug for Map {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}

impl<K: Into<Key>> FromIterator<(K, Value)> for Map {
    /// Of equal keys the last one counts.
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        let members = members.into_iter().map(|(key, value)| (key.into(), value));
        let mut list: Vec<(Key, Value)> = members.collect();
        if list.len() > FEW {
            return Self::Many(list.into_iter().collect());
        }
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        list.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                mem::swap(later, kept);
            }
            is_same
        });
        list.shrink_to_fit();
        Self::Few(list)
    }
}

/// The members, to be read.
pub(crate) enum Iter<'a> {
    Few(slice::Iter<'a, (Key, Value)>),
    Many(btree_map::Iter<'a, Key, Value>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next().map(|(key, value)| (&**key, value)),
            Self::Many(tree) => tree.next().map(|(key, value)| (&**key, value)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(list) => list.size_hint(),
            Self::Many(tree) => tree.size_hint(),
        }
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a str, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The members, to be taken.
pub(crate) enum IntoIter {
    Few(vec::IntoIter<(Key, Value)>),
    Many(btree_map::IntoIter<Key, Value>),
}

impl Iterator for IntoIter {
    type Item = (Key, Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next(),
            Self::Many(tree) => tree.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(list) => list.size_hint(),
            Self::Many(tree) => tree.size_hint(),
        }
    }
}

impl IntoIterator for Map {
    type Item = (Key, Value);
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        match self {
            Self::Few(list) => IntoIter::Few(list.into_iter()),
            Self::Many(tree) => IntoIter::Many(tree.into_iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Map, Value};

    fn members(range: std::ops::Range<usize>) -> impl Iterator<Item = (String, Value)> {
        range.map(|number| (format!("{number:03}"), Value::from(number)))
    }

    #[test]
    fn a_list_and_a_tree_have_the_same_members_in_the_same_order() {
        let all = 3 * FEW;
        let tree: Map = members(0..all).collect();
        let mut grown = Map::new();
        for (key, value) in members(0..all).collect::<Vec<_>>().into_iter().rev() {
            assert_eq!(grown.insert(key, value), None);
        }
        assert_eq!(grown, tree);
        assert!(grown.keys().is_sorted());
        for number in 1..all {
            let removed = grown.remove(&format!("{number:03}"));
            assert_eq!(removed, Some(Value::from(number)));
        }
        let list: Map = members(0..1).collect();
        assert!(matches!((&grown, &list), (Map::Many(_), Map::Few(_))));
        assert_eq!(grown, list);
    }

    #[test]
    fn a_list_becomes_a_tree_when_it_has_more_members_than_a_list_has() {
        for count in [FEW, FEW + 1] {
            let collected: Map = members(0..count).collect();
            let mut grown = Map::new();
            for (key, value) in members(0..count) {
                grown.insert(key, value);
            }
            for map in [&collected, &grown] {
                assert_eq!(matches!(map, Map::Many(_)), count > FEW);
                assert_eq!(map.len(), count);
            }
            assert_eq!(collected, grown);
        }
        let twice: Map = members(0..FEW).chain(members(0..1)).collect();
        assert_eq!(twice.len(), FEW);
    }

    #[test]
    fn of_equal_keys_the_last_counts() {
        let twice = ["b", "a", "b"].into_iter().enumerate();
        let twice = twice.map(|(value, key)| (key.to_owned(), Value::from(value)));
        let mut map: Map = twice.collect();
        let values: Vec<Value> = map.values().cloned().collect();
        assert_eq!(values, [Value::from(1), Value::from(2)]);
        assert_eq!(
            map.insert("b".to_owned(), Value::Null),
            Some(Value::from(2))
        );
        assert_eq!(map.len(), 2);
    }
}
