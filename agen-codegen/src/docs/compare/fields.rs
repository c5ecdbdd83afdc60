//! What is in two values compared: fields, and the shapes of a value that has several.

use std::collections::{BTreeSet, HashSet};

use crate::{
    diagnostic::quote,
    docs::{
        edits,
        facts::{Field, Shape, Tree},
        level::{self, Open},
        rules,
    },
    document::Node,
    review::Impact,
    value::Value,
};

use super::values::{Comparison, Name, joined};

impl Comparison<'_> {
    /// Compares the fields of a value, and its shapes where it has several.
    pub(super) fn inside(
        &mut self,
        page: &Shape<Tree>,
        spec: &Shape<Node<'_>>,
        name: &Name,
        depth: usize,
    ) {
        if !page.options.is_empty() {
            return self.shapes(page, spec, name, depth);
        }
        if spec.options.is_empty() {
            return self.fields(page, spec, name, depth);
        }
        // The page shows one shape of several: the one that it has the most in common with.
        if page.fields.is_empty() {
            return;
        }
        let names: BTreeSet<&str> = page.fields.keys().map(String::as_str).collect();
        let levels = spec
            .options
            .iter()
            .filter_map(|node| level::read(node, &Open::new()));
        let common = |level: &Shape<Node<'_>>| {
            level
                .fields
                .keys()
                .filter(|name| names.contains(name.as_str()))
                .count()
        };
        // Of equals the first.
        let best = levels.rev_max_by_key(common);
        if let Some(best) = best {
            self.fields(page, &best, name, depth);
        }
    }

    fn fields(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name, depth: usize) {
        for (field, told) in &page.fields {
            let inner = name.field(field);
            match spec.fields.get(field) {
                Some(said) => {
                    self.required(field, told, said, spec, &inner);
                    self.value(&told.shape, &said.shape, &inner, depth + 1);
                }
                None => self.missing(field, told, spec, &inner),
            }
        }
        if page.fields_unproven {
            self.unproven(page, spec);
        }
        if !page.fields_whole {
            return;
        }
        for (field, said) in &spec.fields {
            if page.fields.contains_key(field) {
                continue;
            }
            let inner = name.field(field);
            let required = said.required == Some(true);
            let severity = if required {
                self.by_way(Impact::Notable, Impact::Breaking)
            } else {
                Impact::Notable
            };
            let message = format!(
                "the field {} is in the document, and not on the page",
                inner.noun
            );
            let edit = edits::remove(&said.at.pointer);
            let places = (&said.at, &page.at);
            self.add(
                &rules::FIELD_NOT_DOCUMENTED,
                severity,
                &inner,
                message,
                places,
                edit,
            );
        }
    }

    /// Fields that the page may have behind its end, or not at all.
    fn unproven(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>) {
        let rest = spec
            .fields
            .keys()
            .filter(|name| !page.fields.contains_key(*name));
        let mut rest = rest.map(|name| quote(name)).peekable();
        if rest.peek().is_none() {
            return;
        }
        let message = format!(
            "the page ends without {}, which the document has: it is cut off, or does not have them",
            joined(rest)
        );
        self.found
            .lack(self.page, message, self.reading.span(&page.at.span));
    }

    fn missing(&mut self, field: &str, told: &Field<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let witness = if told.shape.0.sample {
            "in the sample of the page"
        } else {
            "on the page"
        };
        let message = format!(
            "the field {} is {witness}, and not in the document",
            name.noun
        );
        let required = told.required == Some(true);
        let severity = if required {
            self.by_way(Impact::Breaking, Impact::Compatible)
        } else {
            Impact::Compatible
        };
        let mut lines = vec!["properties:".to_owned()];
        let below = edits::below(field, &told.shape, 0);
        lines.extend(below.into_iter().map(|line| format!("  {line}")));
        if required {
            lines.push("required:".to_owned());
            lines.push(format!(
                "  - {}",
                edits::scalar(&Value::String(field.to_owned()))
            ));
        }
        let edit = edits::set(&spec.at.pointer, lines.join("\n"));
        let places = (&spec.at, &told.at);
        self.add(&rules::FIELD_MISSING, severity, name, message, places, edit);
    }

    fn required(
        &mut self,
        field: &str,
        told: &Field<Tree>,
        said: &Field<Node<'_>>,
        spec: &Shape<Node<'_>>,
        name: &Name,
    ) {
        let (Some(page), Some(document)) = (told.required, said.required) else {
            return;
        };
        if document && !page && told.shape.0.ends_early() {
            return self.lacking(&told.shape.0, name, [quote("required")]);
        }
        if page == document {
            return;
        }
        let (message, severity) = if page {
            (
                format!(
                    "{} is required on the page, and not in the document",
                    name.noun
                ),
                self.by_way(Impact::Breaking, Impact::Compatible),
            )
        } else {
            (
                format!(
                    "{} is required in the document, and not on the page",
                    name.noun
                ),
                self.by_way(Impact::Compatible, Impact::Breaking),
            )
        };
        let edit = edits::require(&spec.at.pointer, field, page);
        let places = (&said.at, &told.at);
        self.add(
            &rules::REQUIRED_DIFFERS,
            severity,
            name,
            message,
            places,
            edit,
        );
    }

    /// Compares the shapes of a value that has several on the page.
    fn shapes(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name, depth: usize) {
        let said: Vec<_> = spec
            .options
            .iter()
            .filter_map(|node| {
                let level = level::read(node, &Open::new())?;
                let tag = tag_of_level(&level);
                Some((node, level, tag))
            })
            .collect();
        let mut used = HashSet::new();
        let mut missing = Vec::new();
        for (index, told) in page.options.iter().enumerate() {
            let tag = tag_of_tree(&told.0);
            let best = said
                .iter()
                .enumerate()
                .filter(|(at, _)| !used.contains(at))
                .filter_map(|(at, (node, level, other))| {
                    let score = match (&tag, other) {
                        (Some(tag), Some(other)) if tag == other => 1_000,
                        (Some(_), Some(_)) => return None,
                        _ => level
                            .fields
                            .keys()
                            .filter(|name| told.0.fields.contains_key(*name))
                            .count(),
                    };
                    let bare = level.fields.is_empty() && told.0.fields.is_empty();
                    let fits = score > 0 || (bare && level.kinds.value() == told.0.kinds.value());
                    fits.then_some((score, std::cmp::Reverse(at), *node))
                })
                .max_by_key(|(score, at, _)| (*score, *at));
            match best {
                Some((_, at, node)) => {
                    used.insert(at.0);
                    let word = tag
                        .as_ref()
                        .map_or_else(|| index.to_string(), |(_, value)| value.clone());
                    let inner = Name {
                        noun: name.noun.clone(),
                        fact: format!("{}({word})", name.fact),
                    };
                    self.value(told, node, &inner, depth + 1);
                }
                None => missing.push((index, told, tag)),
            }
        }
        if !missing.is_empty() {
            let words = missing.iter().map(|(index, _, tag)| match tag {
                Some((_, value)) => quote(value),
                None => format!("number {}", index + 1),
            });
            let message = format!(
                "{} has {} on the page, of which the document lacks {}",
                name.noun,
                count(page.options.len(), "shape"),
                joined(words),
            );
            let mut lines = vec!["oneOf:".to_owned()];
            for (_, told, _) in missing.iter().take(3) {
                for (at, line) in edits::schema(told, 1).into_iter().enumerate() {
                    lines.push(format!("{}{line}", if at == 0 { "  - " } else { "    " }));
                }
            }
            let edit = edits::set(&spec.at.pointer, lines.join("\n"));
            let places = (&spec.at, &page.at);
            self.add(
                &rules::SHAPE_MISSING,
                Impact::Notable,
                name,
                message,
                places,
                edit,
            );
        }
        let rest: Vec<_> = (0..said.len()).filter(|at| !used.contains(at)).collect();
        if page.options_whole && !rest.is_empty() {
            let rest = rest.iter().filter_map(|at| said.get(*at));
            let words = rest.map(|(_, level, tag)| match tag {
                Some((_, value)) => quote(value),
                None => quote(&level.at.pointer),
            });
            let message = format!(
                "{} has shapes in the document that the page does not have: {}",
                name.noun,
                joined(words)
            );
            let places = (&spec.at, &page.at);
            self.add(
                &rules::SHAPE_NOT_DOCUMENTED,
                Impact::Notable,
                name,
                message,
                places,
                None,
            );
        }
    }
}

/// The greatest by a key, and of equals the first.
trait RevMax: Iterator + Sized {
    fn rev_max_by_key<K: Ord>(self, mut key: impl FnMut(&Self::Item) -> K) -> Option<Self::Item> {
        let mut best: Option<(K, Self::Item)> = None;
        for item in self {
            let of = key(&item);
            if best.as_ref().is_none_or(|(known, _)| of > *known) {
                best = Some((of, item));
            }
        }
        best.map(|(_, item)| item)
    }
}

impl<I: Iterator> RevMax for I {}

/// A field of which one value is allowed: what tells a shape from others.
fn tag_of_tree(shape: &Shape<Tree>) -> Option<(String, String)> {
    shape.fields.iter().find_map(|(name, field)| {
        let [Value::String(only)] = field.shape.0.values.value()?.as_slice() else {
            return None;
        };
        Some((name.clone(), only.clone()))
    })
}

fn tag_of_level(level: &Shape<Node<'_>>) -> Option<(String, String)> {
    level.fields.iter().find_map(|(name, field)| {
        let inner = level::read(&field.shape, &Open::new())?;
        let [Value::String(only)] = inner.values.value()?.as_slice() else {
            return None;
        };
        Some((name.clone(), only.clone()))
    })
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
