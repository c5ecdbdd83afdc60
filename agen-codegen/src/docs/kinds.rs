//! The words by which pages name types: `string | null`, `enum<string>`, `object[]`,
//! `string<date-time>`.

use std::collections::BTreeSet;

use super::facts::Kind;

/// A type as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// None where any type is meant.
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) any: bool,
    pub(super) nullable: bool,
    pub(super) listed: bool,
    pub(super) format: Option<String>,
    /// The type of the elements, where a list is among the types.
    pub(super) items: Option<Box<Written>>,
}

/// How many lists may stand in each other.
const MOST_LISTS: usize = 8;

/// The longest text that is taken for a type.
const MOST_BYTES: usize = 400;

/// Reads a type; nothing where it is none.
pub(super) fn parse(text: &str) -> Option<Written> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let mut written = Written::default();
    // A title may stand before the type: `Person · object`.
    let text = text.rsplit(" · ").next().unwrap_or(text).trim();
    let mut some = false;
    for part in parts(text).flat_map(|part| part.split(" or ")) {
        let mut rest = part.trim();
        // Types that are set apart by colour alone come as one word: `stringobject[]`.
        loop {
            rest = word(rest, &mut written)?;
            some = true;
            if rest.is_empty() {
                break;
            }
        }
    }
    some.then_some(written)
}

/// The parts of a text between bars and commas that stand in no brackets.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(character, '|' | ',')
    })
}

/// Takes `(string | null)[]` from the start of a text.
fn group<'t>(text: &'t str, into: &mut Written) -> Option<&'t str> {
    let (inner, rest) = text.strip_prefix('(')?.split_once(')')?;
    let rest = rest.strip_prefix("[]")?;
    if inner.contains('(') {
        return None;
    }
    into.kinds.insert(Kind::Array);
    into.items = into.items.take().or(Some(Box::new(parse(inner)?)));
    Some(rest)
}

/// Takes one type from the start of a text.
fn word<'t>(text: &'t str, into: &mut Written) -> Option<&'t str> {
    if text.starts_with('(') {
        return group(text, into);
    }
    let end = text
        .find(|character: char| !character.is_ascii_lowercase())
        .unwrap_or(text.len());
    let (letters, _) = text.split_at(end);
    const WORDS: [&str; 14] = [
        "string", "integer", "number", "boolean", "object", "array", "file", "enum", "null", "any",
        "int", "bool", "float", "double",
    ];
    let name = WORDS.into_iter().find(|name| letters.starts_with(name))?;
    let mut rest = text.get(name.len()..)?;
    let mut inner = None;
    if let Some(after) = rest.strip_prefix('<') {
        let end = after.find('>')?;
        inner = after.get(..end).map(str::trim);
        rest = after.get(end + 1..)?;
    }
    let mut lists = 0;
    while let Some(after) = rest.strip_prefix("[]") {
        lists += 1;
        rest = after;
    }
    if lists > MOST_LISTS {
        return None;
    }
    let mut one = Written::default();
    match (name, inner) {
        ("null", None) => one.nullable = true,
        ("any", None) => one.any = true,
        ("enum", inner) => {
            one.listed = true;
            match inner {
                None => one.any = true,
                Some("any") => one.any = true,
                Some(inner) => one.kinds.extend([Kind::of(inner)?]),
            }
        }
        ("array", Some(inner)) => {
            one.items = Some(Box::new(parse(inner)?));
            one.kinds.insert(Kind::Array);
        }
        ("file", None) => {
            one.kinds.insert(Kind::String);
            one.format = Some("binary".to_owned());
        }
        (name, format) => {
            let name = match name {
                "int" => "integer",
                "bool" => "boolean",
                "float" | "double" => "number",
                name => name,
            };
            one.kinds.insert(Kind::of(name)?);
            one.format = format.map(str::to_owned);
        }
    }
    for _ in 0..lists {
        one = Written {
            kinds: BTreeSet::from([Kind::Array]),
            items: Some(Box::new(one)),
            ..Written::default()
        };
    }
    into.kinds.append(&mut one.kinds);
    into.any |= one.any;
    into.nullable |= one.nullable;
    into.listed |= one.listed;
    into.format = into.format.take().or(one.format);
    into.items = into.items.take().or(one.items);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::{Kind, parse};

    #[test]
    fn types_are_read_as_pages_write_them() {
        for (text, kinds, nullable, listed, format) in [
            ("string", &[Kind::String][..], false, false, None),
            ("string | null", &[Kind::String], true, false, None),
            ("enum<string>", &[Kind::String], false, true, None),
            ("enum<string> | null", &[Kind::String], true, true, None),
            (
                "string<date-time>",
                &[Kind::String],
                false,
                false,
                Some("date-time"),
            ),
            (
                "integer<int64>",
                &[Kind::Integer],
                false,
                false,
                Some("int64"),
            ),
            ("object[]", &[Kind::Array], false, false, None),
            ("string[] | null", &[Kind::Array], true, false, None),
            (
                "stringobject[]",
                &[Kind::String, Kind::Array],
                false,
                false,
                None,
            ),
            ("Config · object | null", &[Kind::Object], true, false, None),
            ("file", &[Kind::String], false, false, Some("binary")),
        ] {
            let read = parse(text).expect(text);
            assert_eq!(read.kinds, kinds.iter().copied().collect(), "{text}");
            assert_eq!(
                (read.nullable, read.listed, read.format.as_deref()),
                (nullable, listed, format),
                "{text}"
            );
        }
        assert!(parse("any").is_some_and(|read| read.any));
        let inner = parse("enum<string>[]").and_then(|read| read.items);
        assert!(inner.is_some_and(|inner| inner.listed));
        for text in [
            "",
            "required",
            "strings",
            "string |",
            "str",
            "string<date",
            "stringy",
            "header",
            "A string",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
