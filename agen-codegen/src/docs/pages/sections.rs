//! The fields of a section of a rendered page, put together to one value.

use std::collections::BTreeMap;

use crate::{
    docs::{
        Lack,
        facts::{At, Ends, Shape, Tree},
        kinds::{self, Written},
    },
    value::Value,
};

use super::{
    lines::Line,
    markers::{self, Marks},
    text::FOOTERS,
};

/// How many fields of a page are read.
const MOST_FIELDS: usize = 20_000;

/// How deep fields may stand in each other.
pub(super) const MOST_DEPTH: usize = 40;

/// How many fields are remembered whose inside may follow.
const MOST_SHOWN: usize = 200;

/// A field as it stands in a section.
#[derive(Debug)]
pub(super) struct Entry {
    /// The names of the fields that hold it, and its own.
    pub(super) path: Vec<String>,
    pub(super) required: Option<bool>,
    pub(super) at: At,
    /// The place of a parameter, where it is said.
    pub(super) place: Option<String>,
    pub(super) shape: Shape<Tree>,
}

/// What a section holds.
#[derive(Debug)]
pub(super) struct Section {
    /// What stands before the first field.
    pub(super) head: Vec<Line>,
    pub(super) entries: Vec<Entry>,
    pub(super) lacks: Vec<Lack>,
    /// Whether nothing shows that fields are missing.
    pub(super) whole: bool,
    /// Whether a field was not understood; which value holds it is not known.
    pub(super) strange: bool,
}

/// How a section ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Something follows it.
    Followed,
    /// The text ends with it, as a whole text would.
    Plain,
    /// The text ends with it in the middle of something.
    Cut,
}

/// Whether a line can be the name of a field.
fn is_name(text: &str) -> bool {
    let sign = |character: char| character.is_alphanumeric() || "_-.$@:[]".contains(character);
    // A number is a status.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=200).contains(&text.len()) && text.chars().all(sign) && !is_number
}

/// Whether a field starts at a line: a name, and a type below it.
pub(super) fn starts(lines: &[Line]) -> Option<Written> {
    let [name, kind, ..] = lines else { return None };
    if !is_name(&name.text) {
        return None;
    }
    let kind = kind.text.strip_prefix("Type: ").unwrap_or(&kind.text);
    kinds::parse(kind.trim_matches('`'))
}

/// Whether a text ends with something that can be all of it: a type, a marker, or the last one of values.
pub(super) fn completes(lines: &[Line]) -> bool {
    let Some((last, above)) = lines.split_last() else {
        return false;
    };
    let listed = above.iter().rev().find(|line| !line.text.ends_with(','));
    let is_value = !last.text.ends_with(',')
        && listed.is_some_and(|line| line.text.starts_with("Available options:"));
    let field = lines.len().checked_sub(2).and_then(|at| lines.get(at..));
    is_value || Marks::default().marker(last) || field.and_then(starts).is_some()
}

/// Whether a line begins or is a label of what is said of a field.
fn is_label(text: &str) -> bool {
    const LABELS: [&str; 8] = [
        "Available options",
        "Allowed value",
        "Option ",
        "Minimum ",
        "Maximum ",
        "Required ",
        "Pattern",
        "Example",
    ];
    LABELS.iter().any(|label| text.starts_with(label))
        || markers::is_button(&text.to_ascii_lowercase())
}

/// Whether a line is short, and neither a sentence nor a label.
fn is_term(line: &Line) -> bool {
    let text = line.text.as_str();
    text.len() <= 60
        && !line.heading
        && !line.cut
        && !text.ends_with(['.', ':', ';', '!', '?'])
        && !text.contains(": ")
        && !is_label(text)
}

/// Whether a line has the form of a type: one word, or words with the signs of one.
fn is_type_like(text: &str) -> bool {
    let sign =
        |character: char| character.is_alphanumeric() || "_-.<>[](){}|, ?*&".contains(character);
    text.starts_with(|first: char| first.is_alphabetic() || first == '(')
        && text.chars().all(sign)
        && (!text.contains(' ') || text.contains(['|', '<', '[', '(']))
}

/// Whether a field seems to start at a line, and its name or its type is not understood. A rendered page
/// sets the two directly below each other, and apart from what stands before. `leads` says that nothing of
/// a field stands before.
fn strange(lines: &[Line], leads: bool) -> bool {
    let [name, kind, rest @ ..] = lines else {
        return false;
    };
    if starts(lines).is_some() || !is_term(name) || !is_term(kind) || kind.gap {
        return false;
    }
    // Links to the pages around stand at the end.
    if ["Previous", "Next"].contains(&kind.text.as_str()) {
        return false;
    }
    // A media type, a status, or a marker of the field above.
    let is_marker = |line: &Line| !line.cut && Marks::default().marker(line);
    let is_status = name.text.len() == 3 && name.text.bytes().all(|byte| byte.is_ascii_digit());
    if name.text.contains('/') || (is_status && !name.mark) || is_marker(name) || is_marker(kind) {
        return false;
    }
    let linked = name.anchor.is_some() && is_name(&name.text);
    let apart = name.gap || name.mark || linked;
    let typed = kinds::parse(&kind.text).is_some();
    let is_marked = rest
        .first()
        .is_some_and(|line| !line.gap && is_marker(line));
    let is_pair = rest.first().is_none_or(|line| line.gap);
    // The type of what stands between is understood: the field starts there.
    if lines.get(1..).and_then(starts).is_some() && !typed {
        return false;
    }
    is_marked
        || name.mark
        || linked
        || (apart && typed)
        || ((apart || leads) && is_pair && is_name(&name.text) && is_type_like(&kind.text))
}

/// How many lines at the end stand below what the page says.
fn footer(lines: &[Line]) -> usize {
    let first = lines
        .iter()
        .position(|line| FOOTERS.contains(&line.text.as_str()));
    first.map_or(0, |at| lines.len() - at)
}

/// Where the first field starts, understood or not.
pub(super) fn first(lines: &[Line]) -> Option<usize> {
    let tail = footer(lines);
    (0..lines.len()).find(|at| {
        let rest = lines.get(*at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| lines.get(at));
        let leads = before.is_none_or(|line| line.text.contains('/'));
        starts(rest).is_some() || (rest.len() > tail && strange(rest, leads))
    })
}

/// Reads the fields of a section. `sample` is JSON of the same value, which shows what stands in what.
pub(super) fn read(lines: &[Line], sample: Option<&Value>, end: End) -> Section {
    let first = first(lines);
    let (head, mut rest) = lines.split_at(first.unwrap_or(lines.len()));
    let mut reader = Reader {
        sample,
        entries: Vec::new(),
        known: BTreeMap::new(),
        shown: Vec::new(),
        lacks: Vec::new(),
        whole: true,
        tail: footer(lines),
        fields: rest.len(),
        strange: false,
    };
    while !rest.is_empty() {
        let Some(written) = starts(rest) else {
            if reader.strange(rest) {
                reader.strange = true;
                let message = format!(
                    "a field of a name or a type that is not understood: {}",
                    crate::diagnostic::quote(&format!("{} {}", rest[0].text, rest[1].text))
                );
                reader.lack(&At::page(rest[0].span.clone()), message);
            }
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        if reader.entries.len() >= MOST_FIELDS {
            let message =
                format!("the page has more than {MOST_FIELDS} fields; the rest was not read");
            reader.lack(&At::page(rest[0].span.clone()), message);
            break;
        }
        rest = reader.field(rest, &written, end);
    }
    Section {
        head: head.to_vec(),
        entries: reader.entries,
        lacks: reader.lacks,
        whole: reader.whole,
        strange: reader.strange,
    }
}

struct Reader<'s> {
    sample: Option<&'s Value>,
    entries: Vec<Entry>,
    /// The index of each field by its path.
    known: BTreeMap<Vec<String>, usize>,
    /// Fields whose inside is shown below them: the path, and the anchor.
    shown: Vec<(Vec<String>, Option<String>)>,
    lacks: Vec<Lack>,
    whole: bool,
    /// How many lines there are from the first field on.
    fields: usize,
    /// How many lines at the end are none of the section.
    tail: usize,
    /// Whether a field was not understood.
    strange: bool,
}

impl Reader<'_> {
    fn strange(&self, lines: &[Line]) -> bool {
        lines.len() > self.tail && strange(lines, lines.len() == self.fields)
    }

    fn lack(&mut self, at: &At, message: String) {
        self.whole = false;
        self.lacks.push(Lack {
            message,
            span: at.span.clone(),
        });
    }

    /// Reads a field, and gives the lines behind it.
    fn field<'l>(&mut self, lines: &'l [Line], written: &Written, end: End) -> &'l [Line] {
        let (name, kind) = (&lines[0], &lines[1]);
        let at = At::page(name.span.clone());
        let type_at = At::page(kind.span.clone());
        let mut marks = Marks::default();
        let mut taken = 2;
        while lines.get(taken).is_some_and(|line| marks.marker(line)) {
            taken += 1;
        }
        let in_head = lines
            .get(taken)
            .is_none_or(|line| line.cut && markers::may_become(&line.text));
        while let Some(rest) = lines.get(taken..).filter(|rest| !rest.is_empty()) {
            if starts(rest).is_some() || self.strange(rest) {
                break;
            }
            taken += marks.line(rest).max(1);
        }
        let is_last = taken >= lines.len() && end != End::Followed;
        // The marks stand before the description, and only what follows that may be missing.
        let open = is_last && in_head;
        let ends = match (is_last, in_head) {
            (false, _) => None,
            (true, false) => Some(Ends::Tail),
            (true, true) if kind.cut => Some(Ends::Type),
            (true, true) => Some(Ends::Head),
        };
        if marks.lacks_values(written) {
            let message = format!(
                "the values of {} are not, or not all, on the page",
                crate::diagnostic::quote(&name.text)
            );
            self.lack(&at, message);
        }
        for strange in std::mem::take(&mut marks.strange) {
            self.lack(&strange, "a bound that is not understood".to_owned());
        }
        if marks.shapes > 1 {
            let message = format!(
                "{} has {} shapes, of which the page shows one",
                crate::diagnostic::quote(&name.text),
                marks.shapes
            );
            self.lacks.push(Lack {
                message,
                span: at.span.clone(),
            });
        }
        let (several, children) = (marks.shapes > 1, marks.children || marks.shapes > 0);
        let required = match (&marks.required, open && end == End::Cut) {
            (Some(_), _) => Some(true),
            (None, true) => None,
            (None, false) => Some(false),
        };
        let place = marks.place.take();
        let mut shape = marks.shape(written, at.clone(), type_at, open);
        shape.ends = ends;
        // Set again once children are found.
        shape.fields_whole = children && !several;
        if let Some(path) = self.path(name)
            && path.len() <= MOST_DEPTH
            && !self.known.contains_key(&path)
        {
            if children {
                if self.shown.len() >= MOST_SHOWN {
                    self.shown.remove(0);
                }
                self.shown.push((path.clone(), name.anchor.clone()));
            }
            self.known.insert(path.clone(), self.entries.len());
            self.entries.push(Entry {
                path,
                required,
                at,
                place,
                shape,
            });
        }
        lines.get(taken..).unwrap_or_default()
    }

    /// What a field is called, with the fields that it stands in; nothing where that cannot be told.
    fn path(&mut self, line: &Line) -> Option<Vec<String>> {
        let name = line.text.as_str();
        let parts: Vec<String> = name
            .split('.')
            .map(|part| part.trim_end_matches("[]").to_owned())
            .collect();
        if let [above @ .., _] = parts.as_slice()
            && !above.is_empty()
            && parts.iter().all(|part| !part.is_empty())
        {
            if self.known.contains_key(above) {
                return Some(parts);
            }
            // The elements of a list that is the whole value.
            if self.sample.is_some_and(Value::is_array) && parts[0] == "items" {
                return Some(parts[1..].to_vec());
            }
            if self.known.contains_key(&above[..1]) {
                return Some(parts);
            }
        }
        let below = |holder: &[String]| {
            let mut path = holder.to_vec();
            path.push(name.to_owned());
            path
        };
        if let Some(anchor) = &line.anchor {
            let holds = |inside: &str| {
                let rest = anchor.strip_prefix(inside);
                rest.is_some_and(|rest| rest.starts_with('-'))
            };
            let all = self.shown.iter().rev();
            let holder = all
                .filter(|(_, inside)| inside.as_deref().is_some_and(holds))
                .max_by_key(|(_, inside)| inside.as_ref().map(String::len));
            return Some(holder.map_or_else(|| below(&[]), |(path, _)| below(path)));
        }
        if self.shown.is_empty() {
            return Some(below(&[]));
        }
        // Without a mark of it, the sample tells what stands in what.
        let has = |holder: &[String]| {
            let inside = self.sample.and_then(|sample| inside(sample, holder));
            inside.is_some_and(|inside| inside.get(name).is_some())
        };
        let holders = self.shown.iter().rev().map(|(path, _)| path.as_slice());
        let holder = holders.chain([&[][..]]).find(|holder| has(holder));
        if let Some(holder) = holder {
            let holder = holder.to_vec();
            while self
                .shown
                .last()
                .is_some_and(|(path, _)| !holder.starts_with(path))
            {
                self.shown.pop();
            }
            return Some(below(&holder));
        }
        let message = format!(
            "nothing on the page tells which field {} stands in",
            crate::diagnostic::quote(name)
        );
        self.lack(&At::page(line.span.clone()), message);
        None
    }
}

/// The object of a sample at a path; of a list, the first element.
fn inside<'v>(sample: &'v Value, path: &[String]) -> Option<&'v Value> {
    let mut value = element(sample);
    for name in path {
        value = element(value.get(name)?);
    }
    value.is_object().then_some(value)
}

fn element(value: &Value) -> &Value {
    let mut value = value;
    while let Some(first) = value.as_array().and_then(|all| all.first()) {
        value = first;
    }
    value
}
