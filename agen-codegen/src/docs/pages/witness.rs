//! A sample as a second witness: it is held against the fields, and shows those that no section has.

use std::collections::BTreeSet;

use crate::{
    docs::{
        Lack,
        facts::{At, Field, Kind, Shape, Stated, Tree},
    },
    value::{Map, Value},
};

use super::sections::{MOST_DEPTH, Section};

impl Section {
    /// Holds the fields against the sample, and adds those that it alone shows.
    pub(super) fn witness(
        &mut self,
        shape: &mut Shape<Tree>,
        sample: &Value,
        at: &At,
        path: &str,
        depth: usize,
    ) {
        if depth > MOST_DEPTH {
            return;
        }
        if let (Stated::Is(kinds, place), Some(kind)) = (&shape.kinds, Kind::of_value(sample)) {
            let fits = kinds.contains(&kind)
                || (kind == Kind::Integer && kinds.contains(&Kind::Number))
                || (kind == Kind::Number && kinds.contains(&Kind::Integer));
            if !fits {
                let message = format!(
                    "the page says another type of {} than its sample shows",
                    crate::diagnostic::quote(path)
                );
                self.lacks.push(Lack {
                    message,
                    span: place.span.clone(),
                });
                return;
            }
        }
        match sample {
            Value::Array(all) => {
                if let (Some(first), Some(items)) = (all.first(), &mut shape.items) {
                    self.witness(&mut items.0, first, at, &format!("{path}[]"), depth + 1);
                }
            }
            Value::Object(members) if shape.options.is_empty() => {
                self.unseen(shape, members, at, path);
                let mut missing = Vec::new();
                let bare = shape.fields.is_empty();
                for (name, value) in members {
                    let inner = format!("{path}{}{name}", if path.is_empty() { "" } else { "." });
                    match shape.fields.get_mut(name) {
                        Some(field) => {
                            self.witness(&mut field.shape.0, value, at, &inner, depth + 1);
                        }
                        None => {
                            missing.push(crate::diagnostic::quote(&inner));
                            shape
                                .fields
                                .insert(name.to_owned(), shown(value, at, depth + 1));
                        }
                    }
                }
                if missing.is_empty() {
                    return;
                }
                shape.fields_whole = false;
                let count = missing.len();
                missing.truncate(5);
                let what = missing.join(", ");
                let rest = if count > 5 {
                    format!(" and {} more", count - 5)
                } else {
                    String::new()
                };
                let message = if bare {
                    format!("of {what}{rest} the page has only a sample")
                } else {
                    format!(
                        "the sample shows {what}{rest}, of which the page says nothing: it is cut off, or not understood there"
                    )
                };
                self.lacks.push(Lack {
                    message,
                    span: at.span.clone(),
                });
            }
            _ => {}
        }
    }
}

impl Section {
    /// Notes fields that have to be there and that the sample does not show. Of a value that is shown without
    /// anything in it, the sample says nothing.
    fn unseen(&mut self, shape: &Shape<Tree>, members: &Map, at: &At, path: &str) {
        if members.is_empty() {
            return;
        }
        let unseen = shape
            .fields
            .iter()
            .filter(|(name, field)| field.required == Some(true) && !members.contains_key(name));
        for (name, _) in unseen.take(5) {
            let dot = if path.is_empty() { "" } else { "." };
            let message = format!(
                "the page says that {} is required, and its sample does not have it",
                crate::diagnostic::quote(&format!("{path}{dot}{name}"))
            );
            self.lacks.push(Lack {
                message,
                span: at.span.clone(),
            });
        }
    }
}

/// What a sample shows of a value: that it is there, and its type.
pub(super) fn shown(value: &Value, at: &At, depth: usize) -> Field<Tree> {
    let mut shape: Shape<Tree> = Shape::unknown(at.clone());
    shape.sample = true;
    if let Some(kind) = Kind::of_value(value) {
        shape.kinds = Stated::Is(BTreeSet::from([kind]), at.clone());
    }
    if depth < MOST_DEPTH {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    shape
                        .fields
                        .insert(name.to_owned(), shown(value, at, depth + 1));
                }
            }
            Value::Array(all) => {
                shape.items = all.first().map(|value| shown(value, at, depth + 1).shape);
            }
            _ => {}
        }
    }
    Field {
        required: None,
        at: at.clone(),
        shape: Tree::new(shape),
    }
}
