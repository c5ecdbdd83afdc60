//! The Markdown export of a page: a title, and a fence with a small document.

use std::ops::Range;

use crate::{
    Source,
    document::{Document, Node, push_segment},
    parse,
    value::Value,
};

use crate::docs::{
    Form, Lack,
    facts::{Named, Operation, Tree},
    level::{Open, at},
    openapi::{self, Grower, METHODS},
};

use super::older;

/// What an export was read into. Places are in bytes of the fence.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) form: Form,
    pub(super) title: Option<String>,
    pub(super) operations: Vec<Operation<Tree>>,
    pub(super) schemas: Vec<Named>,
    pub(super) lacks: Vec<Lack>,
    /// Where the text of the fence starts in the page.
    pub(super) start: usize,
}

/// How much of a text that is cut off is parsed, over all attempts, in bytes.
const MOST_TRIED: usize = 24 << 20;

/// How many brackets may stand in each other. The parser refuses less, but not at once.
const MOST_BRACKETS: usize = 400;

/// How deep brackets stand in each other.
fn depth(text: &str) -> usize {
    let mut most = 0usize;
    let mut now = 0usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => now += 1,
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// A fence: its info string, its text, and whether it is closed.
struct Fence<'t> {
    info: &'t str,
    text: &'t str,
    start: usize,
    closed: bool,
}

/// Reads an export; nothing where the text has no fence with a document.
pub(super) fn read(text: &str) -> Option<Export> {
    let fence = fence(text)?;
    let title = text.lines().find_map(|line| line.strip_prefix("# "));
    let mut export = Export {
        form: Form::Markdown,
        title: title.map(|title| title.trim().to_owned()),
        operations: Vec::new(),
        schemas: Vec::new(),
        lacks: Vec::new(),
        start: fence.start,
    };
    export.read(&fence);
    if fence.closed {
        let end = fence.start + fence.text.len();
        let behind = text.get(end..)?;
        let next = end + behind.find('\n').map_or(behind.len(), |at| at + 1);
        if let Some(other) = self::fence(text.get(next..)?) {
            let at = next + other.start - fence.start;
            let message = "the page has another document behind the first, which was not read";
            export.lack(message, at..at + other.text.len());
        }
    }
    Some(export)
}

/// The first fence that holds YAML or JSON and names an operation, a schema or a document.
fn fence(text: &str) -> Option<Fence<'_>> {
    let mut at = 0;
    let mut open: Option<(&str, &str, usize)> = None;
    for raw in text.split_inclusive('\n') {
        let start = at;
        at += raw.len();
        let line = raw.trim();
        let ticks = line.len() - line.trim_start_matches('`').len();
        let Some((marks, info, from)) = open else {
            if ticks >= 3 {
                let (marks, info) = line.split_at(ticks);
                open = Some((marks, info.trim(), at));
            }
            continue;
        };
        if line.starts_with(marks) && line.trim_start_matches('`').is_empty() {
            let fence = Fence {
                info,
                text: text.get(from..start)?,
                start: from,
                closed: true,
            };
            if fence.is_document() {
                return Some(fence);
            }
            open = None;
        }
    }
    let (_, info, from) = open?;
    let fence = Fence {
        info,
        text: text.get(from..)?,
        start: from,
        closed: false,
    };
    fence.is_document().then_some(fence)
}

impl Fence<'_> {
    fn is_document(&self) -> bool {
        let mut words = self.info.split_whitespace();
        let yaml = matches!(words.next(), Some("yaml" | "yml" | "json"));
        let told = self.operation().is_some();
        let starts = |key: &str| {
            self.text
                .lines()
                .any(|line| line.trim_start_matches(['{', ' ', '"']).starts_with(key))
        };
        yaml && (told || starts("openapi") || (starts("paths") && starts("path")))
    }

    /// The operation that the info string names.
    fn operation(&self) -> Option<(String, &str)> {
        let mut words = self.info.split_whitespace().skip(1).peekable();
        while let Some(word) = words.next() {
            let method = word.to_ascii_lowercase();
            if METHODS.contains(&method.as_str())
                && let Some(path) = words.peek()
                && path.starts_with('/')
            {
                return Some((method.to_ascii_uppercase(), path));
            }
        }
        None
    }

    /// The document, and the pointers that the end of the text cuts off.
    fn parse(&self) -> Result<(Document, Open), Vec<Lack>> {
        let source = |text| Source { name: "", text };
        if depth(self.text) > MOST_BRACKETS {
            return Err(vec![Lack {
                message: format!(
                    "more than {MOST_BRACKETS} brackets stand in each other; the document in the page was not read"
                ),
                span: 0..0,
            }]);
        }
        if self.closed {
            return match parse::parse(&source(self.text)) {
                Ok(document) => Ok((document, Open::new())),
                Err(found) => Err(found
                    .into_iter()
                    .take(5)
                    .map(|found| Lack {
                        message: format!(
                            "the document in the page cannot be read: {}",
                            found.message
                        ),
                        span: found.primary.span,
                    })
                    .collect()),
            };
        }
        // Of a text that is cut off, as much as is a document: without its last line, without a few more,
        // without many more.
        let mut rest = self.text;
        let mut lines = 1;
        let mut spent = 0;
        while let Some(end) = rest.trim_end_matches('\n').rfind('\n') {
            rest = rest.get(..end + 1).unwrap_or_default();
            spent += rest.len();
            if spent > MOST_TRIED {
                break;
            }
            if let Ok(document) = parse::parse(&source(rest)) {
                let open = rightmost(&document);
                return Ok((document, open));
            }
            for _ in 1..lines {
                let end = rest
                    .trim_end_matches('\n')
                    .rfind('\n')
                    .map_or(0, |end| end + 1);
                rest = rest.get(..end).unwrap_or_default();
            }
            lines *= 4;
        }
        Err(Vec::new())
    }
}

/// The pointers of the values that stand last in a text.
fn rightmost(document: &Document) -> Open {
    let mut open = Open::new();
    let mut node = document.root();
    loop {
        open.insert(node.pointer.clone());
        let next = match node.value {
            Value::Object(_) => node
                .entries()
                .map(|(_, child)| child)
                .max_by_key(|child| child.key_span().start),
            Value::Array(all) => all.len().checked_sub(1).and_then(|last| node.element(last)),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return open,
        }
    }
}

impl Export {
    fn lack(&mut self, message: impl Into<String>, span: Range<usize>) {
        self.lacks.push(Lack {
            message: message.into(),
            span,
        });
    }

    fn read(&mut self, fence: &Fence<'_>) {
        let end = fence.text.len();
        if !fence.closed {
            let message = "the page is cut off: the fence around its document is not closed";
            self.lack(message, end.saturating_sub(1)..end);
        }
        let (document, open) = match fence.parse() {
            Ok(found) => found,
            Err(mut lacks) => {
                self.lacks.append(&mut lacks);
                if let Some((method, path)) = fence.operation() {
                    self.lack(
                        format!(
                            "nothing was read of {}",
                            crate::diagnostic::quote(&format!("{method} {path}"))
                        ),
                        0..0,
                    );
                }
                return;
            }
        };
        let root = document.root();
        let mut grower = Grower::new(&open);
        if older::is(&root) {
            self.form = Form::OlderMarkdown;
            self.operations.extend(older::operation(&root, &mut grower));
        } else {
            self.operations = openapi::operations(&document, &open, &mut |node| grower.tree(&node));
            self.lacks
                .extend(openapi::dangling(&document).into_iter().take(100));
            if self.operations.is_empty() {
                self.schema(fence, &document, &mut grower);
            }
        }
        self.lacks.append(&mut grower.lacks);
        if let Some((method, path)) = fence.operation() {
            let is_told = |it: &Operation<Tree>| it.method == method && it.path == path;
            if !self.operations.iter().any(is_told) {
                let told = crate::diagnostic::quote(&format!("{method} {path}"));
                self.lack(
                    format!("the page is said to be on {told}, of which nothing was read"),
                    0..0,
                );
            }
        } else if self.operations.is_empty() && self.schemas.is_empty() {
            self.lack(
                "the document in the page has no operation and no schema that the page names",
                0..0,
            );
        }
    }

    /// A page on a schema: the one that its fence or its title names, or the only one.
    fn schema(&mut self, fence: &Fence<'_>, document: &Document, grower: &mut Grower<'_>) {
        let root = document.root();
        let Some(components) = root.get("components") else {
            return;
        };
        let all: Vec<(&str, Node<'_>)> = components.members("schemas").collect();
        let last = fence.info.rsplit([' ', '/']).next().unwrap_or_default();
        let named = |name: &str| {
            let mut pointer = "/components/schemas".to_owned();
            push_segment(&mut pointer, name);
            document.at(&pointer).map(|node| (name.to_owned(), node))
        };
        let title = self.title.clone().unwrap_or_default();
        let only = || match all.as_slice() {
            [(name, node)] => Some(((*name).to_owned(), node.clone())),
            _ => None,
        };
        if let Some((name, node)) = named(last).or_else(|| named(&title)).or_else(only) {
            self.schemas.push(Named {
                name,
                tree: grower.tree(&node),
                at: at(&node),
            });
        }
    }
}
