//! Keys of `paths`, taken apart. The specification knows templates with a slash first alone; documents also
//! have a query in them, a fragment that only tells two operations apart, or no slash.

use std::{borrow::Cow, ops::Range};

/// What a request is made of, by a key of `paths`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    /// The template of the path: nothing, or with a slash first.
    pub(crate) path: Cow<'a, str>,
    /// What stands behind `?`, by name.
    pub(crate) query: Vec<(&'a str, Given<'a>)>,
    /// Whether something stands behind `#`. No request carries it.
    pub(crate) fragment: bool,
}

/// A value in the query of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    Text(&'a str),
    /// The name of the parameter whose value it is.
    Parameter(&'a str),
}

impl<'a> Target<'a> {
    pub(crate) fn new(key: &'a str) -> Self {
        let (rest, fragment) = split(key, '#');
        let (path, query) = split(rest, '?');
        let pairs = query.unwrap_or_default().split('&');
        let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let inside = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            (name, inside.map_or(Given::Text(value), Given::Parameter))
        });
        Self {
            path: if path.is_empty() || path.starts_with('/') {
                Cow::Borrowed(path)
            } else {
                Cow::Owned(format!("/{path}"))
            },
            query: pairs.collect(),
            fragment: fragment.is_some(),
        }
    }

    /// The name in the query that a parameter stands for.
    pub(crate) fn query_name(&self, parameter: &str) -> Option<&'a str> {
        let mut pairs = self.query.iter();
        let found = pairs.find(|(_, given)| *given == Given::Parameter(parameter));
        found.map(|(name, _)| *name)
    }
}

/// The two sides of the first `mark` that stands outside of braces.
fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            found if found == mark && depth == 0 => {
                let (before, after) = text.split_at(at);
                return (before, after.get(mark.len_utf8()..));
            }
            _ => {}
        }
    }
    (text, None)
}

/// The names in braces of a path, each with its place, or what is wrong with the path.
pub(crate) fn template(key: &str) -> Result<Vec<(&str, Range<usize>)>, &'static str> {
    let (path, _) = split(key, '#');
    let mut names = Vec::new();
    let mut end = 0;
    while let Some(found) = path.get(end..).and_then(|tail| tail.find(['{', '}'])) {
        let start = end + found;
        let tail = path.get(start..).unwrap_or_default();
        let Some(tail) = tail.strip_prefix('{') else {
            return Err("a `}` has no `{` before it");
        };
        let Some((name, close)) = tail
            .find(['{', '}'])
            .and_then(|at| tail.split_at_checked(at))
        else {
            return Err("a `{` has no `}` after it");
        };
        if close.starts_with('{') {
            return Err("a `{` has no `}` after it");
        }
        if name.is_empty() {
            return Err("there is no name in the braces");
        }
        end = start + name.len() + 2;
        names.push((name, start..end));
    }
    let holds = |text: &str| text.contains(['{', '}']);
    let mixed = |(name, given): &(&str, Given<'_>)| {
        holds(name) || matches!(given, Given::Text(text) | Given::Parameter(text) if holds(text))
    };
    if Target::new(key).query.iter().any(mixed) {
        return Err("its query has more than a name in braces for a value");
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_path_a_query_and_what_is_not_sent() {
        let target = |key| {
            let Target {
                path,
                query,
                fragment,
            } = Target::new(key);
            (path.into_owned(), query, fragment)
        };
        let text = Given::Text;
        for (key, expected) in [
            ("", ("", vec![], false)),
            ("/", ("/", vec![], false)),
            ("a/b/", ("/a/b/", vec![], false)),
            ("?a", ("", vec![("a", text(""))], false)),
            (
                "/a?b=c&&d={e}#f?g",
                (
                    "/a",
                    vec![("b", text("c")), ("d", Given::Parameter("e"))],
                    true,
                ),
            ),
            ("/a/{b?c#d}", ("/a/{b?c#d}", vec![], false)),
            ("/#Action=A", ("/", vec![], true)),
        ] {
            let (path, query, fragment) = expected;
            assert_eq!(target(key), (path.to_owned(), query, fragment), "{key}");
        }
        assert_eq!(Target::new("/a?b={c}").query_name("c"), Some("b"));
        assert_eq!(Target::new("/a?b=c").query_name("c"), None);
    }

    #[test]
    fn a_template_names_its_parameters() {
        let names = |key| {
            let names = template(key)?;
            Ok(names.into_iter().map(|(name, _)| name).collect::<Vec<_>>())
        };
        assert_eq!(
            names("/{a}{b}/{a}.json?c={d}#{e}"),
            Ok(vec!["a", "b", "a", "d"])
        );
        for key in [
            "/{",
            "/}",
            "/{}",
            "/{a{b}}",
            "/a?{b}=c",
            "/a?b=c{d}",
            "/a?b={c}{d}",
        ] {
            let problem: Result<Vec<&str>, &str> = names(key);
            assert!(problem.is_err(), "{key}");
        }
    }
}
