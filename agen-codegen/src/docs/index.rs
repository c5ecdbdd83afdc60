//! The list of the pages of a site, `llms.txt`.

use crate::printable;

use super::{Index, Link};

/// How many links are read.
const MOST_LINKS: usize = 5_000;

/// Reads a list of pages; nothing where the text is mostly something else.
pub(super) fn read(text: &str) -> Option<Index> {
    let mut links: Vec<Link> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut others = 0;
    let mut listed = 0usize;
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let start = at;
        at += raw.len();
        let line = raw.trim();
        if line.is_empty() || line.starts_with(['#', '>']) {
            continue;
        }
        let Some((title, address)) = link(line) else {
            others += 1;
            continue;
        };
        listed += 1;
        if links.len() < MOST_LINKS && known.insert(address.to_owned()) {
            let from = start + raw.find(address).unwrap_or(0);
            links.push(Link {
                title: printable(title),
                address: address.to_owned(),
                span: from..from + address.len(),
            });
        }
    }
    (listed > 0 && listed > others).then_some(Index { links })
}

/// The title and the address of a list item that is a link: `- [title](address): more`.
fn link(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(['-', '*', '+'])?.trim_start();
    let rest = rest.strip_prefix('[')?;
    let (title, rest) = rest.split_once("](")?;
    let (address, _) = rest.split_once(')')?;
    let address = address.trim();
    let plain =
        !address.is_empty() && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    plain.then_some((title, address))
}

/// An address without what makes no difference: the part behind `#` or `?`, `.md`, and `/` at the end.
pub(super) fn plain(address: &str) -> &str {
    let address = address.split(['#', '?']).next().unwrap_or_default();
    let address = address.trim_end_matches('/');
    let address = address.strip_suffix(".md").unwrap_or(address);
    address.strip_suffix(".mdx").unwrap_or(address)
}

/// The path of an address, without the host.
pub(super) fn path(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => address,
    }
}
