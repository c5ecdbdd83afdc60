//! The text of a rendered page: a method and a path, samples, and sections of fields.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    docs::{
        Lack,
        facts::{Answer, At, Content, Key, Kind, Named, Operation, Parameter, Stated, Tree},
        kinds,
    },
    value::Value,
};

use super::{
    call::Samples,
    lines::{self, Line},
    sections::{self, End, Section},
    spelled::{Spelled, spelled},
    witness,
};

/// What a text was read into.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) title: Option<String>,
    pub(super) operation: Option<Operation<Tree>>,
    pub(super) schema: Option<Named>,
    pub(super) lacks: Vec<Lack>,
}

/// The sections that say something of an operation.
pub(super) const SECTIONS: [&str; 7] = [
    "Authorizations",
    "Headers",
    "Path Parameters",
    "Query Parameters",
    "Cookies",
    "Body",
    "Response",
];

/// Buttons and the like, that stand around a title.
pub(super) const OTHERS: [&str; 17] = [
    "Try it",
    "Documentation Index",
    "Copy page",
    "Copy",
    "cURL",
    "Python",
    "JavaScript",
    "TypeScript",
    "Node.js",
    "PHP",
    "Go",
    "Java",
    "Ruby",
    "C#",
    "Rust",
    "Swift",
    "Skip to main content",
];

/// Lines that stand below what a page says.
pub(super) const FOOTERS: [&str; 5] = [
    "Was this page helpful?",
    "Powered by Mintlify",
    "Powered by",
    "Suggest edits",
    "⌘I",
];

/// Reads a text; nothing where it has neither an operation nor fields. `ended` says that its form shows
/// that it is whole.
pub(super) fn read(text: &str, ended: bool) -> Option<Text> {
    let samples = Samples::find(text);
    let lines = lines::read(text, &samples.spans);
    let mut page = Reader {
        text,
        end: end(text, ended, &lines),
        lacks: samples.lacks.clone(),
        samples,
    };
    page.read(&lines)
}

/// How a text ends.
fn end(text: &str, ended: bool, lines: &[Line]) -> End {
    let last = text.trim_end_matches([' ', '\t', '\r']);
    if ended
        || FOOTERS.iter().any(|footer| {
            text.lines()
                .rev()
                .take(20)
                .any(|line| line.trim() == *footer)
        })
    {
        End::Followed
    } else if last.ends_with(['\n', '.', '!', '?']) || sections::completes(lines) {
        End::Plain
    } else {
        End::Cut
    }
}

pub(super) struct Reader<'t> {
    text: &'t str,
    end: End,
    pub(super) samples: Samples,
    lacks: Vec<Lack>,
}

impl Reader<'_> {
    pub(super) fn lack(&mut self, message: impl Into<String>, span: Range<usize>) {
        self.lacks.push(Lack {
            message: message.into(),
            span,
        });
    }

    fn read(&mut self, lines: &[Line]) -> Option<Text> {
        let spelled = match spelled(lines) {
            Some(Ok(spelled)) => Some(spelled),
            Some(Err(span)) => {
                self.lack("the page ends in its path", span);
                return Some(self.finish(None, None, None));
            }
            None => self.called(),
        };
        let title = title(lines, spelled.as_ref());
        let Some(spelled) = spelled else {
            return self.schema(lines, title);
        };
        let operation = self.operation(lines, spelled);
        Some(self.finish(title, Some(operation), None))
    }

    fn finish(
        &mut self,
        title: Option<String>,
        operation: Option<Operation<Tree>>,
        schema: Option<Named>,
    ) -> Text {
        let mut lacks = std::mem::take(&mut self.lacks);
        lacks.sort_by(|a, b| (a.span.start, &a.message).cmp(&(b.span.start, &b.message)));
        lacks.dedup();
        Text {
            title,
            operation,
            schema,
            lacks,
        }
    }

    /// The operation as the sample calls it.
    fn called(&self) -> Option<Spelled> {
        let curl = self.samples.curl.as_ref()?;
        let (url, span) = curl.url.as_ref()?;
        let (_, rest) = url.split_once("://")?;
        let path = rest.get(rest.find('/')?..)?;
        Some(Spelled {
            method: curl.method.clone()?,
            path: path.to_owned(),
            span: span.clone(),
            next: 0,
        })
    }

    fn operation(&mut self, lines: &[Line], spelled: Spelled) -> Operation<Tree> {
        let at = At::page(spelled.span.clone());
        let sections = split(lines, spelled.next);
        let has = |name: &str| sections.iter().any(|section| section.name == name);
        let mut operation = Operation {
            method: spelled.method,
            path: spelled.path,
            at: at.clone(),
            servers: Vec::new(),
            keys: Stated::Unknown,
            keys_at: None,
            parameters: Vec::new(),
            parameters_whole: has("Response"),
            body: Stated::Unknown,
            answers: Vec::new(),
            // What a page does not list is not on it, and the document is kept from pages.
            answers_whole: has("Response"),
            docs: None,
        };
        for (index, section) in sections.iter().enumerate() {
            let is_last = index + 1 == sections.len();
            let end = if is_last { self.end } else { End::Followed };
            match section.name {
                "Authorizations" => {
                    let mut read = self.fields(section, None, end);
                    let keys = read.entries.drain(..).map(|entry| Key {
                        place: entry.place.unwrap_or_else(|| "header".to_owned()),
                        name: entry.path.join("."),
                        scheme: None,
                        // What is not marked may still be required.
                        optional: (entry.required == Some(true)).then_some(false),
                        at: entry.at,
                    });
                    let keys: Vec<_> = keys.collect();
                    if !keys.is_empty() && read.whole && end == End::Followed {
                        operation.keys = Stated::Is(keys, At::page(section.span.clone()));
                    }
                }
                "Body" => operation.body = self.body(section, end),
                "Response" => {
                    let answer = self.answer(section, end);
                    operation.answers.push(answer);
                }
                name => {
                    let place = match name {
                        "Path Parameters" => "path",
                        "Query Parameters" => "query",
                        "Cookies" => "cookie",
                        _ => "header",
                    };
                    let mut read = self.fields(section, None, end);
                    operation.parameters_whole &= read.whole;
                    operation
                        .parameters
                        .extend(read.entries.drain(..).map(|entry| Parameter {
                            place: place.to_owned(),
                            name: entry.path.join("."),
                            required: entry.required,
                            at: entry.at,
                            shape: Tree::new(entry.shape),
                        }));
                }
            }
        }
        if !has("Response") {
            self.lack(
                "the page has no section on the response: it is cut off, or not understood there",
                at.span.clone(),
            );
            if let Some(sample) = &self.samples.answer {
                let at = At::page(sample.span.clone());
                let shape = witness::shown(&sample.value, &at, 0).shape;
                operation.answers.push(Answer {
                    status: None,
                    body: Stated::Is(
                        Content {
                            required: None,
                            media: None,
                            media_at: None,
                            shape,
                        },
                        at.clone(),
                    ),
                    at,
                });
            }
        }
        for (status, at) in self.samples.statuses.clone() {
            let known = |answer: &Answer<Tree>| answer.status.as_ref() == Some(&status);
            if has("Response") && !operation.answers.iter().any(known) {
                operation.answers.push(Answer {
                    status: Some(status),
                    body: Stated::Unknown,
                    at: At::page(at),
                });
            }
        }
        self.call(&mut operation, has("Body"), has("Response"));
        let holes = operation.path.matches('{').count();
        let named = operation.parameters.iter().filter(|it| it.place == "path");
        if named.count() < holes {
            operation.parameters_whole = false;
            self.lack(
                "the page does not describe every parameter of the path",
                at.span,
            );
        }
        operation
    }

    fn fields(&mut self, section: &Part<'_>, sample: Option<&Value>, end: End) -> Section {
        let mut read = sections::read(section.lines, sample, end);
        self.lacks.append(&mut read.lacks);
        if end == End::Cut {
            read.whole = false;
            let length = self.text.len();
            self.lack(
                "the page ends in the middle of something",
                length.saturating_sub(1)..length,
            );
        }
        read
    }

    fn body(&mut self, section: &Part<'_>, end: End) -> Stated<Content<Tree>> {
        let data = self
            .samples
            .curl
            .as_ref()
            .and_then(|curl| curl.data.clone());
        let (sample, at) = match data {
            Some((data, span)) => {
                let value = serde_json::from_str(&data).ok();
                if value.is_none() {
                    self.lack("the body of the sample is not understood", span.clone());
                }
                (value, At::page(span))
            }
            None => (None, At::default()),
        };
        let mut content = self.content(section, sample.as_ref(), &at, end);
        content.required = content.by_fields();
        Stated::Is(content, At::page(section.span.clone()))
    }

    fn content(
        &mut self,
        section: &Part<'_>,
        sample: Option<&Value>,
        sample_at: &At,
        end: End,
    ) -> Content<Tree> {
        let mut read = self.fields(section, sample, end);
        let at = At::page(section.span.clone());
        let is_media = |text: &&str| {
            text.contains('/')
                && !text.contains(char::is_whitespace)
                && !text.contains("://")
                && text.len() < 100
        };
        let words = read.head.iter().filter(|line| !line.cut);
        let words = words.flat_map(|line| line.text.split(" - "));
        let media = words
            .map(str::trim)
            .find(is_media)
            .map(crate::media_type::essence);
        let tree = read.tree(at.clone(), sample, sample_at, end);
        self.lacks.append(&mut read.lacks);
        let nothing =
            tree.0.fields.is_empty() && tree.0.items.is_none() && tree.0.kinds.value().is_none();
        if nothing {
            self.lack("the page has a section without a field in it: it is cut off, or not understood there", at.span);
        }
        Content {
            required: None,
            media,
            media_at: None,
            shape: tree,
        }
    }

    fn answer(&mut self, section: &Part<'_>, end: End) -> Answer<Tree> {
        let at = At::page(section.span.clone());
        let first = section.lines.first().filter(|line| !line.cut);
        let status = first.and_then(|line| {
            let number = line.text.get(..3)?;
            let is_status = number.bytes().all(|byte| byte.is_ascii_digit());
            is_status.then(|| number.to_owned())
        });
        let empty = matches!(status.as_deref(), Some("204" | "205" | "304"));
        let body = if empty {
            Stated::Absent
        } else {
            let sample = self.samples.answer.clone();
            let sample_at = At::page(sample.as_ref().map_or(0..0, |sample| sample.span.clone()));
            let value = sample.as_ref().map(|sample| &sample.value);
            let mut content = self.content(section, value, &sample_at, end);
            // Where the section names no type, the sample shows it.
            if content.media.is_none() && sample.is_some() {
                content.media = Some("application/json".to_owned());
            }
            Stated::Is(content, at.clone())
        };
        Answer { status, body, at }
    }

    /// A page of fields alone.
    fn schema(&mut self, lines: &[Line], title: Option<String>) -> Option<Text> {
        let first =
            (0..lines.len()).find(|at| lines.get(*at..).and_then(sections::starts).is_some())?;
        // Between the name and the fields can stand buttons, words about it, and its type.
        let is_name = |line: &&Line| {
            let text = line.text.as_str();
            text.len() < 100
                && !text.ends_with(['.', '!', '?', ':'])
                && !OTHERS.contains(&text)
                && kinds::parse(text).is_none()
        };
        let name = lines.get(..first)?.iter().rev().find(is_name);
        let at = At::page(name.map_or(0..0, |line| line.span.clone()));
        let part = Part {
            name: "",
            span: at.span.clone(),
            lines: lines.get(first..)?,
        };
        let mut read = self.fields(&part, None, self.end);
        let mut tree = read.tree(at.clone(), None, &At::default(), self.end);
        tree.0.kinds = Stated::Is(BTreeSet::from([Kind::Object]), at.clone());
        self.lacks.append(&mut read.lacks);
        let title = title.or_else(|| name.map(|line| line.text.clone()));
        let named = Named {
            name: title.clone().unwrap_or_default(),
            tree,
            at,
        };
        Some(self.finish(title, None, Some(named)))
    }
}

/// A section: its name, where that stands, and the lines below.
struct Part<'l> {
    name: &'static str,
    span: Range<usize>,
    lines: &'l [Line],
}

fn split(lines: &[Line], from: usize) -> Vec<Part<'_>> {
    let heading = |at: usize| {
        let line = lines.get(at)?;
        let name = SECTIONS
            .into_iter()
            .find(|name| *name == line.text && !line.cut)?;
        // A field can have the name of a section.
        let is_field = !line.heading && lines.get(at..).and_then(sections::starts).is_some();
        (!is_field).then_some(name)
    };
    let mut parts: Vec<Part<'_>> = Vec::new();
    let starts: Vec<_> = (from..lines.len())
        .filter_map(|at| Some((at, heading(at)?)))
        .collect();
    for (index, (at, name)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(lines.len(), |(at, _)| *at);
        let part = Part {
            name,
            span: lines[*at].span.clone(),
            lines: lines.get(at + 1..end).unwrap_or_default(),
        };
        // A table of contents has the names of the sections as well, and nothing in them.
        if let Some(known) = parts.iter().position(|known| known.name == *name) {
            let has_fields = |part: &Part<'_>| sections::first(part.lines).is_some();
            let empty = parts[known].lines.is_empty();
            if has_fields(&parts[known]) || !(empty || has_fields(&part)) {
                continue;
            }
            parts.remove(known);
        }
        parts.push(part);
    }
    parts
}

/// The title: a heading, else the line behind the path.
fn title(lines: &[Line], spelled: Option<&Spelled>) -> Option<String> {
    let heading = lines.iter().find(|line| {
        line.heading
            && !SECTIONS.contains(&line.text.as_str())
            && !OTHERS.contains(&line.text.as_str())
    });
    let behind = spelled
        .filter(|spelled| spelled.next > 0)
        .and_then(|spelled| {
            let mut rest = lines.get(spelled.next..)?.iter();
            rest.find(|line| !OTHERS.contains(&line.text.as_str()))
        });
    let found = heading.or(behind)?;
    let is_section = SECTIONS.contains(&found.text.as_str());
    (!is_section && found.text.len() < 200).then(|| found.text.clone())
}
