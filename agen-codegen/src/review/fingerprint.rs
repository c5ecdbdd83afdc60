//! What stays the same about a finding while the document around it is edited.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{
    document::{Document, unescape},
    value::Value,
};

/// How many hexadecimal digits a fingerprint has.
const DIGITS: usize = 12;

/// The fingerprint of a change: of its rule, and of where it is in both documents. Where something
/// stands in a list it counts by what it is, and not by its place in the list.
pub(super) fn of(rule: &str, places: [(&Document, Option<&str>); 2]) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        // With the length in front, no two lists of parts give the same bytes.
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    part(rule);
    for (document, pointer) in places {
        match pointer {
            Some(pointer) => segments(document, pointer, &mut part),
            None => part("absent"),
        }
        part("end");
    }
    let digest = hash.finalize();
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = nibbles.take(DIGITS).enumerate().map(|(at, nibble)| {
        // It begins with a letter, so that YAML takes none for a number.
        let digit = if at == 0 { 10 + nibble % 6 } else { nibble };
        char::from_digit(digit.into(), 16).unwrap_or('0')
    });
    digits.collect()
}

/// Gives a number to those that are the same, in their order, so that each is the only one of its kind.
pub(super) fn distinct<'f>(fingerprints: impl Iterator<Item = &'f mut String>) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for fingerprint in fingerprints {
        let number = seen.entry(fingerprint.clone()).or_default();
        *number += 1;
        if *number > 1 {
            fingerprint.push_str(&format!("-{number}"));
        }
    }
}

/// The way to a value, by names.
fn segments(document: &Document, pointer: &str, part: &mut impl FnMut(&str)) {
    let root = document.root();
    let mut value = Some(root.value);
    for segment in pointer.split('/').skip(1) {
        let key = unescape(segment);
        value = match value {
            Some(Value::Array(elements)) => {
                let element = key.parse::<usize>().ok().and_then(|at| elements.get(at));
                part(&element.and_then(identity).unwrap_or(key.into_owned()));
                element
            }
            Some(value) => {
                part(&key);
                value.get(&key)
            }
            None => {
                part(&key);
                None
            }
        };
    }
}

/// What an element of a list is, whatever its place.
fn identity(element: &Value) -> Option<String> {
    let Value::Object(members) = element else {
        return match element {
            Value::Array(_) => None,
            scalar => Some(scalar.to_string()),
        };
    };
    let text = |key| members.get(key).and_then(Value::as_str);
    if let (Some(name), Some(place)) = (text("name"), text("in")) {
        return Some(format!("{place} {name}"));
    }
    if let Some(name) = ["$ref", "url", "title"].into_iter().find_map(text) {
        return Some(name.to_owned());
    }
    // A requirement of schemes is known by their names. A schema without a name is not.
    let scopes = !members.is_empty() && members.values().all(Value::is_array);
    let names = || members.keys().collect::<Vec<_>>().join(" ");
    scopes.then(names)
}

#[cfg(test)]
mod tests {
    use crate::{Source, parse::parse};

    use super::{distinct, of};

    fn at(text: &str, pointer: &str) -> String {
        let source = Source { name: "a", text };
        let document = parse(&source).expect("it is sound");
        of("a-rule", [(&document, Some(pointer)), (&document, None)])
    }

    #[test]
    fn elements_count_by_what_they_are() {
        for (one, pointer, other, moved) in [
            (
                "p: [{name: a, in: query}, {name: b, in: query}]",
                "/p/1/schema",
                "p: [{name: b, in: query, required: true}]",
                "/p/0/schema",
            ),
            (
                "oneOf: [{$ref: '#/a'}, {$ref: '#/b'}]",
                "/oneOf/1",
                "oneOf: [{$ref: '#/b'}, {$ref: '#/a'}]",
                "/oneOf/0",
            ),
            ("enum: [1, a]", "/enum/1", "enum: [a]", "/enum/0"),
            (
                "s: [{a: [], b: []}]",
                "/s/0",
                "s: [{c: []}, {b: [x], a: []}]",
                "/s/1",
            ),
        ] {
            assert_eq!(at(one, pointer), at(other, moved), "{one}");
        }
        let names =
            "p: [{name: a, in: query}, {name: a, in: header}, {type: object}, {type: object}]";
        let mut all: Vec<_> = (0..4).map(|at_| at(names, &format!("/p/{at_}"))).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn equal_ones_get_a_number() {
        let mut all = ["a", "b", "a", "a"].map(str::to_owned);
        distinct(all.iter_mut());
        assert_eq!(all, ["a", "b", "a-2", "a-3"]);
    }
}
