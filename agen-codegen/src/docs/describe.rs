//! The facts of a page in short lines, without any sentence of it.

use std::{collections::BTreeMap, ops::Range};

use crate::printable;

use super::{
    edits,
    facts::{Content, Operation, Shape, Stated, Tree},
    pages::Reading,
    record::hash,
};

/// The longest key or value that is written out.
const MOST_BYTES: usize = 300;

/// The facts of a page.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// By what they are facts of; each with its bytes of the page.
    pub(super) lines: BTreeMap<String, (String, Range<usize>)>,
    /// How many things are said.
    pub(super) count: usize,
}

pub(super) fn facts(reading: &Reading) -> Facts {
    let mut writer = Writer {
        reading,
        facts: Facts::default(),
    };
    for operation in &reading.operations {
        writer.operation(operation);
    }
    for schema in &reading.schemas {
        writer.add(
            format!("schema {}", schema.name),
            vec!["described".to_owned()],
            &schema.at.span,
        );
        writer.inside(&format!("schema {}", schema.name), "", &schema.tree.0);
    }
    for link in reading.index.iter().flat_map(|index| &index.links) {
        writer.add(
            format!("link {}", link.address),
            vec!["listed".to_owned()],
            &link.span,
        );
    }
    writer.facts
}

struct Writer<'r> {
    reading: &'r Reading,
    facts: Facts,
}

impl Writer<'_> {
    fn add(&mut self, key: String, parts: Vec<String>, span: &Range<usize>) {
        self.facts.count += parts.len();
        let span = self.reading.span(span);
        let line = (short(&parts.join(", ")), span);
        self.facts.lines.entry(short(&key)).or_insert(line);
    }

    fn operation(&mut self, operation: &Operation<Tree>) {
        let name = operation.name();
        self.add(
            name.clone(),
            vec!["described".to_owned()],
            &operation.at.span,
        );
        for (server, at) in &operation.servers {
            self.add(
                format!("{name} server {server}"),
                vec!["stated".to_owned()],
                &at.span,
            );
        }
        match &operation.keys {
            Stated::Unknown => {}
            Stated::Absent => self.add(
                format!("{name} security"),
                vec!["none".to_owned()],
                &operation.at.span,
            ),
            Stated::Is(keys, _) => {
                for key in keys {
                    self.add(
                        format!("{name} security {}", key.name),
                        vec![format!("in {}", key.place)],
                        &key.at.span,
                    );
                }
            }
        }
        for parameter in &operation.parameters {
            let key = format!("{name} {}.{}", parameter.place, parameter.name);
            let parts = says(&parameter.shape.0, parameter.required);
            self.add(key.clone(), parts, &parameter.at.span);
            self.inside(&key, "", &parameter.shape.0);
        }
        self.content(&format!("{name} body"), &operation.body);
        for answer in &operation.answers {
            let status = answer
                .status
                .as_deref()
                .map_or_else(String::new, |status| format!(" {status}"));
            let key = format!("{name} answer{status}");
            self.content(&key, &answer.body);
        }
    }

    fn content(&mut self, key: &str, content: &Stated<Content<Tree>>) {
        match content {
            Stated::Unknown => {}
            Stated::Absent => self.add(key.to_owned(), vec!["none".to_owned()], &(0..0)),
            Stated::Is(content, at) => {
                let mut parts = says(&content.shape.0, content.required);
                parts.extend(content.media.clone());
                self.add(key.to_owned(), parts, &at.span);
                self.inside(key, "", &content.shape.0);
            }
        }
    }

    fn inside(&mut self, key: &str, path: &str, shape: &Shape<Tree>) {
        for (name, field) in &shape.fields {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{name}");
            let parts = says(&field.shape.0, field.required);
            self.add(format!("{key} {path}"), parts, &field.at.span);
            self.inside(key, &path, &field.shape.0);
        }
        if let Some(items) = &shape.items {
            let path = format!("{path}[]");
            self.add(
                format!("{key} {path}"),
                says(&items.0, None),
                &items.0.at.span,
            );
            self.inside(key, &path, &items.0);
        }
        for (index, option) in shape.options.iter().enumerate() {
            let path = format!("{path}({index})");
            self.add(
                format!("{key} {path}"),
                says(&option.0, None),
                &option.0.at.span,
            );
            self.inside(key, &path, &option.0);
        }
    }
}

/// What is said of a value, in a fixed order.
fn says(shape: &Shape<Tree>, required: Option<bool>) -> Vec<String> {
    let mut parts = Vec::new();
    let mut kinds: Vec<&str> = shape.kinds.value().map_or_else(
        || vec!["any"],
        |kinds| kinds.iter().map(|kind| kind.name()).collect(),
    );
    if shape.nullable == Some(true) {
        kinds.push("null");
    }
    parts.push(kinds.join(" | "));
    if shape.sample {
        parts.push("by a sample".to_owned());
    }
    match required {
        Some(true) => parts.push("required".to_owned()),
        Some(false) => parts.push("optional".to_owned()),
        None => {}
    }
    if let Stated::Is(format, _) = &shape.format {
        parts.push(format!("format {format}"));
    }
    if let Stated::Is(default, _) = &shape.default {
        parts.push(format!("default {}", edits::scalar(default)));
    }
    // A list in which the text ends may go on.
    if let Stated::Is(values, _) = &shape.values
        && !shape.values_cut
    {
        let mut values: Vec<_> = values.iter().map(edits::scalar).collect();
        values.sort();
        parts.push(format!("one of {}", values.join(" ")));
    }
    for (key, (value, _)) in &shape.bounds {
        parts.push(format!("{key} {}", edits::scalar(value)));
    }
    parts
}

/// A text on one line, and where it is long, its start and a hash of the rest.
fn short(text: &str) -> String {
    let text = printable(text);
    let Some((end, _)) = text.char_indices().find(|(at, _)| *at >= MOST_BYTES) else {
        return text;
    };
    let (start, _) = text.split_at(end);
    format!("{start}… {:016x}", hash([text.as_str()]))
}
