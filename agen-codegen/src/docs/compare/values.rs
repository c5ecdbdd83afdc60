//! Two values compared: what a page states of one, and what a schema of the document says.

use std::collections::HashSet;

use crate::{
    diagnostic::quote,
    document::{Document, Node},
    review::Impact,
    value::Value,
};

use crate::docs::{
    DriftRule, Edit, edits,
    facts::{At, BOUNDS, Shape, Stated, Tree},
    level::{self, Open},
    pages::Reading,
    rules,
};

use super::found::{Difference, Found};

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
    pub(super) document: &'c Document,
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
    pub(super) fn by_way(&self, request: Impact, response: Impact) -> Impact {
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
        if !self.kinds(page, &level, spec, name) {
            return;
        }
        self.nullable(page, &level, name);
        self.format(page, &level, name);
        self.default(page, &level, name);
        self.values(page, &level, name);
        self.bounds(page, &level, name);
        self.rest(page, &level, name);
        match (&page.items, &level.items) {
            (Some(items), Some(other)) => self.value(items, other, &name.items(), depth + 1),
            (Some(items), None) => self.items(items, &level, &name.items()),
            (None, _) => {}
        }
        self.inside(page, &level, name, depth);
    }

    /// Notes what the document says of a value with which the text of the page ends, and the page may say
    /// behind its end.
    pub(super) fn lacking(
        &mut self,
        page: &Shape<Tree>,
        name: &Name,
        what: impl IntoIterator<Item = String>,
    ) {
        let message = format!(
            "the page ends with {}, and without {}, which the document has: it is cut off, or does not have that",
            name.noun,
            joined(what.into_iter())
        );
        self.found
            .lack(self.page, message, self.reading.span(&page.at.span));
    }

    /// What the document says of a value below whose type the text of the page ends.
    fn rest(&mut self, page: &Shape<Tree>, spec: &Shape<Node<'_>>, name: &Name) {
        if !page.ends_early() {
            return;
        }
        let unknown = |page: bool, spec: bool, word: &str| (page && spec).then(|| quote(word));
        let said = |page: &Stated<Value>, spec: &Stated<Value>, word: &str| {
            unknown(
                matches!(page, Stated::Unknown),
                spec.value().is_some(),
                word,
            )
        };
        let bounds = spec
            .bounds
            .keys()
            .filter(|key| !page.bounds.contains_key(*key));
        let what: Vec<_> = [
            unknown(page.nullable.is_none(), spec.nullable == Some(true), "null"),
            unknown(
                matches!(page.format, Stated::Unknown),
                spec.format.value().is_some(),
                "format",
            ),
            said(&page.default, &spec.default, "default"),
            unknown(
                matches!(page.values, Stated::Unknown),
                spec.values.value().is_some(),
                "enum",
            ),
        ]
        .into_iter()
        .flatten()
        .chain(bounds.map(|key| quote(key)))
        .collect();
        if !what.is_empty() {
            self.lacking(page, name, what);
        }
    }

    /// Whether it is known that a page says no more of a value than it does. Where its text ends with the value,
    /// that is taken for all of it, unless something else shows that the page is cut off.
    fn says_no_more(&self, page: &Shape<Tree>) -> bool {
        page.ends.is_none() || self.reading.lacks.is_empty()
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
        // What of some values others do not have, in the order in which they are written.
        let without = |values: &[Value], others: &[Value]| -> Vec<Value> {
            let others: HashSet<_> = others.iter().map(Value::to_string).collect();
            let rest = values.iter();
            rest.filter(|value| !others.contains(&value.to_string()))
                .cloned()
                .collect()
        };
        let (message, places, edit) = match (&page.values, &spec.values) {
            (Stated::Is(told, at), Stated::Is(said, place)) => {
                let (new, gone) = (without(told, said), without(said, told));
                if new.is_empty() && gone.is_empty() {
                    return;
                }
                if let (true, Some(last)) = (page.values_cut, told.last().and_then(Value::as_str)) {
                    let mut longer = gone.iter().filter_map(Value::as_str);
                    let cut = longer.any(|whole| whole.starts_with(last));
                    if cut || new.is_empty() {
                        return self.lacking(
                            page,
                            name,
                            gone.iter().map(edits::scalar).map(|it| quote(&it)),
                        );
                    }
                }
                let mut parts = Vec::new();
                if !new.is_empty() {
                    parts.push(format!("on the page alone {}", listed(new.iter())));
                }
                if !gone.is_empty() {
                    parts.push(format!("in the document alone {}", listed(gone.iter())));
                }
                let message = format!("of the values of {} are {}", name.noun, parts.join(", "));
                // The document keeps its order where there is only something to add.
                let edit = if gone.is_empty() && place.pointer.ends_with("/enum") {
                    edits::append(&place.pointer, &new)
                } else {
                    listing(spec, told.iter())
                };
                (message, (place, at), edit)
            }
            (Stated::Is(told, at), Stated::Absent) => {
                let message = format!(
                    "{} has a list of values on the page, and none in the document: {}",
                    name.noun,
                    listed(told.iter())
                );
                (message, (&spec.at, at), listing(spec, told.iter()))
            }
            (Stated::Absent, Stated::Is(said, place)) if self.says_no_more(page) => {
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
                (None, Some((said, place)))
                    if page.bounds_known.contains(key) && self.says_no_more(page) =>
                {
                    (
                        format!(
                            "{} has the {key} {} in the document, and none on the page",
                            name.noun,
                            quote(&edits::scalar(said))
                        ),
                        (place, page.kinds.at().unwrap_or(&page.at)),
                        edits::remove(&format!("{}/{key}", spec.at.pointer)),
                    )
                }
                _ => continue,
            };
            let severity = self.by_way(Impact::Notable, Impact::Compatible);
            self.add(&rules::BOUND_DIFFERS, severity, name, message, places, edit);
        }
    }
}

/// The list of values, as it should be written.
fn listing<'v>(spec: &Shape<Node<'_>>, values: impl Iterator<Item = &'v Value>) -> Option<Edit> {
    let mut lines = vec!["enum:".to_owned()];
    lines.extend(values.map(|value| format!("  - {}", edits::scalar(value))));
    edits::set(&spec.at.pointer, lines.join("\n"))
}

fn listed<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    joined(values.map(|value| quote(&edits::scalar(value))))
}

/// A list in words, cut where it is long.
pub(super) fn joined(words: impl Iterator<Item = String>) -> String {
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
