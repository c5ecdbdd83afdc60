//! Which values of the two documents are the same, with all that they refer to.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Document, Node, push_segment, reference_pointer},
    value::Value,
};

/// Tells equal values that mean the same from equal values that refer to something that changed.
#[derive(Debug, Default)]
pub(super) struct Same {
    /// Pointers of the references of the head that lead, over any number of references, to
    /// something that is not the same in the base. Where equal values hold references, they do so in
    /// the same places, so those of the head are enough.
    changed: BTreeSet<String>,
}

impl Same {
    /// Finds all references of the head, and what has changed of what they lead to. Takes a walk over
    /// the head, and a comparison for each value that something refers to.
    pub(super) fn new(base: &Document, head: &Document) -> Self {
        let mut sites = BTreeMap::new();
        references(head.root().value, &mut String::new(), &mut sites);

        let mut waiting: Vec<String> = Vec::new();
        for target in sites.keys() {
            let values = [base, head].map(|document| document.at(target).map(|node| node.value));
            let [Some(old), Some(new)] = values else {
                waiting.push(target.clone());
                continue;
            };
            if old != new {
                waiting.push(target.clone());
            }
        }

        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        let mut changed = BTreeSet::new();
        while let Some(target) = waiting.pop() {
            for site in sites.get(&target).into_iter().flatten() {
                if !changed.insert(site.clone()) {
                    continue;
                }
                // What holds this reference has changed, so what refers to any of that has, too.
                let ends = site.match_indices('/').map(|(at, _)| at);
                for end in ends.chain([site.len()]) {
                    let above = site.get(..end).unwrap_or_default();
                    if sites.contains_key(above) && seen.insert(above.to_owned()) {
                        waiting.push(above.to_owned());
                    }
                }
            }
        }
        Self { changed }
    }

    /// Whether two values mean the same.
    pub(super) fn holds(&self, base: &Node<'_>, head: &Node<'_>) -> bool {
        base.value == head.value && !self.leads_to_change(&head.pointer)
    }

    /// Whether a value of the head holds a reference to something that changed.
    fn leads_to_change(&self, pointer: &str) -> bool {
        if self.changed.contains(pointer) {
            return true;
        }
        let inside = format!("{pointer}/");
        let mut next = self.changed.range(inside.clone()..);
        next.next().is_some_and(|site| site.starts_with(&inside))
    }
}

/// Every reference of a value, by the pointer that it means. A reference that leads out of the
/// document is none.
fn references(value: &Value, pointer: &mut String, sites: &mut BTreeMap<String, Vec<String>>) {
    let length = pointer.len();
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && let Some(target) = reference_pointer(reference)
            {
                let sites = sites.entry(target.into_owned()).or_default();
                sites.push(pointer.clone());
            }
            for (key, member) in members {
                push_segment(pointer, key);
                references(member, pointer, sites);
                pointer.truncate(length);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                references(element, pointer, sites);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
