//! Two values compared: what a page states of one, and what a schema of the document says.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use crate::{diagnostic::quote, document::Node, review::Impact};

use super::{
    DriftRule, Edit, edits,
    facts::{At, BOUNDS, Field, Kind, Shape, Stated, Tree},
    found::{Difference, Found},
    level::{self, Open},
    page::Reading,
    rules,
};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
    /// Both, or it is not known.
    Both,
}

/// What is compared with what.
pub(super) struct Comparison<'c> {
    pub(super) found: &'c mut Found,
    pub(super) page: usize,
    pub(super) reading: &'c Reading,
    /// The operation or schema.
    pub(super) subject: &'c str,
    pub(super) direction: Direction,
}

/// A value that is compared: what it is called in messages, and what of the subject it is.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) noun: String,
    pub(super) fact: String,
}

impl Name {
    pub(super) fn new(noun: &str, fact: &str) -> Self {
        Self {
            noun: noun.to_owned(),
            fact: fact.to_owned(),
        }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        let dot = if self.fact.is_empty() { "" } else { "." };
        Self {
            noun: quote(name),
            fact: format!("{}{dot}{name}", self.fact),
        }
    }

    fn items(&self) -> Self {
        Self {
            noun: format!("an element of {}", self.noun),
            fact: format!("{}[]", self.fact),
        }
    }
}

/// How deep is compared; pages are not read deeper.
const MOST_DEPTH: usize = 80;

impl Comparison<'_> {
    pub(super) fn add(
        &mut self,
        rule: &'static DriftRule,
        severity: Impact,
        name: &Name,
        message: String,
        places: (&At, &At),
        edit: Option<Edit>,
    ) {
        let (spec, page) = places;
        self.found.add(Difference {
            rule,
            severity,
            message,
            subject: self.subject,
            fact: &name.fact,
            spec: Some(spec),
            page: self.page,
            span: self.reading.span(&page.span),
            edit,
        });
    }

    /// The severity by the way that a value goes.
    fn by_way(&self, request: Impact, response: Impact) -> Impact {
        match self.direction {
            Direction::Request => request,
            Direction::Response => response,
            Direction::Both => request.max(response),
        }
    }

    /// Compares a value, and what is in it.
    pub(super) fn value(&mut self, page: &Tree, spec: &Node<'_>, name: &Name, depth: usize) {
        let Some(level) = level::read(spec, &Open::new()).filter(|_| depth < MOST_DEPTH) else {
            return;
        };
        let page = &*page.0;
        if !self.kinds(page, &level, name) {
            return;
        }
        self.nullable(page, &level, name);
        self.format(page, &level, name);
        self.default(page, &level, name);
        self.values(page, &level, name);
        self.bounds(page, &level, name);
        if let (Some(items), Some(other)) = (&page.items, &level.items) {
            self.value(items, other, &name.items(), depth + 1);
        }
        self.inside(page, &level, name, depth);
    }

    /// Compares types; false where there is no more to say of values that have nothing in common.
    fn kinds(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) -> bool {
        let Stated::Is(told, at) = &page.kinds else {
            return true;
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
        let place = spec.kinds.at().unwrap_or(&spec.at);
        let edit = edits::set(&spec.at.pointer, edits::kind(page));
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

    fn nullable(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let (Some(told), Some(said)) = (page.nullable, spec.nullable) else {
            return;
        };
        if told == said {
            return;
        }
        let at = page.kinds.at().unwrap_or(&page.at);
        let (message, severity, edit) = if told {
            (
                format!(
                    "{} can be null on the page, and not in the document",
                    name.noun
                ),
                self.by_way(Impact::Compatible, Impact::Breaking),
                edits::set(&spec.at.pointer, "nullable: true".to_owned()),
            )
        } else {
            (
                format!(
                    "{} can be null in the document, and not on the page",
                    name.noun
                ),
                self.by_way(Impact::Breaking, Impact::Compatible),
                edits::remove(&format!("{}/nullable", spec.at.pointer)),
            )
        };
        self.add(
            &rules::NULLABLE_DIFFERS,
            severity,
            name,
            message,
            (&spec.at, at),
            edit,
        );
    }

    /// Compares something that is there or not.
    fn one<T: PartialEq>(
        &mut self,
        rule: &'static DriftRule,
        key: &str,
        sides: (&Stated<T>, &Stated<T>),
        ends: (&Shape<Tree>, &Shape<Node<'_>>),
        name: &Name,
        show: impl Fn(&T) -> Value,
    ) {
        let (page, spec) = ends;
        let (message, severity, places, edit) = match sides {
            (Stated::Is(told, at), Stated::Is(said, place)) if told != said => (
                format!(
                    "{} has the {key} {} in the document and {} on the page",
                    name.noun,
                    quote(&edits::scalar(&show(said))),
                    quote(&edits::scalar(&show(told)))
                ),
                rule.severity,
                (place, at),
                edits::set(&spec.at.pointer, edits::member(key, &show(told))),
            ),
            (Stated::Is(told, at), Stated::Absent) => (
                format!(
                    "{} has the {key} {} on the page, and none in the document",
                    name.noun,
                    quote(&edits::scalar(&show(told)))
                ),
                rule.severity,
                (&spec.at, at),
                edits::set(&spec.at.pointer, edits::member(key, &show(told))),
            ),
            (Stated::Absent, Stated::Is(said, place)) => (
                format!(
                    "{} has the {key} {} in the document, and none on the page",
                    name.noun,
                    quote(&edits::scalar(&show(said)))
                ),
                rule.severity,
                (place, page.kinds.at().unwrap_or(&page.at)),
                edits::remove(&format!("{}/{key}", spec.at.pointer)),
            ),
            _ => return,
        };
        self.add(rule, severity, name, message, places, edit);
    }

    fn format(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let show = |text: &String| Value::String(text.clone());
        let sides = (&page.format, &spec.format);
        self.one(
            &rules::FORMAT_DIFFERS,
            "format",
            sides,
            (page, spec),
            name,
            show,
        );
    }

    fn default(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let sides = (&page.default, &spec.default);
        self.one(
            &rules::DEFAULT_DIFFERS,
            "default",
            sides,
            (page, spec),
            name,
            Value::clone,
        );
    }

    fn values(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let text = |values: &[Value]| -> BTreeMap<String, Value> {
            let all = values.iter();
            all.map(|value| (value.to_string(), value.clone()))
                .collect()
        };
        let (message, places, edit) = match (&page.values, &spec.values) {
            (Stated::Is(told, at), Stated::Is(said, place)) => {
                let (told, said) = (text(told), text(said));
                let new: Vec<_> = told.iter().filter(|it| !said.contains_key(it.0)).collect();
                let gone: Vec<_> = said.iter().filter(|it| !told.contains_key(it.0)).collect();
                if new.is_empty() && gone.is_empty() {
                    return;
                }
                let mut parts = Vec::new();
                if !new.is_empty() {
                    parts.push(format!(
                        "on the page alone {}",
                        listed(new.iter().map(|it| it.1))
                    ));
                }
                if !gone.is_empty() {
                    parts.push(format!(
                        "in the document alone {}",
                        listed(gone.iter().map(|it| it.1))
                    ));
                }
                let message = format!("of the values of {} are {}", name.noun, parts.join(", "));
                (message, (place, at), listing(spec, told.values()))
            }
            (Stated::Is(told, at), Stated::Absent) => {
                let message = format!(
                    "{} has a list of values on the page, and none in the document: {}",
                    name.noun,
                    listed(told.iter())
                );
                (message, (&spec.at, at), listing(spec, told.iter()))
            }
            (Stated::Absent, Stated::Is(said, place)) => {
                let message = format!(
                    "{} has a list of values in the document, and none on the page: {}",
                    name.noun,
                    listed(said.iter())
                );
                let at = page.kinds.at().unwrap_or(&page.at);
                let edit = edits::remove(&format!("{}/enum", spec.at.pointer));
                (message, (place, at), edit)
            }
            _ => return,
        };
        let severity = rules::VALUES_DIFFER.severity;
        self.add(&rules::VALUES_DIFFER, severity, name, message, places, edit);
    }

    fn bounds(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        let same = |one: &Value, other: &Value| match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        };
        for key in BOUNDS {
            let (message, places, edit) = match (page.bounds.get(key), spec.bounds.get(key)) {
                (Some((told, at)), Some((said, place))) if !same(told, said) => (
                    format!(
                        "{} has the {key} {} in the document and {} on the page",
                        name.noun,
                        quote(&edits::scalar(said)),
                        quote(&edits::scalar(told))
                    ),
                    (place, at),
                    edits::set(&spec.at.pointer, edits::member(key, told)),
                ),
                (Some((told, at)), None) => (
                    format!(
                        "{} has the {key} {} on the page, and none in the document",
                        name.noun,
                        quote(&edits::scalar(told))
                    ),
                    (&spec.at, at),
                    edits::set(&spec.at.pointer, edits::member(key, told)),
                ),
                (None, Some((said, place))) if page.bounds_known.contains(key) => (
                    format!(
                        "{} has the {key} {} in the document, and none on the page",
                        name.noun,
                        quote(&edits::scalar(said))
                    ),
                    (place, page.kinds.at().unwrap_or(&page.at)),
                    edits::remove(&format!("{}/{key}", spec.at.pointer)),
                ),
                _ => continue,
            };
            let severity = self.by_way(Impact::Notable, Impact::Compatible);
            self.add(&rules::BOUND_DIFFERS, severity, name, message, places, edit);
        }
    }

    /// Compares the fields of a value, and its shapes where it has several.
    fn inside(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name, depth: usize) {
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

/// The list of values, as it should be written.
fn listing<'v>(spec: &Shape<Node<'_>>, values: impl Iterator<Item = &'v Value>) -> Option<Edit> {
    let mut lines = vec!["enum:".to_owned()];
    lines.extend(values.map(|value| format!("  - {}", edits::scalar(value))));
    edits::set(&spec.at.pointer, lines.join("\n"))
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

fn listed<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    joined(values.map(|value| quote(&edits::scalar(value))))
}

/// A list in words, cut where it is long.
fn joined(words: impl Iterator<Item = String>) -> String {
    const MOST: usize = 8;
    let all: Vec<_> = words.collect();
    let rest = all.len().saturating_sub(MOST);
    let mut text = all
        .get(..all.len().min(MOST))
        .unwrap_or_default()
        .join(", ");
    if rest > 0 {
        text.push_str(&format!(" and {rest} more"));
    }
    text
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
