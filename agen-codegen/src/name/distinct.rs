//! Names for things that stand side by side, so that they differ.
//!
//! A name depends on what it is made of alone, as long as nothing else has it. Where something has it,
//! the next one gets, in this order: its signs in words (`@id`: `at_id`), a word for how it is written
//! (`ASC`: `AscUpper`), a number.

use std::{
    borrow::Borrow,
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{pascal, signs, snake};

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Of arguments and fields.
    Snake,
    /// Of variants.
    Pascal,
    /// Of types that typify makes, in pascal case; these names are not to be hidden by one.
    Type(&'static [&'static str]),
}

impl Case {
    fn of(self, name: &str) -> Option<String> {
        let made = match self {
            Self::Snake => snake(name)?,
            Self::Pascal => pascal(name)?,
            Self::Type(used) => {
                let made = settled(pascal(name)?);
                if used.contains(&&*made) || made == "Self_" {
                    self.joined(&made, "Type")
                } else {
                    made
                }
            }
        };
        Some(made)
    }

    /// A name with a word or number behind it.
    pub(crate) fn joined(self, name: &str, word: &str) -> String {
        let name = name.trim_end_matches('_');
        match self {
            Self::Snake => format!("{name}_{}", word.to_lowercase()),
            // Two numbers side by side would read as one.
            Self::Pascal if name.ends_with(digit) && word.starts_with(digit) => {
                format!("{name}_{word}")
            }
            Self::Pascal => format!("{name}{word}"),
            Self::Type(_) => settled(format!("{name}{word}")),
        }
    }

    /// The name that something has as long as nothing else has it.
    pub(crate) fn plain(self, name: &str) -> String {
        let made = self.of(&signs::with_ends(name));
        made.unwrap_or_else(|| self.spelled(name))
    }

    fn spelled(self, name: &str) -> String {
        let made = self.of(&signs::spelled(name));
        made.unwrap_or_else(|| match self {
            Self::Snake => "value".to_owned(),
            Self::Pascal | Self::Type(_) => "Value".to_owned(),
        })
    }
}

/// A name in pascal case that stays as it is when it is brought into pascal case, as typify does.
fn settled(mut name: String) -> String {
    // Once is enough but for a few names, and no name needs more than this.
    for _ in 0..4 {
        match pascal(&name) {
            Some(made) if made != name => name = made,
            _ => break,
        }
    }
    name
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// A word for how a name is written; none where it has no letters with a case.
fn writing(name: &str) -> Option<&'static str> {
    let upper = |c: &char| c.is_uppercase();
    let letters: Vec<char> = name.chars().collect();
    let first = letters.iter().find(|c| c.is_alphabetic())?;
    let has_upper = letters.iter().any(upper);
    let has_lower = letters.iter().any(|c| c.is_lowercase());
    let side_by_side = letters.windows(2).any(|pair| pair.iter().all(upper));
    match (has_upper, has_lower) {
        (false, false) => None,
        (false, true) => Some("Lower"),
        (true, false) => Some("Upper"),
        (true, true) if side_by_side => Some("Upper"),
        (true, true) if first.is_lowercase() => Some("Camel"),
        (true, true) => Some("Pascal"),
    }
}

/// The names that are taken.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Each with how that is written which has it.
    names: HashMap<String, Option<&'static str>>,
    /// The numbers to go on with, by the name that they stand behind.
    numbers: HashMap<String, usize>,
}

impl Taken {
    /// Takes a name, and says whether it was free.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        let free = !self.names.contains_key(name);
        if free {
            self.names.insert(name.to_owned(), None);
        }
        free
    }

    /// Takes a name, with a number behind it where it is not free.
    pub(crate) fn take_numbered(&mut self, base: String, case: Case) -> String {
        self.take_joined(base, |base, number| case.joined(base, &number.to_string()))
    }

    /// The same with nothing between the name and the number.
    pub(crate) fn take_counted(&mut self, base: String) -> String {
        self.take_joined(base, |base, number| format!("{base}{number}"))
    }

    fn take_joined(&mut self, base: String, join: impl Fn(&str, usize) -> String) -> String {
        if self.take(&base) {
            return base;
        }
        let mut number = self.numbers.get(&base).copied().unwrap_or(2);
        loop {
            let name = join(&base, number);
            number += 1;
            if self.take(&name) {
                self.numbers.insert(base, number);
                return name;
            }
        }
    }

    /// Takes a name for something, of which `plain` is what it is called where that is free.
    fn claim(&mut self, name: &str, plain: String, case: Case) -> String {
        let own = writing(name);
        let made = match self.names.get(&plain) {
            None => plain,
            Some(other) => {
                let spelled = case.spelled(name);
                let written = own
                    .filter(|_| own != *other)
                    .map(|word| case.joined(&plain, word));
                let wanted = [spelled].into_iter().chain(written).collect::<Vec<_>>();
                match wanted.into_iter().find(|name| self.take(name)) {
                    Some(made) => made,
                    None => self.take_numbered(plain, case),
                }
            }
        };
        self.names.insert(made.clone(), own);
        made
    }
}

/// Names for things without an order: what is written as its name would be comes first, then what has
/// fewer signs, then what has fewer capitals.
pub(crate) fn unordered<N: Borrow<str>>(names: &[N], case: Case, taken: &mut Taken) -> Vec<String> {
    let plain: Vec<String> = names.iter().map(|name| case.plain(name.borrow())).collect();
    let distinct: HashSet<&String> = plain.iter().collect();
    if distinct.len() == plain.len() && plain.iter().all(|name| !taken.names.contains_key(name)) {
        let writings = names.iter().map(|name| writing(name.borrow()));
        taken.names.extend(plain.iter().cloned().zip(writings));
        return plain;
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_cached_key(|index| {
        let name: &str = names[*index].borrow();
        let signs = name.chars().filter(|c| !c.is_alphanumeric()).count();
        let capitals = name.chars().filter(|c| c.is_uppercase()).count();
        let own = name == plain[*index];
        (Reverse(own), signs, capitals, name.to_owned())
    });
    let mut made = vec![String::new(); names.len()];
    for index in order {
        made[index] = taken.claim(names[index].borrow(), plain[index].clone(), case);
    }
    made
}

/// Names for the fields of a struct, whose names on the wire these are.
pub(crate) fn fields<N: Borrow<str>>(wires: impl IntoIterator<Item = N>) -> Vec<String> {
    let wires: Vec<N> = wires.into_iter().collect();
    unordered(&wires, Case::Snake, &mut Taken::default())
}

/// The longest name of a variant, in characters.
const LONGEST: usize = 64;

/// Names for the values of an enum, in their order: the first of two keeps its name, so that a value
/// which is added at the end changes none.
///
/// `Unknown` is always what the document does not name, so a value of this name is called by the enum
/// too, and can be added without a break.
pub(crate) fn variants<N: Borrow<str>>(owner: &str, values: &[N]) -> Vec<String> {
    let mut taken = Taken::default();
    taken.take("Unknown");
    let own = format!("Unknown{owner}");
    let names = values.iter().map(|value| {
        let value: &str = value.borrow();
        let plain = shortened(Case::Pascal.plain(value));
        if plain == "Unknown" && taken.take(&own) {
            return own.clone();
        }
        taken.claim(value, plain, Case::Pascal)
    });
    names.collect()
}

/// A name that is not too long to be written, cut between two words where there are any.
fn shortened(name: String) -> String {
    if name.chars().count() <= LONGEST {
        return name;
    }
    let short: String = name.chars().take(LONGEST).collect();
    let cut = short
        .rfind(char::is_uppercase)
        .filter(|cut| *cut > LONGEST / 2);
    short
        .get(..cut.unwrap_or(short.len()))
        .unwrap_or_default()
        .to_owned()
}

/// Names for what the caller of an operation gives, each with its place, the places in their order: where
/// two would have one name, that in the later place has its place before it.
pub(crate) fn arguments(taken: &mut Taken, given: &[(&str, &str)]) -> Vec<String> {
    let mut made = vec![String::new(); given.len()];
    let mut late = Vec::new();
    let mut start = 0;
    for group in given.chunk_by(|one, other| one.0 == other.0) {
        let wires: Vec<&str> = group.iter().map(|(_, wire)| *wire).collect();
        let names = unordered(&wires, Case::Snake, &mut Taken::default());
        for (index, name) in (start..).zip(names) {
            if taken.take(&name) {
                made[index] = name;
            } else {
                late.push((index, name));
            }
        }
        start += group.len();
    }
    for (index, name) in late {
        made[index] = placed(taken, given[index].0, &name);
    }
    made
}

/// A name with its place before it, and with a number where that is taken too.
pub(crate) fn placed(taken: &mut Taken, place: &str, name: &str) -> String {
    let name = Case::Snake.joined(place, name.trim_end_matches('_'));
    taken.take_numbered(name, Case::Snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_words_where_nothing_else_is_left() {
        for (value, name) in [
            ("", "Empty"),
            (" ", "Space"),
            ("+1", "Plus1"),
            ("-name", "MinusName"),
            ("A+", "APlus"),
            ("C++", "CPlusPlus"),
            ("a-b", "AB"),
            ("--", "MinusMinus"),
            (">=", "GreaterOrEqual"),
            ("==", "EqualEqual"),
            ("[]", "Bracket"),
            ("\u{2b05}\u{fe0f}", "U2b05"),
            ("\u{fe0f}", "Value"),
            ("\0", "Value"),
        ] {
            assert_eq!(Case::Pascal.plain(value), name, "{value:?}");
        }
    }

    #[test]
    fn a_value_that_is_added_at_the_end_changes_no_name() {
        let values = [
            "a", "A", "a_", "A2", "a-", "unknown", "Unknown", "1.0", "10", "1-0", "🎲", "a b",
            "a_b",
        ];
        let all = variants("Kind", &values);
        for count in 0..values.len() {
            assert_eq!(variants("Kind", &values[..count]), all[..count]);
        }
        let names = [
            "A",
            "AUpper",
            "AUnderscore",
            "A2",
            "AMinus",
            "UnknownKind",
            "UnknownPascal",
            "X10",
            "X10_2",
            "X10_3",
            "U1f3b2",
            "AB",
            "AB2",
        ];
        assert_eq!(all, names);
    }

    #[test]
    fn names_without_an_order_are_the_same_in_any() {
        let wires = [
            "fooBar", "foo_bar", "FooBar", "@foo_bar", "foo__bar", "type", "type_",
        ];
        let named = |wires: &[&str]| {
            let names = fields(wires.iter().copied());
            let mut pairs: Vec<_> = wires
                .iter()
                .map(|wire| (*wire).to_owned())
                .zip(names)
                .collect();
            pairs.sort();
            pairs
        };
        let mut turned = wires;
        turned.reverse();
        assert_eq!(named(&wires), named(&turned));
        let names = [
            "foo_bar_camel",
            "foo_bar",
            "foo_bar_pascal",
            "at_foo_bar",
            "foo_bar_2",
            "type_2",
            "type_",
        ];
        assert_eq!(fields(wires), names);
    }

    #[test]
    fn arguments_are_told_apart_by_their_places() {
        let given = [
            ("path", "id"),
            ("query", "id"),
            ("query", "query_id"),
            ("header", "ID"),
        ];
        let names = arguments(&mut Taken::default(), &given);
        assert_eq!(names, ["id", "query_id_2", "query_id", "header_id"]);
    }

    #[test]
    fn many_names_are_made_in_no_time() {
        let values: Vec<String> = (0..50_000)
            .map(|number| "-_".repeat(number % 7 + 1))
            .collect();
        let made = variants("Kind", &values);
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), values.len());
    }

    #[test]
    fn a_long_name_is_cut_between_words() {
        let name = shortened(Case::Pascal.plain(&"word ".repeat(40)));
        assert_eq!(name, "Word".repeat(15));
        assert_eq!(shortened("a".repeat(200)).len(), LONGEST);
    }
}
