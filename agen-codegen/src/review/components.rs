//! Components as such, whoever uses them.

use std::collections::{BTreeMap, VecDeque};

use crate::{diagnostic::quote, document::Node};

use super::{compare::Comparison, rules::rules};

rules! {
    SCHEMA_RENAMED Compatible "api-schema-renamed"
        "a schema of the components has another name only"
        "the name is not part of a call; names of generated code come from it";
    SCHEMA_REMOVED Compatible "api-schema-removed"
        "a schema is gone from the components"
        "it counts where an operation used it, which is another finding; names of generated code \
         come from it";
}

/// Reports the schemas that are gone, and those that have another name only.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let step = comparison.root();
    let [old, new] =
        [comparison.base, comparison.head].map(|document| document.at("/components/schemas"));
    let Some(old) = old else { return };
    let mut others: BTreeMap<String, VecDeque<_>> = BTreeMap::new();
    for (name, node) in new.iter().flat_map(Node::entries) {
        if old.get(name).is_none() {
            let same = others.entry(node.value.to_string()).or_default();
            same.push_back((name, node));
        }
    }
    for (name, node) in old.entries() {
        if new.as_ref().is_some_and(|new| new.get(name).is_some()) {
            continue;
        }
        let same = others.get_mut(&node.value.to_string());
        let (rule, message, head) = match same.and_then(VecDeque::pop_front) {
            Some((now, head)) => {
                let message = format!("the schema {} is called {} now", quote(name), quote(now));
                (&SCHEMA_RENAMED, message, Some(head))
            }
            None => {
                let message = format!("the schema {} is gone", quote(name));
                (&SCHEMA_REMOVED, message, None)
            }
        };
        comparison.found(step, rule, Some(&node), head.as_ref(), message);
    }
}
