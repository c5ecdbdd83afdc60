//! The types of two values compared.

use std::collections::BTreeSet;

use crate::{
    docs::{
        Edit, edits,
        facts::{Ends, Kind, Shape, Stated, Tree},
        level, rules,
    },
    document::Node,
    review::Impact,
};

use super::values::{Comparison, Name};

impl Comparison<'_> {
    /// Compares types; false where there is no more to say of values that have nothing in common.
    pub(super) fn kinds(
        &mut self,
        page: &Shape<Tree>,
        spec: &Shape<Node<'_>>,
        node: &Node<'_>,
        name: &Name,
    ) -> bool {
        let Stated::Is(told, at) = &page.kinds else {
            return self.any(page, spec, name);
        };
        let said = spec.kinds.value().cloned().unwrap_or_default();
        let fits = |kind: &Kind| {
            said.contains(kind)
                || (page.sample && *kind == Kind::Integer && said.contains(&Kind::Number))
                || (page.sample && *kind == Kind::Number && said.contains(&Kind::Integer))
        };
        let same = if page.sample {
            said.is_empty() || told.iter().any(fits)
        } else {
            *told == said || (said.is_empty() && !spec.options.is_empty())
        };
        if same {
            return true;
        }
        if page.ends == Some(Ends::Type) {
            self.lacking(page, name, [words(&said)]);
            return false;
        }
        let witness = if page.sample {
            "in the sample of the page"
        } else {
            "on the page"
        };
        let message = format!(
            "{} is {} in the document and {} {witness}",
            name.noun,
            words(&said),
            words(told),
        );
        // A list of what is referred to is no list in the other places that refer to it.
        let own = level::at(node);
        let list = BTreeSet::from([Kind::Array]);
        let is_list = *told == list && !said.contains(&Kind::Array);
        let (place, edit) = match node.text("$ref").filter(|_| is_list) {
            Some(target) => {
                let of_it = !said.is_empty()
                    && page.items.as_ref().is_some_and(|items| {
                        items.0.kinds.value().is_none_or(|kinds| *kinds == said)
                    });
                let target = of_it.then_some(target);
                (&own, edits::instead(&own.pointer, page, target))
            }
            None => (
                spec.kinds.at().unwrap_or(&spec.at),
                retyped(page, spec, said.is_disjoint(told)),
            ),
        };
        self.add(
            &rules::TYPE_DIFFERS,
            Impact::Breaking,
            name,
            message,
            (place, at),
            edit,
        );
        said.iter().any(|kind| told.contains(kind))
    }

    /// Compares the elements of a list of which the document does not say what they are.
    pub(super) fn items(&mut self, page: &Tree, spec: &Shape<Node<'_>>, name: &Name) {
        let list = spec
            .kinds
            .value()
            .is_some_and(|it| it.contains(&Kind::Array));
        let (true, false, Stated::Is(told, at)) = (list, page.0.sample, &page.0.kinds) else {
            return;
        };
        let message = format!(
            "{} is anything in the document and {} on the page",
            name.noun,
            words(told)
        );
        let edit = edits::set(&spec.at.pointer, edits::below("items", page, 0).join("\n"));
        let rule = &rules::TYPE_DIFFERS;
        self.add(rule, Impact::Breaking, name, message, (&spec.at, at), edit);
    }

    /// Compares a value of which the page says that any will do with the one type of the document; false
    /// where they part. What a page shows of several types is not settled, and no difference.
    fn any(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) -> bool {
        let (Some(at), Stated::Is(said, place)) = (&page.any, &spec.kinds) else {
            return true;
        };
        if said.len() != 1 || !spec.options.is_empty() {
            return true;
        }
        let message = format!(
            "{} is {} in the document and anything on the page",
            name.noun,
            words(said)
        );
        self.add(
            &rules::TYPE_DIFFERS,
            Impact::Breaking,
            name,
            message,
            (place, at),
            None,
        );
        false
    }
}

/// A schema with another type; where nothing of it is right, all that the page says of the value, or what the
/// list in the document is of.
fn retyped(page: &Shape<Tree>, spec: &Shape<Node<'_>>, anew: bool) -> Option<Edit> {
    let pointer = &spec.at.pointer;
    if !anew || (page.fields.is_empty() && page.items.is_none()) {
        return edits::set(pointer, edits::kind(page));
    }
    let target = spec.items.as_ref().and_then(|items| items.text("$ref"));
    edits::anew(pointer, page, target)
}

fn words(kinds: &BTreeSet<Kind>) -> String {
    if kinds.is_empty() {
        return "anything".to_owned();
    }
    let names: Vec<_> = kinds
        .iter()
        .map(|kind| format!("`{}`", kind.name()))
        .collect();
    names.join(" or ")
}
