//! A page, read in whatever form it has.

mod call;
mod html;
mod lines;
mod markdown;
mod markers;
mod older;
mod samples;
mod sections;
mod spelled;
mod text;
mod tree;
mod witness;

use std::ops::Range;

use crate::Source;

use super::{
    Form, Index, Lack, MOST_PAGE_BYTES,
    facts::{Named, Operation, Tree},
    index,
};

use html::Plain;

/// What a page was read into.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) form: Form,
    pub(super) title: Option<String>,
    pub(super) operations: Vec<Operation<Tree>>,
    pub(super) schemas: Vec<Named>,
    pub(super) index: Option<Index>,
    /// With places of the page.
    pub(super) lacks: Vec<Lack>,
    /// The last part of the name of the page, without its ending.
    pub(super) slug: String,
    origin: Origin,
    length: usize,
}

/// How places of what was read become places of the page.
#[derive(Debug)]
enum Origin {
    /// They are those of the page, but for a number of bytes before them.
    Behind(usize),
    /// The text was taken out of HTML.
    Html(Plain),
}

/// How many of the things that a page lacks are told.
const MOST_LACKS: usize = 200;

pub(super) fn read(page: &Source<'_>) -> Reading {
    let mut reading = Reading {
        form: Form::Unknown,
        title: None,
        operations: Vec::new(),
        schemas: Vec::new(),
        index: None,
        lacks: Vec::new(),
        slug: slug(page.name).to_owned(),
        origin: Origin::Behind(0),
        length: page.text.len(),
    };
    if page.text.len() > MOST_PAGE_BYTES {
        reading.lacks.push(Lack {
            message: format!(
                "the page has {} bytes, and was not read: at most {MOST_PAGE_BYTES} are",
                page.text.len()
            ),
            span: 0..0,
        });
        return reading;
    }
    reading.read(page.text);
    let lacks = std::mem::take(&mut reading.lacks);
    let mut lacks: Vec<Lack> = lacks
        .into_iter()
        .map(|lack| Lack {
            message: crate::printable(&lack.message),
            span: reading.span(&lack.span),
        })
        .collect();
    lacks.sort_by(|a, b| (a.span.start, &a.message).cmp(&(b.span.start, &b.message)));
    lacks.dedup();
    if lacks.len() > MOST_LACKS {
        let more = lacks.len() - MOST_LACKS;
        lacks.truncate(MOST_LACKS);
        lacks.push(Lack {
            message: format!("{more} more things are missing"),
            span: page.text.len()..page.text.len(),
        });
    }
    reading.lacks = lacks;
    reading
}

impl Reading {
    fn read(&mut self, page: &str) {
        if html::is(page) {
            let plain = html::plain(page);
            self.form = Form::Html;
            if !plain.ended {
                let end = plain.text.len();
                self.lack(
                    "the page ends before its `</body>` or `</html>`: it is cut off",
                    end..end,
                );
            }
            let read = text::read(&plain.text, plain.ended);
            self.origin = Origin::Html(plain);
            return self.take(read);
        }
        if let Some(export) = markdown::read(page) {
            self.form = export.form;
            self.title = export.title;
            self.operations = export.operations;
            self.schemas = export.schemas;
            self.lacks = export.lacks;
            self.origin = Origin::Behind(export.start);
            return;
        }
        if let Some(index) = index::read(page) {
            self.form = Form::Index;
            self.index = Some(index);
            return;
        }
        let read = text::read(page, false);
        if read.is_some() {
            self.form = Form::Text;
        }
        self.take(read);
    }

    fn take(&mut self, read: Option<text::Text>) {
        match read {
            Some(mut read) => {
                self.title = read.title;
                self.operations.extend(read.operation);
                self.schemas.extend(read.schema);
                self.lacks.append(&mut read.lacks);
            }
            None => {
                self.form = Form::Unknown;
                self.lack(
                    "no operation and no field was found: the page is in no form that is read",
                    0..0,
                );
            }
        }
    }

    fn lack(&mut self, message: &str, span: Range<usize>) {
        self.lacks.push(Lack {
            message: message.to_owned(),
            span,
        });
    }

    /// Bytes of the page for bytes of what was read.
    pub(super) fn span(&self, span: &Range<usize>) -> Range<usize> {
        let span = match &self.origin {
            Origin::Behind(bytes) => span.start + bytes..span.end + bytes,
            Origin::Html(plain) => plain.page(span, self.length),
        };
        span.start.min(self.length)..span.end.clamp(span.start.min(self.length), self.length)
    }
}

/// The last part of an address or a path, without its ending.
pub(super) fn slug(name: &str) -> &str {
    let name = index::plain(name);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let endings = [".txt", ".html", ".htm", ".markdown", ".yaml"];
    let ending = endings
        .into_iter()
        .find_map(|ending| last.strip_suffix(ending));
    ending.unwrap_or(last)
}
