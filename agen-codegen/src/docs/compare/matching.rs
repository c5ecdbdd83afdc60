//! Which operation of the document a page describes.

use std::collections::HashSet;

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

/// For each operation of pages, with the slug of its page, the one of the document.
pub(super) fn pairs<C, D>(
    pages: &[(&str, &Operation<D>)],
    spec: &[Operation<C>],
) -> Vec<Option<(usize, Apart)>> {
    let mut pairs: Vec<Option<(usize, Apart)>> =
        pages.iter().map(|(_, told)| exact(told, spec)).collect();
    let taken: HashSet<usize> = pairs.iter().flatten().map(|(index, _)| *index).collect();
    let free: Vec<usize> = (0..spec.len())
        .filter(|index| !taken.contains(index))
        .collect();
    for (pair, (page, told)) in pairs.iter_mut().zip(pages) {
        if pair.is_none() {
            *pair = near(page, told, spec, &free);
        }
    }
    pairs
}

fn exact<C, D>(told: &Operation<D>, spec: &[Operation<C>]) -> Option<(usize, Apart)> {
    let fits = |path: &dyn Fn(&Operation<C>) -> bool| {
        spec.iter()
            .position(|said| said.method == told.method && path(said))
    };
    let (plain, wire) = (template(&told.path), on_the_wire(told));
    let same = fits(&|said| said.path == told.path);
    let found = same
        .or_else(|| fits(&|said| template(&said.path) == plain))
        .or_else(|| fits(&|said| on_the_wire(said) == wire));
    let index = found?;
    let names = same.is_none() && template(&spec.get(index)?.path) == plain;
    Some((
        index,
        Apart {
            names,
            ..Apart::default()
        },
    ))
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
