//! Components as such, whoever uses them.

use std::collections::BTreeSet;

use crate::{diagnostic::quote, document::Node};

use super::{compare::Comparison, rules::rules};

rules! {
    SCHEMA_REMOVED Compatible "api-schema-removed"
        "a schema is gone from the components"
        "it counts where an operation used it, which is another finding; names of generated code \
         come from it";
}

/// Reports the schemas that are gone, but those that have another name only.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let step = comparison.root();
    let [old, new] =
        [comparison.base, comparison.head].map(|document| document.at("/components/schemas"));
    let Some(old) = old else { return };
    let renamed: BTreeSet<String> = new
        .iter()
        .flat_map(Node::entries)
        .filter(|(name, _)| old.get(name).is_none())
        .map(|(_, node)| node.value.to_string())
        .collect();
    for (name, node) in old.entries() {
        let stays = new.as_ref().is_some_and(|new| new.get(name).is_some());
        if !stays && !renamed.contains(&node.value.to_string()) {
            let message = format!("the schema {} is gone", quote(name));
            comparison.found(step, &SCHEMA_REMOVED, Some(&node), None, message);
        }
    }
}
