//! Rust names for names of a document.

mod distinct;
mod signs;

use heck::{ToPascalCase, ToSnakeCase};

pub(crate) use distinct::{Case, Taken, arguments, fields, placed, unordered, variants};

/// The name of a function, argument, field or module: `snake_case`.
///
/// `None` where the name holds nothing that an identifier can be made of.
pub(crate) fn snake(name: &str) -> Option<String> {
    identifier(separated(name).to_snake_case(), 'x')
}

/// The name of a type or variant: `PascalCase`.
///
/// `None` where the name holds nothing that an identifier can be made of.
pub(crate) fn pascal(name: &str) -> Option<String> {
    identifier(separated(name).to_pascal_case(), 'X')
}

/// Puts a `-` in place of everything that cannot stand in an identifier, so that words stay apart.
fn separated(name: &str) -> String {
    let character = |c| {
        if unicode_ident::is_xid_continue(c) {
            c
        } else {
            '-'
        }
    };
    name.chars().map(character).collect()
}

/// Makes a valid identifier of the words of one: a digit does not stand first, and a keyword does
/// not stand alone. Progenitor does the same.
fn identifier(mut name: String, letter: char) -> Option<String> {
    let first = name.chars().next()?;
    if !unicode_ident::is_xid_start(first) {
        name.insert(0, letter);
    }
    if KEYWORDS.binary_search(&name.as_str()).is_ok() {
        name.push('_');
    }
    Some(name)
}

/// Strict and reserved keywords of all editions up to 2024, sorted.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn both(name: &str) -> (Option<String>, Option<String>) {
        (snake(name), pascal(name))
    }

    fn some(snake: &str, pascal: &str) -> (Option<String>, Option<String>) {
        (Some(snake.to_owned()), Some(pascal.to_owned()))
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn words_are_kept_apart() {
        assert_eq!(
            both("createSession"),
            some("create_session", "CreateSession")
        );
        assert_eq!(both("x-api-key"), some("x_api_key", "XApiKey"));
        assert_eq!(both("filter[name]"), some("filter_name", "FilterName"));
        assert_eq!(both("größe²x"), some("größe_x", "GrößeX"));
    }

    #[test]
    fn what_is_no_identifier_becomes_one() {
        assert_eq!(both("type"), some("type_", "Type"));
        assert_eq!(both("self"), some("self_", "Self_"));
        assert_eq!(both("3d"), some("x3d", "X3d"));
        assert_eq!(both("٣"), some("x٣", "X٣"));
    }

    #[test]
    fn nothing_is_left_of_punctuation() {
        assert_eq!(both(""), (None, None));
        assert_eq!(both("!!!"), (None, None));
        assert_eq!(both("__"), (None, None));
    }

    #[test]
    fn every_name_is_an_identifier_to_the_compiler() {
        for code in (0..=0x2_FFFF).filter_map(char::from_u32) {
            for name in [code.to_string(), format!("a{code}b")] {
                for made in [snake(&name), pascal(&name)].into_iter().flatten() {
                    assert!(
                        syn::parse_str::<syn::Ident>(&made).is_ok(),
                        "{name:?} became {made:?}"
                    );
                }
            }
        }
    }
}
