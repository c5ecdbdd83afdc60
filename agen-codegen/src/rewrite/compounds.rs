//! Finds the schemas that merge or choose from others.

use crate::{
    document::{Document, Node, push_segment},
    value::Value,
};

/// A value that has others in it, as it is on the way.
struct Step<'a> {
    value: &'a Value,
    /// The step of the value that it stands in; its own for the root.
    above: usize,
    place: Place<'a>,
    /// Whether its keys are names that the document gives.
    named: bool,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Key(&'a str),
    Index(usize),
}

/// Every schema that merges or chooses from others, and every one that has a discriminator: what stands
/// below a key of that name, unless it is an example or the name of a property.
pub(super) fn compounds(document: &Document) -> Vec<Node<'_>> {
    const KEYS: [&str; 4] = ["allOf", "oneOf", "anyOf", "discriminator"];
    const DATA: [&str; 5] = ["example", "examples", "default", "enum", "value"];
    let root = Step {
        value: document.root().value,
        above: 0,
        place: Place::Index(0),
        named: false,
    };
    // Few of them are asked for their pointers, so these are made afterwards.
    let mut steps = vec![root];
    let mut open = vec![0];
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        let Some(&Step { value, named, .. }) = steps.get(at) else {
            continue;
        };
        let mut add = |value, place, named| {
            open.push(steps.len());
            steps.push(Step {
                value,
                above: at,
                place,
                named,
            });
        };
        match value {
            Value::Object(members) => {
                let mut is_compound = false;
                for (key, member) in members {
                    is_compound |= !named && KEYS.contains(&key);
                    let is_data = !named && (DATA.contains(&key) || key.starts_with("x-"));
                    if !is_data && has_room(member) {
                        add(member, Place::Key(key), !named && key == "properties");
                    }
                }
                if is_compound {
                    found.push(at);
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    if has_room(element) {
                        add(element, Place::Index(index), false);
                    }
                }
            }
            _ => {}
        }
    }
    let found = found.into_iter();
    found
        .filter_map(|at| document.at(&pointer(&steps, at)))
        .collect()
}

/// Whether a value can have others in it.
fn has_room(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn pointer(steps: &[Step<'_>], mut at: usize) -> String {
    let mut places = Vec::new();
    while let Some(step) = steps.get(at).filter(|_| at > 0) {
        places.push(step.place);
        at = step.above;
    }
    let mut pointer = String::new();
    for place in places.into_iter().rev() {
        match place {
            Place::Key(key) => push_segment(&mut pointer, key),
            Place::Index(index) => push_segment(&mut pointer, &index.to_string()),
        }
    }
    pointer
}
