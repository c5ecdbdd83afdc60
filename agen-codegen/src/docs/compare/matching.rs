//! Which operation of the document a page describes.

use std::collections::{HashMap, HashSet};

use crate::docs::{facts::Operation, index, pages::slug};

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

/// For each operation of pages, with the slug of its page, the one of the document.
pub(super) fn pairs<C, D>(
    pages: &[(&str, &Operation<D>)],
    spec: &[Operation<C>],
) -> Vec<Option<(usize, Apart)>> {
    let known = Known::new(spec);
    let mut pairs: Vec<_> = pages.iter().map(|(_, told)| known.exact(told)).collect();
    let taken: HashSet<usize> = pairs.iter().flatten().map(|(index, _)| *index).collect();
    let free: Vec<usize> = (0..spec.len())
        .filter(|index| !taken.contains(index))
        .collect();
    let alone = pairs
        .iter_mut()
        .zip(pages)
        .filter(|(pair, _)| pair.is_none());
    for (pair, (page, told)) in alone.take(MOST_NEAR) {
        *pair = near(page, told, spec, &free);
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

/// The one operation that no page describes and that this page must mean: it names the page, or has the same
/// path, or the same method and almost the same path.
fn near<C, D>(
    page: &str,
    told: &Operation<D>,
    spec: &[Operation<C>],
    free: &[usize],
) -> Option<(usize, Apart)> {
    let plain = template(&told.path);
    let apart = |said: &Operation<C>| Apart {
        method: said.method != told.method,
        path: template(&said.path) != plain,
        names: template(&said.path) == plain && said.path != told.path,
    };
    let named = |said: &Operation<C>| {
        !page.is_empty() && said.docs.as_ref().is_some_and(|docs| slug(docs) == page)
    };
    let path = |said: &Operation<C>| template(&said.path) == plain;
    let almost =
        |said: &Operation<C>| said.method == told.method && is_near(&template(&said.path), &plain);
    let only = |test: &dyn Fn(&Operation<C>) -> bool| {
        let mut all = free
            .iter()
            .filter(|index| spec.get(**index).is_some_and(test));
        let first = *all.next()?;
        all.next().is_none().then_some(first)
    };
    let found = only(&named)
        .or_else(|| only(&path))
        .or_else(|| only(&almost))?;
    Some((found, apart(spec.get(found)?)))
}

/// Whether two paths differ in one segment, or one has a few in front.
fn is_near(one: &str, other: &str) -> bool {
    let split =
        |path: &str| -> Vec<String> { path.split('/').skip(1).map(str::to_owned).collect() };
    let (a, b) = (split(one), split(other));
    if a.len() == b.len() {
        let differ = a.iter().zip(&b).filter(|(a, b)| a != b).count();
        return differ == 1 && a.len() > 1;
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
