//! What stands below the name of a field on a rendered page: markers, values, bounds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Number;

use crate::{
    docs::{
        facts::{At, Kind, SHOWN_BOUNDS, Shape, Stated, Tree},
        kinds::Written,
    },
    value::Value,
};

use super::lines::Line;

/// What is said of a field, line by line.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) required: Option<At>,
    pub(super) place: Option<String>,
    pub(super) nullable: bool,
    default: Option<(String, At)>,
    values: Option<(Vec<String>, At)>,
    /// Whether the list of values may go on.
    values_open: bool,
    /// Whether the text ends in the last of them.
    values_cut: bool,
    bounds: BTreeMap<&'static str, (Value, At)>,
    /// Whether the fields of the value were, or could be, shown below it.
    pub(super) children: bool,
    /// The number of the last of several shapes, of which one is shown.
    pub(super) shapes: usize,
    /// Lines that say something in a way that is not understood.
    pub(super) strange: Vec<At>,
}

impl Marks {
    /// Reads a line that stands directly below a type; false where it is no such marker.
    pub(super) fn marker(&mut self, line: &Line) -> bool {
        let text = line.text.as_str();
        let at = || At::page(line.span.clone());
        let text = text
            .strip_prefix("Location: ")
            .unwrap_or(text)
            .trim_matches('`');
        let lower = text.to_ascii_lowercase();
        // A word that the end of the text cuts off may start a label: `Required range`.
        if line.cut && lower != text {
            return false;
        }
        match lower.as_str() {
            "required" => self.required = Some(at()),
            "optional" | "deprecated" | "read-only" | "readonly" | "write-only" | "writeonly" => {}
            "nullable" => self.nullable = true,
            place @ ("header" | "query" | "path" | "cookie") => {
                self.place = Some(place.to_owned());
            }
            lower => {
                if line.cut || !lower.starts_with("default:") {
                    return false;
                }
                let value = text.get("default:".len()..).unwrap_or_default().trim();
                self.default = Some((value.to_owned(), at()));
            }
        }
        true
    }

    /// Reads one of the lines below, with those that belong to it; how many it took.
    pub(super) fn line(&mut self, lines: &[Line]) -> usize {
        let Some(line) = lines.first().filter(|line| !line.cut) else {
            return 1;
        };
        let at = At::page(line.span.clone());
        let text = line.text.as_str();
        let after = |prefix: &str| text.strip_prefix(prefix).map(str::trim);
        if let Some(inline) = after("Available options:") {
            let (values, taken, open) = options(inline, lines);
            self.values_open = open;
            self.values_cut = lines.get(taken - 1).is_some_and(|line| line.cut);
            self.values = Some((values, at));
            return taken;
        }
        if let Some(inline) = after("Allowed value:") {
            let (value, taken) = value_of(inline, lines);
            self.values_open = value.is_none();
            self.values = Some((value.into_iter().collect(), at));
            return taken;
        }
        let lower = text.to_ascii_lowercase();
        if is_button(&lower) {
            self.children = true;
            return 1;
        }
        if let Some(number) = shapes(text) {
            self.shapes = self.shapes.max(number);
            return 1;
        }
        for (prefix, keys) in LENGTHS {
            if let Some(inline) = after(prefix) {
                let (value, taken) = value_of(inline, lines);
                match value.as_deref().and_then(|value| lengths(value, keys)) {
                    Some(found) => {
                        for (key, value) in found {
                            self.bounds.insert(key, (value, at.clone()));
                        }
                    }
                    None => self.strange.push(at),
                }
                return taken;
            }
        }
        if let Some(inline) = after("Required range:") {
            let (value, taken) = value_of(inline, lines);
            match value.as_deref().and_then(range) {
                Some(found) => {
                    for (key, value) in found {
                        self.bounds.insert(key, (value, at.clone()));
                    }
                }
                None => self.strange.push(at),
            }
            return taken;
        }
        if let Some(inline) = after("Pattern:") {
            let (value, taken) = value_of(inline, lines);
            if let Some(value) = value {
                self.bounds.insert("pattern", (Value::String(value), at));
            }
            return taken;
        }
        1
    }

    /// What is said of the value. `open` where the text ends before it is all said.
    pub(super) fn shape(self, written: &Written, at: At, type_at: At, open: bool) -> Shape<Tree> {
        let mut shape: Shape<Tree> = Shape::unknown(at);
        shape.bounds_known = SHOWN_BOUNDS;
        shape.nullable = Some(written.nullable || self.nullable);
        if !written.any && !written.kinds.is_empty() {
            shape.kinds = Stated::Is(written.kinds.clone(), type_at.clone());
        }
        let inside = self.children || self.shapes > 0;
        if written.any && !written.listed && written.kinds.is_empty() && !inside {
            shape.any = Some(type_at.clone());
            shape.nullable = None;
        }
        let is_plain = written.kinds.len() == 1 && !written.listed;
        shape.format = match &written.format {
            Some(format) => Stated::Is(format.clone(), type_at.clone()),
            None if is_plain => Stated::Absent,
            None => Stated::Unknown,
        };
        let nullable = shape.nullable == Some(true);
        let read = |text: &str| match text {
            "null" if nullable => Value::Null,
            text => typed(text, &written.kinds),
        };
        shape.default = match self.default {
            Some((text, at)) => Stated::Is(read(&text), at),
            None => Stated::Absent,
        };
        shape.values = match self.values {
            Some((values, at)) if !self.values_open => {
                let inner = written
                    .items
                    .as_ref()
                    .map_or(&written.kinds, |items| &items.kinds);
                // Null among the options of a value that can be null is what the type says already.
                let null = written
                    .items
                    .as_ref()
                    .map_or(nullable, |items| items.nullable);
                let values = values.iter().filter(|text| !(null && *text == "null"));
                Stated::Is(values.map(|text| typed(text, inner)).collect(), at)
            }
            Some(_) => Stated::Unknown,
            None if written.listed => Stated::Unknown,
            None => Stated::Absent,
        };
        shape.values_cut = self.values_cut;
        shape.bounds = self.bounds;
        if open {
            shape.open();
        }
        if let Some(items) = &written.items {
            let mut inner = Marks::default().shape(items, shape.at.clone(), type_at, open);
            // The values of a list are those of its elements, and so are its other signs.
            if items.listed {
                inner.values = std::mem::replace(&mut shape.values, Stated::Unknown);
                inner.values_cut = shape.values_cut;
            }
            inner.bounds_known = &[];
            inner.default = Stated::Unknown;
            shape.items = Some(Tree::new(inner));
        }
        shape
    }

    /// Whether it is said to have values of which none, or not all, are shown.
    pub(super) fn lacks_values(&self, written: &Written) -> bool {
        let listed = written.listed || written.items.as_ref().is_some_and(|items| items.listed);
        self.values_open || (listed && self.values.is_none())
    }
}

/// Whether a line in lower case is the button above the fields of a value.
pub(super) fn is_button(lower: &str) -> bool {
    let rest = lower
        .strip_prefix("show")
        .or_else(|| lower.strip_prefix("hide"));
    let inside = [
        "child attributes",
        "attributes",
        "properties",
        "items",
        "fields",
    ];
    rest.is_some_and(|rest| inside.contains(&rest.trim_start()))
}

/// The number of the last of several shapes: `Option 2`, `- Option 2`, `Option 2 · object`,
/// `Option 1Option 2`.
fn shapes(text: &str) -> Option<usize> {
    let mut rest = text.trim_start_matches(['-', '*', '•', ' ']);
    let mut most = None;
    while let Some(after) = rest.strip_prefix("Option ") {
        let end = after
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(after.len());
        let (number, behind) = after.split_at_checked(end)?;
        most = most.max(Some(number.parse().ok()?));
        rest = behind.trim_start_matches([' ', ',', '|']);
        if behind.trim_start().starts_with('·') {
            return most;
        }
    }
    most.filter(|_| rest.is_empty())
}

/// Whether a line that is cut off may be the start of a marker.
pub(super) fn may_become(text: &str) -> bool {
    const MARKERS: [&str; 6] = [
        "required",
        "deprecated",
        "read-only",
        "write-only",
        "nullable",
        "header",
    ];
    let text = text.to_ascii_lowercase();
    MARKERS.iter().any(|marker| marker.starts_with(&text))
        || "default:".starts_with(&text)
        || text.starts_with("default:")
}

type Keys = [Option<&'static str>; 2];

const LENGTHS: [(&str, Keys); 9] = [
    ("Minimum string length:", [Some("minLength"), None]),
    ("Maximum string length:", [None, Some("maxLength")]),
    (
        "Required string length:",
        [Some("minLength"), Some("maxLength")],
    ),
    ("Minimum array length:", [Some("minItems"), None]),
    ("Maximum array length:", [None, Some("maxItems")]),
    (
        "Required array length:",
        [Some("minItems"), Some("maxItems")],
    ),
    ("Minimum length:", [Some("minLength"), None]),
    ("Maximum length:", [None, Some("maxLength")]),
    ("Required length:", [Some("minLength"), Some("maxLength")]),
];

/// The value behind a label, or in the next line.
fn value_of(inline: &str, lines: &[Line]) -> (Option<String>, usize) {
    if !inline.is_empty() {
        return (Some(unquoted(inline).to_owned()), 1);
    }
    match lines.get(1) {
        Some(line) if !line.cut => (Some(unquoted(&line.text).to_owned()), 2),
        Some(_) => (None, 2),
        None => (None, 1),
    }
}

fn unquoted(text: &str) -> &str {
    let text = text.trim().trim_matches('`').trim();
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// Values with commas between them, on one line or several; how many lines they take, and whether another
/// one has to follow.
fn options(inline: &str, lines: &[Line]) -> (Vec<String>, usize, bool) {
    const MOST_VALUES: usize = 5_000;
    let mut values = Vec::new();
    let mut open = inline.is_empty();
    let mut taken = 1;
    let take = |text: &str, values: &mut Vec<String>| {
        let text = text.trim();
        let (text, more) = match text.strip_suffix(',') {
            Some(text) => (text, true),
            None => (text, false),
        };
        for value in text.split(", ") {
            let value = unquoted(value);
            if !value.is_empty() {
                values.push(value.to_owned());
            }
        }
        more
    };
    if !inline.is_empty() {
        open = take(inline, &mut values);
    }
    while open && values.len() < MOST_VALUES {
        let Some(line) = lines.get(taken) else {
            return (values, taken, true);
        };
        taken += 1;
        open = take(&line.text, &mut values);
    }
    (values, taken, open)
}

fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let whole = text.parse::<i64>().ok().map(Number::from);
    let number = whole.or_else(|| Number::from_f64(text.parse().ok()?));
    number.map(Value::Number)
}

/// `1`, `1 - 20` or `1 - 20 elements`.
fn lengths(text: &str, keys: Keys) -> Option<Vec<(&'static str, Value)>> {
    let text = text
        .trim_end_matches("elements")
        .trim_end_matches("characters");
    let text = text.trim().trim_matches('`');
    let (low, high) = match text.split_once('-') {
        Some((low, high)) => (low, high),
        None => (text, text),
    };
    let values = [number(low)?, number(high)?];
    let pairs = keys.into_iter().zip(values);
    let found = pairs.filter_map(|(key, value)| Some((key?, value)));
    // No length is less than 0.
    let found =
        found.filter(|(key, value)| !(key.starts_with("min") && value.as_f64() == Some(0.0)));
    Some(found.collect())
}

/// `x >= 1`, `0 <= x <= 2`, `x < 5`.
fn range(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let text = text.trim().trim_matches('`');
    let text = text.replace('≤', "<=").replace('≥', ">=");
    let words: Vec<&str> = text.split_whitespace().collect();
    let bound = |sign: &str, value: &str, left: bool| {
        let key = match (sign, left) {
            (">=", false) | ("<=", true) => "minimum",
            (">", false) | ("<", true) => "exclusiveMinimum",
            ("<=", false) | (">=", true) => "maximum",
            ("<", false) | (">", true) => "exclusiveMaximum",
            _ => return None,
        };
        Some((key, number(value)?))
    };
    match words.as_slice() {
        ["x", sign, value] => Some(vec![bound(sign, value, false)?]),
        [value, sign, "x"] => Some(vec![bound(sign, value, true)?]),
        [low, one, "x", other, high] => {
            Some(vec![bound(one, low, true)?, bound(other, high, false)?])
        }
        _ => None,
    }
}

/// A value as a page writes it, by the type that it has to have.
fn typed(text: &str, kinds: &BTreeSet<Kind>) -> Value {
    let text = text.trim().trim_matches('`');
    let parsed = serde_json::from_str::<Value>(text).ok();
    match parsed {
        Some(Value::String(text)) => Value::String(text),
        Some(value) if !kinds.contains(&Kind::String) => value,
        _ => Value::String(unquoted(text).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, lengths, range};

    #[test]
    fn bounds_are_read_as_pages_write_them() {
        let text = |found: Option<Vec<(&str, Value)>>| {
            found.map(|all| {
                let all = all.into_iter().map(|(key, value)| format!("{key}={value}"));
                all.collect::<Vec<_>>().join(" ")
            })
        };
        let both = [Some("minLength"), Some("maxLength")];
        assert_eq!(
            text(lengths("1 - 256", both)).as_deref(),
            Some("minLength=1 maxLength=256")
        );
        assert_eq!(
            text(lengths("`12`", both)).as_deref(),
            Some("minLength=12 maxLength=12")
        );
        assert_eq!(text(lengths("few", both)), None);
        assert_eq!(text(range("x >= 1")).as_deref(), Some("minimum=1"));
        assert_eq!(
            text(range("`0 <= x < 2.5`")).as_deref(),
            Some("minimum=0 exclusiveMaximum=2.5")
        );
        assert_eq!(text(range("x is large")), None);
    }
}
