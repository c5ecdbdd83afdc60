//! Which operation of the document a page describes.

use std::collections::{HashMap, HashSet};

use crate::{
    docs::{
        facts::{Operation, Tree},
        index,
        pages::slug,
    },
    document::Node,
};

use super::alike::{self, Likeness, Names};

/// How an operation of the document differs from the one that a page describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Apart {
    pub(super) method: bool,
    pub(super) path: bool,
    /// Only the names of parameters in the path differ.
    pub(super) names: bool,
}

/// A path without the names of its parameters.
fn template(path: &str) -> String {
    let mut template = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        template.push(character);
    }
    template
}

/// The path as it goes out: behind that of the address.
fn on_the_wire<C>(operation: &Operation<C>) -> String {
    let base = operation
        .servers
        .first()
        .map_or("", |(server, _)| index::path(server));
    template(&format!("{}{}", base.trim_end_matches('/'), operation.path))
}

/// How many operations that the document does not have are looked for under other names.
const MOST_NEAR: usize = 200;

/// An operation of a page.
pub(super) struct Page<'p> {
    pub(super) slug: &'p str,
    /// Whether nothing of the page is known to be missing.
    pub(super) whole: bool,
    pub(super) told: &'p Operation<Tree>,
}

/// For each operation of pages, the one of the document.
pub(super) fn pairs(
    pages: &[Page<'_>],
    spec: &[Operation<Node<'_>>],
) -> Vec<Option<(usize, Apart)>> {
    let known = Known::new(spec);
    let mut pairs: Vec<_> = pages.iter().map(|page| known.exact(page.told)).collect();
    if pairs.iter().all(Option::is_some) {
        return pairs;
    }
    let taken: HashSet<usize> = pairs.iter().flatten().map(|(index, _)| *index).collect();
    let free = spec.iter().enumerate();
    let free: Vec<_> = free
        .filter(|(index, _)| !taken.contains(index))
        .map(|(index, said)| (index, alike::names(said)))
        .collect();
    let alone = pairs
        .iter_mut()
        .zip(pages)
        .filter(|(pair, _)| pair.is_none());
    for (pair, page) in alone.take(MOST_NEAR) {
        *pair = near(page, spec, &free);
    }
    pairs
}

/// The operations of the document by their methods and paths, by those without names, and as they go out.
struct Known {
    plain: HashMap<(String, String), usize>,
    templates: HashMap<(String, String), usize>,
    wires: HashMap<(String, String), usize>,
}

impl Known {
    fn new<C>(spec: &[Operation<C>]) -> Self {
        let by = |key: &dyn Fn(&Operation<C>) -> String| -> HashMap<(String, String), usize> {
            let all = spec.iter().enumerate().rev();
            all.map(|(index, said)| ((said.method.clone(), key(said)), index))
                .collect()
        };
        Self {
            plain: by(&|said| said.path.clone()),
            templates: by(&|said| template(&said.path)),
            wires: by(&on_the_wire),
        }
    }

    fn exact<D>(&self, told: &Operation<D>) -> Option<(usize, Apart)> {
        let key = |path: String| (told.method.clone(), path);
        let apart = |names| Apart {
            names,
            ..Apart::default()
        };
        if let Some(index) = self.plain.get(&key(told.path.clone())) {
            return Some((*index, apart(false)));
        }
        if let Some(index) = self.templates.get(&key(template(&told.path))) {
            return Some((*index, apart(true)));
        }
        let index = self.wires.get(&key(on_the_wire(told)))?;
        Some((*index, apart(false)))
    }
}

/// The one operation that no page describes and that this page must mean.
///
/// That one is free says little: the page can be on an operation that the document lacks. So what it takes
/// and gives has to be alike as well, and either the document names the page, or only the method is another,
/// or only the path, and that one slightly. Where nearly everything is the same, the path may be any.
fn near(
    page: &Page<'_>,
    spec: &[Operation<Node<'_>>],
    free: &[(usize, Names)],
) -> Option<(usize, Apart)> {
    let told = page.told;
    let (plain, names) = (template(&told.path), alike::names(told));
    let like: Vec<_> = free
        .iter()
        .filter_map(|(index, other)| {
            let likeness = alike::likeness(&names, other, page.whole);
            Some((*index, spec.get(*index)?, likeness))
        })
        .collect();
    let path = |said: &Operation<Node<'_>>| template(&said.path) == plain;
    let almost = |said: &Operation<Node<'_>>| is_near(&template(&said.path), &plain);
    let method = |said: &Operation<Node<'_>>| said.method == told.method;
    let named = |said: &Operation<Node<'_>>| {
        !page.slug.is_empty()
            && said
                .docs
                .as_ref()
                .is_some_and(|docs| slug(docs) == page.slug)
    };
    let only = |test: &dyn Fn(&Operation<Node<'_>>, Likeness) -> bool| {
        let mut all = like
            .iter()
            .filter(|(_, said, likeness)| test(said, *likeness));
        let first = all.next()?;
        all.next().is_none().then_some((first.0, first.1))
    };
    let found = only(&|said, likeness| {
        named(said) && (likeness > Likeness::Other || (method(said) && almost(said)))
    })
    .or_else(|| only(&|said, likeness| likeness > Likeness::Other && path(said)))
    .or_else(|| only(&|said, likeness| likeness > Likeness::Other && method(said) && almost(said)))
    .or_else(|| only(&|said, likeness| likeness == Likeness::Same && method(said)));
    let (index, said) = found?;
    let apart = Apart {
        method: !method(said),
        path: !path(said),
        names: path(said) && said.path != told.path,
    };
    Some((index, apart))
}

/// Whether two paths differ slightly in one segment, or one has a few in front.
fn is_near(one: &str, other: &str) -> bool {
    let split =
        |path: &str| -> Vec<String> { path.split('/').skip(1).map(str::to_owned).collect() };
    let (a, b) = (split(one), split(other));
    if a.len() == b.len() {
        let mut differ = a.iter().zip(&b).filter(|(a, b)| a != b);
        return match (differ.next(), differ.next()) {
            (Some((a, b)), None) => is_slip(a, b),
            (None, _) => true,
            _ => false,
        };
    }
    let (short, long) = if a.len() < b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    short.len() > 1
        && (long.ends_with(short) || long.starts_with(short))
        && long.len() - short.len() <= 2
}

/// Whether two segments are one word but for one sign: `session` and `sessions`, `v1` and `v2`, `API` and
/// `api`; but not `users` and `files`, nor `lock` and `unlock`.
fn is_slip(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        let signs = text.chars().flat_map(char::to_lowercase);
        signs.filter(|sign| !"-_".contains(*sign)).collect()
    };
    let (one, other) = (plain(one), plain(other));
    let same = |pair: &(&char, &char)| pair.0 == pair.1;
    let start = one.iter().zip(&other).take_while(same).count();
    let rest = one.len().min(other.len()) - start;
    let (a, b) = (one.iter().rev(), other.iter().rev());
    let end = a.zip(b).take(rest).take_while(same).count();
    one.len().max(other.len()) - start - end <= 1
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn paths_that_are_nearly_the_same() {
        for (one, other, near) in [
            ("/api/v1/sessions", "/api/v1/session", true),
            ("/api/v1/sessions", "/api/v2/sessions", true),
            ("/api/v1/sessions", "/API/v1/sessions", true),
            ("/api/v1/sessions", "/v1/sessions", true),
            ("/api/v1/sessions", "/api/v1/sessions/", true),
            ("/api/v1/sessions", "/api/v1/widgets", false),
            ("/api/v1/users", "/api/v1/files", false),
            ("/api/v1/sessions", "/api/v2/session", false),
            ("/sessions/{}/lock", "/sessions/{}/unlock", false),
        ] {
            assert_eq!(is_near(one, other), near, "{one} {other}");
            assert_eq!(is_near(other, one), near, "{other} {one}");
        }
    }
}
