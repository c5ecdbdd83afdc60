//! Documents that are damaged as a structure: what one seed makes of some documents is the same each time.

use serde_json::{Map, Value, json};

/// A generator of numbers (SplitMix64), so that a seed names a document.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 where there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    fn of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// A document to start from.
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) text: String,
    value: Value,
}

impl Base {
    /// `None` where the text is no tree of JSON values.
    pub(crate) fn new(name: String, text: String) -> Option<Self> {
        let value: Value = serde_yaml::from_str(&text).ok()?;
        value.is_object().then_some(Self { name, text, value })
    }
}

/// A damaged document, what it was made of, and what was done.
pub(crate) struct Mutant {
    pub(crate) text: String,
    pub(crate) sound: String,
    pub(crate) history: String,
}

/// The document that a seed stands for.
pub(crate) fn mutant(bases: &[Base], seed: u64) -> Mutant {
    let numbers = &mut Numbers::new(seed);
    // The smaller one of two, since it is as good and takes less time.
    let two = [numbers.of(bases), numbers.of(bases)];
    let base = two[usize::from(two[1].text.len() < two[0].text.len())];
    let mut history = vec![base.name.clone()];
    // Most documents are damaged a little, so that many are generated from.
    let structural = [1, 1, 1, 1, 2, 3, 8, 0][numbers.below(8)];
    let textual = match structural {
        0 => 1 + numbers.below(3),
        _ => usize::from(numbers.below(12) == 0),
    };
    let mut text = if structural == 0 {
        base.text.clone()
    } else {
        let mut value = base.value.clone();
        for _ in 0..structural {
            history.push(damage(&mut value, bases, numbers));
        }
        match numbers.below(3) {
            0 => serde_yaml::to_string(&value).unwrap_or_default(),
            1 => format!("{value:#}"),
            _ => value.to_string(),
        }
    };
    for _ in 0..textual {
        history.push(damage_text(&mut text, numbers));
    }
    Mutant {
        text,
        sound: base.text.clone(),
        history: history.join(", "),
    }
}

/// How many values there are in a value, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

/// The pointer of a value, counted in the order of the document, the root being 0.
fn nth(value: &Value, index: usize) -> String {
    fn walk(value: &Value, left: &mut usize, pointer: &mut String) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        let mut enter = |key: &str, child: &Value| {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            let found = walk(child, left, pointer);
            if !found {
                pointer.truncate(length);
            }
            found
        };
        match value {
            Value::Object(members) => members.iter().any(|(key, child)| enter(key, child)),
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.any(|(index, child)| enter(&index.to_string(), child))
            }
            _ => false,
        }
    }
    let (mut left, mut pointer) = (index, String::new());
    walk(value, &mut left, &mut pointer);
    pointer
}

/// Any value of a document.
fn any<'v>(value: &'v mut Value, numbers: &mut Numbers) -> (String, &'v mut Value) {
    let pointer = nth(value, numbers.below(size(value)));
    let found = value
        .pointer_mut(&pointer)
        .expect("the pointer was made of the value");
    (pointer, found)
}

/// Any value for which something is true; any at all after some tries.
fn any_that(value: &Value, numbers: &mut Numbers, wanted: impl Fn(&Value) -> bool) -> String {
    let size = size(value);
    let mut pointer = String::new();
    for _ in 0..50 {
        pointer = nth(value, numbers.below(size));
        if value.pointer(&pointer).is_some_and(&wanted) {
            break;
        }
    }
    pointer
}

/// Keys and words that mean something, and those that are hard to bear.
const WORDS: [&str; 68] = [
    "type",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "const",
    "required",
    "additionalProperties",
    "nullable",
    "discriminator",
    "propertyName",
    "mapping",
    "format",
    "default",
    "example",
    "examples",
    "description",
    "$ref",
    "$defs",
    "prefixItems",
    "patternProperties",
    "contentEncoding",
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "pattern",
    "readOnly",
    "parameters",
    "name",
    "in",
    "schema",
    "content",
    "style",
    "explode",
    "requestBody",
    "responses",
    "200",
    "204",
    "2XX",
    "4XX",
    "default",
    "application/json",
    "text/event-stream",
    "multipart/form-data",
    "security",
    "servers",
    "operationId",
    "deprecated",
    "x-agen-pagination",
    "get",
    "post",
    "trace",
    "self",
    "Self",
    "r#type",
    "",
    " ",
    "~/%",
    "1",
    "é",
    "ß",
    "\u{202e}",
    "\u{0}",
    "Option",
];

/// Values that say much in little room.
fn odd(numbers: &mut Numbers) -> Value {
    match numbers.below(26) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!(0),
        4 => json!(-1),
        5 => json!(u64::MAX),
        6 => json!(i64::MIN),
        7 => json!(1e308),
        8 => json!(0.1),
        9 => json!({}),
        10 => json!([]),
        11 => json!("a".repeat([3_000, 70_000][numbers.below(2)])),
        12 => json!({"type": "object"}),
        13 => json!({"type": ["string", "null"]}),
        14 => json!({"type": "string", "enum": ["a", "A", "", "1", null]}),
        15 => json!({"type": "array", "items": {"type": "integer", "format": "int32"}}),
        16 => {
            json!({"type": "object", "properties": {"type": {"type": "string"}, "Type": {"type": "string"}}})
        }
        17 => json!({"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {}}}]}),
        18 => {
            json!({"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"required": ["a"]}]})
        }
        19 => json!({"type": "string", "format": "date-time", "nullable": true, "default": "x"}),
        20 => json!({"additionalProperties": {"anyOf": [{"type": "null"}, {"type": "number"}]}}),
        21 => json!([null, 1, "a", {}]),
        22 => json!({"const": "a"}),
        23 => {
            json!({"200": {"description": "a", "content": {"application/json": {"schema": {"type": "integer"}}}}, "default": {"description": "b"}})
        }
        _ => json!(*numbers.of(&WORDS)),
    }
}

/// Does something to a value of a document, and says what.
fn damage(value: &mut Value, bases: &[Base], numbers: &mut Numbers) -> String {
    match numbers.below(16) {
        0 | 1 => drop_one(value, numbers),
        2 => {
            let first = nth(value, numbers.below(size(value)));
            let second = nth(value, numbers.below(size(value)));
            // Of two values in one another the outer one would be lost.
            if !first.starts_with(&second) && !second.starts_with(&first) {
                let taken = value
                    .pointer_mut(&first)
                    .map(Value::take)
                    .unwrap_or_default();
                let other = value
                    .pointer_mut(&second)
                    .map(|other| std::mem::replace(other, taken));
                if let (Some(place), Some(other)) = (value.pointer_mut(&first), other) {
                    *place = other;
                }
            }
            format!("swap {first} and {second}")
        }
        3 => {
            let copy = any(value, numbers).1.clone();
            let pointer = any_that(value, numbers, |found| {
                found.is_object() || found.is_array()
            });
            put(value, &pointer, numbers, copy);
            format!("copy something to {pointer}")
        }
        4 | 5 => {
            let (pointer, found) = any(value, numbers);
            *found = odd(numbers);
            format!("replace {pointer}")
        }
        6 | 7 => redirect(value, numbers),
        8 => {
            let (pointer, found) = any(value, numbers);
            let depth = [1, 1, 2, 3, 20, 90, 300][numbers.below(7)];
            let around = numbers.below(6);
            for _ in 0..depth {
                let inner = found.take();
                *found = match around {
                    0 => json!({"allOf": [inner]}),
                    1 => json!({"oneOf": [inner, {"type": "string"}]}),
                    2 => json!({"type": "array", "items": inner}),
                    3 => json!({"type": "object", "properties": {"a": inner}}),
                    4 => json!({"type": "object", "additionalProperties": inner}),
                    _ => json!([inner]),
                };
            }
            format!("nest {pointer} {depth} deep")
        }
        9 | 10 => {
            // A value under the same key fits best, and is the best test of what fits.
            let pointer = nth(value, numbers.below(size(value)));
            let key = pointer.rsplit('/').next().unwrap_or_default().to_owned();
            let other = numbers.of(bases);
            let mut from = String::new();
            for _ in 0..50 {
                from = nth(&other.value, numbers.below(size(&other.value)));
                if from.rsplit('/').next() == Some(&key) {
                    break;
                }
            }
            let part = other.value.pointer(&from).cloned().unwrap_or_default();
            if let Some(found) = value.pointer_mut(&pointer) {
                *found = part;
            }
            format!("replace {pointer} by {from} of {}", other.name)
        }
        11 => {
            let pointer = any_that(value, numbers, Value::is_object);
            if let Some(Value::Object(members)) = value.pointer_mut(&pointer) {
                rename(members, numbers);
            }
            format!("rename in {pointer}")
        }
        12 => {
            let (first, second) = (
                any_that(value, numbers, Value::is_object),
                any_that(value, numbers, Value::is_object),
            );
            for (from, to) in [(&first, &second), (&second, &first)] {
                let Some(Value::Object(members)) = value.pointer_mut(from) else {
                    continue;
                };
                let Some(key) = members.keys().nth(numbers.below(members.len())).cloned() else {
                    continue;
                };
                let member = members.remove(&key);
                if let (Some(Value::Object(members)), Some(member)) =
                    (value.pointer_mut(to), member)
                {
                    members.insert(key, member);
                }
            }
            format!("swap members of {first} and {second}")
        }
        13 => many(value, numbers),
        _ => {
            let pointer = any_that(value, numbers, Value::is_object);
            if let Some(Value::Object(members)) = value.pointer_mut(&pointer) {
                members.insert((*numbers.of(&WORDS)).to_owned(), odd(numbers));
            }
            format!("add to {pointer}")
        }
    }
}

fn drop_one(value: &mut Value, numbers: &mut Numbers) -> String {
    let pointer = nth(value, numbers.below(size(value)));
    if let Some((above, key)) = pointer.rsplit_once('/') {
        match value.pointer_mut(above) {
            Some(Value::Object(members)) => {
                members.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse().unwrap_or_default());
            }
            _ => {}
        }
    }
    format!("drop {pointer}")
}

/// Puts a value into an object or array.
fn put(value: &mut Value, pointer: &str, numbers: &mut Numbers, new: Value) {
    match value.pointer_mut(pointer) {
        Some(Value::Object(members)) => {
            let key = match members.keys().nth(numbers.below(members.len() + 1)) {
                Some(key) if numbers.below(2) == 0 => key.to_uppercase(),
                Some(key) => format!("{key}_2"),
                None => (*numbers.of(&WORDS)).to_owned(),
            };
            members.insert(key, new);
        }
        Some(Value::Array(items)) => items.insert(numbers.below(items.len() + 1), new),
        _ => {}
    }
}

/// Lets something refer to something: itself, what holds it, a component, or anything.
fn redirect(value: &mut Value, numbers: &mut Numbers) -> String {
    let refers = |found: &Value| found.get("$ref").is_some();
    let pointer = if numbers.below(3) == 0 {
        any_that(value, numbers, Value::is_object)
    } else {
        any_that(value, numbers, refers)
    };
    let target = match numbers.below(6) {
        0 => pointer.clone(),
        1 => pointer
            .rsplit_once('/')
            .map_or("", |(above, _)| above)
            .to_owned(),
        2 => nth(value, numbers.below(size(value))),
        3 => format!("{pointer}/properties/none"),
        _ => {
            let schemas = value
                .pointer("/components/schemas")
                .and_then(Value::as_object);
            let keys: Vec<&String> = schemas.into_iter().flat_map(Map::keys).collect();
            match keys.len() {
                0 => String::new(),
                count => format!("/components/schemas/{}", keys[numbers.below(count)]),
            }
        }
    };
    if let Some(Value::Object(members)) = value.pointer_mut(&pointer) {
        if numbers.below(4) > 0 {
            members.clear();
        }
        members.insert("$ref".to_owned(), json!(format!("#{target}")));
    }
    format!("let {pointer} refer to {target}")
}

fn rename(members: &mut Map<String, Value>, numbers: &mut Numbers) {
    let Some(key) = members.keys().nth(numbers.below(members.len())).cloned() else {
        return;
    };
    let member = members.remove(&key).unwrap_or_default();
    let new = match numbers.below(5) {
        0 => key.to_uppercase(),
        1 => format!("{key}_"),
        2 => key.repeat(40),
        _ => (*numbers.of(&WORDS)).to_owned(),
    };
    members.insert(new, member);
}

/// Repeats an element or a member many times.
fn many(value: &mut Value, numbers: &mut Numbers) -> String {
    let pointer = any_that(value, numbers, |found| match found {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    });
    let times = [10, 100, 300][numbers.below(3)];
    match value.pointer_mut(&pointer) {
        Some(Value::Object(members)) => {
            let chosen = members.iter().nth(numbers.below(members.len()));
            // What is large is not made larger still.
            if let Some((key, member)) = chosen.filter(|(_, member)| size(member) < 50) {
                let (key, member) = (key.clone(), member.clone());
                members.extend((0..times).map(|number| (format!("{key}{number}"), member.clone())));
            }
        }
        Some(Value::Array(items)) => {
            let chosen = items.get(numbers.below(items.len())).cloned();
            let chosen = chosen.filter(|item| size(item) < 50);
            items.extend(chosen.into_iter().cycle().take(times));
        }
        _ => {}
    }
    format!("repeat in {pointer} {times} times")
}

/// What stands in no document that was written with care.
const JUNK: [&str; 20] = [
    "\0",
    "\t",
    "\r",
    "\u{feff}",
    "\u{1b}[31m",
    "é",
    "😀",
    ":",
    "- ",
    "{",
    "]",
    "\"",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "%",
    "---\n",
    "# ",
    "\\ud83d",
];

/// Does something to the text of a document, and says what.
fn damage_text(text: &mut String, numbers: &mut Numbers) -> String {
    let mut at = numbers.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    match numbers.below(10) {
        0 => {
            text.truncate(at);
            "cut off".to_owned()
        }
        1 => {
            text.replace_range(line..end, "");
            "drop a line".to_owned()
        }
        2 => {
            let again = text[line..end].to_owned();
            text.insert_str(line, &again);
            "repeat a line".to_owned()
        }
        3 => {
            let junk = *numbers.of::<&str>(&JUNK);
            text.insert_str(at, junk);
            "insert junk".to_owned()
        }
        4 => {
            let mut until = (at + numbers.below(40)).min(text.len());
            while !text.is_char_boundary(until) {
                until -= 1;
            }
            text.replace_range(at..until.max(at), "");
            "drop some text".to_owned()
        }
        5 => {
            // An anchor at one value, and an alias of it in place of another.
            let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let places = [numbers.below(colons.len()), numbers.below(colons.len())];
            let places = places.map(|place| colons.get(place).copied().unwrap_or_default());
            let (first, second) = (places[0].min(places[1]), places[0].max(places[1]));
            let end = text[second..]
                .find('\n')
                .map_or(text.len(), |end| second + end);
            text.replace_range(second..end, "*anchor");
            text.insert_str(first, "&anchor ");
            "anchor and alias".to_owned()
        }
        6 => {
            let levels = [5, 30][numbers.below(2)];
            let mut bomb = "\nx-a0: &a0 [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
            for level in 1..levels {
                let before = format!("*a{}, ", level - 1).repeat(10);
                bomb.push_str(&format!("x-a{level}: &a{level} [{before}]\n"));
            }
            text.insert_str(line, &bomb);
            "alias bomb".to_owned()
        }
        7 => {
            let depth = [50, 99, 1_000, 20_000][numbers.below(4)];
            let open = *numbers.of(&["[", "{a: ", "{\"a\":", "- ", "? ", "a:\n "]);
            text.insert_str(at, &open.repeat(depth));
            "depth bomb".to_owned()
        }
        8 => {
            let digits = "9".repeat([20, 400, 50_000][numbers.below(3)]);
            let number = *numbers.of(&["", "-", "0x", "1e", "0.", ".", "+"]);
            text.insert_str(at, &format!("{number}{digits}"));
            "huge number".to_owned()
        }
        _ => {
            let long = "a".repeat([3_000, 200_000][numbers.below(2)]);
            text.insert_str(at, &long);
            "huge string".to_owned()
        }
    }
}
