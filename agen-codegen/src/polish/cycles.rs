//! Finds what leads back to itself.

use std::collections::BTreeMap;

/// The things that lie on a circle of edges, those of the same circles with the same number: the strongly
/// connected components of more than one thing, or of one that leads to itself. Tarjan's algorithm, with a
/// stack of its own.
pub(super) fn cycles<'a>(edges: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeMap<&'a str, usize> {
    let mut found = BTreeMap::new();
    // When each thing was seen first, and the earliest that it leads back to; the latter is the last
    // moment once it is done.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut earliest: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for start in edges.keys() {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, next)) = path.pop() {
            if next == 0 {
                if seen.contains_key(name) {
                    continue;
                }
                let moment = seen.len();
                seen.insert(name, moment);
                earliest.insert(name, moment);
                open.push(name);
            }
            let targets = edges.get(name).map(Vec::as_slice).unwrap_or_default();
            // What the last edge has led to is done, or was open before.
            let last = next.checked_sub(1).and_then(|last| targets.get(last));
            if let Some(last) = last.and_then(|last| earliest.get(last)).copied()
                && let Some(own) = earliest.get_mut(name)
            {
                *own = last.min(*own);
            }
            if let Some(target) = targets.get(next) {
                path.push((name, next + 1));
                path.push((target, 0));
                continue;
            }
            let moment = seen.get(name).copied().unwrap_or_default();
            if earliest.get(name) == Some(&moment) {
                let at = open.iter().rposition(|other| *other == name);
                let circle = open.split_off(at.unwrap_or(open.len()));
                let is_circle = circle.len() > 1 || targets.contains(&name);
                for one in circle {
                    earliest.insert(one, usize::MAX);
                    if is_circle {
                        found.insert(one, moment);
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_back_to_itself_is_found() {
        let edges = BTreeMap::from([
            ("a", vec!["b", "x"]),
            ("b", vec!["c"]),
            ("c", vec!["a", "d"]),
            ("d", vec!["e", "e"]),
            ("e", vec![]),
            ("f", vec!["f", "a"]),
            ("g", vec!["h"]),
            ("h", vec!["g", "f"]),
        ]);
        let found = cycles(&edges);
        assert_eq!(found.keys().copied().collect::<String>(), "abcfgh");
        let same = |one, other| found[one] == found[other];
        assert!(same("a", "b") && same("a", "c") && same("g", "h"));
        assert!(!same("a", "f") && !same("f", "g") && !same("a", "g"));
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let names: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        let edges = names.iter().zip(names.iter().cycle().skip(1));
        let edges = edges.map(|(one, next)| (one.as_str(), vec![next.as_str()]));
        assert_eq!(cycles(&edges.collect()).len(), names.len());
    }
}
