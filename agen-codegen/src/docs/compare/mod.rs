//! The comparison of a document with pages, from their texts to the findings.

mod alike;
mod answers;
mod fields;
mod found;
mod keys;
mod matching;
mod operations;
mod parameters;
mod types;
mod values;

use std::collections::{BTreeSet, HashSet};

use crate::{
    Diagnostic, Severity, Source,
    diagnostic::quote,
    document::{Document, Node},
    guard::guarded,
    lint, parse, printable,
    review::Impact,
    rewrite,
};

use super::{
    Drift, Lack, Page, declarations, describe, edits,
    facts::{At, Named, Operation},
    index,
    level::{self, Open},
    openapi,
    pages::{self, Reading},
    rules,
};

use found::{Difference, Found};
use values::{Comparison, Direction, Name};

pub(super) fn run(spec: &Source<'_>, pages: &[Source<'_>], declared: Option<&Source<'_>>) -> Drift {
    let readings: Vec<Reading> = pages.iter().map(read).collect();
    let (declarations, problems) = declared.map(declarations::read).unwrap_or_default();
    let mut drift = Drift {
        declarations: problems,
        pages: readings.iter().map(told).collect(),
        ..Drift::default()
    };
    let document = match parse::parse(spec) {
        Ok(document) => document,
        Err(problems) => {
            drift.spec = problems;
            return drift;
        }
    };
    match structure(&document) {
        Ok(problems) => drift.spec = problems,
        Err(problems) => {
            drift.spec = problems;
            return drift;
        }
    }
    drift.compared = true;
    let said = openapi::operations(&document, &Open::new(), &mut |node| node);
    let mut sides = Sides {
        document: &document,
        readings: &readings,
        said: &said,
        found: Found::default(),
        described: HashSet::new(),
        whole: BTreeSet::new(),
        whole_operations: HashSet::new(),
    };
    sides.operations();
    sides.schemas();
    sides.indices();
    for (page, lack) in sides.found.lacks() {
        if let Some(page) = drift.pages.get_mut(page) {
            page.lacks.push(lack);
        }
    }
    let read = declarations::Read {
        whole: &sides.whole,
        all: sides.whole_operations.len() == said.len(),
        index: readings.iter().any(|reading| reading.index.is_some()),
    };
    let (open, known, problems) =
        declarations::apply(&declarations, sides.found.finish(), &document, &read);
    drift.counts = found::counts(&open);
    drift.counts.accepted = known.len();
    drift.findings = open;
    drift.declared = known;
    drift.declarations.extend(problems);
    drift
}

/// What of the structure of a document was passed over, or why it is not read at all.
fn structure(document: &Document) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    // A schema is read in either version, and its places are those that the text has: of the form of 3.0
    // there is a copy, for the rules alone.
    let mut lowered = document.shared();
    rewrite::to_3_0(&mut lowered);
    let mut problems = lint::structure(&lowered)?;
    problems.retain(|found| found.severity == Severity::Error);
    Ok(problems)
}

/// Reads a page. One that makes the reader fail is one of which nothing is known.
fn read(page: &Source<'_>) -> Reading {
    guarded(|| pages::read(page)).unwrap_or_else(|fault| {
        let mut reading = pages::read(&Source {
            name: page.name,
            text: "",
        });
        reading.lacks = vec![Lack {
            message: printable(&format!("the reader failed on this page: {fault}")),
            span: 0..0,
        }];
        reading
    })
}

fn told(reading: &Reading) -> Page {
    let operations = reading.operations.iter().map(Operation::name);
    let schemas = reading.schemas.iter().map(|schema| schema.name.clone());
    Page {
        form: reading.form,
        title: reading.title.as_deref().map(printable),
        subjects: operations
            .chain(schemas)
            .map(|name| printable(&name))
            .collect(),
        facts: describe::facts(reading).count,
        lacks: reading.lacks.clone(),
    }
}

struct Sides<'c> {
    document: &'c Document,
    readings: &'c [Reading],
    said: &'c [Operation<Node<'c>>],
    found: Found,
    /// Operations of the document that a page describes.
    described: HashSet<usize>,
    /// Subjects of which a page was read whole.
    whole: BTreeSet<String>,
    /// Operations of the document of which a page was read whole.
    whole_operations: HashSet<usize>,
}

impl<'c> Sides<'c> {
    fn comparison<'s>(
        &'s mut self,
        page: usize,
        reading: &'s Reading,
        subject: &'s str,
    ) -> Comparison<'s> {
        Comparison {
            found: &mut self.found,
            page,
            reading,
            subject,
            document: self.document,
            direction: Direction::Both,
        }
    }

    fn operations(&mut self) {
        let told: Vec<_> = self
            .readings
            .iter()
            .enumerate()
            .flat_map(|(page, reading)| {
                reading
                    .operations
                    .iter()
                    .map(move |told| (page, reading, told))
            })
            .collect();
        let named: Vec<_> = told
            .iter()
            .map(|(_, reading, told)| matching::Page {
                slug: &reading.slug,
                whole: reading.lacks.is_empty(),
                told,
            })
            .collect();
        let pairs = matching::pairs(&named, self.said);
        for ((page, reading, told), pair) in told.into_iter().zip(pairs) {
            let subject = told.name();
            if reading.lacks.is_empty() {
                self.whole.insert(printable(&subject));
            }
            match pair.and_then(|(index, apart)| Some((index, apart, self.said.get(index)?))) {
                Some((index, apart, said)) => {
                    self.described.insert(index);
                    if reading.lacks.is_empty() {
                        self.whole_operations.insert(index);
                    }
                    self.comparison(page, reading, &subject)
                        .operation(told, said, apart);
                }
                None => {
                    let paths = self.document.root().get("paths");
                    let at = paths.map_or_else(At::default, |node| level::at(&node));
                    let message = format!(
                        "the page describes {}, which the document does not have",
                        quote(&subject)
                    );
                    let edit = edits::set("/paths", edits::operation(told));
                    let name = Name::new("", "");
                    let places = (&at, &told.at);
                    let rule = &rules::OPERATION_MISSING;
                    self.comparison(page, reading, &subject).add(
                        rule,
                        rule.severity,
                        &name,
                        message,
                        places,
                        edit,
                    );
                }
            }
        }
    }

    fn schemas(&mut self) {
        for (page, reading) in self.readings.iter().enumerate() {
            for schema in &reading.schemas {
                if reading.lacks.is_empty() {
                    self.whole.insert(printable(&schema.name));
                }
                let found = self.named(schema, &reading.slug);
                match found {
                    Some(node) => {
                        let name = Name::new(&quote(&schema.name), "");
                        self.comparison(page, reading, &schema.name).value(
                            &schema.tree,
                            &node,
                            &name,
                            0,
                        );
                    }
                    None => {
                        let at = At::default();
                        let message = format!(
                            "the page describes the schema {}, which the document does not have",
                            quote(&schema.name)
                        );
                        let below = edits::below(&schema.name, &schema.tree, 0);
                        let edit = edits::set("/components/schemas", below.join("\n"));
                        let name = Name::new("", "");
                        let rule = &rules::SCHEMA_MISSING;
                        self.comparison(page, reading, &schema.name).add(
                            rule,
                            rule.severity,
                            &name,
                            message,
                            (&at, &schema.at),
                            edit,
                        );
                    }
                }
            }
        }
    }

    /// The schema of the document that a page describes: by its name, or by the name of the page, whatever
    /// the case and the signs in them.
    fn named(&self, schema: &Named, slug: &str) -> Option<Node<'c>> {
        let plain = |name: &str| -> String {
            let letters = name.chars().filter(|sign| sign.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let components = self.document.root().get("components")?;
        let wanted = [schema.name.as_str(), slug].map(plain);
        let all: Vec<_> = components.members("schemas").collect();
        wanted.iter().find_map(|wanted| {
            let found = all.iter().find(|(name, _)| plain(name) == *wanted);
            found.map(|(_, node)| node.clone())
        })
    }

    /// Holds the operations against the pages that indices list.
    fn indices(&mut self) {
        let docs: Vec<(usize, &str)> = self
            .said
            .iter()
            .enumerate()
            .filter_map(|(at, said)| Some((at, index::plain(said.docs.as_deref()?))))
            .collect();
        if docs.is_empty() {
            return;
        }
        let known: HashSet<&str> = docs.iter().map(|(_, url)| index::path(url)).collect();
        // Pages of operations stand where those of known operations do.
        let folder = |path: &str| {
            path.rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned()
        };
        let folders: HashSet<String> = known.iter().map(|path| folder(path)).collect();
        let roots: HashSet<&str> = known
            .iter()
            .filter_map(|path| path.split('/').nth(1))
            .collect();
        // A page that was read tells by itself what it describes.
        let read: HashSet<&str> = self
            .readings
            .iter()
            .filter(|reading| reading.index.is_none())
            .map(|reading| reading.slug.as_str())
            .collect();
        let readings = self.readings;
        for (page, reading) in readings.iter().enumerate() {
            let Some(list) = &reading.index else { continue };
            let mut listed = HashSet::new();
            for link in &list.links {
                let path = index::path(index::plain(&link.address));
                listed.insert(path);
                let below = path
                    .split('/')
                    .nth(1)
                    .is_some_and(|root| roots.contains(root));
                let deep = path.matches('/').count() >= 3;
                let of_operation = folders.contains(&folder(path)) || (below && deep);
                if known.contains(path) || !of_operation || read.contains(pages::slug(path)) {
                    continue;
                }
                let message = format!(
                    "the index lists {} at {}, and no operation of the document names that page",
                    quote(&link.title),
                    quote(&link.address)
                );
                let rule = &rules::OPERATION_LISTED;
                self.found.add(Difference {
                    rule,
                    severity: rule.severity,
                    message,
                    subject: &link.title,
                    fact: path,
                    spec: None,
                    page,
                    span: link.span.clone(),
                    edit: None,
                });
            }
            for (at, url) in &docs {
                let Some(said) = self.said.get(*at) else {
                    continue;
                };
                if listed.contains(index::path(url)) || self.described.contains(at) {
                    continue;
                }
                let message = format!(
                    "{} names the page {}, which the index does not list",
                    quote(&said.name()),
                    quote(url)
                );
                self.found.add(Difference {
                    rule: &rules::OPERATION_NOT_DOCUMENTED,
                    severity: Impact::Notable,
                    message,
                    subject: &said.name(),
                    fact: "",
                    spec: Some(&said.at),
                    page,
                    span: 0..0,
                    edit: None,
                });
            }
        }
    }
}
