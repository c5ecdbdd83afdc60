//! Reads the places of all values, and refuses what is YAML but no tree of JSON values.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::{keys::Keys, number::is_no_number, offsets::Offsets, problem, rules};
use crate::{
    Diagnostic, Label,
    diagnostic::{printable, quote},
    document::{Content, Member, Place, SourceMap, short},
    lint::MOST,
    value::Key,
};

/// How deep objects and arrays may be nested, aliases included.
const MAX_DEPTH: usize = 100;
/// How many bytes the keys that lead to a value may have together. Every value is known by them.
const MAX_POINTER: usize = 2048;
/// How many values a document may hold.
const MAX_VALUES: usize = 2_000_000;
/// What all aliases together may add to a document, in the measure of [`weight`].
const MAX_ALIASED: usize = 16 << 20;

/// About how many bytes a scalar takes once it is read; an object or array counts as an empty one.
fn weight(text: &str) -> usize {
    32 + text.len()
}

/// A value that is read to its end.
#[derive(Clone, Copy)]
struct Done {
    place: u32,
    /// See [`weight`]; with everything that aliases in it stand for.
    weight: usize,
    /// How many objects and arrays stand in one another here; 0 for a scalar.
    height: usize,
    /// How many bytes the keys that lead to an inner value have at most.
    reach: usize,
}

/// What is in an object or array so far.
pub(super) enum Opened {
    Object(Vec<Member>),
    Array(Vec<u32>),
}

/// An object or array that is being read.
struct Open {
    start: usize,
    anchor: usize,
    weight: usize,
    height: usize,
    reach: usize,
    /// How many bytes the keys that lead here have.
    base: usize,
    /// The end of the last thing in it.
    end: usize,
    content: Opened,
    /// The key whose value is next.
    key: Option<(u32, Range<usize>)>,
}

/// Reads the places of all values of a text.
pub(super) struct Reader {
    /// How many bytes stand before the text.
    start: usize,
    map: SourceMap,
    keys: Keys,
    open: Vec<Open>,
    root: Option<Done>,
    anchors: HashMap<usize, Done>,
    aliased: usize,
    documents: usize,
    problems: Vec<Diagnostic>,
}

/// The text cannot be read further; what is wrong is among the problems.
pub(super) struct Stop;

impl Reader {
    /// Of a text before which so many bytes stand.
    pub(super) fn new(start: usize) -> Self {
        Self {
            start,
            map: SourceMap::default(),
            keys: Keys::default(),
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            aliased: 0,
            documents: 0,
            problems: Vec::new(),
        }
    }

    /// The places of a text, or everything that is wrong with it up to where it cannot be read further.
    pub(super) fn read(
        mut self,
        text: &str,
        offsets: &Offsets<'_>,
    ) -> Result<SourceMap, Vec<Diagnostic>> {
        let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
        while let Some(next) = parser.next_event() {
            let step = match next {
                Ok((event, span)) => self.event(event, offsets.range(span)),
                Err(error) => {
                    let at = offsets.byte(error.marker().index());
                    if error.info().contains("recursion limit") {
                        self.too_deep(at);
                        break;
                    }
                    self.syntax(
                        at..at,
                        "the reader stopped here",
                        printable(error.info()),
                        "correct the text here or just before; where a value holds `:`, `#`, `{` or \
                         `[`, put it in quotes",
                    )
                }
            };
            if step.is_err() {
                break;
            }
        }
        self.finish()
    }

    /// The places of what was read, or what is wrong with it.
    pub(super) fn finish(mut self) -> Result<SourceMap, Vec<Diagnostic>> {
        if self.problems.is_empty() {
            match self.root {
                Some(root) => self.map.root = root.place as usize,
                None => self.problems.push(problem(
                    &rules::DOCUMENT_EMPTY,
                    self.start..self.start,
                    "",
                    "the document is empty".to_owned(),
                    "start with `openapi: 3.0.3`, `info:` and `paths:`",
                )),
            }
        }
        if self.problems.is_empty() {
            self.map.places.shrink_to_fit();
            self.map.members.shrink_to_fit();
            self.map.elements.shrink_to_fit();
            self.map.keys = self.keys.into_all();
            Ok(self.map)
        } else {
            self.problems
                .sort_by_key(|problem| problem.primary.span.start);
            Err(self.problems)
        }
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Stop> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.as_deref(), &span)?;
                self.scalar(text, style, anchor, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), &span)?;
                self.start(anchor, span, Opened::Array(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), &span)?;
                self.start(anchor, span, Opened::Object(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
        }
    }

    fn document(&mut self, span: Range<usize>) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents > 1 {
            return self.syntax(
                span,
                "a second document starts here",
                "the text holds more than one document".to_owned(),
                "keep one document per file, and remove this `---`",
            );
        }
        Ok(())
    }

    fn tag(&mut self, tag: Option<&Tag>, span: &Range<usize>) -> Result<(), Stop> {
        const CORE: [&str; 7] = ["str", "int", "float", "bool", "null", "map", "seq"];
        match tag {
            Some(tag) if !(tag.is_yaml_core_schema() && CORE.contains(&tag.suffix.as_str())) => {
                self.syntax(
                    span.clone(),
                    "this value has a tag",
                    format!("the tag {} has no meaning here", quote(&tag.to_string())),
                    "remove the tag; binary data is written as a string in base64",
                )
            }
            _ => Ok(()),
        }
    }

    pub(super) fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        range: Range<usize>,
    ) -> Result<(), Stop> {
        let plain = style == ScalarStyle::Plain;
        if self.expects_key() {
            if plain && text.is_empty() {
                return self.syntax(
                    range,
                    "the key is missing",
                    "a value has no key".to_owned(),
                    "write the key before the `:`, in quotes where it is meant to be empty",
                );
            }
            if plain && text == "<<" {
                return self.syntax(
                    range,
                    "merge key",
                    "the merge key `<<` is not part of YAML 1.2".to_owned(),
                    "write the members out, or use `$ref` or `allOf`",
                );
            }
            let key = self.keys.index(&text);
            if let Some(open) = self.open.last_mut() {
                open.weight += weight(&text);
                open.end = range.end;
                open.key = Some((key, range.clone()));
            }
            return self.length(0, range);
        }
        if plain && text.is_empty() && self.open.is_empty() {
            // An empty document is read as an empty scalar.
            return Ok(());
        }
        if plain && is_no_number(&text) {
            return self.syntax(
                range,
                "not a finite number",
                format!("{} cannot be written in JSON", quote(&text)),
                "leave the value out, or put it in quotes where text is meant",
            );
        }
        let done = Done {
            place: self.next(),
            weight: weight(&text),
            height: 0,
            reach: 0,
        };
        self.place(range.clone(), Content::Scalar)?;
        self.anchor(anchor, done);
        self.put(done, range.end);
        Ok(())
    }

    pub(super) fn start(
        &mut self,
        anchor: usize,
        span: Range<usize>,
        content: Opened,
    ) -> Result<(), Stop> {
        let start = span.start;
        if self.expects_key() {
            return self.syntax(
                start..start,
                "not a string",
                "an object or array cannot be a key".to_owned(),
                "write a string; a value that starts with `{` or `[` is put in quotes",
            );
        }
        self.depth(1, start)?;
        let base = self.base();
        self.open.push(Open {
            start,
            anchor,
            weight: weight(""),
            height: 1,
            reach: 0,
            base,
            end: start,
            content,
            key: None,
        });
        Ok(())
    }

    pub(super) fn end(&mut self, span: Range<usize>) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // The end of a block has no text of its own, and stands where the next thing starts.
        let end = if span.is_empty() { open.end } else { span.end };
        let content = match open.content {
            Opened::Object(mut members) => {
                // Stable: of equal keys the first in the text comes first.
                members.sort_by_key(|member| self.keys.get(member.key));
                self.duplicates(&members);
                let start = self.map.members.len();
                self.map.members.append(&mut members);
                Content::Object((start..self.map.members.len()).into())
            }
            Opened::Array(mut elements) => {
                let start = self.map.elements.len();
                self.map.elements.append(&mut elements);
                Content::Array((start..self.map.elements.len()).into())
            }
        };
        let done = Done {
            place: self.next(),
            weight: open.weight,
            height: open.height,
            reach: open.reach,
        };
        self.place(open.start..end.max(open.start), content)?;
        self.anchor(open.anchor, done);
        self.put(done, end);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), Stop> {
        if self.expects_key() {
            return self.syntax(
                range,
                "alias as a key",
                "an alias cannot be a key".to_owned(),
                "write the key itself",
            );
        }
        let done = self.anchors.get(&anchor).copied();
        let fits = done.filter(|done| {
            self.aliased = self.aliased.saturating_add(done.weight);
            self.aliased <= MAX_ALIASED
        });
        let Some(fits) = fits else {
            let (message, help) = if done.is_some() {
                (
                    "the aliases up to here stand for more than 16 MiB".to_owned(),
                    "keep what is used often in `components`, and use `$ref`",
                )
            } else {
                (
                    "the alias stands inside of its own anchor".to_owned(),
                    "a type that contains itself is a schema in `components` that `$ref`s itself",
                )
            };
            self.problems.push(problem(
                &rules::ALIAS_EXPANSION,
                range,
                "this alias",
                message,
                help,
            ));
            return Err(Stop);
        };
        self.depth(fits.height, range.start)?;
        self.length(fits.reach, range.clone())?;
        self.put(fits, range.end);
        Ok(())
    }

    /// Notes what an anchor stands for; 0 is no anchor.
    fn anchor(&mut self, anchor: usize, done: Done) {
        if anchor != 0 {
            self.anchors.insert(anchor, done);
        }
    }

    /// The key whose value is next.
    pub(super) fn key(&self) -> Option<&Key> {
        let (index, _) = self.open.last()?.key.as_ref()?;
        self.keys.get(*index)
    }

    /// Whether the next thing in the object that is being read is a key.
    fn expects_key(&self) -> bool {
        let open = self.open.last();
        open.is_some_and(|open| matches!(open.content, Opened::Object(_)) && open.key.is_none())
    }

    /// Refuses a value of some height that would be nested too deeply.
    fn depth(&mut self, height: usize, start: usize) -> Result<(), Stop> {
        if self.open.len() + height <= MAX_DEPTH {
            return Ok(());
        }
        self.too_deep(start);
        Err(Stop)
    }

    fn too_deep(&mut self, start: usize) {
        self.problems.push(problem(
            &rules::DOCUMENT_TOO_DEEP,
            start..start,
            "too deep",
            format!("the document is nested more than {MAX_DEPTH} deep"),
            "keep inner schemas in `components/schemas`, and use `$ref`",
        ));
    }

    /// How many bytes the keys that lead to the next value have.
    fn base(&self) -> usize {
        let base = self.open.last().map_or(0, |open| open.base);
        base + self.key().map_or(0, |key| key.len())
    }

    /// Refuses a value that would have an inner value with longer keys than a document may have.
    fn length(&mut self, reach: usize, span: Range<usize>) -> Result<(), Stop> {
        if self.base() + reach <= MAX_POINTER {
            return Ok(());
        }
        self.problems.push(problem(
            &rules::DOCUMENT_TOO_DEEP,
            span,
            "too long",
            format!("the keys that lead here have more than {MAX_POINTER} bytes together"),
            "shorten the keys; a long text is a value, not a key",
        ));
        Err(Stop)
    }

    /// The index of the place that is noted next; there are not more of them than fit.
    fn next(&self) -> u32 {
        short(self.map.places.len())
    }

    /// Notes the place of the next value.
    fn place(&mut self, span: Range<usize>, content: Content) -> Result<(), Stop> {
        if self.map.places.len() == MAX_VALUES {
            self.problems.push(problem(
                &rules::DOCUMENT_TOO_LARGE,
                span,
                "one value too many",
                format!("the document holds more than {MAX_VALUES} values"),
                "split the API into several documents, each with its own client",
            ));
            return Err(Stop);
        }
        let span = span.into();
        self.map.places.push(Place { span, content });
        Ok(())
    }

    /// Puts a value where it belongs.
    fn put(&mut self, done: Done, end: usize) {
        let key_length = self.key().map_or(0, |key| key.len());
        let Some(open) = self.open.last_mut() else {
            self.root = Some(done);
            return;
        };
        open.weight = open.weight.saturating_add(done.weight);
        open.height = open.height.max(done.height + 1);
        open.reach = open.reach.max(key_length + done.reach);
        open.end = open.end.max(end);
        match (&mut open.content, open.key.take()) {
            (Opened::Object(members), Some((key, key_span))) => members.push(Member {
                key,
                key_span: key_span.into(),
                place: done.place,
            }),
            (Opened::Array(elements), _) => elements.push(done.place),
            _ => {}
        }
    }

    fn duplicates(&mut self, sorted: &[Member]) {
        for equal in sorted.chunk_by(|a, b| a.key == b.key) {
            let [first, again @ ..] = equal else { continue };
            let room = MOST.saturating_sub(self.problems.len());
            for member in again.iter().take(room) {
                let mut duplicate = problem(
                    &rules::DUPLICATE_KEY,
                    member.key_span.range(),
                    "again here",
                    format!(
                        "the key {} stands twice in one object",
                        quote(self.keys.get(member.key).map_or("", |key| key))
                    ),
                    "remove one of the two, or give it another name",
                );
                duplicate.related.push(Label {
                    span: first.key_span.range(),
                    text: "first here".to_owned(),
                });
                self.problems.push(duplicate);
            }
        }
    }

    fn syntax(
        &mut self,
        span: Range<usize>,
        label: &str,
        message: String,
        help: &str,
    ) -> Result<(), Stop> {
        self.problems
            .push(problem(&rules::YAML_SYNTAX, span, label, message, help));
        Err(Stop)
    }
}
